"""The commands and their flags; what they do is imported when they run, so that help is fast."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from hasim.cli.flags import (
    DialectFlag,
    FailOn,
    FaultFlag,
    FormatFlag,
    JsonFlag,
    LogFormat,
    MessagesFlag,
    NodeFlag,
    PacketsFlag,
    PathArgument,
    QuietFlag,
    ScenarioFlag,
    SeedFlag,
    SetFlag,
    TimelineFlag,
    UntilFlag,
    WindowFlag,
)
from hasim.cli.output import write_lines
from hasim.version import VERSION

__all__ = [
    "app", "check", "conform", "init", "lint", "matrix", "models", "replay", "run", "sweep", "why",
]  # fmt: skip


app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)


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
    path: PathArgument,
    scenario: ScenarioFlag = None,
    fault: FaultFlag = None,
    set_: SetFlag = None,
    seed: SeedFlag = 0,
    until: UntilFlag = None,
    dialect: DialectFlag = None,
    format: FormatFlag = LogFormat.syslog,
    node: NodeFlag = None,
    packets: PacketsFlag = False,
    timeline: TimelineFlag = None,
    messages: MessagesFlag = None,
    window: WindowFlag = None,
    json: JsonFlag = False,
    quiet: QuietFlag = False,
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
    """  # noqa: D301
    from hasim.cli.pictures import Pictures
    from hasim.cli.simulate import Asked, run_command

    asked = Asked(path, scenario, fault or (), set_ or (), seed, until, dialect)
    pictures = Pictures(timeline, messages, window)
    raise typer.Exit(run_command(asked, format.value, node, json, quiet, packets, pictures))


@app.command()
def why(
    path: PathArgument,
    text: Annotated[
        str, typer.Argument(metavar="TEXT", help="Part of a log line, or of a sentence.")
    ],
    scenario: ScenarioFlag = None,
    fault: FaultFlag = None,
    set_: SetFlag = None,
    seed: SeedFlag = 0,
    until: UntilFlag = None,
    dialect: DialectFlag = None,
    json: JsonFlag = False,
    quiet: QuietFlag = False,
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
    path: PathArgument,
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
    set_: SetFlag = None,
    dialect: DialectFlag = None,
    results: Annotated[
        str, typer.Option("--results", metavar="DIR", help="Where results go; '' for nowhere.")
    ] = "results",
    json: JsonFlag = False,
    quiet: QuietFlag = False,
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
        seed, jobs, results,
    )  # fmt: skip
    raise typer.Exit(check_command(asked, json, quiet))


@app.command()
def replay(
    path: Annotated[str, typer.Argument(metavar="RESULTS", help="A folder of a search.")],
    model: Annotated[
        str | None, typer.Option("--model", metavar="PATH", help="Where the model is now.")
    ] = None,
    json: JsonFlag = False,
    quiet: QuietFlag = False,
) -> None:
    """Run again what a search has found, and compare byte by byte.

    \b
    Example:
      hasim replay results/latest
    """  # noqa: D301
    from hasim.cli.searching import replay_command

    raise typer.Exit(replay_command(path, model, json, quiet))


@app.command()
def matrix(
    path: PathArgument,
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
    set_: SetFlag = None,
    dialect: DialectFlag = None,
    for_: Annotated[
        str | None,
        typer.Option("--for", metavar="TIME", help="How long at most; the rest is left out."),
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="A JSON object for each cell.")] = False,
    csv: Annotated[bool, typer.Option("--csv", help="A line of CSV for each cell.")] = False,
    quiet: QuietFlag = False,
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
def sweep(
    path: PathArgument,
    set_: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="K=V,V...", help="A directive of ha.cf with its values."),
    ] = None,
    fault: FaultFlag = None,
    each: Annotated[
        bool, typer.Option("--each", help="Each --fault is a schedule of its own, and swept.")
    ] = False,
    scenario: Annotated[
        list[str] | None,
        typer.Option("--scenario", help="A scenario, by name or file; several are swept."),
    ] = None,
    seed: Annotated[int, typer.Option("--seed", help="The first seed.")] = 0,
    seeds: Annotated[int, typer.Option("--seeds", metavar="N", help="How many seeds.")] = 200,
    until: UntilFlag = None,
    spread: Annotated[
        str | None,
        typer.Option("--spread", metavar="TIME", help="Move starts and faults by up to so much."),
    ] = None,
    jobs: Annotated[
        int | None,
        typer.Option("--jobs", metavar="N", help="Processes at work; one a processor without it."),
    ] = None,
    skip_refused: Annotated[
        bool, typer.Option("--skip-refused", help="Leave out what the daemon would refuse.")
    ] = False,
    dialect: DialectFlag = None,
    csv: Annotated[
        str | None, typer.Option("--csv", metavar="FILE", help="Write every row; - is stdout.")
    ] = None,
    parquet: Annotated[
        str | None, typer.Option("--parquet", metavar="FILE", help="Write every row as Parquet.")
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="A JSON object for each row.")] = False,
    quiet: QuietFlag = False,
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


@app.command()
def init(path: PathArgument, dialect: DialectFlag = None) -> None:
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
    dialect: DialectFlag = None,
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
    json: JsonFlag = False,
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
    json: JsonFlag = False,
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
