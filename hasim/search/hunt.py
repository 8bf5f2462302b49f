"""A search: schedules by the thousand, on every processor, each a pure function of its number."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from itertools import count

from hasim.errors import HasimError
from hasim.faults import Fault
from hasim.monitors import PROPERTIES, Violation
from hasim.run import simulate
from hasim.run.judged import PropertyLike, judged
from hasim.scenario import Simulable
from hasim.search.coverage import SAMPLE, Coverage
from hasim.search.known import Known, known_behaviour
from hasim.search.phases import mended
from hasim.search.pool import worked
from hasim.search.space import Space
from hasim.units import MINUTE, Micros

__all__ = ["Failure", "Hunt", "Task", "examine", "hunt"]

#: A cluster that is well so soon after it was mended need not be waited for.
_SOON: Micros = MINUTE
#: So many schedules are one piece of work for a process.
_CHUNK = 20


@dataclass(frozen=True, slots=True)
class Task:
    """What every process of a search must know."""

    model: Simulable
    families: tuple[str, ...]
    window: int | None
    properties: tuple[PropertyLike, ...]
    seed: int
    most: int


@dataclass(frozen=True, slots=True)
class Failure:
    """A schedule that violates a property, its first violation, and what that is known as."""

    index: int
    schedule: tuple[Fault, ...]
    violation: Violation
    known: Known | None


@dataclass(slots=True)
class Hunt:
    """What a search has seen so far."""

    failures: list[Failure] = field(default_factory=list)
    coverage: Coverage = field(default_factory=Coverage)

    def kinds(self) -> set[tuple[str, str]]:
        """Return what has been violated: names of properties, each with what it is known as."""
        return {_kind(failure) for failure in self.failures}

    def add(self, failures: Iterable[Failure], coverage: Coverage) -> None:
        """Take in a piece of the search."""
        self.failures += failures
        self.coverage.add(coverage)


def _kind(failure: Failure) -> tuple[str, str]:
    return failure.violation.property, failure.known.name if failure.known else ""


def examine(
    task: Task, space: Space, schedule: Sequence[Fault], seed: int, index: int, coverage: Coverage
) -> list[Failure]:
    """Run a schedule, with what is mended after it; return the first failure of each kind.

    Most clusters are well soon and stay so for the time that is looked at: only where one is not,
    it gets all the time that it may take.
    """
    run = simulate(task.model, mended(task.model, schedule, _SOON), seed)
    if any(v.property not in PROPERTIES for v in judged(run, task.properties)):
        run = simulate(task.model, mended(task.model, schedule), seed)
    coverage.see(space, schedule, run, sample=index % SAMPLE == 0)
    found: dict[tuple[str, str], Failure] = {}
    for violation in judged(run, task.properties):
        failure = Failure(index, tuple(schedule), violation, known_behaviour(run, violation))
        found.setdefault(_kind(failure), failure)
    return [*found.values()]


class _Worker:
    """The task of this process, and the space of its model, worked out once."""

    task: Task
    space: Space


def _begin(task: Task) -> None:
    _Worker.task = task
    _Worker.space = Space(task.model, task.families, task.window)


def _work(piece: tuple[int, int]) -> tuple[list[Failure], Coverage]:
    task, space = _Worker.task, _Worker.space
    coverage, failures = Coverage(), []
    for index in range(*piece):
        schedule = space.schedule(task.seed, index, task.most)
        failures += examine(task, space, schedule, index, index, coverage)
    return failures, coverage


def hunt(
    task: Task,
    examples: int | None,
    jobs: int,
    enough: Callable[[Hunt], bool],
    progress: Callable[[Hunt], None] = lambda hunt: None,
) -> Hunt:
    """Examine schedules 0, 1, 2 ... until there are enough.

    Parameters
    ----------
    examples : int or None
        How many at most; None: `enough` alone decides.
    jobs : int
        Processes at work. The result for a number of schedules is the same with any.
    enough : callable
        Asked between the pieces of the work, with what has been found.

    Raises
    ------
    HasimError
        For a property that cannot be handed to another process.
    """
    done = Hunt()
    starts = count(0, _CHUNK) if examples is None else range(0, examples, _CHUNK)
    pieces = ((i, min(i + _CHUNK, examples or i + _CHUNK)) for i in starts)
    try:
        for failures, coverage in worked(_begin, task, _work, pieces, jobs, lambda: enough(done)):
            done.add(failures, coverage)
            progress(done)
    except (AttributeError, TypeError) as x:
        if jobs == 1 or "pickle" not in str(x):
            raise
        text = "a property must be a function of a module to be judged in several processes"
        raise HasimError(f"{text}; use jobs=1 for this one ({x})") from None
    done.failures.sort(key=lambda failure: (failure.index, _kind(failure)))
    return done
