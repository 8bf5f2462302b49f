"""The whole state of one master process: plain data, compared with ``==``.

Every field that is an instant is listed in ``TIMES``, every field that counts packets in
``COUNTS``: with these a state can be shifted in time as a whole (:func:`hasim.world.shift.shift`).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar

from hasim.protocol.messages import Message
from hasim.units import Micros

__all__ = ["Link", "MasterState", "Peer", "QueuedScript"]


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


@dataclass(frozen=True, slots=True)
class QueuedScript:
    """An entry of the script queue (semantics 5.3): the rc.d script and the message it is for."""

    script: str
    node: str
    status: str


@dataclass(slots=True)
class MasterState:
    """Everything a master process knows.  Timers are instants at which they are due.

    ``comm`` is ``waiting`` (not everybody heard or dead), ``asked`` (node list asked for) or
    ``up`` (semantics 5.2).  ``inboxes`` hold what the read children have handed over, one list a
    medium, read only at wakes (semantics 2.2).  ``tag`` marks the messages sent (see
    :class:`~hasim.protocol.messages.Message`).
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
    queue: list[QueuedScript] = field(default_factory=list)
    helpers: int = 0
    joins: list[str] = field(default_factory=list)
    paused: bool = False
    tag: int | None = None
