"""The plain data of a world: what a snapshot holds."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar, NamedTuple

from hasim.protocol import MasterState, Message
from hasim.units import Micros
from hasim.world.client_records import ClientState
from hasim.world.fencing_records import FenceState
from hasim.world.lan_records import LanState
from hasim.world.topology import TopologyState

__all__ = [
    "Action",
    "CallState",
    "ChildState",
    "ClockState",
    "DaemonState",
    "DiskState",
    "Flight",
    "JobState",
    "MediumState",
    "NodeState",
    "Step",
    "Storage",
    "Tap",
    "TroubleState",
    "WatchdogState",
    "WorldState",
]

#: What the steps of a process are made of.
Step = str | int | bool | None | tuple[str, ...]


class Flight(NamedTuple):
    """A packet in the air: when it arrives, in which order, at whose socket."""

    arrive: Micros
    n: int
    node: str
    medium: int
    message: Message


class Tap(NamedTuple):
    """A packet on its way to a node's socket, as an attacker has read it."""

    at: Micros
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
    """The read or write child of a medium; it works from ``ready_at`` on (semantics 2.1).

    ``gone`` once it has been killed and nobody starts it anew.
    """

    TIMES: ClassVar[tuple[str, ...]] = ("ready_at",)
    role: str
    pid: int
    ready_at: Micros
    ready: bool = False
    gone: bool = False


@dataclass(slots=True)
class DaemonState:
    """One life of the daemon on a node.

    ``stage`` runs ``parent`` (reading its configuration), ``forked``, ``master`` (it has spoken),
    ``counted`` (its generation), ``opened`` (media open), ``announced`` (first packet sent),
    ``running``; ``orphaned`` after the master was killed; ``ending`` while its children
    (``core``: their pids) exit; ``resting`` between two lives of a restart;
    ``rebooting`` while its master waits to reboot the machine.  So long as
    ``open_until`` the last wake may still serve what comes in, with a chance of ``open_ppm`` in a
    million.  ``then`` says what follows an end, ``keep`` what a quick restart holds on to;
    ``early`` are signals that came before there was a master; ``stopped`` the faults that have
    stopped all its processes, ``struck`` the children that have died meanwhile (role, device,
    signal, record).  At ``scans_at`` one that goes on looks for silence before it
    reads.  Since ``forking`` it is busy with forking a client, as the record
    ``forked`` says (semantics 13).
    """

    TIMES: ClassVar[tuple[str, ...]] = (
        "stage_due",
        "scans_at",
        "wake_at",
        "held",
        "forking",
        "begun_at",
        "up_at",
        "open_until",
    )
    boot: int
    parent_pid: int
    pid: int
    stage: str
    stage_due: Micros | None
    begun_at: Micros = 0
    up_at: Micros = 0
    wake_at: Micros | None = None
    held: Micros | None = None
    forking: Micros | None = None
    forked: int | None = None
    fifo_pid: int = 0
    readers: list[ChildState] = field(default_factory=list)
    writers: list[ChildState] = field(default_factory=list)
    sockets: list[list[Message]] = field(default_factory=list)
    unsent: list[list[Message]] = field(default_factory=list)
    echoes: list[tuple[int, Message]] = field(default_factory=list)
    master: MasterState | None = None
    cause: int | None = None
    open_until: Micros | None = None
    open_ppm: int = 0
    core: list[int] = field(default_factory=list)
    then: str = ""
    keep: str | None = None
    early: list[tuple[str, int | None]] = field(default_factory=list)
    stopped: list[int] = field(default_factory=list)
    struck: list[tuple[str, str, int, int | None]] = field(default_factory=list)
    scans_at: Micros | None = None


@dataclass(slots=True)
class CallState:
    """One call of a resource script: ``word`` is the resource as haresources has it.

    ``name`` is the name of its draws; ``output`` what a status call prints (``running``,
    ``stopped`` or nothing), ``code`` what the call exits with.
    """

    TIMES: ClassVar[tuple[str, ...]] = ("begun_at",)
    script: str
    args: tuple[str, ...]
    word: str
    op: str
    name: str
    pid: int
    duration_us: Micros
    code: int = 0
    output: str = ""
    begun_at: Micros = 0


