"""What an outside client sees of an address: announcements, its ARP entry, and how it runs out."""

from __future__ import annotations

import copy
from collections.abc import Sequence

import pytest

from hasim.draws import Draws, TypicalDraws
from hasim.events import AddressDown, AddressUp, ServiceAnswered, ServiceSilent, WireCut
from hasim.site import parse_site
from hasim.trace import Recorder, RecorderState
from hasim.units import SECOND, Micros
from hasim.world.hub import Hub
from hasim.world.lan import CHECK_DELAY, CHECK_LAG, PROBES, REACHABLE, RETRANS, Lan
from hasim.world.records import NodeState, WorldState
from hasim.world.topology import Topology

VIP = "10.0.0.200"
SITE = """\
[switch.lan]
power = "utility"
[switch.cross]
[node.node1]
nic.eth0 = { on = "lan", address = "10.0.0.1/24" }
nic.eth1 = { on = "cross" }
[node.node2]
nic.eth0 = { on = "lan", address = "10.0.0.2/24" }
nic.eth1 = { on = "cross" }
"""
CLIENT = '[host.client]\non = "lan"\nprobes = "10.0.0.200"\n'
REACHED = sum(REACHABLE) // 2
DELAY = CHECK_DELAY + sum(CHECK_LAG) // 2
CHECK = PROBES * RETRANS


class Bench:
    """Two machines, a switch and a client, without any daemon; the test is the fault player."""

    def __init__(
        self,
        extra: str = CLIENT,
        draws: Draws | None = None,
        state: WorldState | None = None,
        records: RecorderState | None = None,
    ) -> None:
        site = parse_site(SITE + extra)
        nodes = {name: NodeState(name, 100) for name in site.nodes}
        self.recorder = Recorder(records)
        self.draws = draws or TypicalDraws(0)
        self.extra = extra
        state = state or WorldState(0, Topology(site).state, nodes, [], [])
        self.hub = Hub({}, {}, site, self.draws, state, self.recorder, 0)
        self.lan = Lan(self.hub)

    def copied(self) -> Bench:
        """A bench that goes on from a copy of this one's data."""
        state = copy.deepcopy(self.hub.state)
        state.now = self.hub.kernel.now
        return Bench(self.extra, self.draws, state, self.recorder.state())

    def to(self, seconds: float) -> Micros:
        at = round(seconds * SECOND)
        self.hub.kernel.run(at)
        return at

    def up(self, seconds: float, node: str, announced: bool = True) -> None:
        now = self.to(seconds)
        self.hub.state.nodes[node].addresses[f"{VIP}/24"] = "eth0:0"
        seq = self.hub.truth(now, AddressUp(node, f"{VIP}/24"), None, node)
        self.lan.changed(now, seq)
        if announced:
            self.lan.announce(now, node, f"{VIP}/24", "eth0", seq)

    def down(self, seconds: float, node: str) -> None:
        now = self.to(seconds)
        del self.hub.state.nodes[node].addresses[f"{VIP}/24"]
        self.lan.changed(now, self.hub.truth(now, AddressDown(node, f"{VIP}/24"), None, node))

    def cut(self, seconds: float, wire: str, way: str = "out", mend: bool = False) -> None:
        now = self.to(seconds)
        causes = self.hub.topology.state.wires[wire].cut[way]
        if mend:
            causes.clear()
        else:
            causes.append(7)
        self.lan.changed(now, self.hub.truth(now, WireCut(wire, way), None))

    def seen(self, seconds: float) -> list[tuple[float, str, str]]:
        self.to(seconds)
        return [
            (r.at / SECOND, "answer" if isinstance(r.event, ServiceAnswered) else "silent", by)
            for r in self.recorder.records
            if isinstance(r.event, ServiceAnswered | ServiceSilent) and (by := r.event.by)
        ]


@pytest.fixture
def bench() -> Bench:
    return Bench()


def test_without_a_client_nothing_is_worked_out_and_nothing_recorded() -> None:
    alone = Bench("")
    alone.up(1, "node1")
    alone.down(2, "node1")
    assert alone.seen(60) == []
    assert alone.lan.deadline is None
    assert alone.hub.kernel.fired == 0


def test_an_announced_address_is_heard_at_once_and_its_loss_too(bench: Bench) -> None:
    bench.up(1, "node1")
    bench.down(2, "node1")
    assert bench.seen(60) == [(1, "answer", "node1"), (2, "silent", "node1")]


def test_an_address_that_nobody_announces_is_found_by_the_next_broadcast(bench: Bench) -> None:
    bench.up(1.2, "node1", announced=False)
    ((at, what, by),) = bench.seen(60)
    assert (what, by) == ("answer", "node1")
    assert at == pytest.approx(1.5)  # one a second, the phase in the middle


