"""The program `hasim`: which commands it has, in the order of its help."""

from __future__ import annotations

from typing import Annotated

import typer

from hasim.cli.commands import comparing, folders, hunting, running
from hasim.cli.output import write_lines
from hasim.version import VERSION

__all__ = ["app"]

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


for _command in (
    running.run,
    running.why,
    hunting.check,
    hunting.replay,
    hunting.matrix,
    folders.init,
    folders.lint,
    folders.models,
    comparing.conform,
):
    app.command()(_command)
