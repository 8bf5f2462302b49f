"""What must be known of a file before its first line is read: its year, and whose it is."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import chain
from typing import NamedTuple

from hasim import events as ev
from hasim.reading.calendar import ASSUMED_YEAR, Calendar, day_number, years_between
from hasim.reading.heads import Head
from hasim.reading.paths import named_by_path
from hasim.reading.programs import is_heartbeat, told_by
from hasim.reading.rows import heads_in
from hasim.units import DAY, Micros, date_of

__all__ = ["Looked", "look"]

#: So many lines, and characters, are looked at; they are kept until they are read.
_LINES_MAX = 20_000
_CHARS_MAX = 4_000_000
_LEAP_YEAR = ASSUMED_YEAR + 1
#: What ``journalctl`` says first: from when to when the journal has lines.
_JOURNAL = re.compile(
    r"-- (?:Logs begin|Journal begins) at .*[,;] ends? at \w{3} (\d{4})-(\d\d)-(\d\d) ",
    re.ASCII,
)


class Looked(NamedTuple):
    """A file that was looked at.

    Parameters
    ----------
    path : str
        Where it was, which may tell whose it is.
    lines : iterator of str
        All its lines, those looked at included.
    heads : bool
        Whether any of those looked at begins like a line of a log.
    year : int
        The year with which its first line is to be read.
    sure : bool
        Whether that is its year.
    until : Micros or None
        When the file, or the journal of which it is a part, ended, as far as it says.
    until_from : str
        What says so.
    node : str or None
        Whose lines these are, where the user tells it.
    host : str
        Whose lines those are that name no host, as long as nothing better is known.
    hosted : bool
        Whether some lines name their host.
    """

    path: str
    lines: Iterator[str]
    heads: bool
    year: int
    sure: bool
    until: Micros | None
    until_from: str
    node: str | None
    host: str
    hosted: bool


def look(path: str, lines: Iterator[str], year: int | None, node: str | None) -> Looked:
    """Look at the beginning of a file; what the user says, `year` and `node`, goes first."""
    kept: list[str] = []
    seen = _Seen()
    size = 0
    for line in lines:
        kept.append(line)
        size += len(line)
        seen.see(line)
        if seen.enough(node) or len(kept) >= _LINES_MAX or size >= _CHARS_MAX:
            break
    host, hosted = seen.host(path)
    return Looked(
        path, chain(kept, lines), seen.heads > 0, *seen.year(year), *seen.until,
        node, node or host, hosted,
    )  # fmt: skip


class _Seen:
    def __init__(self) -> None:
        self._calendar = Calendar(_LEAP_YEAR)
        self._first: Micros | None = None
        self.until: tuple[Micros | None, str] = None, ""
        self._hosts: dict[str, int] = {}
        self._own = ""
        self.heads = 0

    def see(self, line: str) -> None:
        if line.startswith("-- "):
            self._see_journal(line)
        for head in heads_in(line):
            self._see_head(head)

    def _see_head(self, head: Head) -> None:
        self.heads += 1
        if self._calendar.whole is None:
            at = self._calendar.read(head)
            self._first = at if self._first is None else self._first
        own = is_heartbeat(head.tag)
        if head.host and (own or not self._hosts):
            self._hosts[head.host] = self._hosts.get(head.host, 0) + (1_000 if own else 1)
        if own and not head.host and not self._own:
            match told_by(head):
                case ev.IpfailWeAre(node=node) | ev.ShutdownComplete(node=node) if node:
                    self._own = node

    def _see_journal(self, line: str) -> None:
        found = _JOURNAL.match(line)
        if found is not None and self.until[0] is None:
            year, month, day = map(int, found.groups())
            self.until = day_number(year, month, day) * DAY, "the journal's first line"

    def enough(self, node: str | None) -> bool:
        named = node is not None or bool(self._hosts) or bool(self._own)
        return self.heads > 50 and self._calendar.whole is not None and named

    def year(self, wanted: int | None) -> tuple[int, bool]:
        first = date_of((self._first or 0) // DAY)
        if self._calendar.whole is not None:
            before, at = self._calendar.whole
            return first[0] + (0 if before is None else years_between(before, at)), True
        if wanted is not None:
            return wanted, False
        # So that the next 29th of February is one: the year is settled when all files are read.
        yearly = self._calendar.yearless and first[1] <= 2
        return (_LEAP_YEAR if yearly else ASSUMED_YEAR), False

    def host(self, path: str) -> tuple[str, bool]:
        if self._hosts:
            return max(self._hosts, key=lambda host: self._hosts[host]), True
        named = named_by_path(path)
        return self._own or named.own or named.folder or named.plain, False
