"""Executes notebooks from their sources, and makes what is committed beside them.

``python -m tests.notebooks.execution [NAME ...]`` writes ``notebooks/NAME.ipynb`` anew.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

__all__ = ["FOLDER", "SOURCES", "executed", "main"]

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "notebooks"
SOURCES = sorted(FOLDER.glob("[0-9]*.py"))


def executed(source: Path) -> Any:
    """Return the notebook of a percent source, executed, without what differs each time."""
    import jupytext
    import nbformat
    from nbclient import NotebookClient

    book = jupytext.read(source)
    for number, cell in enumerate(book.cells, 1):
        cell["id"] = f"cell-{number:02d}"
    paths = [str(ROOT), os.environ.get("PYTHONPATH", "")]
    os.environ["PYTHONPATH"] = os.pathsep.join(path for path in paths if path)
    os.environ.pop("MPLBACKEND", None)  # a notebook has its own
    client = NotebookClient(
        book,
        timeout=300,
        kernel_name="python3",
        record_timing=False,
        resources={"metadata": {"path": str(FOLDER)}},
    )
    client.execute()
    for cell in book.cells:
        cell.metadata.pop("execution", None)
    book.metadata.pop("widgets", None)
    book.metadata["language_info"].pop("version", None)
    book.metadata["language_info"].pop("codemirror_mode", None)
    book.metadata["language_info"].pop("nbconvert_exporter", None)
    nbformat.validate(book)
    return book


def main(names: list[str]) -> None:
    """Write notebooks anew."""
    import nbformat

    for source in SOURCES:
        if not names or source.stem in names:
            nbformat.write(executed(source), source.with_suffix(".ipynb"))


if __name__ == "__main__":
    main(sys.argv[1:])
