"""Commands that run a cluster many times: searches and tables."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from hasim.cli.completing import complete_phases, complete_property
from hasim.cli.flags import Dialect, Families, Jobs, Json, ModelPath, Quiet, Sets
from hasim.cli.made import ReportFolder

__all__ = ["check", "matrix", "replay"]


def check(
    path: ModelPath,
    budget: Annotated[
        str | None, typer.Option("--for", metavar="TIME", help="How long to search; default 60s.")
    ] = None,
    examples: Annotated[
        int | None, typer.Option("--examples", metavar="N", help="How many schedules to try.")
    ] = None,
    property_: Annotated[
        list[str] | None,
        typer.Option(
            "--property",
            metavar="NAME",
            help="What to look for, any number of times; MODULE:FUNCTION is one of your own.",
            autocompletion=complete_property,
        ),
    ] = None,
    families: Families = None,
    window: Annotated[
        str | None, typer.Option("--window", metavar="TIME", help="Faults begin before this.")
    ] = None,
    most: Annotated[
        int, typer.Option("--most", metavar="N", help="Faults in a schedule at most.")
    ] = 5,
    seed: Annotated[int, typer.Option("--seed", help="Seed of the schedules.")] = 0,
    jobs: Annotated[
        int | None, typer.Option("--jobs", metavar="N", help="Processes at work; default: all.")
    ] = None,
    set_: Sets = None,
    dialect: Dialect = None,
    results: Annotated[
        str, typer.Option("--results", metavar="DIR", help="Where results go; '' for nowhere.")
    ] = "results",
    report: ReportFolder = None,
    json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Search fault schedules for a violated property, and make what is found small.

    What failed before is tried first. The folder of the results holds, for each property that is
    violated, the smallest schedule as a scenario and as Python, the log around it, a timeline, the
    messages, and the trace.

    \b
    Examples:
      hasim check models/webdata --for 60s
      hasim check models/webdata --set "stonith_host=* apcmaster pdu" --examples 2000
      hasim check /etc/ha.d --property at-most-one-mounter --families network,power
    """  # noqa: D301
    from hasim.cli.searching import Searched, check_command

    asked = Searched(
        path, set_ or (), dialect, budget, examples, property_ or (), families or (), window, most,
        seed, jobs, results, report,
    )  # fmt: skip
    raise typer.Exit(check_command(asked, json, quiet))


def replay(
    path: Annotated[str, typer.Argument(metavar="RESULTS", help="A folder of a search.")],
    model: Annotated[
        str | None, typer.Option("--model", metavar="PATH", help="Where the model is now.")
    ] = None,
    report: ReportFolder = None,
    json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Run again what a search has found, and compare byte by byte.

    \b
    Example:
      hasim replay results/latest
    """  # noqa: D301
    from hasim.cli.searching import replay_command

    raise typer.Exit(replay_command(path, model, json, quiet, report))


def matrix(
    path: ModelPath,
    pairs: Annotated[
        bool, typer.Option("--pairs/--no-pairs", help="Whether pairs of kinds are tried as well.")
    ] = True,
    families: Families = None,
    kinds: Annotated[
        list[str] | None,
        typer.Option("--kinds", metavar="A,B", help="Kinds of faults, such as 'cut,kill all'."),
    ] = None,
    phases: Annotated[
        list[str] | None,
        typer.Option(
            "--phases",
            metavar="A,B",
            help="Phases, such as settled,takeover.",
            autocompletion=complete_phases,
        ),
    ] = None,
    instants: Annotated[
        int, typer.Option("--instants", metavar="N", help="Instants of each phase.")
    ] = 2,
    seed: Annotated[int, typer.Option("--seed", help="The first seed.")] = 0,
    seeds: Annotated[int, typer.Option("--seeds", metavar="N", help="How many seeds.")] = 1,
    jobs: Jobs = None,
    set_: Sets = None,
    dialect: Dialect = None,
    for_: Annotated[
        str | None,
        typer.Option("--for", metavar="TIME", help="How long at most; the rest is left out."),
    ] = None,
    report: ReportFolder = None,
    json: Annotated[bool, typer.Option("--json", help="A JSON object for each cell.")] = False,
    csv: Annotated[bool, typer.Option("--csv", help="A line of CSV for each cell.")] = False,
    quiet: Quiet = False,
) -> None:
    """Try every single fault in every phase of the cluster, then every pair of kinds.

    The table says what users lose by each: nothing, a takeover of so many seconds, an outage until
    somebody mends it; and whether two nodes mount a disk, or the cluster never settles again. It
    ends with what was covered. Exit code 1: a property was violated somewhere.

    \b
    Examples:
      hasim matrix models/webdata
      hasim matrix models/webdata --kinds "power-off node,kill all" --no-pairs
      hasim matrix /etc/ha.d --set deadtime=10 --instants 4 --seeds 3 --for 10m --csv > matrix.csv
    """  # noqa: D301
    from hasim.cli.matrix import MatrixFlags, matrix_command

    names = families or (), kinds or (), phases or ()
    flags = MatrixFlags(
        path, set_ or (), dialect, *names, instants, pairs, seed, seeds, jobs, for_, report
    )  # fmt: skip
    raise typer.Exit(matrix_command(flags, json, csv, quiet, sys.stdout.isatty()))
