"""The command ``hasim conform``: the comparison itself lives in the library."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from hasim.cli.output import write_lines
from hasim.errors import ConfigError, Problem

__all__ = ["conform_command"]


def conform_command(recordings: Sequence[str], judge: str | None, json: bool) -> int:
    """Replay recordings, show how far they agree, and return the exit code."""
    from hasim.conform import check

    if judge is not None and not Path(judge).is_dir():
        text, remedy = (
            "no such folder",
            "give the folder that holds the judge, or leave --judge out",
        )
        raise ConfigError([Problem(f"--judge {judge}", None, "ERROR", text, remedy)])
    report = check(recordings, judge)
    write_lines((report.to_json() if json else str(report)).splitlines())
    return 0 if report.ok else 1
