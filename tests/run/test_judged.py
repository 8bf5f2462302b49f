"""Properties by name, and functions of a run as properties of a user's own."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from hasim.errors import HasimError
from hasim.model import Model
from hasim.monitors import Violation
from hasim.run import Run
from hasim.run.judged import Judge, judged, names_of


@pytest.fixture(scope="module")
def split(model: Model) -> Run:
    return model.run(["60s kill node1 all"], until="2m")


def holds_always(run: Run) -> None:
    """Nothing to say."""


def never_holds(run: Run) -> bool:
    """The first line of its docstring is the sentence."""
    return False


def two_sentences(run: Run) -> Iterator[str]:
    yield "The one."
    yield "The other."


def a_violation(run: Run) -> Violation:
    return Violation(7, "mine", "It is mine.", (1, 2), 9)


def test_names_pick_from_what_a_run_violates(split: Run) -> None:
    (found,) = judged(split, ["at-most-one-mounter"])
    assert found.property == "at-most-one-mounter"
    assert judged(split, ["resources-in-order", "nodes-agree"]) == ()
    assert judged(split, []) == ()


def test_a_function_that_returns_nothing_holds(split: Run) -> None:
    assert judged(split, [holds_always]) == ()
    assert judged(split, [lambda run: True]) == ()
    assert judged(split, [lambda run: []]) == ()


def test_what_a_function_says_is_a_violation_at_the_end_of_the_run(split: Run) -> None:
    (found,) = judged(split, [never_holds])
    assert found.sentence == "The first line of its docstring is the sentence."
    assert (found.property, found.at, found.evidence) == ("never-holds", split.end, ())
    sentences = [v.sentence for v in judged(split, [two_sentences])]
    assert sentences == ["The one.", "The other."]
    assert judged(split, [a_violation]) == (a_violation(split),)


def test_names_and_functions_are_in_the_order_of_time(split: Run) -> None:
    found = judged(split, [never_holds, "at-most-one-mounter", a_violation])
    assert [v.property for v in found] == ["mine", "at-most-one-mounter", "never-holds"]


def test_a_property_that_does_not_exist_is_named_with_the_nearest() -> None:
    with pytest.raises(HasimError, match="did you mean 'at-most-one-mounter'"):
        names_of(["at-most-one-mouter"])
    with pytest.raises(HasimError, match="neither the name of a property nor a function"):
        names_of([7])


@pytest.mark.parametrize("judge", [lambda run: 7, lambda run: [7]])
def test_a_function_that_returns_something_else_is_refused(split: Run, judge: Judge) -> None:
    with pytest.raises(HasimError, match="returned"):
        judged(split, [judge])
