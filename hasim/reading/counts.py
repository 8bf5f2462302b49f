"""What became of every line: counted by kind, what is not understood by its wording too.

However long a log is, the counts stay small: of each wording the first places are kept, and of
wordings so many; what is more is counted together.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

__all__ = ["Counts", "Fate", "Unknown"]

#: What becomes of a line. `event`: it tells one. `joined`: it continues one. `noise`: it is known
#: and tells nothing. `other`: of a program that is not Heartbeat's. `unknown`: Heartbeat's, and not
#: understood. `loose`: no record begins on it, and it continues none. `blank`: nothing on it.
Fate = Literal["event", "joined", "noise", "other", "unknown", "loose", "blank"]

_WORDINGS_MAX = 2_000
_PLACES_MAX = 20
_SHOWN_MAX = 200
#: Numbers, but not those in names such as eth0.
_DIGITS = re.compile(r"(?<![A-Za-z_\d])\d+", re.ASCII)
_REST = "(all other wordings)"


class Unknown(NamedTuple):
    """A wording that is not understood: how often it is there, where it is first (file, line)."""

    what: str
    times: int
    places: tuple[tuple[str, int], ...]


@dataclass(slots=True)
class _Wording:
    what: str
    count: int = 0
    places: list[tuple[str, int]] = field(default_factory=list)

    def add(self, file: str, number: int) -> None:
        self.count += 1
        if len(self.places) < _PLACES_MAX:
            self.places.append((file, number))


@dataclass(slots=True)
class Counts:
    """Counts of lines; each line of a file has one fate.

    Attributes
    ----------
    fates : Counter
        Lines by fate.
    rules : Counter
        How often a rule mended a line: ``rejoined`` (a wrapped or torn one put together),
        ``cleaned`` (markup taken off), ``cut`` (several records on a line), ``continued`` (text
        behind a complete line taken as its end).
    events, levels : Counter
        Events by class, and by level word.
    missed : int
        Lines of Heartbeat at info and above that are not understood.
    """

    fates: Counter[str] = field(default_factory=Counter)
    rules: Counter[str] = field(default_factory=Counter)
    events: Counter[str] = field(default_factory=Counter)
    levels: Counter[str] = field(default_factory=Counter)
    missed: int = 0
    _unknown: dict[tuple[str, str], _Wording] = field(default_factory=dict)
    _other: dict[str, _Wording] = field(default_factory=dict)

    @property
    def lines(self) -> int:
        """All lines."""
        return self.fates.total()

    @property
    def share(self) -> float:
        """Share of Heartbeat's lines at info and above that are understood; 1 where none are."""
        known = sum(n for level, n in self.levels.items() if level.lower() != "debug")
        return known / (known + self.missed) if known + self.missed else 1.0

    def unknown(
        self, fate: Fate, level: str, program: str, text: str, file: str, number: int
    ) -> None:
        """Count a line that is not understood, by its wording without numbers."""
        if fate == "unknown" and level.lower() != "debug":
            self.missed += 1
        shown = f"{program}: " if program else ""
        shown += f"{level}: " if level else ""
        what = _DIGITS.sub("N", f"{shown}{text}"[:_SHOWN_MAX])
        self._add(self._unknown, (fate, what), what, file, number)

    def other(self, program: str, file: str, number: int) -> None:
        """Count a line of another program."""
        self._add(self._other, program[:_SHOWN_MAX], program[:_SHOWN_MAX], file, number)

    @staticmethod
    def _add(
        table: dict[str, _Wording] | dict[tuple[str, str], _Wording],
        key: object,
        what: str,
        file: str,
        number: int,
    ) -> None:
        known: dict[object, _Wording] = table  # type: ignore[assignment]
        found = known.get(key)
        if found is None:
            if len(known) >= _WORDINGS_MAX:
                key = (key[0], _REST) if isinstance(key, tuple) else _REST
                what = _REST
            found = known.setdefault(key, _Wording(what))
        found.add(file, number)

    def unknowns(self, fate: Fate = "unknown") -> list[Unknown]:
        """Return the wordings that are not understood, the most frequent first."""
        if fate == "other":
            found = list(self._other.values())
        else:
            found = [w for (one, _), w in self._unknown.items() if one == fate]
        found.sort(key=lambda w: (-w.count, w.places))
        return [Unknown(w.what, w.count, tuple(w.places)) for w in found]
