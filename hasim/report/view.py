"""One run within a page: its timeline, its log, its outages, its violations."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from hasim.errors import HasimError
from hasim.monitors import Violation
from hasim.render import messages_svg, timeline_svg
from hasim.render.bars import Plot, draw_bar
from hasim.render.log import told
from hasim.render.picture import Picture
from hasim.render.rows import KEYS, Bar
from hasim.render.svg import tag
from hasim.render.window import Window, time_text
from hasim.report.lines import log_entries
from hasim.report.page import bare, script_data
from hasim.report.spent import PHASES, Spent, spent_svg
from hasim.report.states import timeline_data
from hasim.report.subject import RunLike, Told
from hasim.trace import Trace
from hasim.units import Micros

__all__ = ["breakdown", "evidence", "messages", "view"]

#: So many outages have a row, so many violations are told, with so many records each.
_OUTAGES_MAX = 60
_VIOLATIONS_MAX = 60
_EVIDENCE_MAX = 8


def _key(data: dict[str, Any], picture: Picture) -> list[tuple[str, str]]:
    """Return the looks of bars that a timeline has: a sample of each, and what it means."""
    plot = Plot(Window(0, 1), 0, 28)
    out = []
    for style, words in (*KEYS, ("many", "several, too short to tell apart")):
        if style in data["styles"] or style == "many":
            drawn = draw_bar(picture, plot, Bar(0, 1, "", style, words), 1, 11)
            made = tag(
                "svg", drawn, class_="hasim", width=28, height=13, viewBox="0 0 28 13",
                aria_hidden="true",
            )  # fmt: skip
            out.append((made, words))
    return out


def view(
    name: str,
    trace: Trace,
    violations: Sequence[Violation],
    outages: Iterable[Told],
    title: str,
    most: int,
) -> dict[str, Any]:
    """Return the timeline and the log of a run, for the template.

    Parameters
    ----------
    name : str
        Identity of the view within its page.
    title : str
        Heading of the picture that is shown where no script runs.
    most : int
        How many lines of the log are shown.
    """
    log = log_entries(trace, violations, most)
    data = timeline_data(trace, violations, outages)
    data["log"] = [entry.at for entry in log.entries]
    picture = Picture("", "", f"live-{name}")
    static = timeline_svg(trace, violations=violations, outages=outages, title=title)
    return {
        "name": name,
        "data": script_data(data),
        "static": bare(static, name),
        "patterns": picture.patterns(),
        "key": _key(data, picture),
        "entries": log.entries,
        "nodes": list(dict.fromkeys(e.node for e in log.entries if e.node)),
        "lines": log.lines,
        "left_out": log.left_out,
    }


def evidence(trace: Trace, violations: Sequence[Violation]) -> list[dict[str, Any]]:
    """Return violations with the records that prove them, for the template."""
    out = []
    for violation in violations[:_VIOLATIONS_MAX]:
        records = []
        for seq in violation.evidence[:_EVIDENCE_MAX]:
            try:
                record = trace.at(seq)
            except KeyError:
                continue
            text = told(record, trace.header.dialect)
            records.append({"time": time_text(record.at), "at": record.at, "text": text})
        until = "the end" if violation.until is None else time_text(violation.until)
        out.append(
            {
                "property": violation.property,
                "sentence": violation.sentence,
                "begin": time_text(violation.at),
                "at": violation.at,
                "end": until,
                "records": records,
                "more": max(0, len(violation.evidence) - _EVIDENCE_MAX),
            }
        )
    return out


def _outage(lost: Told, number: int) -> dict[str, Any]:
    phases = lost.breakdown._asdict()
    return {
        "number": number,
        "service": lost.service,
        "client": lost.client,
        "begin": time_text(lost.begin),
        "at": lost.begin,
        "end": "the end" if lost.open else time_text(lost.end),
        "length": time_text(lost.end - lost.begin),
        "by": f"{lost.before} → {'nobody yet' if lost.after is None else lost.after}",
        "reason": lost.reason,
        "phases": [time_text(phases[name]) if phases[name] else "–" for name in PHASES],
    }


def breakdown(outages: Iterable[Told], name: str) -> dict[str, Any]:
    """Return where the time of outages went, for the template: a picture and a table.

    Of many outages the longest are shown, in the order in which they came. `name` is that of the
    view they belong to.
    """
    every = list(outages)
    longest = sorted(every, key=lambda o: o.begin - o.end)[:_OUTAGES_MAX]
    kept = sorted(longest, key=lambda o: (o.begin, o.end))
    rows = [_outage(lost, i) for i, lost in enumerate(kept, 1)]
    bars = [
        Spent(f"{i}: at {time_text(lost.begin)}", lost.breakdown._asdict())
        for i, lost in enumerate(kept, 1)
    ]
    lasted = [bar for bar in bars if bar.total]
    return {
        "rows": rows,
        "phases": PHASES,
        "picture": bare(spent_svg(lasted), name) if lasted else "",
        "left_out": len(every) - len(kept),
    }


def messages(run: RunLike, begin: Micros, end: Micros, title: str, name: str) -> str:
    """Return the picture of the messages of a part of a run; nothing where there is none."""
    try:
        svg = messages_svg(run.trace, begin, end, violations=run.violations, title=title)
    except HasimError:
        return ""
    return bare(svg, name)
