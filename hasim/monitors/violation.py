"""What a monitor has to say: a property does not hold, from when to when, by which records."""

from __future__ import annotations

from dataclasses import dataclass

from hasim.units import Micros, duration_text

__all__ = ["Violation"]


@dataclass(frozen=True, slots=True)
class Violation:
    """A property that does not hold for a while.

    Parameters
    ----------
    at : int
        When it begins, in microseconds of the run.
    property : str
        Name of the property.
    sentence : str
        What is the case, without times.
    evidence : tuple of int
        Numbers of the records that make it so, in order.
    until : int or None
        When it ends; None where it lasts at the end of the trace.
    """

    at: Micros
    property: str
    sentence: str
    evidence: tuple[int, ...]
    until: Micros | None = None

    def __str__(self) -> str:
        end = "to the end" if self.until is None else f"to {_time(self.until)}"
        return f"{self.property}: {self.sentence} From {_time(self.at)} {end}."


def _time(at: Micros) -> str:
    return duration_text(at // 1000 * 1000)
