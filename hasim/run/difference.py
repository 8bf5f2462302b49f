"""Where two runs part: the first decision that differs, not a comparison of texts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import zip_longest

from hasim.catalogue import canonical
from hasim.run.why import told
from hasim.trace import Record, Trace
from hasim.units import duration_text

__all__ = ["Difference", "difference"]


@dataclass(frozen=True, slots=True)
class Difference:
    """The first decision of a node that differs between two runs.

    Parameters
    ----------
    node : str or None
        Whose decision it is; None for the world's.
    mine, theirs : Record or None
        What happened in each run; None where that run decided nothing any more.
    only_time : bool
        True where all decisions are the same and only fall at other instants.
    """

    node: str | None
    mine: Record | None
    theirs: Record | None
    only_time: bool
    dialects: tuple[str, str]

    def __str__(self) -> str:
        sides = []
        for record, dialect in zip((self.mine, self.theirs), self.dialects, strict=True):
            sides.append("nothing")
            if record is not None:
                sides[-1] = f"{duration_text(record.at)} {told(record, dialect)}"
        head = "first difference"
        if self.only_time:
            head = "the same decisions at other instants, first"
        return f"{head} of {self.node or 'the world'}:\n  here:  {sides[0]}\n  there: {sides[1]}"


def _decisions(trace: Trace) -> Iterator[tuple[str | None, tuple[str, ...], Record]]:
    for record in trace.decisions():
        stands = canonical(record.event)
        assert stands is not None
        role, kind, args = stands
        words = tuple(f"{name}={value}" for name, value in sorted(args.items()))
        yield record.source.node, (role, kind, *words), record


def difference(one: Trace, other: Trace, *, world: bool = True) -> Difference | None:
    """Return the earliest decision that differs, node by node; None where there is none.

    Decisions are compared by what is decided; process numbers do not count, instants only where
    everything else is equal.

    Parameters
    ----------
    world : bool
        Whether what happens to the world counts, too: faults, power, disks.
    """
    sides: list[dict[str | None, list[tuple[tuple[str, ...], Record]]]] = []
    for trace in (one, other):
        table: dict[str | None, list[tuple[tuple[str, ...], Record]]] = {}
        for node, what, record in _decisions(trace):
            if node is None and not world:
                continue
            table.setdefault(node, []).append((what, record))
        sides.append(table)
    kinds: list[Difference] = []
    times: list[Difference] = []
    dialects = (one.header.dialect, other.header.dialect)
    for node in dict.fromkeys([*sides[0], *sides[1]]):
        for a, b in zip_longest(sides[0].get(node, ()), sides[1].get(node, ())):
            mine, theirs = (None if a is None else a[1]), (None if b is None else b[1])
            if a is None or b is None or a[0] != b[0]:
                kinds.append(Difference(node, mine, theirs, False, dialects))
                break
            if a[1].at != b[1].at and all(d.node != node for d in times):
                times.append(Difference(node, mine, theirs, True, dialects))
    return min(kinds or times, key=_begin, default=None)


def _begin(difference: Difference) -> int:
    return min(r.at for r in (difference.mine, difference.theirs) if r is not None)