def test_a_healthy_service_costs_no_event(bench: Bench) -> None:
    bench.up(1, "node1")
    fired = bench.hub.kernel.fired
    bench.to(86_400)
    assert bench.hub.kernel.fired == fired


def test_a_takeover_with_announcement_ends_the_silence_at_once(bench: Bench) -> None:
    bench.up(1, "node1")
    bench.down(30, "node1")
    bench.up(31, "node2")
    assert bench.seen(90)[1:] == [(30, "silent", "node1"), (31, "answer", "node2")]


def test_without_announcement_the_client_is_deaf_until_its_entry_has_run_out(bench: Bench) -> None:
    bench.up(1, "node1")
    bench.down(30, "node1")
    bench.up(31, "node2", announced=False)
    # Learned at 1, checked at 6, and again a reachable time and a delay later, for 3 s.
    deaf = 1 + (2 * DELAY + REACHED + CHECK) / SECOND
    assert bench.seen(90)[1:] == [(30, "silent", "node1"), (deaf, "answer", "node2")]


def test_of_two_holders_the_one_that_announces_wins_without_a_silence(bench: Bench) -> None:
    bench.up(1, "node1")
    bench.up(10, "node2")
    assert bench.seen(300) == [(1, "answer", "node1"), (10, "answer", "node2")]


def test_when_the_announcer_gives_up_the_old_holder_is_found_late(bench: Bench) -> None:
    # As recorded when a master was killed: node1 keeps the address, node2 takes it and gives it
    # back, and nobody announces it again.
    bench.up(1, "node1")
    bench.up(10, "node2")
    bench.down(30, "node2")
    deaf = 10 + (2 * DELAY + REACHED + CHECK) / SECOND
    assert bench.seen(300)[2:] == [(30, "silent", "node2"), (deaf, "answer", "node1")]


@pytest.mark.parametrize("seed", range(20))
def test_the_deafness_lies_between_what_linux_allows(seed: int) -> None:
    bench = Bench(draws=Draws(seed))
    bench.up(1, "node1")
    bench.up(10, "node2")
    bench.down(30, "node2")
    (_, _, silent, (back, _, by)) = bench.seen(300)
    assert (silent[0], by) == (30, "node1")
    assert (
        CHECK / SECOND <= back - 30 <= (CHECK_DELAY + CHECK_LAG[1] + REACHABLE[1] + CHECK) / SECOND
    )


def test_seeds_differ_in_how_long_an_entry_lasts() -> None:
    ends = set()
    for seed in range(5):
        bench = Bench(draws=Draws(seed))
        bench.up(1, "node1")
        bench.up(10, "node2")
        bench.down(30, "node2")
        ends.add(bench.seen(300)[-1][0])
    assert len(ends) == 5


def test_a_cable_cut_in_either_direction_silences(bench: Bench) -> None:
    bench.up(1, "node1")
    for second, way in ((10, "out"), (20, "in")):
        bench.cut(second, "node1:eth0", way)
        bench.cut(second + 1, "node1:eth0", way, mend=True)
    assert bench.seen(60)[1:] == [
        (10, "silent", "node1"),
        (11, "answer", "node1"),
        (20, "silent", "node1"),
        (21, "answer", "node1"),
    ]


def test_the_cable_of_another_nic_does_not_matter(bench: Bench) -> None:
    bench.up(1, "node1")
    bench.cut(10, "node1:eth1")
    assert bench.seen(60) == [(1, "answer", "node1")]


def test_an_announcement_over_a_cut_cable_is_lost(bench: Bench) -> None:
    bench.up(1, "node1")
    bench.cut(5, "node2:eth0")
    bench.up(10, "node2")
    assert bench.seen(300) == [(1, "answer", "node1")]


def test_an_announcement_may_be_lost_on_a_bad_cable() -> None:
    heard = 0
    for seed in range(40):
        bench = Bench(draws=Draws(seed))
        bench.up(1, "node1")
        bench.hub.topology.state.wires["node2:eth0"].lose["out"][3] = 500
        bench.up(10, "node2")
        heard += bench.seen(11)[-1] == (10, "answer", "node2")
    assert 10 <= heard <= 30


def test_a_cable_that_loses_everything_is_as_good_as_cut(bench: Bench) -> None:
    bench.up(1, "node1")
    lose = bench.hub.topology.state.wires["node1:eth0"].lose["in"]
    for second, share in ((10, 300), (20, 1000)):
        now = bench.to(second)
        lose[3] = share
        bench.lan.changed(now, None)
    assert bench.seen(21) == [(1, "answer", "node1"), (20, "silent", "node1")]