@dataclass(slots=True)
class JobState:
    """A process forked by the daemon, by a script or by an operator.

    It is a list of plain steps still to come (``todo``); the first one is taken at ``due``, or when
    the child ``awaited`` has ended.  ``name`` begins the names of its draws; ``points`` counts what
    it has shown (lines, calls of scripts).  ``point_at`` is its last point, ``mark_at`` the last
    one of it or its children, ``beyond_at`` the end of a child or call since its last point,
    ``planned_at`` when the step under way was to come: all as drawn, not as a hung machine lets
    them happen.  ``boot`` is the life of the daemon that waits for it, 0 for nobody, and ``what``
    and ``origin`` tell it who has ended; ``until`` is when an init script is known to end.
    ``result`` is the exit code, or that of the last child.
    """

    TIMES: ClassVar[tuple[str, ...]] = (
        "due",
        "forked_at",
        "point_at",
        "mark_at",
        "planned_at",
        "beyond_at",
        "until",
    )
    node: str
    boot: int
    number: int
    kind: str
    name: str
    pid: int
    todo: list[tuple[Step, ...]] = field(default_factory=list)
    due: Micros | None = None
    forked_at: Micros = 0
    point_at: Micros = 0
    mark_at: Micros = 0
    planned_at: Micros = 0
    beyond_at: Micros | None = None
    until: Micros | None = None
    points: int = 0
    origin: str = ""
    what: str = ""
    parent: int = 0
    awaited: int = 0
    call: CallState | None = None
    result: int = 0
    cause: int | None = None


@dataclass(slots=True)
class TroubleState:
    """A fault of a script: calls fail (``times`` more times, None for ever) or take longer.

    ``script`` is a name, a resource word or ``group KEY``; ``op`` empty for any operation.
    """

    cause: int
    kind: str
    script: str
    op: str
    times: int | None = None
    extra_us: Micros = 0


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
class DiskState:
    """A disk: who mounts it, in order of mounting, and whether its contents are broken.

    ``unclean``: its last mount ended without an unmount.
    """

    mounted_by: list[str] = field(default_factory=list)
    corrupt: bool = False
    unclean: bool = False


@dataclass(slots=True)
class WatchdogState:
    """A watchdog device: it acts ``limit_us`` after ``fed_at``, which is None while it stands.

    ``open`` while a master holds it; ``reset_due`` when the machine will be reset, once its time
    has run out; ``cause`` the record of its last opening or closing.
    """

    TIMES: ClassVar[tuple[str, ...]] = ("fed_at", "reset_due")
    limit_us: Micros = 0
    fed_at: Micros | None = None
    open: bool = False
    reset_due: Micros | None = None
    cause: int | None = None


@dataclass(slots=True)
class NodeState:
    """A machine: power, boot, hangs, process numbers, stable storage, its daemon, its kernel.

    ``addresses`` (address with mask -> interface alias), ``mounts`` (directory -> device) and
    ``services`` (resources of other scripts that run, as written in haresources) are held by the
    kernel and outlive a killed daemon; ``edits`` are changes of ha.cf that the next start of
    the daemon reads.  ``replugged`` are interfaces that hold a service address and
    whose cable was mended: their first echo request gets no answer (recorded; not so without the
    address).  ``counts`` numbers jobs and calls of scripts, by name, over all reboots;
    ``troubles`` are faults of its scripts; ``hung_at`` is when it was hung, None while it runs.
    """

    TIMES: ClassVar[tuple[str, ...]] = ("boot_due", "start_due", "hung_at")
    name: str
    next_pid: int
    on: bool = True
    boot_due: Micros | None = None
    start_due: Micros | None = None
    powered: int = 1
    starts: int = 0
    hung: list[int] = field(default_factory=list)
    hung_at: Micros | None = None
    clock: ClockState = field(default_factory=lambda: ClockState())
    storage: Storage = field(default_factory=Storage)
    daemon: DaemonState | None = None
    last_truth: int | None = None
    addresses: dict[str, str] = field(default_factory=dict)
    replugged: list[str] = field(default_factory=list)
    mounts: dict[str, str] = field(default_factory=dict)
    services: list[str] = field(default_factory=list)
    edits: list[str] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)
    troubles: list[TroubleState] = field(default_factory=list)
    watchdog: WatchdogState = field(default_factory=WatchdogState)


@dataclass(slots=True)
class WorldState:
    """Everything there is.

    ``causes`` maps a fault's number to the record of what it did.  ``tapped`` are the packets of
    the last ``tap_us``, kept where a replay is still to come.
    """

    TIMES: ClassVar[tuple[str, ...]] = ("now",)
    now: Micros
    topology: TopologyState
    nodes: dict[str, NodeState]
    media: list[MediumState]
    agenda: list[Action]
    jobs: list[JobState] = field(default_factory=list)
    jobs_made: int = 0
    causes: dict[int, int] = field(default_factory=dict)
    clients: list[ClientState] = field(default_factory=list)
    clients_made: int = 0
    disks: dict[str, DiskState] = field(default_factory=dict)
    lan: LanState = field(default_factory=LanState)
    fences: dict[str, FenceState] = field(default_factory=dict)
    tapped: list[Tap] = field(default_factory=list)
    tap_us: Micros = 0
    fenced: int = 0
