"""What was found in logs, as tables and as a screen of text."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Protocol

from hasim.monitors import Violation
from hasim.reading import INFERRED, Fate, Reading, wall_text
from hasim.run.incidents import KINDS, Incident
from hasim.run.outage import Outages
from hasim.run.why import told
from hasim.trace import Span, Trace
from hasim.units import SECOND, Micros, duration_text

__all__ = ["TABLES", "ReadRun", "rows_of", "summary_of"]

#: Tables by name, each with its columns.
TABLES: Mapping[str, tuple[str, ...]] = {
    "lines": ("fate", "lines"),
    "held": ("group", "node", "begin_s", "end_s", "open", "wall"),
    "outages": (
        "group", "begin_s", "end_s", "outage_s", "open", "before", "after", "reason", "detect_s",
        "decide_s", "fence_s", "release_s", "start_s", "arp_s", "wall",
    ),
    "incidents": ("kind", "node", "about", "begin_s", "end_s", "text", "place", "wall"),
    "violations": ("property", "begin_s", "end_s", "sentence", "evidence", "wall"),
    "skews": (
        "node", "against", "offset_s", "low_s", "high_s", "messages", "contradict", "drift_ppm",
        "at", "since",
    ),
    "unknown": ("fate", "wording", "lines", "places"),
    "other": ("program", "lines", "places"),
}  # fmt: skip


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

    def place(self, seq: int) -> str:
        """Return where the line of a record stands."""


_SHOWN = 15
_SHOWN_INCIDENTS = 40
_EVIDENCE = 6
_FATES: tuple[tuple[Fate, str], ...] = (
    ("event", "tell an event"),
    ("joined", "continue one"),
    ("noise", "are known and tell nothing"),
    ("other", "are of other programs"),
    ("unknown", "are not understood"),
    ("loose", "are free text"),
    ("blank", "are blank"),
)
_RULES = {
    "rejoined": "wrapped or torn lines put together",
    "continued": "complete lines continued on the next",
    "cleaned": "lines freed of markup",
    "cut": "lines with several records",
}


def _seconds(at: Micros) -> float:
    return at / SECOND


def rows_of(run: ReadRun, reading: Reading, name: str) -> Iterator[dict[str, Any]]:
    """Yield the rows of a table of :data:`TABLES`."""
    if name == "lines":
        rows: Iterable[Sequence[Any]] = ((fate, reading.counts.fates[fate]) for fate, _ in _FATES)
    else:
        rows = _ROWS[name](run, reading)
    columns = TABLES[name]
    for row in rows:
        yield dict(zip(columns, row, strict=True))


def _held(run: ReadRun, reading: Reading) -> Iterator[Sequence[Any]]:
    for name, span in run.groups_held():
        begin, end = _seconds(span.begin), _seconds(span.end)
        yield name, span.who, begin, end, span.open, run.wall(span.begin)


def _outages(run: ReadRun, reading: Reading) -> Iterator[Sequence[Any]]:
    for one in run.outage:
        phases = [_seconds(us) for us in one.breakdown]
        yield (
            one.service, _seconds(one.begin), _seconds(one.end), _seconds(one.duration_us),
            one.open, one.before, one.after, one.reason, *phases, run.wall(one.begin),
        )  # fmt: skip


def _incidents(run: ReadRun, reading: Reading) -> Iterator[Sequence[Any]]:
    for one in run.incidents:
        place = run.place(one.evidence[0]) if one.evidence else ""
        begin, end = _seconds(one.at), _seconds(one.until)
        yield one.kind, one.node, one.about, begin, end, one.text, place, run.wall(one.at)


def _violations(run: ReadRun, reading: Reading) -> Iterator[Sequence[Any]]:
    for one in run.violations:
        end = None if one.until is None else _seconds(one.until)
        lines = "; ".join(_evidence(run, one.evidence))
        yield one.property, _seconds(one.at), end, one.sentence, lines, run.wall(one.at)


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
            yield fate, one.what, one.times, _places(one.places)


def _other(run: ReadRun, reading: Reading) -> Iterator[Sequence[Any]]:
    for one in reading.counts.unknowns("other"):
        yield one.what, one.times, _places(one.places)


_ROWS = {
    "held": _held,
    "outages": _outages,
    "incidents": _incidents,
    "violations": _violations,
    "skews": _skews,
    "unknown": _unknown,
    "other": _other,
}


def _places(places: Sequence[tuple[str, int]]) -> str:
    """Return places, ``file:line,line``, each file once."""
    by_file: dict[str, list[int]] = {}
    for file, number in places:
        by_file.setdefault(file, []).append(number)
    return " ".join(f"{file}:{','.join(map(str, n))}" for file, n in by_file.items())


def _evidence(run: ReadRun, seqs: Sequence[int]) -> list[str]:
    """Return the lines behind something; of a conclusion the line it follows from."""
    out = []
    for seq in seqs[:_EVIDENCE]:
        record = run.trace.at(seq)
        while record.source.program == INFERRED and record.cause is not None:
            record = run.trace.at(record.cause)
        place = run.place(record.seq)
        text = told(record, run.trace.header.dialect)
        out.append(f"{place}: {text}" if place else text)
    return out


# ---- a screen of text ---------------------------------------------------------------------------


def _table(rows: Sequence[Sequence[str]]) -> list[str]:
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    return [
        "  ".join(word.ljust(n) for word, n in zip(row, widths, strict=True)).rstrip()
        for row in rows
    ]


def _time(us: Micros) -> str:
    return duration_text(us // 1000 * 1000)


def _cut(rows: list[Sequence[str]], what: str, most: int = _SHOWN) -> list[str]:
    lines = _table(rows[: most + 1])
    if len(rows) > most + 1:
        lines.append(f"... and {len(rows) - most - 1} more {what}")
    return lines


def summary_of(run: ReadRun, reading: Reading) -> str:
    """Return logs told in a screen of text."""
    header = run.trace.header
    head = (
        f"{', '.join(run.nodes)}: Heartbeat {header.dialect} by its wording, "
        f"{run.wall(0)} to {run.wall(run.end)}, {_time(run.end)}"
    )
    parts = [
        [head],
        _lines_part(reading),
        _held_part(run),
        _outage_part(run),
        _violation_part(run),
        _incident_part(run),
        list(reading.remarks),
        _unknown_part(reading),
    ]
    return "\n\n".join("\n".join(part) for part in parts if part)


def _lines_part(reading: Reading) -> list[str]:
    counts = reading.counts
    told_ = ", ".join(f"{counts.fates[f]} {t}" for f, t in _FATES if counts.fates[f])
    out = [f"{counts.lines} lines: {told_}"]
    rules = ", ".join(f"{counts.rules[r]} {t}" for r, t in _RULES.items() if counts.rules[r])
    if rules:
        out.append(f"mended: {rules}")
    if counts.missed:
        share = f"{counts.share:.2%}"
        out.append(f"of Heartbeat's lines at info and above {share} are understood")
    return out


def _held_part(run: ReadRun) -> list[str]:
    rows: list[Sequence[str]] = [("group", "on", "from", "to", "for", "")]
    before: dict[str, tuple[str, Micros]] = {}
    for name, span in run.groups_held():
        note = ""
        last = before.get(name)
        if last is not None and last[0] != span.who:
            note = f"taken over from {last[0]}"
            if last[1] > span.begin:
                note = f"while {last[0]} has it too"
        before[name] = span.who, span.end
        end = "the end of the log" if span.open else run.wall(span.end)
        length = _time(span.end - span.begin)
        rows.append((name, span.who, run.wall(span.begin), end, length, note))
    if len(rows) == 1:
        return ["no group is seen to start: the log has no lines of resource scripts"]
    return _cut(rows, "times")


def _outage_part(run: ReadRun) -> list[str]:
    rows: list[Sequence[str]] = [("outage of", "from", "for", "served by", "why", "spent")]
    for one in run.outage:
        after = "nobody yet" if one.after is None else one.after
        length = f"{_time(one.duration_us)}, to the end" if one.open else _time(one.duration_us)
        rows.append(
            (one.service, run.wall(one.begin), length, f"{one.before} -> {after}", one.reason,
             str(one.breakdown))
        )  # fmt: skip
    return _cut(rows, "outages") if len(rows) > 1 else []


def _violation_part(run: ReadRun) -> list[str]:
    out = []
    for one in run.violations[:_SHOWN]:
        end = "the end of the log" if one.until is None else run.wall(one.until)
        out.append(f"violated: {one.property}, {run.wall(one.at)} to {end}: {one.sentence}")
        out += [f"    {line}" for line in _evidence(run, one.evidence)]
    if len(run.violations) > _SHOWN:
        out.append(f"... and {len(run.violations) - _SHOWN} more violations")
    return out


def _incident_part(run: ReadRun) -> list[str]:
    found = run.incidents
    if not found:
        return []
    counts = Counter(one.kind for one in found)
    told_ = ", ".join(f"{counts[kind]} {kind}" for kind in KINDS if counts[kind])
    rows: list[Sequence[str]] = [("when", "node", "incident", "")]
    rows += [_incident(run, one) for one in found]
    return [*_cut(rows, "incidents", _SHOWN_INCIDENTS), f"incidents: {told_}"]


def _incident(run: ReadRun, one: Incident) -> Sequence[str]:
    return run.wall(one.at), one.node, one.kind, one.text


def _unknown_part(reading: Reading) -> list[str]:
    rows: list[Sequence[str]] = [("not understood", "lines", "first at")]
    for one in reading.counts.unknowns():
        rows.append((one.what, str(one.times), _places(one.places[:3])))
    return _cut(rows, "wordings") if len(rows) > 1 else []
