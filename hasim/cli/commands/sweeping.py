"""Commands that run many times and tell how often what comes out."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from hasim.cli.completing import complete_scenario
from hasim.cli.flags import Dialect, Faults, Jobs, ModelPath, Quiet, Until

__all__ = ["sweep"]


def sweep(
    path: ModelPath,
    set_: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="K=V,V...", help="A directive of ha.cf with its values."),
    ] = None,
    fault: Faults = None,
    each: Annotated[
        bool, typer.Option("--each", help="Each --fault is a schedule of its own, and swept.")
    ] = False,
    scenario: Annotated[
        list[str] | None,
        typer.Option(
            "--scenario",
            help="A scenario, by name or file; several are swept.",
            autocompletion=complete_scenario,
        ),
    ] = None,
    seed: Annotated[int, typer.Option("--seed", help="The first seed.")] = 0,
    seeds: Annotated[int, typer.Option("--seeds", metavar="N", help="How many seeds.")] = 200,
    until: Until = None,
    spread: Annotated[
        str | None,
        typer.Option("--spread", metavar="TIME", help="Move starts and faults by up to so much."),
    ] = None,
    jobs: Jobs = None,
    skip_refused: Annotated[
        bool, typer.Option("--skip-refused", help="Leave out what the daemon would refuse.")
    ] = False,
    dialect: Dialect = None,
    csv: Annotated[
        str | None, typer.Option("--csv", metavar="FILE", help="Write every row; - is stdout.")
    ] = None,
    parquet: Annotated[
        str | None, typer.Option("--parquet", metavar="FILE", help="Write every row as Parquet.")
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="A JSON object for each row.")] = False,
    quiet: Quiet = False,
) -> None:
    """Run every point of a grid of directives, faults and scenarios under many seeds.

    The table says how long users are without the service at each point: quantiles over the seeds,
    and how many runs have an outage to the end, a false takeover, a violated property. Exit code
    1: a property was violated somewhere.

    \b
    Examples:
      hasim sweep models/webdata --set deadtime=5,10,30 --fault "60s power-off node1"
      hasim sweep models/webdata --set keepalive=1,2 --fault "60s lose 30% node1:eth1" --csv -
      hasim sweep models/webdata --scenario power-loss --scenario heal --seeds 50 --jobs 2
    """  # noqa: D301
    from hasim.cli.sweeping import SweepFlags, sweep_command

    flags = SweepFlags(
        path, set_ or (), fault or (), each, scenario or (), seed, seeds, until, spread, jobs,
        skip_refused, dialect, csv, parquet,
    )  # fmt: skip
    raise typer.Exit(sweep_command(flags, json, quiet, sys.stdout.isatty()))
