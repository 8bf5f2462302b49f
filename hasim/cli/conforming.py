"""The command ``hasim conform``: the comparison itself lives in the library."""

from __future__ import annotations

from collections.abc import Sequence

from hasim.cli.output import write_lines

__all__ = ["conform_command"]


def conform_command(recordings: Sequence[str], judge: str | None, json: bool) -> int:
    """Replay recordings, show how far they agree, and return the exit code."""
    from hasim.conform import check

    report = check(recordings, judge)
    write_lines((report.to_json() if json else str(report)).splitlines())
    return 0 if report.ok else 1
