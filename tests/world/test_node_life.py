"""The life of a machine and its daemon: power, boot, the race at the start, hangs, kills."""

from __future__ import annotations

import pytest

from hasim.events import (
    CommUp,
    DaemonExited,
    DaemonStarted,
    LateHeartbeat,
    LinkUp,
    LocalStatus,
    NodeBooted,
    NodeDead,
    NodePoweredOff,
    NodePoweredOn,
    NodeStatus,
    PartitionReturn,
    RestartSeen,
)
from hasim.units import MS, SECOND
from hasim.world import World
from tests.world.support import HA_CF, SITE, site_of, text, told, world_of

NO_RACE = {
    f"{node}/boot1/io-start/{role} {device}": 0
    for node in ("node1", "node2")
    for role in ("read", "write")
    for device in ("eth0", "eth1", "10.0.0.254")
}


def ran(*faults: str, until: float = 60, **options: object) -> World:
    world = world_of(*faults, **options)  # type: ignore[arg-type]
    world.run(round(until * SECOND))
    return world


# ---- start --------------------------------------------------------------------------------------


def test_both_nodes_start_at_zero_and_become_active() -> None:
    world = ran(until=20)
    for node in ("node1", "node2"):
        assert [e.status for _, e in told(world, LocalStatus, node)] == ["up", "active"]


def test_a_node_without_a_start_time_never_starts() -> None:
    world = ran(start={"node1": 0})
    assert text(world, "node2") == []
    assert "node node2: is dead" in text(world, "node1")


def test_a_later_start_time_is_kept() -> None:
    world = ran(start={"node1": 0, "node2": 9 * SECOND})
    (at, _), *_ = told(world, DaemonStarted)[1:]
    assert 9 <= at < 9.5


def test_a_start_time_that_falls_into_a_boot_starts_nothing_before_its_end() -> None:
    faults = ("5s power-off node2", "6s power-on node2")
    world = ran(*faults, start={"node1": 0, "node2": 8 * SECOND}, until=30)
    (booted, _), *_ = told(world, NodeBooted)
    begun = [at for at, e in told(world, DaemonStarted) if e.node == "node2"]
    assert len(begun) == 1
    assert begun[0] > booted


def test_starting_a_running_daemon_again_changes_nothing() -> None:
    assert len(told(ran("20s start node1"), DaemonStarted)) == 2


@pytest.mark.parametrize("wait", [0, SECOND])
def test_a_pinned_race_decides_when_a_link_is_seen(wait: int) -> None:
    pins = {**NO_RACE, "node1/boot1/io-start/read eth1": wait}
    world = ran(until=20, pins=pins)
    up = next(t for t, _ in told(world, LocalStatus, "node1"))
    seen = next(t for t, e in told(world, LinkUp, "node1") if e == LinkUp("node2", "eth1"))
    assert (seen - up > 1) == (wait > 0)
    assert seen - up < 2


def test_without_a_late_child_communication_is_up_within_two_seconds() -> None:
    world = ran(until=20, pins=NO_RACE)
    times = {
        node: told(world, CommUp, node)[0][0] - told(world, LocalStatus, node)[0][0]
        for node in ("node1", "node2")
    }
    assert all(t <= 2.1 for t in times.values())


def test_the_generation_rises_with_each_life_and_survives_power_loss() -> None:
    world = ran("20s power-off node1", "25s power-on node1", until=60)
    lives = [e.generation for _, e in told(world, DaemonStarted) if e.node == "node1"]
    assert lives == [lives[0], lives[0] + 1]


def test_the_old_daemon_counts_its_lives_from_one() -> None:
    world = ran(version="2.0.8", until=5)
    assert [e.generation for _, e in told(world, DaemonStarted)] == [1, 1]


# ---- power --------------------------------------------------------------------------------------


def test_a_node_that_loses_power_falls_silent_and_is_declared_dead() -> None:
    world = ran("20s power-off node1")
    assert text(world, "node1", after=20) == []
    (at, dead), *rest = told(world, NodeDead)
    assert dead == NodeDead("node1")
    assert rest == []
    assert 24 < at < 26.1


def test_a_node_boots_when_power_returns_and_joins_as_a_newcomer() -> None:
    world = ran("20s power-off node1", "30s power-on node1", until=60)
    ((off, _),) = told(world, NodePoweredOff)
    ((on, _),) = told(world, NodePoweredOn)
    ((booted, _),) = told(world, NodeBooted)
    assert (off, on) == (20, 30)
    assert 34 <= booted <= 36
    assert [e.peer for _, e in told(world, RestartSeen, "node2")] == ["node1"]
    assert told(world, PartitionReturn) == []
    assert told(world, NodeStatus, "node2")[-1][1] == NodeStatus("node1", "active")


