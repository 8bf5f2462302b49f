"""Violations that are no defect of a configuration: the real daemon does the same, as recorded.

Each is a behaviour with the recordings that show it, and a rule that tells it in a run. A search
reports such a violation as what it is; nothing is left out of the verdict for it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from hasim.monitors import Violation
from hasim.run import Run

__all__ = ["KNOWN", "Known", "known_behaviour"]


@dataclass(frozen=True, slots=True)
class Known:
    """A behaviour of the real daemon that violates a property.

    Parameters
    ----------
    name : str
        Its name.
    sentence : str
        What happens.
    recordings : tuple of str
        The recordings that show it.
    tells : callable
        Whether a violation of a run is of that kind.
    """

    name: str
    sentence: str
    recordings: tuple[str, ...]
    tells: Callable[[Run, Violation], bool]

    def __str__(self) -> str:
        return f"{self.sentence} ({', '.join(self.recordings)})"


KNOWN: tuple[Known, ...] = ()


def known_behaviour(run: Run, violation: Violation) -> Known | None:
    """Return the recorded behaviour that a violation is, None where it is none."""
    return next((known for known in KNOWN if known.tells(run, violation)), None)
