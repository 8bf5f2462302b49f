"""Commands that run a cluster once."""

from __future__ import annotations

from typing import Annotated

import typer

from hasim.cli.flags import (
    Dialect,
    Faults,
    Format,
    Json,
    LogFormat,
    Messages,
    ModelPath,
    Node,
    Packets,
    Quiet,
    Scenario,
    Seed,
    Sets,
    Timeline,
    Until,
    Window,
)
from hasim.cli.made import (
    MermaidFile,
    PerfettoFile,
    ReportFolder,
    TableFolder,
    TableFormat,
    TableKind,
)

__all__ = ["run", "why"]


def run(
    path: ModelPath,
    scenario: Scenario = None,
    fault: Faults = None,
    set_: Sets = None,
    seed: Seed = 0,
    until: Until = None,
    dialect: Dialect = None,
    format: Format = LogFormat.syslog,
    node: Node = None,
    packets: Packets = False,
    timeline: Timeline = None,
    messages: Messages = None,
    window: Window = None,
    report: ReportFolder = None,
    perfetto: PerfettoFile = None,
    mermaid: MermaidFile = None,
    tables: TableFolder = None,
    table_format: TableKind = TableFormat.csv,
    json: Json = False,
    quiet: Quiet = False,
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


def why(
    path: ModelPath,
    text: Annotated[
        str, typer.Argument(metavar="TEXT", help="Part of a log line, or of a sentence.")
    ],
    scenario: Scenario = None,
    fault: Faults = None,
    set_: Sets = None,
    seed: Seed = 0,
    until: Until = None,
    dialect: Dialect = None,
    json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Tell why something happened: the chain of causes back to the first.

    \b
    Example:
      hasim why models/webdata --scenario power-loss "node node1: is dead"
    """  # noqa: D301
    from hasim.cli.simulate import Asked, why_command

    asked = Asked(path, scenario, fault or (), set_ or (), seed, until, dialect)
    raise typer.Exit(why_command(asked, text, json, quiet))
