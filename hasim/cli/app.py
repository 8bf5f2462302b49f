"""The program `hasim`: which commands it has, in the order of its help."""

from __future__ import annotations

from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from hasim.cli.commands import (
    comparing,
    folders,
    hunting,
    reading,
    running,
    shell,
    sweeping,
)
from hasim.cli.output import complain, write_lines
from hasim.version import VERSION

__all__ = ["INTERRUPTED", "app"]

#: Exit code of a command that was interrupted from the keyboard.
INTERRUPTED = 130


class _Group(TyperGroup):
    """The commands; an interrupt is told in a word, where the parser would make it an error."""

    def invoke(self, ctx: Any) -> Any:
        try:
            return super().invoke(ctx)
        except KeyboardInterrupt:
            complain("interrupted")
            raise typer.Exit(INTERRUPTED) from None


app = typer.Typer(
    cls=_Group,
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
    was missed, or lint has findings, 2 bad input or not simulated, 70 a defect of hasim, 130
    interrupted.

    \b
    Examples:
      hasim run models/webdata --scenario power-loss
      hasim run /etc/ha.d --fault "5m power-off node1"
      hasim lint /etc/ha.d
      hasim check models/webdata --for 30s
    """  # noqa: D301


#: Each command with its line in the list of commands.
_COMMANDS = (
    (running.run, "Run a scenario or faults once: log and summary."),
    (running.why, "Tell why something happened, back to the first cause."),
    (hunting.check, "Search for faults that violate a property."),
    (hunting.replay, "Run again what a search has found."),
    (hunting.matrix, "Try every fault in every phase of the cluster."),
    (sweeping.sweep, "Run a grid of settings under many seeds: a table."),
    (folders.init, "Write the hardware that is assumed for a folder."),
    (folders.lint, "Judge configurations without running them."),
    (folders.models, "List models and their scenarios."),
    (reading.read, "Read logs of the real daemon: what happened."),
    (reading.compare, "Lay real logs beside a simulated run."),
    (comparing.conform, "Compare with recordings of the real daemon."),
    (shell.completion, "Print the script that makes your shell complete."),
)
for _command, _line in _COMMANDS:
    app.command(short_help=_line)(_command)
