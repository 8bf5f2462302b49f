"""The commands and their flags; what they do is imported when they run, so that help is fast."""

from __future__ import annotations

import sys
from enum import StrEnum
from typing import Annotated

import typer

from hasim.cli.flags import (
    MermaidFile,
    PerfettoFile,
    ReportFolder,
    TableFolder,
    TableFormat,
    TableKind,
)
from hasim.cli.output import write_lines
from hasim.version import VERSION

__all__ = [
    "FailOn", "LogFormat", "app", "check", "conform", "init", "lint", "matrix", "models",
    "replay", "run", "why",
]  # fmt: skip


class LogFormat(StrEnum):
    """Formats of a log."""

    syslog = "syslog"
    ha_log = "ha-log"
    journal = "journal"


class FailOn(StrEnum):
    """From which severity on findings make the exit code 1."""

    error = "error"
    warning = "warning"
    advice = "advice"


app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)

_Path = Annotated[str, typer.Argument(metavar="PATH", help="A model folder, or an /etc/ha.d.")]
_Scenario = Annotated[
    str | None,
    typer.Option("--scenario", help="A scenario of the model, by name; or a file, *.toml."),
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
_Timeline = Annotated[
    str | None,
    typer.Option("--timeline", metavar="FILE.svg", help="Draw who was in which state when."),
]
_Messages = Annotated[
    str | None,
    typer.Option(
        "--messages",
        metavar="FILE.svg",
        help="Draw the messages between nodes; implies --packets.",
    ),
]
_Window = Annotated[
    str | None,
    typer.Option("--window", metavar="A..B", help="Part of the run to draw, such as 60s..2m."),
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

    Exit codes: 0 as expected, 1 a property was violated that no expectation names, an expectation
    was missed, or lint has findings, 2 bad input or not simulated, 70 a defect of hasim.
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
    timeline: _Timeline = None,
    messages: _Messages = None,
    window: _Window = None,
    report: ReportFolder = None,
    perfetto: PerfettoFile = None,
    mermaid: MermaidFile = None,
    tables: TableFolder = None,
    table_format: TableKind = TableFormat.csv,
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
      hasim run models/webdata --scenario heal --timeline heal.svg --messages talk.svg
      hasim run models/webdata --scenario heal --report heal/ --perfetto heal.json
    """  # noqa: D301
    from hasim.cli.exports import Exports
    from hasim.cli.pictures import Pictures
    from hasim.cli.simulate import Asked, run_command

    asked = Asked(path, scenario, fault or (), set_ or (), seed, until, dialect)
    pictures = Pictures(timeline, messages, window)
    exports = Exports(report, perfetto, mermaid, window, tables, table_format.value)
    code = run_command(asked, format.value, node, json, quiet, packets, pictures, exports)
    raise typer.Exit(code)


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
def check(
    path: _Path,
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
        ),
    ] = None,
    families: Annotated[
        list[str] | None,
        typer.Option("--families", metavar="A,B", help="Families of faults, such as power,hang."),
    ] = None,
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
    set_: _Set = None,
    dialect: _Dialect = None,
    results: Annotated[
        str, typer.Option("--results", metavar="DIR", help="Where results go; '' for nowhere.")
    ] = "results",
    report: ReportFolder = None,
    json: _Json = False,
    quiet: _Quiet = False,
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


@app.command()
def replay(
    path: Annotated[str, typer.Argument(metavar="RESULTS", help="A folder of a search.")],
    model: Annotated[
        str | None, typer.Option("--model", metavar="PATH", help="Where the model is now.")
    ] = None,
    report: ReportFolder = None,
    json: _Json = False,
    quiet: _Quiet = False,
) -> None:
    """Run again what a search has found, and compare byte by byte.

    \b
    Example:
      hasim replay results/latest
    """  # noqa: D301
    from hasim.cli.searching import replay_command

    raise typer.Exit(replay_command(path, model, json, quiet, report))


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
    report: ReportFolder = None,
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
    flags = MatrixFlags(
        path, set_ or (), dialect, *names, instants, pairs, seed, seeds, jobs, for_, report
    )
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
def lint(
    paths: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="MODEL...", help="Folders, or their files; of each folder all files count."
        ),
    ] = None,
    rule: Annotated[
        list[str] | None,
        typer.Option("--rule", metavar="ID", help="This rule only; any number of times."),
    ] = None,
    ignore: Annotated[
        list[str] | None,
        typer.Option("--ignore", metavar="ID", help="Not this rule; any number of times."),
    ] = None,
    fail_on: Annotated[
        FailOn, typer.Option("--fail-on", help="Exit with 1 from this severity on.")
    ] = FailOn.warning,
    rules: Annotated[bool, typer.Option("--rules", help="List all rules.")] = False,
    explain: Annotated[
        str | None, typer.Option("--explain", metavar="ID", help="Tell what a rule is about.")
    ] = None,
    dialect: _Dialect = None,
    json: Annotated[bool, typer.Option("--json", help="Findings as JSON Lines.")] = False,
    quiet: Annotated[
        bool, typer.Option("--quiet", "-q", help="No remedies, no remarks on standard error.")
    ] = False,
) -> None:
    """Judge configurations: the daemon's own checks, and advice with its reason.

    Findings go to standard output, one a line with its place, what to do about it below. Exit
    codes: 0 nothing as grave as --fail-on, 1 such findings, 2 bad input. A comment "# hasim: ignore
    ID" silences a finding.

    \b
    Examples:
      hasim lint /etc/ha.d
      hasim lint models/webdata --ignore logd-disabled --fail-on error
      hasim lint --explain one-medium
    """  # noqa: D301
    from hasim.cli.linting import lint_command, rules_command

    if rules or explain is not None:
        raise typer.Exit(rules_command(explain, json))
    code = lint_command(paths or (), rule or (), ignore or (), fail_on.value, dialect, json, quiet)
    raise typer.Exit(code)


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
