"""From a line to its event: the reading side of the catalogue, built to be fast.

A line is routed by its program and level, then by the first word of its text; only the few entries
that are left are matched. What was read once is remembered.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from hasim.catalogue.template import Pattern, Template
from hasim.events import Event

__all__ = ["Index", "Reader"]

#: So many routes, and so many lines of a route, are remembered; then all are forgotten.
_ROUTES_MAX = 2_000
_LINES_MAX = 20_000


class Reader(NamedTuple):
    """One wording: class of the event, what it fixes, templates of tag and text."""

    kind: type[Event]
    level: str
    tag: Template
    text: Template
    when: Mapping[str, Any]


class _Way(NamedTuple):
    """A reader on a route: the fields that fixed values and the tag give, the pattern of its text.

    `needle` is the longest fixed part of the text: a cheap test before the pattern.
    """

    kind: type[Event]
    given: Mapping[str, Any]
    text: Pattern
    needle: str


class _Route:
    """What may stand in lines of one program and one level."""

    __slots__ = ("_by_word", "_lines", "_other")

    def __init__(self, ways: Sequence[tuple[str | None, _Way]]) -> None:
        words = {word for word, _ in ways if word is not None}
        self._other = [way for word, way in ways if word is None]
        self._by_word = {
            word: [way for other, way in ways if other is None or other == word] for word in words
        }
        self._lines: dict[str, Event | None] = {}

    def read(self, text: str) -> Event | None:
        known = self._lines
        if text in known:
            return known[text]
        event = self._match(text)
        if len(known) >= _LINES_MAX:
            known.clear()
        known[text] = event
        return event

    def _match(self, text: str) -> Event | None:
        for way in self._by_word.get(text.partition(" ")[0], self._other):
            if way.needle in text:
                body = way.text.match(text)
                if body is not None:
                    return way.kind(**way.given, **body)
        return None


def _first_word(text: Template) -> str | None:
    """Return the word that every line of a template begins with, or None."""
    literal, field = text.parts[0][:2] if text.parts else ("", "")
    word, blank, _ = literal.partition(" ")
    return word if blank or not field else None


class Index:
    """All wordings of one or more dialects; where two could read a line, the first does."""

    def __init__(self, readers: Iterable[Reader]) -> None:
        self._levels: dict[str, list[tuple[Reader, Pattern, str | None, Pattern, str]]] = {}
        for reader in readers:
            needle = max((part[0] for part in reader.text.parts), key=len, default="")
            row = (
                reader,
                reader.tag.pattern(),
                _first_word(reader.text),
                reader.text.pattern(),
                needle,
            )
            self._levels.setdefault(reader.level, []).append(row)
        self._routes: dict[tuple[str, str], _Route] = {}

    def read(self, tag: str, level: str, text: str) -> Event | None:
        """Return the event of a line, or None where no wording fits."""
        route = self._routes.get((tag, level))
        if route is None:
            if len(self._routes) >= _ROUTES_MAX:
                self._routes.clear()
            route = self._routes[tag, level] = self._route(tag, level)
        return route.read(text)

    def _route(self, tag: str, level: str) -> _Route:
        ways = []
        for reader, head, word, text, needle in self._levels.get(level, ()):
            fields = head.match(tag)
            if fields is not None:
                ways.append((word, _Way(reader.kind, {**reader.when, **fields}, text, needle)))
        return _Route(ways)
