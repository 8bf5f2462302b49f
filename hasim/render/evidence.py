"""Which rows of a timeline a violation is about, and what a picture of it must say aloud."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, get_args

from hasim import events as ev
from hasim.monitors import Violation
from hasim.render.rows import Key
from hasim.render.window import Window
from hasim.trace import Kind, Record, Trace
from hasim.trace.spans import spans
from hasim.units import Micros

__all__ = ["LANES_MAX", "Outline", "lanes_of", "loud", "parts_of"]

#: More violations than these are told by their number.
LANES_MAX = 8


class Outline(NamedTuple):
    """From when to when a row takes part in a violation."""

    begin: Micros
    end: Micros


def _keys(record: Record) -> list[Key]:
    """Return which rows a record is about: those of what it begins, or of what it ends."""
    found = [
        (kind, span.who, span.what)
        for kind in get_args(Kind)
        for span in spans([record], kind, record.at)
    ]
    match record.event:
        case ev.ScriptEnded(node=node, script=script, args=args):
            found.append(("script", node, " ".join((script, *args))))
        case ev.AddressDown(node=node, address=address):
            found.append(("address", node, address))
        case ev.DiskUnmounted(node=node, directory=directory):
            found.append(("mount", node, directory))
    return found


def parts_of(trace: Trace, violations: Sequence[Violation]) -> dict[Key, list[Outline]]:
    """Return which rows take part in violations: those that the evidence is about."""
    out: dict[Key, list[Outline]] = {}
    for violation in violations:
        until = trace.end if violation.until is None else violation.until
        for seq in violation.evidence:
            try:
                record = trace.at(seq)
            except KeyError:
                continue
            for key in _keys(record):
                out.setdefault(key, []).append(Outline(violation.at, until))
    return out


def loud(violations: Sequence[Violation]) -> list[str]:
    """Return the sentences that must not be overlooked."""
    said = list(dict.fromkeys(v.sentence for v in violations))
    more = [f"... and {len(said) - 2} more violations, see below"] if len(said) > 3 else []
    return said[:2] + more if more else said


def lanes_of(
    violations: Sequence[Violation], window: Window, end: Micros
) -> dict[tuple[str, str], list[tuple[Micros, Micros, str]]]:
    """Return the violations that a window shows: begin, end and the whole sentence of each.

    Those that say the same, again and again, stand together: by property and sentence.
    """
    lanes: dict[tuple[str, str], list[tuple[Micros, Micros, str]]] = {}
    for violation in violations:
        until = end if violation.until is None else violation.until
        if window.shows(violation.at, until):
            lane = lanes.setdefault((violation.property, violation.sentence), [])
            lane.append((violation.at, until, str(violation)))
    return lanes
