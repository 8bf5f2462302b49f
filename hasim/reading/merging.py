"""One order for the lines of all nodes: clocks that were set, or that differ, copies of lines."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from hasim.events import ClockStepped, Event
from hasim.reading.course import Course
from hasim.reading.lines import Told
from hasim.reading.programs import program_of
from hasim.reading.skew import Skew, estimated, heard_by, sent_by
from hasim.trace import Source
from hasim.units import DAY, SECOND, Micros

__all__ = ["Merged", "Row", "Step", "merged"]

#: Scripts stamp their lines themselves: so much disorder is none of the clock's.
_JITTER: Micros = 3 * SECOND
#: A jump back beyond this is taken for a file put together in another order.
_STEP_MAX: Micros = DAY
#: Copies of a line in two files are stamped so near to each other.
_COPY: Micros = 2 * SECOND


class Row(NamedTuple):
    """An event in the common order: its time, who says it, and where the line is."""

    at: Micros
    source: Source
    event: Event
    file: int
    number: int


class Step(NamedTuple):
    """The clock of a node was set back by `by_us` before a line."""

    node: str
    by_us: Micros
    file: int
    number: int


class Merged(NamedTuple):
    """All lines in one order, and what was found on the way.

    `jumps` are places where a file goes back by more than a clock is set, or behind free text: its
    parts were sorted by their stamps. `copies` counts lines that stood in two files.
    """

    rows: list[Row]
    nodes: tuple[str, ...]
    courses: dict[str, Course]
    skews: tuple[Skew, ...]
    steps: tuple[Step, ...]
    jumps: tuple[tuple[int, int], ...]
    copies: int

    def time(self, node: str, shown: Micros) -> Micros | None:
        """Return when the clock of a node shows something; None for what is no node."""
        course = self.courses.get(node)
        return None if course is None else course.time(shown)


def merged(
    files: Sequence[Sequence[Told]],
    breaks: Sequence[Sequence[int]],
    given: Mapping[str, Micros],
) -> Merged:
    """Merge the lines of files.

    Parameters
    ----------
    files : sequence of sequence of Told
        The events of each file, in order.
    breaks : sequence of sequence of int
        Of each file the lines that are free text.
    given : mapping
        Offsets of clocks that the user tells, by node.
    """
    steps: list[Step] = []
    jumps: list[tuple[int, int]] = []
    by_node: dict[str, list[list[Told]]] = {}
    known: dict[str, list[_Back]] = {}
    pairs = [pair for pair in zip(files, breaks, strict=True) if pair[0]]
    # Parts of a rotated log one after the other: what was set back stays so in the next.
    for told, loose in sorted(pairs, key=lambda pair: min(t.at for t in pair[0])):
        for node, part in _straightened(told, loose, steps, jumps, known).items():
            by_node.setdefault(node, []).append(part)
    copies = 0
    lines: dict[str, list[Told]] = {}
    for node, parts in by_node.items():
        one, twice = _once(parts)
        copies += twice
        lines[node] = sorted(one, key=lambda t: (t.at, t.file, t.number))
    # The clock that the user says nothing of is the one that the others are held against.
    order = sorted(lines, key=lambda node: (node in given, node))
    skews = _skews({node: lines[node] for node in order}, given)
    courses = {
        node: course.whole(lines[node][0].at, lines[node][-1].at)
        for node, course in _courses(order, skews, given).items()
    }
    rows = [row for node in order for row in _rows(node, lines[node], courses[node])]
    rank = {node: i for i, node in enumerate(order)}
    rows.sort(key=lambda row: (row.at, rank[row.source.node or ""]))
    return Merged(
        _causal(rows, order), tuple(sorted(lines)), courses, tuple(skews), tuple(steps),
        tuple(jumps), copies,
    )  # fmt: skip


def _rows(node: str, lines: Sequence[Told], course: Course) -> Iterator[Row]:
    """Yield the lines of a node by the time of the reference, and how its clock changes."""
    at_last = course.pieces[0]
    sources: dict[tuple[str, int | None], Source] = {}
    for t in lines:
        piece = course.piece(t.at)
        if piece is not at_last and piece.since is not None:
            at = piece.time(piece.since)
            for event in course.changes(node, at_last, piece):
                yield Row(at, Source(node, "clock", None), event, t.file, t.number)
            at_last = piece
        source = sources.get((t.tag, t.pid))
        if source is None:
            source = sources[t.tag, t.pid] = Source(node, program_of(t.tag), t.pid)
        yield Row(piece.time(t.at), source, t.event, t.file, t.number)


def _courses(
    order: Sequence[str], skews: Sequence[Skew], given: Mapping[str, Micros]
) -> dict[str, Course]:
    courses = {node: Course.even(given.get(node, 0)) for node in order[:1]}
    by_node: dict[str, list[Skew]] = {}
    for skew in skews:
        by_node.setdefault(skew.node, []).append(skew)
    for node, found in by_node.items():
        base = Course.even(0) if found[0].given else courses[found[0].against]
        courses[node] = base.then(found)
    return courses


class _Back(NamedTuple):
    """A clock was set back from a reading to another."""

    before: Micros
    after: Micros


def _straightened(
    told: Iterable[Told],
    loose: Sequence[int],
    steps: list[Step],
    jumps: list[tuple[int, int]],
    known: dict[str, list[_Back]],
) -> dict[str, list[Told]]:
    """Return the lines of a file by node, with times that run on where the clock was set back.

    `known` are the steps of the files before; those of this file are added.
    """
    out: dict[str, list[Told]] = defaultdict(list)
    shift: dict[str, Micros] = {}
    last: dict[str, tuple[Micros, int]] = {}
    found: dict[str, list[_Back]] = defaultdict(list)
    for one in sorted(told, key=lambda t: t.number):
        node = one.node
        if node not in shift:
            # Lines as late as the clock had shown before were written after it was set back.
            shift[node] = sum(b.before - b.after for b in known.get(node, ()) if one.at > b.before)
        at = one.at + shift[node]
        before, number = last.get(node, (at, one.number))
        if at < before - _JITTER:
            i = bisect_left(loose, number)
            excerpt = i < len(loose) and loose[i] < one.number
            if excerpt or before - at > _STEP_MAX:
                jumps.append((one.file, one.number))
                before = at
            else:
                by = at - before
                found[node].append(_Back(before - shift[node], one.at))
                steps.append(Step(node, by, one.file, one.number))
                shift[node] -= by
                mark = ClockStepped(node, by)
                out[node].append(one._replace(at=before, event=mark, tag="clock", pid=None))
                at = before
        out[node].append(one if at == one.at else one._replace(at=at))
        last[node] = max(at, before), one.number
    for node, backs in found.items():
        mine = known.setdefault(node, [])
        # A copy of the log shows the same step.
        mine += [b for b in backs if all(abs(b.after - o.after) > _COPY for o in mine)]
    return out


def _once(parts: Sequence[list[Told]]) -> tuple[list[Told], int]:
    """Return the lines of a node from several files, copies left out."""
    if len(parts) == 1:
        return parts[0], 0
    known: dict[tuple[str, int | None, Event], list[Micros]] = defaultdict(list)
    out: list[Told] = []
    twice = 0
    for part in parts:
        fresh: list[Told] = []
        for one in part:
            times = known.get((program_of(one.tag), one.pid, one.event), [])
            i = bisect_left(times, one.at - _COPY)
            if i < len(times) and times[i] <= one.at + _COPY:
                del times[i]
                twice += 1
            else:
                fresh.append(one)
        for one in fresh:
            insort(known[program_of(one.tag), one.pid, one.event], one.at)
        out += fresh
    return out, twice


def _skews(lines: Mapping[str, Sequence[Told]], given: Mapping[str, Micros]) -> list[Skew]:
    """Return the skews of all nodes but the first; what is given goes first."""
    first, *others = [*lines] or [""]
    if not others:
        return []
    found = estimated({node: [(t.at, t.event) for t in told] for node, told in lines.items()})
    told = [Skew(node, first, given[node], given=True) for node in others if node in given]
    return [*told, *(skew for skew in found if skew.node not in given)]


def _causal(rows: list[Row], nodes: Sequence[str]) -> list[Row]:
    """Among lines of one instant let what was sent stand before what was heard of it."""
    if len(nodes) < 2:
        return rows
    out: list[Row] = []
    i = 0
    while i < len(rows):
        j = i + 1
        while j < len(rows) and rows[j].at == rows[i].at:
            j += 1
        same = rows[i:j]
        names = {row.source.node for row in same}
        out += same if len(names) < 2 else _untied(same, nodes)
        i = j
    return out


def _untied(rows: Sequence[Row], nodes: Sequence[str]) -> list[Row]:
    queues: dict[str, list[Row]] = {}
    waiting: dict[tuple[str, str, str], int] = defaultdict(int)
    for row in rows:
        node = row.source.node or ""
        queues.setdefault(node, []).append(row)
        for message in sent_by(row.event, node):
            waiting[message] += 1
    out: list[Row] = []
    while queues:
        chosen = next(iter(queues))
        for node, queue in queues.items():
            others = [other for other in nodes if other != node]
            heard = heard_by(queue[0].event, node, others)
            if not any(waiting.get(message) for message in heard):
                chosen = node
                break
        row = queues[chosen].pop(0)
        for message in sent_by(row.event, chosen):
            waiting[message] -= 1
        out.append(row)
        if not queues[chosen]:
            del queues[chosen]
    return out
