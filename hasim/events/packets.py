"""What a daemon says about packets and media at work (semantics 3, 15.2)."""

from __future__ import annotations

from dataclasses import dataclass

from hasim.events.base import Event

__all__ = [
    "AuthFailed",
    "AuthFailedNetstring",
    "AuthFailedToken",
    "AuthFailedType",
    "BadNode",
    "BcastSendFailed",
    "CableUnplugged",
    "FifoLineDamaged",
    "FifoLineStray",
    "FifoMessageDamaged",
    "FlowControlDisabled",
    "FlowPaused",
    "FlowResumed",
    "HistoryFilling",
    "LostALot",
    "LostPackets",
    "MessageDumped",
    "MessageEmpty",
    "MessageFieldDumped",
    "NoWorkingMedia",
    "NothingMissing",
    "PacketLostForGood",
    "ReplayAttack",
    "RexmitFailed",
    "RexmitSeqHigh",
    "SendFailed",
    "TimeoutNull",
    "WriteErrorsSuppressed",
    "WriteFailed",
]


@dataclass(frozen=True, slots=True)
class LostPackets(Event):
    """Gap in the sequence numbers (semantics 3.5)."""

    says = "{count} packets of {peer} are missing between {first} and {last}."
    count: int
    peer: str
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class NothingMissing(Event):
    """The gap is closed."""

    says = "No packet of {peer} is missing any more."
    peer: str


@dataclass(frozen=True, slots=True)
class LostALot(Event):
    """Gap above the limit (semantics 3.5)."""

    says = "A lot of packets are missing and the gap is forgotten."


@dataclass(frozen=True, slots=True)
class RexmitSeqHigh(Event):
    """Retransmission asked for a packet not sent yet."""

    says = "Packet {seq} is asked for, but only {highest} have been sent."
    seq: int
    highest: int


@dataclass(frozen=True, slots=True)
class RexmitFailed(Event):
    """The packet is no longer kept (semantics 3.6)."""

    says = "Packet {seq} cannot be sent again to {peer}: {reason}."
    seq: int
    peer: str
    reason: str


@dataclass(frozen=True, slots=True)
class PacketLostForGood(Event):
    """The sender has refused to send it again."""

    says = "Packet {seq} of {peer} is lost for good."
    peer: str
    seq: int


@dataclass(frozen=True, slots=True)
class ReplayAttack(Event):
    """Packet of a lower generation (semantics 3.3)."""

    says = "A packet of {peer} carries the old generation {gen}; {known} is known."
    peer: str
    gen: int
    known: int


@dataclass(frozen=True, slots=True)
class BadNode(Event):
    """Origin not in the configuration (semantics 3.5)."""

    says = "A packet comes from the unknown node {peer}."
    peer: str


@dataclass(frozen=True, slots=True)
class AuthFailed(Event):
    """Logged where log_badpack is true (semantics 1.5)."""

    says = "A packet of {peer} fails authentication."
    peer: str


@dataclass(frozen=True, slots=True)
class AuthFailedType(Event):
    """Key number not in authkeys (semantics 1.5)."""

    says = "A packet is signed with the unknown key number {number}."
    number: int


@dataclass(frozen=True, slots=True)
class AuthFailedToken(Event):
    """Same key number, other key (semantics 15.2)."""

    says = "The signature of a packet does not match the key."
    authtoken: str
    authstr: str


@dataclass(frozen=True, slots=True)
class AuthFailedNetstring(Event):
    """Second line of a wrong signature (semantics 15.2)."""

    says = "A packet with a wrong signature is refused."
    packet: str
    token: str


@dataclass(frozen=True, slots=True)
class MessageDumped(Event):
    """Dump of a refused message."""

    says = "A refused message of {count} fields is dumped."
    count: int


@dataclass(frozen=True, slots=True)
class MessageFieldDumped(Event):
    """One field of the dump."""

    says = "Field {index} of the dumped message is {text}."
    index: int
    text: str


@dataclass(frozen=True, slots=True)
class MessageEmpty(Event):
    """A message without fields was to be sent (seen once)."""

    says = "A message has no fields."


@dataclass(frozen=True, slots=True)
class FifoLineDamaged(Event):
    """Two scripts wrote to the FIFO at once."""

    says = "A line from the FIFO has no equals sign."


@dataclass(frozen=True, slots=True)
class FifoLineStray(Event):
    """Second line of a damaged FIFO message."""

    says = "A stray line comes from the FIFO."


@dataclass(frozen=True, slots=True)
class FifoMessageDamaged(Event):
    """Third line of a damaged FIFO message."""

    says = "A damaged message from the FIFO is lost."
    text: str


@dataclass(frozen=True, slots=True)
class FlowPaused(Event):
    """Too many packets are unacknowledged (semantics 3.7)."""

    says = "All clients are paused."


@dataclass(frozen=True, slots=True)
class FlowResumed(Event):
    """Acknowledgements have caught up."""

    says = "All clients are resumed."


@dataclass(frozen=True, slots=True)
class FlowControlDisabled(Event):
    """A peer sends no protocol number (semantics 3.7)."""

    says = "Flow control is off because a node runs another version."


@dataclass(frozen=True, slots=True)
class HistoryFilling(Event):
    """Ring three quarters full; `critical`: nine tenths (semantics 3.7)."""

    says = "The history queue fills up: {count} messages."
    count: int
    critical: bool = False


@dataclass(frozen=True, slots=True)
class SendFailed(Event):
    """3.0.6: interface down or no route (semantics 15.2)."""

    says = "A packet cannot be sent on {device}: {reason}."
    kind: str
    device: str
    peer: str
    port: int
    length: int
    reason: str


@dataclass(frozen=True, slots=True)
class BcastSendFailed(Event):
    """2.0.8: interface down or no route."""

    says = "A broadcast packet cannot be sent: {reason}."
    length: int
    reason: str


@dataclass(frozen=True, slots=True)
class WriteFailed(Event):
    """Per packet on a medium that is down."""

    says = "Writing to the {kind} medium on {device} fails: {reason}."
    kind: str
    device: str
    reason: str


@dataclass(frozen=True, slots=True)
class WriteErrorsSuppressed(Event):
    """3.0.6 after eleven failures."""

    says = "Further write errors are not logged."


@dataclass(frozen=True, slots=True)
class CableUnplugged(Event):
    """3.0.6, with the line before."""

    says = "A cable may be unplugged on {device}."
    kind: str
    device: str


@dataclass(frozen=True, slots=True)
class NoWorkingMedia(Event):
    """3.0.6, no medium left."""

    says = "No medium is left to write to."


@dataclass(frozen=True, slots=True)
class TimeoutNull(Event):
    """The daemon's own slip (semantics 3.6)."""

    says = "A timer that no longer exists is removed."
    tag: int
