"""Findings and rules as text, as JSON, and as the chapters of the documentation."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Iterable, Iterator
from dataclasses import asdict

from hasim.errors import ConfigError, Problem, nearest
from hasim.lint.engine import Linted
from hasim.lint.rule import SEVERITIES, Finding, Rule
from hasim.lint.rules import CHAPTERS, RULES
from hasim.site.tables import shown

__all__ = ["as_json", "as_text", "counts", "explained", "listed", "rule_chapters"]


def as_text(findings: Iterable[Finding], *, remedies: bool = True) -> Iterator[str]:
    """Yield a line for each finding, and an indented one with its remedy."""
    for finding in findings:
        yield str(finding)
        if remedies:
            yield f"    {finding.remedy}"


def as_json(findings: Iterable[Finding]) -> Iterator[str]:
    """Yield a JSON object for each finding, with the fields of :class:`~hasim.lint.Finding`."""
    for finding in findings:
        yield json.dumps(asdict(finding), ensure_ascii=False)


def _number(count: int, word: str, several: str) -> str:
    return f"{count} {word if count == 1 else several}"


def counts(linted: Iterable[Linted], findings: Iterable[Finding]) -> str:
    """Return a line that counts findings by severity, folders, and what comments silence."""
    every, told = list(linted), list(findings)
    plural = {"error": "errors", "warning": "warnings", "advice": "pieces of advice"}
    single = {"error": "error", "warning": "warning", "advice": "piece of advice"}
    parts = [_number(sum(f.severity == s for f in told), single[s], plural[s]) for s in SEVERITIES]
    silenced = sum(one.silenced for one in every)
    tail = f", {silenced} silenced by comments" if silenced else ""
    return f"{', '.join(parts)} in {_number(len(every), 'folder', 'folders')}{tail}"


def listed(*, json_lines: bool = False) -> Iterator[str]:
    """Yield a row for each rule: its identifier, severity and title; as JSON all that is said."""
    if json_lines:
        fields = ("id", "severity", "title", "why", "source", "remedy", "hardware")
        for rule in RULES.values():
            yield json.dumps({name: getattr(rule, name) for name in fields}, ensure_ascii=False)
        return
    width = max(map(len, RULES))
    for rule in RULES.values():
        yield f"{rule.id:{width}}  {rule.severity:7}  {rule.title}"


def explained(name: str) -> Iterator[str]:
    """Yield the documentation of a rule.

    Raises
    ------
    ConfigError
        For a rule that there is not.
    """
    if name not in RULES:
        text = f"there is no rule {shown(name)}{nearest(name, RULES)}"
        raise ConfigError([Problem("--explain", None, "ERROR", text, "see hasim lint --rules")])
    rule = RULES[name]
    yield f"{rule.id}: {rule.severity}"
    yield ""
    yield f"{rule.title}."
    for head, text in _parts(rule):
        yield ""
        yield from _wrapped(head + text, 88)


def _wrapped(text: str, width: int) -> list[str]:
    return textwrap.wrap(text, width, break_long_words=False, break_on_hyphens=False)


def _parts(rule: Rule) -> Iterator[tuple[str, str]]:
    yield "", rule.why
    yield "What to do: ", f"{rule.remedy}."
    yield "Source: ", f"{rule.source}."
    if rule.hardware:
        yield "", "Judged only where there is a site.toml."


def rule_chapters() -> str:
    """Return the table of all rules and a section for each, in Markdown."""
    lines = ["| rule | severity | says |", "|---|---|---|"]
    lines += [f"| [`{r.id}`](#{r.id}) | {r.severity} | {r.title} |" for r in RULES.values()]
    for chapter, rules in CHAPTERS.items():
        lines += ["", f"### {chapter}"]
        for rule in rules:
            lines += ["", f"#### {rule.id}", "", f"*{rule.severity}.* {rule.title}.", ""]
            paragraphs = [_wrapped(head + text, 100) for head, text in _parts(rule)]
            lines += [line for p in paragraphs for line in (*p, "")][:-1]
    return "\n".join(lines) + "\n"
