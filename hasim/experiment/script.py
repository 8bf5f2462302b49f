"""What every experiment's script does beside its question: flags, files, tables to read."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from math import inf
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from hasim.errors import HasimError
from hasim.experiment.statistics import quantiles, share
from hasim.scenario import Simulable

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Experiment", "Main", "command", "markdown", "rated", "stacked", "texts_of", "timed"]


class Main(Protocol):
    """The work of an experiment: it returns a row for each run."""

    def __call__(self, quick: bool = False, jobs: int | None = 1) -> pd.DataFrame:
        """Run; with `quick` few seeds and few points, in seconds."""


@dataclass(frozen=True, slots=True)
class Experiment:
    """An experiment as its script has it.

    Parameters
    ----------
    name : str
        Name of the script, without suffix.
    question : str
        What it asks.
    main : callable
        Returns a row for each run.
    summary : callable
        Returns the table that answers the question, from the rows.
    figure : callable
        Draws the rows.
    """

    name: str
    question: str
    main: Main
    summary: Callable[[pd.DataFrame], pd.DataFrame]
    figure: Callable[[pd.DataFrame], Any]


def command(experiment: Experiment, arguments: Sequence[str] | None = None) -> int:
    """Run an experiment from the command line: print its table, write rows and figure.

    ``--quick`` runs a few seeds only; ``--jobs`` says how many processes work; ``--out`` names the
    folder for ``NAME.csv``, ``NAME.png`` and ``NAME.svg``.
    """
    first = experiment.question.strip().partition("\n")[0]
    parser = argparse.ArgumentParser(prog=experiment.name, description=first)
    parser.add_argument("--quick", action="store_true", help="few seeds and points, in seconds")
    parser.add_argument("--jobs", type=int, default=1, metavar="N", help="processes at work")
    parser.add_argument("--out", default="results/experiments", metavar="DIR", help="for files")
    asked = parser.parse_args(arguments)
    folder = Path(asked.out)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        rows = experiment.main(quick=asked.quick, jobs=asked.jobs)
        rows.to_csv(folder / f"{experiment.name}.csv", index=False)
        _draw(experiment, rows, folder)
    except (HasimError, OSError) as x:
        sys.stderr.write(f"{x}\n")
        return 2
    sys.stdout.write(f"{first}\n\n{markdown(experiment.summary(rows))}\n")
    return 0


def _draw(experiment: Experiment, rows: pd.DataFrame, folder: Path) -> None:
    from hasim.plot import save

    drawn = experiment.figure(rows)
    for suffix in ("png", "svg"):
        save(drawn, folder / f"{experiment.name}.{suffix}")


def texts_of(model: Simulable) -> dict[str, str]:
    """Return the texts of a model's files by their names; :func:`hasim.load` reads them back."""
    sources: Any = getattr(model, "sources", None)
    if sources is None:
        raise HasimError("only a model that was loaded has texts")
    return {name: file.data.decode() for name, file in sources.files().items()}


def stacked(tables: Mapping[str, pd.DataFrame], column: str = "configuration") -> pd.DataFrame:
    """Return tables one below the other, each told apart by its label in a first column."""
    import pandas as pd

    told = []
    for label, table in tables.items():
        one = table.copy()
        one.attrs = {}
        one.insert(0, column, label)
        told.append(one)
    out = pd.concat(told, ignore_index=True)
    out.attrs["hasim"] = {label: table.attrs.get("hasim", {}) for label, table in tables.items()}
    return out


def timed(
    rows: pd.DataFrame, by: Sequence[str], of: str = "outage_s", interval: float = 0.95
) -> pd.DataFrame:
    """Return quantiles of a time as a table to read: 5 %, median with its interval, 95 %."""
    found = quantiles(rows, by, of, interval=interval)
    out = found[[*by, "runs"]].copy()
    out["5 %"] = [_seconds(value) for value in found["q05"]]
    middle = zip(found["q50"], found["q50_low"], found["q50_high"], strict=True)
    out["median (95 % interval)"] = [
        f"{_seconds(q)} ({_seconds(low)} to {_seconds(high)})" for q, low, high in middle
    ]
    out["95 %"] = [_seconds(value) for value in found["q95"]]
    if found["none"].any():
        out["none"] = found["none"]
    if found["open"].any():
        out["to the end"] = found["open"]
    return out


def rated(rows: pd.DataFrame, by: Sequence[str], columns: Mapping[str, str]) -> pd.DataFrame:
    """Return in which share of the runs columns are true, with 95 % intervals, to be read.

    Parameters
    ----------
    columns : mapping
        Heading to column.
    """
    out = None
    for heading, column in columns.items():
        found = share(rows, column, by)
        if out is None:
            out = found[[*by, "runs"]].copy()
        both = zip(found["rate"], found["low"], found["high"], strict=True)
        out[heading] = [f"{rate:.1%} ({low:.1%} to {high:.1%})" for rate, low, high in both]
    if out is None:
        raise HasimError("no column was asked for")
    return out


def _seconds(value: float) -> str:
    if value != value:
        return "-"
    return "never" if value == inf else f"{value:.2f} s"


def markdown(table: pd.DataFrame) -> str:
    """Return a table as Markdown."""
    rows = [[str(name) for name in table.columns]]
    rows += [[_cell(value) for value in row] for row in table.itertuples(index=False)]
    lines = [f"| {' | '.join(row)} |" for row in rows]
    return "\n".join([lines[0], "|" + "---|" * len(rows[0]), *lines[1:]])


def _cell(value: object) -> str:
    if isinstance(value, float):
        return "-" if value != value else format(value, "g")
    return str(value).replace("|", "\\|")
