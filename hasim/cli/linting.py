"""The command ``hasim lint``: the rules themselves live in the library."""

from __future__ import annotations

from collections.abc import Sequence

from hasim.cli.output import complain, write_lines
from hasim.cli.terminal import paint_result
from hasim.errors import ConfigError, HasimError, Problem
from hasim.lint import (
    Finding,
    Linted,
    Severity,
    as_json,
    as_text,
    chosen,
    counts,
    explained,
    folders_of,
    lint_folder,
    listed,
    reaches,
)

__all__ = ["lint_command", "rules_command"]


def rules_command(explain: str | None, json: bool) -> int:
    """Write all rules, a row each, or the documentation of one."""
    write_lines(listed(json_lines=json) if explain is None else explained(explain))
    return 0


def lint_command(
    paths: Sequence[str],
    only: Sequence[str],
    ignored: Sequence[str],
    threshold: Severity,
    dialect: str | None,
    json: bool,
    quiet: bool,
) -> int:
    """Judge folders, each once, and return the exit code.

    What cannot be judged does not keep the others from being judged, but the exit code is 2.
    """
    chosen((), only, ignored)  # refuses unknown rules before any work
    if not paths:
        text, remedy = "no folder is given", "write 'hasim lint /etc/ha.d', or one of its files"
        raise ConfigError([Problem("hasim lint", None, "ERROR", text, remedy)])
    broken: list[HasimError] = []
    folders: dict[str, None] = {}
    for path in paths:
        try:
            folders |= dict.fromkeys(folders_of(path))
        except ConfigError as x:
            broken.append(x)
    done: dict[str, Linted] = {}
    for folder in folders:
        try:
            done[folder] = lint_folder(folder, dialect)
        except ConfigError as x:
            broken.append(x)
    broken += [ConfigError(one.unreadable) for one in done.values() if one.unreadable]
    told: list[Finding] = []
    for one in done.values():
        told += chosen(one.findings, only, ignored)
    write_lines(as_json(told) if json else paint_result(as_text(told, remedies=not quiet)))
    if not quiet:
        _remarks(done, told)
    for error in dict.fromkeys(map(str, broken)):
        complain(error)
    if broken:
        return 2
    return 1 if reaches(told, threshold) else 0


def _remarks(done: dict[str, Linted], told: Sequence[Finding]) -> None:
    """Say what was not judged, once for all folders it holds for, and count."""
    notes: dict[str, list[str]] = {}
    for folder, one in done.items():
        for note in one.notes:
            notes.setdefault(note, []).append(folder)
    for note, folders in notes.items():
        more = f" and {len(folders) - 3} more" if len(folders) > 3 else ""
        complain(f"{', '.join(folders[:3])}{more}: {note}")
    if done:
        complain(counts(done.values(), told))
