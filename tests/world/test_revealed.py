"""What recordings revealed and no manual tells (semantics 4.6, 4.8, 8.4, 9, 12.2, 19.3)."""

from __future__ import annotations

from pathlib import Path

import hasim
from hasim.events import (
    AcquiringFrom,
    AddressUp,
    DaemonExited,
    GroupAcquire,
    GroupFailed,
    NodeDead,
    PartitionReturn,
    ShutdownInProgress,
    StandbyAsk,
)
from hasim.units import MINUTE, SECOND
from hasim.world import World
from tests.world.support import HA_CF, groups_of, told, world_of

ONE = "node1 10.0.0.200/24/eth0 Filesystem::/dev/sdb1::/data::ext3\n"


def run(*faults: str, seed: int = 0, until: int = 75) -> World:
    world = world_of(*faults, seed=seed, groups=groups_of())
    world.run(until * SECOND)
    return world


def test_silence_of_just_over_deadtime_may_leave_both_with_everything_for_good() -> None:
    """The packet that ends the silence is read where the scan would have noticed (recorded: 4 of
    13); nobody sees a partition, nobody restarts.
    """
    ha_cf = HA_CF.replace("auto_failback on", "auto_failback off")
    lasting = 0
    for seed in range(30):
        world = world_of("40s isolate node1 for 4s", seed=seed, ha_cf=ha_cf, groups=groups_of(ONE))
        world.run(75 * SECOND)
        quiet = not told(world, PartitionReturn) and not told(world, DaemonExited)
        nodes = world.hub.state.nodes.values()
        lasting += quiet and all("10.0.0.200/24" in node.addresses for node in nodes)
    assert 2 <= lasting <= 15


def test_a_hung_backup_takes_everything_when_it_wakes() -> None:
    """It hears first what lay in its sockets, finds it late, and declares a healthy node dead."""
    for seed in range(6):
        world = run("40s hang node2 for 8s", seed=seed)
        assert [e.peer for t, e in told(world, AcquiringFrom, "node2") if 48 <= t < 49] == ["node1"]
        assert [e.address for t, e in told(world, AddressUp) if 48 < t < 50 and e.node == "node2"]
        seen = {r.source.node for r in world.recorder.records
                if isinstance(r.event, PartitionReturn)}  # fmt: skip
        assert seen == {"node1"}


def test_a_group_that_fails_to_start_is_taken_over_by_nobody() -> None:
    """Half a minute later the node offers the other one's groups, whatever has failed."""
    world = run("0s fail Filesystem start on node1", until=120)
    given_up = [t for t, e in told(world, GroupFailed)]
    assert len(given_up) == 1
    asked = [e.set for t, e in told(world, StandbyAsk, "node1") if t > given_up[0] + 29]
    assert asked[:1] == ["foreign"]
    groups = [e.group for _, e in told(world, GroupAcquire, "node2")]
    assert not any("10.0.0.200" in group for group in groups)
    assert all("10.0.0.200/24" not in n.addresses for n in world.hub.state.nodes.values())


def test_after_a_partition_either_node_gives_up_first_and_never_both_at_once() -> None:
    first = set()
    for seed in range(12):
        world = run("40s isolate node1 for 15s", seed=seed, until=70)
        gave = [(t, r) for t, r in ((rec.at / SECOND, rec.source.node) for rec in
                world.recorder.records if isinstance(rec.event, ShutdownInProgress))]  # fmt: skip
        assert [node for _, node in gave] in (["node1", "node2"], ["node2", "node1"])
        assert gave[1][0] > gave[0][0]
        first.add(gave[0][1])
        assert {e.peer for _, e in told(world, NodeDead, after=40)} >= {"node1", "node2"}
    assert first == {"node1", "node2"}


def test_a_master_killed_before_the_scan_that_it_wakes_up_to_scans_nothing(webdata: Path) -> None:
    """It goes on at the instant at which it is killed; its children are left."""
    for seed in range(128, 134):
        faults = ["1m hang node2 master for 2m", "3m kill node2 master"]
        run = hasim.load(webdata).run(faults, seed=seed, until="4m")
        ends = [r for r in run.records if isinstance(r.event, DaemonExited)]
        assert [r.at for r in ends if r.event.node == "node2"] == [3 * MINUTE]
