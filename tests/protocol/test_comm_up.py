"""Communication up: who must be heard, who is asked, in which order lines come (semantics 5.2)."""

from __future__ import annotations

import pytest

from hasim.events import CommUp, LocalStatus, NodeDead
from hasim.protocol import RunScript, StartClient
from tests.protocol.harness import HA_CF, Cluster, Fed

BOTH = pytest.mark.parametrize("version", ["2.0.8", "3.0.6"])
PING = HA_CF + "ping 10.0.0.254\n"
THREE = HA_CF.replace("node a b", "node a b c")
RESPAWN = HA_CF + "respawn hacluster /usr/lib/heartbeat/ipfail\n"


@BOTH
def test_with_everybody_heard_the_node_list_is_asked_for_first(version: str) -> None:
    fed = Fed(version)
    said = fed.hear(0.5, fed.packet(1))
    assert [m.dest for m in fed.sent("reqnodes")] == ["b"]
    assert "Comm_now_up(): updating status to active" not in said
    assert fed.master.state.status == "up"


@BOTH
def test_the_node_list_completes_communication(version: str) -> None:
    fed = Fed(version)
    fed.join()
    assert fed.master.state.comm == "up"
    assert fed.master.state.status == "active"
    assert [m.status for m in fed.sent("status") if m.status == "active"]


@BOTH
def test_communication_comes_up_once(version: str) -> None:
    fed = Fed(version)
    fed.join()
    fed.hear(1.5, fed.packet(3, "repnodes", dest="a", nodelist="a b"))
    fed.run(30)
    assert [e for e in fed.events if isinstance(e, CommUp)] == [CommUp()]
    statuses = [e.status for e in fed.events if isinstance(e, LocalStatus)]
    assert statuses == ["active"]


@BOTH
def test_a_node_answers_for_the_node_list_at_any_time(version: str) -> None:
    fed = Fed(version)
    fed.hear(0.5, fed.packet(1, "reqnodes", dest="a"))
    assert [(m.dest, m.get("nodelist")) for m in fed.sent("repnodes")] == [("b", "a b")]


@BOTH
def test_a_request_without_answer_is_repeated_after_a_second(version: str) -> None:
    fed = Fed(version)
    fed.hear(0.5, fed.packet(1))
    asked = []
    while fed.now < 3_600_000:
        assert fed.master.deadline is not None
        fed.hear(fed.master.deadline / 1e6)
        asked += [(fed.now / 1e6, m.dest) for m in fed.sent("reqnodes")]
    assert asked == [(1.5, "b"), (2.5, "b"), (3.5, "b")]


@BOTH
def test_the_next_request_goes_to_the_next_live_peer(version: str) -> None:
    fed = Fed(version, THREE)
    fed.hear(0.5, fed.packet(1), fed.packet(1, origin="c"))
    asked = [m.dest for m in fed.sent("reqnodes")]
    while len(asked) < 4:
        assert fed.master.deadline is not None
        fed.hear(fed.master.deadline / 1e6)
        asked += [m.dest for m in fed.sent("reqnodes")]
    assert asked == ["b", "c", "b", "c"]


@BOTH
def test_an_unreachable_ping_node_delays_communication_until_initdead(version: str) -> None:
    cluster = Cluster(PING, version, pings=[])
    cluster.run(30)
    up = {node: t for t, node, _ in cluster.told(CommUp)}
    assert 10.5 <= up["a"] < 11.7
    assert 10.6 <= up["b"] < 11.7


@BOTH
def test_with_the_ping_node_heard_communication_is_up_within_two_seconds(version: str) -> None:
    cluster = Cluster(PING, version, pings=["10.0.0.254"])
    cluster.run(30)
    assert sorted(node for t, node, _ in cluster.told(CommUp) if 0.5 <= t <= 2.2) == ["a", "b"]


@BOTH
def test_a_node_unknown_to_the_peer_is_removed(version: str) -> None:
    fed = Fed(version, THREE)
    fed.hear(0.5, fed.packet(1), fed.packet(1, origin="c"))
    said = fed.hear(1, fed.packet(2, "repnodes", dest="a", nodelist="a b"))
    assert "Removing node [c] from configuration." in said
    assert list(fed.master.state.peers) == ["a", "b"]
    said = fed.hear(1.5, fed.packet(2, origin="c"))
    assert said[0] == "process_status_message: bad node [c] in message"


@BOTH
def test_the_node_itself_is_never_removed(version: str) -> None:
    fed = Fed(version)
    fed.hear(0.5, fed.packet(1))
    fed.hear(1, fed.packet(2, "repnodes", dest="a", nodelist="b"))
    assert list(fed.master.state.peers) == ["a", "b"]


