"""From a folder to its findings."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from hasim.config import DIALECTS
from hasim.errors import ConfigError, Problem, nearest
from hasim.folder import Sources, read_sources
from hasim.lint.folders import nothing_in
from hasim.lint.rule import SEVERITIES, Finding, Hit, Rule, Severity
from hasim.lint.rules import RULES, UNUSED
from hasim.lint.subject import subject_of
from hasim.lint.suppress import apply, suppressions
from hasim.site.tables import shown

__all__ = ["Linted", "chosen", "lint_folder", "lint_sources", "reaches"]


@dataclass(frozen=True, slots=True)
class Linted:
    """What the rules say about a folder.

    Parameters
    ----------
    findings : tuple of Finding
        By file, line and rule.
    notes : tuple of str
        What was not judged, and why, a sentence each.
    silenced : int
        Findings that comments silence.
    unreadable : tuple of Problem
        Files that are there and could not be read; they count as missing.
    """

    findings: tuple[Finding, ...] = ()
    notes: tuple[str, ...] = ()
    silenced: int = 0
    unreadable: tuple[Problem, ...] = ()


def _found(rule: Rule, hit: Hit, owners: Mapping[str, str]) -> Finding:
    """Return a hit as a finding; one in a file of a single node concerns that node."""
    file, line = hit.place
    node = hit.node if hit.node is not None else owners.get(file)
    text, remedy = _plain(hit.text), _plain(hit.remedy or rule.remedy)
    return Finding(rule.id, rule.severity, file, line, node, text, remedy)


def _plain(text: str) -> str:
    """Return a text of a file fit for one line: without ends of lines and other control codes."""
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() else ascii(c)[1:-1] for c in text)


def _order(finding: Finding) -> tuple[str, int, str, str, str]:
    return finding.file, finding.line or 0, finding.rule, finding.node or "", finding.text


def lint_sources(sources: Sources, dialect: str | None = None) -> Linted:
    """Judge the texts of a folder by every rule.

    Parameters
    ----------
    dialect : str, optional
        Heartbeat version; None: the site's, else 3.0.6.

    Raises
    ------
    ConfigError
        For an unknown dialect; never for anything in the files.
    """
    if dialect is not None and dialect not in DIALECTS:
        text = f"unknown dialect {shown(dialect)}{nearest(dialect, DIALECTS)}"
        raise ConfigError([Problem("--dialect", None, "ERROR", text, f"{', '.join(DIALECTS)}")])
    subject = subject_of(sources, dialect)
    judged = [r for r in RULES.values() if subject.site is not None or not r.hardware]
    owners = {f.file: node for node, files in sources.own.items() for f in files.values()}
    hits = ((rule, hit) for rule in judged for hit in rule.check(subject))
    found = dict.fromkeys(_found(rule, hit, owners) for rule, hit in hits)
    unjudged = [] if subject.site is not None else [r.id for r in RULES.values() if r.hardware]
    kept, unused, silenced = apply(found, suppressions(sources), RULES, unjudged)
    kept += [_found(UNUSED, hit, owners) for hit in unused]
    notes = []
    if sources.site is None:
        count = len(unjudged)
        notes.append(
            f"no site.toml: {count} rules about hardware (power, cables, STONITH plugs, single "
            "points of failure) are not judged; 'hasim init' writes one to begin with"
        )
    elif subject.site is None:
        notes.append("site.toml cannot be used: the rules about hardware are not judged")
    return Linted(tuple(sorted(kept, key=_order)), tuple(notes), silenced)


def lint_folder(path: str | Path, dialect: str | None = None) -> Linted:
    """Judge a folder by every rule, whatever is missing or wrong in it.

    Parameters
    ----------
    path : str or Path
        Folder with some of ``ha.cf``, ``haresources``, ``authkeys``, ``site.toml`` and
        ``config/NODE/``; a model folder or an ``/etc/ha.d``.
    dialect : str, optional
        Heartbeat version; None: the site's, else 3.0.6.

    Raises
    ------
    ConfigError
        If there is no such folder, nothing to judge in it, or no such dialect.
    """
    sources, problems = read_sources(path)
    if not sources.common and not any(sources.own.values()) and sources.site is None:
        if not problems:
            problems = [nothing_in(path)]
        raise ConfigError(problems)
    done = lint_sources(sources, dialect)
    return Linted(done.findings, done.notes, done.silenced, tuple(problems))


def chosen(
    findings: Iterable[Finding], only: Sequence[str] = (), ignored: Sequence[str] = ()
) -> tuple[Finding, ...]:
    """Return the findings of some rules: of `only`, if it names any, and not of `ignored`.

    Raises
    ------
    ConfigError
        For a rule that there is not.
    """
    problems = [
        Problem(flag, None, "ERROR", f"there is no rule {shown(name)}{nearest(name, RULES)}")
        for flag, names in (("--rule", only), ("--ignore", ignored))
        for name in names
        if name not in RULES
    ]
    if problems:
        raise ConfigError(problems)
    return tuple(f for f in findings if f.rule not in ignored and (not only or f.rule in only))


def reaches(findings: Iterable[Finding], threshold: Severity) -> bool:
    """Tell whether any finding is as grave as a threshold, or graver."""
    grave = SEVERITIES[: SEVERITIES.index(threshold) + 1]
    return any(f.severity in grave for f in findings)
