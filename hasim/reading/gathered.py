"""Files that were read, and what is settled when all of them are: zones, years."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from operator import add

from hasim.reading.calendar import SINCE_BOOT, Calendar, moved, years_between
from hasim.reading.life import Life
from hasim.reading.lines import LogFile, Told
from hasim.reading.years import Extent, named_together, placed, years_told
from hasim.units import DAY, MINUTE, Micros, date_of

__all__ = ["Gathered", "gathered", "settled"]


@dataclass(slots=True)
class Gathered:
    """A file that was read.

    Parameters
    ----------
    name : str
        Its name.
    path : str
        Where it was on its node, as far as the name says.
    node : str or None
        Whose it is, where the user tells it.
    host : str
        Under whose name its lines without a host were read.
    hosts : sequence of str
        Hosts that its lines name.
    hosted : bool
        Whether lines of whatever program near its beginning name their host.
    lines : int
        How many lines it has.
    told : list of Told
        Its events, in order.
    breaks : list of int
        Lines that are free text.
    year : int
        The year with which its first line was read.
    calendar : Calendar
        What has read its stamps.
    until : Micros or None
        When the file or its journal ended, as far as it says.
    until_from : str
        What says so.
    life : Life
        When other programs have written.
    """

    name: str
    path: str
    node: str | None
    host: str
    hosts: Sequence[str]
    hosted: bool
    lines: int
    told: list[Told]
    breaks: list[int]
    year: int
    calendar: Calendar
    until: Micros | None
    until_from: str
    life: Life

    def move(self, years: int, since: Micros, until: Micros | None = None) -> None:
        """Move what it tells between two readings by so many years."""
        by: dict[int, Micros] = {}

        def later(at: Micros) -> Micros:
            if at < SINCE_BOOT or at < since or (until is not None and at > until):
                return at
            day = at // DAY
            if day not in by:
                by[day] = moved(day * DAY, years) - day * DAY
            return at + by[day]

        self.each(later)

    def each(self, time: Callable[[Micros], Micros]) -> None:
        """Give each line another time."""
        for i, one in enumerate(self.told):
            at = time(one.at)
            if at != one.at:
                self.told[i] = one._replace(at=at)
        self.life.each(time)


def gathered(log: LogFile) -> Gathered:
    """Read a file."""
    before = log.counts.lines
    log.life = Life()
    told = list(log)
    looked = log.looked
    file = Gathered(
        log.name, looked.path, looked.node, looked.host, tuple(log.hosts), looked.hosted,
        log.counts.lines - before, told, log.breaks, looked.year, log.calendar,
        looked.until, looked.until_from, log.life,
    )  # fmt: skip
    if not looked.sure and file.calendar.whole is not None:
        _mend(file, *file.calendar.whole)
    return file


def _mend(file: Gathered, before: Micros | None, at: Micros) -> None:
    """Move the lines before the first whole date, which came too late to be looked at."""
    years = 0 if before is None else years_between(before, at)
    if years and before is not None:
        file.year += years
        old = date_of(before // DAY)[0]
        leap = file.calendar.leap
        leap[:] = [year + years if abs(year - old) <= 1 else year for year in leap]
        half = (before + at) // 2
        if years > 0:
            file.move(years, SINCE_BOOT, half)
        else:
            file.move(years, half)


def settled(files: Sequence[Gathered], year: int | None) -> Iterator[str]:
    """Move files to one zone and to their years, and yield what was assumed, a sentence each."""
    yield from _one_zone([file for file in files if file.told])
    known = [file for file in files if any(one.at >= SINCE_BOOT for one in file.told)]
    extents = [_extent(file) for file in known]
    places = placed(extents, year)
    for file, place in zip(known, places, strict=True):
        if place.years:
            file.move(place.years, SINCE_BOOT)
    yield from years_told(extents, places, year)


def _one_zone(files: Sequence[Gathered]) -> Iterator[str]:
    """Put files into the zone of the first, where the zones of all are told in hours."""
    for file in files:
        zones = file.calendar.zones
        if len(zones) > 1:
            others = ", ".join(map(_shown, zones[1:]))
            yield f"{file.name}: stamps of the zone {others} are put into {_shown(zones[0])}"
    if not files or any(file.calendar.zoneless or not file.calendar.zones for file in files):
        return
    zone = files[0].calendar.zones[0]
    shared: dict[Micros, list[str]] = {}
    for file in files:
        own = file.calendar.zones[0]
        if own != zone:
            shared.setdefault(own, []).append(file.name)
            file.each(partial(add, zone - own))
    for own, names in shared.items():
        into = f"that of {files[0].name}, {_shown(zone)}"
        yield f"{named_together(names)}: the zone {_shown(own)} is put into {into}"


def _shown(zone: Micros) -> str:
    minutes = abs(zone) // MINUTE
    return f"{'-' if zone < 0 else '+'}{minutes // 60:02}:{minutes % 60:02}"


def _extent(file: Gathered) -> Extent:
    calendar = file.calendar
    times = [one.at for one in file.told if one.at >= SINCE_BOOT]
    sure = not calendar.yearless or calendar.whole is not None
    return Extent(
        file.name, file.year, min(times), max(times), sure, calendar.leap, file.until,
        file.until_from,
    )  # fmt: skip
