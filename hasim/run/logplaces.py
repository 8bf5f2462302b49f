"""Where a line stands and what its stamp says: what one needs to find it in its file."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from functools import lru_cache
from pathlib import PurePath

from hasim.reading import INFERRED
from hasim.render.clock import WallClock
from hasim.trace import Record, Trace

__all__ = ["line_behind", "short_names", "stamp_beside", "stamps_of", "to_second"]

#: Within so many records after a conclusion the line that it was made from is looked for.
_FAR = 10_000


@lru_cache(maxsize=8)
def short_names(files: tuple[str, ...]) -> Mapping[str, str]:
    """Return each file's name with as few of its folders as tell it from the others."""
    parts = {name: PurePath(name).parts for name in files}
    times = Counter(p[-n:] for p in parts.values() for n in range(1, len(p) + 1))
    out = {}
    for name, p in parts.items():
        n = next((n for n in range(1, len(p)) if times[p[-n:]] == 1), 0)
        out[name] = "/".join(p[-n:]) if n else name
    return out


def to_second(wall: str) -> str:
    """Return a wall clock without what is below the second: stamps have no more."""
    return wall.partition(".")[0]


def stamp_beside(stamp: str, wall: str) -> str:
    """Return a stamp as it is shown beside another date: without the day where that is the same."""
    day, _, clock = stamp.partition(" ")
    return clock if wall.startswith(day) else stamp


def stamps_of(trace: Trace, seqs: Collection[int]) -> Mapping[int, str]:
    """Return what the clock of its own node shows at records: the stamps of their lines."""
    wanted, out = frozenset(seqs), {}
    clock = WallClock(trace.header)
    for record in trace.records:
        clock.hear(record.at, record.event)
        if record.seq in wanted:
            out[record.seq] = to_second(clock.read(record.source.node, record.at).text())
    return out


def line_behind(trace: Trace, seq: int) -> Record:
    """Return the record of a line; of a conclusion that of the line it follows from.

    A loss of power follows from nothing; it is concluded from a line that follows from it, or from
    the next line of the node.
    """
    record = trace.at(seq)
    while record.source.program == INFERRED and record.cause is not None:
        record = trace.at(record.cause)
    if record.source.program != INFERRED:
        return record
    later = trace.records[record.seq + 1 : record.seq + _FAR]
    lines = [r for r in later if r.source.program != INFERRED]
    effects = (r for r in lines if r.cause == record.seq)
    own = (r for r in lines if r.source.node == record.source.node)
    return next(effects, next(own, record))
