"""Years over all files of a run: what anchors them, and where the others go."""

from __future__ import annotations

import gzip
from datetime import date, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import hasim
from hasim.errors import ConfigError
from hasim.reading import stream
from hasim.reading.calendar import day_number, moved, years_between
from hasim.reading.years import Extent, placed
from hasim.run.logs import LogRun
from hasim.units import DAY, date_of
from tests.reading.support import written

UP = "node1 heartbeat: [3689]: info: Link node2:eth0 up."
MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()


def log(folder: Path, name: str, *stamps: str, head: str = "", text: str = UP) -> str:
    """Write a log with a line at each stamp, such as ``Dec 30``, at noon."""
    lines = [f"{s[:3]} {int(s[4:]):2} 12:00:00 {text}\n" for s in stamps]
    return written(folder, head + "".join(lines), name)


def days_of(run: LogRun) -> list[str]:
    return [run.wall(record.at)[:10] for record in run.records]


def said(run: LogRun, what: str = "the year") -> list[str]:
    return [remark for remark in run.remarks if what in remark]


@given(st.dates(date(1900, 1, 1), date(9999, 12, 31)))
def test_a_date_is_that_of_its_number(day: date) -> None:
    assert date_of(day_number(day.year, day.month, day.day)) == (day.year, day.month, day.day)


@given(st.datetimes(datetime(1975, 3, 1), datetime(2100, 1, 1)), st.integers(-4, 4))
def test_a_reading_is_brought_back_to_where_it_was_moved_from(at: datetime, years: int) -> None:
    us = day_number(at.year, at.month, min(at.day, 28)) * DAY + at.hour
    assert moved(moved(us, years), -years) == us
    assert years_between(moved(us, years), us) == -years


@pytest.mark.parametrize("turned", [False, True])
def test_a_log_and_its_rotated_part_stay_together_over_new_year(
    tmp_path: Path, turned: bool
) -> None:
    names = [log(tmp_path, "messages.1", "Dec 30"), log(tmp_path, "messages", "Jan 2")]
    run = hasim.read_logs(*(reversed(names) if turned else names))
    year = 2006 if turned else 2007
    assert days_of(run) == [f"{year}-12-30", f"{year + 1}-01-02"]
    assert len(said(run)) == 2


def test_a_log_without_years_goes_to_that_of_a_dated_one(tmp_path: Path) -> None:
    dated = "heartbeat[1]: 2008/12/30_12:00:00 info: Link db2:eth0 up.\n"
    one = written(tmp_path, dated, "ha-log.db1")
    other = log(tmp_path, "messages.db2", "Dec 30", "Jan 2", text=UP.replace("node1", "db2"))
    run = hasim.read_logs(one, other)
    assert days_of(run) == ["2008-12-30", "2008-12-30", "2009-01-02"]
    assert said(run) == [f"{other}: the year 2008 is the one nearest to the other files"]


def test_the_year_that_is_told_is_that_of_the_first_file_without_one(tmp_path: Path) -> None:
    names = [
        written(tmp_path, f"2012-02-01T12:00:00 {UP}\n", "messages"),
        log(tmp_path, "messages.1", "Dec 30"),
        log(tmp_path, "messages.2", "Jan 2"),
    ]
    run = hasim.read_logs(*names, year=2010)
    assert days_of(run) == ["2010-12-30", "2011-01-02", "2012-02-01"]
    assert said(run) == [f"{names[2]}: the year 2011 is the one nearest to the other files"]


def test_a_year_that_is_told_for_nothing_is_said(tmp_path: Path) -> None:
    run = hasim.read_logs(written(tmp_path, f"2012-02-01T12:00:00 {UP}\n"), year=2010)
    assert days_of(run) == ["2012-02-01"]
    assert said(run) == ["the year 2010 that is told is not used: the lines name theirs"]


@pytest.mark.parametrize("first", range(12))
def test_twelve_monthly_files_of_a_year_stay_in_it(tmp_path: Path, first: int) -> None:
    names = [log(tmp_path, f"messages.{m}", f"{m} 15") for m in MONTHS]
    run = hasim.read_logs(*names[first:], *names[:first])
    assert days_of(run) == [f"2007-{m:02}-15" for m in range(1, 13)]
    (remark,) = said(run)
    assert remark.endswith(
        " and 9 more files: the year 2007 is assumed, no line names one: tell it with --year"
    )


def test_files_from_march_to_february_stay_together(tmp_path: Path) -> None:
    months = ["Oct", "Nov", "Dec", "Jan", "Feb"]
    names = [log(tmp_path, f"messages.{m}", f"{m} 3", f"{m} 27") for m in months]
    shown = sorted(days_of(hasim.read_logs(*names)))
    assert [day[:7] for day in shown[::2]] == [
        "2007-10",
        "2007-11",
        "2007-12",
        "2008-01",
        "2008-02",
    ]