def test_a_manual_node_boots_but_does_not_start_its_daemon() -> None:
    site = site_of(
        text=SITE.replace('power = "outlet1"\n', 'power = "outlet1"\nheartbeat = "manual"\n')
    )
    world = ran("20s power-off node1", "30s power-on node1", site=site)
    assert told(world, NodeBooted)
    assert len([e for _, e in told(world, DaemonStarted) if e.node == "node1"]) == 1


def test_power_that_fails_during_the_boot_ends_the_boot() -> None:
    world = ran("20s power-off node1", "30s power-on node1", "33s power-off node1")
    assert told(world, NodeBooted) == []
    assert len(told(world, NodePoweredOff)) == 2


def test_a_feed_takes_down_what_hangs_on_it_and_only_that() -> None:
    one = ran("20s power-off outlet1")
    assert [e.node for _, e in told(one, NodePoweredOff)] == ["node1"]
    both = ran("20s power-off rack")
    assert sorted(e.node for _, e in told(both, NodePoweredOff)) == ["node1", "node2"]


def test_a_node_stays_off_until_every_cause_is_gone() -> None:
    world = ran("20s power-off rack for 20s", "22s power-off outlet1 for 8s")
    on = {e.node: t for t, e in told(world, NodePoweredOn)}
    assert on == {"node1": 40, "node2": 40}


def test_process_numbers_begin_anew_after_power_loss() -> None:
    world = ran("20s power-off node1", "25s power-on node1")
    pids = [r.source.pid for r in world.recorder.records if r.source.node == "node1"]
    ((booted, _),) = told(world, NodeBooted)
    anew = [
        r.source.pid
        for r in world.recorder.records
        if r.source.node == "node1" and r.at > booted * SECOND
    ]
    assert pids[0] == anew[0] == world.hub.site.nodes["node1"].first_pid


def test_process_numbers_go_on_after_a_kill() -> None:
    world = ran("20s kill node1 all", "25s start node1")
    early, late = (e.pid for _, e in told(world, DaemonStarted) if e.node == "node1")
    assert late > early + 10


# ---- hangs --------------------------------------------------------------------------------------


def test_a_short_hang_is_only_late() -> None:
    world = ran("20s hang node1 for 3s")
    assert told(world, NodeDead) == []
    assert {e.peer for _, e in told(world, LateHeartbeat, "node1")} >= {"node1", "node2"}


def test_a_hung_node_says_nothing_and_its_kernel_keeps_its_packets() -> None:
    world = world_of("20s hang node1")
    world.run(21 * SECOND)
    daemon = world.hub.state.nodes["node1"].daemon
    assert daemon is not None
    early = sum(len(s) for s in daemon.sockets)
    world.run(24 * SECOND)
    assert sum(len(s) for s in daemon.sockets) > early
    assert text(world, "node1", after=20) == []


def test_after_a_long_hang_the_queue_comes_first_in_the_new_daemon() -> None:
    """The woken node declares its healthy peer dead on the spot; only the peer sees a partition."""
    world = ran("20s hang node1 for 8s", until=29)
    woken = text(world, "node1", after=28)
    assert any("Late heartbeat: Node node2" in x and "(> deadtime)" in x for x in woken)
    assert "node node2: is dead" in woken
    assert not any("partition" in x for x in woken)
    assert "Status update for node node2: status active" in woken
    assert any("returning after partition" in x for x in text(world, "node2", after=28))


def test_after_a_long_hang_nothing_is_dead_for_the_old_daemon() -> None:
    world = ran("20s hang node1 for 8s", until=29, version="2.0.8")
    woken = text(world, "node1", after=28)
    assert any("Late heartbeat: Node node2" in x for x in woken)
    assert not any("is dead" in x for x in woken)


def test_a_hang_that_overlaps_another_lasts_until_both_are_over() -> None:
    world = ran("20s hang node1 for 3s", "21s hang node1 for 3s", until=30)
    lines = [r.at / SECOND for r in world.recorder.records if r.source.node == "node1"]
    assert not [t for t in lines if 21 < t < 24]
    assert [t for t in lines if t >= 24]


def test_a_hang_before_the_start_delays_the_start() -> None:
    world = ran("0s hang node1 for 5s", until=20)
    first = next(t for t, e in told(world, DaemonStarted) if e.node == "node1")
    assert first >= 5


def test_a_node_that_was_hung_is_so_anew_when_it_is_hung_again() -> None:
    world = ran("20s hang node1 for 3s", "30s hang node1", until=28)
    state = world.hub.state.nodes["node1"]
    assert state.hung_at is None
    world.run(31 * SECOND)
    assert state.hung_at == 30 * SECOND


