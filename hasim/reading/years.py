"""The years of files that name none: chosen over all files of a run together.

Files whose lines name their year stand where they are. What the user tells is the year of the first
of the others. Each of these goes to the year that brings it nearest to what is already placed, the
nearest one first. Where nothing is known, the year of the first one is assumed.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from hasim.errors import ConfigError, Problem
from hasim.reading.calendar import ASSUMED_YEAR, is_leap, moved
from hasim.units import DAY, Micros, date_of

__all__ = ["Extent", "Place", "named_together", "placed", "years_told"]

#: A distance that is less than twice another and this is as good as it.
_TIE: Micros = 2 * DAY
#: A file is compressed in a zone, and at an hour, that nobody knows.
_ZONE: Micros = DAY
_NAMES_MAX = 3


class Extent(NamedTuple):
    """When the lines of a file were written, by the year with which it was read.

    Parameters
    ----------
    name : str
        Name of the file.
    year : int
        That year: the one of its first line.
    first, last : Micros
        Its earliest and its latest line.
    sure : bool
        Whether its lines name their year.
    leap : sequence of int
        Years in which it has a 29th of February.
    until : Micros or None
        When the file or its journal ended, as far as it says.
    until_from : str
        What says so.
    """

    name: str
    year: int
    first: Micros
    last: Micros
    sure: bool
    leap: Sequence[int] = ()
    until: Micros | None = None
    until_from: str = ""

    def allows(self, years: int) -> bool:
        """Tell whether it has a 29th of February wherever it has to, so many years later."""
        return all(is_leap(year + years) for year in self.leap)


class Place(NamedTuple):
    """By how many years a file is to be moved, and why there: empty where that is sure."""

    years: int
    why: str


class _Near(NamedTuple):
    """How near a file comes to another, by its best neighbour; the year where that began."""

    gap: Micros
    home: int
    why: str


def placed(files: Sequence[Extent], year: int | None) -> list[Place]:
    """Return the place of each file.

    Parameters
    ----------
    files : sequence of Extent
        Files with lines.
    year : int or None
        The year of the first line of the first file whose lines name none, as the user tells it.

    Raises
    ------
    ConfigError
        Where that year has no 29th of February, and the file has one.
    """
    places = _Places(files)
    free = [i for i, file in enumerate(files) if not file.sure]
    for i, file in enumerate(files):
        if file.sure:
            places.put(i, 0, "", "near")
    if year is not None and free:
        told = files[free[0]]
        if not told.allows(year - told.year):
            raise ConfigError([_no_leap_day(told, year)])
        places.put(free[0], year - told.year, "", "")
    for i in free:
        # What the user tells is about files whose headers may be those of copies.
        if year is None and files[i].until is not None:
            places.put(i, _before(files[i]), files[i].until_from, "near")
    if free and not places.found:
        root = next((i for i in free if files[i].leap), free[0])
        places.put(root, _assumed(files[root]), "assumed", "assumed")
    places.put_all()
    return [places.found[i] for i in range(len(files))]


def _no_leap_day(file: Extent, year: int) -> Problem:
    return Problem(
        file.name, None, "ERROR",
        f"it has a 29th of February, and with --year {year} that is in a year without one",
        "give the year of the first line of this file",
    )  # fmt: skip


def _before(file: Extent) -> int:
    """Return the move to the last year in which a file ends before it was put away."""
    assert file.until is not None
    years = date_of(file.until // DAY)[0] - date_of(file.last // DAY)[0] + 1
    while moved(file.last, years) > file.until + _ZONE:
        years -= 1
    return next((n for n in range(years, years - 9, -1) if file.allows(n)), years)


def _assumed(file: Extent) -> int:
    years = ASSUMED_YEAR - file.year
    return next((n for n in range(years, years + 9) if file.allows(n)), years)


class _Places:
    """Puts one file after the other to its year, the nearest first."""

    def __init__(self, files: Sequence[Extent]) -> None:
        self._files = files
        self._near: dict[int, dict[int, _Near]] = {
            i: {} for i, file in enumerate(files) if not file.sure
        }
        self.found: dict[int, Place] = {}

    def put(self, i: int, years: int, why: str, others: str, home: int | None = None) -> None:
        """Put a file there, and see how near the others come to it; `others` is their reason."""
        self.found[i] = Place(years, why)
        self._near.pop(i, None)
        file = self._files[i]
        begin, end = moved(file.first, years), moved(file.last, years)
        for j, near in self._near.items():
            other = self._files[j]
            for n in _candidates(other, begin, end):
                gap = max(0, moved(other.first, n) - end, begin - moved(other.last, n))
                if n not in near or gap < near[n].gap:
                    near[n] = _Near(gap, file.year + years if home is None else home, others)

    def put_all(self) -> None:
        """Put the files that are left."""
        while self._near:
            ways = [(j, n, way) for j, near in self._near.items() for n, way in near.items()]
            least = min((way.gap for _, _, way in ways), default=0)
            equal = [one for one in ways if one[2].gap <= 2 * least + _TIE]

            def rank(one: tuple[int, int, _Near]) -> tuple[bool, Micros, int, int]:
                j, n, way = one
                return self._files[j].year + n != way.home, way.gap, j, n

            j, n, way = min(equal, key=rank)
            elsewhere = self._files[j].year + n != way.home
            self.put(j, n, "near" if elsewhere else way.why, way.why, way.home)


def _candidates(file: Extent, begin: Micros, end: Micros) -> Iterator[int]:
    """Yield the moves that may bring a file nearest to what lies between two readings."""
    first, last = date_of(file.first // DAY)[0], date_of(file.last // DAY)[0]
    wide = 8 if file.leap else 1
    low, high = date_of(begin // DAY)[0] - last - wide, date_of(end // DAY)[0] - first + wide
    allowed = [n for n in range(low, high + 1) if file.allows(n)]
    yield from allowed or range(low, high + 1)


# ---- what is said of it -------------------------------------------------------------------------

_WHY = {
    "assumed": "is assumed, no line names one: tell it with --year",
    "near": "is the one nearest to the other files",
}


def years_told(files: Sequence[Extent], places: Sequence[Place], year: int | None) -> list[str]:
    """Return a sentence for each year that is not sure, with the files that share it."""
    shared: dict[tuple[int, str], list[str]] = {}
    out: list[str] = []
    for file, place in zip(files, places, strict=True):
        first = file.year + place.years
        if place.why:
            shared.setdefault((first, place.why), []).append(file.name)
    for (first, why), names in shared.items():
        said = _WHY.get(why, f"is told by {why}")
        out.append(f"{named_together(names)}: the year {first} {said}")
    for file, place in zip(files, places, strict=True):
        if not file.allows(place.years):
            out.append(
                f"{file.name}: a 29th of February is in a year that has none, "
                "and taken for the 1st of March"
            )
    if year is not None and all(file.sure for file in files):
        out.append(f"the year {year} that is told is not used: the lines name theirs")
    return out


def named_together(names: Sequence[str]) -> str:
    """Return names in one line: all, or the first and how many more."""
    if len(names) <= _NAMES_MAX + 1:
        return ", ".join(names)
    return f"{', '.join(names[:_NAMES_MAX])} and {len(names) - _NAMES_MAX} more files"
