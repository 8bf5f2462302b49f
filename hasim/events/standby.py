"""Handing resources over on request (semantics 7)."""

from __future__ import annotations

from dataclasses import dataclass

from hasim.events.base import Event

__all__ = [
    "StandbyAcquire",
    "StandbyAcquired",
    "StandbyAsk",
    "StandbyBusy",
    "StandbyCan",
    "StandbyCancelled",
    "StandbyError",
    "StandbyIgnored",
    "StandbyOtherDone",
    "StandbyReleased",
    "StandbyTimeout",
    "StandbyUnsupported",
    "StandbyWork",
    "StandbyWorkDone",
    "StandbyWorkFailed",
]


@dataclass(frozen=True, slots=True)
class StandbyAsk(Event):
    """A request has been processed, own or the peer's."""

    says = "{by} wants to hand over resources ({set})."
    by: str
    set: str


@dataclass(frozen=True, slots=True)
class StandbyCan(Event):
    """The peer's answer."""

    says = "{peer} can take our resources ({set})."
    peer: str
    set: str


@dataclass(frozen=True, slots=True)
class StandbyReleased(Event):
    """Asker: release done."""

    says = "Its own resources are given up ({set})."
    set: str


@dataclass(frozen=True, slots=True)
class StandbyAcquire(Event):
    """Taker: begins."""

    says = "The resources of {peer} are being acquired ({set})."
    set: str
    peer: str


@dataclass(frozen=True, slots=True)
class StandbyAcquired(Event):
    """Taker: done."""

    says = "The resources have been acquired ({set})."
    set: str


@dataclass(frozen=True, slots=True)
class StandbyOtherDone(Event):
    """Asker: told so."""

    says = "The other node has taken the {set} resources."
    set: str


@dataclass(frozen=True, slots=True)
class StandbyCancelled(Event):
    """The peer died during it."""

    says = "The pending standby is cancelled."


@dataclass(frozen=True, slots=True)
class StandbyTimeout(Event):
    """Ten seconds without an answer (semantics 7.3)."""

    says = "Nobody answers the standby request; it is cancelled."


@dataclass(frozen=True, slots=True)
class StandbyBusy(Event):
    """Second request."""

    says = "A standby is in progress; the request of {by} is ignored ({seconds} s left)."
    by: str
    seconds: int


@dataclass(frozen=True, slots=True)
class StandbyIgnored(Event):
    """`why`: `Other side is` or `local resources`."""

    says = "The standby message {msg} of {by} is ignored: {why} in flux."
    msg: str
    by: str
    why: str


@dataclass(frozen=True, slots=True)
class StandbyError(Event):
    """Message out of turn."""

    says = "The standby message {msg} of {by} makes no sense in state {state}."
    msg: str
    by: str
    state: int


@dataclass(frozen=True, slots=True)
class StandbyUnsupported(Event):
    """auto_failback legacy (semantics 5.8)."""

    says = "Standby needs the protocol of nice_failback."


@dataclass(frozen=True, slots=True)
class StandbyWork(Event):
    """`act`: `give up` or `acquire` (semantics 7.2)."""

    says = "The helper begins to {act} the {set} resources."
    act: str
    set: str


@dataclass(frozen=True, slots=True)
class StandbyWorkDone(Event):
    """`act`: `release` or `acquisition` (semantics 7.2)."""

    says = "The {act} of the {set} resources is complete."
    set: str
    act: str


@dataclass(frozen=True, slots=True)
class StandbyWorkFailed(Event):
    """A non-zero result; the helper goes on."""

    says = "The command {command} has failed with {code}."
    command: str
    code: int
