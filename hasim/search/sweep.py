"""The work of a matrix: a list of runs in a written order, and the cells that come of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from hasim.faults import Fault
from hasim.run import simulate
from hasim.scenario import Scenario, Simulable
from hasim.search.bases import FIRST, PHASES, Base
from hasim.search.cells import Cell, Seen, event_text
from hasim.search.outcome import Outcome, outcome_of
from hasim.search.pairs import pairs_of
from hasim.search.phases import mended
from hasim.search.pool import worked
from hasim.search.space import FAMILIES, Choice
from hasim.units import Micros

__all__ = ["Job", "Row", "cells_of", "jobs_of", "outcomes_of", "repaired"]

#: So many runs are one piece of work for a process.
_CHUNK = 4


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the matrix: a single fault, long or short, or a pair of kinds.

    Parameters
    ----------
    event : str
        The fault line without its time, or the two kinds.
    kinds : tuple of str
        One kind or two.
    family : str
        Of a single fault.
    duration : int or None
        Of a single fault that lasts, in microseconds.
    short : bool
        True where the fault is over before anything is decided.
    """

    event: str
    kinds: tuple[str, ...]
    family: str = ""
    duration: Micros | None = None
    short: bool = False


@dataclass(frozen=True, slots=True)
class Job:
    """A run to be made.

    Parameters
    ----------
    row : Row
        For which row.
    base : int
        On which base, by its place.
    at : int
        When the first fault begins, in microseconds.
    faults : tuple of Fault
        What happens.
    """

    row: Row
    base: int
    at: Micros
    faults: tuple[Fault, ...]


@dataclass(frozen=True, slots=True)
class _Task:
    """What every process of a sweep must know."""

    model: Simulable
    bases: tuple[Base, ...]


def jobs_of(
    model: Simulable,
    kinds: Mapping[str, Sequence[Choice]],
    bases: Sequence[Base],
    long: Micros,
    short: Micros,
    pairs: bool,
) -> list[Job]:
    """Return the runs of a matrix in the order in which they are made.

    A round is one instant of each phase under one seed. The settled state comes first in each; the
    pairs of a seed come after its first round.
    """
    seeds = [*dict.fromkeys(base.seed for base in bases)]
    rounds = max((len(base.instants) for base in bases), default=0)
    order = [FIRST, *(phase for phase in PHASES if phase != FIRST)]
    ranked: list[tuple[tuple[int, ...], Job]] = []
    for i, base in enumerate(bases):
        number = seeds.index(base.seed) * rounds
        for j, at in enumerate(base.instants):
            rank = number + j, 0, order.index(base.phase)
            ranked += [
                (rank, Job(row, i, at, (fault,))) for row, fault in _singles(kinds, at, long, short)
            ]
        if pairs and base.phase == FIRST:
            at = base.instants[0]
            delays = short, long // 2
            found = pairs_of(kinds, model, base.active, delays, base.seed)
            for pair in found:
                row = Row(" + ".join(pair.kinds), pair.kinds)
                ranked.append(((number, 1), Job(row, i, at, pair.schedule(at, long))))
    return [job for _, job in sorted(ranked, key=lambda one: one[0])]


def _singles(
    kinds: Mapping[str, Sequence[Choice]], at: Micros, long: Micros, short: Micros
) -> Iterator[tuple[Row, Fault]]:
    """Yield each single fault at an instant, by family; one that lasts long, then short."""
    choices = [choice for found in kinds.values() for choice in found]
    for choice in sorted(choices, key=lambda c: [*FAMILIES].index(c.family)):
        fault, names = choice.fault, (choice.kind,)
        if fault.duration is None:
            yield Row(event_text(fault), names, choice.family), choice.make(at, 0)
            continue
        yield Row(event_text(fault), names, choice.family, long), choice.make(at, long)
        event = event_text(fault, short)
        yield Row(event, names, choice.family, short, True), choice.make(at, short)


class _Worker:
    """The task of this process."""

    task: _Task


def _begin(task: _Task) -> None:
    _Worker.task = task


def _work(piece: tuple[int, tuple[Job, ...]]) -> tuple[int, list[Outcome]]:
    start, jobs = piece
    return start, [_outcome(_Worker.task, job) for job in jobs]


def _outcome(task: _Task, job: Job) -> Outcome:
    base = task.bases[job.base]
    schedule = *base.schedule, *job.faults
    scenario = mended(task.model, schedule)
    run = simulate(task.model, scenario, base.seed)
    later = repaired(schedule, scenario, job.at)
    return outcome_of(run, base.shown, job.at, later, short=job.row.short)


def repaired(schedule: Sequence[Fault], scenario: Scenario, at: Micros) -> list[Micros]:
    """Return when something is mended after an instant."""
    ends = [fault.at + fault.duration for fault in schedule if fault.duration is not None]
    ends += [fault.at for fault in scenario.faults[len(schedule) :]]
    return [end for end in ends if end > at]


def outcomes_of(
    model: Simulable,
    bases: Sequence[Base],
    work: Sequence[Job],
    jobs: int,
    enough: Callable[[], bool],
    progress: Callable[[int, int], None],
) -> list[Outcome]:
    """Make the runs, the first ones of the list where it is enough before its end.

    Parameters
    ----------
    jobs : int
        Processes at work.
    enough : callable
        Asked between pieces of the work.
    progress : callable
        Called with the number of runs made and of those wanted.
    """
    found: dict[int, Outcome] = {}
    pieces = [(i, tuple(work[i : i + _CHUNK])) for i in range(0, len(work), _CHUNK)]
    task = _Task(model, tuple(bases))
    for start, outcomes in worked(_begin, task, _work, pieces, jobs, enough):
        found.update(enumerate(outcomes, start))
        progress(len(found), len(work))
    return [found[i] for i in range(len(found))]


def cells_of(
    bases: Sequence[Base], work: Sequence[Job], outcomes: Sequence[Outcome]
) -> tuple[Cell, ...]:
    """Return the cells of runs that were made, row by row, each with its runs by seed and instant.

    Parameters
    ----------
    work, outcomes : sequence
        The list of runs, and what came of the first ones.
    """
    rows: dict[Row, dict[str, list[tuple[int, Micros, Seen]]]] = {}
    for job, outcome in zip(work, outcomes, strict=False):
        base = bases[job.base]
        seen = Seen(outcome, (*base.schedule, *job.faults), base.seed)
        phases = rows.setdefault(job.row, {})
        phases.setdefault(base.phase, []).append((base.seed, job.at, seen))
    out = []
    for row, phases in rows.items():
        for phase in (p for p in PHASES if p in phases):
            runs = tuple(seen for *_, seen in sorted(phases[phase], key=lambda one: one[:2]))
            out.append(Cell(phase, row.event, row.kinds, row.family, row.duration, runs))
    return tuple(out)
