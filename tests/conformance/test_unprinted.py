"""Which entries of the catalogue no scenario and no replay prints: the list stays true."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import hasim
from hasim.catalogue import ENTRIES, Entry
from hasim.config import DIALECTS
from hasim.conform import load_recording, replay_of
from hasim.conform.runs import trace_of
from hasim.trace import Record
from hasim.units import SECOND
from tests.test_models import SCENARIOS

DATA = Path(__file__).parent.parent / "data"


def _listed() -> dict[str, str]:
    """Read the list: ``# reason`` above the entries that it holds for."""
    found, reason = {}, ""
    for line in (DATA / "unprinted.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("#"):
            reason = line.lstrip("# ")
        elif line:
            found[line] = reason
    return found


def _name(entry: Entry, dialect: str) -> str:
    values = " ".join(f"{k}={v}" for k, v in entry.when.items())
    return f"{entry.kind.__name__} {dialect} {values}".strip()


def _printed(records: Iterable[Record], dialect: str) -> set[str]:
    found = set()
    for event in {r.event for r in records}:
        for entry in ENTRIES:
            if entry.kind is type(event) and entry.suits(event) and dialect in entry.texts:
                found.add(_name(entry, dialect))
                break
    return found


def _all_printed() -> set[str]:
    found = set()
    for folder, scenario in SCENARIOS:
        for dialect in DIALECTS:
            run = hasim.load(folder, dialect=dialect).run(scenario=scenario)
            found |= _printed(run.trace.records, dialect)
    for file in sorted((DATA / "recordings").glob("*.json.gz")):
        recording = load_recording(file)
        replay = replay_of(recording)
        world = replay.world()
        world.run(round(recording.duration * SECOND))
        found |= _printed(trace_of(replay, world).records, "3.0.6")
    return found


def test_what_is_not_printed_is_listed_with_a_reason_and_nothing_else_is() -> None:
    listed, printed = _listed(), _all_printed()
    known = {_name(entry, dialect) for entry in ENTRIES for dialect in entry.texts}
    assert sorted(known - printed - set(listed)) == [], "printed by no run"
    assert sorted(set(listed) & printed) == [], "listed, but printed"
    assert sorted(set(listed) - known) == [], "listed, but no entry"
    assert all(listed.values())
