"""Expectations of a scenario, held against the run."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from hasim.scenario import Expect

__all__ = ["Missed", "missed"]


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


def missed(expect: Expect | None, log: Callable[[str], Iterable[str]]) -> tuple[Missed, ...]:
    """Return what the logs do not show: for each node its texts must appear in this order.

    A text may be any part of a line; one that is missing is reported, and the search for the next
    one goes on where the last one was found.
    """
    out: list[Missed] = []
    for node, texts in (expect.log if expect else {}).items():
        lines = list(log(node))
        place, after = 0, None
        for text in texts:
            found = next((i for i in range(place, len(lines)) if text in lines[i]), None)
            if found is None:
                out.append(Missed(node, text, after))
            else:
                place, after = found + 1, text
    return tuple(out)
