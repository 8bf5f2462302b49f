"""Partitions and their end, as the two logs tell them (semantics 12)."""

from __future__ import annotations

import pytest

from hasim.events import (
    LateHeartbeat,
    NodeDead,
    PartitionReturn,
    ShutdownDelayed,
    ShutdownInProgress,
)
from hasim.units import Micros
from tests.protocol.harness import Cluster, Fed, Passes, seconds

BOTH = pytest.mark.parametrize("version", ["2.0.8", "3.0.6"])


def cut(begin: float, end: float) -> Passes:
    def passes(at: Micros, *rest: object) -> bool:
        return not seconds(begin) <= at < seconds(end)

    return passes


def test_a_partition_and_its_end_in_the_new_daemon_read_like_this() -> None:
    cluster = Cluster()
    cluster.passes = cut(20, 31)
    cluster.run(40)
    assert cluster.text("a", 20) == (
        "25.00 WARN: node b: is dead\n"
        "25.00 WARN: No STONITH device configured.\n"
        "25.00 WARN: Shared disks are not protected.\n"
        "25.00 info: Resources being acquired from b.\n"
        "25.00 info: Link b:eth0 dead.\n"
        "25.00 info: Link b:eth1 dead.\n"
        "25.20 info: mach_down takeover complete.\n"
        "31.50 CRIT: Cluster node b returning after partition.\n"
        "31.50 info: For information on cluster partitions,"
        " See URL: http://linux-ha.org/wiki/Split_Brain\n"
        "31.50 WARN: Deadtime value may be too small.\n"
        "31.50 info: See FAQ for information on tuning deadtime.\n"
        "31.50 info: URL: http://linux-ha.org/wiki/FAQ#Heavy_Load\n"
        "31.50 info: Link b:eth0 up.\n"
        "31.50 CRIT: Late heartbeat: Node b: interval 12000 ms (> deadtime)\n"
        "31.50 WARN: node b: is dead\n"
        "31.50 info: Dead node b gave up resources.\n"
        "31.50 info: Status update for node b: status active\n"
        "31.50 info: Link b:eth1 up.\n"
        "33.50 WARN: Shutdown delayed until current resource activity finishes.\n"
        "34.00 info: Heartbeat shutdown in progress. (100)\n"
        "34.00 info: Received shutdown notice from 'b'.\n"
        "34.00 info: Resource takeover cancelled - shutdown in progress.\n"
    )


def test_a_partition_and_its_end_in_the_old_daemon_read_like_this() -> None:
    cluster = Cluster(version="2.0.8")
    cluster.passes = cut(20, 31)
    cluster.run(40)
    assert cluster.text("b", 30) == (
        "31.12 CRIT: Cluster node a returning after partition.\n"
        "31.12 info: For information on cluster partitions,"
        " See URL: http://linux-ha.org/SplitBrain\n"
        "31.12 WARN: Deadtime value may be too small.\n"
        "31.12 info: See FAQ for information on tuning deadtime.\n"
        "31.12 info: URL: http://linux-ha.org/FAQ#heavy_load\n"
        "31.12 info: Link a:eth0 up.\n"
        "31.12 WARN: Late heartbeat: Node a: interval 12000 ms\n"
        "31.12 info: Status update for node a: status active\n"
        "31.12 info: Link a:eth1 up.\n"
        "33.12 info: Heartbeat shutdown in progress. (100)\n"
        "34.62 info: Received shutdown notice from 'a'.\n"
        "34.62 info: Resource takeover cancelled - shutdown in progress.\n"
    )


@BOTH
def test_both_sides_restart_two_seconds_after_they_see_each_other(version: str) -> None:
    cluster = Cluster(version=version)
    cluster.passes = cut(20, 31)
    cluster.run(40)
    seen = {node: at for at, node, _ in cluster.told(PartitionReturn)}
    asked = {
        node: at for at, node, _ in reversed(cluster.told(ShutdownDelayed, ShutdownInProgress))
    }
    assert asked == {node: pytest.approx(at + 2) for node, at in seen.items()}
    assert [(node, how) for _, node, how in cluster.ends] == [("b", "exec"), ("a", "exec")]


