"""Ready to be skipped: a quiet cluster is the same one common period of its timers later.

Only where every timer keeps its grid: timers that creep away from the others have no common period
that anybody would wait for.
"""

from __future__ import annotations

from dataclasses import replace

import pytest

from hasim.protocol.core import AUDIT_PERIOD, MSGFREE_PERIOD
from hasim.units import SECOND, Micros
from hasim.world import World
from hasim.world.records import WorldState
from hasim.world.shift import shift
from tests.world.support import (
    at_rest,
    counts_between,
    held_world,
    punctual,
    site_of,
    webdata,
    world_of,
)

#: Common to keepalive 2 s, the half-second timer, the audit of 9 s, and 10 packets 2 s apart.
PERIOD: Micros = 180 * SECOND


def quiet(version: str, alone: bool, seed: int = 0) -> World:
    model = webdata(version)
    world = World.build(
        model.configs,
        punctual(model.site),
        haresources=model.haresources,
        seed=seed,
        start={"node1": 0} if alone else None,
    )
    rest(world)
    return world


def rest(world: World) -> None:
    """Run until every packet still kept was sent after the last thing that happened."""
    at: Micros = 600 * SECOND
    at_rest(world, at + 123_457)
    while any(sent_at <= world.recorder.records[-1].at for sent_at in oldest_kept(world)):
        at += 60 * SECOND
        assert at < 3_000 * SECOND
        at_rest(world, at + 123_457)


def oldest_kept(world: World) -> list[Micros]:
    daemons = [node.daemon for node in world.hub.state.nodes.values()]
    masters = [d.master for d in daemons if d is not None and d.master is not None]
    assert masters
    return [next(iter(m.history.values())).sent_at for m in masters]


def later(world: World, by_us: Micros) -> World:
    copy = World.resume(world.snapshot())
    copy.run(world.now + by_us)
    return copy


def state_of(world: World) -> WorldState:
    return world.snapshot().state


def test_the_period_is_common_to_all_timers() -> None:
    assert all(PERIOD % p == 0 for p in (2 * SECOND, MSGFREE_PERIOD, AUDIT_PERIOD, 20 * SECOND))


@pytest.mark.parametrize("alone", [False, True], ids=["healthy", "alone"])
@pytest.mark.parametrize("version", ["2.0.8", "3.0.6"])
@pytest.mark.parametrize("seed", [0, 1])
def test_a_quiet_cluster_is_the_same_one_period_later(version: str, alone: bool, seed: int) -> None:
    world = quiet(version, alone, seed)
    then = later(world, PERIOD)
    counts = dict(counts_between(world, then))
    assert shift(state_of(world), PERIOD, counts) == state_of(then)
    assert then.recorder.records == world.recorder.records


@pytest.mark.parametrize("version", ["2.0.8", "3.0.6"])
def test_packets_are_counted_as_the_timers_say(version: str) -> None:
    """A status each keepalive, of ten an acknowledgement by each node that hears it."""
    world = quiet(version, alone=False)
    counts = dict(counts_between(world, later(world, PERIOD)))
    statuses = PERIOD // (2 * SECOND)
    for node in ("node1", "node2"):
        assert counts[node] == counts[f"{node}/2"] == statuses
        assert counts[f"{node}/0"] == counts[f"{node}/1"] == statuses + 2 * statuses // 10
    alone = quiet(version, alone=True)
    counts = dict(counts_between(alone, later(alone, PERIOD)))
    assert "node2" not in counts
    assert counts["node1/0"] == statuses + statuses // 10
    assert counts["node2/0"] == 0


@pytest.mark.parametrize("periods", [1, 7, 40])
def test_a_shifted_world_goes_on_like_one_that_was_simulated(periods: int) -> None:
    """The licence to skip: jump, then go on, and everything is as if each packet had flown."""
    world = quiet("2.0.8", alone=False)
    per_period = dict(counts_between(world, later(world, PERIOD)))
    counts = {name: n * periods for name, n in per_period.items()}
    snapshot = world.snapshot()
    jumped = World.resume(replace(snapshot, state=shift(snapshot.state, periods * PERIOD, counts)))
    end = world.now + periods * PERIOD + 47 * SECOND
    jumped.run(end)
    world.run(end)
    assert jumped.snapshot() == world.snapshot()


