"""Faults as data: what is done to the physical world, when, and for how long.

Every fault is a frozen dataclass. Its ``repr`` pastes back into Python, its ``str`` is the line of
the fault grammar that :func:`hasim.faults.parse_fault` reads back. All times are absolute
microseconds. A ``duration`` (``for D`` in the line) heals the same cause after that time; verbs
that act at one instant have the class attribute ``duration = None``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar, Literal

from hasim.config import CRM_PROGRAMS
from hasim.units import Micros, duration_text

__all__ = [
    "Cable",
    "ClockDrift",
    "ClockStep",
    "Cut",
    "Delay",
    "Direction",
    "DiskPath",
    "Duplicate",
    "Fail",
    "Fault",
    "Forge",
    "Hang",
    "Heal",
    "Isolate",
    "Kill",
    "KillRole",
    "Lose",
    "Operation",
    "PowerOff",
    "PowerOn",
    "Process",
    "Reload",
    "Replay",
    "Restore",
    "Share",
    "Slow",
    "Standby",
    "Start",
    "StonithAnswer",
    "StonithMode",
    "StonithPort",
    "Stop",
    "Takeover",
    "Thaw",
    "WholeGroup",
]

Direction = Literal["both", "in", "out"]
KillRole = Literal["master", "fifo", "read", "write", "ipfail", "client", "all"]
Operation = Literal["start", "stop", "status"]
Process = Literal["all", "master"]
Share = Literal["all", "local", "foreign", "failback"]
StonithAnswer = Literal["ok", "fail", "hang", "lie"]


@dataclass(frozen=True, slots=True)
class Cable:
    """The cable in one NIC (or serial port) of a node: ``node1:eth0``."""

    node: str
    nic: str

    def __str__(self) -> str:
        return f"{self.node}:{self.nic}"


@dataclass(frozen=True, slots=True)
class DiskPath:
    """The path to a shared disk: ``disk web``."""

    name: str

    def __str__(self) -> str:
        return f"disk {self.name}"


@dataclass(frozen=True, slots=True)
class StonithPort:
    """A STONITH device as a thing with a cable and a power cord: ``stonith pdu``."""

    name: str

    def __str__(self) -> str:
        return f"stonith {self.name}"


@dataclass(frozen=True, slots=True)
class WholeGroup:
    """Every script of a resource group, named by its key: ``group 192.168.60.200/24/eth0``."""

    key: str

    def __str__(self) -> str:
        return f"group {self.key}"


@dataclass(frozen=True, slots=True)
class _Base:
    """Common part: the instant, in microseconds since the start of the run."""

    at: Micros
    verb: ClassVar[str] = ""

    def _words(self) -> tuple[object, ...]:
        """Return what stands between the verb and ``for D`` in the line."""
        raise AssertionError(f"{type(self).__name__} has no words")

    def __str__(self) -> str:
        tail = getattr(self, "duration", None)
        words = [duration_text(self.at), self.verb, *(str(w) for w in self._words() if w != "")]
        return " ".join(words if tail is None else [*words, "for", duration_text(tail)])

    def _repr_pretty_(self, printer: Any, cycle: bool) -> None:
        """Print the ``repr`` where IPython and Hypothesis would go through the fields."""
        printer.text(repr(self))


@dataclass(frozen=True, slots=True)
class _Moment(_Base):
    """A fault that acts at one instant."""

    duration: ClassVar[Micros | None] = None


def _way(direction: Direction) -> str:
    return "" if direction == "both" else direction


def _percent(per_mille: int) -> str:
    whole, tenths = divmod(per_mille, 10)
    return f"{whole}.{tenths}%" if tenths else f"{whole}%"


@dataclass(frozen=True, slots=True)
class Cut(_Base):
    """Cut a cable, a disk's path or a STONITH device's cable; ``in`` is towards the node."""

    target: Cable | DiskPath | StonithPort
    direction: Direction = "both"
    duration: Micros | None = None
    verb: ClassVar[str] = "cut"

    def _words(self) -> tuple[object, ...]:
        return (self.target, _way(self.direction))


@dataclass(frozen=True, slots=True)
class Restore(_Moment):
    """Mend what :class:`Cut` cut."""

    target: Cable | DiskPath | StonithPort
    direction: Direction = "both"
    verb: ClassVar[str] = "restore"

    def _words(self) -> tuple[object, ...]:
        return (self.target, _way(self.direction))


@dataclass(frozen=True, slots=True)
class Lose(_Base):
    """Lose `per_mille` of 1000 packets on a cable, independently; 0 ends the loss."""

    per_mille: int
    target: Cable
    direction: Direction = "both"
    duration: Micros | None = None
    verb: ClassVar[str] = "lose"

    def _words(self) -> tuple[object, ...]:
        return (_percent(self.per_mille), self.target, _way(self.direction))


@dataclass(frozen=True, slots=True)
class Delay(_Base):
    """Add `delay_us` to the latency of a cable; 0 ends the delay."""

    delay_us: Micros
    target: Cable
    direction: Direction = "both"
    duration: Micros | None = None
    verb: ClassVar[str] = "delay"

    def _words(self) -> tuple[object, ...]:
        return (duration_text(self.delay_us), self.target, _way(self.direction))


@dataclass(frozen=True, slots=True)
class Duplicate(_Base):
    """Deliver `per_mille` of 1000 packets on a cable twice; 0 ends it."""

    per_mille: int
    target: Cable
    direction: Direction = "both"
    duration: Micros | None = None
    verb: ClassVar[str] = "duplicate"

    def _words(self) -> tuple[object, ...]:
        return (_percent(self.per_mille), self.target, _way(self.direction))


@dataclass(frozen=True, slots=True)
class Isolate(_Base):
    """Cut every network cable of a node, both ways."""

    node: str
    duration: Micros | None = None
    verb: ClassVar[str] = "isolate"

    def _words(self) -> tuple[object, ...]:
        return (self.node,)


@dataclass(frozen=True, slots=True)
class Heal(_Moment):
    """End the isolation of a node."""

    node: str
    verb: ClassVar[str] = "heal"

    def _words(self) -> tuple[object, ...]:
        return (self.node,)


@dataclass(frozen=True, slots=True)
class PowerOff(_Base):
    """Take the power from a node, a feed, a switch or a host (a bare name), or a STONITH device."""

    target: str | StonithPort
    duration: Micros | None = None
    verb: ClassVar[str] = "power-off"

    def _words(self) -> tuple[object, ...]:
        return (self.target,)


@dataclass(frozen=True, slots=True)
class PowerOn(_Moment):
    """Give back the power that :class:`PowerOff` took."""

    target: str | StonithPort
    verb: ClassVar[str] = "power-on"

    def _words(self) -> tuple[object, ...]:
        return (self.target,)


@dataclass(frozen=True, slots=True)
class Kill(_Moment):
    """Send a signal to a process of the daemon.

    `medium` names the child of ``read`` and ``write``, and the program of ``client``.
    """

    node: str
    role: KillRole
    medium: str | None = None
    signal: int = 9
    verb: ClassVar[str] = "kill"

    def _words(self) -> tuple[object, ...]:
        role = self.role if self.medium is None else f"{self.role}:{self.medium}"
        if self.role == "client" and self.medium in CRM_PROGRAMS:
            role = self.medium
        return (self.node, role, "" if self.signal == 9 else f"-{self.signal}")


@dataclass(frozen=True, slots=True)
class Hang(_Base):
    """Stop every process of a node, or its master alone; the kernel goes on answering."""

    node: str
    process: Process = "all"
    duration: Micros | None = None
    verb: ClassVar[str] = "hang"

    def _words(self) -> tuple[object, ...]:
        return (self.node, "" if self.process == "all" else self.process)


@dataclass(frozen=True, slots=True)
class Thaw(_Moment):
    """End every hang of a node."""

    node: str
    verb: ClassVar[str] = "thaw"

    def _words(self) -> tuple[object, ...]:
        return (self.node,)


@dataclass(frozen=True, slots=True)
class Start(_Moment):
    """Run the init script's start on a node."""

    node: str
    verb: ClassVar[str] = "start"

    def _words(self) -> tuple[object, ...]:
        return (self.node,)


