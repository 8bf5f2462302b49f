"""What was found in logs, as a screen of text."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from hasim.events import ConfigValidated, DaemonVersion
from hasim.monitors import Violation
from hasim.reading import Reading
from hasim.run.incidents import KINDS, Incident
from hasim.run.logplaces import short_names, stamp_beside, to_second
from hasim.run.logtables import FATES, ReadRun, evidence, place_behind, places_text
from hasim.units import HOUR, Micros, duration_text

__all__ = ["summary_of"]

_SHOWN = 15
_SHOWN_INCIDENTS = 40
_EVIDENCE = 6
#: What repeats within this time is one row.
_STRETCH: Micros = HOUR
_RULES = {
    "rejoined": "wrapped or torn lines put together",
    "continued": "complete lines continued on the next",
    "cleaned": "lines freed of markup",
    "cut": "lines with several records",
}


def _table(rows: Sequence[Sequence[str]]) -> list[str]:
    """Return rows below their head, in columns; those without any word are left out."""
    columns = [column for column in zip(*rows, strict=True) if any(column[1:])]
    widths = [max(map(len, column)) for column in columns]
    return [
        "  ".join(word.ljust(n) for word, n in zip(row, widths, strict=True)).rstrip()
        for row in zip(*columns, strict=True)
    ]


def _time(us: Micros) -> str:
    return duration_text(us // 1000 * 1000)


def _cut(rows: list[Sequence[str]], what: str, most: int = _SHOWN) -> list[str]:
    lines = _table(rows[: most + 1])
    if len(rows) > most + 1:
        lines.append(f"... and {len(rows) - most - 1} more {what}")
    return lines


def _clock(run: ReadRun, at: Micros) -> str:
    return to_second(run.wall(at))


def summary_of(run: ReadRun, reading: Reading) -> str:
    """Return logs told in a screen of text."""
    head = (
        f"{', '.join(run.nodes)}: Heartbeat {_versions(run)}, "
        f"{_clock(run, 0)} to {_clock(run, run.end)}, {_time(run.end)}"
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


def _versions(run: ReadRun) -> str:
    """Return the versions that the daemons name themselves; else that of the wording."""
    stated: dict[str, dict[str, None]] = {}
    for record in run.trace.records:
        if isinstance(record.event, ConfigValidated | DaemonVersion):
            stated.setdefault(record.source.node or "", {})[record.event.version[:40]] = None
    if not stated:
        return f"{run.trace.header.dialect} by its wording"
    texts = {node: ", then ".join(found) for node, found in sorted(stated.items())}
    if len({*texts.values()}) > 1:
        return "; ".join(f"{text} on {node}" for node, text in texts.items())
    return f"{next(iter(texts.values()))} by the lines of {', '.join(texts)}"


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
        end = "the end of the log" if span.open else _clock(run, span.end)
        length = _time(span.end - span.begin)
        rows.append((name, span.who, _clock(run, span.begin), end, length, note))
    if len(rows) == 1:
        return ["no group is seen to start: the log has no lines of resource scripts"]
    return _cut(rows, "times")


def _outage_part(run: ReadRun) -> list[str]:
    rows: list[Sequence[str]] = [("outage of", "from", "for", "served by", "why", "spent")]
    for one in run.outage:
        after = "nobody yet" if one.after is None else one.after
        length = f"{_time(one.duration_us)}, to the end" if one.open else _time(one.duration_us)
        rows.append(
            (one.service, _clock(run, one.begin), length, f"{one.before} -> {after}", one.reason,
             str(one.breakdown))
        )  # fmt: skip
    return _cut(rows, "outages") if len(rows) > 1 else []


def _violation_part(run: ReadRun) -> list[str]:
    alike: dict[tuple[str, str], list[Violation]] = {}
    for one in run.violations:
        alike.setdefault((one.property, one.sentence), []).append(one)
    out = []
    for found in [*alike.values()][:_SHOWN]:
        one = found[0]
        more = ""
        if len(found) > 1:
            more = f" (the first of {len(found)} times, the last to {_ended(run, found[-1])})"
        span = f"{_clock(run, one.at)} to {_ended(run, one)}"
        out.append(f"violated: {one.property}, {span}: {one.sentence}{more}")
        out += [f"    {line}" for line in evidence(run, one.evidence[:_EVIDENCE], short=True)]
    if len(alike) > _SHOWN:
        out.append(f"... and {len(alike) - _SHOWN} more kinds of violations")
    return out


def _ended(run: ReadRun, one: Violation) -> str:
    return "the end of the log" if one.until is None else _clock(run, one.until)


def _incident_part(run: ReadRun) -> list[str]:
    found = run.incidents
    if not found:
        return []
    counts = Counter(one.kind for one in found)
    told_ = ", ".join(f"{counts[kind]} {kind}" for kind in KINDS if counts[kind])
    alike = _alike(found)
    rows: list[Sequence[str]] = [("from", "to", "times", "node", "incident", "line", "")]
    rows += [_incident(run, same) for same in alike[:_SHOWN_INCIDENTS]]
    lines = _table(rows)
    left = sum(map(len, alike[_SHOWN_INCIDENTS:]))
    if left:
        lines.append(f"... and {left} more incidents: --table incidents has all")
    return [*lines, f"incidents: {told_}"]


def _alike(found: Sequence[Incident]) -> list[list[Incident]]:
    """Put together what repeats: alike in all but its time, and not an hour apart."""
    out: list[list[Incident]] = []
    last: dict[tuple[str, ...], list[Incident]] = {}
    for one in found:
        what = one.kind, one.node, one.about, one.text
        same = last.get(what)
        if same is None or one.at - same[-1].until > _STRETCH:
            same = last[what] = []
            out.append(same)
        same.append(one)
    return out


def _incident(run: ReadRun, same: Sequence[Incident]) -> Sequence[str]:
    one = same[0]
    begin, end = _clock(run, one.at), _clock(run, max(other.until for other in same))
    times = str(len(same)) if len(same) > 1 else ""
    place = place_behind(run, one.evidence, short=True)
    until = "" if begin == end else stamp_beside(end, begin)
    return begin, until, times, one.node, one.kind, place, one.text


def _unknown_part(reading: Reading) -> list[str]:
    short = short_names(reading.files)
    rows: list[Sequence[str]] = [("not understood", "lines", "first at")]
    for one in reading.counts.unknowns():
        places = [(short[file], number) for file, number in one.places[:3]]
        rows.append((one.what, str(one.times), places_text(places)))
    return _cut(rows, "wordings") if len(rows) > 1 else []
