"""The question of ``check``: can a cluster violate a property, and by which smallest schedule."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from os import PathLike
from pathlib import Path
from typing import TypedDict

from hasim.budget import Budget
from hasim.errors import HasimError
from hasim.monitors import LIVENESS, PROPERTIES
from hasim.render.html import paragraph, table
from hasim.run.judged import PropertyLike, name_of, names_of
from hasim.scenario import Scenario, Simulable
from hasim.search.coverage import Coverage
from hasim.search.found import Found, minimised
from hasim.search.hunt import Failure, Hunt, Task, examine, hunt
from hasim.search.pool import processors
from hasim.search.space import FAMILIES, Space
from hasim.units import Micros, duration_text, micros

__all__ = ["Hits", "Wanted", "check"]

#: What is looked for unless told otherwise.
_ALL = (*PROPERTIES, *LIVENESS)
#: A search that has found something goes on for this share of its time, to find the rest.
_SHARE = 0.5


class Wanted(TypedDict, total=False):
    """What may be asked of a search: the keywords of :func:`check`."""

    budget: str | int | float | None
    examples: int | None
    properties: Iterable[PropertyLike] | None
    families: Iterable[str] | None
    window: str | int | float | None
    most: int
    seed: int
    jobs: int | None
    first: Sequence[tuple[Scenario, int]]
    progress: Callable[[Hunt], None]


@dataclass(frozen=True, slots=True, repr=False)
class Hits:
    """What a search has found, and how far it has looked.

    Parameters
    ----------
    model : Model
        The cluster.
    found : tuple of Found
        One for each property that is violated (and for each recorded behaviour that violates it),
        the smallest schedule first.
    coverage : Coverage
        What was exercised.
    properties : tuple of str
        What was looked for.
    seed : int
        Seed of the schedules; number i of them runs with seed i.
    space : Space
        What might have gone wrong.
    tally : mapping
        How many of the schedules violate a property by which recorded behaviour; the name is empty
        for those by something that no recording shows. One may be counted under several.
    failed : int
        How many of the schedules violate a property.
    """

    model: Simulable
    found: tuple[Found, ...]
    coverage: Coverage
    properties: tuple[str, ...]
    seed: int
    space: Space
    tally: Mapping[str, int] = field(default_factory=dict)
    failed: int = 0

    @property
    def ok(self) -> bool:
        """True where nothing was found."""
        return not self.found

    @property
    def smallest(self) -> Found:
        """The find with the smallest schedule.

        Raises
        ------
        HasimError
            Where nothing was found.
        """
        if not self.found:
            raise HasimError(f"nothing was found: {self.statement()}")
        return self.found[0]

    def unknown(self) -> tuple[Found, ...]:
        """Return what was found and is not a behaviour that a recording shows."""
        return tuple(found for found in self.found if found.known is None)

    def statement(self) -> str:
        """Return what may be said, after so many schedules, of those that were not tried.

        With no failure in n schedules drawn alike, the chance that one fails is below 3/n with a
        confidence of 95 % (Hanley and Lippman-Hand, JAMA 249(13), 1983: the rule of three).
        """
        n = self.coverage.schedules
        names = ", ".join(self.properties)
        if self.found:
            bad = ", ".join(dict.fromkeys(found.property for found in self.found))
            return f"{n} schedules were tried; violated: {bad}."
        if n == 0:
            return "No schedule was tried."
        share = f"{100 * min(1.0, 3 / n):.3g} %"
        return (
            f"None of {n} schedules violated {names}. With 95 % confidence fewer than {share} of "
            f"schedules drawn in this way do. That says nothing of faults that were not drawn: "
            f"{', '.join(f for f in _not_drawn(self.space))}."
        )

    def shares(self) -> str:
        """Return how many schedules violate a property, and by which behaviour how many."""
        if not self.failed:
            return ""
        told = [f"{many} {name or 'not recorded'}" for name, many in self.tally.items()]
        known = f": {', '.join(told)}" if any(self.tally) else ""
        return f"{self.failed} of {self.coverage.schedules} violate something{known}."

    def report(self, path: str | PathLike[str]) -> Path:
        """Write a report, one HTML file that needs nothing else; return that file.

        Every find has its own timeline, messages and log. `path` is a folder, which is made: the
        page is its ``report.html``, and the scenarios lie beside it; or a file that ends in
        ``.html``.

        Raises
        ------
        ConfigError
            Where it cannot be written.
        """
        from hasim.report import Finds, write_finds
        from hasim.search.reported import coverage_sections, find_of, scenario_texts

        many = len({found.property for found in self.found})
        head = f"{many} properties can be violated" if many > 1 else "A property can be violated"
        made = Finds(
            f"What can go wrong in {self.model.name}",
            f"Search in {self.model.name}",
            head if many else "No violated property was found",
            self.ok,
            self.statement(),
            [
                ("Heartbeat", self.model.dialect),
                ("schedules", str(self.coverage.schedules)),
                ("seed", str(self.seed)),
                ("families", ", ".join(self.space.families)),
            ],
            [find_of(found, number) for number, found in enumerate(self.found, 1)],
            self.model,
            coverage_sections(self.coverage, self.space),
            scenario_texts(self.found),
        )
        return write_finds(made, path)

    def __repr__(self) -> str:
        found = "\n".join(str(one) for one in self.found)
        return f"<Hits of {self.model.name}: {self.statement()}>" + (f"\n{found}" if found else "")

    def _repr_html_(self) -> str:
        if not self.found:
            return paragraph(self.statement())
        head = ("violated", "faults", "seed", "as recorded", "what is the case")
        rows = [
            (
                one.property,
                "\n".join(map(str, one.scenario.faults)) or "none",
                str(one.seed),
                "" if one.known is None else one.known.name,
                str(one.violation),
            )
            for one in self.found
        ]
        return paragraph(self.statement()) + table(head, rows)


def _not_drawn(space: Space) -> list[str]:
    left = [name for name in FAMILIES if name not in space.families]
    window = f"later than {duration_text(space.window)}"
    return [*left, window, f"longer than {duration_text(space.longest)}"]


def check(
    model: Simulable,
    *,
    budget: str | int | float | None = None,
    examples: int | None = None,
    properties: Iterable[PropertyLike] | None = None,
    families: Iterable[str] | None = None,
    window: str | int | float | None = None,
    most: int = 5,
    seed: int = 0,
    jobs: int | None = None,
    first: Sequence[tuple[Scenario, int]] = (),
    progress: Callable[[Hunt], None] = lambda hunt: None,
) -> Hits:
    """Search fault schedules for a violated property, and make what is found as small as it gets.

    Parameters
    ----------
    budget : str or number, optional
        For how long to search, as a duration of the clock on the wall; a minute unless `examples`
        is given. It ends earlier where every property is violated, or something is found by half of
        it; what was found is then made smaller.
    examples : int, optional
        How many schedules to try. Without a budget the result is the same on every machine.
    properties : iterable of str or callable, optional
        What to look for: names, or functions of a run (see :data:`hasim.run.judged.Judge`); every
        property if not given.
    families : iterable of str, optional
        Families of faults, see :data:`hasim.search.FAMILIES`.
    window : str or number, optional
        Faults begin before this instant.
    most : int
        The largest number of faults in a schedule.
    seed : int
        Seed of the schedules.
    jobs : int, optional
        Processes at work; one for each processor if not given.
    first : sequence of (Scenario, int)
        Schedules that failed before, with their seeds: they are tried first.
    progress : callable
        Called with what has been seen, after each piece of the work.

    Raises
    ------
    HasimError
        For a property or a family that does not exist, and for a number that is none.
    """
    wanted = tuple(_ALL if properties is None else properties)
    names = names_of(wanted)
    for value, what in ((examples, "examples"), (jobs, "jobs"), (most, "most")):
        if value is not None and (isinstance(value, bool) or value < 1):
            raise HasimError(f"{what} must be a whole number from 1 on, not {value!r}")
    limit = None if budget is None and examples is not None else _time(budget or "60s", "budget")
    if not names:
        raise HasimError("there is no property to look for")
    until = None if window is None else _time(window, "window")
    space = Space(model, families, until)
    task = Task(model, space.families, until, wanted, seed, most)
    time = Budget(limit)

    def enough(seen: Hunt) -> bool:
        violated = {failure.violation.property for failure in seen.failures}
        if limit is not None and violated >= set(names):
            return True
        return time.spent(_SHARE if seen.failures or before else 1)

    before = _again(task, space, first)
    seen = hunt(task, examples, jobs or processors(), enough, progress)
    found = _smallest(task, [*before, *seen.failures])
    return Hits(model, found, seen.coverage, names, seed, space, *_tallied(seen.failures))


def _tallied(failures: Sequence[Failure]) -> tuple[dict[str, int], int]:
    """Return in how many schedules each behaviour was met, the commonest first; and how many."""
    met = {(failure.known.name if failure.known else "", failure.index) for failure in failures}
    tally = Counter(name for name, _ in met)
    ordered = sorted(tally.items(), key=lambda pair: (-pair[1], pair[0]))
    return dict(ordered), len({index for _, index in met})


def _time(value: str | int | float, what: str) -> Micros:
    try:
        found = micros(value)
    except (TypeError, ValueError) as x:
        raise HasimError(f"{what}: {x}") from None
    if found <= 0:
        raise HasimError(f"{what} must be longer than nothing")
    return found


def _again(
    task: Task, space: Space, first: Sequence[tuple[Scenario, int]]
) -> list[tuple[Failure, int]]:
    """Try what failed before; return what still does, with its seed."""
    out = []
    for scenario, seed in first:
        failures = examine(task, space, scenario.faults, seed, -1, Coverage())
        out += [(failure, seed) for failure in failures]
    return out


def _smallest(task: Task, failures: Sequence[Failure | tuple[Failure, int]]) -> tuple[Found, ...]:
    """Make the simplest failure of each kind smaller; the smallest schedule comes first."""
    best: dict[tuple[str, str], tuple[tuple[int, int], Failure, int]] = {}
    for one in failures:
        failure, seed = one if isinstance(one, tuple) else (one, one.index)
        kind = failure.violation.property, failure.known.name if failure.known else ""
        rank = len(failure.schedule), failure.index
        if kind not in best or rank < best[kind][0]:
            best[kind] = rank, failure, seed
    by_name = {name_of(one): one for one in task.properties}
    out = []
    for (name, _), (_, failure, seed) in best.items():
        violation, known = failure.violation, failure.known
        wanted = by_name[name]
        out.append(
            minimised(task.model, failure.schedule, seed, failure.index, wanted, violation, known)
        )
    order = [name_of(one) for one in task.properties]
    return tuple(sorted(out, key=lambda f: (len(f.faults), order.index(f.property))))
