"""Messages between nodes after Lamport: the picture of messages, drawn by matplotlib."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING, Any

from hasim.monitors import Violation
from hasim.plot import keys
from hasim.plot.inputs import Ran, seconds, trace_of
from hasim.plot.looks import bar_patch, heading_of, mark_text
from hasim.plot.style import SIZE, WIDTH, clean, clock_text, fits, lettered, new_axes, styled
from hasim.render import palette as ink
from hasim.render.exchange import Copy, Exchange
from hasim.render.lifelines import (
    APART,
    DEAD_END,
    SLOPE,
    Layout,
    Lifelines,
    Placed,
    ends_of,
    faint,
    lifelines_of,
    placed_items,
)
from hasim.render.marks import Mark, joined
from hasim.render.rows import daemon_row
from hasim.render.svg import text_width
from hasim.render.talk import Talk, talk_of
from hasim.render.telling import DOTS, Telling
from hasim.render.thread import Broken, Series
from hasim.render.window import Time, about, instant
from hasim.units import MS

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["messages"]

# The layout is that of a picture with letters of 11 pixels; a figure's have 8 points.
_UNIT = SIZE / 11
_LETTERS = 11.0
_MEDIA: tuple[tuple[str, Any], ...] = (
    (ink.BLUE, "-"), ("#b37b00", (0, (4.5, 2.2))), (ink.PURPLE, (0, (1.5, 1.5))),
    (ink.GREEN, (0, (6, 1.5, 1.5, 1.5))),
)  # fmt: skip
_FAINT = "#a3a3a3"
_DOTS = {
    "bad": (ink.VERMILLION, ink.INK, "s"),
    "change": (ink.BLUE, "none", "o"),
    "hold": (ink.ORANGE, ink.QUIET, "D"),
    "fence": (ink.SKY, ink.INK, "^"),
    "good": (ink.GREEN, "none", "o"),
    "calm": (ink.PAPER, ink.QUIET, "o"),
}


class _Drawing:
    """A figure of messages being drawn; places are those of the layout, downwards."""

    def __init__(self, ax: Axes, talk: Talk, lines: Lifelines) -> None:
        self.ax, self.talk, self.lines = ax, talk, lines
        self.looks = {m: _MEDIA[i % len(_MEDIA)] for i, m in enumerate(talk.media)}
        self.dots: dict[str, None] = {}

    def _say(self, x: float, y: float, words: str, **looks: Any) -> Any:
        said = {"fontsize": SIZE, "va": "center", "zorder": 4, "clip_on": False, **looks}
        return self.ax.text(x, y, clean(words), **said)

    def item(self, placed: Placed) -> None:
        """Draw one thing."""
        item, y = placed.item, placed.y
        match item:
            case Telling():
                self._telling(item, y)
            case Mark():
                self._strip(y, f"{item.line} ends" if item.healed else item.line, item.title)
                mark_text(self.ax, item, self.lines.left + 12, y)
            case Broken(violation=violation):
                words = f"{violation.property}: {violation.sentence}"
                self._strip(y, words, str(violation), ink.LOUD)
                x = self.lines.left + 12
                self._say(x, y, "✕", color=ink.LOUD, ha="center", fontweight="bold")
            case Exchange() | Series():
                self._message(placed, item)

    def _telling(self, told: Telling, y: float) -> None:
        i = self.lines.names.index(told.node)
        _, x, room, anchor = self.lines.region(i)
        face, edge, marker = _DOTS[told.style]
        self.dots[told.style] = None
        self.ax.plot(
            self.lines.x[i], y, marker=marker, markersize=5.5, markerfacecolor=face,
            markeredgecolor=edge if edge != "none" else face, linestyle="none", zorder=3,
            label=f"_{clean(told.title)}",
        )  # fmt: skip
        words = fits(told.words, room - 6, _LETTERS)
        self._say(x, y, words, ha="right" if anchor == "end" else "left")

    def _strip(self, y: float, words: str, title: str, colour: str = ink.INK) -> None:
        from matplotlib.patches import Rectangle

        left, right = self.lines.left, self.lines.right
        box = Rectangle((left, y - 10), right - left, 20, facecolor=ink.STRIP, zorder=1.5)
        box.set_label(f"_{clean(title)}")
        self.ax.add_patch(box)
        short = fits(words, right - left - 36, _LETTERS, bold=True)
        self._say(left + 28, y, short, color=colour, fontweight="bold")

    def _message(self, placed: Placed, item: Exchange | Series) -> None:
        i = self.lines.names.index(item.sender)
        ends = ends_of(item, self.lines)
        for k, copy in enumerate(item.copies):
            self._copy(copy, i, ends, placed, placed.y + k * APART)
        series = isinstance(item, Series)
        words = item.words if isinstance(item, Series) else "" if item.periodic else item.type
        if words:
            x, j = self.lines.x, self.lines.names.index(ends[0])
            near = x[i + (1 if j > i else -1)]
            low, high = min(x[i], near) + 9, max(x[i], near) - 9
            short = fits(words, high - low, _LETTERS, bold=not series)
            half = text_width(short, _LETTERS, bold=not series) / 2
            share = 1.0 if any(copy.reached for copy in item.copies) else DEAD_END
            middle = x[i] + (near - x[i]) * share / 2
            middle = min(max(middle, low + half), max(high - half, low + half))
            looks = {"color": ink.QUIET} if series else {"fontweight": "bold"}
            self._say(middle, placed.y - 8.5, short, ha="center", **looks)

    def _copy(self, copy: Copy, i: int, ends: Sequence[str], placed: Placed, y: float) -> None:
        """Draw the arrows of a message on one medium: to whom it reaches, and to a cross."""
        x, names = self.lines.x, self.lines.names
        quiet = isinstance(placed.item, Series) or faint(placed.item)
        colour, dash = self.looks[copy.medium]
        colour = _FAINT if quiet else colour
        title = placed.item.words if isinstance(placed.item, Series) else placed.item.title  # type: ignore[union-attr]
        for node, _ in copy.reached:
            if node in ends:
                to = x[names.index(node)]
                down = max(placed.late.get((copy.medium, node), 0), y + SLOPE)
                look = {
                    "arrowstyle": "-|>,head_width=0.16,head_length=0.4", "color": colour,
                    "linestyle": dash, "linewidth": 0.8 if quiet else 1.2, "shrinkA": 1.5,
                    "shrinkB": 1.5, "mutation_scale": 10,
                }  # fmt: skip
                made = self.ax.annotate("", (to, down), (x[i], y), arrowprops=look, zorder=2.5)
                made.set_label(f"_{copy.medium} to {node}: {clean(title)}")
        for node in copy.lost:
            if node in ends:
                j = names.index(node)
                before = x[j + (1 if j < i else -1)]
                to = before + (x[j] - before) * DEAD_END
                width = 0.8 if quiet else 1.2
                self.ax.plot(
                    [x[i], to], [y, y], color=colour, linestyle=dash, linewidth=width, zorder=2.4,
                    label=f"_{copy.medium} lost to {node}: {clean(title)}",
                )  # fmt: skip
                self.ax.plot(to, y, "x", color=ink.VERMILLION, markersize=6, mew=1.6, zorder=2.6)

    def lifeline(self, i: int, layout: Layout, bottom: float) -> None:
        """Draw the line of a node: whole while its daemon runs, hatched while it stands still."""
        x, name = self.lines.x[i], self.lines.names[i]
        bars = daemon_row(self.talk.known, name).bars
        if not bars or name not in self.talk.known.nodes:
            self.ax.plot([x, x], [0, bottom], color=ink.RULE, linestyle=":", linewidth=1, zorder=1)
        for bar in bars:
            top = max(0.0, layout.height(bar.begin)) if bar.begin > layout.begin else 0.0
            low = min(bottom, layout.height(bar.end)) if bar.end <= layout.at else bottom
            if top >= low or bar.begin > layout.at or bar.end < layout.begin:
                continue
            if bar.style == "hung":
                self.ax.add_patch(bar_patch("hung", x - 4, top, 8, low - top))
                continue
            gone = bar.style == "gone"
            looks: dict[str, Any] = {"color": ink.RULE if gone else ink.QUIET}
            looks |= {"linestyle": ":" if gone else "-", "linewidth": 1.0 if gone else 1.6}
            self.ax.plot([x, x], [top, low], zorder=1, label=f"_{clean(bar.title)}", **looks)

    def heads(self, y: float) -> None:
        """Write the names of the nodes over their lifelines."""
        for x, name in zip(self.lines.x, self.lines.names, strict=True):
            apart = min([abs(x - other) for other in self.lines.x if other != x], default=300.0)
            box = {"boxstyle": "round,pad=0.35", "facecolor": ink.PAPER, "edgecolor": ink.QUIET}
            short = fits(name, max(apart - 24, 20), _LETTERS, bold=True)
            self._say(x, y, short, ha="center", fontweight="bold", bbox=box)

    def times(self, placed: Sequence[Placed]) -> None:
        """Name instants at the left, where there is room; those of heartbeats come last."""
        taken: dict[float, str] = {}
        for one in sorted(placed, key=lambda p: (faint(p.item), p.y)):
            words = clock_text(seconds(one.item.at // MS * MS), 0.001)
            if words not in taken.values() and all(abs(y - one.y) >= 12 for y in taken):
                taken[one.y] = words
        at = sorted(taken)
        self.ax.set_yticks(at, [taken[y] for y in at], fontsize=SIZE, color=ink.QUIET)
        self.ax.tick_params(axis="y", length=0, pad=2)

    def legend(self, room: float) -> list[Any]:
        """Return the lines below: media, what is grey, crosses, dots."""
        from matplotlib.lines import Line2D

        copies = self.talk.copies
        samples = []
        for medium in sorted({copy.medium for copy in copies}):
            colour, dash = self.looks[medium]
            line = Line2D([0, 24], [4, 4], color=colour, linestyle=dash, linewidth=1.2)
            samples.append(keys.Sample(24, (line,), f"on {medium}"))
        quiet = any(isinstance(i, Series) or faint(i) for i in self.talk.items)
        if quiet:
            line = Line2D([0, 24], [4, 4], color=_FAINT, linewidth=0.9)
            samples.append(keys.Sample(24, (line,), "heartbeat, acknowledgement"))
        if any(copy.lost for copy in copies):
            cross = Line2D([10], [4], color=ink.VERMILLION, marker="x", markersize=6, mew=1.6)
            samples.append(keys.Sample(20, (cross,), "lost"))
        for style, words in DOTS:
            if style in self.dots:
                face, edge, marker = _DOTS[style]
                dot = Line2D(
                    [8], [4], color=face, marker=marker, markersize=5.5,
                    markeredgecolor=face if edge == "none" else edge,
                )  # fmt: skip
                samples.append(keys.Sample(16, (dot,), words))
        return keys.flow(samples, room)


def messages(
    data: Any,
    begin: Time | None = None,
    end: Time | None = None,
    ax: Axes | None = None,
    *,
    nodes: Sequence[str] | None = None,
    kinds: Collection[str] | None = None,
    violations: Sequence[Violation] | None = None,
    title: str | None = None,
) -> Axes:
    """Draw the messages of a part of a run, and what nodes make of them; time runs downwards.

    The figure shows what :func:`hasim.render.messages_svg` does, in the same places: quiet
    stretches are shortened, so heights are no times; the instants stand at the left.

    Parameters
    ----------
    data : Run or Trace
        What is drawn. Messages are there if it has recorded its packets.
    begin, end : str or number, optional
        The window: durations since the start, or seconds. What is not given is chosen.
    ax : Axes, optional
        Where; without it a figure is made that is as high as its contents need.
    nodes : sequence of str, optional
        Whose lines are drawn, from left to right.
    kinds : collection of str, optional
        Types of messages, as ``resource`` or ``status``; all but pings if not given.
    violations : sequence of Violation, optional
        What is shaded; those of the run if not given.
    title : str, optional
        The heading; the title or the name of the scenario if not given.

    Raises
    ------
    HasimError
        For a window that is empty or lies outside the run, a node that the run does not have, and
        for what is no run.
    """
    trace = trace_of(data)
    run = data if isinstance(data, Ran) else None
    broken = tuple(violations if violations is not None else run.violations if run else ())
    talk = talk_of(trace, instant(begin), instant(end), nodes=nodes, violations=broken, kinds=kinds)
    name = title or (run and run.scenario.title) or trace.header.scenario or "A run"
    lines = lifelines_of(talk.names, WIDTH * 72 / _UNIT, talk.items)
    with styled():
        made = new_axes(ax, 1.0)
        drawing = _Drawing(made, talk, lines)
        top = 24.0
        layout = Layout(top + 12, talk.window.begin)
        placed = placed_items(talk.items, lines, layout, talk.window)
        layout.place(talk.window.end, lines.everywhere(), 6, 6)
        bottom = layout.bottom + 6
        _shade(made, lines, layout, placed, bottom)
        for i in range(len(lines.names)):
            drawing.lifeline(i, layout, bottom)
        for one in placed:
            drawing.item(one)
        drawing.heads(6.0)
        drawing.times(placed)
        if not talk.items:
            made.text(lines.left, top + 20, "Nothing is sent or decided in this window.")
        made.set_xlim(lines.left, lines.right)
        made.set_ylim(bottom, -6)
        made.set_xticks([])
        lettered(made)
        for spine in made.spines.values():
            spine.set_visible(False)
        room, left = WIDTH * 72 - 14, lines.left * _UNIT - 4
        quiet = f"{about(talk.known, talk.window, name)}; time runs downwards"
        said = heading_of(made, name, quiet, (), room, left, talk.notes)
        legend = drawing.legend(room)
        keys.below(made, legend, left=left, down=6)
        if ax is None:
            figure: Any = made.figure
            height = (bottom + 6) * _UNIT + 30 + (said + len(legend)) * (keys.LINE + keys.SEP)
            figure.set_size_inches(WIDTH, height / 72)
    return made


def _shade(
    ax: Axes, lines: Lifelines, layout: Layout, placed: Sequence[Placed], bottom: float
) -> None:
    """Shade the time of violations."""
    from matplotlib.patches import Rectangle

    broken = []
    for one in placed:
        if isinstance(one.item, Broken):
            until = one.item.violation.until
            open_ = until is None or until > layout.at
            low = bottom if open_ or until is None else layout.height(until)
            broken.append((one.y, max(low, one.y + 2)))
    for high, low in joined(broken):
        size = (lines.right - lines.left, low - high)
        shade = Rectangle((lines.left, high), *size, facecolor=ink.VERMILLION, alpha=0.14)
        shade.set(zorder=0.5, label="_shade")
        ax.add_patch(shade)
