"""Files made of what a command has found: ``--report``, ``--perfetto``, ``--tables`` and others."""

from __future__ import annotations

import importlib.util
import os
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from hasim.cli.output import complain
from hasim.cli.pictures import Pictures, bounds, obstacle, write_file
from hasim.errors import ConfigError, HasimError, Problem
from hasim.run import Run
from hasim.run.frames import NO_PARQUET, write_frames

__all__ = ["Exports", "check_exports", "check_report", "shared", "write_exports", "write_page"]


class Exports(NamedTuple):
    """What to make of a run: a folder for its report and one for its tables, files for the rest."""

    report: str | None = None
    perfetto: str | None = None
    mermaid: str | None = None
    window: str | None = None
    tables: str | None = None
    table_format: str = "csv"

    @property
    def files(self) -> list[tuple[str, str]]:
        """Flag and file of each that is a file."""
        named = (("--perfetto", self.perfetto), ("--mermaid", self.mermaid))
        return [(flag, file) for flag, file in named if file is not None]


def _folder(flag: str, name: str) -> Problem | None:
    """Make a folder; return why that cannot be."""
    try:
        if not name:
            raise OSError(0, "its name is empty")
        folder = Path(name)
        folder.mkdir(parents=True, exist_ok=True)
        reason = None if os.access(folder, os.W_OK | os.X_OK) else "it may not be written"
    except (OSError, ValueError) as x:
        reason = (x.strerror if isinstance(x, OSError) else None) or str(x)
    if reason is None:
        return None
    text = f"nothing can be written into {name[:200]!r}: {reason}"
    return Problem(flag, None, "ERROR", text, "name a folder that is there or may be made")


def check_report(report: str | None) -> None:
    """Make the folder of a report, before anything is run.

    Raises
    ------
    ConfigError
        Where it cannot be made or written.
    """
    problem = None if report is None else _folder("--report", report)
    if problem is not None:
        raise ConfigError([problem])


def check_exports(exports: Exports) -> None:
    """Complain, before anything is run, about files and folders that cannot be meant.

    Raises
    ------
    ConfigError
        With every problem.
    """
    found = [
        _folder(flag, name)
        for flag, name in (("--report", exports.report), ("--tables", exports.tables))
        if name is not None
    ]
    problems = [problem for problem in found if problem is not None]
    for flag, file in exports.files:
        reason = obstacle(file)
        if reason is not None:
            text = f"nothing can be written to {file[:200]!r}: {reason}"
            problems.append(Problem(flag, None, "ERROR", text, "name a file in an existing folder"))
    if problems:
        raise ConfigError(problems)
    bounds(exports.window)
    parquet = exports.tables is not None and exports.table_format == "parquet"
    if parquet and importlib.util.find_spec("pyarrow") is None:
        raise HasimError(NO_PARQUET)


def shared(pictures: Pictures, exports: Exports) -> Pictures:
    """Return pictures without a window where that is meant for the diagram alone."""
    drawn = pictures.timeline is not None or pictures.messages is not None
    alone = exports.mermaid is not None and not drawn
    return pictures._replace(window=None) if alone else pictures


def write_page(report: str | None, write: Callable[[str], Path]) -> None:
    """Write a report where one is asked for, and say where it is."""
    if report is not None:
        complain(f"report: {write(report)}")


def write_exports(run: Run, exports: Exports) -> None:
    """Make of a run what is asked for.

    Raises
    ------
    ConfigError
        For what cannot be written.
    HasimError
        For a diagram of more than can be shown.
    """
    texts = {}
    if exports.mermaid is not None:
        texts["--mermaid"] = run.mermaid(*bounds(exports.window))
    if exports.perfetto is not None:
        texts["--perfetto"] = run.perfetto()
    for flag, file in exports.files:
        write_file(flag, file, texts[flag].encode())
    if exports.tables is not None:
        write_frames(run.tables(), exports.tables, exports.table_format)
    write_page(exports.report, run.report)
