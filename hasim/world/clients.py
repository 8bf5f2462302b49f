"""Respawn clients as processes: ipfail, and others of which only the process is simulated."""

from __future__ import annotations

from collections.abc import Sequence

from hasim.config import HACLUSTER
from hasim.events import (
    CcmExit,
    CcmReason,
    ClientExec,
    ClientUnstartable,
    IpfailDelay,
    ProcessExited,
    ProcessStarted,
)
from hasim.protocol import Answer, Happened, Message
from hasim.protocol.api import client_name
from hasim.protocol.ipfail import CLIENT, Ipfail, IpfailOutput, IpfailSetting, Quit
from hasim.protocol.messages import Request
from hasim.site import ScriptTimes
from hasim.trace import Source
from hasim.units import MS, SECOND, Micros
from hasim.world.boot import take_pids
from hasim.world.client_records import UNSAID, Asking, Birth, ClientState, Telling
from hasim.world.hub import Hub
from hasim.world.records import NodeState

__all__ = [
    "CCM",
    "CCM_REASON",
    "CLIENT_EXEC",
    "CLIENT_EXIT",
    "CLIENT_READ",
    "CLIENT_REQUEST",
    "CLIENT_SIGN_ON",
    "CLIENT_SLIP",
    "LATE_EXEC",
    "NOT_THERE",
    "REFUSED",
    "UNSTARTABLE",
    "ClientThing",
    "Clients",
]

#: A client's fork to its exec line, and to its sign-on with the API (recorded).
CLIENT_EXEC: Micros = 1 * MS
CLIENT_SIGN_ON = (5 * MS, 11 * MS, 40 * MS)
#: One that died quickly sleeps so long in its new child before the exec (semantics 6.7).
LATE_EXEC: Micros = SECOND
#: A request reaches the daemon so long after what it is made for (semantics 2.2).
CLIENT_REQUEST = (700, 1300)
#: A process is gone so long after its last deed.
CLIENT_EXIT = (500, 1500)
#: A timer of a client comes so much late or early: its library counts ticks (recorded).
CLIENT_SLIP = (-3 * MS, 4 * MS)
_SIGTERM = 15
#: Exit codes of a client that was refused, and of one that could not be executed.
REFUSED = 1
UNSTARTABLE = 100
NOT_THERE = "No such file or directory"
CCM = "ccm"
#: What the client library of a refused ccm says (semantics 13).
CCM_REASON = "can't send message to IPC: Success"
#: With one processor: from the daemon's turn to the client's.
CLIENT_READ: Micros = 1 * MS


