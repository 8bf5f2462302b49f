"""What a search has found: a violated property, and the smallest schedule that shows it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from os import PathLike
from pathlib import Path

from hasim.faults import Fault
from hasim.monitors import LIVENESS, Violation
from hasim.run import Run, simulate
from hasim.run.again import command_of
from hasim.run.judged import PropertyLike, judged
from hasim.run.paste import python_of
from hasim.scenario import Expect, Scenario, Simulable, render_scenario
from hasim.search.known import Known, known_behaviour
from hasim.search.phases import end_of, mended, unmended
from hasim.search.shrink import shrink
from hasim.units import MINUTE, SECOND, Micros

__all__ = ["Found", "minimised"]

#: A run goes on for so long after a violation while it is being made smaller.
_AFTER: Micros = 2 * MINUTE


@dataclass(frozen=True, slots=True)
class Found:
    """A property that a schedule violates, with the smallest schedule that does.

    Parameters
    ----------
    property : str
        Its name.
    violation : Violation
        The first violation of the smallest scenario's run.
    scenario : Scenario
        The smallest scenario: its faults, its horizon, and that the property is violated. Where it
        is a property of liveness, or violated only once an operator mends, what he mends is among
        the faults.
    faults : tuple of Fault
        Its faults without what is mended afterwards.
    seed : int
        Seed of the run.
    original : tuple of Fault
        The schedule as it was drawn.
    index : int
        Which schedule of the search that was; -1 for one of the graveyard.
    tries : int
        How many schedules were tried to make it smaller.
    known : Known or None
        The behaviour of the real daemon that this is, where a recording shows it.
    model : Model
        The cluster.
    """

    property: str
    violation: Violation
    scenario: Scenario
    faults: tuple[Fault, ...]
    seed: int
    original: tuple[Fault, ...]
    index: int
    tries: int
    known: Known | None
    model: Simulable

    def run(self, *, packets: bool = False) -> Run:
        """Return the run of the smallest scenario."""
        return simulate(self.model, self.scenario, self.seed, packets=packets)

    def save(self, path: str | PathLike[str]) -> None:
        """Write the smallest scenario as a file for ``scenarios/``; its seed is in the title."""
        Path(path).write_text(render_scenario(self.scenario), encoding="utf-8")

    def python(self) -> str:
        """Return code to paste that runs it again."""
        return python_of(self.model, self.scenario, self.seed)

    def command(self, file: str = "scenario.toml") -> str:
        """Return the command that runs the smallest scenario again; `file` is where it is saved.

        What is judged only where the cluster is to have settled needs the file: the others say it
        all.
        """
        until, change = self.scenario.until or 0, self.scenario.change
        return command_of(self.model, self.scenario, self.seed, until, file, change)

    def __str__(self) -> str:
        schedule = "\n".join(f"  {fault}" for fault in self.scenario.faults) or "  (no fault)"
        known = "" if self.known is None else f"\n  as recorded: {self.known}"
        return f"{self.violation}\n{schedule}\n  with seed {self.seed}{known}"


def _first(
    model: Simulable,
    scenario: Scenario,
    seed: int,
    wanted: PropertyLike,
    known: Known | None,
) -> Violation | None:
    """Return the first violation in a run that is of the wanted kind."""
    run = simulate(model, scenario, seed)
    for violation in judged(run, [wanted]):
        if known_behaviour(run, violation) == known:
            return violation
    return None


def minimised(
    model: Simulable,
    schedule: Sequence[Fault],
    seed: int,
    index: int,
    wanted: PropertyLike,
    violation: Violation,
    known: Known | None,
    most: int = 400,
) -> Found:
    """Make a schedule that violates a property as small as it gets.

    Parameters
    ----------
    wanted : str or callable
        The property.
    violation, known : Violation, Known or None
        What the whole schedule showed; a smaller one must show the like.
    most : int
        How many schedules are tried at most.
    """
    after = mended(model, schedule).faults[len(schedule) :]
    # What needs the mending cannot be shown without it.
    lively = (
        violation.property in LIVENESS
        or not isinstance(wanted, str)
        or any(fault.at <= violation.at for fault in after)
    )
    horizon = violation.at + _AFTER

    def scenario_of(faults: Sequence[Fault]) -> Scenario:
        if lively:
            return mended(model, faults)
        return unmended(faults, min(horizon, end_of(faults) + _AFTER + violation.at))

    def shows_with(seed: int, faults: Sequence[Fault]) -> bool:
        return _first(model, scenario_of(faults), seed, wanted, known) is not None

    if seed != 0 and shows_with(0, schedule):
        seed = 0
    work = shrink(schedule, lambda faults: shows_with(seed, faults), most)
    scenario = scenario_of(work.best)
    last = _first(model, scenario, seed, wanted, known) or violation
    if not lively:
        scenario = replace(scenario, until=_soon_after(last))
        last = _first(model, scenario, seed, wanted, known) or last
    title = f"{last.property}: {last.sentence} (seed {seed})"
    violated = dict.fromkeys(v.property for v in simulate(model, scenario, seed).violations)
    expect = Expect(violated=tuple(violated))
    scenario = replace(scenario, title=title, expect=expect, change=dict(model.edits))
    return Found(
        last.property, last, scenario, work.best, seed, tuple(schedule), index, work.tries, known,
        model,
    )  # fmt: skip


def _soon_after(violation: Violation) -> Micros:
    """Return the next whole ten seconds that leave the violation five seconds to be looked at."""
    step = 10 * SECOND
    return (violation.at + 5 * SECOND + step) // step * step
