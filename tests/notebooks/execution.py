"""Executes notebooks from their sources, and makes what is committed beside them.

``python -m tests.notebooks.execution [NAME ...]`` writes anew every ``notebooks/NAME.ipynb`` whose
name begins so; without names all of them.
"""

from __future__ import annotations

import os
import sys
from base64 import b64decode, b64encode
from collections.abc import Mapping, Sequence
from io import BytesIO
from pathlib import Path
from typing import Any

__all__ = ["FOLDER", "SIZED", "SOURCES", "executed", "main", "read", "told", "written"]

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "notebooks"
SOURCES = sorted(FOLDER.glob("[0-9]*.py"))
#: Tag of cells that tell something else where fewer seeds are run: only their asserts are judged.
SIZED = "sized"
#: How many colours a figure has: many fewer bytes, and nothing that an eye would miss.
_COLOURS = 128
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
_WIDGET = "application/vnd.jupyter.widget-view+json"


def read(source: Path) -> Any:
    """Return the notebook of a percent source, without outputs; cells are numbered."""
    import jupytext
    import nbformat

    book = jupytext.read(source, fmt="py:percent")
    for number, cell in enumerate(book.cells, 1):
        cell["id"] = f"cell-{number:02d}"
    book.metadata = nbformat.from_dict(_METADATA)
    book.nbformat, book.nbformat_minor = 4, 5
    return book


def executed(source: Path, *, quick: bool = False) -> Any:
    """Return the notebook of a percent source, executed, without what differs each time."""
    import nbformat
    from nbclient import NotebookClient

    book = read(source)
    paths = [str(ROOT), os.environ.get("PYTHONPATH", "")]
    environment = {
        **os.environ,
        "HASIM_QUICK": "1" if quick else "",
        "MPLBACKEND": "module://matplotlib_inline.backend_inline",
        "PYTHONPATH": os.pathsep.join(path for path in paths if path),
    }
    client = NotebookClient(
        book,
        timeout=1200,
        kernel_name="python3",
        record_timing=False,
        store_widget_state=False,
        coalesce_streams=True,
        resources={"metadata": {"path": str(source.parent)}},
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
            data.pop(_WIDGET, None)
            if "image/png" in data:
                data["image/png"] = _smaller(data["image/png"])
    book.metadata = nbformat.from_dict(_METADATA)
    nbformat.validate(book)
    return book


def _smaller(picture: str) -> str:
    """Return a picture with few colours, as figures have them, and nothing but the picture."""
    from PIL import Image

    with Image.open(BytesIO(b64decode(picture))) as image:
        few = image.convert("RGB").quantize(_COLOURS, dither=Image.Dither.NONE)
    out = BytesIO()
    few.save(out, format="png", optimize=True)
    return b64encode(out.getvalue()).decode()


def told(book: Mapping[str, Any]) -> list[tuple[str, list[str]]]:
    """Return, for each cell of code that tells the same in quick mode, what it says in text."""
    out = []
    for cell in book["cells"]:
        if cell["cell_type"] == "code" and SIZED not in cell["metadata"].get("tags", ()):
            texts = [
                output["text"]
                if output["output_type"] == "stream"
                else output["data"]["text/plain"]
                for output in cell["outputs"]
            ]
            out.append((cell["id"], ["".join(text) for text in texts]))
    return out


def written(source: Path) -> str:
    """Execute a notebook in full, and return the text of its file."""
    import nbformat

    return str(nbformat.writes(executed(source), indent=1)) + "\n"


def main(names: Sequence[str]) -> int:
    """Write notebooks anew; return 2 where there is none of these names."""
    wanted = [one for one in SOURCES if not names or one.stem.startswith(tuple(names))]
    for source in wanted:
        text = written(source)
        source.with_suffix(".ipynb").write_text(text, encoding="utf-8")
        sys.stdout.write(f"{source.stem}: {len(text) // 1000} kB\n")
        sys.stdout.flush()
    return 0 if wanted else 2


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
