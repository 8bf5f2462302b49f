"""Shutdown, restart and reload (semantics 6)."""

from __future__ import annotations

from dataclasses import dataclass

from hasim.events.base import Event

__all__ = [
    "AuthReparseFailed",
    "AuthReread",
    "ClientKilling",
    "ClientNotRunning",
    "ConfigUnchanged",
    "CoreExited",
    "CoreKilling",
    "GiveupBegun",
    "GiveupDone",
    "ReloadCommand",
    "RestartExec",
    "RestartResources",
    "RestartTriggered",
    "Restarting",
    "ShutdownComplete",
    "ShutdownDelayed",
    "ShutdownInProgress",
    "ShutdownNotice",
    "ShutdownUncommunicative",
    "ShutdownUnderway",
]


@dataclass(frozen=True, slots=True)
class ShutdownUncommunicative(Event):
    """SIGTERM before comm-up (semantics 6.1)."""

    says = "The shutdown waits until communication is up."


@dataclass(frozen=True, slots=True)
class ShutdownDelayed(Event):
    """Not stable (semantics 6.2)."""

    says = "The shutdown waits for resource activity to end."


@dataclass(frozen=True, slots=True)
class ShutdownInProgress(Event):
    """Give-up begins (semantics 6.2)."""

    says = "The shutdown begins."
    pid: int


@dataclass(frozen=True, slots=True)
class ShutdownUnderway(Event):
    """Second give-up (semantics 6.2)."""

    says = "A shutdown is under way already."


@dataclass(frozen=True, slots=True)
class GiveupBegun(Event):
    """Helper of the shutdown (semantics 6.2)."""

    says = "All resources are being given up."


@dataclass(frozen=True, slots=True)
class GiveupDone(Event):
    """Helper of the shutdown."""

    says = "All resources have been given up."


@dataclass(frozen=True, slots=True)
class ShutdownNotice(Event):
    """The peer's shutdone (semantics 6.3)."""

    says = "{peer} has given everything up."
    peer: str


@dataclass(frozen=True, slots=True)
class ClientKilling(Event):
    """Shutdown phase 0 (semantics 6.3)."""

    says = "The client {command} is told to end."
    command: str
    pid: int
    signal: int


@dataclass(frozen=True, slots=True)
class ClientNotRunning(Event):
    """Shutdown phase 0."""

    says = "The client {command} is not running."
    command: str


@dataclass(frozen=True, slots=True)
class CoreKilling(Event):
    """Shutdown phase 2 (semantics 6.3)."""

    says = "The {child} process {pid} is told to end."
    child: str
    pid: int
    signal: int


@dataclass(frozen=True, slots=True)
class CoreExited(Event):
    """Shutdown phase 2."""

    says = "The core process {pid} has ended; {left} remain."
    pid: int
    left: int


@dataclass(frozen=True, slots=True)
class ShutdownComplete(Event):
    """Last line of a stopped daemon."""

    says = "The shutdown of {node} is complete."
    node: str


@dataclass(frozen=True, slots=True)
class RestartTriggered(Event):
    """Semantics 6.4."""

    says = "This shutdown is a restart."


@dataclass(frozen=True, slots=True)
class Restarting(Event):
    """Semantics 6.4."""

    says = "Heartbeat restarts."


@dataclass(frozen=True, slots=True)
class RestartExec(Event):
    """Semantics 6.4."""

    says = "The restart sleeps before it executes heartbeat anew."


@dataclass(frozen=True, slots=True)
class RestartResources(Event):
    """Quick restart (semantics 6.5)."""

    says = "The restart keeps the {set} resources."
    set: str


@dataclass(frozen=True, slots=True)
class AuthReread(Event):
    """Reload (semantics 6.5)."""

    says = "The authentication keys are read again."


@dataclass(frozen=True, slots=True)
class AuthReparseFailed(Event):
    """Reload (semantics 6.5)."""

    says = "The new authentication keys cannot be used."


@dataclass(frozen=True, slots=True)
class ConfigUnchanged(Event):
    """SIGHUP without effect (semantics 6.5)."""

    says = "The configuration has not changed."


@dataclass(frozen=True, slots=True)
class ReloadCommand(Event):
    """The command heartbeat -r."""

    says = "Process {pid} is told to read its configuration again."
    pid: int