def test_a_hang_does_not_stop_the_kernel_from_answering(bench: Bench) -> None:
    bench.up(1, "node1")
    now = bench.to(5)
    bench.hub.state.nodes["node1"].hung.append(3)
    bench.lan.changed(now, None)
    assert bench.seen(60) == [(1, "answer", "node1")]


def test_a_node_without_power_answers_nothing(bench: Bench) -> None:
    bench.up(1, "node1")
    now = bench.to(5)
    bench.hub.state.nodes["node1"].on = False
    bench.lan.changed(now, None)
    assert bench.seen(60)[-1] == (5, "silent", "node1")


def test_a_switch_without_power_silences_and_a_repaired_one_does_not(bench: Bench) -> None:
    bench.up(1, "node1")
    for second, causes in ((5, [4]), (7, [])):
        now = bench.to(second)
        bench.hub.topology.state.unpowered["lan"] = causes
        bench.lan.changed(now, None)
    assert bench.seen(60)[1:] == [(5, "silent", "node1"), (7, "answer", "node1")]


def test_a_client_without_power_sees_nothing_and_comes_back_with_an_empty_cache(
    bench: Bench,
) -> None:
    bench.up(1, "node1")
    for second, causes in ((5, [4]), (7.2, [])):
        now = bench.to(second)
        bench.hub.topology.state.unpowered["client"] = causes
        bench.lan.changed(now, None)
    assert bench.lan.views["client"].learned == 2
    bench.down(60, "node1")
    assert bench.seen(61) == [(1, "answer", "node1"), (60, "silent", "node1")]


def test_an_outage_shorter_than_the_check_leaves_the_entry_alone(bench: Bench) -> None:
    bench.up(1, "node1")
    bench.cut(5.5, "node1:eth0")  # checked at 6.14, 7.14 and 8.14
    bench.cut(7.5, "node1:eth0", mend=True)
    bench.up(9, "node2", announced=False)
    bench.down(20, "node1")
    # The entry was confirmed at 8.14: it is checked next after a reachable time and a delay.
    deaf = 8.14 + (REACHED + DELAY + CHECK) / SECOND
    assert bench.seen(90)[-1] == (deaf, "answer", "node2")
    assert bench.lan.views["client"].learned == 2


def test_two_equal_announcements_change_nothing(bench: Bench) -> None:
    bench.up(1, "node1")
    before = copy.deepcopy(bench.lan.views)
    for second in (1.5, 2, 2.5):
        bench.lan.announce(bench.to(second), "node1", VIP, "eth0:0", None)
    assert bench.lan.views == before


def test_two_clients_have_entries_of_their_own() -> None:
    other = CLIENT.replace("client", "other").replace(VIP, "10.0.0.201")
    bench = Bench(CLIENT + other)
    bench.up(1, "node1")
    sources = [r.source.program for r in bench.recorder.records if r.event.truth]
    assert sources == ["kernel", "client"]
    assert bench.lan.views["other"].by is None


def test_a_client_on_another_switch_hears_nothing() -> None:
    bench = Bench(CLIENT.replace('"lan"', '"cross"'))
    bench.up(1, "node1")
    assert bench.seen(60) == []


def causes(bench: Bench) -> Sequence[tuple[str, str | None]]:
    names = {r.seq: type(r.event).__name__ for r in bench.recorder.records}
    return [(names[r.seq], names.get(r.cause or -1)) for r in bench.recorder.records[1:]]


def test_what_the_client_sees_has_the_change_of_the_world_as_its_cause(bench: Bench) -> None:
    bench.cut(0.5, "node2:eth1")  # so that no cause has the number 0
    bench.up(1, "node1")
    bench.down(3, "node1")
    bench.up(5, "node2", announced=False)
    bench.to(60)
    assert causes(bench) == [
        ("AddressUp", None),
        ("ServiceAnswered", "AddressUp"),
        ("AddressDown", None),
        ("ServiceSilent", "AddressDown"),
        ("AddressUp", None),
        ("ServiceAnswered", "ServiceSilent"),
    ]


@pytest.mark.parametrize("taken_at", [0.5, 5, 31.5, 40, 42, 43.5, 50])
def test_a_bench_goes_on_from_its_data_to_the_same_records(taken_at: float) -> None:
    def play(second: float) -> list[tuple[float, str]]:
        bench = Bench(draws=Draws(3))
        agenda = [(1, "up", "node1"), (10, "up", "node2"), (31, "down", "node2")]
        for at, verb, node in agenda:
            while second <= at:
                bench.to(second)
                bench, second = bench.copied(), 1e9
            getattr(bench, verb)(at, node)
        if second < 1e9:
            bench.to(second)
            bench = bench.copied()
        bench.to(90)
        return [(r.at / SECOND, repr(r)) for r in bench.recorder.records]

    assert play(taken_at) == play(1e9)
