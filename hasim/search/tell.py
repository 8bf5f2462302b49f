"""A verdict as text: what was found, how to see it again, and what was covered."""

from __future__ import annotations

from collections.abc import Iterator

from hasim.monitors import Violation
from hasim.render.log import logged
from hasim.run import Run
from hasim.search.check import Hits
from hasim.search.found import Found
from hasim.units import SECOND, Micros, duration_text

__all__ = ["evidence_lines", "folder_of", "log_around", "verdict_lines"]

#: The log is shown from so long before the first fault to so long after the violation has begun.
_BEFORE: Micros = 2 * SECOND
_AFTER: Micros = 5 * SECOND


def evidence_lines(run: Run, violation: Violation) -> list[str]:
    """Return the records that prove a violation, a sentence each with its instant."""
    by_seq = {record.seq: record for record in run.records}
    told = [by_seq[seq] for seq in violation.evidence if seq in by_seq]
    return [f"{duration_text(r.at // 1000 * 1000)}: {r.event.sentence()}" for r in told]


def log_around(run: Run, found: Found) -> Iterator[str]:
    """Yield the merged log from before the first fault to after the violation has begun."""
    begin = min((fault.at for fault in found.faults), default=0) - _BEFORE
    end = found.violation.at + _AFTER
    for record, line in logged(run.trace, None):
        if begin <= record.at <= end:
            yield line


def _one(number: int, found: Found, run: Run, root: str) -> Iterator[str]:
    yield f"{number}. {found.violation}"
    for fault in found.scenario.faults:
        mended = "" if fault in found.faults else "   (mended)"
        yield f"     {fault}{mended}"
    if not found.scenario.faults:
        yield "     without any fault"
    origin = "the graveyard" if found.index < 0 else f"schedule {found.index}"
    many = len(found.original)
    faults = "one fault" if many == 1 else f"{many} faults"
    yield f"   seed {found.seed}; from {origin}, {faults}, in {found.tries} attempts"
    if found.known is not None:
        yield f"   the real daemon does this: {found.known}"
    for line in evidence_lines(run, found.violation)[:8]:
        yield f"   {line}"
    yield f"   {found.command(f'{root}/{folder_of(number, found)}/scenario.toml')}"


def folder_of(number: int, found: Found) -> str:
    """Return the name of the folder of a find within those of its verdict."""
    return f"{number}-{found.property}"


def verdict_lines(hits: Hits, root: str) -> Iterator[str]:
    """Yield the verdict of a search: every find with its schedule, evidence and command.

    `root` is the folder of the verdict.
    """
    yield hits.statement()
    if hits.failed:
        yield hits.shares()
    for number, found in enumerate(hits.found, 1):
        yield ""
        yield from _one(number, found, found.run(), root)
    yield ""
    yield from hits.coverage.report(hits.space)
