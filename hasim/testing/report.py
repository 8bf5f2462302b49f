"""What a failed assertion says: the sentence, the schedule, code and a file to see it, the log."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache

from hasim.monitors import Violation
from hasim.render.log import logged
from hasim.run import Difference, Run
from hasim.run.judged import PropertyLike, name_of
from hasim.run.paste import python_of, recorded
from hasim.scenario import render_scenario
from hasim.search.known import known_behaviour
from hasim.units import Micros, duration_text

__all__ = ["RunFailed", "around", "differing", "failure_of", "not_violated"]

#: So many log lines are shown before what went wrong, and so many after it.
_LINES = 5
#: So many further violations are named.
_MORE = 4


class RunFailed(AssertionError):
    """A run that is not as a test says.

    Its text is put together when it is asked for: while Hypothesis makes a schedule smaller, nobody
    reads it. Each property that is violated has a class of its own, so that Hypothesis tells apart
    two properties that the same line of a test finds violated, and reports both.

    Parameters
    ----------
    headline : str
        What is wrong, in a sentence.
    run : Run
        The run.
    violations : tuple of Violation
        What was violated; empty where something else is wrong.
    then : tuple of str
        Lines of Python that fail in the same way, after the run.
    imports : tuple of str
        Import lines that these need.
    details : tuple of str
        Further lines below the headline.
    at : int, optional
        The instant to be looked at; that of the first violation, else the end, if not given.
    """

    def __init__(
        self,
        headline: str,
        run: Run,
        violations: tuple[Violation, ...] = (),
        then: tuple[str, ...] = (),
        imports: tuple[str, ...] = (),
        details: tuple[str, ...] = (),
        at: Micros | None = None,
    ) -> None:
        super().__init__(headline)
        self.headline = headline
        self.run = run
        self.violations = violations
        self._then, self._imports, self._details = then, imports, details
        self.at = violations[0].at if violations and at is None else run.end if at is None else at

    @property
    def python(self) -> str:
        """Code to paste that runs it again and fails in the same way; empty without a model."""
        run = self.run
        if run.model is None:
            return ""
        scenario, then = recorded(run), self._then or ("print(run.summary())",)
        return python_of(run.model, scenario, run.seed, imports=self._imports, then=then)

    @property
    def scenario(self) -> str:
        """The text of a scenario file that shows it; its seed is in the title."""
        said = self.violations[0] if self.violations else None
        what = self.headline if said is None else f"{said.property}: {said.sentence}"
        return render_scenario(recorded(self.run, f"{what} (seed {self.run.seed})"))

    @property
    def log(self) -> tuple[str, ...]:
        """The last lines of the merged log before what went wrong, and the first ones after it."""
        before, after = around(self.run, self.at)
        return (*before, f"----- {_clock(self.at)}: {self.headline}", *after)

    def __str__(self) -> str:
        return "\n".join(self._parts())

    def _parts(self) -> Iterator[str]:
        yield self.headline
        yield from self._details
        others = [str(v) for v in self.violations[1:]]
        yield from (f"  also {other}" for other in others[:_MORE])
        if len(others) > _MORE:
            yield f"  and {len(others) - _MORE} more"
        known = [known_behaviour(self.run, violation) for violation in self.violations[:1]]
        yield from (f"  as recorded of the real daemon: {k}" for k in known if k is not None)
        yield f"\nin {self.run!r}, schedule:"
        yield from (f"  {line}" for line in self.run.trace.header.faults or ("(no fault)",))
        if self.run.model is None:
            yield "\nThe run was read back from a file: it has no model to run again."
        else:
            yield f"\nAs Python:\n\n{self.python.rstrip()}"
            yield f"\nAs a scenario file:\n\n{self.scenario.rstrip()}"
        yield "\nIn the log:\n"
        yield from self.log


def _clock(at: Micros) -> str:
    return duration_text(at // 1000 * 1000)


def around(run: Run, at: Micros, lines: int = _LINES) -> tuple[list[str], list[str]]:
    """Return the last lines of the merged log up to an instant, and the first ones after it."""
    before: list[str] = []
    after: list[str] = []
    for record, line in logged(run.trace):
        (before if record.at <= at else after).append(line)
        if len(after) == lines:
            break
    return before[-lines:], after


@cache
def _class_of(name: str) -> type[RunFailed]:
    """Return the class for violations of a property."""
    words = "".join(word.capitalize() for word in name.split("-"))
    doc = f"A run that violates {name}."
    return type(words, (RunFailed,), {"__doc__": doc, "__module__": __name__})


def failure_of(
    run: Run, violations: Sequence[Violation], properties: Sequence[PropertyLike]
) -> RunFailed:
    """Return what to raise for violations of properties, the first of them at its head.

    The code to paste asserts the properties that have a name of hasim; a function of the test it
    can only name.
    """
    first = violations[0]
    own = [getattr(one, "__name__", "...") for one in properties if not isinstance(one, str)]
    then, imports = _call("holds", first.property)
    if first.property not in properties:
        then, imports = ("print(run.summary())", f"# and here: holds(run, {', '.join(own)})"), ()
    return _class_of(first.property)(str(first), run, tuple(violations), then, imports)


def not_violated(run: Run, wanted: PropertyLike) -> RunFailed:
    """Return what to raise where a property holds that was to be violated."""
    name = name_of(wanted)
    then, imports = _call("violates", name) if isinstance(wanted, str) else ((), ())
    return RunFailed(f"{name} is not violated", run, (), then, imports)


def differing(run: Run, other: Run, found: Difference) -> RunFailed:
    """Return what to raise where two runs decide differently."""
    headline, *sides = str(found).split("\n")
    there = [f"  {line}" for line in other.trace.header.faults or ("(no fault)",)]
    details = (*sides, f"there in {other!r}, schedule:", *there)
    at = min(record.at for record in (found.mine, found.theirs) if record is not None)
    return RunFailed(headline.rstrip(":"), run, details=details, at=at)


def _call(assertion: str, name: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return a line of Python that asserts a property, and the import that it needs."""
    return (f"{assertion}(run, {name!r})",), (f"from hasim.testing import {assertion}",)
