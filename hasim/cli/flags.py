"""Flags that several commands share, each with its help."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

from hasim.cli.completing import (
    complete_dialect,
    complete_directive,
    complete_families,
    complete_fault,
    complete_node,
    complete_path,
    complete_scenario,
)

__all__ = [
    "Dialect",
    "FailOn",
    "Families",
    "Faults",
    "Format",
    "Jobs",
    "Json",
    "LogFormat",
    "Messages",
    "ModelPath",
    "Node",
    "Packets",
    "Quiet",
    "Scenario",
    "Seed",
    "Sets",
    "Timeline",
    "Until",
    "Window",
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


ModelPath = Annotated[
    str,
    typer.Argument(
        metavar="PATH",
        help="A model folder, or an /etc/ha.d.",
        autocompletion=complete_path,
    ),
]
Scenario = Annotated[
    str | None,
    typer.Option(
        "--scenario",
        help="A scenario of the model, by name; or a file, *.toml.",
        autocompletion=complete_scenario,
    ),
]
Faults = Annotated[
    list[str] | None,
    typer.Option(
        "--fault",
        metavar="LINE",
        help="A fault line, any number of times; 'help' lists them.",
        autocompletion=complete_fault,
    ),
]
Sets = Annotated[
    list[str] | None,
    typer.Option(
        "--set",
        metavar="K=V",
        help="A directive of ha.cf changed for this run.",
        autocompletion=complete_directive,
    ),
]
Seed = Annotated[int, typer.Option("--seed", help="Seed of all draws.")]
Until = Annotated[
    str | None, typer.Option("--until", metavar="TIME", help="Horizon, such as 7m30s.")
]
Dialect = Annotated[
    str | None,
    typer.Option(
        "--dialect",
        help="Heartbeat version, behaviour and wording: 2.0.8 or 3.0.6.",
        autocompletion=complete_dialect,
    ),
]
Format = Annotated[LogFormat, typer.Option("--format", help="Format of the log.")]
Jobs = Annotated[
    int | None,
    typer.Option("--jobs", metavar="N", help="Processes at work; one a processor without it."),
]
Families = Annotated[
    list[str] | None,
    typer.Option(
        "--families",
        metavar="A,B",
        help="Families of faults, such as power,hang.",
        autocompletion=complete_families,
    ),
]
Json = Annotated[bool, typer.Option("--json", help="The result as JSON on standard output.")]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Say only what needs attention.")]
Packets = Annotated[
    bool, typer.Option("--packets", help="Record every packet in the trace that --json writes.")
]
Timeline = Annotated[
    str | None,
    typer.Option(
        "--timeline",
        metavar="FILE.svg",
        help="Draw who was in which state when; also as FILE.png, FILE.pdf.",
    ),
]
Messages = Annotated[
    str | None,
    typer.Option(
        "--messages",
        metavar="FILE.svg",
        help="Draw the messages between nodes, likewise; implies --packets.",
    ),
]
Window = Annotated[
    str | None,
    typer.Option("--window", metavar="A..B", help="Part of the run to draw, such as 60s..2m."),
]
Node = Annotated[
    str | None,
    typer.Option(
        "--node",
        help="The log of this node only.",
        autocompletion=complete_node,
    ),
]
