"""Children of the daemon, killed one by one; a daemon that is stopped and goes on (6.6, 4.8)."""

from __future__ import annotations

import pytest

from hasim.events import (
    ClientRespawn,
    CoreProcessDied,
    DaemonContinued,
    DaemonStopped,
    DispatchLate,
    LateHeartbeat,
    LinkDead,
    NodeDead,
    NodePoweredOff,
    PartitionReturn,
    RestartExec,
    RestartSeen,
    ShutdownComplete,
)
from hasim.units import SECOND
from hasim.world import World
from hasim.world.pauses import SCAN_FIRST
from tests.world.support import HA_CF, groups_of, jsonl, text, told, world_of

BOTH = pytest.mark.parametrize("version", ["2.0.8", "3.0.6"])
END = 60 * SECOND
CLOSED = "glib: UDP Broadcast heartbeat closed on port 694 interface eth1 - Status: 1"
OPENED = "glib: UDP Broadcast heartbeat started on port 694 (694) interface eth1"
KILLED = "killed by signal 9 [SIGKILL - Kill, unblockable]."


def run(*faults: str, version: str = "3.0.6", seed: int = 0, until: int = END) -> World:
    world = world_of(*faults, version=version, seed=seed, groups=groups_of())
    world.run(until)
    return world


@pytest.mark.parametrize(
    ("child", "first", "second"), [("read", "HBREAD", "HBWRITE"), ("write", "HBWRITE", "HBREAD")]
)
def test_a_medium_whose_child_dies_is_opened_again_in_the_recorded_order(
    child: str, first: str, second: str
) -> None:
    world = run(f"40s kill node1 {child}:eth1")
    channel = [m.device for m in world.hub.configs["node1"].media].index("eth1")
    said = text(world, "node1", 40, 40.1)[:8]
    killed = [line for line in said if line.startswith("Managed ")]
    assert [line.split()[1] for line in killed] == [first, second]
    assert all(line.endswith(KILLED) for line in killed)
    assert said[1].startswith(f"{first} process died.  Beginning communications restart process")
    assert said[1].endswith(f" for comm channel {channel}.")
    assert [said[0], said[3]] == killed
    assert said[2] == said[6] == CLOSED
    assert said[4] == f"Both comm processes for channel {channel} have died.  Restarting."
    assert said[5] == OPENED
    assert said[7] == "Communications restart succeeded."
    assert told(world, NodeDead, after=41) == []
    assert told(world, LinkDead, after=41) == []


def test_a_child_of_the_fifo_is_started_again_at_once() -> None:
    said = text(run("40s kill node1 fifo"), "node1", 40, 40.1)
    assert said[0].startswith("Managed HBFIFO process ")
    assert said[0].endswith(KILLED)
    assert said[1] == "Restarting HBFIFO process."


def test_commands_work_after_the_fifo_child_was_started_again() -> None:
    world = run("40s kill node1 fifo", "42s standby node1", until=END)
    assert any("wants to go standby [all]" in line for line in text(world, "node1", 42))


@pytest.mark.parametrize("child", ["fifo", "read:eth0", "write:eth1"])
def test_in_the_older_version_the_death_of_any_child_restarts_the_node(child: str) -> None:
    world = run(f"40s kill node1 {child}", version="2.0.8", until=90 * SECOND)
    (at, died) = told(world, CoreProcessDied)[0]
    assert (round(at), died.child) == (40, None)
    assert [e.node for _, e in told(world, ShutdownComplete)] == ["node1"]
    assert told(world, RestartExec)
    assert [e.peer for _, e in told(world, RestartSeen)] == ["node1"]
    killing = [line for line in text(world, "node1", 40) if line.startswith("killing HB")]
    whole = 2 * len(world.hub.configs["node1"].media) + 1
    assert len(killing) == (whole if child == "fifo" else whole - 1)


def test_a_killed_ping_child_costs_the_ping_node_nothing() -> None:
    world = run("40s kill node1 read:10.0.0.254")
    assert told(world, NodeDead, after=41) == []
    assert "glib: ping heartbeat started." in text(world, "node1", 40, 40.1)


def test_a_signal_other_than_kill_is_named() -> None:
    said = text(run("40s kill node1 read:eth1 -11"), "node1", 40, 40.1)
    assert "killed by signal 11 [SIGSEGV - Segmentation violation]." in said[0]


def test_a_stopped_reader_hears_nothing_until_it_is_continued() -> None:
    world = run("40s kill node1 read:eth1 -19", "50s kill node1 read:eth1 -18")
    dead = [(round(t), e.peer, e.medium) for t, e in told(world, LinkDead, "node1", 40)]
    assert ("node2", "eth1") in [(peer, device) for _, peer, device in dead]
    assert told(world, NodeDead, "node1", 40) == []
    assert any("Link node2:eth1 up." in line for line in text(world, "node1", 50))


