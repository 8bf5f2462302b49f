"""Instants and durations for Hypothesis: a mixture of times that shrinks towards round ones."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from typing import TypeVar

from hypothesis import strategies as st

from hasim.search import Space
from hasim.units import MS, SECOND, Micros

__all__ = ["dealt", "durations", "instants"]

_T = TypeVar("_T")

#: Offsets of an instant are added to whole tens of seconds, the bases.
_TENS: Micros = 10 * SECOND
#: By then a cluster is up that has been well before.
_UP: Micros = 30 * SECOND
#: A duration that is none of the table is up to so much longer than one of it.
_BEYOND: Micros = 5 * SECOND
#: An offset of any whole milliseconds.
_ANY = -1


def dealt(groups: Iterable[Sequence[_T]]) -> tuple[_T, ...]:
    """Return every item of some groups in order, and some again until all groups weigh alike.

    What comes again stands behind: a whole number that picks an item shrinks to its first place,
    and two small numbers never mean the same.
    """
    some = [group for group in groups if group]
    most = max((len(group) for group in some), default=0)
    again = (group[i % len(group)] for group in some for i in range(len(group), most))
    return (*(item for group in some for item in group), *again)


def instants(space: Space) -> st.SearchStrategy[Micros]:
    """Return a strategy for instants of a space, microseconds.

    A third is whole tens of seconds. A third lies as far behind such an instant as the sums of the
    cluster's deadlines do, to the microsecond or a tick beside: where something is decided at a
    deadline, an instant meets it. The rest is any millisecond. An instant is two numbers, base and
    offset, so that one step of the shrinker takes the offset away, whatever the base is. The bases
    rise, for a fault must mostly come late enough; those of the first half minute are the last.
    """
    tens = sorted(space.instants[0])
    up = bisect_left(tens, _UP)
    bases = (*tens[up:], *tens[:up])
    exact = sorted({at % _TENS for part in space.instants[1:] for at in part} - {0})
    return _times(bases, dealt([[0], exact, [_ANY]]), _TENS, space.window)


def durations(space: Space, limit: Micros | None = None) -> st.SearchStrategy[Micros]:
    """Return a strategy for durations of a space, microseconds.

    Two thirds are of the space's tables, the rest is up to five seconds longer. A duration of a
    table is a single number: Hypothesis takes five numbers at once out of a list, so a fault has
    no more than that (whether it is there, which it is, base and offset of its instant, duration).

    Parameters
    ----------
    limit : int, optional
        The durations are no longer than this; the longest of the space if not given.
    """
    limit = space.longest if limit is None else limit
    tables = [[d for d in table if d <= limit] for table in space.durations]
    return _lengths(dealt(tables) or (limit,), limit)


@st.composite
def _times(
    draw: st.DrawFn, bases: Sequence[Micros], offsets: Sequence[Micros], span: Micros, end: Micros
) -> Micros:
    base = bases[draw(_places(len(bases)))]
    offset = offsets[draw(_places(len(offsets)))]
    if offset == _ANY:
        offset = draw(_MILLISECONDS) * (span // MS) // _PARTS * MS
    return base + offset if base + offset < end else base


@st.composite
def _lengths(draw: st.DrawFn, bases: Sequence[Micros], limit: Micros) -> Micros:
    place, part = divmod(draw(_places(3 * len(bases))), 3)
    beyond = draw(_MILLISECONDS) * (_BEYOND // MS) // _PARTS * MS if part == 2 else 0
    return bases[place] + beyond if bases[place] + beyond <= limit else bases[place]


def _places(many: int) -> st.SearchStrategy[int]:
    return st.integers(0, many - 1)


# Bytes are drawn evenly; of whole numbers from such a range mostly small ones.
_PARTS = 1 << 16
_MILLISECONDS = st.binary(min_size=2, max_size=2).map(lambda data: int.from_bytes(data, "big"))
