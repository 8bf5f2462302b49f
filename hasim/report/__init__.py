"""Reports: one HTML file each, that needs nothing else, of a run, a search or a matrix."""

from __future__ import annotations

from hasim.report.finds import Find, Finds, finds_page, write_finds
from hasim.report.grid import (
    Grid,
    GridCell,
    GridRow,
    GridSample,
    grid_page,
    write_grid,
)
from hasim.report.runs import run_page, write_run
from hasim.report.secrets import Mask

__all__ = [
    "Find",
    "Finds",
    "Grid",
    "GridCell",
    "GridRow",
    "GridSample",
    "Mask",
    "finds_page",
    "grid_page",
    "run_page",
    "write_finds",
    "write_grid",
    "write_run",
]
