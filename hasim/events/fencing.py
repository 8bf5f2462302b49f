"""What the daemon says about fencing (semantics 9)."""

from __future__ import annotations

from dataclasses import dataclass

from hasim.events.base import Event

__all__ = [
    "FenceAsk",
    "FenceCheck",
    "FenceDeviceBroken",
    "FenceFailed",
    "FenceNull",
    "FenceOk",
    "FenceOperatorCommand",
    "FenceOperatorNeeded",
    "FencePluginError",
    "FenceRetry",
    "FenceSsh",
    "FenceSshFailed",
    "FenceStatusFailed",
    "FenceStatusNote",
    "FenceUnable",
]


@dataclass(frozen=True, slots=True)
class FenceAsk(Event):
    """Fencing begins."""

    says = "{peer} is being reset with {device}."
    peer: str
    device: str


@dataclass(frozen=True, slots=True)
class FenceOk(Event):
    """Fencing has succeeded."""

    says = "{peer} has been reset."
    peer: str


@dataclass(frozen=True, slots=True)
class FenceFailed(Event):
    """Fencing has failed."""

    says = "{peer} has not been reset."
    peer: str


@dataclass(frozen=True, slots=True)
class FenceUnable(Event):
    """The device does not know the node."""

    says = "The device {device} cannot reset {peer}."
    device: str
    peer: str


@dataclass(frozen=True, slots=True)
class FenceRetry(Event):
    """Again in five seconds."""

    says = "The fencing of {peer} has failed and will be tried again."
    peer: str


@dataclass(frozen=True, slots=True)
class FencePluginError(Event):
    """External plugin."""

    says = "The plugin {plugin} has failed to reset {peer} ({code})."
    plugin: str
    peer: str
    code: int


@dataclass(frozen=True, slots=True)
class FenceCheck(Event):
    """Device check at comm-up."""

    says = "The STONITH device {device} is being checked."
    device: str


@dataclass(frozen=True, slots=True)
class FenceDeviceBroken(Event):
    """Device check failed."""

    says = "The STONITH device {device} does not work."
    device: str


@dataclass(frozen=True, slots=True)
class FenceStatusFailed(Event):
    """Device check failed."""

    says = "The status operation of the STONITH device has failed."


@dataclass(frozen=True, slots=True)
class FenceStatusNote(Event):
    """Device check failed."""

    says = "The STONITH device may have failed."


@dataclass(frozen=True, slots=True)
class FenceNull(Event):
    """Type null."""

    says = "The null device pretends to reset {peer}."
    peer: str


@dataclass(frozen=True, slots=True)
class FenceSsh(Event):
    """Type ssh."""

    says = "{peer} is being reset over ssh."
    peer: str


@dataclass(frozen=True, slots=True)
class FenceSshFailed(Event):
    """Type ssh."""

    says = "{peer} still answers pings; the reset over ssh has failed."
    peer: str


@dataclass(frozen=True, slots=True)
class FenceOperatorNeeded(Event):
    """Type meatware."""

    says = "An operator has to reset {peer}."
    peer: str


@dataclass(frozen=True, slots=True)
class FenceOperatorCommand(Event):
    """Type meatware."""

    says = "The operator has to confirm the reset of {peer}."
    peer: str