# ---- kills --------------------------------------------------------------------------------------


def test_the_fifo_child_misses_its_master_within_a_second_and_says_so() -> None:
    world = ran("20s kill node1 master", until=24)
    lines = [x for x in text(world, "node1", after=20) if x]
    assert lines[0] == "Emergency Shutdown: Master Control process died."
    assert lines[-1] == "Emergency Shutdown(MCP dead): Killing ourselves."
    killed = [x for x in lines if x.startswith("Killing pid ")]
    assert len(killed) == len(lines) - 2 == 1 + 2 * 3
    at = next(
        r.at for r in world.recorder.records if r.source.node == "node1" and r.at > 20 * SECOND
    )
    assert at <= 21 * SECOND


def test_the_first_process_killed_in_an_emergency_is_the_dead_master() -> None:
    world = ran("20s kill node1 master", until=24)
    master = next(e.pid for _, e in told(world, DaemonStarted) if e.node == "node1")
    lines = text(world, "node1", after=20)
    assert lines[1] == f"Killing pid {master} with SIGTERM"


def test_when_all_are_killed_nobody_is_left_to_speak() -> None:
    world = ran("20s kill node1 all")
    assert text(world, "node1", after=20) == []
    assert [e.node for _, e in told(world, DaemonExited)] == ["node1"]
    assert [e.peer for _, e in told(world, NodeDead, "node2")] == ["node1"]


@pytest.mark.parametrize("role", ["master", "all"])
def test_a_killed_daemon_can_be_started_again_with_a_new_generation(role: str) -> None:
    world = ran(f"20s kill node1 {role}", "40s start node1", until=60)
    lives = [e.generation for _, e in told(world, DaemonStarted) if e.node == "node1"]
    assert lives == [lives[0], lives[0] + 1]
    assert [e.peer for _, e in told(world, RestartSeen, "node2")] == ["node1"]


def test_a_quick_restart_is_no_death() -> None:
    world = ran("20s kill node1 all", "21s start node1", until=40)
    assert told(world, NodeDead, "node2") == []
    assert [e.peer for _, e in told(world, RestartSeen, "node2")] == ["node1"]


def test_a_master_that_is_dead_is_not_killed_again() -> None:
    pins = {"node1/boot1/master-missed": 740 * MS}
    world = ran("20s kill node1 master", "20100ms kill node1 master", until=24, pins=pins)
    assert len(told(world, DaemonExited)) == 1
    assert text(world, "node1", after=20)[0] == "Emergency Shutdown: Master Control process died."


def test_killall_after_the_death_of_the_master_silences_its_children() -> None:
    pins = {"node1/boot1/master-missed": 740 * MS}
    world = ran("20s kill node1 master", "20100ms kill node1 all", until=24, pins=pins)
    assert len(told(world, DaemonExited)) == 1
    assert text(world, "node1", after=20) == []


def test_a_kill_of_a_daemon_that_does_not_run_does_nothing() -> None:
    world = ran("1s kill node2 all", start={"node1": 0}, until=10)
    assert told(world, DaemonExited) == []


def test_a_wall_clock_set_back_skips_one_scan_and_set_forward_does_nothing() -> None:
    back = ran("20s clock node1 -5s", until=30)
    assert text(back, "node1", after=20) == ["Clock jumped backwards. Compensating."]
    ahead = ran("20s clock node1 +5s", until=30)
    assert text(ahead, "node1", after=20) == []


def test_initdead_is_waited_out_before_silence_is_believed() -> None:
    world = ran(start={"node1": 0}, ha_cf=HA_CF.replace("initdead 15", "initdead 20"))
    ((at, _),) = told(world, NodeDead)
    up = told(world, LocalStatus, "node1")[0][0]
    assert 20 < at - up <= 20.7


def test_every_line_of_a_master_carries_its_process_number() -> None:
    world = ran(until=20)
    pid = next(e.pid for _, e in told(world, DaemonStarted) if e.node == "node1")
    comm = [r for r in world.recorder.records if isinstance(r.event, CommUp)]
    assert {r.source.pid for r in comm if r.source.node == "node1"} == {pid}


def test_the_emergency_waits_for_the_look_of_the_fifo_child() -> None:
    pins = {"node1/boot1/master-missed": 740 * MS}
    world = ran("20s kill node1 master", until=24, pins=pins)
    at = next(
        r.at for r in world.recorder.records if r.source.node == "node1" and r.at > 20 * SECOND
    )
    assert at == 20 * SECOND + 740 * MS
