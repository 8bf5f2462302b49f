"""The whole state of one master process: plain data, compared with ``==``.

Every field that is an instant is listed in ``TIMES``, every field that counts packets in
``COUNTS``: with these a state can be shifted in time as a whole (:func:`hasim.world.shift.shift`).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar

from hasim.protocol.messages import Letter, Message, Request
from hasim.protocol.outputs import RunScript
from hasim.units import Micros

__all__ = [
    "ClientLife",
    "FenceDue",
    "FencingState",
    "Link",
    "MasterState",
    "Peer",
    "Registration",
    "ResourceState",
    "ShutdownState",
]


@dataclass(slots=True)
class Link:
    """One device on which a node is heard, up or dead by belief.

    ``stamp`` is the wake that last read a packet there.
    """

    TIMES: ClassVar[tuple[str, ...]] = ("stamp",)
    device: str
    up: bool = False
    stamp: Micros = 0


@dataclass(slots=True)
class Peer:
    """What a node believes of one node of its table, itself and ping nodes included.

    ``limit`` is the deadtime that the node announced (semantics 4.1); ``stamp`` the wake at which
    its last status was read, None after a restart; ``last_seq`` None where numbering starts anew.
    ``has_resources`` matters under auto_failback legacy: it has not said that it gave up.
    """

    TIMES: ClassVar[tuple[str, ...]] = ("stamp", "status_sent")
    COUNTS: ClassVar[tuple[str, ...]] = ("last_seq", "status_seq", "acked")
    name: str
    ping: bool
    limit: Micros
    ack_digit: int
    links: list[Link]
    status: str = "init"
    stamp: Micros | None = None
    heard: bool = False
    generation: int = 0
    last_seq: int | None = None
    status_seq: int = 0
    status_sent: Micros = 0
    acked: int = 0
    missing: dict[int, Micros] = field(default_factory=dict)
    has_resources: bool = True


@dataclass(slots=True)
class ResourceState:
    """What a node knows of resources (semantics 5.4).

    ``mine`` and ``theirs`` are claims in bits: 1 local, 2 foreign.  ``standby`` is NOT, ME, OTHER
    or DONE; ``standby_until`` its deadline; ``takeover_from`` the instant from which the ten
    seconds of RQSTDELAY count; ``failback_at`` when a delayed failback is tried again; ``alone``
    that no other node was active when the own groups were last asked for.
    """

    TIMES: ClassVar[tuple[str, ...]] = ("standby_until", "takeover_from", "failback_at")
    rstate: str = "INIT"
    mine: int = 0
    theirs: int = 0
    other_stable: bool = False
    takeover: bool = False
    standby: str = "NOT"
    standby_until: Micros | None = None
    standby_set: str = "all"
    failback_due: bool = False
    failback_at: Micros | None = None
    local_done: bool = False
    foreign_done: bool = False
    announced: bool = False
    alone: bool = False
    takeover_from: Micros | None = None
    quick: bool = False


@dataclass(slots=True)
class ShutdownState:
    """How far a node is on its way down (semantics 6).

    ``asked`` is empty, ``stop``, ``restart`` or ``quick``; ``begun`` once it gives up; ``waits``
    while it may not yet; ``phase`` is what comes at ``phase_due``: ``clients``, ``children``.
    """

    TIMES: ClassVar[tuple[str, ...]] = ("phase_due", "emergency_due")
    asked: str = ""
    waits: bool = False
    begun: bool = False
    phase: str = ""
    phase_due: Micros | None = None
    emergency_due: Micros | None = None


@dataclass(slots=True)
class ClientLife:
    """A respawn client as the master keeps it: when it was forked, how often it died quickly.

    ``stopped`` once the master has asked it to end, on its own way down.
    """

    TIMES: ClassVar[tuple[str, ...]] = ("since",)
    since: Micros
    running: bool = True
    stopped: bool = False
    quick_deaths: int = 0


@dataclass(slots=True)
class Registration:
    """A client that is signed on: its process (0: not known), and whether that is dead.

    ``kept``: its channel would stay open, so that only the audit notices its end.
    """

    pid: int
    kept: bool = False
    dead: bool = False


@dataclass(slots=True)
class FenceDue:
    """A node whose fencing has failed, and when it is tried again."""

    TIMES: ClassVar[tuple[str, ...]] = ("due",)
    due: Micros
    peer: str


@dataclass(slots=True)
class FencingState:
    """What a master has to do with its STONITH device (semantics 9).

    ``ended`` are children that have exited: the node to be reset (empty for a check of the
    device), pid, exit code, record.
    """

    TIMES: ClassVar[tuple[str, ...]] = ("check_due",)
    check_due: Micros | None = None
    retries: list[FenceDue] = field(default_factory=list)
    ended: list[tuple[str, int, int, int | None]] = field(default_factory=list)


@dataclass(slots=True)
class MasterState:
    """Everything a master process knows.  Timers are instants at which they are due.

    ``comm`` is ``waiting`` (not everybody heard or dead), ``asked`` (node list asked for) or
    ``up`` (semantics 5.2).  ``inboxes`` hold what the read children have handed over, one list a
    medium, read only at wakes (semantics 2.2).  ``tag`` marks the messages sent (see
    :class:`~hasim.protocol.messages.Message`).

    ``uncrept`` counts dispatches of the half-second timer since it last came a tick later.

    What the next wake finds beside packets: ``fifo`` letters of scripts; ``exits`` of helpers
    (kind, node of the message, record); ``ended`` clients (command, pid, code, signal);
    ``signals`` (name, record); ``joins`` of clients (name, process, user, is its channel kept,
    record); ``requests`` of the clients that are ``signed_on``, whose processes are ``registered``;
    ``hangups``: names whose channel is closed, which the wake that noticed has not come to.
    """

    TIMES: ClassVar[tuple[str, ...]] = (
        "status_due", "signals_due", "msgfree_due", "audit_due", "initdead_due", "pop_due",
        "reqnodes_due", "restart_due", "last_scan", "up_at",
    )  # fmt: skip
    COUNTS: ClassVar[tuple[str, ...]] = ("seqno",)
    name: str
    generation: int
    status: str = "init"
    seqno: int = 0
    deadtime: Micros = 0
    peers: dict[str, Peer] = field(default_factory=dict)
    comm: str = "waiting"
    asked: str | None = None
    up_at: Micros = 0
    last_scan: Micros = 0
    clock_back: bool = False
    status_due: Micros | None = None
    signals_due: Micros | None = None
    msgfree_due: Micros | None = None
    audit_due: Micros | None = None
    initdead_due: Micros | None = None
    pop_due: Micros | None = None
    reqnodes_due: Micros | None = None
    restart_due: Micros | None = None
    inboxes: list[list[Message]] = field(default_factory=list)
    history: dict[int, Message] = field(default_factory=dict)
    resent: dict[int, Micros] = field(default_factory=dict)
    queue: list[RunScript] = field(default_factory=list)
    helpers: int = 0
    uncrept: int = 0
    joins: list[tuple[str, int, str, bool, int | None]] = field(default_factory=list)
    paused: bool = False
    tag: int | None = None
    resources: ResourceState = field(default_factory=ResourceState)
    shutdown: ShutdownState = field(default_factory=ShutdownState)
    fencing: FencingState = field(default_factory=FencingState)
    fifo: list[Letter] = field(default_factory=list)
    exits: list[tuple[str, str, int | None]] = field(default_factory=list)
    ended: list[tuple[str, int, int | None, int | None]] = field(default_factory=list)
    signals: list[tuple[str, int | None]] = field(default_factory=list)
    clients: dict[str, ClientLife] = field(default_factory=dict)
    signed_on: list[str] = field(default_factory=list)
    registered: dict[str, Registration] = field(default_factory=dict)
    hangups: list[str] = field(default_factory=list)
    requests: list[Request] = field(default_factory=list)
