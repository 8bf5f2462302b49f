"""Every planted bug is found by the search, made small, and is no fault of the healthy simulator.

``HASIM_UPDATE_GOLDENS=1 python -m pytest -m slow tests/search/test_planted.py`` searches for all of
them and writes the table of ``docs/safety.md``.
"""

from __future__ import annotations

import os

import pytest

from hasim.monitors import LIVENESS, PROPERTIES
from hasim.run.judged import judged, name_of
from tests.search.planted import (
    DOCUMENT,
    PLANTED,
    WITHIN,
    Planted,
    failures,
    put,
    row_of,
    rows,
    search,
    shown,
    task_of,
)

UPDATE = os.environ.get("HASIM_UPDATE_GOLDENS") == "1"
#: Searched for in every run of the tests; the others only in slow ones.
QUICK = ("fencing_skipped", "signatures_not_checked", "stopped_backwards")
ALL = [pytest.param(bug, id=bug.name) for bug in PLANTED]


def by_name(name: str) -> Planted:
    return next(bug for bug in PLANTED if bug.name == name)


def found_as_told(bug: Planted, monkeypatch: pytest.MonkeyPatch) -> None:
    bug.plant(monkeypatch)
    found = search(bug)
    assert found is not None
    assert len(found[1].faults) <= 3
    assert judged(found[1].run(), [bug.property]) != ()
    if UPDATE:
        DOCUMENT.write_text(put({bug.name: row_of(found)}), encoding="utf-8")
    assert row_of(found) == rows()[bug.name]


@pytest.mark.parametrize("name", QUICK)
def test_a_planted_bug_is_found_and_made_small(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    found_as_told(by_name(name), monkeypatch)


@pytest.mark.slow
@pytest.mark.parametrize("bug", [bug for bug in ALL if bug.id not in QUICK])
def test_each_planted_bug_is_found_and_made_small(
    bug: Planted, monkeypatch: pytest.MonkeyPatch
) -> None:
    found_as_told(bug, monkeypatch)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("base", "families"), list(dict.fromkeys((bug.base, bug.families) for bug in PLANTED))
)
def test_the_healthy_simulator_passes_the_same_schedules(
    base: str, families: tuple[str, ...]
) -> None:
    told = rows()
    alike = [bug for bug in PLANTED if (bug.base, bug.families) == (base, families)]
    task = task_of(alike[0], *(bug.property for bug in alike))
    assert failures(task, max(told[bug.name].schedules for bug in alike)) == []


@pytest.mark.parametrize("bug", ALL)
def test_the_smallest_schedule_shows_the_bug_and_is_harmless_without_it(
    bug: Planted, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = rows()[bug.name]
    assert shown(bug, row) == ()
    bug.plant(monkeypatch)
    assert shown(bug, row) != ()


def test_the_table_has_every_bug_and_nothing_else() -> None:
    told = rows()
    assert list(told) == [bug.name for bug in PLANTED]
    assert put({}) == DOCUMENT.read_text(encoding="utf-8")
    assert all(1 <= row.schedules <= WITHIN for row in told.values())
    assert all(len(row.faults) <= 3 for row in told.values())


def test_bugs_are_many_and_differ() -> None:
    assert len({bug.sentence for bug in PLANTED}) == len({bug.name for bug in PLANTED}) > 40
    assert all(bug.sentence.endswith(".") for bug in PLANTED)


def test_every_property_catches_a_bug() -> None:
    caught = {name_of(bug.property) for bug in PLANTED}
    assert caught >= {*PROPERTIES, *LIVENESS}
