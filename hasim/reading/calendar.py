"""From the stamps of lines to microseconds since 1970, by the node's own wall clock.

No clock of this machine is asked, and no zone is applied: what a stamp shows is what counts. A
syslog stamp names no year: it is that which brings the line nearest to the one before.
"""

from __future__ import annotations

from hasim.reading.heads import MONTHS, Head
from hasim.units import DAY, HOUR, MINUTE, SECOND, Micros

__all__ = ["ASSUMED_YEAR", "Calendar", "day_number"]

#: The year of a log that nowhere names one: that of the default epoch of a simulated run.
ASSUMED_YEAR = 2007
_HALF_YEAR: Micros = 183 * DAY
_DAYS_MAX = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


def day_number(year: int, month: int, day: int) -> int:
    """Return the days from the start of 1970 to a date; the 29th of February may be in any year."""
    y = year - (month <= 2)
    era, year_of_era = divmod(y, 400)
    day_of_year = (153 * ((month + 9) % 12) + 2) // 5 + day - 1
    day_of_era = year_of_era * 365 + year_of_era // 4 - year_of_era // 100 + day_of_year
    return era * 146_097 + day_of_era - 719_468


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

    __slots__ = ("_clock", "_clock_us", "_date", "_day_us", "_last", "_year", "wraps")

    def __init__(self, year: int) -> None:
        self._year = year
        self._last: Micros | None = None
        self._date, self._day_us = "", 0
        self._clock, self._clock_us = "", 0
        #: How often the year of stamps without one has changed.
        self.wraps = 0

    @property
    def last(self) -> Micros | None:
        """The last reading of a stamp with a date."""
        return self._last

    def read(self, head: Head) -> Micros | None:
        """Return the reading of a stamp; None for one that no clock shows."""
        clock = head.clock
        if not head.date:
            return int(clock) * SECOND + _fraction(head.fraction)
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
        at += self._day_us
        if head.fraction:
            at += _fraction(head.fraction)
        self._last = at
        return at

    def _day(self, head: Head, at: Micros) -> Micros | None:
        """Return the first instant of the day of a stamp."""
        if head.date[0].isdigit():
            dated = _dated(head.date)
            if dated is None:
                return None
            self._year = dated[0]
            return day_number(*dated) * DAY
        date = _month_and_day(head.date)
        if date is None:
            return None
        if head.year:
            self._year = int(head.year)
            return day_number(self._year, *date) * DAY
        day = day_number(self._year, *date) * DAY
        if self._last is not None:
            for year in (self._year - 1, self._year + 1):
                other = day_number(year, *date) * DAY
                if abs(other + at - self._last) < abs(day + at - self._last) - DAY:
                    day, self._year, self.wraps = other, year, self.wraps + 1
                    break
        return day


def _fraction(digits: str) -> Micros:
    return int(digits[:6].ljust(6, "0")) if digits else 0
