"""Pictures of the documents, each made by a program.

Those of the gallery (``docs/gallery``) are made when the site is built. Those of explanations stand
beside their program, so that documents can be read without the site; they are written anew by
``python docs/site/pictures.py``.

A program leaves its picture in ``picture``: the text of an SVG, an Axes or several, or a Figure.
The first line of its docstring is the title, the rest is the text beside it. The order is that of
the file names.
"""

from __future__ import annotations

import ast
import io
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

__all__ = ["Picture", "figures", "gallery"]

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Picture:
    """A program of the gallery.

    Parameters
    ----------
    path : Path
        Where it is.
    """

    path: Path

    @property
    def name(self) -> str:
        """Name of the file that the picture becomes, without its ending."""
        return self.path.stem.lstrip("0123456789-")

    @property
    def title(self) -> str:
        """What the picture shows, in a line."""
        return self._docstring.partition("\n")[0].rstrip(".")

    @property
    def text(self) -> str:
        """What to see in it."""
        return self._docstring.partition("\n")[2].strip()

    @property
    def code(self) -> str:
        """The program without its docstring."""
        return "".join(
            self._source.splitlines(keepends=True)[self._tree.body[0].end_lineno :]
        ).strip()

    def svg(self) -> str:
        """Run the program and return its picture."""
        known: dict[str, Any] = {"__name__": "gallery"}
        before = Path.cwd()
        os.chdir(ROOT)
        try:
            exec(compile(self._source, str(self.path), "exec"), known)
        finally:
            os.chdir(before)
        made = known["picture"]
        return made if isinstance(made, str) else _drawn(made)

    @property
    def _source(self) -> str:
        return self.path.read_text(encoding="utf-8")

    @property
    def _tree(self) -> ast.Module:
        return ast.parse(self._source)

    @property
    def _docstring(self) -> str:
        return ast.get_docstring(self._tree) or ""


def _drawn(made: Any) -> str:
    """Return the figure of an Axes (or of the first of several) as the text of an SVG."""
    import matplotlib as mpl

    first = made if hasattr(made, "figure") or hasattr(made, "savefig") else made[0]
    figure = getattr(first, "figure", first)
    out = io.StringIO()
    with mpl.rc_context({"svg.hashsalt": "hasim", "svg.fonttype": "none"}):
        figure.savefig(out, format="svg", bbox_inches="tight", metadata={"Date": None})
    return out.getvalue()


def gallery() -> Iterator[Picture]:
    """Yield the pictures in their order."""
    yield from map(Picture, sorted((ROOT / "docs" / "gallery").glob("*.py")))


def figures() -> Iterator[Picture]:
    """Yield the pictures that are kept beside their programs."""
    yield from map(Picture, sorted((ROOT / "docs" / "explanation").glob("*.py")))


if __name__ == "__main__":
    for figure in figures():
        figure.path.with_suffix(".svg").write_text(figure.svg(), encoding="utf-8", newline="\n")
