"""Many runs of one model: each point of a grid under each seed, and a table of what they show."""

from __future__ import annotations

import pickle
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, replace
from functools import lru_cache, partial
from typing import TYPE_CHECKING, Any

from hasim.draws import Draws
from hasim.errors import HasimError
from hasim.experiment.rows import COLUMNS, Measure, rows_of
from hasim.faults import moved
from hasim.run import simulate
from hasim.scenario import Scenario, Simulable
from hasim.search.pool import processors, worked
from hasim.units import Micros

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Plan", "Point", "moved_by", "swept"]

#: So many runs are one piece of work for a process.
_CHUNK = 10
#: So many runs are made sooner by this process than by others, which have to start first.
_WORTH_IT = 50
#: So many pieces are handed to somebody else's executor at a time.
_AHEAD = 32


@dataclass(frozen=True, slots=True)
class Point:
    """A point of a grid: what is run there.

    Parameters
    ----------
    labels : mapping
        Column to value: what distinguishes the point.
    change : mapping
        Directives of ``ha.cf`` with their values.
    scenario : Scenario
        What happens; it changes no directive itself.
    """

    labels: Mapping[str, float | str]
    change: Mapping[str, str]
    scenario: Scenario


@dataclass(frozen=True, slots=True)
class Plan:
    """A whole sweep, checked: the model, its points in grid order, the seeds of each.

    Parameters
    ----------
    also : callable or None
        Further columns, see :data:`hasim.experiment.Measure`.
    spread : int
        By how much starts and faults are moved at most, in microseconds; see :func:`moved_by`.
    """

    model: Simulable
    points: tuple[Point, ...]
    seeds: Sequence[int]
    also: Measure | None = None
    spread: Micros = 0


def moved_by(spread: Micros, scenario: Scenario, nodes: Sequence[str], seed: int) -> Scenario:
    """Return a scenario out of step: no fault keeps time with heartbeats, and no two nodes do.

    All faults, and the horizon, are later by one draw of the seed, from 0 to `spread`; each node's
    first start is later by a draw of its own. The draws do not depend on what is swept.

    Parameters
    ----------
    spread : int
        Microseconds; best a multiple of every period, such as 2 s for keepalives of 1 and 2 s.
    """
    if not spread:
        return scenario
    draws = Draws(seed)
    shift = draws.below("sweep/faults", spread)
    begun = dict.fromkeys(nodes, 0) if scenario.start is None else scenario.start
    start = {node: at + draws.below(f"sweep/{node}", spread) for node, at in begun.items()}
    return replace(
        scenario,
        start=start,
        faults=tuple(moved(fault, fault.at + shift) for fault in scenario.faults),
        until=None if scenario.until is None else scenario.until + shift,
    )


class _Work:
    """A plan at work in a process; each changed model is made once."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._models: dict[tuple[tuple[str, str], ...], Simulable] = {}

    def _model(self, change: Mapping[str, str]) -> Simulable:
        key = tuple(change.items())
        if key not in self._models:
            model = self._plan.model
            self._models[key] = model.changed(change) if change else model
        return self._models[key]

    def rows(self, piece: tuple[int, int]) -> tuple[int, int, list[dict[str, Any]]]:
        """Return the rows of a piece, a point and some of its seeds, and which piece it is."""
        number, start = piece
        plan, point = self._plan, self._plan.points[number]
        model, out = self._model(point.change), []
        for seed in plan.seeds[start : start + _CHUNK]:
            scenario = moved_by(plan.spread, point.scenario, [*model.configs], seed)
            run = simulate(model, scenario, seed)
            out += [{**point.labels, **row} for row in rows_of(run, plan.also)]
        return number, start, out


@lru_cache(maxsize=4)
def _unpacked(blob: bytes) -> _Work:
    """Return a plan that was sent here; it is unpacked once in a process."""
    return _Work(pickle.loads(blob))


def _sent(blob: bytes, piece: tuple[int, int]) -> tuple[int, int, list[dict[str, Any]]]:
    return _unpacked(blob).rows(piece)


def _nothing(task: None) -> None:
    """Prepare nothing: every piece brings the plan with it."""


def _packed(plan: Plan) -> bytes:
    try:
        return pickle.dumps(plan)
    except Exception as x:
        text = f"this sweep cannot be sent to another process: {x}"
        raise HasimError(f"{text}; give a function of a module as 'also', or jobs=1") from None


def swept(
    plan: Plan,
    jobs: int | None = None,
    executor: Executor | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> pd.DataFrame:
    """Make all runs of a plan, and return a table with a row for each run and group.

    Parameters
    ----------
    jobs : int, optional
        Processes at work; without it one a processor, and for few runs none beside this one.
    executor : concurrent.futures.Executor, optional
        Who works instead, such as Dask's ``Client.get_executor()``.
    progress : callable, optional
        Called with the number of runs made and of those wanted.

    Notes
    -----
    The table is the same whoever works. Each piece of work is some seeds of one point; it carries
    the pickled plan with it, which a process unpacks once.

    Raises
    ------
    HasimError
        For fewer than one job, and for a measurement that other processes cannot be sent.
    """
    pieces = [(i, s) for i in range(len(plan.points)) for s in range(0, len(plan.seeds), _CHUNK)]
    found: dict[tuple[int, int], list[dict[str, Any]]] = {}
    done, of = 0, len(plan.points) * len(plan.seeds)
    if jobs is not None and (isinstance(jobs, bool) or not isinstance(jobs, int) or jobs < 1):
        raise HasimError(f"jobs is {jobs!r}: a whole number from 1 on is needed")
    own = min(processors(), len(pieces) or 1) if of >= _WORTH_IT else 1
    several = jobs or (_AHEAD if executor is not None else own)
    if executor is None and several == 1:
        work: Callable[[tuple[int, int]], Any] = _Work(plan).rows
    else:
        work = partial(_sent, _packed(plan))
    for number, start, rows in worked(_nothing, None, work, pieces, several, executor=executor):
        found[number, start] = rows
        done += len(plan.seeds[start : start + _CHUNK])
        if progress is not None:
            progress(done, of)
    return _table(plan, [row for piece in pieces for row in found[piece]])


def _table(plan: Plan, rows: Sequence[Mapping[str, Any]]) -> pd.DataFrame:
    import pandas as pd

    labels = [*dict.fromkeys(name for point in plan.points for name in point.labels)]
    extra = [n for n in dict.fromkeys(n for r in rows for n in r) if n not in (*labels, *COLUMNS)]
    table = pd.DataFrame(list(rows), columns=[*labels, *COLUMNS, *extra])
    return table.astype(dict(COLUMNS))