class ClientThing:
    """One client process as a thing of the kernel.

    A client that is not ipfail is a process that runs until it is told to stop, or as long as the
    site says, and then ends with the code that the site says.  It signs on with the daemon if the
    site, or the cluster manager that it belongs to, says so; beyond that it has no word for it.

    What the semantics leave open: a client that is refused ends with 1, and only ccm's lines are
    known; one that cannot be executed ends with 100, and so is not started again.
    """

    __slots__ = ("hub", "machine", "owner", "program", "state")

    def __init__(self, owner: Clients, state: ClientState) -> None:
        self.owner = owner
        self.hub = owner.hub
        self.state = state
        self.program = client_name(state.command)
        self.machine: Ipfail | None = None
        if state.ipfail is not None:
            self.machine = Ipfail(self._setting(), state.ipfail)

    @property
    def name(self) -> str:
        """The name that begins those of its draws."""
        return f"{self.state.node}/{self.program}{self.state.life}"

    def _setting(self) -> IpfailSetting:
        def slip(number: int) -> Micros:
            return self.hub.draws.between(f"{self.name}/giveup{number}", *CLIENT_SLIP)

        return IpfailSetting(self.state.node, self.hub.dialect == "2.0.8", slip)

    # ---- the thing ------------------------------------------------------------------------------

    @property
    def deadline(self) -> Micros | None:
        """The next stage, request or timer; on a hung node every process stands still."""
        state = self.state
        if self.hub.state.nodes[state.node].hung:
            return None
        due = state.due
        if state.outbox and (due is None or state.outbox[0].at < due):
            due = state.outbox[0].at
        if state.inbox and (due is None or state.inbox[0].at < due):
            due = state.inbox[0].at
        if self.machine is not None and state.connected:
            timer = self.machine.deadline
            if timer is not None and (due is None or timer < due):
                due = timer
        return due

    def fire(self, now: Micros) -> None:
        """Take the next step."""
        state, machine = self.state, self.machine
        while state.outbox and state.outbox[0].at <= now:
            asking = state.outbox.pop(0)
            self.hub.hosts[state.node].request(now, asking.request)
        while state.inbox and state.inbox[0].at <= now and machine is not None:
            self.carry_out(now, machine.told(now, state.inbox.pop(0).message))
        if state.due is not None and state.due <= now:
            if state.ending is not None:
                self.owner.ended(self, now, *state.ending, state.line)
                return
            self._next_stage(now)
        elif machine is not None and state.connected:
            timer = machine.deadline
            if timer is not None and timer <= now:
                self.carry_out(now, machine.fire(now))

    def _next_stage(self, now: Micros) -> None:
        state, hub = self.state, self.hub
        if state.stage == "forked":
            self._execute(now)
        elif state.stage == "running":
            self._leave(now, self._traits.exits, None)
        elif not state.connected:
            # There is nobody to sign on with.
            self.owner.ended(self, now, 1, None, state.line)
        else:
            self._run(now)
            if self.program == CLIENT:
                self.machine = Ipfail.boot(self._setting(), state.pid)
                state.ipfail = self.machine.state
                self.carry_out(now, self.machine.started(now))
            kept = self._traits.keeps_channel
            hub.hosts[state.node].signed_on(now, state, self.program, kept)

    @property
    def _traits(self) -> ScriptTimes:
        """What the site says of the program."""
        return self.hub.site.script_traits(self.state.node, self.program)

    def _execute(self, now: Micros) -> None:
        """The child becomes the client, if there is such a program."""
        state, hub = self.state, self.hub
        source = Source(state.node, "heartbeat", state.pid)
        if state.parent is None:
            uid, gid = HACLUSTER[hub.dialect]
            if state.birth.uid is not None and state.birth.gid is not None:
                uid, gid = state.birth.uid, state.birth.gid
            event = ClientExec(state.command, uid, gid, state.pid)
            state.line = hub.record(now, source, event, state.line)
        else:
            started = ProcessStarted(state.node, self.program, state.pid)
            state.line = hub.truth(now, started, state.line, state.node)
        if self._traits.missing:
            missing = ClientUnstartable(state.command, NOT_THERE)
            state.line = hub.record(now, source, missing, state.line)
            self._leave(now, UNSTARTABLE, None)
        elif self.program == CLIENT or state.birth.signs_on or self._traits.signs_on:
            wait = hub.draws.spread(f"{self.name}/sign-on", *CLIENT_SIGN_ON)
            state.stage, state.due = "executed", now + max(0, wait - CLIENT_EXEC)
        else:
            self._run(now)

    def _run(self, now: Micros) -> None:
        """The main loop begins; crmd starts its own children."""
        state = self.state
        state.stage, state.due = "running", None
        if self.program != CLIENT and self._traits.run is not None:
            state.due = now + self.hub.time(f"{self.name}/life", self._traits.run)
        for child in state.birth.children:
            self.owner.start_child(self, now, child)

    def refused(self, now: Micros, cause: int | None) -> None:
        """The daemon has refused the sign-on: the process ends (semantics 13)."""
        state = self.state
        state.line, state.outbox, state.inbox = cause, [], []
        if self.machine is not None:
            self.machine.state.phase = "ended"
        if self.program == CCM:
            source = Source(state.node, CCM, state.pid)
            for event in (CcmReason(CCM_REASON), CcmExit()):
                state.line = self.hub.record(now, source, event, state.line)
        self._leave(now, REFUSED, None)
        self.hub.touch(self)

    # ---- what the process does ------------------------------------------------------------------

    def carry_out(self, now: Micros, outputs: Sequence[IpfailOutput]) -> None:
        """Record its lines with their causes, send its requests on their way, let it end."""
        state, machine = self.state, self.machine
        assert machine is not None
        source = Source(state.node, self.program, state.pid)
        for output in outputs:
            if isinstance(output, Happened):
                cause = output.why if isinstance(output.why, int) else state.line
                state.line = self.hub.record(now, source, output.event, cause)
                if isinstance(output.event, IpfailDelay):
                    machine.state.armed = state.line
            elif isinstance(output, Quit):
                self._leave(now, output.code, output.signal)
            else:
                self._ask(now, output)
        self.hub.touch(self)

    def _ask(self, now: Micros, request: Request) -> None:
        """Put a request on its way; one overtakes no other."""
        state = self.state
        state.asked += 1
        at = now + self.hub.draws.between(f"{self.name}/request{state.asked}", *CLIENT_REQUEST)
        if state.outbox:
            at = max(at, state.outbox[-1].at)
        if request.letter is not None:
            request = request._replace(letter=request.letter._replace(tag=state.line))
        state.outbox.append(Asking(at, request))

    def _leave(self, now: Micros, code: int | None, signal: int | None) -> None:
        """The process ends as soon as its last request is on its way."""
        state = self.state
        if signal is not None:
            state.outbox = []
        last = state.outbox[-1].at if state.outbox else now
        state.ending = (code, signal)
        state.due = last + self.hub.draws.between(f"{self.name}/exit", *CLIENT_EXIT)

    def orphaned(self, now: Micros, cause: int | None) -> None:
        """The client that has started this process is gone: it ends as well."""
        if self.state.ending is None:
            self.state.line = cause
            self._leave(now, 0, None)
            self.hub.touch(self)

    def stop(self, now: Micros, cause: int | None) -> None:
        """SIGTERM: ipfail ends when it looks, any other client at once (semantics 6.3)."""
        if self.state.ending is not None:
            return
        if cause is not None:
            self.state.line = cause
        if self.machine is None:
            self._leave(now, None, 15)
        else:
            self.carry_out(now, self.machine.terminated(now))
        self.hub.touch(self)


