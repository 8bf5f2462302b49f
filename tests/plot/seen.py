"""What a figure shows, read back from its artists."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations
from typing import Any, NamedTuple

from matplotlib.axis import Tick
from matplotlib.patches import Patch, Rectangle
from matplotlib.text import Text


class Box(NamedTuple):
    """Where a text stands, in pixels, and where it is read from."""

    left: float
    low: float
    right: float
    high: float
    words: str


def figure_of(ax: Any) -> Any:
    return ax.figure


def texts(ax: Any) -> list[str]:
    """Every text of the figure, the explanations around the axes included."""
    return [t.get_text() for t in figure_of(ax).findobj(Text) if t.get_text() and t.get_visible()]


def patches(ax: Any, begin: str = "_") -> list[Rectangle]:
    """The rectangles whose label begins with a text."""
    found = [p for p in ax.patches if isinstance(p, Patch)]
    return [p for p in found if str(p.get_label()).startswith(begin)]  # type: ignore[misc]


def labels(ax: Any, begin: str = "_") -> list[str]:
    """The labels of artists that begin with a text, without it."""
    found = [str(a.get_label()) for a in ax.get_children()]
    return [label.removeprefix(begin) for label in found if label.startswith(begin)]


def row_at(ax: Any, y: float) -> str:
    """The label of the row at a height."""
    ticks = zip(ax.get_yticks(), (t.get_text() for t in ax.get_yticklabels()), strict=True)
    return min(ticks, key=lambda tick: abs(tick[0] - y))[1]


def boxes(ax: Any) -> Iterator[Box]:
    figure = figure_of(ax)
    figure.canvas.draw()
    renderer = figure.canvas.get_renderer()
    axes = [axis for one in figure.axes for axis in (one.xaxis, one.yaxis)]
    drawn = {id(t) for axis in axes for tick in axis._update_ticks() for t in _labels(tick)}
    all_ticks = {id(t) for tick in figure.findobj(Tick) for t in _labels(tick)}
    for text in figure.findobj(Text):
        shown = text.get_text().strip() and text.get_visible()
        if shown and (id(text) in drawn or id(text) not in all_ticks):
            box = Text.get_window_extent(text, renderer)
            yield Box(box.x0, box.y0, box.x1, box.y1, text.get_text())


def _labels(tick: Tick) -> tuple[Text, Text]:
    return tick.label1, tick.label2


def crossing(ax: Any, slack: float = 1.5) -> list[tuple[str, str]]:
    """Pairs of texts that overlap by more than some pixels."""
    return [
        (a.words, b.words)
        for a, b in combinations([*boxes(ax)], 2)
        if min(a.right, b.right) - max(a.left, b.left) > slack
        and min(a.high, b.high) - max(a.low, b.low) > slack
    ]


def cut_off(ax: Any, slack: float = 1.5) -> list[str]:
    """Texts that leave the figure."""
    size = figure_of(ax).bbox
    return [
        b.words
        for b in boxes(ax)
        if b.left < -slack or b.low < -slack or b.right > size.width + slack
        or b.high > size.height + slack
    ]  # fmt: skip


def small(ax: Any) -> list[str]:
    """Texts that are too small to be read in print."""
    found = figure_of(ax).findobj(Text)
    return [t.get_text() for t in found if t.get_text().strip() and t.get_fontsize() < 7]
