"""The report of a run: one page."""

from __future__ import annotations

from collections.abc import Sequence
from os import PathLike
from pathlib import Path
from typing import Any

from hasim.render import Section
from hasim.render.window import time_text
from hasim.report.files import compressed, write_report
from hasim.report.lines import LINES_MAX
from hasim.report.page import bare, page
from hasim.report.provenance import SCENARIO_FILE, again, configuration, provenance
from hasim.report.secrets import Mask
from hasim.report.subject import RunLike, Told
from hasim.report.topology import topology_svg
from hasim.report.view import breakdown, evidence, view
from hasim.trace.jsonl import header_line
from hasim.units import Micros

__all__ = ["run_page", "verdict", "write_run"]

_TRACE_FILE = "run.jsonl.gz"
_ROWS_MAX = 120


def _share(lost: Micros, whole: Micros) -> str:
    """Return a share of the time in percent, to three digits."""
    return f"{100 * lost / max(1, whole):.3g} %"


def _losses(lost: Sequence[Told], end: Micros) -> list[str]:
    """Return what users lost, a sentence for each group and client that lost anything."""
    by_service: dict[tuple[str, str | None], list[Told]] = {}
    for one in lost:
        by_service.setdefault((one.service, one.client), []).append(one)
    out = []
    for (service, client), found in by_service.items():
        total = sum(one.end - one.begin for one in found)
        many = "one outage" if len(found) == 1 else f"{len(found)} outages"
        longest = max(found, key=lambda one: one.end - one.begin)
        who = f"Users of {service}" if client in (None, "client") else f"{client}, of {service},"
        told = f"{who} lost {time_text(total)} in {many}"
        if len(found) > 1:
            told += f", the longest of {time_text(longest.end - longest.begin)}"
        if any(one.open for one in found):
            told += ", and the service was not back at the end"
        out.append(f"{told}: {_share(total, end)} of the time.")
    return out


def verdict(run: RunLike) -> dict[str, Any]:
    """Return what matters most: what users lost, what was violated, what was expected and missed.

    `state` is ``bad`` where a property is violated or an expectation missed, ``lost`` where only
    users lost something, ``good`` else.
    """
    lost = list(run.outage)
    violated: dict[str, int] = {}
    for violation in run.violations:
        violated[violation.property] = violated.get(violation.property, 0) + 1
    state = "bad" if violated or not run.ok else "lost" if lost else "good"
    losses = _losses(lost, run.trace.end)
    if violated:
        many = len(violated)
        head = f"{many} properties violated" if many > 1 else "A property is violated"
    elif not run.ok:
        head = "An expectation is missed"
    elif lost:
        head = "Users lost service; no property is violated"
    else:
        head = "Users lost nothing; no property is violated"
    expected = run.scenario.expect is not None and run.ok and bool(violated)
    return {
        "state": state,
        "head": head,
        "losses": losses or ["Users lost nothing once a service was there."],
        "violated": [
            name if many == 1 else f"{name} ({many} times)" for name, many in violated.items()
        ],
        "expected": expected,
        "attention": [line for line in run.attention().split("\n") if line],
    }


def _tables(sections: Sequence[Section]) -> list[dict[str, Any]]:
    titles = {"held": "Who held what"}
    return [
        {"title": titles[s.name], "rows": [list(r) for r in s.rows], "remarks": list(s.remarks)}
        for s in sections
        if s.name in titles
    ]


def _remarks(sections: Sequence[Section]) -> list[str]:
    return [remark for s in sections if s.name == "outages" for remark in s.remarks]


def _title(run: RunLike) -> str:
    scenario, header = run.scenario, run.trace.header
    return scenario.title or scenario.name or header.scenario or "A run"


def run_page(run: RunLike) -> str:
    """Return the report of a run as the text of an HTML page.

    It needs nothing beside itself, and the same run gives the same bytes.
    """
    title, header = _title(run), run.trace.header
    sections = run.sections(_ROWS_MAX)
    model = run.model
    context = {
        "title": title,
        "kicker": f"{'Run of ' + model.name if model is not None else 'Saved run'}",
        "facts": [
            ("Heartbeat", header.dialect),
            ("seed", str(run.seed)),
            ("lasts", time_text(run.trace.end)),
            ("records", str(len(run.trace))),
            ("digest", run.digest),
        ],
        "verdict": verdict(run),
        "view": view("run", run.trace, run.violations, run.outage, title, LINES_MAX),
        "breakdown": breakdown(run.outage, "run"),
        "remarks": _remarks(sections),
        "evidence": evidence(run.trace, run.violations),
        "violations": len(run.violations),
        "tables": _tables(sections),
        "topology": "" if model is None else bare(topology_svg(model.site), "topology"),
        "configuration": None if model is None else configuration(model),
        "provenance": provenance(run),
        "again": again(run),
        "notes": [*run.warnings, *run.notes],
        "trace_file": _TRACE_FILE,
    }
    return page("run.html.j2", context)


def write_run(run: RunLike, path: str | PathLike[str]) -> Path:
    """Write the report of a run into a folder, its trace and its scenario beside it.

    Raises
    ------
    ConfigError
        Where it cannot be written.
    """
    header = header_line(Mask().header(run.trace.header))
    lines = "".join(f"{line}\n" for line in (header, *run.trace.lines()))
    beside = {_TRACE_FILE: compressed(lines)}
    if run.model is not None and run.needs_file():
        text = Mask().code(run.scenario_text(), run.model.edits)
        beside[SCENARIO_FILE] = text.encode()
    return write_report(path, run_page(run), beside)
