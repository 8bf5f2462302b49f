"""What ipfail does about a message, an answer and its timer (semantics 11.1, 11.2).

The rules say lines, ask the daemon and send; when they run, and what waits meanwhile, is the loop's
business (:mod:`hasim.protocol.ipfail`).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from hasim import events as ev
from hasim.config.times import parse_time
from hasim.events import Event
from hasim.protocol.ipfail_state import IpfailState
from hasim.protocol.messages import Letter, Message, Request
from hasim.protocol.outputs import Answer, Happened
from hasim.units import SECOND, Micros

__all__ = [
    "CLIENT",
    "NEED_STANDBY_SLEEP",
    "NO_RESPAWN",
    "IpfailOutput",
    "IpfailRules",
    "IpfailSetting",
    "Quit",
]

#: Name under which it signs on.
CLIENT = "ipfail"
#: need_standby: so long it sleeps before it compares anew (semantics 11.6).
NEED_STANDBY_SLEEP: Micros = 10 * SECOND
#: Exit code that tells the daemon not to start it again (semantics 6.7).
NO_RESPAWN = 100
#: Event sources of the main loop before the first delay: the channel and the tick.
_SOURCES = 2
_STABLE = {"0": False, "1": True}


def _punctual(number: int) -> Micros:
    """Return no slip: the timer fires when it is due."""
    return 0


@dataclass(frozen=True, slots=True)
class IpfailSetting:
    """What an ipfail process is started with.

    Attributes
    ----------
    name : str
        The node it runs on.
    single : bool
        Nodes are asked for one by one, as in 2.0.8: counting costs 1 + N requests (semantics 11.3).
    slip : callable
        Number of a delay -> by how much its timer is late (or early): the library counts ticks.
    """

    name: str
    single: bool = False
    slip: Callable[[int], Micros] = _punctual


@dataclass(frozen=True, slots=True)
class Quit:
    """The process ends, with an exit code or by a signal."""

    code: int | None = None
    signal: int | None = None


#: ``Happened.why`` is the record behind the first line of a handler; None: the line before it.
IpfailOutput = Happened | Request | Quit


class IpfailRules:
    """The rules, over a state; lines, requests and an end gather in ``out``."""

    __slots__ = ("out", "setting", "state", "tag")

    def __init__(self, setting: IpfailSetting, state: IpfailState) -> None:
        self.setting = setting
        self.state = state
        self.out: list[IpfailOutput] = []
        #: record behind the next line
        self.tag: int | None = None

    def begin(self) -> None:
        """Sign in, and ask whether heartbeat manages the resources."""
        self._say(ev.IpfailPid(self.state.pid))
        self._say(ev.IpfailSigningIn())
        self._ask("managed", "resources")

    def resume(self, now: Micros, step: str, answer: Answer) -> None:
        """Go on with what an answer was waited for."""
        value = answer.value
        if isinstance(value, tuple):
            self._listed(now, step, list(value))
            return
        match step:
            case "node":
                self._node(now, value)
            case "failback":
                self._failback(now, value)
            case "giveup":
                self._give_up(value)
            case _:
                self._starting(now, step, value)

    # ---- start ----------------------------------------------------------------------------------

    def _starting(self, now: Micros, step: str, value: str) -> None:
        """Take the next step of the start (semantics 11.1)."""
        state = self.state
        match step:
            case "managed" if not value:
                self._say(ev.IpfailNoResources())
                self.quit(NO_RESPAWN)
            case "managed":
                self._say(ev.IpfailWeAre(state.name))
                self._ask("auto_failback", "parameter", "auto_failback")
            case "auto_failback" if value == "legacy":
                self._say(ev.IpfailLegacy())
                self.quit(NO_RESPAWN)
            case "auto_failback":
                state.auto_failback = value == "on"
                self._say(ev.IpfailAutoFailback(int(state.auto_failback), value))
                self._ask("keepalive", "parameter", "keepalive")
            case "keepalive":
                state.keepalive = parse_time(value) or 0
                self._say(ev.IpfailFilter())
                self._ask("filter", "filter")
            case "filter":
                self._say(ev.IpfailWalk())
                self._ask("walk", "node list")
            case "status":
                name, kind, _ = state.rows[state.row]
                state.rows[state.row] = (name, kind, value)
                self._say(ev.IpfailClusterNode(name, value))
                self._ask("type", "node type", name)
            case "type":
                self._partner(*state.rows[state.row])
                state.row += 1
                self._walk_on()
            case _:
                assert step == "signal"
                self._say(ev.IpfailWaiting())
                state.phase, state.since = "main", now

    def _walk_on(self) -> None:
        """Walk the list of nodes: the library of 3.0.6 knows everything that came with the list."""
        state = self.state
        while state.row < len(state.rows):
            name, kind, status = state.rows[state.row]
            if self.setting.single:
                self._ask("status", "node status", name)
                return
            self._say(ev.IpfailClusterNode(name, status))
            self._partner(name, kind, status)
            state.row += 1
        self._say(ev.IpfailSignal())
        state.signals = True
        self._ask("signal", "signal")

    def _partner(self, name: str, kind: str, status: str) -> None:
        """Remember the last node of the list that is not this one (semantics 11.1)."""
        if kind == "normal" and name != self.state.name:
            self.state.other = name
            self._say(ev.IpfailTheyAre(name))

    # ---- messages -------------------------------------------------------------------------------

    def handle(self, now: Micros, message: Message) -> bool:
        """Handle a message; return False for a kind that ipfail has no use for."""
        self.tag = message.tag
        match message.type:
            case "status" | "NS_st":
                self._status(message.origin, message.status or "")
            case "ifstat":
                self._link(message)
            case "hbapi-clstat":
                self._joined(message)
            case "num_ping_nodes":
                self._say(ev.IpfailAsked())
                self.state.remote = int(message.get("num_ping"))
                self.count("verdict")
            case "you_are_dead":
                self._say(ev.IpfailTold())
                self._delay(now, "all")
            case "abort_giveup":
                if not self._abort():
                    self._say(ev.IpfailNoTimer())
            case "resource":
                self._resource(now, message)
            case _:
                return False
        return True

    def _status(self, node: str, status: str) -> None:
        self._say(ev.IpfailStatus(node, status))
        if status == "dead":
            self.count("node")
        elif status == "ping":
            self._say(ev.IpfailPingUp())
            self.count("compare")

    def _link(self, message: Message) -> None:
        status = message.status or ""
        self._say(ev.IpfailLink(message.get("node"), message.get("ifname"), status))
        if status == "dead":
            self.count("link")

    def _joined(self, message: Message) -> None:
        """Another node's ipfail has signed on: compare; its leaving is of no interest."""
        joins = message.get("st") == "join" and message.get("from_id") == CLIENT
        if joins and message.origin != self.state.name:
            self._say(ev.IpfailJoin(message.origin))
            self.count("compare")

    def _resource(self, now: Micros, message: Message) -> None:
        """The other side tells what it holds, and whether it is stable."""
        stable = _STABLE.get(message.get("isstable"))
        if message.origin == self.state.name or stable is None:
            return
        if not stable:
            self._say(ev.IpfailOtherUnstable())
        elif not message.get("info"):
            self._say(ev.IpfailOtherStable())
            if self.state.need_standby:
                self.state.need_standby = False
                self.state.sleep_due = now + NEED_STANDBY_SLEEP

    # ---- counting -------------------------------------------------------------------------------

    def count(self, subject: str) -> None:
        """Count the ping nodes that answer; what for is told by `subject`."""
        self.state.subject, self.state.found = subject, 0
        self._ask("count", "node list")

    def _listed(self, now: Micros, step: str, rows: list[tuple[str, str, str]]) -> None:
        """The list of nodes has come."""
        state = self.state
        state.rows, state.row = rows, 0
        if step == "walk":
            self._walk_on()
        elif self.setting.single and rows:
            self._ask("node", "node status", rows[0][0])
        else:
            for name, _, status in rows:
                self._found(name, status)
            self._counted(now)

    def _node(self, now: Micros, status: str) -> None:
        """The status of one node has come (2.0.8)."""
        state = self.state
        self._found(state.rows[state.row][0], status)
        state.row += 1
        if state.row < len(state.rows):
            self._ask("node", "node status", state.rows[state.row][0])
        else:
            self._counted(now)

    def _found(self, name: str, status: str) -> None:
        if status == "ping":
            self._say(ev.IpfailFound(name))
            self.state.found += 1

    def _counted(self, now: Micros) -> None:
        """The count is there: say so, and ask the other side for its own (semantics 11.2)."""
        state = self.state
        match state.subject:
            case "node":
                self._say(ev.IpfailNodeAlive() if state.found else ev.IpfailNodeDead())
            case "link":
                if not state.found:
                    self._say(ev.IpfailDead())
                self._ask_other()
                if state.found:
                    self._say(ev.IpfailCheck())
            case "compare":
                self._ask_other()
            case _:
                assert state.subject == "verdict"
                self._judge(now)

    def _ask_other(self) -> None:
        self._say(ev.IpfailAsk())
        self._send("num_ping_nodes", "num_ping", (("num_ping", str(self.state.found)),))

    def _judge(self, now: Micros) -> None:
        """Compare the own count with that of the other side."""
        state = self.state
        if state.found > state.remote:
            self._say(ev.IpfailTelling())
            self._say(ev.IpfailSendingDead())
            self._send("you_are_dead", "you_are_dead")
        elif state.found < state.remote:
            self._say(ev.IpfailFewer())
            self._delay(now, "all")
        else:
            self._say(ev.IpfailBalanced())
            self._send("abort_giveup")
            self._say(ev.IpfailAbortSent())
            if not self._abort() and state.auto_failback:
                self._ask("failback", "resources")

    def _failback(self, now: Micros, value: str) -> None:
        """Balanced under auto_failback on: foreign resources go home, if nothing is under way."""
        if value != "transition":
            self._say(ev.IpfailFailback())
            self._delay(now, "foreign")

    # ---- the delay ------------------------------------------------------------------------------

    def _delay(self, now: Micros, what: str) -> None:
        """Start the one timer, in place of one that runs."""
        state = self.state
        wait = 2 * state.keepalive
        self._say(ev.IpfailDelay(wait // SECOND))
        if state.giveup_due is not None:
            self._say(ev.IpfailTimerOverridden())
            self._say(ev.IpfailTimerDestroyed())
        state.giveups += 1
        state.giveup_due = now + max(0, wait + self.setting.slip(state.giveups))
        state.giveup_set = what

    def _abort(self) -> bool:
        """Stop the timer; return whether it was running."""
        state = self.state
        if state.giveup_due is None:
            return False
        state.giveup_due = None
        self._say(ev.IpfailAborted(_SOURCES + state.giveups))
        self._say(ev.IpfailTimerDestroyed())
        return True

    def timeout(self) -> None:
        """The delay is over: ask whether anything is under way."""
        state = self.state
        state.giveup_due, state.inside = None, "timer"
        self.tag = state.armed
        self._say(ev.IpfailFire())
        self._ask("giveup", "resources")

    def _give_up(self, value: str) -> None:
        """Ask for standby; while a transition is under way, remember to (semantics 11.6)."""
        state = self.state
        if value == "transition":
            state.need_standby = True
        else:
            body = (("rsc_hold", state.giveup_set), ("info", "me"))
            self._send("ask_resources", "ask_resources", body, to_other=False)
        self._say(ev.IpfailTimerDestroyed())

    # ---- outputs --------------------------------------------------------------------------------

    def _say(self, event: Event) -> None:
        """Write a line; the first one of a handler names what it is about."""
        why, self.tag = self.tag, None
        self.out.append(Happened(event, why))

    def _ask(self, step: str, what: str, arg: str = "") -> None:
        """Ask the daemon, and do nothing else until it has answered."""
        self.state.step = step
        self.state.waiting = Request(CLIENT, what, arg)
        self.out.append(self.state.waiting)

    def _send(
        self,
        type_: str,
        said: str = "",
        body: tuple[tuple[str, str], ...] = (),
        *,
        to_other: bool = True,
    ) -> None:
        """Send a message to the other node's ipfail, or to all daemons."""
        dest = self.state.other if to_other else None
        self.out.append(Request(CLIENT, "send", letter=Letter(type_, dest=dest, body=body)))
        if said:
            self._say(ev.IpfailSent(said))

    def quit(self, code: int) -> None:
        """Leave; a process that was told to signs off before."""
        self.state.phase = "ended"
        if code == 0:
            self.out.append(Request(CLIENT, "sign off"))
        self.out.append(Quit(code))
