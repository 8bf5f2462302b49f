"""What was found in logs, as tables."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Protocol

from hasim.monitors import Violation
from hasim.reading import Fate, Reading, wall_text
from hasim.run.incidents import Incident
from hasim.run.logplaces import line_behind
from hasim.run.outage import Outages
from hasim.run.why import told
from hasim.trace import Span, Trace
from hasim.units import SECOND, Micros

if TYPE_CHECKING:
    import pandas as pd

__all__ = [
    "FATES",
    "TABLES",
    "ReadRun",
    "dated",
    "evidence",
    "framed",
    "place_behind",
    "places_text",
    "rows_of",
]

#: Tables by name, each with its columns.
TABLES: Mapping[str, tuple[str, ...]] = {
    "lines": ("fate", "lines"),
    "held": ("group", "node", "begin_s", "end_s", "open", "wall", "wall_end"),
    "outages": (
        "group", "begin_s", "end_s", "outage_s", "open", "before", "after", "reason", "detect_s",
        "decide_s", "fence_s", "release_s", "start_s", "arp_s", "wall", "wall_end",
    ),
    "incidents": ("kind", "node", "about", "begin_s", "end_s", "text", "place", "wall", "wall_end"),
    "violations": (
        "property", "begin_s", "end_s", "open", "sentence", "evidence", "wall", "wall_end",
    ),
    "skews": (
        "node", "against", "offset_s", "low_s", "high_s", "messages", "contradict", "drift_ppm",
        "at", "since",
    ),
    "unknown": ("fate", "wording", "lines", "places"),
    "other": ("program", "lines", "places"),
}  # fmt: skip
_DATES = frozenset({"wall", "wall_end", "at", "since"})
_COUNTS = frozenset({"lines", "messages", "contradict"})


class ReadRun(Protocol):
    """What tables need of a run that was read back."""

    @property
    def trace(self) -> Trace:
        """Its records."""

    @property
    def nodes(self) -> tuple[str, ...]:
        """Names of the nodes."""

    @property
    def end(self) -> Micros:
        """Its end."""

    @property
    def violations(self) -> tuple[Violation, ...]:
        """Properties that do not hold."""

    @property
    def outage(self) -> Outages:
        """Outages of every group."""

    @property
    def incidents(self) -> list[Incident]:
        """What an operator should know."""

    def groups_held(self) -> list[tuple[str, Span]]:
        """Return who held which group."""

    def wall(self, at: Micros) -> str:
        """Return an instant by the wall clock."""

    def place(self, seq: int, short: bool = False) -> str:
        """Return where the line of a record stands."""


#: What becomes of lines, each with words for how many.
FATES: tuple[tuple[Fate, str], ...] = (
    ("event", "tell an event"),
    ("joined", "continue one"),
    ("noise", "are known and tell nothing"),
    ("other", "are of other programs"),
    ("unknown", "are not understood"),
    ("loose", "are free text"),
    ("blank", "are blank"),
)


def _seconds(at: Micros) -> float:
    return at / SECOND


def rows_of(run: ReadRun, reading: Reading, name: str) -> Iterator[dict[str, Any]]:
    """Yield the rows of a table of :data:`TABLES`."""
    if name == "lines":
        rows: Iterable[Sequence[Any]] = ((fate, reading.counts.fates[fate]) for fate, _ in FATES)
    else:
        rows = _ROWS[name](run, reading)
    columns = TABLES[name]
    for row in rows:
        yield dict(zip(columns, row, strict=True))


def _held(run: ReadRun, reading: Reading) -> Iterator[Sequence[Any]]:
    for name, span in run.groups_held():
        begin, end = _seconds(span.begin), _seconds(span.end)
        walls = run.wall(span.begin), run.wall(span.end)
        yield name, span.who, begin, end, span.open, *walls


def _outages(run: ReadRun, reading: Reading) -> Iterator[Sequence[Any]]:
    for one in run.outage:
        phases = [_seconds(us) for us in one.breakdown]
        yield (
            one.service, _seconds(one.begin), _seconds(one.end), _seconds(one.duration_us),
            one.open, one.before, one.after, one.reason, *phases, run.wall(one.begin),
            run.wall(one.end),
        )  # fmt: skip


def _incidents(run: ReadRun, reading: Reading) -> Iterator[Sequence[Any]]:
    for one in run.incidents:
        what = one.kind, one.node, one.about, _seconds(one.at), _seconds(one.until), one.text
        yield *what, place_behind(run, one.evidence), run.wall(one.at), run.wall(one.until)


def _violations(run: ReadRun, reading: Reading) -> Iterator[Sequence[Any]]:
    for one in run.violations:
        end = run.end if one.until is None else one.until
        times = _seconds(one.at), _seconds(end), one.until is None
        lines = "; ".join(evidence(run, one.evidence))
        yield one.property, *times, one.sentence, lines, run.wall(one.at), run.wall(end)


def _skews(run: ReadRun, reading: Reading) -> Iterator[Sequence[Any]]:
    for one in reading.skews:
        low = None if one.low_us is None else _seconds(one.low_us)
        high = None if one.high_us is None else _seconds(one.high_us)
        at = wall_text(one.at_us) if one.at_us else None
        since = None if one.since_us is None else wall_text(one.since_us)
        yield (
            one.node, one.against, _seconds(one.offset_us), low, high, one.pairs, one.odd,
            one.drift_ppb / 1000, at, since,
        )  # fmt: skip


def _unknown(run: ReadRun, reading: Reading) -> Iterator[Sequence[Any]]:
    fates: tuple[Fate, ...] = ("unknown", "loose")
    for fate in fates:
        for one in reading.counts.unknowns(fate):
            yield fate, one.what, one.times, places_text(one.places)


def _other(run: ReadRun, reading: Reading) -> Iterator[Sequence[Any]]:
    for one in reading.counts.unknowns("other"):
        yield one.what, one.times, places_text(one.places)


_ROWS = {
    "held": _held,
    "outages": _outages,
    "incidents": _incidents,
    "violations": _violations,
    "skews": _skews,
    "unknown": _unknown,
    "other": _other,
}


def places_text(places: Sequence[tuple[str, int]]) -> str:
    """Return places, ``file:line,line``, each file once."""
    by_file: dict[str, list[int]] = {}
    for file, number in places:
        by_file.setdefault(file, []).append(number)
    return " ".join(f"{file}:{','.join(map(str, n))}" for file, n in by_file.items())


def place_behind(run: ReadRun, seqs: Sequence[int], short: bool = False) -> str:
    """Return where the first line behind something stands."""
    return run.place(line_behind(run.trace, seqs[0]).seq, short) if seqs else ""


def evidence(run: ReadRun, seqs: Sequence[int], short: bool = False) -> list[str]:
    """Return the lines behind something; of a conclusion the line it follows from."""
    out = []
    for seq in seqs:
        record = line_behind(run.trace, seq)
        place = run.place(record.seq, short)
        text = told(record, run.trace.header.dialect)
        out.append(f"{place}: {text}" if place else text)
    return out


# ---- data frames --------------------------------------------------------------------------------


def _dtype(column: str) -> str:
    if column in _COUNTS:
        return "int64"
    if column == "open":
        return "bool"
    return "float64" if column.endswith(("_s", "_ppm")) else "object"


def framed(rows: Sequence[Mapping[str, Any]], columns: Sequence[str]) -> pd.DataFrame:
    """Return rows as a data frame whose types do not depend on what the rows hold."""
    import pandas as pd

    made = pd.DataFrame([[row[column] for column in columns] for row in rows], columns=[*columns])
    made = made.astype({column: _dtype(column) for column in columns if column not in _DATES})
    for column in columns:
        if column in _DATES:
            made[column] = dated([row[column] for row in rows])
    return made


def dated(walls: Sequence[str | None]) -> pd.Series[pd.Timestamp]:
    """Return dates as a column of microseconds; NaT for none, and for one beyond the year 9999."""
    import numpy as np
    import pandas as pd

    texts = [wall or "NaT" for wall in walls]
    try:
        return pd.Series(np.array(texts, dtype="datetime64[us]"))
    except ValueError:
        return pd.Series(np.array([_date(text) for text in texts], dtype="datetime64[us]"))


def _date(text: str) -> str:
    import numpy as np

    try:
        np.datetime64(text)
    except ValueError:
        return "NaT"
    return text
