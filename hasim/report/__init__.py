"""Reports: one HTML file each, that needs nothing else, of a run, a search or a matrix."""

from __future__ import annotations

from hasim.report.runs import run_page, write_run

__all__ = ["run_page", "write_run"]
