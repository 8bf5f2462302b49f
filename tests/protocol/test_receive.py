"""What a node does with a packet: acknowledgements, duplicates, gaps, replays (semantics 3)."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hasim.protocol import Auth, Send
from hasim.units import MS, SECOND
from tests.protocol.harness import HA_CF, Cluster, Fed, seconds

BOTH = pytest.mark.parametrize("version", ["2.0.8", "3.0.6"])


def joined(version: str = "3.0.6", **options: Any) -> Fed:
    fed = Fed(version, **options)
    fed.join()
    return fed


# ---- own packets --------------------------------------------------------------------------------


def test_the_first_packet_of_a_life_is_number_one_with_status_init() -> None:
    first = next(o.message for o in Fed().out if isinstance(o, Send))
    assert (first.type, first.seqno, first.status) == ("status", 1, "init")


def test_one_counter_serves_every_sequenced_type() -> None:
    fed = Fed()
    fed.hear(0.5, fed.packet(1))
    assert [m.seqno for m in fed.sent("reqnodes")] == [fed.master.state.seqno]
    numbers = sorted(fed.master.state.history)
    assert numbers == list(range(1, fed.master.state.seqno + 1))


def test_unsequenced_messages_take_no_number() -> None:
    fed = joined()
    before = fed.master.state.seqno
    fed.hear(1.5, fed.packet(10))
    assert fed.sent("NS_ackmsg") == []
    fed.run(1.8)
    assert [m.seqno for m in fed.sent("NS_rexmit")] == [0] * len(fed.sent("NS_rexmit"))
    assert fed.master.state.seqno == before


# ---- acknowledgements ---------------------------------------------------------------------------


def test_every_tenth_packet_is_acknowledged() -> None:
    fed = joined()
    acked = []
    for n in range(3, 41):
        fed.hear(1 + n / 2, fed.packet(n))
        acked += [int(m.get("ackseq")) for m in fed.sent("NS_ackmsg") if m.dest == "b"]
    assert acked == [10, 20, 30, 40]


def test_the_digit_at_which_packets_are_acknowledged_is_the_nodes_own() -> None:
    fed = joined(digit=7)
    acked = []
    for n in range(3, 31):
        fed.hear(1 + n / 2, fed.packet(n))
        acked += [int(m.get("ackseq")) for m in fed.sent("NS_ackmsg") if m.dest == "b"]
    assert acked == [7, 17, 27]


def test_nodes_acknowledge_themselves_too() -> None:
    fed = joined()
    fed.run(20)
    assert fed.master.state.peers["a"].acked >= 10


def test_nothing_is_acknowledged_while_an_earlier_packet_is_missing() -> None:
    fed = joined()
    fed.hear(1.5, fed.packet(4), fed.packet(5))
    for n in range(6, 11):
        fed.hear(1.5 + n / 10, fed.packet(n))
        assert [m for m in fed.sent("NS_ackmsg") if m.dest == "b"] == []
    fed.hear(3, fed.packet(3))
    for n in range(11, 21):
        fed.hear(3 + n / 10, fed.packet(n))
    assert [m.get("ackseq") for m in fed.sent("NS_ackmsg") if m.dest == "b"] == ["20"]


def test_an_acknowledgement_for_another_node_is_not_taken_in() -> None:
    fed = joined()
    fed.hear(1.5, fed.packet(0, "NS_ackmsg", dest="c", ackseq=4))
    assert fed.master.state.peers["b"].acked == 0
    fed.hear(2, fed.packet(0, "NS_ackmsg", dest="a", ackseq=4))
    assert fed.master.state.peers["b"].acked == 4


def test_what_bears_no_number_and_is_for_another_node_refreshes_no_link() -> None:
    fed = joined()
    fed.hear(1.5, fed.packet(0, "NS_ackmsg", dest="c", ackseq=4))
    assert fed.master.state.peers["b"].links[0].stamp == seconds(1)
    fed.hear(1.6, fed.packet(0, "NS_ackmsg", dest="a", ackseq=4))
    assert fed.master.state.peers["b"].links[0].stamp == seconds(1.6)


@pytest.mark.parametrize(("version", "most"), [("2.0.8", 100), ("3.0.6", 250)])
def test_clients_are_paused_when_a_live_peer_acknowledges_too_little(
    version: str, most: int
) -> None:
    fed = joined(version)
    fed.hear(1.5, fed.packet(0, "NS_ackmsg", dest="a", ackseq=1))
    said: list[str] = []
    for n in range(3, 3 + most + 20):
        fed.hear(n, fed.packet(n))
        said += fed.wake(n + 0.1)
        if fed.master.state.paused:
            break
    assert most < fed.master.state.seqno - 1 <= most + 10
    said = fed.hear(n + 0.5, fed.packet(0, "NS_ackmsg", dest="a", ackseq=fed.master.state.seqno))
    assert said == ["all clients are now resumed"]


@pytest.mark.parametrize("status", ["active", "dead"])
def test_a_dead_peer_that_acknowledges_nothing_pauses_nobody(status: str) -> None:
    """Semantics 3.7: the lowest acknowledged packet of the live nodes counts."""
    fed = joined(ha_cf=HA_CF.replace("node a b", "node a b c"))
    state = fed.master.state
    state.seqno = state.peers["a"].acked = state.peers["b"].acked = 300
    state.peers["c"].acked, state.peers["c"].status = 10, status
    said = fed.hear(1.5, fed.packet(0, "NS_ackmsg", dest="a", ackseq=300))
    assert state.paused == ("all clients are now paused" in said) == (status == "active")


@pytest.mark.parametrize(("version", "most"), [("2.0.8", 100), ("3.0.6", 250)])
def test_exactly_so_many_packets_ahead_pause_nobody(version: str, most: int) -> None:
    fed = joined(version)
    state = fed.master.state
    state.seqno, state.peers["a"].acked = 1000, 1000
    fed.hear(1.5, fed.packet(0, "NS_ackmsg", dest="a", ackseq=1000 - most))
    assert not state.paused
    state.peers["b"].acked = 0
    fed.hear(1.6, fed.packet(0, "NS_ackmsg", dest="a", ackseq=1000 - most - 1))
    assert state.paused


# ---- duplicates and links -----------------------------------------------------------------------


def test_a_second_copy_is_no_second_packet_but_refreshes_its_link() -> None:
    fed = joined()
    fed.hear(1.5, fed.packet(3))
    said = fed.hear(1.6, fed.packet(3), medium=1)
    assert said == ["Link b:eth1 up."]
    links = fed.master.state.peers["b"].links
    assert [link.stamp for link in links] == [seconds(1.5), seconds(1.6)]


def test_a_second_copy_does_not_count_as_a_heartbeat() -> None:
    fed = joined()
    fed.hear(1.5, fed.packet(3))
    fed.hear(2.5, fed.packet(3), medium=1)
    assert fed.master.state.peers["b"].stamp == seconds(1.5)


def test_a_copy_that_comes_after_the_next_packet_refreshes_nothing() -> None:
    fed = joined()
    fed.hear(1.5, fed.packet(3), fed.packet(4))
    said = fed.hear(1.6, fed.packet(3), medium=1)
    assert said == []
    assert not fed.master.state.peers["b"].links[1].up


def test_traffic_that_is_no_status_refreshes_the_link_but_not_the_node() -> None:
    fed = joined()
    fed.hear(3.5, fed.packet(3, "hbapi-clstat"))
    peer = fed.master.state.peers["b"]
    assert peer.links[0].stamp == seconds(3.5)
    assert peer.stamp == seconds(0.5)


def test_an_unsequenced_message_is_processed_once_per_copy() -> None:
    fed = joined()
    request = fed.packet(0, "NS_rexmit", dest="a", firstseq=2, lastseq=2)
    fed.hear(1.5, request)
    assert [o.message.seqno for o in fed.out if isinstance(o, Send) and o.again] == [2]
    fed.hear(1.8, request, medium=1)
    assert [o.message.seqno for o in fed.out if isinstance(o, Send) and o.again] == [2]


def test_a_message_for_another_node_still_counts_in_the_numbering() -> None:
    fed = joined()
    fed.hear(1.5, fed.packet(3, "reqnodes", dest="c"))
    assert fed.sent("repnodes") == []
    assert fed.hear(2, fed.packet(4)) == []
    assert fed.master.state.peers["b"].last_seq == 4


# ---- gaps and retransmission --------------------------------------------------------------------


@BOTH
def test_a_gap_is_said_and_the_newer_packet_is_taken_at_once(version: str) -> None:
    fed = joined(version)
    assert fed.hear(1.5, fed.packet(6)) == ["3 lost packet(s) for [b] [2:6]"]
    assert fed.master.state.peers["b"].stamp == seconds(1.5)
    assert sorted(fed.master.state.peers["b"].missing) == [3, 4, 5]


@BOTH
def test_a_gap_is_closed_by_its_last_packet(version: str) -> None:
    fed = joined(version)
    fed.hear(1.5, fed.packet(5))
    assert fed.hear(1.6, fed.packet(4)) == []
    assert fed.hear(1.7, fed.packet(3)) == ["No pkts missing from b!"]


@pytest.mark.parametrize(("version", "most"), [("2.0.8", 500), ("3.0.6", 250)])
def test_a_gap_too_large_is_given_up(version: str, most: int) -> None:
    fed = joined(version)
    assert len(fed.hear(1.5, fed.packet(2 + most + 1))) == 1
    fed = joined(version)
    assert fed.hear(1.5, fed.packet(2 + most + 2)) == [
        f"{most + 1} lost packet(s) for [b] [2:{most + 4}]",
        "lost a lot of packets!",
    ]
    assert fed.master.state.peers["b"].missing == {}


def test_each_missing_packet_is_asked_for_by_itself_after_a_delay() -> None:
    fed = joined()
    fed.hear(1.5, fed.packet(5))
    assert fed.sent("NS_rexmit") == []
    assert fed.master.deadline == seconds(1.6)
    fed.wake(1.6)
    asked = [(m.dest, m.get("firstseq"), m.get("lastseq")) for m in fed.sent("NS_rexmit")]
    assert asked == [("b", "3", "3"), ("b", "4", "4")]


def test_the_request_is_repeated_every_quarter_second_until_the_packet_comes() -> None:
    fed = joined()
    fed.hear(1.5, fed.packet(4))
    asked = []
    while fed.now < seconds(3):
        assert fed.master.deadline is not None
        fed.wake(fed.master.deadline / SECOND)
        asked += [fed.now // MS] * len(fed.sent("NS_rexmit"))
    assert asked == [1600, 1850, 2100, 2350, 2600, 2850]
    fed.hear(3.01, fed.packet(3))
    fed.run(5)
    assert fed.sent("NS_rexmit") == []


def test_the_old_daemon_asks_in_the_same_pass_of_its_loop() -> None:
    fed = joined("2.0.8", rexmit=0)
    fed.hear(1.5, fed.packet(4))
    assert [m.get("firstseq") for m in fed.sent("NS_rexmit")] == ["3"]


@BOTH
def test_a_refused_packet_is_lost_for_good(version: str) -> None:
    fed = joined(version)
    fed.hear(1.5, fed.packet(4))
    said = fed.hear(1.55, fed.packet(0, "NS_nak_rexmit", dest="a", firstseq=3))
    assert said == ["Irretrievably lost packet: node b seq 3"]
    assert fed.master.state.peers["b"].missing == {}
    assert fed.hear(1.6, fed.packet(0, "NS_nak_rexmit", dest="a", firstseq=3)) == []


def test_a_packet_is_sent_again_at_most_once_in_240_ms() -> None:
    fed = joined()
    request = fed.packet(0, "NS_rexmit", dest="a", firstseq=2, lastseq=2)
    again = []
    for at in (1.5, 1.6, 1.739, 1.74, 1.99):
        fed.hear(at, request)
        again += [at for o in fed.out if isinstance(o, Send) and o.again]
    assert again == [1.5, 1.74, 1.99]


def test_the_oldest_packet_kept_is_sent_again_no_more_often_than_others() -> None:
    fed = joined()
    request = fed.packet(0, "NS_rexmit", dest="a", firstseq=1, lastseq=2)
    again = []
    for at in (1.5, 1.6):
        fed.hear(at, request)
        again += [o.message.seqno for o in fed.out if isinstance(o, Send) and o.again]
    assert again == [1, 2]


def test_what_the_peer_has_acknowledged_is_not_sent_again() -> None:
    fed = joined()
    fed.hear(1.5, fed.packet(0, "NS_ackmsg", dest="a", ackseq=3))
    fed.hear(1.6, fed.packet(0, "NS_rexmit", dest="a", firstseq=2, lastseq=4))
    assert [o.message.seqno for o in fed.out if isinstance(o, Send) and o.again] == [4]


def test_at_most_fifty_packets_are_sent_again_for_one_request() -> None:
    fed = joined()
    for at in range(2, 80):
        fed.hear(at, fed.packet(at + 1))
    fed.hear(80, fed.packet(0, "NS_rexmit", dest="a", firstseq=1, lastseq=75))
    again = [o.message.seqno for o in fed.out if isinstance(o, Send) and o.again]
    assert again == list(range(1, 51))


@pytest.mark.parametrize(("version", "kept"), [("2.0.8", 200), ("3.0.6", 500)])
def test_a_packet_no_longer_kept_is_refused(version: str, kept: int) -> None:
    fed = joined(version)
    for at in range(2, kept + 30):
        fed.hear(at, fed.packet(at + 1))
    assert len(fed.master.state.history) == kept
    said = fed.hear(kept + 30, fed.packet(0, "NS_rexmit", dest="a", firstseq=3, lastseq=3))
    assert said[0] == "Cannot rexmit pkt 3 for b: seqno too low"
    assert [(m.dest, m.get("firstseq")) for m in fed.sent("NS_nak_rexmit")] == [("b", "3")]


def test_a_packet_not_yet_sent_is_not_sent_again() -> None:
    fed = joined()
    top = fed.master.state.seqno
    assert fed.hear(1.3, fed.packet(0, "NS_rexmit", dest="a", firstseq=top, lastseq=top)) == []
    assert [o.message.seqno for o in fed.out if isinstance(o, Send)] == [top]
    ask = fed.packet(0, "NS_rexmit", dest="a", firstseq=top + 1, lastseq=top + 1)
    assert fed.hear(1.5, ask) == [f"Rexmit of seq {top + 1} requested. {top} is max."]


def test_a_request_for_another_node_is_not_served() -> None:
    fed = joined()
    fed.hear(1.5, fed.packet(0, "NS_rexmit", dest="c", firstseq=2, lastseq=2))
    assert not any(isinstance(o, Send) and o.again for o in fed.out)


def test_total_silence_asks_for_nothing() -> None:
    cluster = Cluster()
    cluster.run(20)
    cluster.passes = lambda at, *rest: False
    cluster.run(24)
    assert all(not p.missing for m in cluster.masters.values() for p in m.state.peers.values())
    assert cluster.again == []


def test_after_a_cut_of_four_seconds_everything_is_back_within_three_wakes() -> None:
    cluster = Cluster()
    cluster.run(20.3)
    cluster.passes = lambda at, *rest: False
    cluster.run(24.3)
    cluster.passes = lambda at, *rest: True
    cluster.run(26.5)
    said = cluster.text("a", 24)
    assert "lost packet(s) for [b]" in said
    assert "No pkts missing from b!" in said
    assert "dead" not in said


def test_a_node_that_is_only_starting_is_not_asked_by_the_new_daemon() -> None:
    fed = Fed("3.0.6")
    fed.hear(0.5, fed.packet(1, status="init"), fed.packet(4, "hbapi-clstat"))
    assert fed.master.state.peers["b"].missing
    fed.run(0.9)
    assert fed.sent("NS_rexmit") == []
    assert fed.master.deadline is not None
    assert fed.master.deadline > fed.now


@pytest.mark.parametrize(("sent", "status"), [(0.9, "active"), (1.1, "up")])
def test_an_overtaken_status_counts_if_it_is_of_the_same_second(sent: float, status: str) -> None:
    fed = joined()
    fed.hear(1.5, fed.packet(4)._replace(sent_at=seconds(1.4)))
    fed.hear(2.5, fed.packet(3, status="up")._replace(sent_at=seconds(sent)))
    peer = fed.master.state.peers["b"]
    assert peer.status == status
    assert peer.stamp == (seconds(1.5) if status == "active" else seconds(2.5))
    assert peer.status_seq == 4


def test_a_packet_that_comes_by_itself_takes_its_timer_with_it() -> None:
    """No wake is left at which nothing is due: wakes are when packets are read (semantics 2.2)."""
    fed = joined()
    fed.hear(1.51, fed.packet(4))
    fed.hear(1.55, fed.packet(6))
    assert fed.master.deadline == seconds(1.61)
    fed.hear(1.58, fed.packet(3))
    assert fed.master.deadline == seconds(1.65)


@pytest.mark.parametrize(("status", "asked"), [("init", 0), ("up", 1), ("active", 1)])
def test_the_new_daemon_asks_nodes_that_are_up_or_active(status: str, asked: int) -> None:
    fed = Fed("3.0.6")
    fed.hear(0.5, fed.packet(1, status=status), fed.packet(3, "hbapi-clstat"))
    fed.wake(0.65)
    assert len(fed.sent("NS_rexmit")) == asked


# ---- generations --------------------------------------------------------------------------------


@BOTH
def test_an_older_generation_is_an_attempted_replay(version: str) -> None:
    fed = Fed(version)
    fed.hear(0.5, fed.packet(1, generation=5))
    said = fed.hear(1.5, fed.packet(2, generation=4), medium=1)
    assert said == ["should_drop_message: attempted replay attack [b]? [gen = 4, curgen = 5]"]
    assert not fed.master.state.peers["b"].links[1].up


@BOTH
def test_a_higher_generation_is_a_restart(version: str) -> None:
    fed = joined(version)
    fed.hear(1.5, fed.packet(3))
    said = fed.hear(2, fed.packet(1, generation=2, status="init"))
    assert said == ["Heartbeat restart on node b", "Status update for node b: status init"]
    assert fed.hear(2.5, fed.packet(2, generation=2, status="up")) == [
        "Status update for node b: status up"
    ]


def test_a_restart_is_never_late() -> None:
    fed = joined()
    fed.run(5.3)
    said = fed.hear(5.4, fed.packet(1, generation=2, status="init"))
    assert said[0] == "Heartbeat restart on node b"
    assert not any("Late heartbeat" in line for line in said)


def test_the_first_generation_heard_is_no_restart() -> None:
    fed = Fed()
    assert not any("restart" in line for line in fed.hear(0.5, fed.packet(1, generation=9)))


# ---- unknown nodes and wrong keys ---------------------------------------------------------------


@BOTH
def test_a_packet_of_an_unknown_node_is_refused(version: str) -> None:
    fed = joined(version)
    said = fed.hear(1.5, fed.packet(1, origin="z"))
    assert said[0] == "process_status_message: bad node [z] in message"
    assert "z" not in fed.master.state.peers


def test_a_packet_with_another_key_is_not_acted_upon() -> None:
    ours, theirs = Auth(1, "sha1", "ours"), Auth(1, "sha1", "theirs")
    fed = Fed(accepted=frozenset({ours}), auth=ours)
    fed.hear(0.5, fed.packet(1, auth=theirs))
    assert not fed.master.state.peers["b"].heard
    assert not fed.master.state.peers["b"].links[0].up
    fed.hear(1, fed.packet(1, auth=ours))
    assert fed.master.state.peers["b"].heard


@pytest.mark.parametrize("other", [Auth(2, "sha1", "k"), Auth(1, "md5", "k"), Auth(1, "sha1", "K")])
def test_number_method_and_key_must_all_be_the_same(other: Auth) -> None:
    ours = Auth(1, "sha1", "k")
    fed = Fed(accepted=frozenset({ours}), auth=ours)
    fed.hear(0.5, fed.packet(1, auth=other))
    assert not fed.master.state.peers["b"].heard


# ---- laws ---------------------------------------------------------------------------------------


@given(st.lists(st.integers(3, 40), max_size=60))
def test_whatever_the_order_of_arrival_each_packet_is_accepted_once(numbers: list[int]) -> None:
    """Accepted packets and missing ones together are exactly the numbers up to the highest."""
    fed = joined()
    accepted = []
    for i, n in enumerate(numbers):
        peer = fed.master.state.peers["b"]
        before = (peer.last_seq, dict(peer.missing))
        fed.hear(1.5 + i / 100, fed.packet(n))
        peer = fed.master.state.peers["b"]
        if n in before[1] or n > (before[0] or 0):
            accepted.append(n)
    peer = fed.master.state.peers["b"]
    assert len(accepted) == len(set(accepted))
    assert peer.last_seq == max([2, *numbers])
    assert {*accepted, *peer.missing} == set(range(3, peer.last_seq + 1))


@given(st.sets(st.integers(0, 400), max_size=150), st.sampled_from(["2.0.8", "3.0.6"]))
def test_after_any_loss_short_of_deadtime_all_packets_are_back(
    lost: set[int], version: str
) -> None:
    cluster = Cluster(version=version)
    cluster.run(10)
    first = cluster.n
    cluster.passes = lambda at, *rest: cluster.n - first not in lost or at > 12 * SECOND
    cluster.run(18)
    for master in cluster.masters.values():
        for peer in master.state.peers.values():
            assert peer.missing == {}
            assert peer.status == "active"


def test_a_copy_of_the_last_packet_with_another_key_refreshes_nothing() -> None:
    ours = Auth(1, "sha1", "ours")
    fed = Fed("2.0.8", accepted=frozenset({ours}), auth=ours)
    fed.hear(0.5, fed.packet(1, auth=ours))
    fed.hear(1, fed.packet(2, "repnodes", dest="a", nodelist="a b", auth=ours))
    said = fed.hear(1.5, fed.packet(2, auth=Auth(1, "sha1", "theirs")))
    assert said == ["string2msg_ll: node [b] failed authentication"]
    assert fed.master.state.peers["b"].links[0].stamp == seconds(1)
