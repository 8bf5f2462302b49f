"""Which part of a run a picture shows."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hasim import events as ev
from hasim.errors import HasimError
from hasim.monitors import Violation
from hasim.render.window import Known, Window, about, known_nodes, ticks, window_of
from hasim.trace import Trace
from hasim.units import MICROS_MAX, SECOND
from tests.run.handmade import Told, acquired, trace
from tests.trace.sample import HEADER, sample

HOUR = 3600


def quiet_hour(*told: Told) -> Known:
    return Known(trace(*acquired("node1", 10), *told, until=HOUR))


def seconds(window: Window) -> tuple[float, float]:
    return window.begin / SECOND, window.end / SECOND


def test_a_run_in_which_nothing_is_done_is_shown_whole() -> None:
    assert seconds(window_of(quiet_hour())) == (0, HOUR)


def test_the_window_begins_before_the_first_fault_and_ends_after_the_last_change() -> None:
    known = quiet_hour(
        (600, None, ev.FaultInjected(0, "10m power-off node1")),
        (600, None, ev.NodePoweredOff("node1", "pulled")),
        (700, "node2", ev.NodeDead("node1")),
    )
    assert seconds(window_of(known)) == (595, 710)


def test_of_a_fault_without_effect_twenty_seconds_are_shown() -> None:
    known = quiet_hour((600, None, ev.FaultInjected(0, "10m clock node1 +5s")))
    assert seconds(window_of(known)) == (599, 622)


def test_a_window_is_never_more_than_half_a_minute_longer_than_what_happens() -> None:
    known = quiet_hour(
        (600, None, ev.FaultInjected(0, "10m cut node1:eth0")),
        (3000, None, ev.FaultInjected(1, "50m restore node1:eth0")),
    )
    assert seconds(window_of(known)) == (585, 3050)


def test_a_violation_is_in_the_window_although_no_fault_is_known() -> None:
    violation = Violation(100 * SECOND, "p", "It is so.", (), 200 * SECOND)
    assert seconds(window_of(quiet_hour(), [violation])) == (95, 210)
    assert seconds(window_of(quiet_hour(), [Violation(100 * SECOND, "p", "s", ())])) == (99, 122)


def test_what_is_given_is_shown_and_the_rest_is_chosen() -> None:
    known = quiet_hour((600, None, ev.FaultInjected(0, "10m clock node1 +5s")))
    assert seconds(window_of(known, begin=610 * SECOND)) == (610, 622)
    assert seconds(window_of(known, begin=700 * SECOND)) == (700, HOUR)
    assert seconds(window_of(known, end=610 * SECOND)) == (599, 610)
    assert seconds(window_of(known, end=500 * SECOND)) == (0, 500)
    assert seconds(window_of(known, begin=0, end=10**12)) == (0, HOUR)


@pytest.mark.parametrize(
    ("begin", "end", "told"),
    [
        (HOUR, HOUR + 60, "the window 1h..1h1m lies outside the run, which lasts 1h"),
        (-1, 60, "the window -1s..1m lies outside the run, which lasts 1h"),
        (60, 60, "the window 1m..1m is empty: its begin must lie before its end"),
        (60, 30, "the window 1m..30s is empty: its begin must lie before its end"),
    ],
)
def test_a_window_without_anything_of_the_run_is_refused(begin: int, end: int, told: str) -> None:
    with pytest.raises(HasimError) as caught:
        window_of(quiet_hour(), begin=begin * SECOND, end=end * SECOND)
    assert str(caught.value) == told


def test_an_empty_trace_has_a_window() -> None:
    empty = Trace(HEADER, [])
    assert window_of(Known(empty)).end == 60 * SECOND
    assert window_of(Known(trace(until=0))).end > 0


def test_an_interval_that_only_touches_a_window_is_not_in_it() -> None:
    window = Window(10, 20)
    assert window.shows(10, 11)
    assert window.shows(0, 100)
    assert not window.shows(0, 10)
    assert not window.shows(20, 30)
    assert window.shows(10, 10)
    assert window.shows(20, 20)
    assert not window.shows(21, 21)


@given(st.integers(0, MICROS_MAX), st.integers(1, MICROS_MAX), st.integers(1, 40))
def test_ticks_are_even_round_and_not_too_many(begin: int, length: int, at_most: int) -> None:
    window = Window(begin, begin + length)
    found = ticks(window, at_most)
    assert len(found) <= at_most
    assert all(window.begin <= at <= window.end for at in found)
    steps = {b - a for a, b in pairwise(found)}
    assert len(steps) <= 1
    assert all(at % step == 0 for step in steps for at in found)


@pytest.mark.parametrize(
    ("length", "step"),
    [(40 * SECOND, 5), (600 * SECOND, 60), (7200 * SECOND, 900), (2_000_000, 0.2)],
)
def test_ticks_are_what_people_count_in(length: int, step: float) -> None:
    found = ticks(Window(0, length), 11)
    assert (found[1] - found[0]) / SECOND == step


def test_nodes_are_those_of_the_header_and_whoever_else_speaks() -> None:
    assert known_nodes(sample()) == ["node1", "node2"]
    assert known_nodes(trace((1, "other", ev.CommUp()))) == ["node1", "node2", "other"]


def test_a_picture_names_its_run_once() -> None:
    known = Known(sample())
    part = "Heartbeat 3.0.6, seed 7; 10s to 20s of 1m"
    window = Window(10 * SECOND, 20 * SECOND)
    assert about(known, window, "test3-power-cord") == part
    assert about(known, window, "A heading") == f"test3-power-cord: {part}"
