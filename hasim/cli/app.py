"""The commands and their flags; what they do is imported when they run, so that help is fast."""

from __future__ import annotations

import sys
from enum import StrEnum
from typing import Annotated

import typer

from hasim.cli.output import write_lines
from hasim.version import VERSION

__all__ = ["LogFormat", "app", "conform", "init", "matrix", "models", "run", "why"]


class LogFormat(StrEnum):
    """Formats of a log."""

    syslog = "syslog"
    ha_log = "ha-log"
    journal = "journal"


app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)

_Path = Annotated[str, typer.Argument(metavar="PATH", help="A model folder, or an /etc/ha.d.")]
_Scenario = Annotated[
    str | None, typer.Option("--scenario", help="A scenario of the model, by name.")
]
_Fault = Annotated[
    list[str] | None,
    typer.Option(
        "--fault", metavar="LINE", help="A fault line, any number of times; 'help' lists them."
    ),
]
_Set = Annotated[
    list[str] | None,
    typer.Option("--set", metavar="K=V", help="A directive of ha.cf changed for this run."),
]
_Seed = Annotated[int, typer.Option("--seed", help="Seed of all draws.")]
_Until = Annotated[
    str | None, typer.Option("--until", metavar="TIME", help="Horizon, such as 7m30s.")
]
_Dialect = Annotated[
    str | None,
    typer.Option("--dialect", help="Heartbeat version, behaviour and wording: 2.0.8 or 3.0.6."),
]
_Format = Annotated[LogFormat, typer.Option("--format", help="Format of the log.")]
_Json = Annotated[bool, typer.Option("--json", help="The result as JSON on standard output.")]
_Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Say only what needs attention.")]
_Packets = Annotated[
    bool, typer.Option("--packets", help="Record every packet in the trace that --json writes.")
]
_Node = Annotated[str | None, typer.Option("--node", help="The log of this node only.")]


def _version(wanted: bool) -> None:
    if wanted:
        write_lines([f"hasim {VERSION}"])
        raise typer.Exit


@app.callback()
def _main(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Say the version.")
    ] = False,
) -> None:
    """Simulate Linux-HA Heartbeat clusters in haresources mode.

    Results go to standard output, remarks to standard error.

    Exit codes: 0 as expected, 1 a property was violated that no expectation names, or an
    expectation was missed, 2 bad input or not simulated, 70 a defect of hasim.
    """


@app.command()
def run(
    path: _Path,
    scenario: _Scenario = None,
    fault: _Fault = None,
    set_: _Set = None,
    seed: _Seed = 0,
    until: _Until = None,
    dialect: _Dialect = None,
    format: _Format = LogFormat.syslog,
    node: _Node = None,
    packets: _Packets = False,
    json: _Json = False,
    quiet: _Quiet = False,
) -> None:
    """Run a scenario or faults: the merged log, and a summary on standard error.

    The summary says who held which group when, which outages its users saw and where their time
    went, which properties were violated, and what is not simulated.

    \b
    Examples:
      hasim run models/webdata --scenario test2-public-cable
      hasim run models/webdata --fault "5m cut node1:eth1 for 2m" --set deadtime=10
      hasim run models/webdata --fault "4m fail IPaddr start on node2" --fault "5m stop node1"
      hasim run /etc/ha.d --fault "60s power-off node1" --seed 7 --json > trace.jsonl
    """  # noqa: D301
    from hasim.cli.simulate import Asked, run_command

    asked = Asked(path, scenario, fault or (), set_ or (), seed, until, dialect)
    raise typer.Exit(run_command(asked, format.value, node, json, quiet, packets))


@app.command()
def why(
    path: _Path,
    text: Annotated[
        str, typer.Argument(metavar="TEXT", help="Part of a log line, or of a sentence.")
    ],
    scenario: _Scenario = None,
    fault: _Fault = None,
    set_: _Set = None,
    seed: _Seed = 0,
    until: _Until = None,
    dialect: _Dialect = None,
    json: _Json = False,
    quiet: _Quiet = False,
) -> None:
    """Tell why something happened: the chain of causes back to the first.

    \b
    Example:
      hasim why models/webdata --scenario power-loss "node node1: is dead"
    """  # noqa: D301
    from hasim.cli.simulate import Asked, why_command

    asked = Asked(path, scenario, fault or (), set_ or (), seed, until, dialect)
    raise typer.Exit(why_command(asked, text, json, quiet))


@app.command()
def matrix(
    path: _Path,
    pairs: Annotated[
        bool, typer.Option("--pairs/--no-pairs", help="Whether pairs of kinds are tried as well.")
    ] = True,
    families: Annotated[
        list[str] | None,
        typer.Option("--families", metavar="A,B", help="Families of faults, such as power,hang."),
    ] = None,
    kinds: Annotated[
        list[str] | None,
        typer.Option("--kinds", metavar="A,B", help="Kinds of faults, such as 'cut,kill all'."),
    ] = None,
    phases: Annotated[
        list[str] | None,
        typer.Option("--phases", metavar="A,B", help="Phases, such as settled,takeover."),
    ] = None,
    instants: Annotated[
        int, typer.Option("--instants", metavar="N", help="Instants of each phase.")
    ] = 2,
    seed: Annotated[int, typer.Option("--seed", help="The first seed.")] = 0,
    seeds: Annotated[int, typer.Option("--seeds", metavar="N", help="How many seeds.")] = 1,
    jobs: Annotated[
        int | None,
        typer.Option("--jobs", metavar="N", help="Processes at work; one a processor without it."),
    ] = None,
    set_: _Set = None,
    dialect: _Dialect = None,
    for_: Annotated[
        str | None,
        typer.Option("--for", metavar="TIME", help="How long at most; the rest is left out."),
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="A JSON object for each cell.")] = False,
    csv: Annotated[bool, typer.Option("--csv", help="A line of CSV for each cell.")] = False,
    quiet: _Quiet = False,
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
    flags = MatrixFlags(path, set_ or (), dialect, *names, instants, pairs, seed, seeds, jobs, for_)
    raise typer.Exit(matrix_command(flags, json, csv, quiet, sys.stdout.isatty()))


@app.command()
def init(path: _Path, dialect: _Dialect = None) -> None:
    """Write the site that is assumed for a folder, every guess a comment.

    \b
    Example:
      hasim init /etc/ha.d > /etc/ha.d/site.toml
    """  # noqa: D301
    from hasim.cli.models import init_command

    raise typer.Exit(init_command(path, dialect))


@app.command()
def models(
    path: Annotated[str, typer.Argument(metavar="[DIR]", help="Where the models are.")] = "models",
    json: _Json = False,
) -> None:
    """List the models of a folder and their scenarios.

    \b
    Example:
      hasim models
    """  # noqa: D301
    from hasim.cli.models import models_command

    raise typer.Exit(models_command(path, json, sys.stdout.isatty()))


@app.command()
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
    json: _Json = False,
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
