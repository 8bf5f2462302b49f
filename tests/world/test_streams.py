"""What hangs on what: grids of timers, pinned draws, the order of nodes, other streams."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hasim.draws import Draws
from hasim.events import DaemonStarted, LocalStatus, NodeBooted
from hasim.trace import Record
from hasim.units import DAY, MINUTE, MS, SECOND, Micros
from hasim.world import World
from tests.world.support import configs_of, jsonl, punctual, site_of, told, world_of
from tests.world.test_snapshot import END, OWN, own_world


class OtherStream(Draws):
    """Draws of one seed, but for the streams whose name contains a word."""

    __slots__ = ("word",)

    def __init__(self, seed: int, word: str) -> None:
        super().__init__(seed)
        self.word = word

    def u64(self, stream: str, index: int = 0) -> int:
        return super().u64(f"other {stream}" if self.word in stream else stream, index)


class Watched(Draws):
    """Draws that remember what was asked of them."""

    __slots__ = ("asked",)

    def __init__(self, seed: int, pins: dict[str, int] | None = None) -> None:
        super().__init__(seed, pins)
        self.asked: dict[tuple[str, int], int] = {}

    def u64(self, stream: str, index: int = 0) -> int:
        value = self.asked[stream, index] = super().u64(stream, index)
        return value


def with_draws(world: World, draws: Draws) -> World:
    world.draws = world.hub.draws = draws
    return world


def grids(world: World) -> dict[str, tuple[int, int, int]]:
    """Where the timers of each master stand: due times within their periods."""
    out = {}
    for name, node in world.hub.state.nodes.items():
        assert node.daemon is not None
        master = node.daemon.master
        assert master is not None
        assert master.status_due is not None
        assert master.msgfree_due is not None
        assert master.audit_due is not None
        out[name] = (
            master.status_due % SECOND,
            master.msgfree_due % (500 * MS),
            master.audit_due % (9 * SECOND),
        )
    return out


# ---- grids --------------------------------------------------------------------------------------


def test_after_half_a_day_every_timer_is_on_its_grid() -> None:
    world = world_of(site=punctual(site_of()))
    world.run(MINUTE)
    early = grids(world)
    world.run(DAY // 2)
    assert grids(world) == early
    for name, node in world.hub.state.nodes.items():
        assert node.daemon is not None
        assert node.daemon.master is not None
        anchor = node.daemon.master.up_at
        assert early[name][0] == anchor % SECOND
        assert early[name][2] == anchor % (9 * SECOND)


@pytest.mark.parametrize("word", ["latency", "/harc", "/ack", "/tick", "/lose", "/rexmit"])
def test_other_draws_of_one_stream_move_no_grid(word: str) -> None:
    plain = world_of("20s lose 20% node1:eth0")
    other = with_draws(world_of("20s lose 20% node1:eth0"), OtherStream(0, word))
    plain.run(MINUTE)
    other.run(MINUTE)
    expected = grids(plain)
    if word == "/tick":  # the phase of the tick counter is read, not scheduled
        assert {n: g[0] for n, g in grids(other).items()} == {n: g[0] for n, g in expected.items()}
    else:
        assert grids(other) == expected


def test_other_latencies_are_felt_all_the_same() -> None:
    plain, other = world_of(), with_draws(world_of(), OtherStream(0, "latency"))
    arrivals = []
    for world in (plain, other):
        at: Micros = 20 * SECOND
        found = []
        while at < 24 * SECOND:
            at += 50
            world.run(at)
            found += [f.arrive for m in world.hub.state.media for f in m.flights]
        arrivals.append(sorted(set(found)))
    assert arrivals[0] != arrivals[1]


@pytest.mark.parametrize(
    "fault",
    [
        "20s cut node1:eth0",
        "20s lose 50% node1:eth1",
        "20s isolate node1 for 3s",
        "20s clock node1 -5s",
        "20s power-off node2",
        "20s kill node2 all",
        "20s hang node2 for 7s",
    ],
)
def test_nothing_but_its_own_hang_moves_the_grid_of_a_node(fault: str) -> None:
    calm, troubled = world_of(), world_of(fault)
    for world in (calm, troubled):
        world.run(19 * SECOND)
    assert grids(calm) == grids(troubled)
    before = grids(calm)["node1"]
    troubled.run(24 * SECOND)
    node = troubled.hub.state.nodes["node1"]
    assert node.daemon is not None
    assert node.daemon.master is not None
    assert node.daemon.master.status_due is not None
    assert node.daemon.master.status_due % SECOND == before[0]
    assert (node.daemon.master.msgfree_due or 0) % (500 * MS) == before[1]


def test_a_hang_begins_a_new_grid_when_it_ends() -> None:
    world = world_of("20s hang node1 for 3333ms")
    world.run(19 * SECOND)
    before = grids(world)
    world.run(40 * SECOND)
    after = grids(world)
    assert after["node2"] == before["node2"]
    assert after["node1"] != before["node1"]
    assert after["node1"][0] == 333 * MS


# ---- pins ---------------------------------------------------------------------------------------


def test_fixing_one_draw_changes_no_other() -> None:
    name = "node1/power2/boot"
    faults = ("20s power-off node1", "25s power-on node1")
    free = with_draws(world_of(*faults), draws := Watched(0))
    pinned = with_draws(world_of(*faults), fixed := Watched(0, {name: 17 * SECOND}))
    free.run(END)
    pinned.run(END)
    common = [key for key in draws.asked if key in fixed.asked and key[0] != name]
    assert len(common) > 300
    assert all(draws.asked[key] == fixed.asked[key] for key in common)
    assert fixed.used == {name}


def test_fixing_one_draw_changes_only_what_depends_on_it() -> None:
    faults = ("20s power-off node1", "25s power-on node1")
    free = world_of(*faults)
    pinned = world_of(*faults, pins={"node1/power2/boot": 17 * SECOND})
    free.run(END)
    pinned.run(END)
    ((at, _),) = told(free, NodeBooted)
    ((fixed_at, _),) = told(pinned, NodeBooted)
    assert (at < 42, fixed_at) == (True, 42)
    before = [r for r in free.recorder.records if r.at < at * SECOND]
    assert before == [r for r in pinned.recorder.records if r.at < at * SECOND]
    assert len(before) > 70


def test_a_pin_on_one_node_leaves_the_start_of_the_other_as_it_was() -> None:
    def start_of(world: World) -> list[tuple[Micros, str]]:
        world.run(20 * SECOND)
        kinds = (DaemonStarted, LocalStatus)
        return [
            (r.at, type(r.event).__name__)
            for r in world.recorder.records
            if isinstance(r.event, kinds)
            and "node2" in (r.source.node, getattr(r.event, "node", ""))
        ][:2]

    pins = {"node1/boot1/validated": 3 * SECOND, "node1/boot1/up": 2 * SECOND}
    assert start_of(world_of(pins=pins)) == start_of(world_of())


@given(st.integers(0, 2 * SECOND), st.integers(0, 2 * SECOND))
@settings(max_examples=20)
def test_a_pinned_start_is_what_it_is_pinned_to(validated: Micros, up: Micros) -> None:
    pins = {"node1/boot1/validated": validated, "node1/boot1/up": up}
    world = world_of(pins=pins)
    world.run(10 * SECOND)
    record = next(
        r
        for r in world.recorder.records
        if isinstance(r.event, LocalStatus) and r.source.node == "node1"
    )
    assert validated + up <= record.at <= validated + up + 10 * MS


def test_another_seed_is_another_run_and_the_same_seed_the_same() -> None:
    def run(seed: int) -> str:
        world = own_world("loss", seed)
        world.run(END)
        return jsonl(world.recorder.records)

    assert run(1) == run(1)
    assert len({run(seed) for seed in range(5)}) == 5


# ---- order --------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", sorted(OWN))
def test_the_order_in_which_nodes_are_given_changes_only_ties(name: str) -> None:
    plain = own_world(name)
    turned = own_world(name)
    turned = World.build(
        dict(reversed(list(configs_of().items()))),
        site_of(),
        agenda=plain.hub.state.agenda,
    )
    plain.run(END)
    turned.run(END)

    def sentences(records: list[Record]) -> list[tuple[object, ...]]:
        causes = {r.seq: (r.at, r.source, r.event) for r in records}
        told_ = [
            (r.at, r.source, repr(r.event), repr(causes.get(-1 if r.cause is None else r.cause)))
            for r in records
        ]
        return sorted(told_, key=repr)

    assert sentences(list(turned.recorder.records)) == sentences(list(plain.recorder.records))


def test_the_order_of_faults_at_different_times_does_not_matter() -> None:
    faults = ("20s cut node1:eth1", "25s hang node2 for 2s", "30s restore node1:eth1")
    one, other = world_of(*faults), world_of(*faults)
    other = World.build(configs_of(), site_of(), agenda=list(reversed(one.hub.state.agenda)))
    one.run(END)
    other.run(END)
    assert jsonl(one.recorder.records) == jsonl(other.recorder.records)