def test_a_leap_day_in_any_file_makes_the_assumed_year_one_that_has_it(tmp_path: Path) -> None:
    names = [log(tmp_path, "messages.1", "Mar 1"), log(tmp_path, "messages.2", "Feb 28", "Feb 29")]
    run = hasim.read_logs(*names)
    assert days_of(run) == ["2008-02-28", "2008-02-29", "2008-03-01"]
    late = log(tmp_path, "messages.3", "Dec 1", "Feb 29", "Mar 1")
    assert days_of(hasim.read_logs(late)) == ["2007-12-01", "2008-02-29", "2008-03-01"]


def test_a_leap_day_is_never_put_where_there_is_none(tmp_path: Path) -> None:
    dated = written(tmp_path, f"2010-02-27T12:00:00 {UP}\n", "messages")
    run = hasim.read_logs(dated, log(tmp_path, "messages.1", "Feb 29"))
    assert days_of(run) == ["2008-02-29", "2010-02-27"]


def test_a_leap_day_in_a_year_that_is_told_and_has_none_is_bad_input(tmp_path: Path) -> None:
    name = log(tmp_path, "messages", "Feb 28", "Feb 29")
    with pytest.raises(ConfigError, match="29th of February, and with --year 2007") as caught:
        hasim.read_logs(name, year=2007)
    assert "give the year of the first line" in str(caught.value)
    assert days_of(hasim.read_logs(name, year=2012)) == ["2012-02-28", "2012-02-29"]


def test_a_leap_day_in_a_dated_file_that_has_none_is_said(tmp_path: Path) -> None:
    script = (
        "harc(default)[135]:\t2007/02/28_12:00:00 info: Running /etc/ha.d//rc.d/status status\n"
    )
    run = hasim.read_logs(log(tmp_path, "messages", "Feb 29", head=script))
    assert days_of(run) == ["2007-02-28", "2007-03-01"]
    assert "29th of February is in a year that has none" in " ".join(run.remarks)


def test_the_header_of_gzip_tells_the_year(tmp_path: Path) -> None:
    text = Path(log(tmp_path, "plain", "Dec 30", "Jan 2")).read_bytes()
    at = (day_number(2012, 1, 2) * DAY + DAY // 2) // 1_000_000
    name = written(tmp_path, gzip.compress(text, mtime=at), "messages.gz")
    run = hasim.read_logs(name)
    assert days_of(run) == ["2011-12-30", "2012-01-02"]
    assert said(run) == [f"{name}: the year 2011 is told by the header of gzip"]
    assert days_of(hasim.read_logs(name, year=2007)) == ["2007-12-30", "2008-01-02"]
    none = written(tmp_path, gzip.compress(text, mtime=0), "messages.1.gz")
    assert days_of(hasim.read_logs(none)) == ["2007-12-30", "2008-01-02"]


@pytest.mark.parametrize(
    "begins", ["Logs begin at {}, end at {}.", "Journal begins at {}; ends at {}."]
)
def test_the_first_line_of_a_journal_tells_the_year(tmp_path: Path, begins: str) -> None:
    head = begins.format("Mon 2013-12-16 09:10:11 CET", "Mon 2014-01-06 10:00:00 CET")
    name = log(tmp_path, "journal", "Dec 30", "Jan 2", head=f"-- {head} --\n")
    run = hasim.read_logs(name)
    assert days_of(run) == ["2013-12-30", "2014-01-02"]
    assert said(run) == [f"{name}: the year 2013 is told by the journal's first line"]


def test_a_whole_date_far_behind_the_first_line_tells_the_year(tmp_path: Path) -> None:
    other = "Nov 30 12:00:00 node1 sshd[7]: hello\n" * 21_000
    script = "harc(default)[1]:\t2011/12/01_12:00:00 info: Running /etc/ha.d//rc.d/status status\n"
    first = Path(log(tmp_path, "x", "Nov 29")).read_text()
    run = hasim.read_logs(written(tmp_path, first + other + script, "messages"))
    assert days_of(run) == ["2011-11-29", "2011-12-01"]
    assert said(run) == []


def test_a_stream_needs_no_year(tmp_path: Path) -> None:
    counts, told = stream(log(tmp_path, "messages.1", "Dec 30"), log(tmp_path, "messages", "Jan 2"))
    assert len(list(told)) == counts.lines == 2


@given(
    st.lists(st.tuples(st.integers(0, 365), st.integers(0, 30)), min_size=1, max_size=9),
    st.integers(0, 9),
)
def test_every_file_has_a_place_whatever_is_known(spans: list[tuple[int, int]], sure: int) -> None:
    begin = day_number(2007, 1, 1)
    files = [
        Extent(f"f{i}", 2007, (begin + a) * DAY, (begin + a + n) * DAY, i == sure)
        for i, (a, n) in enumerate(spans)
    ]
    places = placed(files, None)
    assert len(places) == len(files)
    assert all(abs(place.years) <= len(files) for place in places)
    assert places == placed(files, None)
