"""Dead nodes, dead links, late heartbeats, ping nodes, clocks and stalls (semantics 4)."""

from __future__ import annotations

from typing import Any

import pytest

from hasim.events import LateHeartbeat, LinkDead, NodeDead
from hasim.protocol import Happened, RunScript, Send, dialect
from hasim.units import SECOND
from tests.protocol.harness import HA_CF, Cluster, Fed, seconds

BOTH = pytest.mark.parametrize("version", ["2.0.8", "3.0.6"])
PING = HA_CF + "ping 10.0.0.254\n"


def joined(version: str = "3.0.6", **options: Any) -> Fed:
    fed = Fed(version, **options)
    fed.join()
    return fed


def statuses(fed: Fed) -> list[tuple[str | None, int]]:
    return [
        (o.message.status, o.message.deadtime // SECOND)
        for o in fed.out
        if isinstance(o, Send) and o.message.type == "status"
    ]


# ---- announced deadtime -------------------------------------------------------------------------


@BOTH
def test_a_starting_node_announces_two_seconds_more_than_its_deadtime(version: str) -> None:
    assert statuses(Fed(version)) == [("init", 7), ("up", 7), ("up", 7)]


@BOTH
def test_the_announced_deadtime_is_the_real_one_from_five_seconds_on(version: str) -> None:
    fed = joined(version)
    fed.run(4.9)
    assert fed.master.state.deadtime == 7 * SECOND
    fed.wake(5)
    assert [limit for _, limit in statuses(fed)] == [7, 5]
    fed.run(6)
    assert statuses(fed) == [("active", 5)]


@BOTH
def test_a_late_comm_up_inflates_the_announced_deadtime_for_the_start_of_the_clients(
    version: str,
) -> None:
    fed = Fed(version, HA_CF + "respawn hacluster /usr/lib/heartbeat/ipfail\n")
    fed.run(10.4)
    fed.wake(10.5)
    assert fed.master.state.comm == "up"
    limits = [limit for status, limit in statuses(fed) if status == "active"]
    assert limits == [5, 7, 5]


@BOTH
def test_a_peer_is_judged_by_the_deadtime_it_announces(version: str) -> None:
    fed = joined(version)
    fed.hear(1.5, fed.packet(3, deadtime=8 * SECOND))
    assert fed.run(9.5) == []
    assert fed.run(10) == [
        "node b: is dead",
        "Dead node b gave up resources.",
        "Resources being acquired from b.",
        "Link b:eth0 dead.",
    ]


# ---- the scan -----------------------------------------------------------------------------------


@BOTH
def test_a_stamp_exactly_as_old_as_the_limit_is_not_yet_dead(version: str) -> None:
    fed = joined(version)
    fed.hear(1.5, fed.packet(3))
    assert "node b: is dead" not in fed.run(6.5)
    assert "node b: is dead" in fed.run(7)


def test_one_tick_more_is_dead() -> None:
    fed = joined()
    fed.hear(1.5, fed.packet(3))
    fed.run(6)
    assert "node b: is dead" in fed.wake(6.51)


def test_jitter_of_the_clock_decides_at_exactly_the_limit() -> None:
    def late_us(at: int) -> int:
        return 12_000 if at == seconds(6.5) else 0

    fed = joined(late_us=late_us)
    fed.hear(1.5, fed.packet(3))
    assert "node b: is dead" in fed.run(6.5)


def test_the_twin_wake_is_too_near_to_scan_again() -> None:
    fed = joined()
    fed.hear(1.5, fed.packet(3))
    fed.run(6.4)
    assert fed.wake(6.5) == []
    assert fed.wake(6.51) == []
    assert fed.wake(6.749) == []
    assert "node b: is dead" in fed.wake(6.75)


@BOTH
def test_the_node_itself_is_never_silent_while_its_timers_run(version: str) -> None:
    fed = joined(version)
    fed.run(60)
    assert fed.master.state.peers["a"].status == "active"


@BOTH
def test_before_comm_up_the_limit_of_all_is_initdead(version: str) -> None:
    fed = Fed(version)
    assert fed.run(10) == []
    assert "node b: is dead" in fed.run(10.5)


@BOTH
def test_once_all_are_heard_each_has_its_own_limit_also_before_comm_up(version: str) -> None:
    """As recorded (06k): the peer is gone before it answers for the node list."""
    fed = Fed(version)
    fed.hear(0.5, fed.packet(1, status="up", deadtime=7 * SECOND))
    assert fed.run(7.5) == []
    assert fed.master.state.comm == "asked"
    said = fed.run(9)
    up = "Comm_now_up(): updating status to active"
    order = [said.index(line) for line in ("node b: is dead", "Link b:eth0 dead.", up)]
    assert order == sorted(order)


def test_links_that_never_carried_a_packet_are_never_reported_dead() -> None:
    fed = joined()
    fed.run(20)
    assert [e for e in fed.events if isinstance(e, LinkDead)] == [LinkDead("b", "eth0")]


@BOTH
def test_node_lines_come_before_link_lines(version: str) -> None:
    cluster = Cluster(PING, version, pings=["10.0.0.254"])
    cluster.run(20)
    cluster.passes = lambda *rest: False
    cluster.run(27)
    lost = [type(e) for _, _, e in cluster.told(NodeDead, LinkDead, node="a")]
    assert lost == [NodeDead, NodeDead, LinkDead, LinkDead, LinkDead]


@pytest.mark.parametrize(("deadping", "first"), [(3, LinkDead), (9, NodeDead)])
def test_links_die_by_the_limit_of_the_last_node_of_the_table(deadping: int, first: type) -> None:
    cluster = Cluster(PING + f"deadping {deadping}\n", pings=["10.0.0.254"])
    cluster.run(20)
    cluster.passes = lambda at, sender, reader, *rest: "b" not in (sender, reader)
    cluster.run(40)
    lost = [(t, e) for t, _, e in cluster.told(NodeDead, LinkDead, node="a")]
    assert type(lost[0][1]) is first
    node = next(t for t, e in lost if isinstance(e, NodeDead))
    links = [t for t, e in lost if isinstance(e, LinkDead)]
    assert len(links) == 2
    assert abs(links[0] - node - (deadping - 5)) <= 0.5


def test_a_peer_silent_longer_than_deadping_but_not_dead_loses_its_links_only() -> None:
    fed = pinged("3.0.6")
    fed.hear(1.4, fed.packet(3, deadtime=35 * SECOND))
    for at in range(2, 30):
        answer = fed.packet(0, "NS_st", origin="10.0.0.254", status="ping")
        fed.hear(at, answer, medium=2)
        fed.run(at + 0.9)
    dead = [e for e in fed.events if isinstance(e, (NodeDead, LinkDead))]
    assert dead == [LinkDead("b", "eth0")]


@BOTH
def test_a_death_is_told_once(version: str) -> None:
    fed = joined(version)
    fed.run(60)
    assert [e for e in fed.events if isinstance(e, NodeDead)] == [NodeDead("b")]


# ---- late heartbeats ----------------------------------------------------------------------------


@BOTH
def test_an_interval_of_exactly_warntime_is_not_late(version: str) -> None:
    fed = joined(version)
    fed.hear(1.5, fed.packet(3))
    fed.run(4)
    assert fed.hear(4.5, fed.packet(4)) == []


@BOTH
def test_an_interval_beyond_warntime_is_late(version: str) -> None:
    fed = joined(version)
    fed.hear(1.5, fed.packet(3))
    fed.run(5)
    assert fed.hear(5.5, fed.packet(4)) == ["Late heartbeat: Node b: interval 4000 ms"]


def test_the_old_daemon_forgives_a_heartbeat_later_than_deadtime() -> None:
    fed = joined("2.0.8")
    fed.hear(1.5, fed.packet(3))
    fed.run(6.5)
    said = fed.hear(6.7, fed.packet(4))
    assert said == ["Late heartbeat: Node b: interval 5200 ms"]


def test_the_new_daemon_declares_the_sender_dead_on_the_spot_and_alive_again() -> None:
    fed = joined("3.0.6")
    fed.hear(1.5, fed.packet(3))
    fed.run(6.5)
    assert fed.hear(6.7, fed.packet(4)) == [
        "Late heartbeat: Node b: interval 5200 ms (> deadtime)",
        "node b: is dead",
        "Dead node b gave up resources.",
        "Resources being acquired from b.",
        "Status update for node b: status active",
    ]
    assert fed.master.state.restart_due is None


def test_the_judge_of_lateness_is_the_own_deadtime_not_the_announced_one() -> None:
    fed = joined("3.0.6")
    fed.hear(1.5, fed.packet(3, deadtime=20 * SECOND))
    fed.run(8)
    said = fed.hear(8.2, fed.packet(4, deadtime=20 * SECOND))
    assert "node b: is dead" in said


@BOTH
def test_the_own_late_heartbeat_is_said_and_nothing_follows(version: str) -> None:
    fed = joined(version)
    fed.run(4)
    fed.hear(4.1, fed.packet(3, deadtime=60 * SECOND))
    over = " (> deadtime)" if dialect(version).late_kills else ""
    said = fed.wake(10)
    assert said[0] == f"Late heartbeat: Node a: interval 6000 ms{over}"
    assert "node a: is dead" not in said


@BOTH
def test_the_first_packet_ever_of_a_node_is_never_late(version: str) -> None:
    fed = Fed(version)
    fed.run(8)
    assert fed.hear(8.2, fed.packet(1, status="init"))[0] == "Link b:eth0 up."
    assert not any(isinstance(e, (LateHeartbeat, NodeDead)) for e in fed.events)


@BOTH
def test_the_first_answer_ever_of_a_ping_node_may_be_late(version: str) -> None:
    """A ping node has no generation that could clear its stamp."""
    fed = Fed(version, PING)
    fed.run(8)
    fed.hear(8.2, fed.packet(0, "NS_st", origin="10.0.0.254", status="ping"), medium=2)
    told = [type(e) for e in fed.events if isinstance(e, (LateHeartbeat, NodeDead))]
    assert told == ([LateHeartbeat, NodeDead] if dialect(version).late_kills else [LateHeartbeat])


# ---- status -------------------------------------------------------------------------------------


@BOTH
def test_each_change_of_a_peers_status_is_said_once_and_runs_the_script(version: str) -> None:
    fed = Fed(version)
    assert "Status update" not in str(fed.hear(0.5, fed.packet(1, status="init")))
    assert fed.hear(1, fed.packet(2, status="up")) == ["Status update for node b: status up"]
    assert fed.scripts() == ["status"]
    fed.master.child_exited("status", "b")
    assert fed.hear(1.5, fed.packet(3, status="up")) == []
    assert fed.scripts() == []
    assert fed.hear(2, fed.packet(4))[0] == "Status update for node b: status active"
    assert fed.scripts() == ["status"]


@BOTH
def test_scripts_run_one_at_a_time_in_the_order_they_were_asked_for(version: str) -> None:
    fed = Fed(version)
    packets = [fed.packet(n, status=s) for n, s in enumerate(("up", "active", "up"), 1)]
    fed.hear(0.5, *packets)
    assert fed.scripts() == ["status"]
    assert len(fed.master.state.queue) == 2
    for at, left in ((0.6, 1), (0.7, 0)):
        fed.master.child_exited("status", "b")
        fed.wake(at)
        assert fed.scripts() == ["status"]
        assert len(fed.master.state.queue) == left
    fed.master.child_exited("status", "b")
    fed.wake(0.8)
    assert fed.scripts() == []


# ---- ping nodes ---------------------------------------------------------------------------------


def pinged(version: str) -> Fed:
    fed = Fed(version, PING)
    fed.hear(0.5, fed.packet(0, "NS_st", origin="10.0.0.254", status="ping"), medium=2)
    fed.hear(0.6, fed.packet(1, deadtime=900 * SECOND))
    fed.hear(1, fed.packet(2, "repnodes", dest="a", nodelist="a b"))
    return fed


@BOTH
def test_a_ping_node_comes_up_with_link_and_status(version: str) -> None:
    fed = Fed(version, PING)
    answer = fed.packet(0, "NS_st", origin="10.0.0.254", status="ping")
    assert fed.hear(0.5, answer, medium=2) == [
        "Link 10.0.0.254:10.0.0.254 up.",
        "Status update for node 10.0.0.254: status ping",
    ]


@BOTH
def test_a_ping_node_dies_after_deadping_and_runs_one_script(version: str) -> None:
    fed = pinged(version)
    fed.master.state.helpers = 0
    said = fed.run(6)
    assert said == ["node 10.0.0.254: is dead", "Link 10.0.0.254:10.0.0.254 dead."]
    assert fed.scripts() == ["status"]
    assert fed.sent("stonith") == []
    assert fed.master.state.restart_due is None


def test_a_ping_node_that_returns_late_dies_once_more_in_the_new_daemon() -> None:
    fed = pinged("3.0.6")
    fed.run(8)
    answer = fed.packet(0, "NS_st", origin="10.0.0.254", status="ping")
    assert fed.hear(9, answer, medium=2) == [
        "Link 10.0.0.254:10.0.0.254 up.",
        "Late heartbeat: Node 10.0.0.254: interval 8500 ms (> deadtime)",
        "node 10.0.0.254: is dead",
        "Status update for node 10.0.0.254: status ping",
    ]


def test_a_ping_node_that_returns_late_is_only_late_in_the_old_daemon() -> None:
    fed = pinged("2.0.8")
    fed.run(8)
    answer = fed.packet(0, "NS_st", origin="10.0.0.254", status="ping")
    assert fed.hear(9, answer, medium=2) == [
        "Link 10.0.0.254:10.0.0.254 up.",
        "Late heartbeat: Node 10.0.0.254: interval 8500 ms",
        "Status update for node 10.0.0.254: status ping",
    ]


def test_a_ping_node_knows_no_partition() -> None:
    fed = pinged("3.0.6")
    fed.run(8)
    fed.hear(9, fed.packet(0, "NS_st", origin="10.0.0.254", status="ping"), medium=2)
    fed.run(12)
    assert not any("partition" in type(e).__name__.lower() for e in fed.events)


# ---- clocks and stalls --------------------------------------------------------------------------


@BOTH
def test_a_clock_set_back_skips_one_scan(version: str) -> None:
    fed = joined(version)
    fed.hear(1.5, fed.packet(3))
    fed.run(6.5)
    fed.master.clock_set_back()
    assert fed.wake(7) == ["Clock jumped backwards. Compensating."]
    assert "node b: is dead" in fed.wake(7.5)


@BOTH
def test_timers_stay_on_their_grid_whoever_else_wakes_the_loop(version: str) -> None:
    fed = joined(version)
    fed.wake(1.333)
    fed.run(1.6)
    fed.wake(1.777)
    state = fed.master.state
    assert state.status_due == seconds(2)
    assert state.msgfree_due == seconds(2)
    fed.run(30)
    assert state.status_due == seconds(31)
    assert state.msgfree_due == seconds(30.5)
    assert state.audit_due == seconds(36)


@BOTH
def test_a_timer_served_less_than_a_tick_late_keeps_its_grid(version: str) -> None:
    fed = joined(version)
    fed.run(2.9)
    fed.wake(3.009)
    assert fed.master.state.status_due == seconds(4)
    assert fed.master.state.msgfree_due == seconds(3.5)


@BOTH
def test_a_stall_begins_a_new_grid(version: str) -> None:
    fed = joined(version)
    fed.run(3)
    fed.wake(5.77)
    assert fed.master.state.status_due == seconds(6.77)
    assert fed.master.state.msgfree_due == seconds(6.27)


def test_the_own_status_is_sent_once_for_a_long_stall() -> None:
    fed = joined()
    fed.run(3)
    types = [o.message.type for o in fed.master.beat(seconds(9.5)) if isinstance(o, Send)]
    assert [t for t in types if t != "NS_ackmsg"] == ["status"]
    assert fed.master.beat(seconds(9.6)) == ()


def test_after_a_stall_queued_packets_are_read_before_the_scan() -> None:
    """Queue first: the peer is declared dead by its late heartbeat, and no partition is seen."""
    fed = joined("3.0.6")
    for at in range(2, 6):
        fed.hear(at, fed.packet(at + 1))
    said = fed.hear(14, fed.packet(7), fed.packet(8))
    assert "Late heartbeat: Node b: interval 9000 ms (> deadtime)" in said
    assert "node b: is dead" in said
    assert "Status update for node b: status active" in said
    assert fed.master.state.restart_due is None


def test_where_the_scan_comes_first_a_partition_is_seen() -> None:
    fed = joined("3.0.6")
    for at in range(2, 6):
        fed.hear(at, fed.packet(at + 1))
    assert "node b: is dead" in fed.wake(14)
    said = fed.hear(14.3, fed.packet(7))
    assert said[0] == "Cluster node b returning after partition."
    assert fed.master.state.restart_due is not None


def test_packets_are_stamped_when_they_are_read_not_when_they_arrive() -> None:
    fed = joined()
    fed.run(2)
    fed.now = seconds(2.1)
    fed.master.deliver(0, fed.packet(3))
    fed.run(2.5)
    peer = fed.master.state.peers["b"]
    assert peer.stamp == peer.links[0].stamp == seconds(2.5)


# ---- to the tick --------------------------------------------------------------------------------


@BOTH
def test_a_tick_more_than_warntime_is_late(version: str) -> None:
    """All comparisons of ages are strict, in ticks of 10 ms (semantics 4.6)."""
    fed = joined(version)
    fed.hear(1.5, fed.packet(3))
    fed.wake(3)
    assert fed.hear(4.5, fed.packet(4))[:1] == []
    fed.wake(6)
    assert fed.hear(7.51, fed.packet(5))[0] == "Late heartbeat: Node b: interval 3010 ms"


@BOTH
def test_a_link_is_dead_a_tick_after_its_limit(version: str) -> None:
    """A link that is quiet while its node is heard on another (semantics 4.2, 4.4)."""
    fed = joined(version)
    fed.hear(1.5, fed.packet(3))
    fed.hear(1.5, fed.packet(3), medium=1)
    for n, at in enumerate((3, 4, 5, 6, 6.2), 4):
        fed.hear(at, fed.packet(n))
    assert fed.wake(6.26) == []
    assert fed.wake(6.51) == ["Link b:eth1 dead."]


@BOTH
def test_the_script_for_a_status_is_told_the_status(version: str) -> None:
    fed = joined(version)
    fed.master.state.helpers, fed.master.state.queue = 0, []
    fed.hear(1.5, fed.packet(3, status="up"))
    scripts = [o for o in fed.out if isinstance(o, RunScript)]
    assert [(o.script, o.origin, o.status) for o in scripts] == [("status", "b", "up")]


@BOTH
def test_a_stalled_node_that_scans_first_finds_everybody_dead(version: str) -> None:
    """Semantics 4.8, scan first: own status, the peer's death, and only then the queue."""
    fed = joined(version)
    fed.run(2)
    fed.master.deliver(0, fed.packet(3))
    out = fed.master.scan_first(seconds(9.5))
    types = [o.message.type for o in out if isinstance(o, Send)]
    assert types[0] == "status"
    assert NodeDead("b") in [o.event for o in out if isinstance(o, Happened)]
    assert fed.master.has_mail
