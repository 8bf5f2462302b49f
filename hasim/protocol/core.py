"""The core every part of the master stands on: configuration, state, sending, timers.

The machine owns no clock and no randomness: the present instant is an argument, `reading` turns an
instant into what the daemon's tick counter showed then, and `rexmit_delay` is an addressed draw.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TypeVar

from hasim.config import HaConfig
from hasim.events import Event, QueueWaitsDebug
from hasim.protocol.dialect import Dialect
from hasim.protocol.messages import UNSEQUENCED, Auth, Message
from hasim.protocol.outputs import (
    Happened,
    Output,
    RunHelper,
    RunScript,
    RunStonith,
    Send,
    Silence,
    TellClients,
)
from hasim.protocol.signature import WallSecond
from hasim.protocol.state import Link, MasterState, Peer, ResourceState
from hasim.units import MS, SECOND, Micros

__all__ = ["AUDIT_PERIOD", "MSGFREE_PERIOD", "SCAN_SPACING", "START_INFLATION", "Core", "Setting"]

_Job = TypeVar("_Job", RunHelper, RunScript, RunStonith)

MSGFREE_PERIOD: Micros = 500 * MS
SCAN_SPACING: Micros = 250 * MS
AUDIT_PERIOD: Micros = 9 * SECOND
#: How much longer a deadtime a node announces while it starts (semantics 4.1).
START_INFLATION: Micros = 2 * SECOND


def _second_of_the_run(node: str, at: Micros) -> int:
    """Return the second of the run: the wall clock where nobody says which year it is."""
    return at // SECOND


@dataclass(frozen=True, slots=True)
class Setting:
    """What a master is started with and never changes: configuration, version, key, surroundings.

    Attributes
    ----------
    reading : callable
        Instant -> value of the daemon's tick counter, in microseconds, a multiple of 10 ms.
    rexmit_delay : callable
        (peer, number) -> delay before a missing packet is asked for.
    creep : int
        The half-second timer and "check for signals" are served last and re-armed from there:
        every so many dispatches they come a tick later than the status timer, 0: never.  So a
        second wake follows each status, reads the answers to it, and serves another request of a
        client; and ages read at wakes exceed a multiple of half a second (semantics 2.2, 4.2).
    wall_second : callable
        (node, instant) -> the second its wall clock shows, which it writes into what it sends.
    pid : int
        Process id of the master, which it prints at its shutdown.
    """

    name: str
    config: HaConfig
    dialect: Dialect
    auth: Auth | None
    accepted: frozenset[Auth]
    reading: Callable[[Micros], Micros]
    rexmit_delay: Callable[[str, int], Micros]
    creep: int = 0
    wall_second: WallSecond = _second_of_the_run
    pid: int = 0


class Core:
    """State and the means to act on it; the parts of the protocol are functions over a core."""

    __slots__ = (
        "config",
        "context",
        "loopback",
        "medium",
        "medium_links",
        "out",
        "quiet_until",
        "setting",
        "state",
        "stirred",
        "why",
    )

    def __init__(self, setting: Setting, state: MasterState) -> None:
        self.setting = setting
        self.config = setting.config
        self.state = state
        self.out: list[Output] = []
        self.context: Message | None = None
        self.medium = ""
        #: record of the process whose exit, or of the signal that, is being handled
        self.why: int | None = None
        #: nothing can have been silent too long before this instant; 0: something has happened
        self.quiet_until: Micros = 0
        #: has anything happened that may have moved a rare timer?
        self.stirred = True
        self.loopback: Callable[[Message, Micros], None] = _not_wired
        #: per medium: name of the node -> its link there (media of one device share the link)
        self.medium_links: list[dict[str, Link]] = [
            {
                p.name: link
                for p in state.peers.values()
                for link in p.links
                if link.device == m.device
            }
            for m in self.config.media
        ]

    @property
    def me(self) -> Peer:
        """The node's own entry in its table."""
        return self.state.peers[self.state.name]

    @property
    def resources(self) -> ResourceState:
        """What the node knows of resources."""
        return self.state.resources

    @property
    def nice(self) -> bool:
        """The protocol of nice_failback is spoken: auto_failback is not legacy (semantics 5.8)."""
        return self.config.auto_failback != "legacy"

    def tell(self, event: Event, silence: Silence | None = None) -> None:
        """Report an event, caused by the message under way or by a silence."""
        self.quiet_until = 0
        self.stirred = True
        why: Message | Silence | int | None = silence if silence is not None else self.context
        self.out.append(Happened(event, self.why if why is None else why, self.medium))

    def age(self, now: Micros, stamp: Micros) -> Micros:
        """Return the age of a stamp as the daemon sees it: the difference of two readings."""
        return self.setting.reading(now) - self.setting.reading(stamp)

    def send(
        self,
        now: Micros,
        type_: str,
        *,
        dest: str | None = None,
        status: str | None = None,
        body: tuple[tuple[str, str], ...] = (),
        tag: int | None = None,
    ) -> None:
        """Send a message: first looped back to this very node, then to all media (semantics 2.3).

        What the loop-back sends leaves before the message that caused it.
        """
        state = self.state
        seqno, deadtime = 0, 0
        if type_ not in UNSEQUENCED:
            state.seqno = seqno = state.seqno + 1
        if type_ == "status":
            deadtime = state.deadtime
        message = Message(
            type_, state.name, state.generation, seqno, dest, status, deadtime, now,
            self.setting.auth, body, state.tag if tag is None else tag,
        )  # fmt: skip
        if seqno:
            history = state.history
            history[seqno] = message
            if len(history) > self.setting.dialect.history:
                del history[seqno - self.setting.dialect.history]
        self.loopback(message, now)
        self.out.append(Send(message))

    def send_status(self, now: Micros) -> None:
        """Send the own status, as at every keepalive."""
        self.send(now, "status", status=self.state.status)

    def tell_clients(self, message: Message) -> None:
        """Hand a message to the clients that are signed on."""
        if self.state.signed_on:
            self.out.append(TellClients(message, self.medium))

    def queue_script(self, script: RunScript) -> None:
        """Queue an rc.d script; it starts when no other helper runs (semantics 5.3).

        Under a cluster manager there are none (semantics 13).
        """
        if not self.config.manages:
            return
        self.state.queue.append(self._asked(script))
        self.start_next_script()

    def start_next_script(self) -> None:
        """Start the head of the script queue if no helper is running."""
        state = self.state
        if not state.queue:
            return
        if state.helpers:
            self.tell(QueueWaitsDebug(state.helpers))
            return
        state.helpers += 1
        self.out.append(state.queue.pop(0))

    def run_helper(self, helper: RunHelper) -> None:
        """Fork a helper that works on resources; it waits for nobody (semantics 5.3)."""
        self.state.helpers += 1
        self.out.append(self._asked(helper))

    def run_stonith(self, peer: str = "") -> None:
        """Fork a child that resets a node, or checks the STONITH device (semantics 9)."""
        self.out.append(self._asked(RunStonith(peer)))

    def _asked(self, job: _Job) -> _Job:
        """Note on a job which message or record asks for it."""
        why = self.why if self.context is None else self.context
        return replace(job, why=why, medium=self.medium)


def _not_wired(message: Message, now: Micros) -> None:
    raise AssertionError("a core without its receiver")
