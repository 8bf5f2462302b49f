"""The settings are those that were counted: every figure is met by the table."""

from __future__ import annotations

import pytest

from hasim.testing.field import METHODS, SETTINGS, Settings, weighted
from hasim.units import SECOND, micros

ALL = weighted(SETTINGS, lambda settings: settings.files)


def given(name: str) -> list[str]:
    return [value for s in ALL if (value := getattr(s, name))]


def ratios() -> list[float]:
    both = [s for s in ALL if s.keepalive and s.deadtime]
    return [micros(s.deadtime) / micros(s.keepalive) for s in both]


def test_the_usual_settings_come_first_and_each_once_before_any_again() -> None:
    assert SETTINGS[0] == Settings("2", "30", "10", "120", 5)
    assert ALL[: len(SETTINGS)] == SETTINGS
    assert len(set(SETTINGS)) == len(SETTINGS)


def test_there_are_thirty_three_files() -> None:
    assert len(ALL) == 33


@pytest.mark.parametrize(
    ("name", "files", "counted"),
    [
        ("keepalive", 29, {"2": 22, "10ms": 1}),
        ("deadtime", 28, {"30": 10, "10": 8, "5": 5, "3": 1, "200ms": 1}),
        ("warntime", 19, {"10": 10, "5": 5}),
        ("initdead", 20, {"120": 7, "60": 5}),
    ],
)
def test_values_come_as_often_as_counted(name: str, files: int, counted: dict[str, int]) -> None:
    found = given(name)
    assert len(found) == files
    assert {value: found.count(value) for value in counted} == counted
    least = min(found, key=micros)
    assert name != "keepalive" or least == "10ms"
    assert name != "deadtime" or least == "200ms"


def test_values_go_together_as_often_as_counted() -> None:
    assert [ratios().count(ratio) for ratio in (15, 5, 2.5)] == [10, 7, 4]
    deadtime = {s: micros(s.deadtime or "30") for s in ALL}
    short = [s for s in ALL if s.initdead and micros(s.initdead) < 2 * deadtime[s]]
    assert len(short) == 3
    early = [micros(s.warntime) / deadtime[s] for s in ALL if s.warntime]
    assert len([share for share in early if not 0.25 <= share <= 0.5]) == 6


def test_the_daemon_accepts_all_of_them() -> None:
    for s in SETTINGS:
        keepalive, deadtime = micros(s.keepalive or "1"), micros(s.deadtime or "30")
        assert deadtime > 2 * keepalive
        assert not s.initdead or micros(s.initdead) >= deadtime
    assert [s for s in SETTINGS if s.initdead and micros(s.initdead) < 10 * SECOND] == [
        Settings("2", "5", "10", "9")
    ]


def test_methods_come_as_often_as_counted() -> None:
    assert METHODS == {"sha1": 11, "md5": 7, "crc": 5}
    assert weighted("ab", {"a": 1, "b": 3}.__getitem__) == ("a", "b", "b", "b")
