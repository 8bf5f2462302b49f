"""The rows of a summary: who held what, takeovers, outages, violations."""

from __future__ import annotations

from collections.abc import Sequence

from hasim.monitors import Violation
from hasim.render import Section
from hasim.run.held import standing_spans
from hasim.run.outage import Outage, Outages
from hasim.run.service import Facts, Service
from hasim.run.why import told
from hasim.trace import Span, Trace
from hasim.units import Micros, duration_text

__all__ = ["sections"]

_ROWS_MAX = 12
_EVIDENCE_MAX = 4


def _time(at: Micros) -> str:
    return duration_text(at // 1000 * 1000)


def _until(span: Span) -> str:
    return "the end" if span.open else _time(span.end)


def _held(facts: Facts, services: Sequence[Service]) -> Section:
    rows: list[tuple[str, ...]] = [("group", "on", "from", "to", "")]
    for service in services:
        spans = standing_spans(facts, service)
        if not spans:
            rows.append((service.name, "-", "-", "-", "never stood anywhere"))
        before: Span | None = None
        for span in spans:
            note = ""
            if before is not None and before.who != span.who:
                note = f"taken over from {before.who}"
                if before.end > span.begin:
                    note = f"while {before.who} has it too"
            before = span
            rows.append((service.name, span.who, _time(span.begin), _until(span), note))
    return Section("held", rows)


def _outage(outage: Outage) -> tuple[str, ...]:
    after = "nobody yet" if outage.after is None else outage.after
    return (
        outage.service,
        _time(outage.begin),
        "the end" if outage.open else _time(outage.end),
        _time(outage.duration_us),
        f"{outage.before} -> {after}",
        outage.reason,
        str(outage.breakdown),
    )


def _outages(facts: Facts, found: Outages) -> Section:
    rows: list[tuple[str, ...]] = [("outage of", "from", "to", "for", "served by", "why", "spent")]
    rows += [_outage(outage) for outage in found]
    remarks = [f"{name} was never served" for name in found.never]
    for name in found.unwatched:
        if name not in found.never:
            remarks.append(f"no client probes {name}: told from addresses and mounts alone")
    for span in facts.spans("part"):
        if span.value == "corrupt":
            since = f"the file system on {span.who} is corrupt from {_time(span.begin)} on"
            remarks.append(f"{since}: what is served from it is not right, and counts as an outage")
    if len(rows) == 1:
        rows = []
        if not found.never:
            remarks.insert(0, "no outage")
    return Section("outages", rows, tuple(remarks))


def _violations(trace: Trace, found: Sequence[Violation]) -> Section:
    rows: list[tuple[str, ...]] = []
    for violation in found:
        end = "the end" if violation.until is None else _time(violation.until)
        rows.append((violation.property, _time(violation.at), end, violation.sentence))
        for seq in violation.evidence[:_EVIDENCE_MAX]:
            record = trace.at(seq)
            rows.append(("  because", _time(record.at), "", told(record, trace.header.dialect)))
    if rows:
        rows.insert(0, ("violated", "from", "to", ""))
    return Section("violations", rows)


def _short(section: Section, most: int) -> Section:
    """Cut a section that has too many rows, and say so."""
    if len(section.rows) <= most + 1:
        return section
    more = f"... and {len(section.rows) - most - 1} more rows of {section.name}"
    return Section(section.name, section.rows[: most + 1], (more, *section.remarks))


def sections(
    facts: Facts,
    services: Sequence[Service],
    outages: Outages,
    violations: Sequence[Violation],
    most: int = _ROWS_MAX,
) -> list[Section]:
    """Return the parts of a summary that tell of services; without services there are none.

    Each has `most` rows at most, and says how many more there are.
    """
    out = [_violations(facts.trace, violations)]
    if services:
        out = [_held(facts, services), _outages(facts, outages), *out]
    return [_short(section, most) for section in out if section.rows or section.remarks]
