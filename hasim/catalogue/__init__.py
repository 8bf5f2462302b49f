"""The log catalogue, read in both directions: events to lines and lines to events.

Each kind of line is one entry with its wording per dialect (semantics 15, 17.1). Printing and
reading come from the same entry, so whatever is printed is read.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType

from hasim.catalogue import (
    clients,
    crm,
    membership,
    physical,
    processes,
    resources,
    start,
    system,
    variants,
)
from hasim.catalogue.entry import DIALECTS, Canonical, Entry, Line, Stands
from hasim.catalogue.reader import Index, Reader
from hasim.catalogue.template import Template
from hasim.events import Event, FaultInjected

__all__ = [
    "DIALECTS",
    "ENTRIES",
    "Canonical",
    "Entry",
    "Line",
    "canonical",
    "event_of",
    "line_of",
]

#: Every kind of log line; where two could read the same line, the first does.
ENTRIES: tuple[Entry, ...] = (
    *start.ENTRIES,
    *membership.ENTRIES,
    *resources.ENTRIES,
    *processes.ENTRIES,
    *clients.ENTRIES,
    *crm.ENTRIES,
    *system.ENTRIES,
)


def _by_kind() -> Mapping[type[Event], tuple[Entry, ...]]:
    found: dict[type[Event], list[Entry]] = {}
    for entry in ENTRIES:
        found.setdefault(entry.kind, []).append(entry)
    return MappingProxyType({kind: tuple(entries) for kind, entries in found.items()})


_BY_KIND = _by_kind()


def line_of(event: Event, dialect: str) -> Line | None:
    """Return the log line of an event, or None where that version writes none.

    Parameters
    ----------
    event : Event
        Any event; physical facts have no line.
    dialect : str
        One of `DIALECTS`.
    """
    for entry in _BY_KIND.get(type(event), ()):
        if entry.suits(event):
            line = entry.line(event, dialect)
            if line is not None:
                return line
    return None


@cache
def _index(dialect: str | None) -> Index:
    """Return the wordings of a dialect; of all, the newer first, and of other versions: None."""
    dialects = tuple(reversed(DIALECTS)) if dialect is None else (dialect,)
    readers = [
        Reader(entry.kind, entry.level, entry.tags[name], entry.texts[name], entry.when)
        for name in dialects
        for entry in ENTRIES
        if entry.reads and name in entry.texts
    ]
    return Index([*readers, *variants.VARIANTS] if dialect is None else readers)


def event_of(tag: str, level: str, text: str, dialect: str | None = None) -> Event | None:
    """Return the event a log line tells, or None for a line the catalogue does not know.

    Without a dialect the newer wording is tried first, and last those of other versions.
    """
    return _index(dialect).read(tag, level, text)


_ARGS: dict[tuple[str, Stands], tuple[tuple[str, Template], ...]] = {}


def _args(kind: type[Event], stand: Stands) -> tuple[tuple[str, Template], ...]:
    key = (kind.__name__, stand)
    known = _ARGS.get(key)
    if known is None:
        known = tuple((name, Template.of(kind, text)) for name, text in stand.args)
        _ARGS[key] = known
    return known


def canonical(event: Event) -> Canonical | None:
    """Return role, kind and arguments of an event in the judge's vocabulary.

    None where the vocabulary has no such event. ``daemon-up`` carries the generation itself; its
    rank among those of the node is for the exporter, who knows the earlier ones.
    """
    if isinstance(event, FaultInjected):
        words = event.line.split()
        return "lab", "fault", {"i": str(event.index), "do": words[1] if len(words) > 1 else ""}
    kind = type(event)
    stand = physical.FACTS.get(kind)
    if stand is None:
        for entry in _BY_KIND.get(kind, ()):
            if entry.suits(event):
                stand = entry.stands_for(event)
                break
    if stand is None:
        return None
    args = {name: template.render(event) for name, template in _args(kind, stand)}
    return stand.role, stand.kind, args
