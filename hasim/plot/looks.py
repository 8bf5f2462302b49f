"""The looks that figures of one run share: bars of states, marks of faults, the heading."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from hasim.plot import keys
from hasim.plot.style import SIZE, clean, fits, folded, lettered
from hasim.render import palette as ink
from hasim.render.marks import Mark

if TYPE_CHECKING:
    from matplotlib.artist import Artist
    from matplotlib.axes import Axes
    from matplotlib.patches import Rectangle

__all__ = ["bar_patch", "heading_of", "mark_artists", "mark_text"]

# Fill, edge, hatching, width of the edge.
_LOOKS: dict[str, tuple[str, str, str, float]] = {
    "good": (ink.GREEN, "none", "", 0.0),
    "start": (ink.TINTS["start"], "#b5a800", "....", 0.0),
    "dead": (ink.TINTS["dead"], ink.VERMILLION, "/////", 0.0),
    "hung": (ink.TINTS["hung"], ink.ORANGE, "|||||", 0.0),
    "off": (ink.OFF, "none", "", 0.0),
    "gone": ("none", ink.RULE, "", 0.8),
    "work": (ink.SKY, "none", "", 0.0),
    "many": (ink.GREY, "none", "", 0.0),
    **{f"node{i}": (colour, "none", "", 0.0) for i, colour in enumerate(ink.NODES)},
}


def bar_patch(style: str, x: float, y: float, width: float, height: float) -> Rectangle:
    """Return the bar of a state in the look of its style."""
    from matplotlib.patches import Rectangle

    face, edge, hatch, line = _LOOKS[style]
    return Rectangle(
        (x, y), width, height, facecolor=face, edgecolor=edge, hatch=hatch or None,
        linewidth=line, linestyle=(0, (3, 2)) if style == "gone" else "-", zorder=2,
    )  # fmt: skip


def mark_text(ax: Axes, made: Mark, x: float, y: float) -> None:
    """Draw a numbered mark: a disc for a fault, a square for an order, hollow where it ends."""
    box = {
        "boxstyle": "square,pad=0.25" if made.order else "circle,pad=0.22",
        "facecolor": ink.PAPER if made.healed else ink.INK,
        "edgecolor": ink.INK,
        "linewidth": 1.0,
    }
    said = ax.text(
        x, y, str(made.number), ha="center", va="center", fontsize=SIZE - 1, fontweight="bold",
        color=ink.INK if made.healed else ink.PAPER, bbox=box, zorder=4,
    )  # fmt: skip
    said.set_label(f"_{clean(made.title)}")


def mark_artists(mark: Mark | None) -> tuple[Artist, ...]:
    """Return a mark for a line of a legend; without one the sign of a violation."""
    from matplotlib.patches import Circle, Rectangle
    from matplotlib.text import Text

    looks: dict[str, Any] = {"ha": "center", "va": "center_baseline", "fontweight": "bold"}
    if mark is None:
        return (Text(7, 4, "✕", color=ink.LOUD, fontsize=SIZE + 2, **looks),)
    ground: Any = Circle((7, 4), 5.6, facecolor=ink.INK, edgecolor="none")
    if mark.order:
        ground = Rectangle((1.6, -1.2), 10.8, 10.4, facecolor=ink.INK, edgecolor="none")
    return ground, Text(7, 4, str(mark.number), color=ink.PAPER, fontsize=SIZE - 1, **looks)


def heading_of(
    ax: Axes,
    name: str,
    quiet: str,
    loud: Sequence[str],
    room: float,
    left: float = 0.0,
    notes: Sequence[str] = (),
    up: float = 5.0,
) -> int:
    """Write the heading of a figure and the lines below it; return how many lines they are."""
    lines = [keys.words(line, bold=True, size=SIZE + 2) for line in _head(name, room)]
    lines.append(keys.words(fits(quiet, room), colour=ink.QUIET))
    lines += [keys.words(line, colour=ink.QUIET) for note in notes for line in folded(note, room)]
    lines += [
        keys.words(line, colour=ink.LOUD, bold=True)
        for sentence in loud
        for line in folded(sentence, room, SIZE, True)
    ]
    keys.above(ax, lines, left=left, up=up)
    lettered(ax)
    return len(lines)


def _head(name: str, room: float) -> list[str]:
    return folded(name, room, SIZE + 2, bold=True)[:3]
