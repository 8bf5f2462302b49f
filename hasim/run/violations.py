"""Violations of a run, as a tuple that notebooks show as a table."""

from __future__ import annotations

from hasim.monitors import Violation
from hasim.render.html import paragraph, table
from hasim.render.window import time_text

__all__ = ["Violations"]


class Violations(tuple[Violation, ...]):
    """Properties that do not hold, in the order in which they begin."""

    __slots__ = ()

    def _repr_html_(self) -> str:
        if not self:
            return paragraph("No property is violated.")
        rows = (
            (
                v.property,
                time_text(v.at),
                "the end" if v.until is None else time_text(v.until),
                v.sentence,
            )
            for v in self
        )
        return table(("violated", "from", "to", "what is the case"), rows)
