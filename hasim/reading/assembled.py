"""From files to a trace: read, merged, with what follows from the lines."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice

from hasim.catalogue import DIALECTS, line_of
from hasim.errors import ConfigError, HasimError, nearest
from hasim.events import Event
from hasim.reading.asked import Asked, Progress
from hasim.reading.causes import Causes
from hasim.reading.counts import Counts
from hasim.reading.course import Course
from hasim.reading.facts import INFERRED, Facts, facts_of
from hasim.reading.gathered import Gathered, gathered, settled
from hasim.reading.life import Signs
from hasim.reading.lines import Told
from hasim.reading.merging import Merged, Step, merged
from hasim.reading.names import unified
from hasim.reading.peers import absent
from hasim.reading.skew import Skew, wall_text
from hasim.reading.whose import whose
from hasim.trace import Clock, Header, Record, Source, Trace
from hasim.units import SECOND, Micros
from hasim.version import VERSION

__all__ = ["Progress", "Reading", "read", "stream"]

_START = datetime(1970, 1, 1)
#: Of so many lines it is seen in which dialect they are.
_SAMPLE = 2_000
_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Reading:
    """Logs that were read.

    Parameters
    ----------
    trace : Trace
        Events in the order of true time, as far as lines tell; conclusions are from the program
        ``inferred``.
    counts : Counts
        What became of every line.
    files : tuple of str
        Names of the files, in the order given.
    places : mapping
        Of each record that is a line: file and line number.
    skews : tuple of Skew
        How far clocks are apart.
    steps : tuple of Step
        Where clocks were set back.
    remarks : tuple of str
        What was assumed, and what is odd, a sentence each.
    absent : tuple of str
        Nodes of which others speak and whose logs are not there.
    """

    trace: Trace
    counts: Counts
    files: tuple[str, ...]
    places: Mapping[int, tuple[str, int]]
    skews: tuple[Skew, ...]
    steps: tuple[Step, ...]
    remarks: tuple[str, ...]
    absent: tuple[str, ...] = ()


def stream(
    *names: str, year: int | None = None, progress: Progress | None = None
) -> tuple[Counts, Iterator[Told]]:
    """Read files of any size in constant memory: counts, which fill meanwhile, and events.

    Events come file by file, by each node's own clock: nothing is merged, nothing concluded.

    Raises
    ------
    HasimError
        Without a file; as `ConfigError` for one that cannot be read.
    """
    asked = Asked(names, progress)
    counts = Counts()
    return counts, (told for log in asked.logs(counts, year) for told in log)


def read(
    *names: str,
    year: int | None = None,
    skew: Mapping[str, Micros] | None = None,
    deadtime: Micros = 0,
    progress: Progress | None = None,
) -> Reading:
    """Read files and merge them; see :func:`hasim.read_logs`.

    Raises
    ------
    HasimError
        Without a file, for one without any line of Heartbeat, for a skew of an unknown node; as
        `ConfigError` for a file that cannot be read.
    """
    asked = Asked(names, progress)
    counts = Counts()
    files = [gathered(log) for log in asked.logs(counts)]
    useless = {file.name: file.lines for file in files if not file.told}
    problems = list(asked.useless(useless, counts))
    if len(useless) == len(files):
        raise ConfigError(problems)
    remarks = [
        *asked.remarks,
        *(f"{one.file}: {one.text}" for one in problems),
        *asked.odd(file.name for file in files if file.told),
        *settled(files, year),
        *whose(files),
    ]
    told, called = unified([file.told for file in files])
    remarks += (f"the host {host} is the node {node}" for host, node in called.items())
    levels = _dialects(files)
    given = dict(skew or {})
    known = sorted({one.node for file in told for one in file})
    for node in given:
        if node not in known:
            listed = f"; nodes: {', '.join(known[:20])}"
            raise HasimError(f"no line is of the node {node!r}{nearest(node, known) or listed}")
    both = merged(told, [file.breaks for file in files], given)
    signs = Signs.of([file.life for file in files], called, both.time)
    told.clear()
    files.clear()
    dialect = max(reversed(DIALECTS), key=lambda name: levels[name])
    facts = facts_of(both.rows, both.nodes, deadtime, signs, wall_text)
    opened = tuple(asked.names)
    trace, places = _trace(both, facts, dialect, opened, signs.end)
    missing = absent((row.event for row in both.rows), both.nodes)
    remarks += (
        f"the log of {node} is not there: what it held is not known, and outages are not told"
        for node in missing
    )
    remarks += (*_odd(both, opened), *facts.doubts)
    return Reading(
        trace, counts, opened, places, both.skews, both.steps, tuple(dict.fromkeys(remarks)),
        missing,
    )  # fmt: skip


def _dialects(files: Iterable[Gathered]) -> Counter[str]:
    """Count in each dialect the lines that stand in it just so."""
    return Counter(
        dialect
        for file in files
        for one in islice(file.told, _SAMPLE)
        for dialect in DIALECTS
        if (line := line_of(one.event, dialect)) is not None
        and (line.tag, line.level) == (one.tag, one.level)
    )


def _odd(both: Merged, files: Sequence[str]) -> Iterator[str]:
    for step in both.steps[:_SHOWN]:
        by = -step.by_us / SECOND
        yield (
            f"{files[step.file]}:{step.number}: the clock of {step.node} goes back by {by:.0f} s; "
            "times after it are those of a clock that was not set back"
        )
    if len(both.steps) > _SHOWN:
        yield f"... and {len(both.steps) - _SHOWN} more times: are these several logs in one?"
    for file, number in both.jumps[:_SHOWN]:
        yield f"{files[file]}:{number}: goes back in time: sorted by its stamps"
    if len(both.jumps) > _SHOWN:
        yield f"... and {len(both.jumps) - _SHOWN} more places where a file goes back in time"
    if both.copies:
        yield f"{both.copies} lines stand in two files of a node and count once"
    yield from map(str, both.skews)


def _trace(
    both: Merged, facts: Facts, dialect: str, files: Sequence[str], end: Micros | None
) -> tuple[Trace, dict[int, tuple[str, int]]]:
    zero = both.rows[0].at
    records: list[Record] = []
    places: dict[int, tuple[str, int]] = {}
    seqs: list[int] = []
    causes = Causes(both.nodes)
    left = iter(facts.facts)
    fact = next(left, None)

    def add(at: Micros, source: Source, event: Event, cause: int | None) -> int:
        seq = len(records)
        records.append(Record(at, seq, source, event, cause))
        causes.see(at, source, event, seq)
        return seq

    for i in range(len(both.rows) + 1):
        while fact is not None and fact.before <= i:
            cause = None if fact.cause is None else seqs[fact.cause]
            source = Source(getattr(fact.event, "node", None), INFERRED, None)
            add(fact.at - zero, source, fact.event, cause)
            fact = next(left, None)
        if i < len(both.rows):
            row = both.rows[i]
            at = row.at - zero
            seq = add(at, row.source, row.event, causes.of(at, row.source, row.event))
            seqs.append(seq)
            places[seq] = files[row.file], row.number
    header = Header(
        version=VERSION,
        dialect=dialect,
        scenario="logs",
        epoch=_epoch(zero),
        clocks=tuple(_clock(node, both.courses[node], zero) for node in both.nodes),
        # The last line's second is part of the log: what it tells has lasted for some of it.
        until_us=max(records[-1].at + SECOND, 0 if end is None else end - zero),
        groups=facts.groups,
        fencible=facts.fencible,
    )
    return Trace(header, records), places


def _clock(node: str, course: Course, zero: Micros) -> Clock:
    first = course.pieces[0]
    return Clock(node, first.ahead(zero), first.ppb // 1000)


def _epoch(at: Micros) -> str:
    try:
        return (_START + timedelta(microseconds=at)).isoformat()
    except OverflowError:
        raise HasimError(
            f"the log begins {at} microseconds after 1970: no date is so late"
        ) from None
