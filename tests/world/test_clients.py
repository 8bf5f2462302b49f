"""Client processes in the world: their life, their channel, their end (semantics 5.2, 6.3, 6.6)."""

from __future__ import annotations

import copy
import pickle

import pytest

from hasim.catalogue import line_of
from hasim.draws import Draws, TypicalDraws
from hasim.events import ClientExec, IpfailDelay, IpfailPid, NodeBooted, ProcessExited
from hasim.protocol import Answer, Message
from hasim.protocol.api import client_name
from hasim.protocol.messages import Request
from hasim.trace import Record, Recorder, Source
from hasim.units import MS, SECOND, Micros
from hasim.world.client_records import ClientState
from hasim.world.clients import CLIENT_EXEC, LATE_EXEC, Clients
from hasim.world.hub import Hub
from hasim.world.kernel import Kernel
from hasim.world.records import NodeState, WorldState
from tests.protocol.ipfail_bench import GATEWAY, asks, link, message, status
from tests.world.support import site_of

IPFAIL = "/usr/lib/heartbeat/ipfail"
OTHER = "/usr/local/bin/watcher -v"
ROWS = ((GATEWAY, "ping", "ping"), ("b", "normal", "active"), ("a", "normal", "active"))
#: Numbers below this one are records of something else: causes to point to.
CAUSES = 100
WORDS = {"resources": "local", "auto_failback": "on", "keepalive": "1000ms"}