def test_a_stopped_writer_is_not_heard_and_sends_what_waits_when_it_goes_on() -> None:
    world = run("40s kill node1 write:eth1 -19", "50s kill node1 write:eth1 -18")
    assert ("node1", "eth1") in [(e.peer, e.medium) for _, e in told(world, LinkDead, "node2", 40)]
    assert told(world, NodeDead, "node2", 40) == []


def test_the_master_heeds_term_and_hup() -> None:
    assert told(run("40s kill node1 master -15"), ShutdownComplete)
    assert "Configuration unchanged." in text(run("40s kill node1 master -1"), "node1", 40, 41)


def test_ipfail_ends_by_itself_on_term_and_is_respawned() -> None:
    assert told(run("40s kill node1 ipfail -15"), ClientRespawn)


def test_a_stopped_daemon_stands_still_while_its_node_works() -> None:
    world = run("40s hang node1 master for 3s")
    assert [round(t) for t, _ in told(world, DaemonStopped)] == [40]
    assert [round(t) for t, _ in told(world, DaemonContinued)] == [43]
    assert text(world, "node1", 40.1, 42.9) == []
    assert {e.what for _, e in told(world, DispatchLate)} == {
        "send local status", "check for signals",
    }  # fmt: skip
    assert told(world, LateHeartbeat)


def _ends(seeds: int) -> list[int]:
    """Return how many nodes saw a partition after a stop longer than deadtime, by seed."""
    worlds = [run("40s hang node1 master for 8s", seed=s, until=52 * SECOND) for s in range(seeds)]
    return [len({r.source.node for r in w.recorder.records if isinstance(r.event, PartitionReturn)})
            for w in worlds]  # fmt: skip


def test_a_continued_daemon_may_scan_before_it_reads_and_then_both_restart() -> None:
    found = _ends(24)
    assert set(found) == {1, 2}
    assert 0.15 < found.count(2) / len(found) < 0.65
    assert SCAN_FIRST == 385_000


def test_a_thawed_node_reads_first_and_only_its_peer_restarts() -> None:
    for seed in range(8):
        world = run("40s hang node1 for 8s", seed=seed, until=52 * SECOND)
        seen = {
            r.source.node for r in world.recorder.records if isinstance(r.event, PartitionReturn)
        }
        assert seen == {"node2"}


def test_a_thawed_node_reads_a_few_milliseconds_before_it_looks_for_silence() -> None:
    found = set()
    for seed in range(8):
        world = run("40s hang node1 for 8s", seed=seed, until=49 * SECOND)
        deaths = told(world, NodeDead, "node1", after=48)
        assert "node2" in {dead.peer for _, dead in deaths}
        found.add(deaths[0][0])
    assert len(found) > 4
    assert all(48.0005 < at < 48.012 for at in found)


def test_the_death_of_a_child_is_noticed_when_the_node_goes_on() -> None:
    world = run("40s hang node1 for 2s", "41s kill node1 read:eth1")
    assert text(world, "node1", 40.1, 41.9) == []
    assert any(line.startswith("HBREAD process died.") for line in text(world, "node1", 42, 42.1))


def test_a_stopped_daemon_can_still_be_killed() -> None:
    world = run("40s hang node1 master", "42s kill node1 all", until=45 * SECOND)
    assert world.hub.state.nodes["node1"].daemon is None


def test_thaw_ends_both_kinds_of_hang() -> None:
    world = run("40s hang node1 master", "40s hang node1", "42s thaw node1", until=45 * SECOND)
    assert world.hub.state.nodes["node1"].hung == []
    daemon = world.hub.state.nodes["node1"].daemon
    assert daemon is not None
    assert daemon.stopped == []
    assert told(world, NodePoweredOff) == []


@BOTH
@pytest.mark.parametrize(
    "faults",
    [
        ("40s kill node1 read:eth1",),
        ("40s kill node1 write:eth1 -19", "44s kill node1 write:eth1 -18"),
        ("40s hang node1 master for 8s",),
    ],
)
def test_a_world_in_the_midst_of_it_goes_on_to_the_same_bytes(
    faults: tuple[str, ...], version: str
) -> None:
    whole = run(*faults, version=version)
    part = world_of(*faults, version=version, ha_cf=HA_CF, groups=groups_of())
    part.run(42 * SECOND)
    again = World.resume(part.snapshot())
    again.run(END)
    assert jsonl(again.recorder.records) == jsonl(whole.recorder.records)
