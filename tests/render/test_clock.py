"""Wall clocks and dates."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hasim.events import ClockDrifted, ClockStepped, CommUp
from hasim.render import Stamp, WallClock, stamp
from hasim.trace import Clock, Header
from hasim.units import HOUR, SECOND

HEADER = Header(
    "0", "3.0.6", epoch="2007-11-26T07:52:21", clocks=(Clock("node1", 2 * SECOND, 100),)
)


@given(st.datetimes())
def test_dates_are_those_of_the_calendar(when: datetime) -> None:
    us = (when - datetime(1970, 1, 1)) // timedelta(microseconds=1)
    assert stamp(us) == Stamp(
        when.year, when.month, when.day, when.hour, when.minute, when.second, when.microsecond
    )


def test_dates_go_on_after_the_year_9999() -> None:
    last = (datetime(9999, 12, 31, 23, 59, 59) - datetime(1970, 1, 1)) // timedelta(seconds=1)
    assert stamp((last + 1) * SECOND).file() == "10000/01/01_00:00:00"


def test_a_day_of_one_digit_is_padded_as_the_format_wants() -> None:
    first = stamp(5 * 24 * HOUR)
    assert first.syslog() == "Jan  6 00:00:00"
    assert first.syslog("0") == "Jan 06 00:00:00"
    assert first.file() == "1970/01/06_00:00:00"


@pytest.mark.parametrize(
    ("node", "at", "shown"),
    [
        ("node1", 0, "07:52:23"),
        ("node1", 10_000 * SECOND, "10:39:04"),
        ("node2", 0, "07:52:21"),
        (None, HOUR, "08:52:21"),
    ],
)
def test_a_clock_is_epoch_and_offset_and_drift(node: str | None, at: int, shown: str) -> None:
    assert WallClock(HEADER).read(node, at).clock == shown


def test_a_step_moves_one_clock_from_then_on() -> None:
    clock = WallClock(HEADER)
    clock.hear(SECOND, ClockStepped("node2", -HOUR))
    clock.hear(SECOND, CommUp())
    assert clock.read("node2", SECOND).clock == "06:52:22"
    assert clock.read(None, SECOND).clock == "07:52:22"


@given(st.integers(0, 10**12), st.integers(-5000, 5000))
def test_a_new_drift_does_not_step_the_clock(at: int, ppm: int) -> None:
    clock = WallClock(HEADER)
    before = clock.read("node1", at)
    clock.hear(at, ClockDrifted("node1", ppm))
    assert clock.read("node1", at) == before


def test_a_new_drift_bends_the_clock_from_then_on() -> None:
    clock = WallClock(Header("0", "3.0.6", epoch="2007-11-26T00:00:00"))
    clock.hear(HOUR, ClockDrifted("node1", 1_000_000))
    assert clock.read("node1", 2 * HOUR).clock == "03:00:00"
