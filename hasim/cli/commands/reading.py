"""Commands about logs of the real daemon."""

from __future__ import annotations

from typing import Annotated

import typer

from hasim.cli.flags import Format, Json, LogFormat, Quiet

__all__ = ["read"]

Year = Annotated[
    int | None,
    typer.Option("--year", metavar="YEAR", help="Year of the first line, where stamps lack it."),
]
Skews = Annotated[
    list[str] | None,
    typer.Option(
        "--skew",
        metavar="NODE=TIME",
        help="By how much a node's clock is ahead, such as node2=-71s; else estimated.",
    ),
]
Deadtime = Annotated[
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
    year: Year = None,
    skew: Skews = None,
    deadtime: Deadtime = None,
    why: Annotated[
        str | None,
        typer.Option("--why", metavar="TEXT", help="What a line seems to follow from, instead."),
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
        typer.Option("--log", help="The lines of all nodes in the order of true time, instead."),
    ] = False,
    format: Format = LogFormat.syslog,
    node: Annotated[str | None, typer.Option("--node", help="With --log: of this node.")] = None,
    count: Annotated[
        bool,
        typer.Option("--count", help="Count lines only: files of any size, in constant memory."),
    ] = False,
    save: Annotated[
        str | None,
        typer.Option("--save", metavar="FILE", help="Write the trace as JSON Lines, too."),
    ] = None,
    json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Read logs of the real daemon, merge the nodes, and tell what happened.

    Known are syslog, the journal, and the files of Heartbeat 1.x, 2.x and 3.x, also mixed, torn,
    wrapped, pasted from web pages, and compressed. Every line is counted. Who held what is
    concluded from the lines of scripts. Exit code 1: two nodes seem to have held the same.

    \b
    Examples:
      hasim read ha-log.node1 ha-log.node2
      hasim read node1=messages.1.gz node2=messages.2.gz --year 2007 --skew node2=-71s
      hasim read ha-debug.node1 ha-debug.node2 --why "node node1: is dead"
      journalctl -u heartbeat -o short-iso | hasim read - --table incidents --json
    """  # noqa: D301
    from hasim.cli.reading import Shown, read_command

    shown = Shown(why, table, log, format.value, node, count, save, json, quiet)
    raise typer.Exit(read_command(files, year, skew or (), deadtime, shown))
