"""What ``hasim conform`` found, as text for people, as JSON, and as part of a document."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from hasim.conform.compare import Agreement
from hasim.conform.report import BARS, Report
from hasim.errors import ConfigError, Problem

__all__ = ["BEGIN", "END", "report_json", "report_lines", "report_tables", "write_document"]

#: Between these lines of a document the tables are written.
BEGIN = "<!-- figures: written by hasim conform --write -->"
END = "<!-- end of figures -->"
_COUNTS = ("exact", "tie", "carried", "wrong")
_SHARES = (*_COUNTS, "same", "equal", "ordered", "pins")
_SHOWN = 12


def report_json(report: Report) -> str:
    """Return all figures as one JSON object."""
    rows = [
        {"recording": f"{r.name}/{r.run}", "same": r.same, "equal": r.equal,
         "ordered": r.ordered, "pins": dict(r.pins), **dict(r.counts),
         "odd": [str(o) for o in r.odd]}
        for r in report.results
    ]  # fmt: skip
    verdict = report.verdict
    judge = None if verdict is None else {k: v for k, v in verdict.items() if k != "runs"}
    data = {
        "figures": report.figures, "missed": report.missed, "runs": rows, "free": report.free,
        "skipped": [list(s) for s in report.skipped], "judge": judge,
    }  # fmt: skip
    return json.dumps(data, indent=1)


def _by_scenario(results: Iterable[Agreement]) -> dict[str, list[Agreement]]:
    by: dict[str, list[Agreement]] = defaultdict(list)
    for result in results:
        by[result.name].append(result)
    return by


def report_lines(report: Report) -> list[str]:
    """Return the report for people, line by line."""
    heads = " ".join(f"{h:>7}" for h in ("events", *_COUNTS))
    lines = [f"{'recordings':36} {'runs':>4} {'same':>4} {'equal':>5} {heads}"]
    for name, rows in _by_scenario(report.results).items():
        counts = [sum(r.counts[k] for r in rows) for k in _COUNTS]
        row = " ".join(f"{c:7}" for c in (sum(counts), *counts))
        same, equal = sum(r.same for r in rows), sum(r.equal for r in rows)
        lines.append(f"{name:36} {len(rows):4} {same:4} {equal:5} {row}")
    if len(report.results) <= _SHOWN:
        lines += [f"{r.name}/{r.run}: {odd}" for r in report.results for odd in r.odd]
    lines += [f"left out: {text}" for text in _reasons(report)]
    figures = report.figures
    shares = ", ".join(f"{k} {figures[k]:.1%}" for k in _SHARES)
    lines.append(f"{int(figures['runs'])} runs, {int(figures['events'])} events: {shares}")
    if report.verdict is not None:
        lines += [f"judge: {text}" for text in _verdict(report.verdict)]
    missed = ", ".join(report.missed) or "no runs"
    lines.append("conform: " + ("agrees" if report.ok else f"missed: {missed}"))
    return lines


def _reasons(report: Report) -> list[str]:
    """Return what was left out and why, scenarios of one reason together."""
    by: dict[str, Counter[str]] = defaultdict(Counter)
    for name, why in report.skipped:
        by[why][name.partition("/")[0]] += 1
    return [f"{why}: {', '.join(names)} ({names.total()} recordings)" for why, names in by.items()]


def _verdict(verdict: dict[str, Any]) -> list[str]:
    """Return what the judge says, a few lines for each test it was asked for."""
    word = {True: "pass", False: "FAIL"}
    lines = []
    a, b, c, d = (verdict.get(k) for k in "ABCD")
    if a and a["runs"]:
        lines.append(
            f"A {word[a['pass']]}: {a['runs']} runs, sequences equal {a['equal']:.1%}, "
            f"exact {a['exact']:.1%}, ties {a['tie']}, carried {a['carried']:.1%}, "
            f"wrong {a['wrong']:.1%}, order {a['order']}, runs with bad pins {a['bad_pins']}, "
            f"never equal {len(a['never_equal'])}; missed: {', '.join(a['why']) or 'nothing'}"
        )
        lines += [
            f"  deaths at the early wake, {k}: recorded {v['recorded']}, "
            f"simulated {v['simulated']} of {v['n']} (p {v['p']:.2g})"
            for k, v in a.get("early", {}).items()
        ]
    if b:
        lines.append(
            f"B {word[b['pass']]}: {b['scenarios']} scenarios, failed {len(b['failed'])}"
            f"{': ' if b['failed'] else ''}{' '.join(b['failed'])}; unsettled classes "
            f"{b['unsettled']}, scenarios with too few runs {len(b['thin'])}"
        )
    if c:
        lines.append(
            f"C {word[c['pass']]}: latencies without counterpart {c['uncovered']:.1%}, "
            f"scenarios with too few runs {len(c['thin'])}"
        )
        lines += [
            f"  {kind}: n {v['n']}, p {v['p_holm']:.2g}, median error "
            f"{v['median_error']:+.3f} s {v['interval']} {word[v['pass']]}"
            for kind, v in c["rows"].items()
        ]
    if d:
        lines.append(
            f"D {word[d['pass']]}: "
            + (d.get("why") or f"recall {d['recall']}, precision {d['precision']}, "
               f"intervals {d['intervals']} ({d['source']})")
        )  # fmt: skip
    lines.append(f"verdict on {verdict['tests']}: {word[verdict['pass']]}")
    return lines


def report_tables(report: Report) -> list[str]:
    """Return the figures as Markdown, line by line."""
    figures = report.figures
    lines = [
        f"{int(figures['runs'])} recordings replayed, {int(figures['events'])} decisions:",
        "",
        "| | found | bar |",
        "|---|---|---|",
    ]
    names = {
        "exact": "exact, of events not carried", "tie": "tie", "carried": "carried",
        "wrong": "wrong", "same": "runs with the same events",
        "equal": "runs with equal sequences, order included",
        "ordered": "runs in the recorded order", "pins": "runs with facts left or missing",
    }  # fmt: skip
    lines += [
        f"| {text} | {figures[key]:.1%} | {f'{BARS[key]:.1%}' if key in BARS else ''} |"
        for key, text in names.items()
    ]
    if report.verdict is not None:
        lines += ["", *_judge_tables(report)]
    return [*lines, "", "Left out:", "", *(f"- {text}" for text in _reasons(report))]


def _judge_tables(report: Report) -> list[str]:
    verdict = report.verdict
    assert verdict is not None
    lines = [f"The judge, {report.free} free runs:", ""]
    lines += [
        f"- {text}" if text[0] != " " else f"  - {text.strip()}" for text in _verdict(verdict)
    ]
    head = "| scenario | runs | equal | exact | tie | carried | wrong | B | recall | precision |"
    lines += ["", head, "|---" * 10 + "|"]
    for name, row in sorted(verdict["scenarios"].items()):
        a, b, d = (row.get(k) for k in "ABD")
        cells = [name, str(row["runs"])]
        keys = ("equal", "exact", "tie", "carried", "wrong")
        cells += [str(a[k]) for k in keys] if a and a["runs"] else [""] * 5
        cells.append({True: "pass", False: "FAIL"}[b["pass"]] if b else "")
        cells += [f"{d['recall']:.3f}", f"{d['precision']:.3f}"] if d else ["", ""]
        lines.append("| " + " | ".join(cells) + " |")
    return lines


def write_document(path: Path, report: Report) -> None:
    """Write the figures into a document, between its two marks.

    Raises
    ------
    ConfigError
        If the document cannot be read, or has no marks.
    """
    try:
        head, begin, rest = path.read_text(encoding="utf-8").partition(BEGIN)
    except (OSError, UnicodeDecodeError) as x:
        raise ConfigError([Problem(str(path), None, "ERROR", str(x), "name a document")]) from None
    _, end, tail = rest.partition(END)
    if not begin or not end:
        why = "no marks for the figures"
        remedy = f"put the lines {BEGIN} and {END} where they belong"
        raise ConfigError([Problem(str(path), None, "ERROR", why, remedy)])
    tables = "\n".join(report_tables(report))
    path.write_text(f"{head}{BEGIN}\n\n{tables}\n\n{END}{tail}", encoding="utf-8")
