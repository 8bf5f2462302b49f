"""Commands that compare with recordings of the real daemon."""

from __future__ import annotations

from typing import Annotated

import typer

from hasim.cli.flags import Json

__all__ = ["conform"]


def conform(
    recordings: Annotated[list[str], typer.Argument(metavar="RECORDING...", help="Recorded runs.")],
    judge: Annotated[
        str | None,
        typer.Option("--judge", metavar="DIR", help="Folder of the judge to ask as well."),
    ] = None,
    tests: Annotated[
        str,
        typer.Option(
            "--tests",
            metavar="ABCD",
            help="Which of the judge's tests; A: replays, B and C: free runs, D: lines.",
        ),
    ] = "A",
    runs: Annotated[
        int, typer.Option("--runs", metavar="N", help="Free runs a scenario, for B and C.")
    ] = 400,
    jobs: Annotated[int, typer.Option("--jobs", metavar="N", help="Processes at work.")] = 1,
    only: Annotated[
        str, typer.Option("--only", metavar="GLOB", help="Scenarios whose name matches.")
    ] = "*",
    write: Annotated[
        str | None,
        typer.Option("--write", metavar="FILE", help="Document to write the figures into."),
    ] = None,
    json: Json = False,
) -> None:
    """Replay recordings of the real daemon, and compare every decision.

    \b
    Example:
      hasim conform recordings/*.json.gz
    """  # noqa: D301
    from hasim.cli.conforming import conform_command

    code = conform_command(
        recordings, judge, json, tests=tests, runs=runs, jobs=jobs, only=only, write=write
    )
    raise typer.Exit(code)
