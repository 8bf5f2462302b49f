"""What was found in logs, as a screen of text."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from hasim.reading import Reading
from hasim.run.incidents import KINDS, Incident
from hasim.run.logtables import FATES, ReadRun, evidence, places_text
from hasim.units import Micros, duration_text

__all__ = ["summary_of"]

_SHOWN = 15
_SHOWN_INCIDENTS = 40
_EVIDENCE = 6
_RULES = {
    "rejoined": "wrapped or torn lines put together",
    "continued": "complete lines continued on the next",
    "cleaned": "lines freed of markup",
    "cut": "lines with several records",
}


def _table(rows: Sequence[Sequence[str]]) -> list[str]:
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    return [
        "  ".join(word.ljust(n) for word, n in zip(row, widths, strict=True)).rstrip()
        for row in rows
    ]


def _time(us: Micros) -> str:
    return duration_text(us // 1000 * 1000)


def _cut(rows: list[Sequence[str]], what: str, most: int = _SHOWN) -> list[str]:
    lines = _table(rows[: most + 1])
    if len(rows) > most + 1:
        lines.append(f"... and {len(rows) - most - 1} more {what}")
    return lines


def summary_of(run: ReadRun, reading: Reading) -> str:
    """Return logs told in a screen of text."""
    header = run.trace.header
    head = (
        f"{', '.join(run.nodes)}: Heartbeat {header.dialect} by its wording, "
        f"{run.wall(0)} to {run.wall(run.end)}, {_time(run.end)}"
    )
    parts = [
        [head],
        _lines_part(reading),
        _held_part(run),
        _outage_part(run),
        _violation_part(run),
        _incident_part(run),
        list(reading.remarks),
        _unknown_part(reading),
    ]
    return "\n\n".join("\n".join(part) for part in parts if part)


def _lines_part(reading: Reading) -> list[str]:
    counts = reading.counts
    told_ = ", ".join(f"{counts.fates[f]} {t}" for f, t in FATES if counts.fates[f])
    out = [f"{counts.lines} lines: {told_}"]
    rules = ", ".join(f"{counts.rules[r]} {t}" for r, t in _RULES.items() if counts.rules[r])
    if rules:
        out.append(f"mended: {rules}")
    if counts.missed:
        share = f"{counts.share:.2%}"
        out.append(f"of Heartbeat's lines at info and above {share} are understood")
    return out


def _held_part(run: ReadRun) -> list[str]:
    rows: list[Sequence[str]] = [("group", "on", "from", "to", "for", "")]
    before: dict[str, tuple[str, Micros]] = {}
    for name, span in run.groups_held():
        note = ""
        last = before.get(name)
        if last is not None and last[0] != span.who:
            note = f"taken over from {last[0]}"
            if last[1] > span.begin:
                note = f"while {last[0]} has it too"
        before[name] = span.who, span.end
        end = "the end of the log" if span.open else run.wall(span.end)
        length = _time(span.end - span.begin)
        rows.append((name, span.who, run.wall(span.begin), end, length, note))
    if len(rows) == 1:
        return ["no group is seen to start: the log has no lines of resource scripts"]
    return _cut(rows, "times")


def _outage_part(run: ReadRun) -> list[str]:
    rows: list[Sequence[str]] = [("outage of", "from", "for", "served by", "why", "spent")]
    for one in run.outage:
        after = "nobody yet" if one.after is None else one.after
        length = f"{_time(one.duration_us)}, to the end" if one.open else _time(one.duration_us)
        rows.append(
            (one.service, run.wall(one.begin), length, f"{one.before} -> {after}", one.reason,
             str(one.breakdown))
        )  # fmt: skip
    return _cut(rows, "outages") if len(rows) > 1 else []


def _violation_part(run: ReadRun) -> list[str]:
    out = []
    for one in run.violations[:_SHOWN]:
        end = "the end of the log" if one.until is None else run.wall(one.until)
        out.append(f"violated: {one.property}, {run.wall(one.at)} to {end}: {one.sentence}")
        out += [f"    {line}" for line in evidence(run, one.evidence[:_EVIDENCE])]
    if len(run.violations) > _SHOWN:
        out.append(f"... and {len(run.violations) - _SHOWN} more violations")
    return out


def _incident_part(run: ReadRun) -> list[str]:
    found = run.incidents
    if not found:
        return []
    counts = Counter(one.kind for one in found)
    told_ = ", ".join(f"{counts[kind]} {kind}" for kind in KINDS if counts[kind])
    rows: list[Sequence[str]] = [("when", "node", "incident", "")]
    rows += [_incident(run, one) for one in found]
    return [*_cut(rows, "incidents", _SHOWN_INCIDENTS), f"incidents: {told_}"]


def _incident(run: ReadRun, one: Incident) -> Sequence[str]:
    return run.wall(one.at), one.node, one.kind, one.text


def _unknown_part(reading: Reading) -> list[str]:
    rows: list[Sequence[str]] = [("not understood", "lines", "first at")]
    for one in reading.counts.unknowns():
        rows.append((one.what, str(one.times), places_text(one.places[:3])))
    return _cut(rows, "wordings") if len(rows) > 1 else []
