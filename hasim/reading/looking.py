"""What must be known of a file before its first line is read: its year, and whose it is."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import chain
from typing import NamedTuple

from hasim import events as ev
from hasim.reading.calendar import ASSUMED_YEAR
from hasim.reading.heads import MONTHS, Head, head_of
from hasim.reading.programs import is_heartbeat, told_by

__all__ = ["Looked", "look"]

#: So many lines, and characters, are looked at; they are kept until they are read.
_LINES_MAX = 20_000
_CHARS_MAX = 4_000_000
_SUFFIXES = (".gz", ".bz2", ".xz", ".log", ".txt")
_ROTATED = re.compile(r"[._-]\d{1,8}$", re.ASCII)
_NAMED = re.compile(r"(?:ha-?(?:log|debug)|messages|syslog|heartbeat|journal)(?:[._-]|$)")


class Looked(NamedTuple):
    """A file that was looked at.

    Parameters
    ----------
    lines : iterator of str
        All its lines, those looked at included.
    year : int
        The year of its first line.
    year_from : str
        Why the year is not sure: a sentence; empty where it is.
    host : str
        Whose lines those are that name no node.
    host_from : str
        Where the name is from: a sentence; empty where lines name their node.
    """

    lines: Iterator[str]
    year: int
    year_from: str
    host: str
    host_from: str


def look(name: str, lines: Iterator[str], year: int | None, node: str | None) -> Looked:
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
    chosen, year_from = seen.year(year)
    host, host_from = (node, "") if node is not None else seen.host(name)
    return Looked(chain(kept, lines), chosen, year_from, host, host_from)


class _Seen:
    def __init__(self) -> None:
        self._months: list[int] = []
        self._wraps = 0
        self._leap = False
        self._dated: tuple[int, int] | None = None
        self._yearless = False
        self._hosts: dict[str, int] = {}
        self._hostless = False
        self._own = ""
        self._heads = 0

    def see(self, line: str) -> None:
        head = head_of(line)
        if head is None:
            return
        self._heads += 1
        self._see_date(head)
        own = is_heartbeat(head.tag)
        if head.host and (own or not self._hosts):
            self._hosts[head.host] = self._hosts.get(head.host, 0) + (1_000 if own else 1)
        if not head.host:
            self._hostless = True
        if own and not self._own:
            match told_by(head):
                case ev.IpfailWeAre(node=node) | ev.ShutdownComplete(node=node) if node:
                    self._own = node

    def _see_date(self, head: Head) -> None:
        if self._dated is not None or not head.date:
            return
        if head.date[0].isdigit() or head.year:
            digits = head.year or head.date[:4]
            month = MONTHS.get(head.date[:3]) or int(head.date[5:7] or 1)
            self._dated = int(digits), month
            self._month(month)
            return
        self._yearless = True
        self._leap = self._leap or head.date.split() == ["Feb", "29"]
        self._month(MONTHS[head.date[:3]])

    def _month(self, month: int) -> None:
        """A month more than half a year earlier than the one before is one of the next year."""
        if self._months and month < self._months[-1] - 6:
            self._wraps += 1
        elif self._months and month > self._months[-1] + 6:
            self._wraps -= 1
        self._months = [month]

    def enough(self, node: str | None) -> bool:
        named = node is not None or bool(self._hosts) or bool(self._own)
        return self._heads > 50 and self._dated is not None and named

    def year(self, wanted: int | None) -> tuple[int, str]:
        if wanted is not None:
            return wanted, ""
        if self._dated is not None:
            year = self._dated[0] - self._wraps
            return year, ""
        if not self._yearless:
            return ASSUMED_YEAR, ""
        year = ASSUMED_YEAR + 1 if self._leap else ASSUMED_YEAR
        return year, "assumed, no line names one: tell it with --year"

    def host(self, name: str) -> tuple[str, str]:
        if self._hosts:
            return max(self._hosts, key=lambda host: self._hosts[host]), ""
        if self._own:
            return self._own, "what its lines say of themselves"
        plain = name.rpartition("/")[2]
        for suffix in _SUFFIXES:
            plain = plain.removesuffix(suffix)
        part = _NAMED.sub("", _ROTATED.sub("", plain))
        found = part.strip("._-") or plain or "node"
        return found, "the name of the file: give NODE=FILE to tell it" if self._hostless else ""