@BOTH
def test_the_own_status_goes_out_at_once_when_a_partition_ends(version: str) -> None:
    fed = Fed(version)
    fed.join()
    fed.run(8)
    fed.hear(8.3, fed.packet(9))
    assert len(fed.sent("status")) == 1
    assert fed.master.state.restart_due == seconds(10.3)


@BOTH
def test_a_stale_packet_of_a_dead_node_is_dropped_without_a_word(version: str) -> None:
    fed = Fed(version)
    fed.join()
    fed.hear(2, fed.packet(4))
    fed.run(9)
    assert fed.hear(9.3, fed.packet(4)) == []
    assert fed.hear(9.4, fed.packet(1)) == []
    assert fed.master.state.peers["b"].status == "dead"


@BOTH
def test_a_second_return_does_not_put_off_the_restart(version: str) -> None:
    fed = Fed(version)
    fed.join()
    fed.run(8)
    fed.hear(8.3, fed.packet(9))
    due = fed.master.state.restart_due
    fed.master.state.peers["b"].status = "dead"
    fed.hear(9.3, fed.packet(10))
    assert fed.master.state.restart_due == due


@BOTH
def test_a_dead_node_that_restarted_meanwhile_joins_without_a_partition(version: str) -> None:
    fed = Fed(version)
    fed.join()
    fed.run(8)
    assert fed.hear(8.3, fed.packet(1, generation=2, status="init")) == [
        "Heartbeat restart on node b",
        "Link b:eth0 up.",
        "Status update for node b: status init",
    ]
    assert fed.master.state.restart_due is None


@BOTH
def test_only_the_side_that_was_deaf_sees_a_partition(version: str) -> None:
    cluster = Cluster(version=version)
    cluster.passes = lambda at, sender, reader, *rest: (
        not (sender == "a" and seconds(20) <= at < seconds(31))
    )
    cluster.run(40)
    assert [node for _, node, _ in cluster.told(PartitionReturn)] == ["b"]
    assert [(node, how) for _, node, how in cluster.ends] == [("b", "exec")]


@BOTH
def test_an_outage_within_deadtime_leaves_nothing_but_a_late_heartbeat(version: str) -> None:
    cluster = Cluster(version=version)
    cluster.passes = cut(20, 23.5)
    cluster.run(60)
    assert cluster.told(NodeDead) == []
    assert cluster.ends == []
    assert {node for _, node, _ in cluster.told(LateHeartbeat)} == {"a", "b"}


@BOTH
def test_one_medium_that_stays_keeps_the_nodes_together(version: str) -> None:
    cluster = Cluster(version=version)
    cluster.passes = lambda at, sender, reader, medium, message: medium == 1 or at < seconds(20)
    cluster.run(60)
    assert cluster.told(NodeDead, LateHeartbeat) == []
    assert cluster.text("a", 20) == "25.00 info: Link b:eth0 dead.\n"
    assert cluster.ends == []


def test_a_node_that_dies_and_starts_anew_reads_like_this() -> None:
    cluster = Cluster()
    cluster.run(20.3)
    cluster.stop("b")
    cluster.run(30)
    cluster.start_again("b", generation=2)
    cluster.run(33)
    assert cluster.text("a", 20) == (
        "26.00 WARN: node b: is dead\n"
        "26.00 WARN: No STONITH device configured.\n"
        "26.00 WARN: Shared disks are not protected.\n"
        "26.00 info: Resources being acquired from b.\n"
        "26.00 info: Link b:eth0 dead.\n"
        "26.00 info: Link b:eth1 dead.\n"
        "26.20 info: mach_down takeover complete.\n"
        "30.50 info: Heartbeat restart on node b\n"
        "30.50 info: Link b:eth0 up.\n"
        "30.50 info: Status update for node b: status init\n"
        "30.50 info: Link b:eth1 up.\n"
        "30.50 info: Status update for node b: status up\n"
        "31.50 info: Status update for node b: status active\n"
        "32.50 info: remote resource transition completed.\n"
        "32.50 info: a wants to go standby [foreign]\n"
    )
    assert cluster.ends == []
