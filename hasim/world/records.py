"""The plain data of a world: what a snapshot holds."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar, NamedTuple

from hasim.protocol import MasterState, Message
from hasim.units import Micros
from hasim.world.topology import TopologyState

__all__ = [
    "Action",
    "ChildState",
    "ClockState",
    "DaemonState",
    "Flight",
    "JobState",
    "MediumState",
    "NodeState",
    "Storage",
    "WorldState",
]


class Flight(NamedTuple):
    """A packet in the air: when it arrives, in which order, at whose socket."""

    arrive: Micros
    n: int
    node: str
    medium: int
    message: Message


class Action(NamedTuple):
    """One thing to do to the physical world: `verb` of the world, with plain arguments.

    `cause` numbers the fault that does it; `line` is the fault as the user wrote it, empty where
    this action is not the first of its fault.
    """

    at: Micros
    verb: str
    args: tuple[str | int, ...]
    cause: int
    line: str = ""


@dataclass(slots=True)
class MediumState:
    """One medium in one direction: everything a node has sent on it and that has not arrived."""

    COUNTS: ClassVar[tuple[str, ...]] = ("sent",)
    node: str
    medium: int
    sent: int = 0
    flights: list[Flight] = field(default_factory=list)


@dataclass(slots=True)
class Storage:
    """What survives a loss of power: the generation, whether there is a uuid and a FIFO."""

    generation: int | None = None
    uuid: bool = False
    fifo: bool = False


@dataclass(slots=True)
class ChildState:
    """The read or write child of a medium; it works from ``ready_at`` on (semantics 2.1)."""

    TIMES: ClassVar[tuple[str, ...]] = ("ready_at",)
    role: str
    pid: int
    ready_at: Micros
    ready: bool = False


@dataclass(slots=True)
class DaemonState:
    """One life of the daemon on a node.

    ``stage`` runs ``parent`` (reading its configuration), ``forked``, ``master`` (it has spoken),
    ``counted`` (its generation), ``opened`` (media open), ``announced`` (first packet sent),
    ``running``; ``orphaned`` after the master was killed.
    """

    TIMES: ClassVar[tuple[str, ...]] = ("stage_due", "wake_at", "held", "begun_at", "up_at")
    boot: int
    parent_pid: int
    pid: int
    stage: str
    stage_due: Micros | None
    begun_at: Micros = 0
    up_at: Micros = 0
    wake_at: Micros | None = None
    held: Micros | None = None
    fifo_pid: int = 0
    readers: list[ChildState] = field(default_factory=list)
    writers: list[ChildState] = field(default_factory=list)
    sockets: list[list[Message]] = field(default_factory=list)
    unsent: list[list[Message]] = field(default_factory=list)
    echoes: list[tuple[int, Message]] = field(default_factory=list)
    master: MasterState | None = None
    cause: int | None = None


@dataclass(slots=True)
class JobState:
    """A process with a life of its own: a script run by harc, or a client.

    ``steps`` are (instant, what) still to come; the last step ends a script's run.
    """

    TIMES: ClassVar[tuple[str, ...]] = ()
    node: str
    boot: int
    number: int
    kind: str
    name: str
    pid: int
    steps: list[tuple[Micros, str]]
    cause: int | None = None


@dataclass(slots=True)
class ClockState:
    """A wall clock: ahead of true time by ``offset_us`` at ``since``, gaining ``drift_ppm``."""

    TIMES: ClassVar[tuple[str, ...]] = ("since",)
    offset_us: Micros = 0
    drift_ppm: int = 0
    since: Micros = 0

    def ahead(self, now: Micros) -> Micros:
        """Return how far the clock is ahead of true time."""
        return self.offset_us + (now - self.since) * self.drift_ppm // 1_000_000


@dataclass(slots=True)
class NodeState:
    """A machine: power, boot, hangs, process numbers, stable storage, and its daemon."""

    TIMES: ClassVar[tuple[str, ...]] = ("boot_due", "start_due")
    name: str
    next_pid: int
    on: bool = True
    boot_due: Micros | None = None
    start_due: Micros | None = None
    powered: int = 1
    starts: int = 0
    scripts: int = 0
    hung: list[int] = field(default_factory=list)
    clock: ClockState = field(default_factory=lambda: ClockState())
    storage: Storage = field(default_factory=Storage)
    daemon: DaemonState | None = None
    last_truth: int | None = None


@dataclass(slots=True)
class WorldState:
    """Everything there is.  ``causes`` maps a fault's number to the record of what it did."""

    TIMES: ClassVar[tuple[str, ...]] = ("now",)
    now: Micros
    topology: TopologyState
    nodes: dict[str, NodeState]
    media: list[MediumState]
    agenda: list[Action]
    jobs: list[JobState] = field(default_factory=list)
    jobs_made: int = 0
    causes: dict[int, int] = field(default_factory=dict)
    ended: str | None = None
