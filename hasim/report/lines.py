"""The log as a report shows it: lines, with faults and violations between them, cut where long."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from hasim import events as ev
from hasim.catalogue import line_of
from hasim.monitors import Violation
from hasim.render.log import logged
from hasim.render.marks import Mark, marks_of
from hasim.render.window import Known, time_text
from hasim.trace import Trace
from hasim.units import MINUTE, SECOND, Micros

__all__ = ["LINES_MAX", "Entry", "Told", "log_entries"]

#: So many lines of a log are shown at most.
LINES_MAX = 2500
_BEFORE: Micros = 10 * SECOND
_AFTER: Micros = 2 * MINUTE
_LEAST = 12

_TURNS = (
    ev.AcquiringFrom,
    ev.DaemonExited,
    ev.DaemonStarted,
    ev.DiskCorrupted,
    ev.NodeDead,
    ev.NodePoweredOff,
    ev.PartitionReturn,
    ev.ServiceSilent,
    ev.StandbyAsk,
    ev.WatchdogFired,
)
_LOUD = {"WARN": "warn", "ERROR": "bad", "CRIT": "bad", "EMERG": "bad"}


class Entry(NamedTuple):
    """A row of the log.

    `kind` is ``line``, ``fault``, ``order``, ``violation`` or ``gap``; `level` is ``warn`` or
    ``bad`` for lines that are; `colour` is the number of the node, -1 for none.
    """

    at: Micros
    kind: str
    time: str
    node: str
    colour: int
    level: str
    text: str


class Told(NamedTuple):
    """The rows of a log, how many lines the run has, and how many of them are left out."""

    entries: list[Entry]
    lines: int
    left_out: int


def _kept(lines: Sequence[Entry], moments: Sequence[Sequence[Micros]], most: int) -> list[int]:
    """Return which lines are shown: those around the moments, the first kind of them first."""
    if len(lines) <= most:
        return list(range(len(lines)))
    ats = [line.at for line in lines]
    kept: set[int] = set()
    for kind in moments:
        room = most - len(kept)
        share = max(_LEAST, room // max(1, len(kind)))
        for moment in kind[:: 1 + len(kind) * _LEAST // max(1, room)]:
            first = bisect_left(ats, moment - _BEFORE)
            last = bisect_right(ats, moment + _AFTER)
            here = bisect_left(ats, moment)
            first = max(first, here - share // 4)
            near = range(first, min(last, first + share))
            if len(kept) + len(near) > most:
                break
            kept.update(near)
    loud = (i for i, line in enumerate(lines) if line.level == "bad" and i not in kept)
    for i in [*loud][: most - len(kept)]:
        kept.add(i)
    edges = (*range(_LEAST), *range(len(lines) - _LEAST, len(lines)))
    return sorted(kept.union(edges))


def _with_gaps(lines: Sequence[Entry], kept: Sequence[int]) -> list[Entry]:
    out: list[Entry] = []
    last = -1
    for i in [*kept, len(lines)]:
        missing = i - last - 1
        if missing:
            at = lines[last + 1].at
            until = time_text(lines[i - 1].at)
            many = f"{missing} lines" if missing > 1 else "a line"
            text = f"{many} left out, {time_text(at)} to {until}"
            out.append(Entry(at, "gap", "", "", -1, "", text))
        if i < len(lines):
            out.append(lines[i])
        last = i
    return out


def _events(marks: Iterable[Mark], violations: Iterable[Violation]) -> list[Entry]:
    """Return the rows that stand between the lines of the log."""
    out = []
    for mark in marks:
        kind = "order" if mark.order else "fault"
        text = mark.title if mark.healed else f"{kind} {mark.number}: {mark.line}"
        out.append(Entry(mark.at, kind, time_text(mark.at), "", -1, "", text))
    for violation in violations:
        text = f"violated: {violation.property}: {violation.sentence}"
        time = time_text(violation.at)
        out.append(Entry(violation.at, "violation", time, "", -1, "bad", text))
    return out


def log_entries(trace: Trace, violations: Sequence[Violation] = (), most: int = LINES_MAX) -> Told:
    """Return the rows of the log of a run.

    A log of more than `most` lines is cut: to what was logged from 10 s before to 2 min after
    violations, faults, what turned the course of the run, and deaths of links, in this order and of
    many some, evenly; to errors; and to the beginning and the end.
    """
    known = Known(trace)
    colours = {node: number for number, node in enumerate(known.nodes)}
    lines = []
    for record, text in logged(trace):
        node = record.source.node or ""
        line = line_of(record.event, trace.header.dialect)
        level = _LOUD.get("" if line is None else line.level.upper(), "")
        time = time_text(record.at)
        lines.append(Entry(record.at, "line", time, node, colours.get(node, -1), level, text))
    marks = marks_of(known)
    turns = [r.at for r in known.records if isinstance(r.event, _TURNS)]
    links = [r.at for r in known.records if isinstance(r.event, ev.LinkDead)]
    moments = ([v.at for v in violations], [m.at for m in marks], turns, links)
    kept = _kept(lines, moments, most)
    shown = _with_gaps(lines, kept)
    extra = _events(marks[:most], violations[:most])
    order = {"fault": 0, "order": 0, "violation": 2}
    entries = sorted([*shown, *extra], key=lambda e: (e.at, order.get(e.kind, 1)))
    return Told(entries, len(lines), len(lines) - len(kept))