class Node:
    """A daemon's side of the channel: it serves requests half a second after they come."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.signed: list[tuple[Micros, str]] = []
        self.requests: list[tuple[Micros, Request]] = []
        self.waiting: list[Request] = []
        self.exits: list[tuple[Micros, str, int, int | None, int | None]] = []

    def signed_on(self, now: Micros, client: ClientState, name: str, kept: bool) -> None:
        self.signed.append((now, name))

    def request(self, now: Micros, request: Request) -> None:
        self.requests.append((now, request))
        self.waiting.append(request)

    def client_exited(
        self, now: Micros, command: str, pid: int, code: int | None, signal: int | None
    ) -> None:
        self.exits.append((now, command, pid, code, signal))


class Desk:
    """A hub with clients on one node and nobody else; time is moved by hand."""

    def __init__(self, version: str = "3.0.6", state: WorldState | None = None, **more: int):
        self.hub = hub = Hub.__new__(Hub)
        site = site_of(version)
        if state is None:
            nodes = {"node1": NodeState("node1", 100)}
            state = WorldState(0, None, nodes, [], [])  # type: ignore[arg-type]
        hub.site, hub.state, hub.recorder = site, state, Recorder()
        for _ in range(CAUSES):
            hub.recorder.emit(0, Source(None, "kernel", None), NodeBooted("node1"))
        seed = more.get("seed")
        hub.draws = TypicalDraws(0) if seed is None else Draws(seed)
        hub.kernel, hub.slots, hub.last_record = Kernel(state.now), {}, None
        self.host = Node(self)
        hub.hosts = {"node1": self.host}  # type: ignore[dict-item]
        self.clients = hub.clients = Clients(hub)
        self.rows = ROWS

    @property
    def node(self) -> NodeState:
        return self.hub.state.nodes["node1"]

    @property
    def now(self) -> Micros:
        return self.hub.kernel.now

    def start(self, command: str = IPFAIL, late: bool = False, cause: int | None = 7) -> None:
        self.clients.start(self.node, self.now, command, late, cause)

    def run(self, seconds: float, serve: bool = True) -> None:
        """Let time pass in steps of half a second; each step serves all that has been asked."""
        end = self.now + round(seconds * 1000) * MS
        while self.now < end:
            self.hub.kernel.run(min(end, self.now + 500 * MS))
            if serve:
                self.serve()

    def serve(self) -> None:
        waiting, self.host.waiting = self.host.waiting, []
        for request in waiting:
            if request.letter is None and request.what != "sign off":
                self.clients.answer("node1", self.now, self.answer_of(request), None)

    def answer_of(self, request: Request) -> Answer:
        if request.what == "node list":
            return Answer(request, self.rows)
        return Answer(request, WORDS.get(request.arg or request.what, ""))

    def tell(self, one: Message, cause: int | None = None) -> None:
        self.clients.tell("node1", self.now, one, cause)

    def up(self) -> Desk:
        """Return the desk with one ipfail in its main loop."""
        self.start()
        self.run(8)
        assert self.said()[-1] == "Waiting for messages..."
        return self

    def records(self, kind: type) -> list[Record]:
        return [r for r in self.hub.recorder.records if isinstance(r.event, kind)]

    def said(self) -> list[str]:
        lines = (line_of(r.event, "3.0.6") for r in self.hub.recorder.records)
        return [line.text for line in lines if line is not None]


@pytest.fixture
def desk() -> Desk:
    return Desk()


# ---- start --------------------------------------------------------------------------------------


def test_a_client_is_executed_and_signs_on(desk: Desk) -> None:
    desk.start()
    desk.run(0.5)
    (executed,), (pid,) = desk.records(ClientExec), desk.records(IpfailPid)
    assert executed.at == CLIENT_EXEC
    assert executed.cause == 7
    assert pid.cause == executed.seq
    assert pid.source.program == "ipfail"
    assert desk.host.signed == [(pid.at, "ipfail")]
    assert pid.at > executed.at


def test_a_late_client_sleeps_a_second_before_its_exec(desk: Desk) -> None:
    desk.start(late=True)
    desk.run(2)
    assert desk.records(ClientExec)[0].at == LATE_EXEC + CLIENT_EXEC


def test_its_first_request_comes_after_its_sign_on_and_reaches_the_daemon_within_two_ms(
    desk: Desk,
) -> None:
    desk.start()
    desk.run(0.4, serve=False)
    ((at, request),) = desk.host.requests
    assert request.what == "resources"
    assert 0 < at - desk.host.signed[0][0] < 2 * MS


def test_another_program_never_says_a_word_to_the_daemon(desk: Desk) -> None:
    desk.start(OTHER)
    desk.run(3)
    desk.tell(status("b", "dead"))
    desk.run(3)
    assert desk.said() == [f'Starting "{OTHER}" as uid 102  gid 105 (pid 100)']
    assert not desk.host.signed
    assert not desk.host.requests


def test_the_name_of_a_client_is_that_of_its_program() -> None:
    assert client_name(IPFAIL) == "ipfail"
    assert client_name("ipfail -x /tmp/y") == "ipfail"
    assert client_name(OTHER) == "watcher"


def test_each_process_of_a_command_has_draws_of_its_own() -> None:
    desk = Desk(seed=3)
    desk.start()
    desk.run(1)
    desk.clients.killed("node1", desk.now, 9, None)
    begun = desk.now
    desk.start()
    desk.run(1)
    first, second = desk.records(IpfailPid)
    assert first.at != second.at - begun


# ---- requests and causes ------------------------------------------------------------------------


def test_what_it_is_told_is_handled_at_once(desk: Desk) -> None:
    desk.up()
    desk.tell(status("b", "up"), 41)
    assert desk.hub.recorder.records[-1].at == desk.now
    assert desk.hub.recorder.records[-1].cause == 41


def test_each_line_follows_from_the_one_before_and_the_first_from_the_message(desk: Desk) -> None:
    desk.up()
    begin = len(desk.hub.recorder.records)
    desk.tell(link("b", "eth0", "dead"), 41)
    desk.run(1)
    told = desk.hub.recorder.records[begin:]
    assert len(told) == 5
    assert [r.cause for r in told] == [41, *(r.seq for r in told[:-1])]


def test_a_letter_carries_the_record_of_its_line(desk: Desk) -> None:
    desk.up()
    desk.tell(message("num_ping_nodes", num_ping="0"), 41)
    desk.run(1)
    letter = desk.host.requests[-1][1].letter
    assert letter is not None
    assert letter.type == "you_are_dead"
    assert letter.tag is not None
    event = desk.hub.recorder.records[letter.tag].event
    assert type(event).__name__ == "IpfailSendingDead"


def test_the_end_of_a_delay_follows_from_the_line_that_announced_it(desk: Desk) -> None:
    desk.up()
    desk.tell(message("you_are_dead"), 41)
    desk.tell(status("b", "up"), 42)
    desk.run(4)
    (delay,) = desk.records(IpfailDelay)
    fired = next(r for r in desk.hub.recorder.records if type(r.event).__name__ == "IpfailFire")
    assert fired.cause == delay.seq
    assert abs(fired.at - delay.at - 2 * SECOND) < 5 * MS
    letter = desk.host.requests[-1][1].letter
    assert letter is not None
    assert dict(letter.body) == {"rsc_hold": "all", "info": "me"}


def test_requests_keep_their_order(desk: Desk) -> None:
    desk = Desk(seed=11).up()
    desk.host.requests.clear()
    desk.tell(asks(0))
    desk.tell(link("b", "eth0", "dead"))
    desk.tell(link("b", "eth1", "dead"))
    desk.run(5)
    kinds = [r.letter.type if r.letter else r.what for _, r in desk.host.requests]
    assert kinds == [
        "node list",
        "you_are_dead",
        "node list",
        "num_ping_nodes",
        "node list",
        "num_ping_nodes",
    ]
    times = [at for at, _ in desk.host.requests]
    assert times == sorted(times)


def test_the_ipfail_of_2_0_8_asks_for_every_node() -> None:
    desk = Desk("2.0.8").up()
    desk.host.requests.clear()
    desk.tell(status("b", "dead"))
    desk.run(4)
    assert [r.what for _, r in desk.host.requests] == ["node list", *["node status"] * 3]


# ---- the end ------------------------------------------------------------------------------------


def test_a_stopped_ipfail_signs_off_and_ends_within_its_tick(desk: Desk) -> None:
    desk.up()
    began = desk.now
    desk.clients.stop(desk.node, desk.now, IPFAIL, 99)
    desk.run(2)
    ((at, command, pid, code, signal),) = desk.host.exits
    assert (command, pid, code, signal) == (IPFAIL, 100, 0, None)
    assert 0 < at - began <= SECOND + 5 * MS
    assert desk.host.requests[-1][1].what == "sign off"
    assert desk.records(ProcessExited)[0].cause == 99
    assert not desk.hub.state.clients


def test_another_program_is_stopped_by_the_signal(desk: Desk) -> None:
    desk.start(OTHER)
    desk.run(1)
    desk.clients.stop(desk.node, desk.now, OTHER, None)
    desk.run(1)
    ((at, *_, code, signal),) = desk.host.exits
    assert (code, signal) == (None, 15)
    assert at < SECOND + 5 * MS


def test_a_client_stopped_before_its_exec_is_never_executed(desk: Desk) -> None:
    desk.start(late=True)
    desk.run(0.5)
    desk.clients.stop(desk.node, desk.now, IPFAIL, None)
    desk.run(3)
    assert not desk.records(ClientExec)
    assert desk.host.exits[0][4] == 15


def test_only_the_command_that_is_meant_is_stopped(desk: Desk) -> None:
    desk.up()
    desk.start(OTHER)
    desk.run(1)
    desk.clients.stop(desk.node, desk.now, OTHER, None)
    desk.run(3)
    assert [command for _, command, *_ in desk.host.exits] == [OTHER]


def test_without_managed_resources_it_ends_with_100(desk: Desk) -> None:
    desk.start()
    desk.run(0.4, serve=False)
    request = desk.host.waiting.pop()
    desk.clients.answer("node1", desk.now, Answer(request, ""), None)
    desk.run(1)
    assert desk.said()[-1] == "No managed resources"
    assert desk.host.exits[0][3:] == (100, None)


def test_a_killed_ipfail_is_gone_at_once_and_its_parent_hears_of_it(desk: Desk) -> None:
    desk.up()
    desk.tell(link("b", "eth0", "dead"))
    desk.clients.killed("node1", desk.now, 9, 55)
    assert desk.host.exits == [(desk.now, IPFAIL, 100, None, 9)]
    assert desk.records(ProcessExited)[0].cause == 55
    asked = len(desk.host.requests)
    before = len(desk.hub.recorder.records)
    desk.run(5)
    assert len(desk.host.requests) == asked
    assert len(desk.hub.recorder.records) == before


def test_when_the_daemon_is_killed_ipfail_lingers_and_does_nothing(desk: Desk) -> None:
    desk.up()
    desk.tell(message("you_are_dead"))
    desk.clients.daemon_gone("node1")
    before = len(desk.hub.recorder.records)
    desk.tell(status("b", "dead"))
    desk.run(30)
    assert len(desk.hub.recorder.records) == before
    assert len(desk.hub.state.clients) == 1
    desk.clients.killed("node1", desk.now, 9, None)
    assert not desk.hub.state.clients
    assert not desk.host.exits


def test_a_client_that_finds_no_daemon_ends_without_a_word(desk: Desk) -> None:
    desk.start()
    desk.hub.kernel.run(2 * MS)
    desk.clients.daemon_gone("node1")
    desk.run(3)
    assert not desk.host.signed
    assert not desk.hub.state.clients
    assert not desk.host.exits


def test_a_lingering_ipfail_does_not_disturb_the_next_one(desk: Desk) -> None:
    desk.up()
    desk.clients.daemon_gone("node1")
    desk.start()
    desk.run(5)
    desk.tell(status("b", "up"))
    assert desk.said()[-1] == "Status update: Node b now has status up"
    assert desk.said().count("Status update: Node b now has status up") == 1
    assert desk.hub.recorder.records[-1].source.pid == 101


def test_a_loss_of_power_leaves_nothing(desk: Desk) -> None:
    desk.up()
    desk.start(OTHER)
    desk.clients.end_all("node1")
    before = len(desk.hub.recorder.records)
    desk.run(5)
    assert not desk.hub.state.clients
    assert not desk.host.exits
    assert len(desk.hub.recorder.records) == before


# ---- hangs --------------------------------------------------------------------------------------


def test_on_a_hung_node_its_timers_run_late(desk: Desk) -> None:
    desk.up()
    desk.tell(message("you_are_dead"))
    desk.node.hung.append(1)
    desk.clients.touch("node1")
    desk.run(10)
    assert desk.said()[-1] == "Delayed giveup in 2 seconds."
    desk.node.hung.clear()
    desk.clients.touch("node1")
    thawed = desk.now
    desk.hub.kernel.run(thawed + 1)
    fired = desk.hub.recorder.records[-1]
    assert type(fired.event).__name__ == "IpfailFire"
    assert fired.at == thawed


def test_what_it_is_told_during_a_hang_it_reads_afterwards(desk: Desk) -> None:
    desk.up()
    desk.node.hung.append(1)
    desk.clients.touch("node1")
    desk.tell(status("b", "up"))
    desk.run(3)
    assert desk.said()[-1] == "Waiting for messages..."
    desk.node.hung.clear()
    desk.clients.touch("node1")
    desk.run(0.1)
    assert desk.said()[-1] == "Status update: Node b now has status up"


# ---- snapshots ----------------------------------------------------------------------------------


@pytest.mark.parametrize("after_ms", [0, 1, 3, 9, 400, 2000, 4500, 5001, 5300, 5600, 7500])
def test_a_world_resumed_in_the_middle_of_anything_goes_on_the_same(after_ms: int) -> None:
    def began() -> Desk:
        desk = Desk(seed=5)
        desk.start()
        return desk

    def play(desk: Desk, since: Micros, until: Micros) -> None:
        """Serve every half second, and tell a burst at five seconds."""
        for at in sorted({*range(500 * MS, 12 * SECOND, 500 * MS), 5 * SECOND, until}):
            if since < at <= until:
                desk.hub.kernel.run(at)
                if at % (500 * MS) == 0:
                    desk.serve()
                if at == 5 * SECOND:
                    desk.tell(link("b", "eth0", "dead"), 3)
                    desk.tell(message("you_are_dead"), 4)

    end = 11 * SECOND
    one = began()
    play(one, 0, end)
    split = after_ms * MS
    two = began()
    play(two, 0, split)
    two.hub.state.now = two.now
    frozen = pickle.dumps(two.hub.state)
    three = Desk(state=pickle.loads(frozen), seed=5)
    assert three.hub.state == two.hub.state
    three.host.waiting = copy.deepcopy(two.host.waiting)
    three.hub.recorder = two.hub.recorder
    play(three, split, end)
    rest = [(r.at, r.event, r.cause) for r in three.hub.recorder.records]
    assert rest == [(r.at, r.event, r.cause) for r in one.hub.recorder.records]
