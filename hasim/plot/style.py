"""How figures look: one style in a context of our own, one size of text, times as minutes."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np

from hasim.errors import HasimError
from hasim.render import palette as ink
from hasim.render.svg import shorten, text_width, wrap

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.axis import Axis
    from matplotlib.figure import Figure

__all__ = [
    "LINES",
    "MARKERS",
    "SERIES",
    "SIZE",
    "WIDTH",
    "clean",
    "clock_text",
    "empty",
    "fits",
    "folded",
    "lettered",
    "new_axes",
    "new_pair",
    "room_of",
    "styled",
    "time_axis",
    "widest",
]

#: Width of a figure in inches, and the size of its text in points.
WIDTH, SIZE = 7.5, 8.0
#: What tells series apart: colour, dashes, markers; all go together.
SERIES = (ink.BLUE, ink.VERMILLION, ink.GREEN, ink.PURPLE, ink.ORANGE, ink.SKY, ink.INK)
LINES = ("-", "--", "-.", ":", (0, (5, 1, 1, 1, 1, 1)), (0, (7, 2)), (0, (1, 1)))
MARKERS = ("o", "s", "^", "D", "v", "P", "X")

_STYLE: Any = {
    "axes.axisbelow": True,
    "axes.edgecolor": ink.RULE,
    "axes.formatter.useoffset": False,
    "axes.labelcolor": ink.INK,
    "axes.labelsize": SIZE,
    "axes.linewidth": 0.8,
    "axes.spines.right": False,
    "axes.spines.top": False,
    "axes.titlelocation": "left",
    "axes.titlesize": SIZE + 2,
    "axes.titleweight": "bold",
    "figure.constrained_layout.h_pad": 0.07,
    "figure.dpi": 100,
    "figure.facecolor": ink.PAPER,
    "figure.max_open_warning": 0,
    "font.family": ["DejaVu Sans"],
    "font.size": SIZE,
    "grid.color": ink.GRID,
    "grid.linewidth": 0.7,
    "hatch.linewidth": 0.8,
    "legend.edgecolor": ink.GRID,
    "legend.fontsize": SIZE,
    "legend.framealpha": 0.9,
    "legend.title_fontsize": SIZE,
    "lines.linewidth": 1.5,
    "lines.markersize": 5,
    "savefig.dpi": 150,
    "text.color": ink.INK,
    "text.parse_math": False,
    "text.usetex": False,
    "xtick.color": ink.QUIET,
    "xtick.labelcolor": ink.INK,
    "xtick.labelsize": SIZE,
    "ytick.color": ink.QUIET,
    "ytick.labelcolor": ink.INK,
    "ytick.labelsize": SIZE,
}
# Steps of an axis of times, in seconds.
_STEPS = (
    *(m * 10.0**p for p in range(-6, 0) for m in (1, 2, 5)),
    *(1.0, 2.0, 5.0, 10.0, 15.0, 30.0, 60.0, 120.0, 300.0, 600.0, 900.0, 1800.0),
    *(h * 3600.0 for h in (1, 2, 3, 6, 12, 24, 48, 120, 240)),
)


@contextmanager
def styled() -> Iterator[None]:
    """Apply the style while something is drawn; the settings of the process stay as they are.

    But for one: the first figure of a notebook starts the backend, which turns on that figures are
    shown at the end of their cells. That must last.
    """
    import matplotlib as mpl

    live = mpl.is_interactive()
    try:
        with mpl.rc_context(_STYLE):
            try:
                yield
            finally:
                live = mpl.is_interactive()
    finally:
        mpl.interactive(live)


def new_axes(ax: Axes | None, height: float, width: float = WIDTH) -> Axes:
    """Return the axes that are given, or those of a new figure of a size in inches."""
    if ax is not None:
        return ax
    from matplotlib import pyplot as plt

    _, made = plt.subplots(figsize=(width, height), layout="constrained")
    return made


def new_pair(
    axes: Any, height: float, ratios: tuple[float, float] = (1, 1), *, sharex: bool = True
) -> Any:
    """Return the two axes that are given, or two of a new figure, one above the other.

    Raises
    ------
    HasimError
        Where something else than two axes is given.
    """
    from matplotlib import pyplot as plt
    from matplotlib.axes import Axes

    if axes is None:
        _, made = plt.subplots(
            2, 1, figsize=(WIDTH, height), layout="constrained", sharex=sharex,
            gridspec_kw={"height_ratios": ratios},
        )  # fmt: skip
        return made
    pair = np.atleast_1d(np.asarray(axes, dtype=object)).ravel()
    if len(pair) != 2 or not all(isinstance(ax, Axes) for ax in pair):
        raise HasimError("this figure has two panels: give ax two axes, as plt.subplots(2) makes")
    return pair


def room_of(ax: Axes) -> float:
    """Return how wide the figure of axes that were given is for them, in points."""
    box = ax.get_window_extent()
    return float(box.width) * 72 / _root(ax).dpi


def _root(ax: Axes) -> Figure:
    figure: Any = ax.figure
    while figure.figure is not figure:
        figure = figure.figure
    return figure  # type: ignore[no-any-return]


# ---- text ---------------------------------------------------------------------------------------


@cache
def _known() -> frozenset[int]:
    """Return the characters that the font has."""
    from matplotlib.font_manager import FontProperties, findfont, get_font

    return frozenset(get_font(findfont(FontProperties(family="DejaVu Sans"))).get_charmap())


def clean(words: str) -> str:
    """Return a text without what the font cannot show: there stands U+FFFD."""
    there = _known()
    return "".join(c if c == "\n" or (ord(c) in there and c >= " ") else "\ufffd" for c in words)


def fits(words: str, width: float, size: float = SIZE, bold: bool = False) -> str:
    """Return a text of one line that takes at most some points; its end may be cut off."""
    return shorten(clean(words), width, size, bold)


def folded(words: str, width: float, size: float = SIZE, bold: bool = False) -> list[str]:
    """Return the lines of a text that take at most some points."""
    return wrap(clean(words), width, size, bold)


def widest(words: list[str], size: float = SIZE, bold: bool = False) -> float:
    """Return how many points the longest of some texts takes."""
    return max((text_width(clean(one), size, bold) for one in words), default=0.0)


def lettered(ax: Axes, *, title: str = "", x: str | None = None, y: str | None = None) -> None:
    """Write title and labels of axes; a dollar is a dollar."""
    ax.title.set_parse_math(False)
    if title:
        said = ax.set_title(clean(title), loc="left", fontsize=SIZE + 2, fontweight="bold")
        said.set_parse_math(False)
    for label, words in ((ax.xaxis.label, x), (ax.yaxis.label, y)):
        label.set_parse_math(False)
        if words is not None:
            label.set_text(clean(words))
            label.set_fontsize(SIZE)


def empty(ax: Axes, words: str) -> None:
    """Say in the middle of axes that there is nothing to draw, and why."""
    ax.set_xticks([])
    ax.set_yticks([])
    ax.text(
        0.5, 0.5, clean(f"nothing to draw: {words}"), transform=ax.transAxes, ha="center",
        va="center", color=ink.QUIET, fontsize=SIZE, parse_math=False,
    )  # fmt: skip


# ---- times --------------------------------------------------------------------------------------


def clock_text(seconds: float, step: float = 1.0) -> str:
    """Return a time as ``m:ss``, as ``h:mm:ss`` from two hours on; fractions where steps need them.

    >>> clock_text(4278), clock_text(61.5, 0.5), clock_text(7384)
    ('71:18', '1:01.5', '2:03:04')
    """
    places = next((p for p in range(6) if abs(step - round(step, p)) < 1e-9), 6)
    sign, rest = ("-" if seconds < 0 else ""), round(abs(seconds), places)
    minutes, rest = divmod(rest, 60)
    rest = round(rest, places)
    if rest >= 60:
        minutes, rest = minutes + 1, rest - 60
    told = f"{rest:0{places + 3 if places else 2}.{places}f}"
    if minutes < 120:
        return f"{sign}{minutes:.0f}:{told}"
    hours, minutes = divmod(minutes, 60)
    return f"{sign}{hours:.0f}:{minutes:02.0f}:{told}"


def time_axis(axis: Axis, most: int = 8) -> None:
    """Let an axis in seconds show its times as ``m:ss``, at round instants."""
    from matplotlib.ticker import Formatter, Locator

    def step_of(low: float, high: float) -> float:
        return next((s for s in _STEPS if (high - low) / s <= most), (high - low) / most)

    class Instants(Locator):
        def __call__(self) -> Any:
            return self.tick_values(*self.axis.get_view_interval())  # type: ignore[union-attr]

        def tick_values(self, vmin: float, vmax: float) -> Any:
            low, high = sorted((vmin, vmax))
            step = step_of(low, high)
            if step <= 0 or not np.isfinite(step):
                return np.array([low])
            first, last = np.ceil(low / step - 1e-9), np.floor(high / step + 1e-9)
            return np.arange(first, last + 1) * step

    class Clock(Formatter):
        def __call__(self, x: float, pos: int | None = None) -> str:
            return clock_text(x, step_of(*sorted(self.axis.get_view_interval())))  # type: ignore[union-attr]

    axis.set_major_locator(Instants())
    axis.set_major_formatter(Clock())
    axis.set_tick_params(labelsize=SIZE)
