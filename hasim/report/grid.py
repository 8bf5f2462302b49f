"""The report of a matrix: what each event does in each phase, as a table to be looked into."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from os import PathLike
from pathlib import Path
from typing import NamedTuple

from hasim.report.files import write_report
from hasim.report.page import bare, page
from hasim.report.provenance import configuration
from hasim.report.topology import topology_svg
from hasim.scenario import Simulable
from hasim.version import VERSION

__all__ = ["Grid", "GridCell", "GridRow", "GridSample", "grid_page", "write_grid"]


class GridSample(NamedTuple):
    """An outcome to be seen again: where, what, its schedule, its command."""

    event: str
    phase: str
    outcome: str
    look: str
    faults: tuple[str, ...]
    seed: int
    sentence: str
    command: str


class GridCell(NamedTuple):
    """A cell: its lines, how it looks, and what is told where it is pointed at."""

    lines: tuple[str, ...]
    look: str
    tip: str
    mark: bool = False


class GridRow(NamedTuple):
    """A row: its family, its events, a cell for each column."""

    family: str
    events: tuple[str, ...]
    cells: tuple[GridCell, ...]


@dataclass(frozen=True, slots=True)
class Grid:
    """What a matrix has to show.

    Parameters
    ----------
    title, kicker, head : str
        Heading of the page, the line above it, and the verdict.
    state : str
        ``good``, ``lost`` or ``bad``.
    phases : sequence of (str, str)
        The columns, and what each phase is.
    rows : sequence of GridRow
        The table of single faults.
    triangle : sequence of GridRow
        The pairs of kinds; empty where none was tried.
    looks : sequence of (str, str)
        The outcomes that appear, with their look.
    legend, quiet, together, coverage : sequence of str
        Lines of text.
    samples : sequence of GridSample
        Each outcome with its worst run.
    """

    title: str
    kicker: str
    head: str
    state: str
    facts: Sequence[tuple[str, str]]
    model: Simulable
    phases: Sequence[tuple[str, str]]
    rows: Sequence[GridRow]
    triangle: Sequence[GridRow]
    looks: Sequence[tuple[str, str]]
    legend: Sequence[str]
    quiet: Sequence[str]
    together: Sequence[str]
    coverage: Sequence[str]
    samples: Sequence[GridSample]


def _families(rows: Sequence[GridRow]) -> list[tuple[str, list[GridRow]]]:
    """Return rows that follow one another by their family."""
    return [(family, list(found)) for family, found in groupby(rows, key=lambda row: row.family)]


def grid_page(made: Grid) -> str:
    """Return the report of a matrix as the text of an HTML page."""
    model = made.model
    context = {
        "title": made.title,
        "kicker": made.kicker,
        "facts": [*made.facts, ("hasim", VERSION)],
        "made": made,
        "families": _families(made.rows),
        "topology": bare(topology_svg(model.site), "topology"),
        "configuration": configuration(model),
        "digests": list(model.digests.items()),
    }
    return page("grid.html.j2", context)


def write_grid(made: Grid, path: str | PathLike[str]) -> Path:
    """Write the report of a matrix into a folder.

    Raises
    ------
    ConfigError
        Where it cannot be written.
    """
    return write_report(path, grid_page(made))
