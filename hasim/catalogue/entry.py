"""One entry of the catalogue: what kind of event it is, and how each version words it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from hasim.catalogue.template import Template
from hasim.events import Event

__all__ = [
    "AGENT",
    "DIALECTS",
    "NEW",
    "OLD",
    "Canonical",
    "Entry",
    "Line",
    "Stands",
    "agent",
    "heartbeat",
    "ipfail",
    "script",
    "stands",
]

#: Versions whose wording is known, the older first.
DIALECTS = ("2.0.8", "3.0.6")
OLD, NEW = DIALECTS
#: Directory of the wrappers that stand in the tags of 3.0.6.
AGENT = "/usr/lib/ocf/resource.d//heartbeat/"

#: Role, kind and arguments of an event in the judge's vocabulary.
Canonical = tuple[str, str, dict[str, str]]


class Line(NamedTuple):
    """A log line without its time and process: tag of the program, level word, text.

    The level is empty for lines of scripts that carry none.
    """

    tag: str
    level: str
    text: str


@dataclass(frozen=True, slots=True)
class Stands:
    """What an event stands for in the judge's vocabulary; see :func:`stands`."""

    role: str
    kind: str
    args: tuple[tuple[str, str], ...]


def stands(words: str, **args: str) -> Stands:
    """Return what events stand for: ``"role kind arg other=field"``, further args as templates."""
    role, kind, *names = words.split()
    fields = []
    for name in names:
        arg, _, field = name.partition("=")
        fields.append((arg, f"{{{field or arg}}}"))
    return Stands(role, kind, (*fields, *args.items()))


_Decides = Callable[[Any], Stands | None]


@dataclass(frozen=True, slots=True)
class Entry:
    """One kind of log line.

    Attributes
    ----------
    kind : type
        Class of the events it prints.
    level : str
        Level word; ``{level}`` takes it from the event.
    tags, texts : mapping
        Templates by dialect; a dialect without such a line is absent.
    when : mapping
        Values of fields that select this entry, and that a line read back has.
    canonical : Stands, function of the event or None
        What the event stands for in the judge's vocabulary.
    reads : bool
        False for a line that does not tell its event.
    """

    kind: type[Event]
    level: str
    tags: Mapping[str, Template]
    texts: Mapping[str, Template]
    when: Mapping[str, Any]
    canonical: Stands | _Decides | None
    reads: bool

    def suits(self, event: Event) -> bool:
        """Return whether the entry is meant for this very event of its class."""
        return all(getattr(event, name) == value for name, value in self.when.items())

    def line(self, event: Event, dialect: str) -> Line | None:
        """Return the line of an event, or None where the dialect has none."""
        text = self.texts.get(dialect)
        if text is None:
            return None
        level = self.level
        if level.startswith("{"):
            level = str(getattr(event, level[1:-1]))
        return Line(self.tags[dialect].render(event), level, text.render(event))

    def stands_for(self, event: Event) -> Stands | None:
        """Return what the event stands for, or None."""
        if self.canonical is None or isinstance(self.canonical, Stands):
            return self.canonical
        return self.canonical(event)


def _entry(
    kind: type[Event],
    level: str,
    tags: Mapping[str, str],
    texts: Mapping[str, str | None],
    when: Mapping[str, Any] | None,
    canonical: Stands | _Decides | None,
    reads: bool,
) -> Entry:
    kept = {d: Template.of(kind, text) for d, text in texts.items() if text is not None}
    if not kept:
        raise AssertionError(f"{kind.__name__} has an entry without a text")
    heads = {d: Template.of(kind, tags[d]) for d in kept}
    return Entry(kind, level, heads, kept, when or {}, canonical, reads)


def heartbeat(
    kind: type[Event],
    level: str,
    text: str | None = None,
    canonical: Stands | _Decides | None = None,
    *,
    old: str | None = None,
    new: str | None = None,
    when: Mapping[str, Any] | None = None,
    reads: bool = True,
    tag: str = "heartbeat",
) -> Entry:
    """Return the entry of a daemon's line: `text` for both dialects, or `old` and `new`."""
    texts = {OLD: text or old, NEW: text or new}
    return _entry(kind, level, {OLD: tag, NEW: tag}, texts, when, canonical, reads)


def ipfail(
    kind: type[Event], level: str, text: str, canonical: Stands | _Decides | None = None
) -> Entry:
    """Return the entry of a line of ipfail."""
    return heartbeat(kind, level, text, canonical, tag="ipfail")


def script(
    tag: str,
    kind: type[Event],
    level: str,
    text: str | None = None,
    canonical: Stands | _Decides | None = None,
    *,
    old: str | None = None,
    new: str | None = None,
) -> Entry:
    """Return the entry of a script's line; 3.0.6 adds ``(default)`` to the tag."""
    texts = {OLD: text or old, NEW: text or new}
    return _entry(kind, level, {OLD: tag, NEW: f"{tag}(default)"}, texts, None, canonical, True)


def agent(
    tag: str,
    kind: type[Event],
    level: str,
    text: str | None = None,
    canonical: Stands | _Decides | None = None,
    *,
    old: str | None = None,
    new: str | None = None,
) -> Entry:
    """Return the entry of a resource agent's line; an empty tag is that of its wrapper.

    3.0.6 puts the instance into the tag: ``IPaddr(IPaddr_10.0.0.1)``.
    """
    texts = {OLD: text or old, NEW: text or new}
    if tag:
        tags = {OLD: tag, NEW: f"{tag}({tag}_{{instance}})"}
    else:
        tags = {OLD: "{agent}", NEW: AGENT + "{agent}({agent}_{instance})"}
    return _entry(kind, level, tags, texts, None, canonical, True)
