"""Logs of a few lines, read."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from hasim.events import Event
from hasim.reading import Counts, Told, stream
from hasim.run.logs import LogRun
from hasim.units import SECOND, Micros

__all__ = ["DATA", "events_of", "quiet_before", "remarks_of", "told_of", "written"]

DATA = Path(__file__).resolve().parent.parent / "data" / "logs"


def written(folder: Path, text: str | bytes, name: str = "ha-log.node1") -> str:
    """Write a log and return its path."""
    path = folder / name
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return str(path)


def told_of(folder: Path, text: str | bytes, year: int | None = None) -> tuple[Counts, list[Told]]:
    """Read a log: counts of its lines, and what they tell."""
    counts, events = stream(written(folder, text), year=year)
    return counts, list(events)


def events_of(folder: Path, text: str | bytes) -> Iterator[Event]:
    """Yield the events that a log tells."""
    return (told.event for told in told_of(folder, text)[1])


def remarks_of(run: LogRun) -> tuple[str, ...]:
    """Return what was assumed of the files that are there, not which nodes have none."""
    return tuple(text for text in run.remarks if not re.match(r"the log of \S+ is not there", text))


def quiet_before(end: Micros, begins: Iterable[Micros]) -> Micros:
    """Return a time shortly before the end of a log near to which nothing begins."""
    known = list(begins)
    late = end - 8 * SECOND
    while any(abs(begin - late) <= 4 * SECOND for begin in known):
        late -= SECOND
    return late
