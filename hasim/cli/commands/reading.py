"""Commands about logs of the real daemon."""

from __future__ import annotations

from typing import Annotated

import typer

from hasim.cli.flags import (
    Dialect,
    Faults,
    Json,
    LogFormat,
    Quiet,
    Scenario,
    Seed,
    Sets,
    Timeline,
    Until,
    Window,
)

__all__ = ["compare", "read"]

_Year = Annotated[
    int | None,
    typer.Option("--year", metavar="YEAR", help="Year of the first line, where stamps lack it."),
]
_Skews = Annotated[
    list[str] | None,
    typer.Option(
        "--skew",
        metavar="NODE=TIME",
        help="By how much a node's clock is ahead, such as node2=-71s; else estimated.",
    ),
]
_Deadtime = Annotated[
    str | None,
    typer.Option("--deadtime", metavar="TIME", help="The cluster's deadtime, where it is known."),
]


def read(
    files: Annotated[
        list[str],
        typer.Argument(
            metavar="[NODE=]FILE...",
            help="Logs of any number of nodes, in any format; '-' is standard input.",
        ),
    ],
    year: _Year = None,
    skew: _Skews = None,
    deadtime: _Deadtime = None,
    why: Annotated[
        str | None,
        typer.Option(
            "--why",
            metavar="TEXT",
            help="What a line seems to follow from, instead: its words, or FILE:LINE.",
        ),
    ] = None,
    table: Annotated[
        str | None,
        typer.Option(
            "--table",
            metavar="NAME",
            help="One table, every row of it, instead: lines, held, outages, incidents, "
            "violations, skews, unknown, other.",
        ),
    ] = None,
    log: Annotated[
        bool,
        typer.Option(
            "--log",
            help="The lines that tell an event, of all nodes, in the order of true time and in "
            "hasim's wording, instead.",
        ),
    ] = False,
    format: Annotated[
        LogFormat | None, typer.Option("--format", help="With --log: its format; syslog.")
    ] = None,
    node: Annotated[str | None, typer.Option("--node", help="With --log: of this node.")] = None,
    count: Annotated[
        bool,
        typer.Option("--count", help="Count lines only: files of any size, in constant memory."),
    ] = False,
    save: Annotated[
        str | None,
        typer.Option("--save", metavar="FILE", help="Write the trace as JSON Lines, too."),
    ] = None,
    timeline: Timeline = None,
    window: Window = None,
    json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Read logs of the real daemon, merge the nodes, and tell what happened.

    Known are syslog, the journal, and the files of Heartbeat 1.x, 2.x and 3.x, also mixed, torn,
    wrapped, pasted from web pages, and compressed. Every line is counted. Who held what is
    concluded from the lines of scripts. --log leaves out debug lines, what is not understood and
    what tells nothing: --table lines, unknown and other count them. Exit code 1: by its lines two
    nodes have held the same address or disk, resources were started or stopped out of order, or
    taken over before their holder was fenced.

    \b
    Examples:
      hasim read ha-log.node1 ha-log.node2
      hasim read node1=messages.1.gz node2=messages.2.gz --year 2007 --skew node2=-71s
      hasim read ha-debug.node1 ha-debug.node2 --why "node node1: is dead"
      journalctl -u heartbeat -o short-iso | hasim read - --table incidents --json
    """  # noqa: D301
    from hasim.cli.pictures import Pictures
    from hasim.cli.reading import Shown, read_command

    form = None if format is None else format.value
    shown = Shown(why, table, log, form, node, count, save, json, quiet)
    pictures = Pictures(timeline, None, window)
    raise typer.Exit(read_command(files, year, skew or (), deadtime, shown, pictures))


def compare(
    path: Annotated[
        str,
        typer.Argument(
            metavar="RUN", help="A saved trace of a run; or a model folder, which is run first."
        ),
    ],
    logs: Annotated[
        list[str], typer.Argument(metavar="[NODE=]LOG...", help="Logs of the real daemon.")
    ],
    scenario: Scenario = None,
    fault: Faults = None,
    set_: Sets = None,
    seed: Seed = 0,
    until: Until = None,
    dialect: Dialect = None,
    year: _Year = None,
    skew: _Skews = None,
    deadtime: _Deadtime = None,
    tolerance: Annotated[
        str, typer.Option("--tolerance", metavar="TIME", help="How far apart what agrees may be.")
    ] = "2s",
    json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Lay real logs beside a simulated run: how far they agree, and where they part first.

    Compared is what the daemon, ipfail and scripts decide, by the lines that tell it: how many
    decisions agree, the first at another time, the first that only one of the two has, counts by
    kind; with --json every decision. Exit code 1: they differ.

    \b
    Examples:
      hasim compare models/webdata ha-log.node1 ha-log.node2 --scenario test2-public-cable
      hasim compare trace.jsonl messages.node1.gz messages.node2.gz --tolerance 5s
    """  # noqa: D301
    from hasim.cli.reading import Shown, compare_command
    from hasim.cli.simulate import Asked

    asked = Asked(path, scenario, fault or (), set_ or (), seed, until, dialect)
    shown = Shown(json=json, quiet=quiet)
    code = compare_command(asked, logs, year, skew or (), deadtime, tolerance, shown)
    raise typer.Exit(code)
