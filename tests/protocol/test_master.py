"""The loop: when it wakes, in which order it serves its sources, and what its state can do."""

from __future__ import annotations

import copy
import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hasim.events import DispatchLate
from hasim.protocol import Auth, Happened, Letter, Master, Send, dialect
from hasim.protocol.core import AUDIT_PERIOD, MSGFREE_PERIOD
from hasim.units import DAY, HOUR, SECOND, Micros
from tests.protocol.harness import HA_CF, Cluster, Fed, seconds

BOTH = pytest.mark.parametrize("version", ["2.0.8", "3.0.6"])


def test_before_it_is_up_no_timer_wakes_it() -> None:
    fed = Fed()
    fed.master.state.status_due = None
    assert fed.master.deadline is None


def test_a_delivery_wakes_nobody() -> None:
    fed = Fed()
    due = fed.master.deadline
    fed.master.deliver(0, fed.packet(1))
    assert fed.master.deadline == due == seconds(0.5)
    assert fed.master.has_mail


def test_a_client_that_signs_on_is_announced_to_all() -> None:
    fed = Fed()
    fed.join()
    fed.master.client_signed_on("ipfail")
    fed.wake(1.1)
    assert [(m.get("st"), m.get("from_id")) for m in fed.sent("hbapi-clstat")] == [
        ("join", "ipfail")
    ]


def test_the_own_status_goes_out_before_anything_is_read() -> None:
    fed = Fed()
    fed.run(0.5)
    fed.hear(1, fed.packet(1, "reqnodes", dest="a"))
    types = [o.message.type for o in fed.out if isinstance(o, Send)]
    assert types[0] == "status"
    assert "repnodes" in types


def test_media_are_read_in_turn() -> None:
    fed = Fed()
    fed.join()
    for n in (3, 4, 5):
        fed.master.deliver(0, fed.packet(n))
    fed.master.deliver(1, fed.packet(5))
    assert fed.wake(1.5) == [
        "1 lost packet(s) for [b] [3:5]",
        "Link b:eth1 up.",
        "No pkts missing from b!",
    ]


@BOTH
def test_every_wake_lies_on_the_grids_of_its_timers(version: str) -> None:
    fed = Fed(version)
    fed.join()
    while fed.now < 60 * SECOND:
        assert fed.master.deadline is not None
        fed.hear(fed.master.deadline / SECOND)
        assert fed.now % MSGFREE_PERIOD == 0


def test_after_three_days_every_timer_is_still_on_its_grid() -> None:
    fed = Fed("3.0.6", HA_CF.replace("keepalive 1", "keepalive 2"))
    master, lag = fed.master, 0
    state = master.state
    now: Micros = 0
    while now < 3 * DAY:
        due = master.deadline
        assert due is not None
        now = due
        master.wake(now)
        if state.comm == "up" and not lag:
            assert state.msgfree_due is not None
            lag = state.msgfree_due % MSGFREE_PERIOD
    assert state.status_due is not None
    assert state.msgfree_due is not None
    assert state.audit_due is not None
    assert state.status_due % (2 * SECOND) == 0
    assert state.msgfree_due % MSGFREE_PERIOD == lag
    assert state.audit_due % AUDIT_PERIOD == 0
    assert len(state.history) == dialect("3.0.6").history


@BOTH
def test_a_state_is_equal_to_its_copy_and_to_its_pickle(version: str) -> None:
    cluster = Cluster(version=version)
    cluster.run(15.3)
    for master in cluster.masters.values():
        assert copy.deepcopy(master.state) == master.state
        assert pickle.loads(pickle.dumps(master.state)) == master.state


@BOTH
def test_a_machine_made_from_a_copied_state_goes_on_alike(version: str) -> None:
    one = Cluster(version=version)
    one.run(7.3)
    other = copy.copy(one)
    other.air, other.exits, other.log = list(one.air), list(one.exits), list(one.log)
    other.masters = {
        name: Master(m.setting, copy.deepcopy(m.state)) for name, m in one.masters.items()
    }
    one.run(60)
    other.run(60)
    assert other.log == one.log
    for name, master in one.masters.items():
        assert other.masters[name].state == master.state


@given(st.lists(st.floats(0.01, 0.49), max_size=20))
def test_wakes_between_the_timers_never_move_a_grid(extra: list[float]) -> None:
    """Whatever wakes the loop, and as long as no timer is served late, grids stay."""
    plain, woken = Fed(), Fed()
    plain.run(20)
    for at in sorted(i / 2 + x for i, x in enumerate(extra)):
        woken.run(at)
        woken.wake(at)
    woken.run(20)
    assert woken.master.state.status_due == plain.master.state.status_due
    assert woken.master.state.msgfree_due == plain.master.state.msgfree_due
    assert woken.master.state.audit_due == plain.master.state.audit_due


def test_an_hour_of_two_nodes_leaves_no_more_behind_than_a_quarter() -> None:
    cluster = Cluster()
    cluster.run(900)
    early = {n: _sizes(m) for n, m in cluster.masters.items()}
    events = len(cluster.log)
    cluster.run(HOUR / SECOND)
    assert {n: _sizes(m) for n, m in cluster.masters.items()} == early
    assert len(cluster.log) == events


def _sizes(master: Master) -> tuple[int, ...]:
    s = master.state
    return (
        len(s.history),
        len(s.resent),
        len(s.queue),
        *(len(inbox) for inbox in s.inboxes),
        *(len(p.missing) for p in s.peers.values()),
    )


def test_the_lines_of_the_start_follow_from_nothing() -> None:
    causes = [o.why for o in Fed().out if isinstance(o, Happened)]
    assert causes == [None]


def test_what_follows_a_letter_in_the_same_wake_is_not_its_doing() -> None:
    fed = Fed()
    fed.join()
    fed.run(2.9)
    fed.master.fifo(Letter("word", tag=9))
    fed.wake(5)  # two timers are late, one is served before the FIFO is read
    late = [o.why for o in fed.out if isinstance(o, Happened) and isinstance(o.event, DispatchLate)]
    assert late == [None, None]
    assert [m.tag for m in fed.sent("word")] == [9]


def test_every_packet_is_signed_with_the_own_key() -> None:
    """Semantics 1.5: `auth N` selects it."""
    ours = Auth(1, "sha1", "ours")
    fed = Fed(accepted=frozenset({ours, Auth(2, "md5", "old")}), auth=ours)
    out = fed.out
    fed.hear(0.5, fed.packet(1, auth=ours), fed.packet(10, auth=ours))
    sent = [o.message for o in [*out, *fed.out] if isinstance(o, Send)]
    assert {m.type for m in sent} >= {"status", "reqnodes"}
    assert {m.auth for m in sent} == {ours}
