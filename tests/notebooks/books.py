"""Notebooks from their sources: read, executed, and freed of what differs at every execution."""

from __future__ import annotations

import os
from base64 import b64decode, b64encode
from io import BytesIO
from pathlib import Path
from typing import Any

import jupytext
import nbformat
from nbclient import NotebookClient
from PIL import Image

__all__ = ["FOLDER", "NAMES", "SIZED", "committed", "executed", "source", "told", "written"]

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "notebooks"
#: Every notebook, by the name of its source without suffix.
NAMES = sorted(path.stem for path in FOLDER.glob("*.py"))
#: Tag of cells that tell something else where fewer seeds are run: only their asserts are judged.
SIZED = "sized"
_METADATA: dict[str, Any] = {
    "jupytext": {"formats": "ipynb,py:percent"},
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {
        "file_extension": ".py",
        "mimetype": "text/x-python",
        "name": "python",
        "pygments_lexer": "ipython3",
    },
}
_COLOURS = 128
_LIVE = "application/vnd.jupyter.widget-view+json"


def source(name: str) -> Any:
    """Return a notebook as its source has it, without outputs; cells are numbered."""
    book = jupytext.read(FOLDER / f"{name}.py", fmt="py:percent")
    for number, cell in enumerate(book.cells, 1):
        cell["id"] = f"cell-{number:02}"
    book.metadata = nbformat.from_dict(_METADATA)
    book.nbformat, book.nbformat_minor = 4, 5
    return book


def committed(name: str) -> Any:
    """Return a notebook as it lies beside its source, with outputs."""
    return nbformat.read(FOLDER / f"{name}.ipynb", as_version=4)


def executed(name: str, *, quick: bool) -> Any:
    """Execute a notebook from its source; a cell that raises is an error."""
    book = source(name)
    environment = {
        **os.environ,
        "HASIM_QUICK": "1" if quick else "",
        "MPLBACKEND": "module://matplotlib_inline.backend_inline",
        "PYTHONPATH": str(ROOT),
    }
    client = NotebookClient(
        book,
        timeout=1200,
        kernel_name="python3",
        record_timing=False,
        store_widget_state=False,
        coalesce_streams=True,
        resources={"metadata": {"path": str(FOLDER)}},
        extra_arguments=[
            "--InlineBackend.figure_formats={'retina'}",
            "--HistoryManager.enabled=False",
        ],
    )
    client.execute(env=environment)
    for cell in book.cells:
        cell.metadata.pop("execution", None)
        for output in cell.get("outputs", ()):
            data = output.get("data", {})
            # A widget lives as long as its kernel; the picture beside it stays.
            data.pop(_LIVE, None)
            if "image/png" in data:
                data["image/png"] = _smaller(data["image/png"])
    book.metadata = nbformat.from_dict(_METADATA)
    return book


def _smaller(picture: str) -> str:
    """Return a picture with few colours, as figures have them, and nothing but the picture."""
    with Image.open(BytesIO(b64decode(picture))) as image:
        few = image.convert("RGB").quantize(_COLOURS, dither=Image.Dither.NONE)
    out = BytesIO()
    few.save(out, format="png", optimize=True)
    return b64encode(out.getvalue()).decode()


def written(book: Any) -> str:
    """Return the text of a notebook's file."""
    nbformat.validate(book)
    return str(nbformat.writes(book, indent=1)) + "\n"


def told(book: Any) -> list[tuple[str, list[str]]]:
    """Return, for each cell of code that always tells the same, what it says in text."""
    out = []
    for cell in book.cells:
        if cell.cell_type == "code" and SIZED not in cell.metadata.get("tags", ()):
            texts = [
                output["text"] if output.output_type == "stream" else output.data["text/plain"]
                for output in cell.outputs
            ]
            out.append((cell.id, texts))
    return out
