"""Commands about folders: configurations, models and sites."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from hasim.cli.completing import complete_path, complete_rule
from hasim.cli.flags import Dialect, FailOn, Json, ModelPath

__all__ = ["init", "lint", "models"]


def init(path: ModelPath, dialect: Dialect = None) -> None:
    """Write the site that is assumed for a folder, every guess a comment.

    \b
    Example:
      hasim init /etc/ha.d > /etc/ha.d/site.toml
    """  # noqa: D301
    from hasim.cli.models import init_command

    raise typer.Exit(init_command(path, dialect))


def lint(
    paths: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="MODEL...",
            help="Folders, or their files; of each folder all files count.",
            autocompletion=complete_path,
        ),
    ] = None,
    rule: Annotated[
        list[str] | None,
        typer.Option(
            "--rule",
            metavar="ID",
            help="This rule only; any number of times.",
            autocompletion=complete_rule,
        ),
    ] = None,
    ignore: Annotated[
        list[str] | None,
        typer.Option(
            "--ignore",
            metavar="ID",
            help="Not this rule; any number of times.",
            autocompletion=complete_rule,
        ),
    ] = None,
    fail_on: Annotated[
        FailOn, typer.Option("--fail-on", help="Exit with 1 from this severity on.")
    ] = FailOn.warning,
    rules: Annotated[bool, typer.Option("--rules", help="List all rules.")] = False,
    explain: Annotated[
        str | None,
        typer.Option(
            "--explain",
            metavar="ID",
            help="Tell what a rule is about.",
            autocompletion=complete_rule,
        ),
    ] = None,
    dialect: Dialect = None,
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


def models(
    path: Annotated[str, typer.Argument(metavar="[DIR]", help="Where the models are.")] = "models",
    json: Json = False,
) -> None:
    """List the models of a folder and their scenarios.

    \b
    Example:
      hasim models
    """  # noqa: D301
    from hasim.cli.models import models_command

    raise typer.Exit(models_command(path, json, sys.stdout.isatty()))
