"""From files to a trace: read, merged, with what follows from the lines."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from pathlib import Path

from hasim.catalogue import DIALECTS, line_of
from hasim.errors import HasimError, nearest
from hasim.events import Event
from hasim.reading.causes import Causes
from hasim.reading.counts import Counts
from hasim.reading.course import Course
from hasim.reading.facts import INFERRED, Facts, facts_of
from hasim.reading.life import Life, Signs
from hasim.reading.lines import LogFile, Told
from hasim.reading.looking import Looked, look
from hasim.reading.merging import Merged, Step, merged
from hasim.reading.names import unified
from hasim.reading.opening import Source as File
from hasim.reading.opening import lines_of
from hasim.reading.peers import absent
from hasim.reading.skew import Skew, wall_text
from hasim.trace import Clock, Header, Record, Source, Trace
from hasim.units import SECOND, Micros
from hasim.version import VERSION

__all__ = ["Progress", "Reading", "read", "stream"]

_START = datetime(1970, 1, 1)
#: Of so many lines it is seen in which dialect they are.
_SAMPLE = 2_000
_SHOWN = 5

#: Called with the bytes read so far, and all bytes of all files; 0 where nobody knows.
Progress = Callable[[int, int], None]


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


class _Opened:
    """The files that are asked for, opened and looked at."""

    def __init__(self, names: Sequence[str], year: int | None, progress: Progress | None) -> None:
        if not names:
            raise HasimError("no log is given: name one or more files, '-' for standard input")
        asked = [_asked(name) for name in names]
        self.files = [File(path) for _, path in asked]
        self.names = tuple(path for _, path in asked)
        self._nodes = [node for node, _ in asked]
        self._year = year
        self._progress = progress
        self._all = sum(file.size for file in self.files)
        self._before = 0
        self.remarks: list[str] = []

    def logs(self, counts: Counts) -> Iterator[LogFile]:
        """Yield the files one after the other; each is to be read before the next."""
        for index, file in enumerate(self.files):
            looked = look(file.name, lines_of(file, self._tell), self._year, self._nodes[index])
            self._remark(file.name, looked)
            log = LogFile(file.name, index, looked, counts)
            yield log
            self._before += file.size
            if file.damage:
                self.remarks.append(f"{file.name}: {file.damage}; what is before that was read")

    def _tell(self, done: int) -> None:
        if self._progress is not None:
            self._progress(self._before + done, self._all)

    def _remark(self, name: str, looked: Looked) -> None:
        if looked.year_from:
            self.remarks.append(f"{name}: the year {looked.year} is {looked.year_from}")
        if looked.host_from:
            self.remarks.append(f"{name}: the node is {looked.host}, from {looked.host_from}")


def _asked(name: str) -> tuple[str | None, str]:
    """Return node and path of ``NODE=FILE``, or None and the path."""
    if not isinstance(name, str):
        raise HasimError(f"{name!r} is no name of a file")
    node, sign, path = name.partition("=")
    if sign and node and path and "/" not in node and not Path(name).exists():
        return node, path
    return None, name


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
    opened = _Opened(names, year, progress)
    counts = Counts()
    return counts, (told for log in opened.logs(counts) for told in log)


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
    opened = _Opened(names, year, progress)
    counts = Counts()
    told: list[list[Told]] = []
    breaks: list[list[int]] = []
    levels: Counter[str] = Counter()
    lives: list[Life] = []
    for log in opened.logs(counts):
        log.life = Life()
        lives.append(log.life)
        told.append(list(log))
        breaks.append(log.breaks)
        levels.update(_dialects(islice(told[-1], _SAMPLE)))
    if not any(told):
        listed = ", ".join(opened.names)
        raise HasimError(f"no line of Heartbeat is in {listed} ({counts.lines} lines read)")
    told, called = unified(told)
    opened.remarks += (f"the host {host} is the node {node}" for host, node in called.items())
    given = dict(skew or {})
    known = sorted({one.node for file in told for one in file})
    for node in given:
        if node not in known:
            listed = f"; nodes: {', '.join(known[:20])}"
            raise HasimError(f"no line is of the node {node!r}{nearest(node, known) or listed}")
    both = merged(told, breaks, given)
    told.clear()
    dialect = max(reversed(DIALECTS), key=lambda name: levels[name])
    signs = Signs.of(lives, called, both.time)
    facts = facts_of(both.rows, both.nodes, deadtime, signs, wall_text)
    trace, places = _trace(both, facts, dialect, opened.names)
    missing = absent((row.event for row in both.rows), both.nodes)
    opened.remarks += (
        f"the log of {node} is not there: what it held is not known, and outages are not told"
        for node in missing
    )
    remarks = [*opened.remarks, *_odd(both, opened.names), *facts.doubts]
    return Reading(
        trace,
        counts,
        opened.names,
        places,
        both.skews,
        both.steps,
        tuple(dict.fromkeys(remarks)),
        missing,
    )


def _dialects(told: Iterable[Told]) -> Iterator[str]:
    """Yield for each line the dialects in which it stands just so."""
    for one in told:
        for dialect in DIALECTS:
            line = line_of(one.event, dialect)
            if line is not None and (line.tag, line.level) == (one.tag, one.level):
                yield dialect


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
    both: Merged, facts: Facts, dialect: str, files: Sequence[str]
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
        until_us=records[-1].at + SECOND,
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
