"""What a daemon believes about nodes and links (semantics 4, 12, 15.2)."""

from __future__ import annotations

from dataclasses import dataclass

from hasim.events.base import Event

__all__ = [
    "ClockJumpedBack",
    "CommUp",
    "DeadtimeMayBeSmall",
    "DelnodelistDebug",
    "LateHeartbeat",
    "LinkDead",
    "LinkUp",
    "LocalStatus",
    "NoLocalHeartbeat",
    "NodeDead",
    "NodeListRemoved",
    "NodeStatus",
    "PartitionFaqUrl",
    "PartitionReturn",
    "PartitionSeeFaq",
    "PartitionSeeUrl",
    "RestartSeen",
    "SeeUrl",
]


@dataclass(frozen=True, slots=True)
class LocalStatus(Event):
    """Own status: up, active (semantics 5.1)."""

    says = "Its own status is now {status}."
    status: str


@dataclass(frozen=True, slots=True)
class LinkUp(Event):
    """First packet on a link (semantics 3.5)."""

    says = "The link {peer}:{medium} is up."
    peer: str
    medium: str


@dataclass(frozen=True, slots=True)
class LinkDead(Event):
    """Silence on a link beyond its limit (semantics 4.4)."""

    says = "The link {peer}:{medium} is declared dead."
    peer: str
    medium: str


@dataclass(frozen=True, slots=True)
class NodeStatus(Event):
    """The status of another node has changed (semantics 4.7)."""

    says = "The status of {peer} is now {status}."
    peer: str
    status: str


@dataclass(frozen=True, slots=True)
class RestartSeen(Event):
    """A higher generation of a node is heard (semantics 3.5)."""

    says = "The daemon of {peer} has restarted."
    peer: str


@dataclass(frozen=True, slots=True)
class NodeDead(Event):
    """Silence of a node beyond its limit (semantics 4.5)."""

    says = "{peer} is declared dead."
    peer: str


@dataclass(frozen=True, slots=True)
class LateHeartbeat(Event):
    """Interval beyond warntime; `over`: beyond deadtime (semantics 4.6)."""

    says = "A heartbeat of {peer} comes {interval_ms} ms after the one before."
    peer: str
    interval_ms: int
    over: bool


@dataclass(frozen=True, slots=True)
class CommUp(Event):
    """Every node has been heard or is dead (semantics 5.2)."""

    says = "Communication is up."


@dataclass(frozen=True, slots=True)
class NodeListRemoved(Event):
    """A node unknown to the peer is dropped at comm-up (semantics 5.2)."""

    says = "The node {node} is removed from the configuration."
    node: str


@dataclass(frozen=True, slots=True)
class DelnodelistDebug(Event):
    """Debug line of each repnodes message."""

    says = "The list of deleted nodes is exchanged."


@dataclass(frozen=True, slots=True)
class PartitionReturn(Event):
    """A dead node of the same generation speaks (semantics 12.2)."""

    says = "{peer} returns after a partition."
    peer: str


@dataclass(frozen=True, slots=True)
class PartitionSeeUrl(Event):
    """First explanatory line."""

    says = "There is a page about partitions."


@dataclass(frozen=True, slots=True)
class DeadtimeMayBeSmall(Event):
    """Second explanatory line."""

    says = "The dead time may be too small."


@dataclass(frozen=True, slots=True)
class PartitionSeeFaq(Event):
    """Third explanatory line."""

    says = "The FAQ tells how to tune the dead time."


@dataclass(frozen=True, slots=True)
class PartitionFaqUrl(Event):
    """Fourth explanatory line."""

    says = "The address of the FAQ is given."


@dataclass(frozen=True, slots=True)
class NoLocalHeartbeat(Event):
    """Own node declared dead (semantics 4.5)."""

    says = "The daemon does not hear itself and restarts."


@dataclass(frozen=True, slots=True)
class SeeUrl(Event):
    """Second line of the missing local heartbeat."""

    says = "There is a page about a missing local heartbeat."


@dataclass(frozen=True, slots=True)
class ClockJumpedBack(Event):
    """Backward step of the wall clock (semantics 4.8)."""

    says = "The clock has jumped back; one scan is skipped."
