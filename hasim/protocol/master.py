"""The master control process: a wake-driven loop over inboxes (semantics 2.2).

``deliver`` only queues; ``wake`` drains.  A packet that arrives right after a wake waits for the
next one, up to half a second: this, not the network, is where the daemon's time goes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from hasim.protocol import api, fencing, liveness, registry, resources, shutdown, stalls
from hasim.protocol.claims import bits
from hasim.protocol.core import (
    AUDIT_PERIOD,
    MSGFREE_PERIOD,
    SCAN_SPACING,
    START_INFLATION,
    Core,
    Setting,
)
from hasim.protocol.liveness import scan
from hasim.protocol.messages import Letter, Message, Request
from hasim.protocol.outputs import Output
from hasim.protocol.receive import ask_again, distrust, receive
from hasim.protocol.state import Link, MasterState, Peer
from hasim.protocol.watchdog import open_watchdog
from hasim.units import MS, SECOND, Micros

__all__ = ["POP_AFTER", "Master"]

#: The inflation of the announced deadtime ends so long after the start (semantics 4.1).
POP_AFTER: Micros = 5 * SECOND
#: A tick.  A timer dispatched later than this by a stall starts a new grid (semantics 2.2).
_TICK: Micros = 10 * MS


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
    def boot(
        cls, setting: Setting, generation: int, digits: Mapping[str, int], keep: str | None = None
    ) -> Master:
        """Return a master that has read its configuration, in status ``init``.

        `digits` gives per table entry the digit at which its packets are acknowledged
        (semantics 3.7); `keep` what it holds from before a quick restart (semantics 6.5).
        """
        config = setting.config
        state = MasterState(
            setting.name,
            generation,
            deadtime=config.deadtime + START_INFLATION,
            inboxes=[[] for _ in config.media],
        )
        if keep is not None:
            state.resources.mine, state.resources.quick = bits(keep), True
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

    def start(
        self, now: Micros, lag: Micros = 0, twin: Micros = 0, uncrept: int = 0
    ) -> Sequence[Output]:
        """Become ``up``: all children are forked, the timers begin (semantics 2.2, 5.1).

        The first tick of the timers, and with it every wake, comes `lag` after this instant: the
        phase of the tick counter.  The timers started last may fall on a later tick, `twin` after
        that of the status timer; `uncrept` dispatches of the first creep count as done.  Nodes and
        links count as heard at that tick.
        """
        state, keepalive, first = self.state, self.setting.config.keepalive, now + lag
        for peer in state.peers.values():
            peer.stamp = first
            for link in peer.links:
                link.stamp = first
        state.up_at, state.uncrept = first, uncrept
        state.last_scan = now
        open_watchdog(self.core)
        liveness.set_local_status(self.core, now, "up")
        self.core.send_status(now)
        state.status_due, state.signals_due = first + keepalive, first + keepalive + twin
        state.msgfree_due = first + MSGFREE_PERIOD + twin
        state.audit_due = first + AUDIT_PERIOD
        state.pop_due = first + POP_AFTER
        state.initdead_due = first + self.setting.config.initdead
        return self._take()

    def deliver(self, medium: int, message: Message) -> None:
        """A read child has handed over a packet; nobody looks at it before the next wake."""
        self.state.inboxes[medium].append(message)

    def fifo(self, letter: Letter) -> None:
        """A script has written to the FIFO; nobody looks at it before the next wake."""
        self.state.fifo.append(letter)

    def child_exited(self, kind: str, origin: str = "", why: int | None = None) -> None:
        """A resource helper has exited; the signal that says so wakes the loop at once.

        `kind` is the rc.d script or the helper, `origin` the node of the script's message, `why`
        the record behind it.
        """
        self.state.exits.append((kind, origin, why))

    def client_ended(self, command: str, pid: int, code: int | None, signal: int | None) -> None:
        """A respawn client has exited, or was killed, which wakes the loop at once."""
        self.state.ended.append((command, pid, code, signal))

    def stonith_ended(self, peer: str, pid: int, code: int, why: int | None = None) -> None:
        """A child that worked the STONITH device has exited, which wakes the loop at once.

        `peer` is the node it was to reset, empty for a check of the device.
        """
        self.state.fencing.ended.append((peer, pid, code, why))

    def signal(self, name: str, why: int | None = None) -> None:
        """Take SIGTERM (``TERM``) or SIGHUP (``HUP``, ``HUP config``, ``HUP keys``) at once.

        The word behind HUP says which file has changed.  ``CORE`` is no signal of its own: a child
        has died without which the node has to restart (2.0.8; semantics 6.6).
        """
        self.state.signals.append((name, why))

    def client_signed_on(
        self,
        client: str,
        pid: int = 0,
        user: str = "",
        kept: bool = False,
        why: int | None = None,
    ) -> None:
        """A client process signs on to the API, which wakes the loop at once.

        The user that it runs as is held against ``apiauth``, unless it is empty; with `kept` a
        child of it holds its channel open when it dies.  `why` is the record behind it.
        """
        self.state.joins.append((client, pid, user, kept, why))

    def request(self, request: Request) -> None:
        """Take a client's request; it is served at the end of a wake (semantics 2.2)."""
        self.state.requests.append(request)

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
        down, held = s.shutdown, s.resources
        fence = fencing.next_due(self.core) if self.setting.config.stonith else None
        for rare in (s.restart_due, held.failback_at, down.phase_due, down.emergency_due, fence):
            if rare is not None and rare < due:
                due = rare
        for peer in s.peers.values():
            if peer.missing:
                due = min(due, min(peer.missing.values()))
        return due

    def beat(self, now: Micros) -> Sequence[Output]:
        """Send the own status that a stall has made overdue, before reading (semantics 4.8)."""
        self._send_due_status(now)
        return self._take()

    def scan_first(self, now: Micros) -> Sequence[Output]:
        """Send the own status and look for silence before anything is read (semantics 4.8)."""
        self._send_due_status(now)
        scan(self.core, now)
        return self._take()

    def _send_due_status(self, now: Micros) -> None:
        s = self.state
        if s.status_due is not None and now >= s.status_due:
            self._late(now, stalls.STATUS, s.status_due)
            self.core.send_status(now)
            s.status_due = _next(s.status_due, self.setting.config.keepalive, now)

    def _late(self, now: Micros, what: str, due: Micros) -> None:
        """Complain of a timer that a stall has made late."""
        if now - due > _TICK:
            stalls.complain(self.core, now, what, due)

    def _creep(self) -> None:
        """Let the timers served last come a tick later, every so many dispatches."""
        s = self.state
        s.uncrept += 1
        if s.uncrept < self.setting.creep or s.msgfree_due is None or s.signals_due is None:
            return
        s.uncrept = 0
        s.msgfree_due += _TICK
        s.signals_due += _TICK

    def wake(self, now: Micros) -> Sequence[Output]:
        """Run the loop until nothing is ready, by the priorities of its sources."""
        s, core = self.state, self.core
        closed = list[str]()
        if s.hangups:
            closed, s.hangups = s.hangups, closed
        rare = self._rare
        self._send_due_status(now)
        self._read_all(now)
        if s.fifo:
            self._read_fifo(now)
        if s.exits or s.ended or s.signals or s.fencing.ended:
            self._reap(now)
        if now - s.last_scan >= SCAN_SPACING:
            scan(core, now)
        if rare is None or now >= rare:
            ask_again(core, now)
            self._one_shots(now)
            self._rare = None
        if s.signals_due is not None and now >= s.signals_due:
            self._late(now, stalls.SIGNALS, s.signals_due)
            s.signals_due = _next(s.signals_due, self.setting.config.keepalive, now)
        if s.msgfree_due is not None and now >= s.msgfree_due:
            self._late(now, stalls.MSGFREE, s.msgfree_due)
            s.msgfree_due = _next(s.msgfree_due, MSGFREE_PERIOD, now)
            if self.setting.creep:
                self._creep()
        while s.joins:
            registry.sign_on(core, now, s.joins.pop(0))
        if closed:
            registry.hang_up(core, now, closed)
        while s.requests:
            api.serve(core, now, s.requests.pop(0))
        if s.audit_due is not None and now >= s.audit_due:
            self._late(now, stalls.AUDIT, s.audit_due)
            s.audit_due = _next(s.audit_due, AUDIT_PERIOD, now)
            registry.audit(core, now)
        return self._take()

    def _read_fifo(self, now: Micros) -> None:
        """Send what scripts have written; the FIFO comes before the children's exits."""
        while self.state.fifo:
            letter = self.state.fifo.pop(0)
            self.core.why = letter.tag
            self.core.send(
                now,
                letter.type,
                dest=letter.dest,
                status=letter.status,
                body=letter.body,
                tag=letter.tag,
            )
        self.core.why = None

    def _reap(self, now: Micros) -> None:
        """Handle exits of helpers and clients, and signals."""
        s, core = self.state, self.core
        while s.exits:
            kind, origin, core.why = s.exits.pop(0)
            s.helpers -= 1
            resources.helper_done(core, kind, origin)
            core.start_next_script()
            shutdown.retry(core, now)
        while s.fencing.ended:
            peer, pid, code, core.why = s.fencing.ended.pop(0)
            fencing.child_ended(core, now, peer, pid, code)
        while s.ended:
            core.why = None
            api.client_ended(core, now, *s.ended.pop(0))
        while s.signals:
            name, core.why = s.signals.pop(0)
            if name in ("TERM", "CORE"):
                shutdown.end(core, now, "stop" if name == "TERM" else "restart")
            else:
                shutdown.reload(core, now, name.partition(" ")[2])
        core.why = None

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
        if not any(inboxes):
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
            shutdown.end(core, now, "restart")
        held, down = s.resources, s.shutdown
        if held.failback_at is not None and now >= held.failback_at:
            held.failback_at = None
            resources.try_failback(core, now)
        if self.setting.config.stonith is not None:
            fencing.due(core, now)
        if down.phase_due is not None and now >= down.phase_due:
            shutdown.next_phase(core, now)
        if down.emergency_due is not None and now >= down.emergency_due:
            down.emergency_due = None
            shutdown.emergency(core)
        if s.initdead_due is not None and now >= s.initdead_due:
            s.initdead_due = None

    # ---- inside ---------------------------------------------------------------------------------

    def _loopback(self, message: Message, now: Micros) -> None:
        outer, self.core.context = self.core.context, message
        receive(self.core, now, message, None)
        self.core.context = outer

    def _take(self) -> Sequence[Output]:
        core = self.core
        if core.stirred:
            core.stirred, self._rare = False, None
            held = self.state.resources
            if held.takeover_from is not None and held.rstate in ("STABLE", "SHUTDOWN"):
                held.takeover_from = None  # nobody waits for RQSTDELAY any more
        if not core.out:
            return ()
        out, core.out = core.out, []
        return out


def _next(due: Micros, period: Micros, now: Micros) -> Micros:
    """The next instant of a grid; a stall begins a new grid at the late dispatch."""
    return due + period if now - due < _TICK else now + period
