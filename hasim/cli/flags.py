"""The flags that several commands have."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

__all__ = [
    "DialectFlag",
    "FailOn",
    "FaultFlag",
    "FormatFlag",
    "JsonFlag",
    "LogFormat",
    "MessagesFlag",
    "NodeFlag",
    "PacketsFlag",
    "PathArgument",
    "QuietFlag",
    "ScenarioFlag",
    "SeedFlag",
    "SetFlag",
    "TimelineFlag",
    "UntilFlag",
    "WindowFlag",
]


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


PathArgument = Annotated[
    str, typer.Argument(metavar="PATH", help="A model folder, or an /etc/ha.d.")
]
ScenarioFlag = Annotated[
    str | None,
    typer.Option("--scenario", help="A scenario of the model, by name; or a file, *.toml."),
]
FaultFlag = Annotated[
    list[str] | None,
    typer.Option(
        "--fault", metavar="LINE", help="A fault line, any number of times; 'help' lists them."
    ),
]
SetFlag = Annotated[
    list[str] | None,
    typer.Option("--set", metavar="K=V", help="A directive of ha.cf changed for this run."),
]
SeedFlag = Annotated[int, typer.Option("--seed", help="Seed of all draws.")]
UntilFlag = Annotated[
    str | None, typer.Option("--until", metavar="TIME", help="Horizon, such as 7m30s.")
]
DialectFlag = Annotated[
    str | None,
    typer.Option("--dialect", help="Heartbeat version, behaviour and wording: 2.0.8 or 3.0.6."),
]
FormatFlag = Annotated[LogFormat, typer.Option("--format", help="Format of the log.")]
JsonFlag = Annotated[bool, typer.Option("--json", help="The result as JSON on standard output.")]
QuietFlag = Annotated[bool, typer.Option("--quiet", "-q", help="Say only what needs attention.")]
PacketsFlag = Annotated[
    bool, typer.Option("--packets", help="Record every packet in the trace that --json writes.")
]
TimelineFlag = Annotated[
    str | None,
    typer.Option("--timeline", metavar="FILE.svg", help="Draw who was in which state when."),
]
MessagesFlag = Annotated[
    str | None,
    typer.Option(
        "--messages",
        metavar="FILE.svg",
        help="Draw the messages between nodes; implies --packets.",
    ),
]
WindowFlag = Annotated[
    str | None,
    typer.Option("--window", metavar="A..B", help="Part of the run to draw, such as 60s..2m."),
]
NodeFlag = Annotated[str | None, typer.Option("--node", help="The log of this node only.")]
