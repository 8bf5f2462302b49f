"""Which simulated event stands for which recorded one."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from hasim.conform.align import align
from tests.conformance.made import event


def run(t: float, job: str, kind: str = "run", **args: str) -> dict[str, object]:
    return event(t, "node1", "queue", kind, job=job, **args)


def test_equal_runs_are_paired_event_by_event() -> None:
    events = [event(t, "node1", "mcp", "link-up", peer="p", medium="m") for t in (1.0, 2.0)]
    result = align(events, [dict(e) for e in events])
    assert [(a["t"], b["t"]) for a, b in result.pairs] == [(1.0, 1.0), (2.0, 2.0)]
    assert (result.missing, result.extra, result.differing) == ([], [], ())


def test_of_three_alike_the_one_that_has_no_partner_is_missing() -> None:
    ours = [event(t, "node1", "ipfail", "ipf-ask") for t in (1.0, 5.0, 9.0)]
    theirs = [event(t, "node1", "ipfail", "ipf-ask") for t in (1.1, 9.1)]
    assert [e["t"] for e in align(ours, theirs).missing] == [5.0]
    assert [e["t"] for e in align(theirs, ours).extra] == [5.0]


def test_events_far_apart_do_not_stand_for_each_other() -> None:
    ours = [event(1.0, "node1", "mcp", "transition-local")]
    theirs = [event(50.0, "node1", "mcp", "transition-local")]
    result = align(ours, theirs)
    assert (result.pairs, result.missing, result.extra) == ([], ours, theirs)


def test_another_order_is_no_equal_sequence_though_nothing_is_missing() -> None:
    one = event(1.0, "node1", "mcp", "node-dead", peer="node2")
    other = event(1.0, "node1", "mcp", "link-dead", peer="node2", medium="eth0")
    result = align([one, other], [other, one])
    assert result.differing == (("node1", "mcp"),)
    assert (result.missing, result.extra) == ([], [])


def test_processes_are_a_multiset_whatever_their_names_and_order() -> None:
    first, second = run(1.0, "0.5", type="status"), run(2.0, "0.9", type="ip-request-resp")
    answer = run(2.1, "0.9", "resp", key="k", ok="yes")
    theirs = [
        run(1.0, "0.1", type="ip-request-resp"),
        run(1.1, "0.1", "resp", key="k", ok="yes"),
        run(2.0, "0.2", type="status"),
    ]
    assert align([first, second, answer], theirs).differing == ()


def test_an_event_in_another_process_is_a_difference() -> None:
    ours = [run(1.0, "0.5", type="status"), run(1.1, "0.5", "resp", key="k", ok="yes")]
    theirs = [run(1.0, "0.5", type="status"), run(1.1, "0.6", "resp", key="k", ok="yes")]
    result = align(ours, theirs)
    assert result.differing == (("node1", "queue"),)
    assert (result.missing, result.extra) == ([], [])


_TIMES = st.lists(st.integers(0, 100).map(lambda n: n / 10), max_size=8).map(sorted)


@given(_TIMES, _TIMES)
def test_every_event_is_in_a_pair_or_left_and_pairs_keep_their_order(
    a: list[float], b: list[float]
) -> None:
    ours = [event(t, "node1", "ipfail", "ipf-ask") for t in a]
    theirs = [event(t, "node1", "ipfail", "ipf-ask") for t in b]
    result = align(ours, theirs)
    assert len(result.pairs) == min(len(a), len(b))
    assert len(result.pairs) + len(result.missing) == len(a)
    assert len(result.pairs) + len(result.extra) == len(b)
    assert [y["t"] for _, y in result.pairs] == sorted(y["t"] for _, y in result.pairs)
    # No pairing in order has a lesser sum of distances: shifting the shorter list does not help.
    total = sum(abs(x["t"] - y["t"]) for x, y in result.pairs)
    short, long_ = sorted((a, b), key=len)
    shifted = [
        sum(abs(s - t) for s, t in zip(short, long_[k:], strict=False))
        for k in range(len(long_) - len(short) + 1)
    ]
    assert total <= min(shifted)
