"""With fencing and a watchdog nothing remains but what recordings of the real daemon show."""

from __future__ import annotations

import pytest

from hasim.model import Model
from hasim.run import simulate
from hasim.search import Space, check, known_behaviour
from hasim.search.phases import mended

#: Schedules of seed 0 that violate something, each with what it is known as.
FAILING = {
    29: "failed-start-not-taken-over",
    602: "released-while-being-started",
    709: "held-nothing-so-not-fenced",
    928: "held-nothing-so-not-fenced",
    6001: "released-while-being-started",
    9150: "asked-itself-too-early",
    13349: "released-while-being-started",
}


@pytest.fixture(scope="module")
def recorded(safe: Model) -> Model:
    """The version of which there are recordings."""
    return safe.with_dialect("3.0.6")


@pytest.mark.parametrize("index", FAILING)
def test_what_remains_is_a_behaviour_that_was_recorded(recorded: Model, index: int) -> None:
    schedule = Space(recorded).schedule(0, index)
    run = simulate(recorded, mended(recorded, schedule), index)
    assert run.violations
    found = {known_behaviour(run, violation) for violation in run.violations}
    assert {behaviour.name for behaviour in found if behaviour} == {FAILING[index]}
    assert None not in found


def test_a_violation_that_nothing_explains_stays_unexplained(model: Model) -> None:
    run = model.run(["60s kill node1 all"], until="3m")
    assert run.violations
    assert {known_behaviour(run, v) for v in run.violations} == {None}


@pytest.mark.slow
def test_hundreds_of_schedules_show_nothing_else(recorded: Model) -> None:
    hits = check(recorded, examples=700)
    assert hits.unknown() == ()
    often = set(FAILING.values()) - {"asked-itself-too-early"}
    assert {f.known.name for f in hits.found if f.known} == often
