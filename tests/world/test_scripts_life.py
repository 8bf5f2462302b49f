"""Processes as data: snapshots, hangs, power, a daemon that is killed, the init script."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hasim.events import (
    AddressUp,
    DiskMounted,
    EmergencyTimeout,
    GroupAcquire,
    MachDownComplete,
    ScriptBegan,
    ScriptEnded,
    StandbyAsk,
)
from hasim.faults import parse_fault
from hasim.protocol import RunHelper
from hasim.run.agenda import agenda_of
from hasim.units import MS, SECOND
from hasim.world import World
from hasim.world.records import DaemonState
from hasim.world.scripts import programs
from hasim.world.scripts.times import GAPS
from hasim.world.shift import shift
from tests.world.fakes import (
    DEAD_PEER,
    GROUP,
    KEY,
    OWN,
    fake,
    groups,
    helper,
    host,
    idle,
    jobs_of,
    lines,
    run,
    script,
    take_over,
    with_disk,
)
from tests.world.support import configs_of, held_world, jsonl, told


@given(st.integers(0, 4_000), st.integers(0, 3))
def test_a_world_resumed_in_the_middle_of_a_script_goes_on_to_the_same_records(
    at_ms: int, seed: int
) -> None:
    world = idle(seed=seed)
    script(world, "node2", DEAD_PEER)
    helper(world, "node1", OWN)
    world.run(at_ms * MS)
    snapshot = world.snapshot()
    assert snapshot == world.snapshot()
    other = World.resume(snapshot)
    fake(other)
    run(world, 10)
    run(other, 10)
    assert jsonl(world.recorder.records) == jsonl(other.recorder.records)
    assert world.hub.state.nodes == other.hub.state.nodes


def test_a_process_moves_in_time_as_a_whole() -> None:
    world = idle()
    script(world, "node2", DEAD_PEER)
    world.run(300 * MS)
    later = shift(world.hub.state, SECOND, {})
    for before, after in zip(world.hub.state.jobs, later.jobs, strict=True):
        assert after.point_at - before.point_at == SECOND
        assert (after.due is None) == (before.due is None)
        assert after.due is None or before.due is None or after.due - before.due == SECOND
        assert after.todo == before.todo


def test_power_loss_in_the_middle_of_a_script_ends_it() -> None:
    world = idle("300ms power-off node2")
    node = take_over(world, "node2", 10)
    assert not list(jobs_of(world, "node2"))
    assert told(world, ScriptBegan)
    assert not told(world, DiskMounted)
    assert not node.exits


def test_a_hung_node_stands_still_in_the_middle_of_a_script() -> None:
    world = idle("200ms hang node2 for 8s")
    node = take_over(world, "node2", 20)
    assert not [r for r in world.recorder.records if 0.2 < r.at / SECOND < 8.2 and r.source.node
                and not r.event.truth]  # fmt: skip
    assert told(world, MachDownComplete)[0][0] > 8.2
    assert node.exits


def test_a_command_given_on_a_hung_node_loses_only_the_rest_of_the_hang() -> None:
    world = held_world("40s hang node1 for 4s", "43900ms standby node1 all")
    world.run(50 * SECOND)
    (asked, _), *_ = told(world, StandbyAsk)
    assert 44 < asked < 45


def test_an_emergency_leaves_clients_behind_that_the_next_daemon_does_not_know() -> None:
    more = '[script]\nLabSvc = {{ hangs = ["stop"] }}\n'
    world = held_world("40s stop node2", "3700s start node2", more=more)
    world.run(3720 * SECOND)
    assert told(world, EmergencyTimeout, "node2")
    clients = [c for c in world.hub.state.clients if c.node == "node2"]
    assert [c.connected for c in clients] == [False, True]


def test_the_instant_of_a_hang_moves_with_the_node() -> None:
    world = idle("1s hang node2")
    world.run(2 * SECOND)
    moved = shift(world.hub.state, 5 * SECOND, {})
    assert moved.nodes["node2"].hung_at == 6 * SECOND
    assert moved.nodes["node1"].hung_at is None


def test_every_gap_between_points_belongs_to_a_step() -> None:
    root = Path(programs.__file__).parents[1]
    source = "".join(p.read_text() for p in root.rglob("*.py") if p.name != "times.py")
    callers = {f"group line from {caller}" for caller in ("harc", "mach_down", "helper")}
    assert [key for key in GAPS if key not in callers and f'"{key}"' not in source] == []


def test_scripts_go_on_when_their_daemon_is_killed_and_nobody_reaps_them() -> None:
    world = idle()
    node = script(world, "node2", DEAD_PEER)
    run(world, 0.2)
    node.state.daemon = None
    run(world, 10)
    assert told(world, DiskMounted)
    assert told(world, MachDownComplete)
    assert node.letters  # the host decides whether anybody reads them
    assert not node.exits


def test_a_new_life_of_the_daemon_does_not_hear_of_the_old_ones_children() -> None:
    world = idle()
    node = script(world, "node2", DEAD_PEER)
    run(world, 0.2)
    node.state.daemon = DaemonState(2, 300, 301, "fake", None)
    run(world, 10)
    assert not node.exits


def test_killall_kills_helpers_and_leaves_what_they_run() -> None:
    world = idle("500ms kill node1 all")
    helper(world, "node1", RunHelper("go_standby", "acquire", "all", "all"))
    run(world)
    assert told(world, DiskMounted)
    assert "all HA resource acquisition completed (standby)." not in lines(world)
    assert not host(world, "node1").letters


def test_the_number_of_a_process_goes_on_over_reboots() -> None:
    world = idle("6s power-off node2", "7s power-on node2")
    take_over(world, "node2", 5)
    run(world, 12)
    host(world, "node2").state.daemon = DaemonState(2, 300, 301, "fake", None)
    take_over(world, "node2", 10)
    assert world.hub.state.nodes["node2"].counts["harc"] == 2
    assert world.hub.state.nodes["node2"].counts[f"IPaddr {KEY} start"] == 2


def test_the_load_of_a_run_stretches_everything_alike() -> None:
    spans = {}
    for load in (500, 1000, 2000):
        world = idle(pins={"load": load})
        take_over(world, "node2", 10)
        spans[load] = told(world, MachDownComplete)[0][0]
    assert spans[500] * 2 == pytest.approx(spans[1000], rel=0.01)
    assert spans[2000] == pytest.approx(spans[1000] * 2, rel=0.01)


def test_times_of_the_site_are_used_instead_of_measured_ones() -> None:
    more = '[script]\nIPaddr = {{ start = "3s" }}\n[script.node2]\nIPaddr = {{ start = "5s" }}\n'
    for node, seconds in (("node1", 3), ("node2", 5)):
        world = idle(site=with_disk(more=more))
        take_over(world, node, 20)
        begun = next(at for at, e in told(world, ScriptBegan) if e.op == "start")
        assert told(world, AddressUp)[0][0] - begun == pytest.approx(seconds * 0.777)


def test_a_measured_takeover_takes_as_long_as_recorded_ones() -> None:
    took = []
    for seed in range(60):
        world = idle(seed=seed)
        take_over(world, "node2", 15)
        took.append(told(world, MachDownComplete)[0][0] - told(world, GroupAcquire)[0][0])
    took.sort()
    assert 0.45 < took[30] < 0.85
    assert took[3] > 0.2
    assert took[56] < 2.2


# ---- the init script ------------------------------------------------------------


def started(haresources: str = GROUP, pins: dict[str, int] | None = None, *faults: str) -> World:
    site = with_disk()
    agenda = agenda_of([parse_fault(line) for line in faults], site)
    return World.build(
        configs_of(),
        site,
        typical=True,
        pins=pins,
        start={"node1": 0},
        agenda=agenda,
        haresources=groups(haresources),
    )


def test_the_init_script_looks_at_every_key_resource_before_the_daemon_starts() -> None:
    world = started(GROUP + "node2 10.0.0.201\n")
    world.run(3 * SECOND)
    calls = [e.args[0] for _, e in told(world, ScriptBegan)]
    assert calls == [KEY, "10.0.0.201"]
    first_line = next(r.at for r in world.recorder.records if not r.event.truth)
    assert told(world, ScriptEnded)[-1][0] * SECOND < first_line
    assert " Resource is stopped" not in lines(world)


def test_the_calls_of_the_init_script_fit_before_a_pinned_start() -> None:
    pins = {"node1/boot1/validated": 271 * MS, f"node1/IPaddr {KEY} status1/duration": 85 * MS}
    world = started(pins=pins)
    world.run(3 * SECOND)
    assert told(world, ScriptBegan)[0][0] == pytest.approx(0.112, abs=0.005)
    assert told(world, ScriptEnded)[0][0] == pytest.approx(0.197, abs=0.005)
    assert next(r.at for r in world.recorder.records if not r.event.truth) == 271 * MS


def test_without_groups_the_init_script_takes_no_time() -> None:
    world = started("")
    world.run(3 * SECOND)
    assert not told(world, ScriptBegan)
    assert not world.hub.state.nodes["node1"].counts.get("IPaddr")


def test_a_second_start_of_a_running_daemon_calls_nothing() -> None:
    world = started(GROUP, None, "2s start node1")
    world.run(5 * SECOND)
    assert len(told(world, ScriptBegan, "node1")) == 1
