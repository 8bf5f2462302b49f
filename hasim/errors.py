"""Errors a user can make, with the place, what was found there and what to do about it."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

__all__ = ["ConfigError", "HasimError", "NotBuiltError", "Problem", "nearest"]


class HasimError(Exception):
    """Base of every error that a user's input can provoke; the command line exits with 2."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One complaint about an input file.

    Parameters
    ----------
    file : str
        Name of the file as the user gave it.
    line : int or None
        Line number from 1; None where the complaint concerns the file as a whole.
    level : str
        Level word of the daemon: ``ERROR``, ``WARN``, ``info``.
    text : str
        The complaint: in the daemon's own wording where it has one.
    remedy : str
        What to do, in our words; may be empty.
    fatal : bool
        True where the daemon refuses to start.
    """

    file: str
    line: int | None
    level: str
    text: str
    remedy: str = ""
    fatal: bool = True

    def __str__(self) -> str:
        place = self.file if self.line is None else f"{self.file}:{self.line}"
        tail = f"\n    {self.remedy}" if self.remedy else ""
        return f"{place}: {self.level}: {self.text}{tail}"


class ConfigError(HasimError):
    """Input that cannot be used; carries every problem found, not only the first."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__(tuple(problems))
        self.problems: tuple[Problem, ...] = tuple(problems)

    def __str__(self) -> str:
        return "\n".join(str(p) for p in self.problems)


class NotBuiltError(HasimError):
    """A well-formed request for something this version does not simulate yet."""


def nearest(word: str, known: Iterable[str]) -> str:
    """Return ``"; did you mean 'x'?"`` for the known word nearest to `word`, or an empty string."""
    close = difflib.get_close_matches(word[:100], sorted(known), n=1, cutoff=0.5)
    return f"; did you mean {close[0]!r}?" if close else ""