@BOTH
def test_alone_the_stonith_notice_completes_communication_inside_the_death(version: str) -> None:
    """The two warnings come after the node has become active: the notice loops back first."""
    fed = Fed(version, RESPAWN)
    assert fed.run(10.5) == [
        "node b: is dead",
        "Comm_now_up(): updating status to active",
        "Local status now set to: 'active'",
        "No STONITH device configured.",
        "Shared disks are not protected.",
        "Resources being acquired from b.",
    ]
    assert sum(isinstance(o, StartClient) for o in fed.out) == 1
    assert [(m.get("node"), m.get("result")) for m in fed.sent("stonith")] == [("b", "n_stnth")]


@BOTH
def test_with_a_stonith_device_no_notice_is_sent_and_links_come_before_comm_up(
    version: str,
) -> None:
    fed = Fed(version, HA_CF + "stonith_host * null a b\n")
    said = fed.run(10.5)
    assert said[0] == "node b: is dead"
    assert fed.sent("stonith") == []
    assert said[-2:] == [
        "Comm_now_up(): updating status to active",
        "Local status now set to: 'active'",
    ]


@BOTH
def test_a_dead_peer_that_was_heard_needs_no_warning_about_shared_disks(version: str) -> None:
    fed = Fed(version)
    fed.join()
    said = fed.run(20)
    assert said[0] == "node b: is dead"
    assert "Shared disks are not protected." not in said
    assert [e for e in fed.events if isinstance(e, NodeDead)] == [NodeDead("b")]


def test_two_nodes_come_up_together_like_this() -> None:
    cluster = Cluster(RESPAWN)
    cluster.run(20)
    assert cluster.text("a") == (
        "0.00 info: Local status now set to: 'up'\n"
        "0.50 info: Link a:eth0 up.\n"
        "0.50 info: Link a:eth1 up.\n"
        "0.50 info: Link b:eth0 up.\n"
        "0.50 info: Link b:eth1 up.\n"
        "0.50 info: Status update for node b: status up\n"
        "1.00 WARN: 1 lost packet(s) for [b] [3:5]\n"
        "1.00 info: No pkts missing from b!\n"
        "1.00 info: Comm_now_up(): updating status to active\n"
        "1.00 info: Local status now set to: 'active'\n"
        "1.50 info: Status update for node b: status active\n"
        "12.00 info: remote resource transition completed.\n"
        "12.00 info: remote resource transition completed.\n"
        "12.00 info: Initial resource acquisition complete (T_RESOURCES(us))\n"
    )
    assert cluster.text("b") == (
        "0.12 info: Local status now set to: 'up'\n"
        "0.62 info: Link b:eth0 up.\n"
        "0.62 info: Link b:eth1 up.\n"
        "0.62 info: Link a:eth0 up.\n"
        "0.62 info: Link a:eth1 up.\n"
        "1.12 info: Status update for node a: status up\n"
        "1.12 info: Comm_now_up(): updating status to active\n"
        "1.12 info: Local status now set to: 'active'\n"
        "1.12 info: Status update for node a: status active\n"
        "11.62 info: local resource transition completed.\n"
        "11.62 info: Initial resource acquisition complete (T_RESOURCES(us))\n"
        "12.12 info: remote resource transition completed.\n"
    )


def test_the_packet_sent_from_inside_the_loop_back_leaves_first() -> None:
    """Whoever answers itself sends out of order; the receiver sees a gap that closes at once."""
    cluster = Cluster()
    cluster.run(3)
    lines = cluster.text("a").splitlines()
    at = next(i for i, line in enumerate(lines) if "lost packet(s)" in line)
    assert lines[at + 1] == "1.00 info: No pkts missing from b!"
    assert cluster.again == []


def test_the_node_list_is_asked_for_in_the_order_of_the_table() -> None:
    fed = Fed(ha_cf=HA_CF.replace("node a b", "node b a c d"))
    fed.hear(0.5, *(fed.packet(1, origin=name) for name in "bcd"))
    asked = [m.dest for m in fed.sent("reqnodes")]
    while len(asked) < 4:
        assert fed.master.deadline is not None
        fed.hear(fed.master.deadline / 1e6)
        asked += [m.dest for m in fed.sent("reqnodes")]
    assert asked == ["b", "c", "d", "b"]


def test_a_node_list_that_nobody_asked_for_removes_nobody() -> None:
    fed = Fed(ha_cf=THREE)
    fed.hear(0.5, fed.packet(1), fed.packet(1, origin="c"))
    fed.hear(1, fed.packet(2, "repnodes", dest="a", nodelist="a b c"))
    fed.hear(1.5, fed.packet(3, "repnodes", dest="a", nodelist="a b"))
    assert list(fed.master.state.peers) == ["a", "b", "c"]


def test_a_job_names_the_medium_of_what_asks_for_it() -> None:
    fed = Fed()
    fed.join()
    fed.master.state.helpers, fed.master.state.queue = 0, []
    fed.hear(1.5, fed.packet(3, status="up"), medium=1)
    assert [o.medium for o in fed.out if isinstance(o, RunScript)] == ["eth1"]
