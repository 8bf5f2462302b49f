"""Fault schedules for Hypothesis."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache

from hypothesis import strategies as st

from hasim.errors import HasimError, nearest
from hasim.faults import Fault
from hasim.scenario import Simulable
from hasim.search import FAMILIES, Choice, Space
from hasim.testing.times import dealt, durations, instants
from hasim.units import SECOND, Micros, micros

__all__ = ["faults", "space_of", "wanted"]


def faults(
    model: Simulable,
    *,
    min_size: int = 0,
    max_size: int = 5,
    families: str | Iterable[str] | None = None,
    kinds: str | Iterable[str] | None = None,
    window: str | int | float | None = None,
) -> st.SearchStrategy[tuple[Fault, ...]]:
    """Return a strategy for fault schedules of a model: tuples of faults in order of time.

    Each fault is one that the model can suffer (:class:`hasim.search.Space`); kinds of faults are
    equally likely. Each schedule leaves some families out, so that combinations of few kinds come
    up as well as mixtures of all. Instants and durations come from a mixture of round ones, some
    that fall on deadlines of the cluster, and any millisecond.

    It shrinks to few faults, to round instants and durations, to the kinds that need no duration
    and come first in the space. No fault needs another one, so any of them can be taken away.

    Parameters
    ----------
    model : Model
        The cluster.
    min_size, max_size : int
        How many faults.
    families : str or iterable of str, optional
        Families of faults, :data:`hasim.search.FAMILIES`;
        :data:`hasim.search.DEFAULT_FAMILIES` if neither these nor kinds are given.
    kinds : str or iterable of str, optional
        Kinds of faults, the keys of ``Space(model).kinds``: ``"cut"``, ``"kill master"``; all of
        the families if not given.
    window : str or number, optional
        Faults begin before this instant; that of the space if not given.

    Raises
    ------
    HasimError
        At once, for a family or kind that does not exist, with the nearest that does; for sizes
        and times that are none.

    Examples
    --------
    >>> @given(schedule=faults(model, families=["network", "power"], max_size=3))
    ... def test_disk_is_never_mounted_twice(schedule):
    ...     holds(model.run(schedule), "at-most-one-mounter")
    """
    for value, what in ((min_size, "min_size"), (max_size, "max_size")):
        if isinstance(value, bool) or not isinstance(value, int) or value < 0:
            raise HasimError(f"{what} must be a whole number from 0 on, not {value!r}")
    if min_size > max_size:
        raise HasimError(f"min_size {min_size} is larger than max_size {max_size}")
    space = space_of(model, families, kinds, window)
    chosen = wanted(space, kinds)
    names = [*dict.fromkeys(choices[0].family for choices in chosen)]
    simplest = sorted(chosen, key=lambda choices: choices[0].fault.duration is not None)
    at, duration = instants(space), durations(space)

    @cache
    def schedules(left_out: int) -> st.SearchStrategy[tuple[Fault, ...]]:
        there = [name for i, name in enumerate(names) if not left_out >> i & 1]
        some = dealt(choices for choices in simplest if choices[0].family in there)
        one = _faults(some, at, duration)
        return st.lists(one, min_size=min_size, max_size=max_size).map(_in_order)

    return st.integers(0, (1 << len(names)) - 2).flatmap(schedules)


def space_of(
    model: Simulable,
    families: str | Iterable[str] | None = None,
    kinds: str | Iterable[str] | None = None,
    window: str | int | float | None = None,
) -> Space:
    """Return the space of a model that arguments of a strategy ask for.

    Raises
    ------
    HasimError
        For what is no model, no family, or no time.
    """
    if not hasattr(model, "configs"):
        raise HasimError(f"{model!r} is no model: hasim.load(PATH) returns one")
    until: Micros | None = None
    if window is not None:
        try:
            until = micros(window)
        except (AttributeError, TypeError, ValueError) as x:
            raise HasimError(f"window: {x}") from None
        if until <= 0:
            raise HasimError("window must be longer than nothing")
    if families is None and kinds is not None:
        families = FAMILIES
    return Space(model, [families] if isinstance(families, str) else families, until)


def wanted(space: Space, kinds: str | Iterable[str] | None) -> list[list[Choice]]:
    """Return the choices of the kinds that are wanted, in the order of the space.

    Raises
    ------
    HasimError
        For a kind that the space does not have, with the nearest that it has.
    """
    kinds = space.kinds if kinds is None else kinds
    names = dict.fromkeys([kinds] if isinstance(kinds, str) else kinds)
    if not names:
        raise HasimError("there is no kind of fault to choose from")
    for name in names:
        if name not in space.kinds:
            known = f"; there are {', '.join(space.kinds)}"
            said = nearest(str(name), space.kinds) or known
            raise HasimError(f"no kind of fault {name!r} in this model and families{said}")
    return [choices for name, choices in space.kinds.items() if name in names]


def _in_order(schedule: Iterable[Fault]) -> tuple[Fault, ...]:
    return tuple(sorted(schedule, key=lambda fault: fault.at))


@st.composite
def _faults(
    draw: st.DrawFn,
    choices: Sequence[Choice],
    at: st.SearchStrategy[Micros],
    duration: st.SearchStrategy[Micros],
) -> Fault:
    choice = choices[draw(st.integers(0, len(choices) - 1))]
    begin = draw(at)
    if choice.fault.duration is None:  # it acts at an instant, and needs no draw
        return choice.make(begin, SECOND)
    return choice.make(begin, draw(duration))
