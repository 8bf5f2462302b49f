"""The core every part of the master stands on: configuration, state, sending, timers.

The machine owns no clock and no randomness: the present instant is an argument, `reading` turns an
instant into what the daemon's tick counter showed then, and `rexmit_delay` is an addressed draw.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from hasim.config import HaConfig
from hasim.events import Event
from hasim.protocol.dialect import Dialect
from hasim.protocol.messages import SEQUENCED, Auth, Message
from hasim.protocol.outputs import Happened, Output, RunScript, Send, Silence
from hasim.protocol.signature import WallSecond
from hasim.protocol.state import Link, MasterState, Peer, QueuedScript
from hasim.units import MS, SECOND, Micros

__all__ = ["AUDIT_PERIOD", "MSGFREE_PERIOD", "SCAN_SPACING", "START_INFLATION", "Core", "Setting"]

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
    slip : int
        The wake that brings communication up forks clients and takes so long that the timers
        served last (check for signals, half-second) are late and run behind the status timer from
        then on: a second wake follows each status and reads the answers to it (semantics 2.2).
    wall_second : callable
        (node, instant) -> the second its wall clock shows, which it writes into what it sends.
    """

    name: str
    config: HaConfig
    dialect: Dialect
    auth: Auth | None
    accepted: frozenset[Auth]
    reading: Callable[[Micros], Micros]
    rexmit_delay: Callable[[str, int], Micros]
    slip: Micros = 0
    wall_second: WallSecond = _second_of_the_run


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
    )

    def __init__(self, setting: Setting, state: MasterState) -> None:
        self.setting = setting
        self.config = setting.config
        self.state = state
        self.out: list[Output] = []
        self.context: Message | None = None
        self.medium = ""
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

    def tell(self, event: Event, silence: Silence | None = None) -> None:
        """Report an event, caused by the message under way or by a silence."""
        self.quiet_until = 0
        self.stirred = True
        self.out.append(
            Happened(event, silence if silence is not None else self.context, self.medium)
        )

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
    ) -> None:
        """Send a message: first looped back to this very node, then to all media (semantics 2.3).

        What the loop-back sends leaves before the message that caused it.
        """
        state = self.state
        seqno, deadtime = 0, 0
        if type_ in SEQUENCED:
            state.seqno = seqno = state.seqno + 1
        if type_ == "status":
            deadtime = state.deadtime
        message = Message(
            type_, state.name, state.generation, seqno, dest, status, deadtime, now,
            self.setting.auth, body, state.tag,
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

    def queue_script(self, script: str, node: str, status: str) -> None:
        """Queue an rc.d script; it starts when no other helper runs (semantics 5.3)."""
        self.state.queue.append(QueuedScript(script, node, status))
        self.start_next_script()

    def start_next_script(self) -> None:
        """Start the head of the script queue if no helper is running."""
        state = self.state
        if state.queue and state.helpers == 0:
            state.helpers += 1
            self.out.append(RunScript(state.queue.pop(0).script))


def _not_wired(message: Message, now: Micros) -> None:
    raise AssertionError("a core without its receiver")
