"""Who takes what: the daemon's decisions about resources (semantics 5, 15.2)."""

from __future__ import annotations

from dataclasses import dataclass

from hasim.events.base import Event

__all__ = [
    "AcquireOwnDone",
    "AcquireOwnEmpty",
    "AcquireOwnNone",
    "AcquiringFrom",
    "AutoFailbackDelayed",
    "BothOwn",
    "DeadGaveUp",
    "DisksUnprotected",
    "InitialAcquisition",
    "MachDownDone",
    "NoOneOwns",
    "NoStonithDevice",
    "NotifyWorldDebug",
    "QueueWaitsDebug",
    "ResourceInState",
    "StartingDuringTakeover",
    "StartingInState",
    "TakeoverCancelled",
    "TransitionLocal",
    "TransitionRemote",
]


@dataclass(frozen=True, slots=True)
class NoStonithDevice(Event):
    """Takeover without fencing (semantics 5.7)."""

    says = "There is no STONITH device."


@dataclass(frozen=True, slots=True)
class DisksUnprotected(Event):
    """Its second line."""

    says = "Shared disks are not protected."


@dataclass(frozen=True, slots=True)
class AcquiringFrom(Event):
    """Takeover decided (semantics 5.7)."""

    says = "The resources of {peer} are being acquired."
    peer: str


@dataclass(frozen=True, slots=True)
class DeadGaveUp(Event):
    """No fencing needed (semantics 5.7)."""

    says = "The dead node {peer} had given up its resources."
    peer: str


@dataclass(frozen=True, slots=True)
class TakeoverCancelled(Event):
    """Semantics 5.7."""

    says = "The takeover is cancelled by a shutdown."


@dataclass(frozen=True, slots=True)
class MachDownDone(Event):
    """mach_down's message has been processed (semantics 5.5)."""

    says = "The daemon knows that mach_down is complete."


@dataclass(frozen=True, slots=True)
class InitialAcquisition(Event):
    """Once per life of the daemon (semantics 5.5)."""

    says = "The initial acquisition is complete ({reason})."
    reason: str


@dataclass(frozen=True, slots=True)
class TransitionRemote(Event):
    """Semantics 5.5."""

    says = "The other node says that it is stable."


@dataclass(frozen=True, slots=True)
class TransitionLocal(Event):
    """RQSTDELAY, ten seconds, has run out (semantics 5.6)."""

    says = "The wait for the other node is over."


@dataclass(frozen=True, slots=True)
class AcquireOwnNone(Event):
    """Semantics 5.6."""

    says = "There is nothing of its own to acquire now."


@dataclass(frozen=True, slots=True)
class AcquireOwnDone(Event):
    """Last line of req_our_resources (semantics 5.6)."""

    says = "Every own group has been asked for."


@dataclass(frozen=True, slots=True)
class AcquireOwnEmpty(Event):
    """req_our_resources without keys (semantics 5.6)."""

    says = "The node {node} has no groups of its own."
    path: str
    node: str


@dataclass(frozen=True, slots=True)
class BothOwn(Event):
    """Audit: our or foreign (semantics 5.9)."""

    says = "Both nodes claim the same resources, named {set} here."
    set: str


@dataclass(frozen=True, slots=True)
class NoOneOwns(Event):
    """Audit: local or foreign (semantics 5.9)."""

    says = "No node claims the {set} resources."
    set: str


@dataclass(frozen=True, slots=True)
class StartingInState(Event):
    """Semantics 5.5."""

    says = "A starting message comes in state {state}."
    state: int


@dataclass(frozen=True, slots=True)
class ResourceInState(Event):
    """Semantics 5.5."""

    says = "A resource message comes in state {state}."
    state: int


@dataclass(frozen=True, slots=True)
class StartingDuringTakeover(Event):
    """Semantics 5.5."""

    says = "A starting message comes during a takeover."


@dataclass(frozen=True, slots=True)
class AutoFailbackDelayed(Event):
    """Debug line (semantics 5.8)."""

    says = "The automatic failback waits."


@dataclass(frozen=True, slots=True)
class QueueWaitsDebug(Event):
    """Debug line (semantics 5.3)."""

    says = "A queued script waits for {count} helpers."
    count: int


@dataclass(frozen=True, slots=True)
class NotifyWorldDebug(Event):
    """Debug line before each harc (semantics 5.3)."""

    says = "A child of the script queue starts."
