"""Years that no stamp names, and the turn of the year."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import hasim
from hasim.reading.calendar import Calendar, day_number
from hasim.reading.heads import head_of
from tests.reading.support import told_of, written

TEXT = "node1 heartbeat: [3689]: info: Link node2:eth0 up."
SCRIPT = "harc(default)[135]:\t{} info: Running /etc/ha.d//rc.d/status status"


def stamps(folder: Path, *lines: str, year: int | None = None) -> list[str]:
    _, told = told_of(folder, "\n".join(lines), year)
    start = datetime(1970, 1, 1)
    return [(start + timedelta(microseconds=t.at)).strftime("%Y-%m-%d %H:%M") for t in told]


@given(st.dates(date(1970, 1, 1), date(9999, 12, 31)))
def test_the_number_of_a_day_is_that_of_the_calendar(day: date) -> None:
    assert day_number(day.year, day.month, day.day) == (day - date(1970, 1, 1)).days


@given(
    st.datetimes(datetime(1971, 1, 1), datetime(2100, 1, 1)),
    st.lists(st.integers(0, 170 * 86_400), max_size=12),
)
def test_years_are_followed_through_any_silence_of_half_a_year(
    begin: datetime, gaps: list[int]
) -> None:
    """Without the 29th of February, which a wrong year does not have."""
    at = begin.replace(microsecond=0)
    calendar = Calendar(at.year)
    for gap in [0, *gaps]:
        at += timedelta(seconds=gap)
        head = head_of(f"{at:%b} {at.day:2} {at:%H:%M:%S} {TEXT}")
        assert head is not None
        assert calendar.read(head) == (at - datetime(1970, 1, 1)) // timedelta(microseconds=1)


def test_the_year_is_that_of_the_nearest_line_with_a_whole_date(tmp_path: Path) -> None:
    dated = SCRIPT.format("2013/01/01_00:10:00")
    found = stamps(tmp_path, f"Dec 31 23:50:00 {TEXT}", dated, f"Jan  1 00:20:00 {TEXT}")
    assert found == ["2012-12-31 23:50", "2013-01-01 00:10", "2013-01-01 00:20"]


def test_a_year_that_is_told_goes_before_all_else(tmp_path: Path) -> None:
    assert stamps(tmp_path, f"Nov 26 07:52:21 {TEXT}", year=1999) == ["1999-11-26 07:52"]


def test_a_year_that_no_line_names_is_assumed_and_told(tmp_path: Path) -> None:
    name = written(tmp_path, f"Nov 26 07:52:21 {TEXT}\n")
    run = hasim.read_logs(name)
    assert run.trace.header.epoch == "2007-11-26T07:52:21"
    assumed = f"{name}: the year 2007 is assumed, no line names one: tell it with --year"
    told = hasim.read_logs(name, year=2011).remarks
    assert run.remarks == (assumed, *told)


def test_a_leap_day_makes_the_assumed_year_a_leap_year(tmp_path: Path) -> None:
    assert stamps(tmp_path, f"Feb 29 12:00:00 {TEXT}") == ["2008-02-29 12:00"]


def test_lines_around_new_year_in_any_order_stay_together(tmp_path: Path) -> None:
    found = stamps(
        tmp_path,
        f"Dec 31 23:59:59 {TEXT}",
        f"Jan  1 00:00:00 {TEXT}",
        f"Dec 31 23:59:59 {TEXT}",
        f"Jan  1 00:00:01 {TEXT}",
    )
    years = [stamp[:4] for stamp in found]
    assert years == ["2007", "2008", "2007", "2008"]


@pytest.mark.parametrize("year", [True, "2007", 1969, 10_000, 2.5])
def test_a_year_that_is_none_is_refused(tmp_path: Path, year: object) -> None:
    name = written(tmp_path, f"Nov 26 07:52:21 {TEXT}\n")
    with pytest.raises(hasim.HasimError, match="the year must be a whole number from 1970 on"):
        hasim.read_logs(name, year=year)  # type: ignore[arg-type]
