"""The report of a search: its verdict, every schedule found with its own run, what was covered."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from os import PathLike
from pathlib import Path
from typing import Any

from hasim.monitors import Violation
from hasim.render import Section
from hasim.report.files import write_report
from hasim.report.page import bare, page
from hasim.report.provenance import configuration
from hasim.report.runs import verdict
from hasim.report.secrets import Mask
from hasim.report.subject import RunLike
from hasim.report.topology import topology_svg
from hasim.report.view import breakdown, evidence, messages, view
from hasim.scenario import Simulable
from hasim.units import SECOND
from hasim.version import VERSION

__all__ = ["Find", "Finds", "finds_page", "write_finds"]

#: Lines of the log that each find has.
_LINES_MAX = 600
_BEFORE = 5 * SECOND
_AFTER = 5 * SECOND


@dataclass(frozen=True, slots=True)
class Find:
    """A schedule that is shown: its run, and how it came to be.

    Parameters
    ----------
    title : str
        What was found, in a line.
    run : Run
        Its run.
    violation : Violation or None
        What was looked for; None where it holds.
    faults : sequence of (str, bool)
        The schedule, a line each, and whether the line is what an operator mends afterwards.
    remarks : sequence of str
        Further sentences.
    command, python : str
        How to run it again.
    packets : Run or None
        The same run with its packets recorded, for the picture of messages.
    """

    title: str
    run: RunLike
    violation: Violation | None
    faults: Sequence[tuple[str, bool]]
    remarks: Sequence[str]
    command: str
    python: str
    packets: RunLike | None = None


@dataclass(frozen=True, slots=True)
class Finds:
    """What a search has to show.

    Parameters
    ----------
    title, kicker, head : str
        Heading of the page, the line above it, and the verdict.
    ok : bool
        Whether the verdict is good.
    statement : str
        What may be said of it.
    facts : sequence of (str, str)
        What it was made of, by name.
    finds : sequence of Find
        What was found.
    coverage : sequence of Section
        What was covered, as tables.
    beside : mapping
        Files that lie beside the page: name and text.
    """

    title: str
    kicker: str
    head: str
    ok: bool
    statement: str
    facts: Sequence[tuple[str, str]]
    finds: Sequence[Find]
    model: Simulable | None = None
    coverage: Sequence[Section] = ()
    beside: Mapping[str, str] = field(default_factory=dict)


def _messages(find: Find, name: str) -> str:
    """Return the picture of what nodes say from before the first fault to after the violation."""
    if find.packets is None or find.violation is None:
        return ""
    run = find.packets
    first = min((fault.at for fault in run.scenario.faults), default=0)
    begin = max(0, min(first, find.violation.at) - _BEFORE)
    end = min(run.trace.end, find.violation.at + _AFTER)
    return messages(run, begin, end, find.title, name)


def _one(find: Find, number: int) -> dict[str, Any]:
    run, mask = find.run, Mask()
    edits: Mapping[str, str] = {} if run.model is None else run.model.edits
    name = f"find{number}"
    return {
        "name": name,
        "number": number,
        "title": find.title,
        "remarks": find.remarks,
        "faults": [(mask.code(line, edits), mended) for line, mended in find.faults],
        "verdict": verdict(run),
        "evidence": evidence(run.trace, () if find.violation is None else [find.violation]),
        "view": view(name, run.trace, run.violations, run.outage, find.title, _LINES_MAX),
        "breakdown": breakdown(run.outage, name),
        "messages": _messages(find, name),
        "again": {
            "command": mask.code(find.command, edits),
            "python": mask.code(find.python, edits),
            "needs": "",
        },
        "digest": run.digest,
        "seed": run.seed,
    }


def finds_page(made: Finds) -> str:
    """Return the report of a search as the text of an HTML page."""
    model = made.model
    context = {
        "title": made.title,
        "kicker": made.kicker,
        "head": made.head,
        "state": "good" if made.ok else "bad",
        "statement": made.statement,
        "facts": [*made.facts, ("hasim", VERSION)],
        "finds": [_one(find, i) for i, find in enumerate(made.finds, 1)],
        "coverage": [
            {"title": s.name, "rows": [list(row) for row in s.rows], "remarks": list(s.remarks)}
            for s in made.coverage
        ],
        "topology": "" if model is None else bare(topology_svg(model.site), "topology"),
        "configuration": None if model is None else configuration(model),
        "digests": [] if model is None else list(model.digests.items()),
    }
    return page("finds.html.j2", context)


def write_finds(made: Finds, path: str | PathLike[str]) -> Path:
    """Write the report of a search into a folder.

    Raises
    ------
    ConfigError
        Where it cannot be written.
    """
    beside = {name: text.encode() for name, text in made.beside.items()}
    return write_report(path, finds_page(made), beside)