@dataclass(frozen=True, slots=True)
class Stop(_Moment):
    """Run the init script's stop on a node: a graceful shutdown."""

    node: str
    verb: ClassVar[str] = "stop"

    def _words(self) -> tuple[object, ...]:
        return (self.node,)


@dataclass(frozen=True, slots=True)
class Reload(_Moment):
    """Run the init script's reload on a node, after directives of its ha.cf were changed (6.5).

    `changes` are (directive, value); without any the daemon finds nothing new.
    """

    node: str
    changes: tuple[tuple[str, str], ...] = ()
    verb: ClassVar[str] = "reload"

    def _words(self) -> tuple[object, ...]:
        return (self.node, *(f"{name}={value}" for name, value in self.changes))


@dataclass(frozen=True, slots=True)
class Standby(_Moment):
    """Run hb_standby on a node (semantics 7.1)."""

    node: str
    share: Share = "all"
    verb: ClassVar[str] = "standby"

    def _words(self) -> tuple[object, ...]:
        return (self.node, "" if self.share == "all" else self.share)


@dataclass(frozen=True, slots=True)
class Takeover(_Moment):
    """Run hb_takeover on a node (semantics 7.1)."""

    node: str
    share: Share = "all"
    verb: ClassVar[str] = "takeover"

    def _words(self) -> tuple[object, ...]:
        return (self.node, "" if self.share == "all" else self.share)


