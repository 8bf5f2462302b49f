"""Wall clocks of nodes, and dates without any time zone."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import NamedTuple

from hasim.events import ClockDrifted, ClockStepped, Event
from hasim.trace import Header
from hasim.units import DAY, HOUR, MINUTE, SECOND, Micros, date_of

__all__ = ["Stamp", "WallClock", "stamp"]

_MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()


class Stamp(NamedTuple):
    """A wall clock reading; years may exceed four digits."""

    year: int
    month: int
    day: int
    hour: int
    minute: int
    second: int
    micros: int

    @property
    def clock(self) -> str:
        """Time of day: ``07:52:21``."""
        return f"{self.hour:02}:{self.minute:02}:{self.second:02}"

    def text(self) -> str:
        """Return ``2007-11-26 07:52:21``, with microseconds where there are any."""
        rest = f".{self.micros:06}" if self.micros else ""
        return f"{self.year:04}-{self.month:02}-{self.day:02} {self.clock}{rest}"

    def syslog(self, padding: str = " ") -> str:
        """Return ``Nov  6 07:52:21``; `padding` fills a day of one digit."""
        return f"{_MONTHS[self.month - 1]} {self.day:{padding}>2} {self.clock}"

    def file(self) -> str:
        """Return ``2007/11/26_07:52:21``."""
        return f"{self.year:04}/{self.month:02}/{self.day:02}_{self.clock}"


def stamp(us: Micros) -> Stamp:
    """Return the date of a wall clock that is `us` microseconds past the start of 1970.

    Counts days by itself, since a run may outlast what `datetime` can hold.
    """
    days, rest = divmod(us, DAY)
    year, month, day = date_of(days)
    hour, rest = divmod(rest, HOUR)
    minute, rest = divmod(rest, MINUTE)
    second, rest = divmod(rest, SECOND)
    return Stamp(year, month, day, hour, minute, second, rest)


class WallClock:
    """Wall clocks of all nodes of a run: epoch + offset + time * (1 + drift).

    :meth:`hear` has to be told the events in order, since faults step and bend clocks.
    """

    __slots__ = ("_clocks", "_epoch")

    def __init__(self, header: Header) -> None:
        epoch = datetime.fromisoformat(header.epoch).replace(tzinfo=None)
        self._epoch: Micros = (epoch - datetime(1970, 1, 1)) // timedelta(microseconds=1)
        self._clocks = {c.node: (c.offset_us, c.drift_ppm) for c in header.clocks}

    def hear(self, at: Micros, event: Event) -> None:
        """Apply an event that changes a clock; ignore any other."""
        if isinstance(event, ClockStepped):
            offset, drift = self._clocks.get(event.node, (0, 0))
            self._clocks[event.node] = (offset + event.by_us, drift)
        elif isinstance(event, ClockDrifted):
            # The reading at this instant stays what it was.
            offset, drift = self._clocks.get(event.node, (0, 0))
            kept = offset + at * drift // 1_000_000 - at * event.ppm // 1_000_000
            self._clocks[event.node] = (kept, event.ppm)

    def read(self, node: str | None, at: Micros) -> Stamp:
        """Return what the clock of a node shows at a time of the run."""
        offset, drift = self._clocks.get(node, (0, 0)) if node is not None else (0, 0)
        return stamp(self._epoch + offset + at + at * drift // 1_000_000)