def test_a_fault_after_the_jump_has_the_same_consequences() -> None:
    faults = ("30m cut node1:eth0", "30m cut node1:eth1", "31m isolate node2 for 40s")
    world = world_of(*faults, seed=3, site=punctual(site_of()))
    rest(world)
    period = 90 * SECOND
    per_period = dict(counts_between(world, later(world, period)))
    counts = {name: n * 8 for name, n in per_period.items()}
    snapshot = world.snapshot()
    jumped = World.resume(replace(snapshot, state=shift(snapshot.state, 8 * period, counts)))
    assert jumped.now < 1_800 * SECOND
    jumped.run(2_000 * SECOND)
    world.run(2_000 * SECOND)
    assert len(world.recorder.records) > len(snapshot.recorder.records)
    assert jumped.recorder.records == world.recorder.records


@pytest.mark.parametrize("version", ["2.0.8", "3.0.6"])
@pytest.mark.parametrize(
    "faults",
    [
        (),
        ("20s standby node1",),
        ("20s kill node2 ipfail", "40s kill node1 all", "60s start node1"),
        ("30s cut node1:eth0",),
        ("20s stop node2", "40s power-off client1"),
        ("20s fail LabSvc::b start on node2", "21s standby node1 foreign"),
    ],
    ids=["calm", "standby", "killed", "cut", "stopped", "failing"],
)
def test_a_cluster_that_holds_resources_and_has_come_to_rest_is_the_same_later(
    version: str, faults: tuple[str, ...]
) -> None:
    """Whatever has been moved, counted, delayed or announced before has left no instant behind."""
    world = held_world(*faults, version=version, seed=1, creep=False)
    rest(world)
    period = 90 * SECOND
    then = later(world, period)
    counts = dict(counts_between(world, then))
    assert shift(state_of(world), period, counts) == state_of(then)
    assert then.recorder.records == world.recorder.records


def test_a_script_that_hangs_for_ever_stands_still_and_its_cluster_is_the_same_later() -> None:
    hanging = '[script]\nLabSvc = {{ start = "1s", hangs = ["start"] }}\n'
    world = held_world(seed=1, creep=False, more=hanging)
    rest(world)
    kinds = [job.kind for job in world.hub.state.jobs]
    assert "ResourceManager" in kinds
    assert len(kinds) > 1
    then = later(world, 90 * SECOND)
    counts = dict(counts_between(world, then))
    assert shift(state_of(world), 90 * SECOND, counts) == state_of(then)


def test_a_timer_that_creeps_is_what_keeps_a_cluster_from_being_the_same() -> None:
    world = held_world()
    rest(world)
    then = later(world, 90 * SECOND)
    counts = dict(counts_between(world, then))
    assert shift(state_of(world), 90 * SECOND, counts) != state_of(then)
    assert then.recorder.records == world.recorder.records


def test_shifting_by_nothing_changes_nothing_and_copies_everything() -> None:
    world = quiet("2.0.8", alone=False)
    state = state_of(world)
    moved = shift(state, 0, {})
    assert moved == state
    moved.nodes["node1"].daemon.master.peers["node2"].links[0].stamp += 1  # type: ignore[union-attr]
    moved.nodes["node1"].hung.append(7)
    assert state == state_of(world)


def test_shifts_add_up() -> None:
    state = state_of(quiet("3.0.6", alone=True))
    counts = {"node1": 90, "node1/0": 99}
    twice = shift(shift(state, PERIOD, counts), PERIOD, counts)
    assert twice == shift(state, 2 * PERIOD, {name: 2 * n for name, n in counts.items()})
    assert shift(shift(state, PERIOD, counts), -PERIOD, {n: -c for n, c in counts.items()}) == state


def test_packets_in_the_air_move_with_the_rest() -> None:
    world = world_of()
    at: Micros = 30 * SECOND
    while not any(m.flights for m in world.hub.state.media):
        at += 50
        world.run(at)
    state = state_of(world)
    moved = shift(state, 7 * SECOND, {"node1": 3, "node2": 3, "node1/0": 5, "node2/0": 5})
    pairs = [
        (old, new)
        for before, after in zip(state.media, moved.media, strict=True)
        for old, new in zip(before.flights, after.flights, strict=True)
    ]
    assert pairs
    for old, new in pairs:
        assert new.arrive - old.arrive == new.message.sent_at - old.message.sent_at == 7 * SECOND
        if old.message.seqno:
            assert new.message.seqno - old.message.seqno == 3


def test_the_schedule_of_faults_stays_where_it_is() -> None:
    world = world_of("20s cut node1:eth0")
    world.run(10 * SECOND)
    state = state_of(world)
    assert shift(state, 3 * SECOND, {}).agenda == state.agenda != []
