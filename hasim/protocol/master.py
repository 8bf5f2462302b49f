"""The master control process: a wake-driven loop over inboxes (semantics 2.2).

``deliver`` only queues; ``wake`` drains.  A packet that arrives right after a wake waits for the
next one, up to half a second: this, not the network, is where the daemon's time goes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from hasim.protocol import liveness
from hasim.protocol.core import (
    AUDIT_PERIOD,
    MSGFREE_PERIOD,
    SCAN_SPACING,
    START_INFLATION,
    Core,
    Setting,
)
from hasim.protocol.liveness import scan
from hasim.protocol.messages import Message
from hasim.protocol.outputs import Output, Restart
from hasim.protocol.receive import ask_again, distrust, receive
from hasim.protocol.state import Link, MasterState, Peer
from hasim.units import MS, SECOND, Micros

__all__ = ["POP_AFTER", "Master"]

#: The inflation of the announced deadtime ends so long after the start (semantics 4.1).
POP_AFTER: Micros = 5 * SECOND
#: A timer dispatched later than this by a stall starts a new grid (semantics 2.2).
_SLIP: Micros = 10 * MS


class Master:
    """One life of the master process as a pure machine.

    Feed it with :meth:`deliver`, :meth:`child_exited`, :meth:`client_signed_on`; call :meth:`wake`
    at :attr:`deadline` and whenever something wakes the loop at once.  Each call returns what the
    process wants done, in order.
    """

    __slots__ = ("_rare", "core", "setting", "state")

    def __init__(self, setting: Setting, state: MasterState) -> None:
        self.setting = setting
        self.state = state
        self.core = Core(setting, state)
        #: when the next rare timer is due; None: not known, as after any event
        self._rare: Micros | None = None
        self.core.loopback = self._loopback

    @classmethod
    def boot(cls, setting: Setting, generation: int, digits: Mapping[str, int]) -> Master:
        """Return a master that has read its configuration, in status ``init``.

        `digits` gives per table entry the digit at which its packets are acknowledged
        (semantics 3.7).
        """
        config = setting.config
        state = MasterState(
            setting.name,
            generation,
            deadtime=config.deadtime + START_INFLATION,
            inboxes=[[] for _ in config.media],
        )
        lan = dict.fromkeys(m.device for m in config.media if not m.kind.startswith("ping"))
        for entry in config.table:
            is_ping = entry.kind == "ping"
            links = [Link(device) for device in ((entry.name,) if is_ping else lan)]
            limit = config.deadping if is_ping else config.deadtime
            state.peers[entry.name] = Peer(entry.name, is_ping, limit, digits[entry.name], links)
        return cls(setting, state)

    # ---- inputs ---------------------------------------------------------------------------------

    def announce_init(self, now: Micros) -> Sequence[Output]:
        """Send the first packet of the process: status ``init`` with number 1 (semantics 3.4)."""
        for peer in self.state.peers.values():
            peer.stamp = now
        self.core.send_status(now)
        return self._take()

    def start(self, now: Micros, lag: Micros = 0) -> Sequence[Output]:
        """Become ``up``: all children are forked, the timers begin (semantics 2.2, 5.1).

        The first tick of the timers, and with it every wake, comes `lag` after this instant: the
        phase of the tick counter.  Nodes and links count as heard at that tick.
        """
        state, keepalive, first = self.state, self.setting.config.keepalive, now + lag
        for peer in state.peers.values():
            peer.stamp = first
            for link in peer.links:
                link.stamp = first
        state.up_at = first
        state.last_scan = now
        liveness.set_local_status(self.core, now, "up")
        self.core.send_status(now)
        state.status_due = state.signals_due = first + keepalive
        state.msgfree_due = first + MSGFREE_PERIOD
        state.audit_due = first + AUDIT_PERIOD
        state.pop_due = first + POP_AFTER
        state.initdead_due = first + self.setting.config.initdead
        return self._take()

    def deliver(self, medium: int, message: Message) -> None:
        """A read child has handed over a packet; nobody looks at it before the next wake."""
        self.state.inboxes[medium].append(message)

    def child_exited(self) -> None:
        """A resource helper has exited; the signal that says so wakes the loop at once."""
        self.state.helpers -= 1

    def client_signed_on(self, client: str) -> None:
        """A client process signs on to the API, which wakes the loop at once."""
        self.state.joins.append(client)

    def clock_set_back(self) -> None:
        """The time of day has gone backwards: the next scan is left out (semantics 4.2)."""
        self.state.clock_back = True

    # ---- the loop -------------------------------------------------------------------------------

    @property
    def deadline(self) -> Micros | None:
        """The next instant at which a timer wakes the loop."""
        s = self.state
        due, status, signals = s.msgfree_due, s.status_due, s.signals_due
        if due is None or status is None or signals is None:
            return None
        if status < due:
            due = status
        if signals < due:
            due = signals
        rare = self._rare
        if rare is None:
            self._rare = rare = self._rare_due()
        return rare if rare < due else due

    def _rare_due(self) -> Micros:
        """Return when the next timer is due that is not one of the three that fill a quiet day."""
        s = self.state
        assert s.audit_due is not None
        due = s.audit_due
        if s.initdead_due is not None and s.initdead_due < due:
            due = s.initdead_due
        if s.pop_due is not None and s.pop_due < due:
            due = s.pop_due
        if s.reqnodes_due is not None and s.reqnodes_due < due:
            due = s.reqnodes_due
        if s.restart_due is not None and s.restart_due < due:
            due = s.restart_due
        for peer in s.peers.values():
            if peer.missing:
                due = min(due, min(peer.missing.values()))
        return due

    def beat(self, now: Micros) -> Sequence[Output]:
        """Send the own status that a stall has made overdue, before reading (semantics 4.8)."""
        self._send_due_status(now)
        return self._take()

    def _send_due_status(self, now: Micros) -> None:
        s = self.state
        if s.status_due is not None and now >= s.status_due:
            self.core.send_status(now)
            s.status_due = _next(s.status_due, self.setting.config.keepalive, now)

    def wake(self, now: Micros) -> Sequence[Output]:
        """Run the loop until nothing is ready, by the priorities of its sources."""
        s, core = self.state, self.core
        rare = self._rare
        self._send_due_status(now)
        self._read_all(now)
        if s.queue:
            core.start_next_script()
        if now - s.last_scan >= SCAN_SPACING:
            scan(core, now)
        if rare is None or now >= rare:
            ask_again(core, now)
            self._one_shots(now)
            self._rare = None
        if s.signals_due is not None and now >= s.signals_due:
            s.signals_due = _next(s.signals_due, self.setting.config.keepalive, now)
        if s.msgfree_due is not None and now >= s.msgfree_due:
            s.msgfree_due = _next(s.msgfree_due, MSGFREE_PERIOD, now)
        while s.joins:
            client = s.joins.pop(0)
            body = (("st", "join"), ("from_id", client), ("to_id", client), ("info", "signon"))
            core.send(now, "hbapi-clstat", body=body)
        return self._take()

    @property
    def has_mail(self) -> bool:
        """Something has been delivered that no wake has read yet."""
        return any(self.state.inboxes)

    def read_on(self, now: Micros) -> Sequence[Output]:
        """Read what came in during the wake: the loop goes on until nothing is ready."""
        self._read_all(now)
        return self._take()

    def _read_all(self, now: Micros) -> None:
        """One message from each medium in turn until all inboxes are empty."""
        core, inboxes = self.core, self.state.inboxes
        if not self.has_mail:
            return
        media, links = self.setting.config.media, core.medium_links
        own, accepted, peers = self.setting.auth, self.setting.accepted, self.state.peers
        up = self.state.comm == "up"
        while any(inboxes):
            for medium, inbox in enumerate(inboxes):
                if inbox:
                    message = inbox.pop(0)
                    if up and message.seqno and message.auth == own:
                        # A further copy of a peer's last packet only refreshes its link.
                        peer = peers.get(message.origin)
                        link = links[medium].get(message.origin)
                        if (
                            peer is not None
                            and link is not None
                            and link.up
                            and message.seqno == peer.last_seq
                            and message.generation == peer.generation
                            and peer.status != "dead"
                        ):
                            link.stamp = now
                            continue
                    core.context, core.medium = message, media[medium].device
                    auth = message.auth
                    if auth is not None and auth != own and auth not in accepted:
                        distrust(core, message)
                        continue
                    receive(core, now, message, links[medium].get(message.origin))
        core.context = None

    def _one_shots(self, now: Micros) -> None:
        s, core = self.state, self.core
        if s.pop_due is not None and now >= s.pop_due:
            s.pop_due, s.deadtime = None, self.setting.config.deadtime
            core.send_status(now)
        if s.reqnodes_due is not None and now >= s.reqnodes_due:
            liveness.retry_reqnodes(core, now)
        if s.restart_due is not None and now >= s.restart_due:
            s.restart_due = None
            core.out.append(Restart("partition"))
        if s.initdead_due is not None and now >= s.initdead_due:
            s.initdead_due = None
        if s.audit_due is not None and now >= s.audit_due:
            s.audit_due = _next(s.audit_due, AUDIT_PERIOD, now)

    # ---- inside ---------------------------------------------------------------------------------

    def _loopback(self, message: Message, now: Micros) -> None:
        outer, self.core.context = self.core.context, message
        receive(self.core, now, message, None)
        self.core.context = outer

    def _take(self) -> Sequence[Output]:
        core = self.core
        if core.stirred:
            core.stirred, self._rare = False, None
        if not core.out:
            return ()
        out, core.out = core.out, []
        return out


def _next(due: Micros, period: Micros, now: Micros) -> Micros:
    """The next instant of a grid; a stall begins a new grid at the late dispatch."""
    return due + period if now - due < _SLIP else now + period
