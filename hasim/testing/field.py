"""What administrators write: settings as often as they were counted in 33 real ``ha.cf`` files."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import NamedTuple, TypeVar

__all__ = ["DEADPINGS", "FAILBACKS", "METHODS", "SETTINGS", "TIMES", "Settings", "weighted"]

_T = TypeVar("_T")

#: The directives of :class:`Settings`.
TIMES = ("keepalive", "deadtime", "warntime", "initdead")


class Settings(NamedTuple):
    """Times of an ``ha.cf`` as written; empty where it does not say. `files`: how often."""

    keepalive: str
    deadtime: str
    warntime: str
    initdead: str
    files: int = 1

    def directives(self) -> dict[str, str]:
        """Return the directives by name; an empty value is one that is not given."""
        values = (self.keepalive, self.deadtime, self.warntime, self.initdead)
        return dict(zip(TIMES, values, strict=True))


#: Thirty-three files, the usual ones first. What was counted is each of these figures, and all of
#: them are met: keepalive is given in 29, 2 s in 22, the least is 10 ms; deadtime 30 s in 10, 10 s
#: in 8, 5 s in 5, the least are 200 ms and 3 s; warntime 10 s in 10, 5 s in 5 of 19; initdead 120 s
#: in 7, 60 s in 5 of 20; deadtime is 15 keepalives in 10, 5 in 7, 2.5 in 4; initdead is less than
#: two deadtimes in 3; warntime is no quarter to half of deadtime in 6. Which values go together
#: within these figures, and the values that were counted without being told, are assumed.
SETTINGS = (
    Settings("2", "30", "10", "120", 5),
    Settings("2", "30", "10", "60", 2),
    Settings("2", "10", "5", "60", 2),
    Settings("2", "10", "", "", 2),
    Settings("", "", "", "", 4),
    Settings("2", "10", "5", "120"),
    Settings("2", "30", "5", "60"),
    Settings("2", "30", "", ""),
    Settings("2", "30", "", "30"),
    Settings("2", "10", "10", "20"),
    Settings("2", "10", "10", "10"),
    Settings("2", "5", "2", "120"),
    Settings("2", "5", "4", "30"),
    Settings("2", "5", "10", "9"),
    Settings("2", "5", "", ""),
    Settings("2", "", "", ""),
    Settings("1", "10", "", "30"),
    Settings("1", "20", "8", ""),
    Settings("1", "3", "2", "10"),
    Settings("500ms", "15", "5", "30"),
    Settings("500ms", "5", "", ""),
    Settings("5", "60", "", ""),
    Settings("10ms", "200ms", "", ""),
)

#: Methods of ``authkeys``, each with how often it was counted.
METHODS = {"sha1": 11, "md5": 7, "crc": 5}

#: Not counted: alike, and ``deadping`` mostly left out.
FAILBACKS = {"on": 1, "off": 1, "legacy": 1}
DEADPINGS = {"": 4, "10": 1, "30": 1, "60": 1}


def weighted(items: Iterable[_T], weight: Callable[[_T], int]) -> tuple[_T, ...]:
    """Return every item once, in order, and behind them each as often again as its weight asks."""
    all_ = tuple(items)
    return (*all_, *(item for item in all_ for _ in range(weight(item) - 1)))
