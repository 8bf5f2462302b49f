"""The command ``hasim matrix``: the matrix itself is the library's."""

from __future__ import annotations

import csv
import io
import json as jsonlib
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from hasim.cli.exports import check_report, write_page
from hasim.cli.output import complain, write_lines
from hasim.cli.simulate import changes_of, names_in
from hasim.cli.terminal import Bar
from hasim.errors import HasimError
from hasim.model import Model, load
from hasim.model.asked import asked
from hasim.scenario import Scenario
from hasim.search import Cell, Matrix
from hasim.units import micros

__all__ = ["MatrixFlags", "matrix_command"]

_STYLES = {
    "continues": "green",
    "late": "yellow",
    "takes over": "yellow",
    "restarts": "yellow",
    "outage": "dark_orange",
    "": "",
}
_BAD = "bold red"
_COLUMNS = (
    "part", "phase", "family", "kinds", "event", "duration_us", "runs", "worst", "worst_runs",
    "low_us", "high_us", "later", "violated", "known", "outcomes", "faults", "seed",
)  # fmt: skip


class MatrixFlags(NamedTuple):
    """The flags of the command, as they were given."""

    path: str
    sets: Sequence[str]
    dialect: str | None
    families: Sequence[str]
    kinds: Sequence[str]
    phases: Sequence[str]
    instants: int
    pairs: bool
    seed: int
    seeds: int
    jobs: int | None
    budget: str | None
    report: str | None = None


def matrix_command(flags: MatrixFlags, json: bool, csv: bool, quiet: bool, pretty: bool) -> int:
    """Make a matrix, write it, and return the exit code: 1 where a property is violated."""
    if json and csv:
        raise HasimError("--json and --csv exclude each other")
    if flags.budget is not None:
        try:
            micros(flags.budget)
        except ValueError as x:
            raise HasimError(f"--for: {x}") from None
    check_report(flags.report)
    model: Model = load(flags.path, dialect=flags.dialect)
    if flags.sets:
        changes = changes_of(flags.sets)
        asked(model, Scenario(), None, None, None, None, changes)
        model = model.changed(changes)
    if not quiet:
        for sentence in model.assumed:
            complain(f"assumed: {sentence}")
        for problem in model.warnings:
            complain(str(problem))
    with Bar("runs", quiet) as bar:
        found = model.matrix(
            families=names_in(flags.families),
            kinds=names_in(flags.kinds),
            phases=names_in(flags.phases),
            instants=flags.instants,
            pairs=flags.pairs,
            seed=flags.seed,
            seeds=flags.seeds,
            jobs=flags.jobs,
            budget=flags.budget,
            progress=bar.show,
        )
    if json or csv:
        write_lines(_json(found) if json else _csv(found))
        if not quiet:
            complain("\n".join(found.coverage()))
    elif pretty:
        _pretty(found)
    else:
        write_lines(str(found).split("\n"))
    write_page(flags.report, found.report)
    return 0 if found.ok else 1


# ---- for machines -------------------------------------------------------------------------------


def _part(cell: Cell) -> str:
    return ("base", "single", "pair")[len(cell.kinds)]


def _object(cell: Cell) -> dict[str, Any]:
    outcomes = []
    for tally in cell.tallies:
        low, high = tally.times or (None, None)
        seen = tally.example
        outcomes.append(
            {
                "outcome": tally.kind,
                "runs": len(tally.runs),
                "low_us": low,
                "high_us": high,
                "later": seen.outcome.later,
                "violated": list(seen.outcome.violated),
                "known": tally.known,
                "example": {"faults": [str(f) for f in seen.faults], "seed": seen.seed},
            }
        )
    return {
        "part": _part(cell),
        "phase": cell.phase,
        "family": cell.family or None,
        "kinds": list(cell.kinds),
        "event": cell.event,
        "duration_us": cell.duration,
        "runs": len(cell.runs),
        "worst": cell.worst,
        "outcomes": outcomes,
    }


def _json(found: Matrix) -> Iterator[str]:
    return (jsonlib.dumps(_object(cell), ensure_ascii=False) for cell in found.cells)


def _csv(found: Matrix) -> Iterator[str]:
    out = io.StringIO()
    table = csv.writer(out, lineterminator="\n")
    table.writerow(_COLUMNS)
    for cell in found.cells:
        worst = cell.tallies[0]
        low, high = worst.times or (None, None)
        seen = worst.example
        kinds, faults = " + ".join(cell.kinds), "; ".join(str(fault) for fault in seen.faults)
        table.writerow(
            (
                *(_part(cell), cell.phase, cell.family, kinds, cell.event, cell.duration),
                *(len(cell.runs), worst.kind, len(worst.runs), low, high, seen.outcome.later),
                *(" ".join(seen.outcome.violated), worst.known, str(cell), faults, seen.seed),
            )
        )
    return iter(out.getvalue().splitlines())


# ---- for a terminal -----------------------------------------------------------------------------


def _style(kind: str) -> str:
    return _STYLES.get(kind, _BAD)


def _pretty(found: Matrix) -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    console = Console()
    said = found.sentences()
    for phase in found.phases:
        console.print(Text.assemble((phase, "bold"), f": {said[phase]}"))
    table = Table("event", *found.phases)
    family = ""
    for row in found.rows():
        if row.family != family:
            family = row.family
            table.add_section()
            table.add_row(Text(family, style="bold"))
        pairs = zip(row.cells, row.worst, strict=True)
        cells = (Text("\n".join(cell), style=_style(worst)) for cell, worst in pairs)
        table.add_row(Text("\n".join(row.events)), *cells)
    console.print(table)
    for line in found.remarks():
        console.print(Text(line))
    for line in found.closing():
        console.print(Text(line), soft_wrap=True)
