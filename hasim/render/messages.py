"""A part of a run as messages between nodes (after Lamport), time downwards, as an SVG picture."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from hasim.monitors import Violation
from hasim.render.exchange import Copy, Exchange
from hasim.render.lifelines import (
    APART,
    DEAD_END,
    EDGE,
    SLOPE,
    Layout,
    Lifelines,
    Placed,
    ends_of,
    faint,
    lifelines_of,
    placed_items,
)
from hasim.render.marks import Mark, joined, shape
from hasim.render.picture import Picture, checked_width, heading, hover, text
from hasim.render.rows import daemon_row
from hasim.render.svg import shorten, tag, text_width, wrap
from hasim.render.talk import Talk, described, talk_of
from hasim.render.telling import DOTS, Telling
from hasim.render.thread import Broken, Series
from hasim.render.window import Known, about, time_text
from hasim.trace import Trace
from hasim.units import Micros

__all__ = ["messages_svg"]

_MEDIA = 4


# ---- drawing ------------------------------------------------------------------------------------


def _arrow(x: float, y: float, to: float, down: float) -> str:
    """Return a line with a head; it ends just before the lifeline at `to`."""
    way = 1 if to > x else -1
    x, end = x + 2 * way, to - 2 * way
    head = f"M{end:.1f},{down:.1f}l{-7 * way},-3v6z"
    return tag("line", x1=x, y1=y, x2=end - 5 * way, y2=down, class_="wire") + tag(
        "path", d=head, class_="tip"
    )


def _dead_end(x: float, y: float, to: float) -> str:
    """Return a line that ends in a cross: what was sent is lost on the medium."""
    way = 1 if to > x else -1
    cross = f"M{to - 3.5:.1f},{y - 3.5:.1f}l7,7m0,-7l-7,7"
    return tag("line", x1=x + 2 * way, y1=y, x2=to, y2=y, class_="wire") + tag(
        "path", d=cross, class_="cross"
    )


class _Drawing:
    """A picture of messages being drawn."""

    def __init__(self, picture: Picture, lines: Lifelines, media: Sequence[str]) -> None:
        self.picture, self.lines = picture, lines
        self.media = {medium: i % _MEDIA for i, medium in enumerate(media)}
        self.crossed = False
        self.out: list[str] = []

    def times(self, placed: Iterable[Placed]) -> None:
        """Write instants at the left, where there is room; those of heartbeats come last."""
        taken: dict[float, str] = {}
        for one in sorted(placed, key=lambda p: (faint(p.item), p.y)):
            words = time_text(one.item.at)
            near = [y for y in taken if abs(y - one.y) < 12]
            if near or words in taken.values():
                continue
            taken[one.y] = words
            x = self.lines.left - 10
            self.out.append(text(x, one.y + 3.5, words, "small quiet", "end"))

    def item(self, placed: Placed) -> None:
        """Draw one thing."""
        item, y = placed.item, placed.y
        match item:
            case Telling():
                self._telling(item, y)
            case Mark():
                drawn = [shape(item, self.lines.left + 12, y)]
                words = f"{item.line} ends" if item.healed else item.line
                self._strip(item.title, words, y, "strip", "bold", drawn)
            case Broken():
                violation = item.violation
                words = f"{violation.property}: {violation.sentence}"
                sign = text(self.lines.left + 12, y + 4.5, "✕", "loud", "middle")
                self._strip(str(violation), words, y, "strip", "loud", [sign])
            case Exchange() | Series():
                self._message(placed, item)

    def _telling(self, told: Telling, y: float) -> None:
        i = self.lines.names.index(told.node)
        _, x, room, anchor = self.lines.region(i)
        words = text(x, y + 3.8, shorten(told.words, room, 11), "", anchor)
        dot = tag("circle", cx=self.lines.x[i], cy=y, r=4, class_=f"dot-{told.style}")
        self.out.append(hover(told.title, dot, words, class_=f"event {told.style}-event"))

    def _strip(
        self, title: str, words: str, y: float, class_: str, ink: str, signs: Sequence[str]
    ) -> None:
        left, right = self.lines.left, self.lines.right
        size = 13 if ink == "loud" else 11
        short = shorten(words, right - left - 36, size, bold=True)
        box = tag("rect", x=left, y=y - 10, width=right - left, height=20, class_=class_, rx=3)
        said = text(left + 28, y + (4.5 if ink == "loud" else 4), short, ink)
        kind = "violation" if ink == "loud" else "fault"
        self.out.append(hover(title, box, *signs, said, class_=kind))

    def _message(self, placed: Placed, item: Exchange | Series) -> None:
        i = self.lines.names.index(item.sender)
        ends = ends_of(item, self.lines)
        drawn = [
            self._copy(copy, i, ends, placed, placed.y + k * APART, isinstance(item, Series))
            for k, copy in enumerate(item.copies)
        ]
        if isinstance(item, Series):
            until = "" if item.until == item.at else f" to {time_text(item.until)}"
            title = f"{time_text(item.at)}{until} {item.sender}: {item.words}"
            words, class_ = item.words, "series"
        else:
            title, words = item.title, "" if item.periodic else item.type
            class_ = "message faint-message" if item.periodic else "message"
        if words:
            ink = "small quiet" if isinstance(item, Series) else "bold"
            ink = f"{ink} halo" if self.crossed else ink
            middle, short = self._over(item, i, ends[0], words)
            drawn.append(text(middle, placed.y - 5.5, short, ink, "middle"))
        self.out.append(hover(title, *drawn, class_=class_))

    def _over(self, item: Exchange | Series, i: int, end: str, words: str) -> tuple[float, str]:
        """Return the middle of the words over a message, and as many as fit.

        That is the middle of its line, or as near as the room between the lifelines allows.
        """
        x, j = self.lines.x, self.lines.names.index(end)
        near = x[i + (1 if j > i else -1)]
        low, high = min(x[i], near) + 9, max(x[i], near) - 9
        bold = isinstance(item, Exchange)
        size = 11 if bold else 10
        short = shorten(words, high - low, size, bold)
        half = text_width(short, size, bold) / 2
        share = 1.0 if any(copy.reached for copy in item.copies) else DEAD_END
        return min(max(x[i] + (near - x[i]) * share / 2, low + half), high - half), short

    def _copy(
        self, copy: Copy, i: int, ends: Sequence[str], placed: Placed, y: float, quiet: bool
    ) -> str:
        """Return the arrows of a message on one medium: to whom it reaches, and to a cross."""
        x, names = self.lines.x, self.lines.names
        drawn = []
        for node, _ in copy.reached:
            if node in ends:
                down = max(placed.late.get((copy.medium, node), 0), y + SLOPE)
                drawn.append(_arrow(x[i], y, x[names.index(node)], down))
        for node in copy.lost:
            if node in ends:
                j = names.index(node)
                before = x[j + (1 if j < i else -1)]
                drawn.append(_dead_end(x[i], y, before + (x[j] - before) * DEAD_END))
        look = f"m{self.media[copy.medium]}"
        quiet = quiet or faint(placed.item)
        return tag("g", *drawn, class_=f"{look} faint" if quiet else look)

    def lifeline(self, i: int, known: Known, layout: Layout, top: float, bottom: float) -> None:
        """Draw the line of a node: whole while its daemon runs, hatched while it stands still."""
        x, name = self.lines.x[i], self.lines.names[i]
        bars = daemon_row(known, name).bars
        if not bars or name not in known.nodes:
            self.out.append(tag("line", x1=x, y1=top, x2=x, y2=bottom, class_="away"))
        for bar in bars:
            a = max(top, layout.height(bar.begin)) if bar.begin > layout.begin else top
            b = min(bottom, layout.height(bar.end)) if bar.end <= layout.at else bottom
            if a >= b or bar.begin > layout.at or bar.end < layout.begin:
                continue
            if bar.style == "hung":
                drawn = tag(
                    "rect", x=x - 4, y=a, width=8, height=b - a, **self.picture.fill("hung")
                )
            else:
                class_ = "away" if bar.style == "gone" else "life"
                drawn = tag("line", x1=x, y1=a, x2=x, y2=b, class_=class_)
            self.out.append(hover(bar.title, drawn, class_="lifeline"))

    def heads(self, y: float) -> None:
        """Write the names of the nodes over, or under, their lifelines."""
        for x, name in zip(self.lines.x, self.lines.names, strict=True):
            apart = min([abs(x - other) for other in self.lines.x if other != x], default=200)
            short = shorten(name, max(apart - 24, 20), 11, bold=True)
            half = text_width(short, 11, bold=True) / 2 + 10
            box = tag("rect", x=x - half, y=y, width=2 * half, height=20, rx=4, class_="headbox")
            self.out.append(hover(name, box, text(x, y + 14, short, "bold", "middle")))

    def key(self, y: float, media: Iterable[str], lost: bool) -> float:
        """Explain lines and crosses."""
        x = EDGE
        samples = [
            (f"on {m}", tag("g", _arrow(0, 6, 34, 6), class_=f"m{self.media[m]}")) for m in media
        ]
        if any("faint" in drawn for drawn in self.out):
            words = "heartbeat, acknowledgement"
            samples.append((words, tag("g", _arrow(0, 6, 34, 6), class_="m0 faint")))
        if lost:
            samples.append(("lost", tag("g", _dead_end(0, 6, 26), class_="m0")))
        samples += (
            (words, tag("circle", cx=28, cy=6, r=4, class_=f"dot-{style}"))
            for style, words in DOTS
            if any(f"dot-{style}" in drawn for drawn in self.out)
        )
        for words, drawn in samples:
            wide = 42 + text_width(words, 10) + 10
            if x + wide > self.lines.right and x > EDGE:
                x, y = EDGE, y + 18
            self.out.append(tag("g", drawn, transform=f"translate({x:.1f},{y:.1f})"))
            self.out.append(text(x + 42, y + 9.5, words, "small"))
            x += wide
        return y + 16


# ---- the picture --------------------------------------------------------------------------------


def messages_svg(
    trace: Trace,
    begin: Micros | None,
    end: Micros | None,
    *,
    nodes: Sequence[str] | None = None,
    violations: Sequence[Violation] = (),
    kinds: Collection[str] | None = None,
    width: int = 1000,
    title: str | None = None,
) -> str:
    """Return a picture of the messages of a part of a run, and of what nodes make of them.

    One line for each node, time downwards; quiet stretches are shortened. A message is an arrow
    from its departure to its arrival, one for each medium it is sent on; it ends in a cross where
    it is lost. Beside the lines stands what nodes decide and what becomes of their resources.
    Heartbeats and acknowledgements are grey; where there are many, those that follow one another
    without anything between are one arrow with their number.

    Parameters
    ----------
    trace : Trace
        A run that has recorded its packets; of another one no messages are drawn, and the picture
        says so.
    begin, end : int or None
        The window, in microseconds; None chooses as :func:`hasim.render.timeline_svg` does.
    nodes : sequence of str or None
        Whose lines are drawn, from left to right; messages to others are left out.
    violations : sequence of Violation
        What is shaded.
    kinds : collection of str or None
        Types of messages, as ``resource`` or ``status``; all but pings (``NS_st``) without it.
    width : int
        Of the picture, in pixels.
    title : str or None
        The heading; the name of the scenario without it.

    Raises
    ------
    HasimError
        For a window that is empty or lies outside the run, a node that the run does not have, and
        a width without room.
    """
    checked_width(width)
    talk = talk_of(trace, begin, end, nodes=nodes, violations=violations, kinds=kinds)
    lines, header = lifelines_of(talk.names, width, talk.items), trace.header
    name = title or header.scenario or "A run"
    identity = ("messages", talk.window, width, header, len(trace), talk.kinds and [*talk.kinds])
    picture = Picture.named(name, described(talk), *identity)
    drawing = _Drawing(picture, lines, talk.media)
    height = _draw(drawing, talk)
    return picture.document(width, height, drawing.out)


def _draw(drawing: _Drawing, talk: Talk) -> float:
    """Draw everything, and return how high the picture has become."""
    known, window, items = talk.known, talk.window, talk.items
    lines = drawing.lines
    room = lines.right - EDGE
    head, y = heading(drawing.picture.title, EDGE, EDGE, room)
    drawing.out += head
    y += 17
    said = f"{about(known, window, drawing.picture.title)}; time runs downwards"
    drawing.out.append(text(EDGE, y, shorten(said, room, 11), "quiet"))
    for note in talk.notes:
        for line in wrap(note, room, 11):
            y += 15
            drawing.out.append(text(EDGE, y, line, "quiet"))
    y += 12
    drawing.heads(y)
    top = y + 20
    layout = Layout(top + 12, window.begin)
    placed = placed_items(items, lines, layout, window)
    layout.place(window.end, lines.everywhere(), 6, 6)
    bottom = layout.bottom + 6
    broken = []
    for one in placed:
        if isinstance(one.item, Broken):
            until = one.item.violation.until
            low = bottom if until is None or until > window.end else layout.height(until)
            broken.append((one.y, max(low, one.y + 2)))
    for high, low in joined(broken):
        size = {"width": lines.right - lines.left, "height": low - high}
        drawing.out.append(tag("rect", x=lines.left, y=high, class_="alarm", **size))
    for i in range(len(lines.names)):
        drawing.lifeline(i, known, layout, top, bottom)
    drawing.crossed = any(one.late for one in placed)
    for one in placed:
        drawing.item(one)
    drawing.times(placed)
    if not items:
        words = "Nothing is sent or decided in this window."
        drawing.out.append(text(lines.left, top + 20, words, "quiet"))
    drawing.heads(bottom)
    used = sorted({copy.medium for copy in talk.copies})
    return drawing.key(bottom + 34, used, any(copy.lost for copy in talk.copies)) + 8
