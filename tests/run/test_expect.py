"""Expectations: lines of a node's log in order, who holds what, and what must be violated."""

from __future__ import annotations

from collections.abc import Iterable

from hasim.monitors import Violation
from hasim.run.expect import Forbidden, Missed, NotHeld, Unexpected, Unviolated, missed
from hasim.scenario import Expect, Held, Timely
from hasim.units import SECOND, Micros

LOG = {"node1": ["a one", "b two", "c three"], "node2": ["z"]}


def log(node: str | None) -> Iterable[str]:
    return [line for lines in LOG.values() for line in lines] if node is None else LOG[node]


def test_lines_in_the_order_expected_leave_nothing_missed() -> None:
    assert missed(Expect(log={"node1": ("one", "three"), "node2": ("z",)}), log) == ()
    assert missed(Expect(), log) == ()
    assert missed(None, log) == ()


def test_a_line_too_early_is_missed_and_says_after_what_it_was_expected() -> None:
    found = missed(Expect(log={"node1": ("two", "one")}), log)
    assert found == (Missed("node1", "one", "two"),)
    assert str(found[0]) == "node1 does not log 'one' after 'two'"


def test_one_missing_line_does_not_hide_the_next() -> None:
    found = missed(Expect(log={"node1": ("nine", "two", "ten")}), log)
    assert [str(m) for m in found] == [
        "node1 does not log 'nine'",
        "node1 does not log 'ten' after 'two'",
    ]


def test_one_line_meets_one_expectation_only() -> None:
    assert missed(Expect(log={"node2": ("z", "z")}), log) == (Missed("node2", "z", "z"),)


MOUNTED = Violation(5, "at-most-one-mounter", "a and b mount web at the same time.", (1, 2), 9)


def test_a_violation_is_missed_by_every_scenario_that_does_not_expect_it() -> None:
    for expect in (None, Expect(), Expect(violated=()), Expect(("at-most-one-vip-holder",))):
        assert Unexpected(MOUNTED) in missed(expect, log, [MOUNTED])
    said = missed(None, log, [MOUNTED])
    assert [str(m) for m in said] == [f"property violated: {MOUNTED}"]


def test_a_violation_that_was_expected_is_as_expected() -> None:
    assert missed(Expect(violated=("at-most-one-mounter",)), log, [MOUNTED, MOUNTED]) == ()


def test_an_expected_violation_that_does_not_come_is_missed() -> None:
    expect = Expect(violated=("at-most-one-mounter", "at-most-one-vip-holder"))
    (found,) = missed(expect, log, [MOUNTED])
    assert found == Unviolated("at-most-one-vip-holder")
    assert str(found) == "at-most-one-vip-holder is expected to be violated, but it holds"


def there(group: str, at: Micros) -> list[str]:
    return ["node2", "node3"] if at >= 5 * SECOND and group == "g" else []


def test_a_group_that_stands_elsewhere_or_nowhere_is_missed() -> None:
    right = Held(5 * SECOND, "g", "node2")
    early, wrong = Held(4 * SECOND, "g", "node2"), Held(6 * SECOND, "g", "node1")
    found = missed(Expect(holds=(right, early, wrong)), log, holders=there)
    assert found == (
        NotHeld(4 * SECOND, "g", "node2"),
        NotHeld(6 * SECOND, "g", "node1", ("node2", "node3")),
    )
    assert [str(m) for m in found] == [
        "node2 does not hold g at 4s: nobody does",
        "node1 does not hold g at 6s: it stands on node2 and node3",
    ]


def test_a_text_that_must_never_appear_is_told_with_its_first_line() -> None:
    found = missed(Expect(never=("o", "q")), log)
    assert found == (Forbidden("o", "a one"),)
    assert str(found[0]) == "'o' was never to be logged: a one"


def test_a_line_with_a_text_to_ignore_is_no_matter() -> None:
    assert missed(Expect(never=("o",), ignore=("one",)), log) == (Forbidden("o", "b two"),)
    assert missed(Expect(never=("o",), ignore=("one", "two")), log) == ()


def timed(node: str) -> list[tuple[Micros, str]]:
    return [(5 * SECOND, "is dead"), (9 * SECOND, "is dead")] if node == "node2" else []


def test_a_line_that_comes_too_late_is_missed_and_says_by_how_much() -> None:
    def late(node: str, after: float, within: int) -> list[str]:
        want = Timely(node, "is dead", round(after * SECOND), within * SECOND)
        return [str(m) for m in missed(Expect(timely=(want,)), log, timed=timed)]

    assert late("node2", 3, 2) == []
    assert late("node2", 3, 1) == [
        "node2 does not log 'is dead' within 1s from 3s on, but after 2s"
    ]
    assert late("node2", 5, 0) == []
    assert late("node2", 5.5, 4) == []
    assert late("node2", 9.5, 60) == ["node2 does not log 'is dead' within 1m from 9s500ms on"]
    assert late("node1", 3, 2) == ["node1 does not log 'is dead' within 2s from 3s on"]