@dataclass(frozen=True, slots=True)
class Fail(_Base):
    """Let an operation of a script (or of all scripts of a group) fail, `times` times or always.

    `script` is the name of a script (``Filesystem``) or a resource as haresources has it
    (``LabSvc::b``). The call fails with 1 before it has changed anything; a status call that fails
    prints nothing, which ResourceManager takes for "not running": a lie where it runs.
    """

    script: str | WholeGroup
    operation: Operation
    node: str
    times: int | None = None
    duration: Micros | None = None
    verb: ClassVar[str] = "fail"

    def _words(self) -> tuple[object, ...]:
        times = "" if self.times is None else f"{self.times} times"
        return (self.script, self.operation, "on", self.node, times)


@dataclass(frozen=True, slots=True)
class Slow(_Base):
    """Let each run of a script (or of all scripts of a group) take `extra_us` longer.

    That counts for the calls that begin while the fault lasts. Nothing in Heartbeat times a script
    out: with hours it is one that hangs.
    """

    script: str | WholeGroup
    extra_us: Micros
    node: str
    duration: Micros | None = None
    verb: ClassVar[str] = "slow"

    def _words(self) -> tuple[object, ...]:
        return (self.script, duration_text(self.extra_us), "on", self.node)


@dataclass(frozen=True, slots=True)
class StonithMode(_Base):
    """Set how a STONITH device answers: truly, with an error, never, or with a lie."""

    device: str
    mode: StonithAnswer
    duration: Micros | None = None
    verb: ClassVar[str] = "stonith"

    def _words(self) -> tuple[object, ...]:
        return (self.device, self.mode)


@dataclass(frozen=True, slots=True)
class ClockStep(_Base):
    """Step the wall clock of a node by `by_us`; healing steps it back."""

    node: str
    by_us: Micros
    duration: Micros | None = None
    verb: ClassVar[str] = "clock"

    def _words(self) -> tuple[object, ...]:
        return (self.node, ("+" if self.by_us >= 0 else "") + duration_text(self.by_us))


@dataclass(frozen=True, slots=True)
class ClockDrift(_Base):
    """Let the wall clock of a node gain `ppm` microseconds each second."""

    node: str
    ppm: int
    duration: Micros | None = None
    verb: ClassVar[str] = "clock"

    def _words(self) -> tuple[object, ...]:
        return (self.node, f"{self.ppm}ppm")


@dataclass(frozen=True, slots=True)
class Forge(_Moment):
    """Deliver a packet of message type `kind` at a NIC that claims to come from `origin`.

    It is not signed with the cluster's key unless ``signed=yes``. `fields` are ``(name, value)``
    pairs: ``generation``, ``seqno``, ``status``, ``dest``, ``deadtime`` (milliseconds), or fields
    of its body.
    """

    kind: str
    origin: str
    target: Cable
    fields: tuple[tuple[str, str], ...] = ()
    verb: ClassVar[str] = "forge"

    def _words(self) -> tuple[object, ...]:
        fields = (f"{name}={value}" for name, value in self.fields)
        return (self.kind, "from", self.origin, "on", self.target, *fields)


@dataclass(frozen=True, slots=True)
class Replay(_Moment):
    """Deliver at a NIC, once more, what `origin` sent there during the last `span_us`."""

    span_us: Micros
    origin: str
    target: Cable
    verb: ClassVar[str] = "replay"

    def _words(self) -> tuple[object, ...]:
        return (duration_text(self.span_us), "from", self.origin, "on", self.target)


Fault = (
    Cut
    | Restore
    | Lose
    | Delay
    | Duplicate
    | Isolate
    | Heal
    | PowerOff
    | PowerOn
    | Kill
    | Hang
    | Thaw
    | Start
    | Stop
    | Reload
    | Standby
    | Takeover
    | Fail
    | Slow
    | StonithMode
    | ClockStep
    | ClockDrift
    | Forge
    | Replay
)
