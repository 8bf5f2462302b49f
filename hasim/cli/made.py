"""Flags of files that are made of what a command has found."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

__all__ = [
    "MermaidFile",
    "PerfettoFile",
    "ReportFolder",
    "TableFolder",
    "TableFormat",
    "TableKind",
]


class TableFormat(StrEnum):
    """Formats of tables."""

    csv = "csv"
    parquet = "parquet"


ReportFolder = Annotated[
    str | None,
    typer.Option("--report", metavar="DIR", help="Write an HTML report into this folder."),
]
PerfettoFile = Annotated[
    str | None,
    typer.Option("--perfetto", metavar="FILE.json", help="Write a trace that Perfetto shows."),
]
MermaidFile = Annotated[
    str | None,
    typer.Option(
        "--mermaid",
        metavar="FILE.mmd",
        help="Write the messages of a short --window as a Mermaid diagram; implies --packets.",
    ),
]
TableFolder = Annotated[
    str | None,
    typer.Option("--tables", metavar="DIR", help="Write outages, log and records as tables."),
]
TableKind = Annotated[TableFormat, typer.Option("--table-format", help="Format of the tables.")]
