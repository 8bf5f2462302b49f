"""A line as it may have been: without quote marks and markup, each record on it by itself."""

from __future__ import annotations

import re
from collections.abc import Iterator

from hasim.reading.heads import Head, head_of, pieces, several
from hasim.reading.markup import cleaned, has_markup

__all__ = ["heads_in", "rows_of", "unquoted"]

_QUOTED = re.compile(r"(?:[ \t]*>)+ ?")
_LED_IN = re.compile(r"[ \t>|]+")


def rows_of(line: str) -> tuple[list[str], bool]:
    """Return what a line shows, in rows without quote marks, and whether it was markup."""
    if not has_markup(line):
        return [_QUOTED.sub("", line, count=1) if ">" in line[:40] else line], False
    return [_QUOTED.sub("", row, count=1) for row in cleaned(line)], True


def unquoted(part: str) -> tuple[str, Head | None]:
    """Return a part of a line, and its head; without what is in front of a record."""
    head = head_of(part)
    if head is None and part[:1] in " \t>|":
        part = _LED_IN.sub("", part, count=1)
        head = head_of(part)
    return part, head


def heads_in(line: str) -> Iterator[Head]:
    """Yield the heads of the records on a line."""
    head = head_of(line)
    if head is not None and not several(head.text) and not has_markup(line):
        yield head
        return
    for row in rows_of(line)[0]:
        for part in pieces(row):
            found = unquoted(part)[1]
            if found is not None:
                yield found