class Clients:
    """All client processes of a world."""

    def __init__(self, hub: Hub) -> None:
        self.hub = hub
        self.things: list[ClientThing] = []
        for state in hub.state.clients:
            self._live(state)

    def _live(self, state: ClientState) -> None:
        thing = ClientThing(self, state)
        self.things.append(thing)
        self.hub.add(thing, "client", state.number)

    def _of(self, node: str) -> list[ClientThing]:
        """Return the clients of the daemon that runs on a node."""
        return [t for t in self.things if t.state.node == node and t.state.connected]

    # ---- called by the daemon -------------------------------------------------------------------

    def start(
        self,
        node: NodeState,
        now: Micros,
        command: str,
        late: bool,
        cause: int | None,
        birth: Birth = UNSAID,
    ) -> None:
        """Fork a client; a `late` one sleeps a second before its exec (semantics 5.2, 6.7)."""
        state = self._fork(node, now, command, cause, birth)
        if late and state.due is not None:
            state.due += LATE_EXEC
        self._live(state)

    def start_child(self, parent: ClientThing, now: Micros, command: str) -> None:
        """A client starts a process of its own, as the same user."""
        node = self.hub.state.nodes[parent.state.node]
        born = parent.state.birth._replace(signs_on=False, children=())
        state = self._fork(node, now, command, parent.state.line, born)
        state.parent = parent.state.pid
        self._live(state)

    def _fork(
        self, node: NodeState, now: Micros, command: str, cause: int | None, birth: Birth
    ) -> ClientState:
        world = self.hub.state
        world.clients_made += 1
        counted = f"client {client_name(command)}"
        life = node.counts[counted] = node.counts.get(counted, 0) + 1
        state = ClientState(
            node.name,
            world.clients_made,
            command,
            take_pids(node, 1),
            life,
            due=now + CLIENT_EXEC,
            line=cause,
            birth=birth,
        )
        world.clients.append(state)
        return state

    def refused(self, node: str, now: Micros, pid: int, cause: int | None) -> None:
        """The daemon refuses the sign-on of a process."""
        for thing in self._of(node):
            if thing.state.pid == pid:
                thing.refused(now, cause)

    def stop(self, node: NodeState, now: Micros, command: str, cause: int | None) -> None:
        """Send SIGTERM to a client."""
        for thing in self._of(node.name):
            if thing.state.command == command:
                thing.stop(now, cause)

    def tell(self, node: str, now: Micros, message: Message, cause: int | None) -> None:
        """Hand a message to every client of a node; it reads it within a millisecond."""
        for thing in self._of(node):
            machine = thing.machine
            if machine is None or machine.state.phase == "ended":
                continue
            tagged = message._replace(tag=cause)
            if self.hub.state.nodes[node].hung:
                machine.deliver(tagged)
            elif self.hub.site.daemon.processors == 1:
                # It gets the only processor when the daemon has done.
                thing.state.inbox.append(Telling(now + CLIENT_READ, tagged))
                self.hub.touch(thing)
            else:
                thing.carry_out(now, machine.told(now, tagged))

    def answer(self, node: str, now: Micros, answer: Answer, cause: int | None) -> None:
        """Answer a client's request; what follows in its log follows from the question."""
        for thing in self._of(node):
            if thing.machine is not None and thing.program == answer.request.client:
                thing.carry_out(now, thing.machine.answered(now, answer))

    def daemon_gone(self, node: str) -> None:
        """The daemon was killed: the channels are dead, and its clients linger (semantics 6.6)."""
        for thing in self._of(node):
            thing.state.connected = False
            thing.state.outbox = []
            thing.state.inbox = []
            self.hub.touch(thing)

    # ---- called by the world --------------------------------------------------------------------

    def killed(
        self, node: str, now: Micros, signal: int, cause: int | None, program: str = CLIENT
    ) -> None:
        """Every process of a program on a node gets a signal; SIGTERM ipfail heeds in its time."""
        for thing in [t for t in self.things if t.state.node == node and t.program == program]:
            if signal == _SIGTERM:
                thing.stop(now, cause)
            else:
                self.ended(thing, now, None, signal, cause)

    def ended(
        self,
        thing: ClientThing,
        now: Micros,
        code: int | None,
        signal: int | None,
        cause: int | None,
    ) -> None:
        """A process has ended; its parent is told, if it has one."""
        state = thing.state
        exited = ProcessExited(state.node, thing.program, state.pid, code, signal)
        gone = self.hub.truth(now, exited, cause, state.node)
        self._remove(thing)
        for child in [t for t in self.things if t.state.node == state.node]:
            if child.state.parent == state.pid:
                child.orphaned(now, gone)
        if state.connected and state.parent is None:
            host = self.hub.hosts[state.node]
            host.client_exited(now, state.command, state.pid, code, signal)

    def touch(self, node: str) -> None:
        """A node has been hung or thawed: its processes look at their deadlines again."""
        for thing in self.things:
            if thing.state.node == node:
                self.hub.touch(thing)

    def end_all(self, node: str) -> None:
        """A node has lost its power: every process on it is gone."""
        for thing in [t for t in self.things if t.state.node == node]:
            self._remove(thing)

    def _remove(self, thing: ClientThing) -> None:
        self.hub.state.clients.remove(thing.state)
        self.things.remove(thing)
        self.hub.remove(thing)
