"""Stamps with zones: of one file, and of several."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import hasim
from hasim.reading.calendar import day_number
from hasim.run.logs import LogRun
from hasim.units import DAY, SECOND
from tests.reading.support import remarks_of, written

UP = "heartbeat[1]: info: Link b:eth0 up."


def log(folder: Path, node: str, *stamps: str) -> str:
    text = "".join(f"{stamp} {node} {UP}\n" for stamp in stamps)
    return written(folder, text, f"messages.{node}")


def walls(run: LogRun) -> list[str]:
    return [run.wall(r.at)[11:] for r in run.records]


def nodes(run: LogRun) -> list[str | None]:
    return [r.source.node for r in run.records]


def test_time_goes_on_where_summer_time_ends(tmp_path: Path) -> None:
    stamps = "2011-10-30T02:59:50+02:00", "2011-10-30T02:00:20+01:00", "2011-10-30T02:30:00+0100"
    name = log(tmp_path, "a", *stamps)
    run = hasim.read_logs(name)
    assert walls(run) == ["02:59:50", "03:00:20", "03:30:00"]
    assert run.reading is not None
    assert run.reading.steps == ()
    assert remarks_of(run) == (f"{name}: stamps of the zone +01:00 are put into +02:00",)


def test_files_of_several_zones_are_put_into_that_of_the_first(tmp_path: Path) -> None:
    one = log(tmp_path, "a", "2011-06-26T12:00:00+02:00", "2011-06-26T12:00:10+02:00")
    other = log(tmp_path, "b", "2011-06-26T10:00:05Z")
    third = log(tmp_path, "c", "2011-06-26T04:30:07-05:30")
    run = hasim.read_logs(one, other, third)
    assert nodes(run) == ["a", "b", "c", "a"]
    assert walls(run) == ["12:00:00", "12:00:05", "12:00:07", "12:00:10"]
    assert f"{other}: the zone +00:00 is put into that of {one}, +02:00" in run.remarks
    assert f"{third}: the zone -05:30 is put into that of {one}, +02:00" in run.remarks
    assert walls(hasim.read_logs(other, one))[0] == "10:00:00"


def test_seconds_since_1970_are_of_utc(tmp_path: Path) -> None:
    at = (day_number(2011, 6, 26) * DAY) // SECOND + 10 * 3600 + 5
    data = {
        "__REALTIME_TIMESTAMP": f"{at}000000",
        "_HOSTNAME": "b",
        "SYSLOG_IDENTIFIER": "heartbeat",
        "_PID": "1",
        "MESSAGE": "info: Link a:eth0 up.",
    }
    journal = written(tmp_path, json.dumps(data) + "\n", "journal.b")
    one = log(tmp_path, "a", "2011-06-26T12:00:00+02:00", "2011-06-26T12:00:10+02:00")
    run = hasim.read_logs(one, journal)
    assert nodes(run) == ["a", "b", "a"]
    assert walls(run) == ["12:00:00", "12:00:05", "12:00:10"]


@pytest.mark.parametrize("stamp", ["2011-06-26T10:00:05", "Sun 2011-06-26 10:00:05 CEST"])
def test_a_file_without_zones_leaves_all_as_they_are(tmp_path: Path, stamp: str) -> None:
    one, other = log(tmp_path, "a", "2011-06-26T12:00:00+02:00"), log(tmp_path, "b", stamp)
    run = hasim.read_logs(one, other, log(tmp_path, "c", "2011-06-26T11:00:00+01:00"))
    assert walls(run) == ["10:00:05", "11:00:00", "12:00:00"]


def test_zones_that_only_have_names_are_left_alone(tmp_path: Path) -> None:
    stamps = "Sun 2011-10-30 02:59:50 CEST", "Sun 2011-10-30 02:00:20 CET"
    run = hasim.read_logs(log(tmp_path, "a", *stamps))
    assert "goes back by 3570 s" in " ".join(run.remarks)
