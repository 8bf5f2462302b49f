"""The lines of one file, one after the other: each tells an event, or is counted.

Lines are torn and wrapped in many ways. What is mended is counted by rule:

- several records on a line are cut apart, also where one begins in the middle of another's word;
- a record that is not understood is put together with what follows it and begins none, within four
  lines: with a blank, with nothing, or with the line's end between them;
- text behind a complete record is taken as its end where that makes another line that is known,
  where it names resources, or where the page has cut a word at the width at which it cuts words.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from hasim import events as ev
from hasim.catalogue.system import PROGRAMS
from hasim.events import Event
from hasim.reading.calendar import Calendar
from hasim.reading.counts import Counts, Fate
from hasim.reading.heads import Head, head_of, pieces, several, stamped
from hasim.reading.life import Life
from hasim.reading.looking import Looked
from hasim.reading.markup import has_markup
from hasim.reading.noise import is_bare_noise, is_noise, is_repeated
from hasim.reading.programs import (
    BOOT,
    is_boot,
    is_foreign,
    is_heartbeat,
    program_at,
    told_by,
)
from hasim.reading.rows import rows_of, unquoted
from hasim.units import Micros

__all__ = ["LogFile", "Told"]

#: A torn line is given up after so many lines; its parts are no longer than this together.
_LINES_MAX = 4
_LONGEST = 8_192
_RESOURCES = re.compile(r"(?:[\w./-]+::\S*|\d+\.\d+\.\d+\.\d+\S*)(?: +[\w.:/-]+)*", re.ASCII)
_CALL = re.compile(r"(?:[\w.:/-]+ +){0,5}(?:start|stop|status)", re.ASCII)
_ENDED = re.compile(r".* (?:start|stop|status)", re.ASCII)
_RANK: dict[Fate, int] = {
    "event": 0, "joined": 1, "unknown": 2, "noise": 3, "other": 4, "loose": 5, "blank": 6,
}  # fmt: skip


class Told(NamedTuple):
    """An event that a line tells.

    `at` is the reading of the node's clock in microseconds since 1970; `number` is the line, from
    1, on which the record begins.
    """

    at: Micros
    file: int
    number: int
    node: str
    tag: str
    pid: int | None
    level: str
    event: Event


class _Torn(NamedTuple):
    """A record that is not understood yet: its parts, each with its line."""

    parts: tuple[str, ...]
    numbers: tuple[int, ...]


class LogFile:
    """Reads one file; iterate once.

    Parameters
    ----------
    name : str
        Its name, for places.
    index : int
        Its number among the files.
    looked : Looked
        Its lines, and what was seen of them.
    counts : Counts
        Where every line is counted.
    """

    def __init__(self, name: str, index: int, looked: Looked, counts: Counts) -> None:
        self.name, self.index, self.counts = name, index, counts
        self.looked = looked
        self.calendar = Calendar(looked.year)
        #: Lines with free text before them: there a new excerpt may begin.
        self.breaks: list[int] = []
        #: What other programs tell of their hosts, where that is asked for.
        self.life: Life | None = None
        self._lines = looked.lines
        self._host = looked.host
        #: Hosts that lines with an event name.
        self.hosts: dict[str, None] = {}
        self._held: Told | None = None
        self._held_text, self._held_line, self._held_width = "", 0, 0
        self._torn: _Torn | None = None
        #: The line of a mark that the machine has booted, until the next record.
        self._boot = 0
        #: Lengths at which lines of this file were seen to be wrapped in the middle of a word.
        self._widths: set[int] = set()
        #: Lines of which some part is still open: how many, and the best fate of the others.
        self._open: dict[int, tuple[int, Fate]] = {}

    def __iter__(self) -> Iterator[Told]:
        number = 0
        fates = self.counts.fates
        for line in self._lines:
            number += 1
            head = head_of(line)
            if head is not None and not several(head.text) and not has_markup(line):
                if not head.level and is_foreign(head.tag) and not is_repeated(head.text):
                    self.counts.other(head.tag, self.name, number)
                    fates["other"] += 1
                    # It may be what a stamp without a year is near to.
                    at = self.calendar.read(head)
                    if self.life is not None and at is not None:
                        self.life.see(head.host, head.tag, at, head.text)
                    continue
                event = told_by(head)
                at = None if event is None else self.calendar.read(head)
                if event is not None and at is not None:
                    fates["event"] += 1
                    if self._held is not None:
                        yield self._held
                    if self._boot:
                        yield self._booted(head, at)
                    self._hold(head, at, event, line, number)
                    if self._torn is not None:
                        self._forget(number)
                    continue
                if event is None and _is_noise(head):
                    fates["noise"] += 1
                    self.calendar.read(head)
                    if self._torn is not None:
                        self._forget(number)
                    continue
            yield from self._slow(line, number)
        self._give_up()
        if self._held is not None:
            yield self._held
            self._held = None

    # ---- one line, in any shape -----------------------------------------------------------------

    def _slow(self, line: str, number: int) -> Iterator[Told]:
        if not line.strip():
            self.counts.fates["blank"] += 1
            return
        rows, markup = rows_of(line)
        if markup:
            self.counts.rules["cleaned"] += 1
        if not any(row.strip() for row in rows):
            self.counts.fates["blank"] += 1
            return
        parts = [part for row in rows for part in pieces(row)]
        if len(parts) > len(rows):
            self.counts.rules["cut"] += 1
        self._open[number] = (len(parts), "blank")
        for part in parts:
            yield from self._part(part, number)
        if self._torn is not None:
            self._forget(number)

    def _part(self, part: str, number: int) -> Iterator[Told]:
        part, head = unquoted(part)
        if head is None:
            if not stamped(part):
                yield from self._headless(part, number)
            elif is_bare_noise(part):
                self._settle(number, "noise")
            else:
                self._tear(part, number)
            return
        event = told_by(head)
        at = self.calendar.read(head)
        if event is not None and at is not None:
            self._settle(number, "event")
            if self._held is not None:
                yield self._held
            if self._boot:
                yield self._booted(head, at)
            self._hold(head, at, event, part, number)
        elif _is_noise(head):
            self._settle(number, "noise")
        elif is_heartbeat(head.tag) or head.tag in PROGRAMS:
            if self.life is not None and at is not None and head.tag in PROGRAMS:
                self.life.see(head.host, head.tag, at, head.text)
            self._tear(part, number)
        else:
            if self.life is not None and at is not None:
                self.life.see(head.host, head.tag, at, head.text)
            self.counts.other(head.tag, self.name, number)
            self._settle(number, "other")

    def _headless(self, part: str, number: int) -> Iterator[Told]:
        """Text without a head: the end of a torn record, of a complete one, or of none."""
        before = self._held
        if self._torn is not None and self._mends(part, number):
            if before is not None:
                yield before
            return
        if self._held is not None and self._continues(part, number):
            return
        if is_boot(part):
            self._boot = number
            self._settle(number, "event")
            return
        if is_bare_noise(part):
            self._settle(number, "noise")
        elif self._torn is not None and self._add(part, number):
            pass
        else:
            self._loose(part, number)

    def _loose(self, part: str, number: int) -> None:
        self.counts.unknown("loose", "", "", part, self.name, number)
        self.breaks.append(number)
        self._settle(number, "loose")

    # ---- torn records ---------------------------------------------------------------------------

    def _tear(self, part: str, number: int) -> None:
        self._give_up()
        self._torn = _Torn((part,), (number,))

    def _add(self, part: str, number: int) -> bool:
        assert self._torn is not None
        parts, numbers = self._torn
        near = number - numbers[-1] <= 1 and len(parts) < _LINES_MAX
        if not near or sum(map(len, parts)) + len(part) > _LONGEST:
            return False
        self._torn = _Torn((*parts, part), (*numbers, number))
        return True

    def _mends(self, part: str, number: int) -> bool:
        """Try to complete the torn record, which is then the one that may go on."""
        assert self._torn is not None
        parts, numbers = self._torn
        if number - numbers[-1] > _LINES_MAX:
            self._give_up()
            return False
        whole = "netstring" in parts[0] or "NV failure" in parts[0]
        for glue in ("\n", " ", "") if whole else (" ", "", "\n"):
            text = glue.join((*parts, part))
            head = head_of(text)
            event = None if head is None else told_by(head)
            at = None if head is None or event is None else self.calendar.read(head)
            if head is None or event is None or at is None:
                continue
            self._torn = None
            self.counts.rules["rejoined"] += 1
            self._settle(numbers[0], "event")
            for place in (*numbers[1:], number):
                self._settle(place, "joined")
            if not glue:
                self._widths.update(map(len, parts))
            self._hold(head, at, event, text, numbers[0])
            self._held_line, self._held_width = number, len(part)
            return True
        return False

    def _forget(self, number: int) -> None:
        """Give up what is torn, if the lines that could mend it are over."""
        assert self._torn is not None
        if number - self._torn.numbers[-1] > _LINES_MAX:
            self._give_up()

    def _give_up(self) -> None:
        """Count what is torn and was not mended."""
        if self._torn is None:
            return
        (first, *rest), (number, *numbers) = self._torn
        self._torn = None
        head = head_of(first)
        other = program_at(first) if head is None else head.tag if head.tag in PROGRAMS else ""
        if other:
            self.counts.other(other, self.name, number)
            self._settle(number, "other")
        else:
            what = ("", "", first) if head is None else (head.level, head.tag, head.text)
            self.counts.unknown("unknown", *what, self.name, number)
            self._settle(number, "unknown")
        for part, place in zip(rest, numbers, strict=True):
            self._loose(part, place)

    # ---- complete records -----------------------------------------------------------------------

    def _told(self, head: Head, at: Micros, event: Event, number: int) -> Told:
        host = head.host
        if not host:
            host = self._host
        elif host not in self.hosts or host != self._host:
            self.hosts[host] = None
            if self.looked.node is None:
                self._host = host
        pid = int(head.pid) if head.pid else None
        self.counts.events[type(event).__name__] += 1
        self.counts.levels[head.level] += 1
        return Told(at, self.index, number, host, head.tag, pid, head.level, event)

    def _booted(self, head: Head, at: Micros) -> Told:
        """Return what a mark of the journal tells: it has no stamp, and stands before a line."""
        number, self._boot = self._boot, 0
        return self._told(head._replace(tag="kernel", pid="", level=""), at, BOOT, number)

    def _hold(self, head: Head, at: Micros, event: Event, text: str, number: int) -> None:
        """Keep a record until the next one begins: it may go on."""
        self._held = self._told(head, at, event, number)
        self._held_text, self._held_line, self._held_width = text, number, len(text)

    def _continues(self, part: str, number: int) -> bool:
        held = self._held
        assert held is not None
        if number != self._held_line + 1 or len(self._held_text) + len(part) > _LONGEST:
            return False
        for glue in (" ", ""):
            text = f"{self._held_text}{glue}{part}"
            head = head_of(text)
            event = None if head is None else told_by(head)
            if head is None or event is None or event == held.event:
                continue
            if type(event) is type(held.event) and not (
                _goes_on(held.event, part) if glue else self._cut_short(part)
            ):
                continue
            self.counts.rules["continued"] += 1
            self._settle(number, "joined")
            self._held = held._replace(event=event)
            self._held_text, self._held_line, self._held_width = text, number, len(part)
            return True
        return False

    def _cut_short(self, part: str) -> bool:
        """Tell whether text is the end of a word that the width of the page has cut."""
        return self._held_width in self._widths and part.isascii() and " " not in part

    def _settle(self, number: int, fate: Fate) -> None:
        """One part of a line has its fate; the line has that of its best part."""
        left, best = self._open.get(number, (1, "blank"))
        best = min(best, fate, key=_RANK.__getitem__)
        if left <= 1:
            self._open.pop(number, None)
            self.counts.fates[best] += 1
        else:
            self._open[number] = (left - 1, best)


def _is_noise(head: Head) -> bool:
    if is_repeated(head.text):
        return True
    tag = head.tag
    return tag not in PROGRAMS and not is_foreign(tag) and is_noise(head.level, head.text)


def _goes_on(event: Event, part: str) -> bool:
    """Tell whether text is the rest of a line whose end is open."""
    match event:
        case ev.GroupAcquire() | ev.GroupRelease():
            return _RESOURCES.fullmatch(part.strip()) is not None
        case ev.ScriptRun(call=call):
            return _ENDED.fullmatch(call) is None and _CALL.fullmatch(part.strip()) is not None
    return False
