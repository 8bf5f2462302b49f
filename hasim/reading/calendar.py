"""From the stamps of lines to microseconds since 1970, by the node's own wall clock.

No clock of this machine is asked: what a stamp shows is what counts. Where stamps of a file are of
several zones that are told in hours, they are put into the first one. A syslog stamp names no year:
it is that which brings the line nearest to the one before.
"""

from __future__ import annotations

import re

from hasim.reading.heads import MONTHS, Head
from hasim.units import DAY, HOUR, MINUTE, SECOND, Micros, date_of

__all__ = [
    "ASSUMED_YEAR", "SINCE_BOOT", "Calendar", "day_number", "is_leap", "moved",
    "years_between",
]  # fmt: skip

#: The year of a log that nowhere names one: that of the default epoch of a simulated run.
ASSUMED_YEAR = 2007
#: Seconds before this are not since 1970, but since the machine has booted.
SINCE_BOOT: Micros = 366 * DAY
_UTC = "Z"
_ZONE = re.compile(r"([+-])(\d\d):?(\d\d)?", re.ASCII)
_DAYS_MAX = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


def day_number(year: int, month: int, day: int) -> int:
    """Return the days from the start of 1970 to a date; the 29th of February may be in any year."""
    y = year - (month <= 2)
    era, year_of_era = divmod(y, 400)
    day_of_year = (153 * ((month + 9) % 12) + 2) // 5 + day - 1
    day_of_era = year_of_era * 365 + year_of_era // 4 - year_of_era // 100 + day_of_year
    return era * 146_097 + day_of_era - 719_468


def is_leap(year: int) -> bool:
    """Tell whether a year has a 29th of February."""
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)


def moved(at: Micros, years: int) -> Micros:
    """Return the same time of the same day so many years later."""
    year, month, day = date_of(at // DAY)
    return day_number(year + years, month, day) * DAY + at % DAY


def years_between(at: Micros, other: Micros) -> int:
    """Return the number of years that brings one reading nearest to another."""
    years = date_of(other // DAY)[0] - date_of(at // DAY)[0]
    return min((years, years - 1, years + 1), key=lambda n: abs(moved(at, n) - other))


def _zone(text: str) -> Micros | None:
    """Return how far a zone is ahead of UTC; None for none, and for one that has only a name."""
    if text in (_UTC, "UTC"):
        return 0
    found = _ZONE.fullmatch(text)
    if found is None or int(found[2]) > 15 or int(found[3] or 0) > 59:
        return None
    ahead = int(found[2]) * HOUR + int(found[3] or 0) * MINUTE
    return -ahead if found[1] == "-" else ahead


def _month_and_day(date: str) -> tuple[int, int] | None:
    month, day = MONTHS[date[:3]], int(date[3:])
    return (month, day) if 1 <= day <= _DAYS_MAX[month - 1] else None


def _dated(date: str) -> tuple[int, int, int] | None:
    year, month, day = int(date[:4]), int(date[5:7]), int(date[8:10])
    if 1 <= month <= 12 and 1 <= day <= _DAYS_MAX[month - 1] and year >= 1970:
        return year, month, day
    return None


class Calendar:
    """Reads the stamps of one file.

    Parameters
    ----------
    year : int
        The year of the first line, where its stamp names none.
    """

    __slots__ = (
        "_clock", "_clock_us", "_date", "_day_us", "_last", "_shift", "_year", "_zone", "leap",
        "whole", "yearless", "zoneless", "zones",
    )  # fmt: skip

    def __init__(self, year: int) -> None:
        self._year = year
        self._last: Micros | None = None
        self._date, self._day_us = "", 0
        self._clock, self._clock_us = "", 0
        self._zone, self._shift = "none yet", 0
        #: How far the zones of stamps are ahead of UTC; all are put into the first one.
        self.zones: list[Micros] = []
        #: Whether a stamp has named no zone, or has only its name.
        self.zoneless = False
        #: Whether a stamp has named no year.
        self.yearless = False
        #: The years in which stamps without one have a 29th of February.
        self.leap: list[int] = []
        #: The first reading whose year is named, and the one before it, if any.
        self.whole: tuple[Micros | None, Micros] | None = None

    @property
    def last(self) -> Micros | None:
        """The last reading of a stamp with a date."""
        return self._last

    def read(self, head: Head) -> Micros | None:
        """Return the reading of a stamp; None for one that no clock shows."""
        clock = head.clock
        if not head.date:
            at = int(clock) * SECOND + _fraction(head.fraction)
            if at < SINCE_BOOT:
                self._see_zone("")
                return at
            if self._zone != _UTC:
                self._see_zone(_UTC)
            if self.whole is None:
                self._see_whole(at + self._shift)
            return at + self._shift
        if clock == self._clock:
            at = self._clock_us
        else:
            hour, minute, second = int(clock[:2]), int(clock[3:5]), int(clock[6:8])
            if hour > 23 or minute > 59 or second > 60:
                return None
            at = hour * HOUR + minute * MINUTE + second * SECOND
            self._clock, self._clock_us = clock, at
        if head.date != self._date or head.year:
            day = self._day(head, at)
            if day is None:
                return None
            self._date, self._day_us = head.date, day
        if head.zone != self._zone:
            self._see_zone(head.zone)
        at += self._day_us + self._shift
        if head.fraction:
            at += _fraction(head.fraction)
        self._last = at
        return at

    def _day(self, head: Head, at: Micros) -> Micros | None:
        """Return the first instant of the day of a stamp."""
        dated = _dated(head.date) if head.date[0].isdigit() else None
        if dated is None:
            date = None if head.date[0].isdigit() else _month_and_day(head.date)
            if date is None:
                return None
            if not head.year:
                return self._nearest(*date, at)
            dated = int(head.year), *date
        day = day_number(*dated) * DAY
        if self.whole is None:
            self._see_whole(day + at)
        self._year = dated[0]
        return day

    def _see_zone(self, text: str) -> None:
        zone = _zone(text)
        self._zone, self._shift = text, 0
        if zone is None:
            self.zoneless = True
            return
        if zone not in self.zones:
            self.zones.append(zone)
        self._shift = self.zones[0] - zone

    def _see_whole(self, at: Micros) -> None:
        self.whole = self._last, at
        self._year = date_of(at // DAY)[0]
        if self._last is None:
            self._last = at

    def _nearest(self, month: int, day_of_month: int, at: Micros) -> Micros:
        """Return the day in the year that brings a stamp nearest to the one before."""
        self.yearless = True
        day = day_number(self._year, month, day_of_month) * DAY
        if self._last is not None:
            for year in (self._year - 1, self._year + 1):
                other = day_number(year, month, day_of_month) * DAY
                if abs(other + at - self._last) < abs(day + at - self._last) - DAY:
                    day, self._year = other, year
                    break
        if (month, day_of_month) == (2, 29) and self._year not in self.leap:
            self.leap.append(self._year)
        return day


def _fraction(digits: str) -> Micros:
    return int(digits[:6].ljust(6, "0")) if digits else 0
