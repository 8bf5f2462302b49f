"""The matrix of events and phases as a heat map, with words in its cells."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

import numpy as np

from hasim.errors import HasimError, nearest
from hasim.plot import keys
from hasim.plot.style import (
    SIZE,
    WIDTH,
    clean,
    empty,
    folded,
    lettered,
    new_axes,
    styled,
    widest,
)
from hasim.render import palette as ink

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["matrix"]


class _TableRow(Protocol):
    @property
    def family(self) -> str: ...
    @property
    def cells(self) -> tuple[tuple[str, ...], ...]: ...
    @property
    def worst(self) -> tuple[str, ...]: ...
    def said(self) -> list[str]: ...


class _Matrix(Protocol):
    """A matrix, as :class:`hasim.search.Matrix` is one."""

    @property
    def phases(self) -> tuple[str, ...]: ...
    @property
    def model(self) -> Any: ...
    def rows(self) -> Sequence[_TableRow]: ...
    def sentences(self) -> Mapping[str, str]: ...


_BAD = ("stuck", "property", "dual address", "dual mount")
_CODES = {kind: i for i, kind in enumerate(ink.OUTCOMES)}
_LINE, _PAD = SIZE * 1.25, 6.0
_LABEL = 160.0


class _Row(NamedTuple):
    family: str
    lines: list[str]
    cells: list[list[str]]
    worst: list[str]

    @property
    def height(self) -> float:
        """In points."""
        most = max([len(self.lines), *(len(cell) for cell in self.cells)])
        return most * _LINE + _PAD


def _rows(found: _Matrix, families: Iterable[str] | None, bad: bool, wide: float) -> list[_Row]:
    """Return the rows that are asked for, their texts broken into lines.

    Raises
    ------
    HasimError
        For a family that the matrix does not have.
    """
    rows = found.rows()
    there = [*dict.fromkeys(row.family for row in rows if row.family)]
    wanted = None if families is None else [families] if isinstance(families, str) else [*families]
    for name in wanted or ():
        if name not in there:
            listed = f"; there are {', '.join(there)}"
            raise HasimError(f"no family {name!r} in this matrix{nearest(name, there) or listed}")
    out = []
    for row in rows:
        worst = [ink.outcome(kind) for kind in row.worst]
        if wanted is not None and row.family and row.family not in wanted:
            continue
        if bad and not any(kind in _BAD for kind in worst):
            continue
        lines = [line for event in row.said() for line in folded(event, _LABEL)]
        cells = [[ln for text in cell for ln in _broken(text, wide - 8)] for cell in row.cells]
        out.append(_Row(row.family, lines, cells, worst))
    return out


def _broken(text: str, wide: float) -> list[str]:
    """Return the lines of an outcome; a number stays with its unit."""
    return [line.replace("~s", " s") for line in folded(text.replace(" s", "~s"), wide)]


def matrix(
    data: Any,
    ax: Axes | None = None,
    *,
    families: Iterable[str] | None = None,
    bad: bool = False,
    title: str | None = None,
) -> Axes:
    """Draw what single faults do in each phase of a cluster: colours for the eye, words to read.

    Rows are those of the table that ``print(matrix)`` shows: events by which users lose nothing in
    any phase are left out, and events of a kind that do the same share a row.

    Parameters
    ----------
    data : Matrix
        What :meth:`hasim.Model.matrix` returns.
    ax : Axes, optional
        Where; without it a figure is made that is as high as its rows need.
    families : iterable of str, optional
        Only rows of these families of faults.
    bad : bool
        Only rows in which a property is violated.
    title : str, optional
        The heading.

    Raises
    ------
    HasimError
        For what is no matrix, and for a family that it does not have.
    """
    if not all(hasattr(data, name) for name in ("rows", "phases", "sentences", "model")):
        raise HasimError(f"a matrix is wanted, not {type(data).__name__}")
    phases = tuple(data.phases)
    wide = (WIDTH * 72 - _LABEL - 30) / max(len(phases), 1)
    rows = _rows(data, families, bad, wide)
    with styled():
        height = sum(row.height for row in rows) + 16.0 * len({r.family for r in rows})
        made = new_axes(ax, (max(height, 60.0) + 105) / 72)
        lettered(made, title=title or f"What each fault does to {data.model.name}")
        if not rows:
            empty(made, "no fault violates a property" if bad else "no fault does anything")
            return made
        bottom, labels = _draw(made, rows, len(phases), wide)
        made.set_xlim(0, len(phases))
        made.set_ylim(bottom, 0)
        made.set_xticks(np.arange(len(phases)) + 0.5, [clean(p) for p in phases], fontsize=SIZE)
        made.xaxis.tick_top()
        made.set_yticks([y for y, _, _ in labels], [words for _, words, _ in labels])
        for label, (*_, bold) in zip(made.get_yticklabels(), labels, strict=True):
            label.set_fontweight("bold" if bold else "normal")
            label.set_parse_math(False)
        made.tick_params(length=0, labelsize=SIZE)
        for spine in made.spines.values():
            spine.set_visible(False)
        gutter = widest([line for _, words, _ in labels for line in words.split("\n")])
        keys.below(made, keys.flow(_legend(rows), WIDTH * 72 - 20), left=gutter, down=6)
    return made


def _draw(
    ax: Axes, rows: Sequence[_Row], columns: int, wide: float
) -> tuple[float, list[tuple[float, str, bool]]]:
    """Draw the cells; return where they end, and the labels of rows with their places."""
    y, family = 0.0, rows[0].family
    labels: list[tuple[float, str, bool]] = []
    for row in rows:
        if row.family != family or not labels:
            family = row.family
            if family:
                labels.append((y + 9, family, True))
                y += 16
        edges = np.array([y, y + row.height])
        codes = np.array([[_CODES[kind] for kind in row.worst]])
        _mesh(ax, columns, edges, codes)
        for i, (lines, kind) in enumerate(zip(row.cells, row.worst, strict=True)):
            _cell(ax, i, y, row.height, lines, kind)
        labels.append((y + row.height / 2, "\n".join(row.lines), False))
        y += row.height
    return y, labels


def _mesh(ax: Axes, columns: int, edges: np.ndarray[Any, Any], codes: np.ndarray[Any, Any]) -> None:
    from matplotlib.colors import BoundaryNorm, ListedColormap

    colours = ListedColormap([look.face for look in ink.OUTCOMES.values()])
    ax.pcolormesh(
        np.arange(columns + 1), edges, codes, cmap=colours, edgecolors=ink.PAPER, linewidth=1.2,
        norm=BoundaryNorm(np.arange(len(ink.OUTCOMES) + 1) - 0.5, len(ink.OUTCOMES)), zorder=1,
    )  # fmt: skip


def _cell(ax: Axes, i: int, y: float, height: float, lines: Sequence[str], kind: str) -> None:
    from matplotlib.patches import Rectangle

    look = ink.OUTCOMES[kind]
    if look.hatch:
        ax.add_patch(
            Rectangle(
                (i + 0.02, y + 1), 0.96, height - 2, facecolor="none", hatch=look.hatch,
                edgecolor=ink.PAPER, linewidth=0, zorder=1.5,
            )
        )  # fmt: skip
    if lines:
        ground = {"facecolor": look.face, "edgecolor": "none", "pad": 1.0}
        said = ax.text(
            i + 0.5, y + height / 2, "\n".join(lines), ha="center", va="center", fontsize=SIZE,
            color=look.words, fontweight="bold" if kind in _BAD else "normal", zorder=2,
            bbox=ground if look.hatch else None, linespacing=1.05,
        )  # fmt: skip
        said.set_label(f"_{kind}")


def _legend(rows: Sequence[_Row]) -> list[keys.Sample]:
    from matplotlib.patches import Rectangle

    used = {kind for row in rows for kind in row.worst}
    out = []
    for kind, look in ink.OUTCOMES.items():
        if kind in used:
            box = Rectangle((0, -1), 18, 10, facecolor=look.face, edgecolor=ink.RULE, linewidth=0.5)
            over = Rectangle(
                (0, -1), 18, 10, facecolor="none", hatch=look.hatch or None, edgecolor=ink.PAPER,
                linewidth=0,
            )  # fmt: skip
            said = {"": "not tried", "property": "another property violated"}.get(kind, kind)
            out.append(keys.Sample(18, (box, over), said))
    return out
