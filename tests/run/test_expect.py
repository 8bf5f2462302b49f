"""Expectations: lines of a node's log, in order."""

from __future__ import annotations

from collections.abc import Iterable

from hasim.run.expect import Missed, missed
from hasim.scenario import Expect

LOG = {"node1": ["a one", "b two", "c three"], "node2": ["z"]}


def log(node: str) -> Iterable[str]:
    return LOG[node]


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
