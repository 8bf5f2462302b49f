"""Children, clients and stalls of the daemon (semantics 4.8, 6.6, 6.7, 15.2)."""

from __future__ import annotations

from dataclasses import dataclass

from hasim.events.base import Event

__all__ = [
    "ChildExited",
    "ChildKilled",
    "ClientAuditDied",
    "ClientDuplicate",
    "ClientExec",
    "ClientRespawn",
    "ClientRespawnTooFast",
    "ClientStarting",
    "ClientUnaddable",
    "ClientUnauthorised",
    "ClientUnstartable",
    "CommBothDied",
    "CommRestart",
    "CommRestarted",
    "CoreProcessDied",
    "DispatchLate",
    "DispatchLateNote",
    "DispatchLong",
    "EmergencyEnd",
    "EmergencyKilling",
    "EmergencyMasterDied",
    "EmergencyTimeout",
    "FifoRestart",
    "RebootForced",
]


@dataclass(frozen=True, slots=True)
class ClientStarting(Event):
    """Respawn client forked (semantics 5.2)."""

    says = "The client {command} is started."
    command: str
    uid: int
    gid: int


@dataclass(frozen=True, slots=True)
class ClientExec(Event):
    """The client's child before exec."""

    says = "Process {pid} becomes the client {command}."
    command: str
    uid: int
    gid: int
    pid: int


@dataclass(frozen=True, slots=True)
class ClientRespawn(Event):
    """A respawn client has ended (semantics 6.7)."""

    says = "The client {command} is started again."
    command: str


@dataclass(frozen=True, slots=True)
class ClientRespawnTooFast(Event):
    """More than ten quick deaths (semantics 6.7)."""

    says = "The client {command} dies too fast and is not started again."
    command: str


@dataclass(frozen=True, slots=True)
class ClientUnstartable(Event):
    """Start failure of a client."""

    says = "The client {command} cannot be executed: {reason}."
    command: str
    reason: str


@dataclass(frozen=True, slots=True)
class ClientDuplicate(Event):
    """Second sign-on of a client."""

    says = "The client {command} is added twice."
    command: str
    pid: int


@dataclass(frozen=True, slots=True)
class ClientUnaddable(Event):
    """Sign-on refused; the name is empty where the daemon has not come to read it."""

    says = "The client {command} cannot be added."
    command: str


@dataclass(frozen=True, slots=True)
class ClientUnauthorised(Event):
    """Sign-on refused."""

    says = "The client {command} is not authorised: {reason}."
    command: str
    pid: int
    reason: str


@dataclass(frozen=True, slots=True)
class ClientAuditDied(Event):
    """Nine-second audit of API clients."""

    says = "The audit finds client {pid} dead."
    pid: int


@dataclass(frozen=True, slots=True)
class ChildExited(Event):
    """Exit of a tracked child (semantics 15.2)."""

    says = "The child {what} (pid {pid}) has ended with {code}."
    what: str
    pid: int
    code: int


@dataclass(frozen=True, slots=True)
class ChildKilled(Event):
    """Death of a tracked child by a signal."""

    says = "The child {what} (pid {pid}) was killed by signal {signal}."
    what: str
    pid: int
    signal: int


@dataclass(frozen=True, slots=True)
class CoreProcessDied(Event):
    """2.0.8 at any core death, 3.0.6 if recovery fails."""

    says = "A core process has died and heartbeat restarts."
    child: str | None = None
    pid: int | None = None


@dataclass(frozen=True, slots=True)
class CommRestart(Event):
    """3.0.6 (semantics 6.6)."""

    says = "The {child} process of channel {channel} has died; communication restarts."
    child: str
    channel: int


@dataclass(frozen=True, slots=True)
class CommBothDied(Event):
    """3.0.6 (semantics 6.6)."""

    says = "Both processes of channel {channel} have died."
    channel: int


@dataclass(frozen=True, slots=True)
class CommRestarted(Event):
    """3.0.6 (semantics 6.6)."""

    says = "Communication has been restarted."


@dataclass(frozen=True, slots=True)
class FifoRestart(Event):
    """3.0.6 (semantics 6.6)."""

    says = "The FIFO process is started again."


@dataclass(frozen=True, slots=True)
class EmergencyMasterDied(Event):
    """The FIFO child misses its master (semantics 6.6)."""

    says = "The master process has died."


@dataclass(frozen=True, slots=True)
class EmergencyKilling(Event):
    """One line per core process."""

    says = "Process {pid} is killed in an emergency."
    pid: int


@dataclass(frozen=True, slots=True)
class EmergencyEnd(Event):
    """Last line of the emergency."""

    says = "The FIFO child kills itself."


@dataclass(frozen=True, slots=True)
class EmergencyTimeout(Event):
    """Sixty minutes after the shutdown began (semantics 6.1)."""

    says = "The shutdown takes too long and everything is killed."


@dataclass(frozen=True, slots=True)
class DispatchLate(Event):
    """After a stall (semantics 4.8)."""

    says = "The dispatch of {what} was delayed {delay_ms} ms."
    source: str
    what: str
    delay_ms: int
    limit_ms: int
    address: str


@dataclass(frozen=True, slots=True)
class DispatchLateNote(Event):
    """Second line of a late dispatch."""

    says = "It started at tick {started} and was due at {due}."
    source: str
    started: int
    due: int


@dataclass(frozen=True, slots=True)
class DispatchLong(Event):
    """Load of the machine (semantics 4.8)."""

    says = "The dispatch of {what} took {took_ms} ms."
    source: str
    what: str
    took_ms: int
    limit_ms: int
    address: str


@dataclass(frozen=True, slots=True)
class RebootForced(Event):
    """Death of a failfast client."""

    says = "The node is rebooted because of {reason}."
    reason: str
