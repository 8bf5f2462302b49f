"""Bars of a timeline: where they lie, and how each state looks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from hasim.render.picture import HATCHED, Picture, hover, text
from hasim.render.rows import Bar
from hasim.render.svg import tag, text_width
from hasim.render.window import Window, time_text
from hasim.units import Micros

__all__ = ["Plot", "draw_bar", "merged"]


class Plot(NamedTuple):
    """Where time lies: from the left edge of the plot to its right one."""

    window: Window
    left: float
    right: float

    def x(self, at: Micros) -> float:
        """Return the place of an instant, at an edge where it lies outside."""
        at = min(max(at, self.window.begin), self.window.end)
        share = (at - self.window.begin) / (self.window.end - self.window.begin)
        return self.left + share * (self.right - self.left)


def merged(bars: Sequence[Bar], plot: Plot) -> Iterator[Bar]:
    """Yield the bars that the window shows; those too narrow to be told apart become one."""
    shown = [b for b in bars if plot.window.shows(b.begin, b.end)]
    i = 0
    while i < len(shown):
        j = i
        while (
            j + 1 < len(shown)
            and plot.x(shown[j].end) - plot.x(shown[j].begin) < 1
            and plot.x(shown[j + 1].end) - plot.x(shown[i].begin) < 3
        ):
            j += 1
        if j > i:
            begin, end = shown[i].begin, max(b.end for b in shown[i : j + 1])
            told = f"{j - i + 1} states, from {time_text(begin)} to {time_text(end)}"
            yield Bar(begin, end, "", "many", told)
        else:
            yield shown[i]
        i = j + 1


def draw_bar(
    picture: Picture,
    plot: Plot,
    made: Bar,
    y: float,
    height: float,
    edges: Sequence[float] = (),
) -> str:
    """Return a bar with its tooltip; its words stand right of edges that would cross them."""
    left, right = plot.x(made.begin), plot.x(made.end)
    right = max(right, left + 1.5)
    if made.style == "good":
        height, y = 3, y + (height - 3) / 2
    inset = 0.5 if made.style == "gone" else 0.0
    drawn = [
        tag(
            "rect",
            x=left + inset,
            y=y + inset,
            width=max(right - left - 2 * inset, 0.5),
            height=height - 2 * inset,
            **picture.fill(made.style),
        )
    ]
    wide = text_width(made.value, 10)
    start = left + 4
    for edge in sorted(edges):
        if left < edge < start + wide + 3:
            start = edge + 5
    if made.value and start + wide + 4 <= right and height > 8:
        base = y + height / 2 + 3.5
        if made.style in HATCHED:
            tint = f"tint-{made.style}"
            size = {"width": wide + 7, "height": height}
            drawn.append(tag("rect", x=start - 4, y=y, class_=tint, **size))
        drawn.append(text(start, base, made.value, _ink(made.style)))
    return hover(made.title, *drawn, class_=f"bar {made.style}-bar")


def _ink(style: str) -> str:
    """Return the class of a text that is read on a bar."""
    if style == "gone":
        return "small quiet"
    return "light" if style in ("node0", "off") else "dark"
