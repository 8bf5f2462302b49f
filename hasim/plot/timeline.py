"""A run as a timeline: the rows of :func:`hasim.render.timeline_svg`, drawn by matplotlib."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from hasim.monitors import Violation
from hasim.plot import keys
from hasim.plot.inputs import Ran, seconds, trace_of
from hasim.plot.looks import bar_patch, heading_of, mark_artists, mark_text
from hasim.plot.style import (
    SIZE,
    WIDTH,
    clean,
    fits,
    folded,
    lettered,
    new_axes,
    room_of,
    styled,
    time_axis,
    widest,
)
from hasim.render import palette as ink
from hasim.render.bars import Plot, merged
from hasim.render.evidence import LANES_MAX, Outline, lanes_of, loud, parts_of
from hasim.render.marks import Lanes, Mark, joined, marks_of, place
from hasim.render.rows import KEYS, Band, Bar, Key, Row
from hasim.render.svg import text_width
from hasim.render.timeline import bands_of
from hasim.render.window import Known, Time, about, instant, window_of

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["timeline"]

# Heights in points.
_PITCH, _BAR, _THIN, _GOOD = 13.0, 10.0, 8.0, 2.6
_HEAD, _GAP, _LANE = 13.5, 5.0, 13.0
_GUTTER_MAX, _MARGIN = 190.0, 22.0
_LEGEND_MAX = 24


class _Line(NamedTuple):
    """A label of the gutter."""

    y: float
    words: str
    bold: bool


class _Sheet:
    """A timeline being drawn from top to bottom; heights are points, times are seconds."""

    def __init__(self, ax: Axes, plot: Plot) -> None:
        self.ax, self.plot = ax, plot
        self.y = 0.0
        self.lines: list[_Line] = []
        self.styles: dict[str, None] = {}

    def x(self, points: float) -> float:
        """Return how many seconds some points are."""
        window, room = self.plot.window, self.plot.right - self.plot.left
        return points / room * seconds(window.end - window.begin)

    def marks(self, marks: Sequence[Mark]) -> list[float]:
        """Draw the marks of what the window shows; return the instants of their lines."""
        shown = [m for m in marks if self.plot.window.shows(m.at, m.at)]
        lanes = Lanes()
        top = self.y
        for made in shown:
            half = 7.0 + text_width(str(made.number), SIZE) / 4
            at = self.plot.x(made.at)
            lane = lanes.place(at - half, at + half)
            mark_text(self.ax, made, seconds(made.at), top + _LANE * (lane + 0.5))
        if shown:
            words = {"orders" if m.order else "faults" for m in shown}
            self.lines.append(_Line(top + _LANE / 2, ", ".join(sorted(words)), False))
            self.y += len(lanes) * _LANE + 2
        return sorted({seconds(m.at) for m in shown if not m.healed})

    def violations(self, lanes: dict[Any, list[Any]]) -> list[tuple[float, float]]:
        """Draw bars for violations; return from when to when they last, in seconds."""
        from matplotlib.patches import Rectangle

        spans = []
        for i, ((name, _), found) in enumerate(lanes.items()):
            if i == LANES_MAX:
                more = f"... and {len(lanes) - i} more violations"
                self._say(seconds(self.plot.window.begin), more, 4)
                self.y += _PITCH
                break
            if i == 0:
                self.lines.append(_Line(self.y + _PITCH / 2, "violated", True))
            edges = [(seconds(a), seconds(b)) for a, b, _ in found]
            for (begin, end), (*_, title) in zip(edges, found, strict=True):
                size = (max(end - begin, self.x(2)), _BAR)
                made = Rectangle((begin, self.y + 1.5), *size, facecolor=ink.CRY, linewidth=0)
                made.set_label(f"_violation {clean(title)}")
                self.ax.add_patch(made)
            self._named(name, *edges[0], edges[-1][1])
            spans += edges
            self.y += _PITCH
        return spans

    def _say(self, at: float, words: str, right: float, **looks: Any) -> None:
        said = {"va": "center", "fontsize": SIZE, "fontweight": "bold", **looks}
        self.ax.annotate(
            clean(words), (at, self.y + _PITCH / 2), (right, 0), textcoords="offset points",
            annotation_clip=False, parse_math=False, **said,
        )  # fmt: skip

    def _named(self, name: str, begin: float, end: float, last: float) -> None:
        """Write a name into the first bar, or beside the bars where it does not fit."""
        wide = text_width(clean(name), SIZE, bold=True) + 8
        window = self.plot.window
        low, high = seconds(window.begin), seconds(window.end)
        if self.x(wide) <= min(end, high) - max(begin, low):
            self._say(max(begin, low), name, 4, color=ink.PAPER)
        elif max(begin, low) - self.x(wide) >= low:
            self._say(begin, name, -4, ha="right")
        else:
            self._say(min(last, high), name, 4)

    def band(self, band: Band, parts: dict[Key, list[Outline]]) -> None:
        """Draw the rows of a node, or of what lies around the nodes."""
        from matplotlib.patches import Rectangle

        shown = [row for row in band.rows if any(True for _ in merged(row.bars, self.plot))]
        if not shown:
            return
        top = self.y
        self.lines.append(_Line(self.y + _HEAD / 2 + 1, band.name, True))
        self.y += _HEAD
        for row in shown:
            self._row(row, parts, band.name == "outage")
        self.y += 2
        window = self.plot.window
        size = (seconds(window.end - window.begin), self.y - top)
        ground = Rectangle((seconds(window.begin), top), *size, facecolor=ink.BAND, zorder=0.1)
        ground.set_label(f"_band {band.name}")
        self.ax.add_patch(ground)
        self.y += _GAP

    def _row(self, row: Row, parts: dict[Key, list[Outline]], beside: bool) -> None:
        from matplotlib.patches import Rectangle

        window = self.plot.window
        outlines = dict.fromkeys(o for key in row.keys for o in parts.get(key, ()))
        found = [o for o in outlines if window.shows(o.begin, o.end)]
        middle, height = self.y + _PITCH / 2, _THIN if row.thin else _BAR
        self.lines.append(_Line(middle, row.label, bool(found)))
        bars = [*merged(row.bars, self.plot)]
        ends = [*(self.plot.x(bar.begin) for bar in bars[1:]), self.plot.right + _MARGIN / 2]
        for made, free in zip(bars, ends, strict=True):
            self.styles[made.style] = None
            self._bar(made, middle, _GOOD if made.style == "good" else height)
            self._value(made, middle, free if beside else 0.0)
        for outline in found:
            begin, end = seconds(outline.begin), seconds(outline.end)
            box = Rectangle(
                (begin, middle - height / 2 - 1), max(end - begin, self.x(3)), height + 2,
                facecolor="none", edgecolor=ink.VERMILLION, linewidth=1.6, zorder=3.5,
            )  # fmt: skip
            box.set_label("_part")
            self.ax.add_patch(box)
        self.y += _PITCH

    def _bar(self, made: Bar, middle: float, height: float) -> None:
        begin, lasts = seconds(made.begin), seconds(made.end - made.begin)
        patch = bar_patch(made.style, begin, middle - height / 2, lasts, height)
        if lasts < self.x(1.2):
            patch.set_linewidth(1.2)
        patch.set_label(f"_{clean(made.title)}")
        self.ax.add_patch(patch)

    def _value(self, made: Bar, middle: float, free: float) -> None:
        """Write a state into its bar; beside it, up to a place that is free, where it may stand."""
        left, right = self.plot.x(made.begin), self.plot.x(made.end)
        wide = text_width(clean(made.value), SIZE) + 8
        inside = wide <= right - left
        if not made.value or made.style == "good" or not (inside or right + wide <= free):
            return
        tint = ink.TINTS.get(made.style) if inside else None
        box = {"facecolor": tint, "edgecolor": "none", "pad": 0.6}
        dark = inside and made.style in ("node0", "off")
        at = seconds(max(made.begin, self.plot.window.begin) if inside else made.end)
        self.ax.annotate(
            clean(made.value), (at, middle), (4, 0), textcoords="offset points", va="center",
            fontsize=SIZE, parse_math=False, color=ink.PAPER if dark else ink.INK,
            annotation_clip=False, bbox=None if tint is None else box,
        )  # fmt: skip


def _gutter(bands: Sequence[Band]) -> float:
    labels = [row.label for band in bands for row in band.rows]
    return min(max(widest(labels, bold=True), 60.0), _GUTTER_MAX) + 8


def _legend(
    sheet: _Sheet, marks: Sequence[Mark], violations: Sequence[Violation], nodes: Sequence[str],
    room: float,
) -> list[Any]:  # fmt: skip
    """Return the lines below: violations, faults and orders, and the looks of bars."""
    window = sheet.plot.window
    told: list[tuple[str, Mark | None]] = [
        (f"{v}{place(v.at, window)}", None) for v in violations
    ]  # fmt: skip
    told += [(f"{m.line}{place(m.at, window)}", m) for m in marks if not m.healed]
    out: list[Any] = []
    for said, mark in told[:_LEGEND_MAX]:
        for i, line in enumerate(folded(said, room - 22)):
            artists = () if i else mark_artists(mark)
            out += keys.flow([keys.Sample(14, artists, line)], room)
    if len(told) > _LEGEND_MAX:
        out.append(keys.words(f"... and {len(told) - _LEGEND_MAX} more", colour=ink.QUIET))
    looks = [(style, said) for style, said in KEYS if style in sheet.styles]
    looks += [
        (f"node{i}", f"what {' and '.join(nodes[i::4])} has")
        for i in range(4)
        if f"node{i}" in sheet.styles
    ]
    if "many" in sheet.styles:
        looks.append(("many", "several short states"))
    samples = [
        keys.Sample(
            20, (bar_patch(s, 0, 3 if s == "good" else 0, 20, 2.6 if s == "good" else 8),), said
        )
        for s, said in looks
    ]
    return [*out, *keys.flow(samples, room)]


def timeline(
    data: Any,
    ax: Axes | None = None,
    *,
    begin: Time | None = None,
    end: Time | None = None,
    violations: Sequence[Violation] | None = None,
    title: str | None = None,
) -> Axes:
    """Draw who was in which state when: the rows of :func:`hasim.render.timeline_svg`.

    Parameters
    ----------
    data : Run or Trace
        What is drawn. Of a run also its outages, as its clients saw them.
    ax : Axes, optional
        Where; without it a figure is made that is as high as its rows need.
    begin, end : str or number, optional
        The window: durations since the start, such as ``"4m50s"``, or seconds. What is not given
        is chosen, see :func:`hasim.render.window.window_of`.
    violations : sequence of Violation, optional
        What is shaded; those of the run if not given.
    title : str, optional
        The heading; the title or the name of the scenario if not given.

    Returns
    -------
    Axes
        Time in seconds to the right, points downwards. Every bar is a rectangle with the whole
        sentence in its label.

    Raises
    ------
    HasimError
        For a window that is empty or lies outside the run, and for what is no run.
    """
    trace = trace_of(data)
    run = data if isinstance(data, Ran) else None
    broken = tuple(violations if violations is not None else run.violations if run else ())
    known = Known(trace)
    window = window_of(known, broken, instant(begin), instant(end))
    bands = bands_of(known, run.outage if run else ())
    name = title or (run and run.scenario.title) or trace.header.scenario or "A run"
    gutter = _gutter(bands)
    with styled():
        room = WIDTH * 72 if ax is None else room_of(ax) + gutter
        plot = Plot(window, 0.0, max(room - gutter - _MARGIN, 60.0))
        made = new_axes(ax, 1.0)
        sheet = _Sheet(made, plot)
        marks, parts = marks_of(known), parts_of(trace, broken)
        falls = sheet.marks(marks)
        spans = sheet.violations(lanes_of(broken, window, known.end))
        top = sheet.y
        for band in bands:
            sheet.band(band, parts)
        if not bands:
            made.annotate("The trace holds no states.", (0, 0), (4, -9), textcoords="offset points")
            sheet.y += 16
        _ground(sheet, top, falls, joined(spans))
        _frame(sheet)
        left = gutter - 4
        lines = heading_of(made, name, about(known, window, name), loud(broken), room - 12, left)
        legend = _legend(sheet, marks, broken, known.nodes, room - 12)
        keys.below(made, legend, left=left)
        if ax is None:
            figure: Any = made.figure
            height = sheet.y + 48 + (lines + len(legend)) * (keys.LINE + keys.SEP)
            figure.set_size_inches(WIDTH, height / 72)
    return made


def _ground(
    sheet: _Sheet, top: float, falls: Sequence[float], spans: Sequence[tuple[float, float]]
) -> None:
    """Draw what lies behind the rows: violations, and where faults fall."""
    from matplotlib.patches import Rectangle

    for begin, end in spans:
        size = (end - begin, sheet.y - top)
        shade = Rectangle((begin, top), *size, facecolor=ink.VERMILLION, alpha=0.14, zorder=0.5)
        shade.set_label("_shade")
        sheet.ax.add_patch(shade)
    lines = sheet.ax.vlines(falls, top, sheet.y, colors=ink.INK, linewidths=0.8, linestyles=":")
    lines.set(zorder=0.8, label="_falls")


def _frame(sheet: _Sheet) -> None:
    """Set limits, ticks and labels."""
    ax, window = sheet.ax, sheet.plot.window
    ax.set_xlim(seconds(window.begin), seconds(window.end))
    ax.set_ylim(max(sheet.y, 1.0), 0)
    time_axis(ax.xaxis)
    lettered(ax, x="time since the start (m:ss)", y="")
    ax.grid(axis="x", zorder=0.3)
    ax.grid(visible=False, axis="y")
    lines = sorted(sheet.lines)
    said = [fits(line.words, _GUTTER_MAX, SIZE, line.bold) for line in lines]
    ax.set_yticks([line.y for line in lines], said, fontsize=SIZE, parse_math=False)
    for label, line in zip(ax.get_yticklabels(), lines, strict=True):
        label.set_fontweight("bold" if line.bold else "normal")
    ax.tick_params(axis="y", length=0, pad=4)
    for side in ("left", "right", "top"):
        ax.spines[side].set_visible(False)
