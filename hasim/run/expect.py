"""Expectations of a scenario, held against the run; and properties, which are expected always."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from hasim.monitors import Violation
from hasim.scenario import Expect, Timely
from hasim.units import Micros, duration_text

__all__ = ["Forbidden", "Late", "Miss", "Missed", "NotHeld", "Unexpected", "Unviolated", "missed"]


@dataclass(frozen=True, slots=True)
class Missed:
    """A line that was expected in the log of a node and is not there, or not after `after`."""

    node: str
    text: str
    after: str | None = None

    def __str__(self) -> str:
        if self.after is None:
            return f"{self.node} does not log {self.text!r}"
        return f"{self.node} does not log {self.text!r} after {self.after!r}"


@dataclass(frozen=True, slots=True)
class Late:
    """A line that was expected within a time, and after how long it came, or None."""

    expected: Timely
    took: Micros | None = None

    def __str__(self) -> str:
        e = self.expected
        limit = f"within {duration_text(e.within)} from {duration_text(e.after)} on"
        came = "" if self.took is None else f", but after {duration_text(self.took)}"
        return f"{e.node} does not log {e.text!r} {limit}{came}"


@dataclass(frozen=True, slots=True)
class NotHeld:
    """A group that was expected to stand on a node, and the nodes on which it stands instead."""

    at: Micros
    group: str
    node: str
    holders: tuple[str, ...] = ()

    def __str__(self) -> str:
        instead = f"it stands on {' and '.join(self.holders)}" if self.holders else "nobody does"
        at = duration_text(self.at)
        return f"{self.node} does not hold {self.group} at {at}: {instead}"


@dataclass(frozen=True, slots=True)
class Forbidden:
    """A line that was never to appear: the text that it contains, and the line."""

    text: str
    line: str

    def __str__(self) -> str:
        return f"{self.text!r} was never to be logged: {self.line}"


@dataclass(frozen=True, slots=True)
class Unviolated:
    """A property that was expected to be violated and holds."""

    property: str

    def __str__(self) -> str:
        return f"{self.property} is expected to be violated, but it holds"


@dataclass(frozen=True, slots=True)
class Unexpected:
    """A property that does not hold, and was not expected not to."""

    violation: Violation

    def __str__(self) -> str:
        return f"property violated: {self.violation}"


Miss = Forbidden | Late | Missed | NotHeld | Unexpected | Unviolated


def missed(
    expect: Expect | None,
    log: Callable[[str | None], Iterable[str]],
    violations: Sequence[Violation] = (),
    holders: Callable[[str, Micros], Iterable[str]] = lambda group, at: (),
    timed: Callable[[str], Iterable[tuple[Micros, str]]] = lambda node: (),
) -> tuple[Miss, ...]:
    """Return what a run does not show although it should.

    Parameters
    ----------
    expect : Expect or None
        The expectations of the scenario.
    log : callable
        Lines of a node's log, of all nodes together for None. For each node its texts must appear
        in this order; a text may be any part of a line; one that is missing is reported, and the
        search for the next one goes on where the last one was found.
    violations : sequence of Violation
        What the monitors found. Every one is a miss unless its property is among those that are
        expected to be violated; such a property must be violated.
    holders : callable
        Nodes on which the whole of a group stands at an instant.
    timed : callable
        Lines of a node's log, each with its instant.
    """
    out: list[Miss] = []
    expected = (expect.violated if expect else None) or ()
    seen = {v.property for v in violations}
    out += [Unexpected(v) for v in violations if v.property not in expected]
    out += [Unviolated(name) for name in dict.fromkeys(expected) if name not in seen]
    for held in expect.holds if expect else ():
        there = tuple(holders(held.group, held.at))
        if held.node not in there:
            out.append(NotHeld(held.at, held.group, held.node, there))
    for node, texts in (expect.log if expect else {}).items():
        out += _lines(node, texts, list(log(node)))
    for timely in expect.timely if expect else ():
        out += _late(timely, timed(timely.node))
    if expect is not None and expect.never:
        out += _forbidden(expect, log(None))
    return tuple(out)


def _late(expected: Timely, lines: Iterable[tuple[Micros, str]]) -> list[Late]:
    """Return a miss unless the first such line from the instant on comes in time."""
    for at, line in lines:
        if at >= expected.after and expected.text in line:
            took = at - expected.after
            return [] if took <= expected.within else [Late(expected, took)]
    return [Late(expected)]


def _forbidden(expect: Expect, lines: Iterable[str]) -> list[Forbidden]:
    """Return the first line with each text that was never to appear."""
    found: dict[str, str] = {}
    for line in lines:
        text = next((t for t in expect.never if t in line), None)
        if text is not None and not any(t in line for t in expect.ignore):
            found.setdefault(text, line)
    return [Forbidden(text, line) for text, line in found.items()]


def _lines(node: str, texts: Iterable[str], lines: Sequence[str]) -> list[Missed]:
    """Return the texts that do not appear in a log, each after the one before it."""
    out: list[Missed] = []
    place, after = 0, None
    for text in texts:
        found = next((i for i in range(place, len(lines)) if text in lines[i]), None)
        if found is None:
            out.append(Missed(node, text, after))
        else:
            place, after = found + 1, text
    return out
