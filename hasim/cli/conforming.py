"""The command ``hasim conform``: the comparison itself lives in the library."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from hasim.cli.output import write_lines
from hasim.cli.terminal import Bar
from hasim.errors import ConfigError, Problem

__all__ = ["conform_command"]

_TESTS = "ABCD"


def conform_command(
    recordings: Sequence[str],
    judge: str | None,
    json: bool,
    *,
    tests: str = "A",
    runs: int = 400,
    jobs: int = 1,
    only: str = "*",
    write: str | None = None,
) -> int:
    """Replay recordings, show how far they agree, and return the exit code."""
    from hasim.conform import check, report_json, report_lines, write_document

    problems = []
    if judge is not None and not Path(judge).is_dir():
        remedy = "give the folder that holds the judge, or leave --judge out"
        problems.append(Problem(f"--judge {judge}", None, "ERROR", "no such folder", remedy))
    if not tests or not set(tests) <= set(_TESTS):
        remedy = f"give some of {_TESTS}"
        problems.append(Problem(f"--tests {tests}", None, "ERROR", "no such test", remedy))
    for name, value in (("--runs", runs), ("--jobs", jobs)):
        if value < 1:
            why, remedy = "not a positive number", "give 1 or more"
            problems.append(Problem(f"{name} {value}", None, "ERROR", why, remedy))
    if write is not None and not Path(write).is_file():
        remedy = "name an existing document with the two marks"
        problems.append(Problem(f"--write {write}", None, "ERROR", "no such file", remedy))
    if problems:
        raise ConfigError(problems)
    with Bar("recordings") as bar:
        report = check(
            recordings, judge, tests=tests, runs=runs, jobs=jobs, only=only, progress=bar.show
        )
    if write is not None:
        write_document(Path(write), report)
    write_lines(report_json(report).splitlines() if json else report_lines(report))
    return 0 if report.ok else 1
