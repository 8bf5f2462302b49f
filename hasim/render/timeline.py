"""A run as a timeline: who was in which state from when to when, as an SVG picture."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from hasim.monitors import Violation
from hasim.render.around import Lost, other_bands, outage_band
from hasim.render.bars import Plot, draw_bar, merged
from hasim.render.evidence import LANES_MAX, Outline, lanes_of, loud, parts_of
from hasim.render.marks import Lanes, Mark, joined, legend, mark, marks_of
from hasim.render.picture import Picture, checked_width, heading, hover, text
from hasim.render.rows import KEYS, Band, Bar, Key, Row, node_bands
from hasim.render.svg import shorten, tag, text_width, wrap
from hasim.render.window import Known, Window, about, ticks, time_text, window_of
from hasim.trace import Trace
from hasim.units import Micros, duration_text

__all__ = ["bands_of", "timeline_svg"]

_EDGE = 14.0
_PITCH, _BAR = 18.0, 14.0
_PITCH_THIN, _BAR_THIN = 15.0, 11.0
_HEADING = 20.0
_GUTTER_MAX = 270.0


class _Drawing:
    """A timeline being drawn from top to bottom."""

    def __init__(self, picture: Picture, known: Known, plot: Plot) -> None:
        self.picture, self.known, self.plot = picture, known, plot
        self.y = _EDGE
        self.out: list[str] = []
        self.boxes: list[str] = []

    def title(self, words: str, quiet: str, loud: Sequence[str]) -> None:
        """Say what is shown, and what went wrong in it."""
        room = self.plot.right - _EDGE
        head, self.y = heading(words, _EDGE, self.y, room)
        self.out += head
        self.y += 17
        self.out.append(text(_EDGE, self.y, shorten(quiet, room, 11), "quiet"))
        for sentence in loud:
            for line in wrap(sentence, room, 13, bold=True):
                self.y += 19
                self.out.append(text(_EDGE, self.y, line, "loud"))
        self.y += 12

    def marks(self, marks: Sequence[Mark]) -> list[float]:
        """Draw the marks of what the window shows; return where their lines fall."""
        window = self.plot.window
        shown = [m for m in marks if window.shows(m.at, m.at)]
        lanes, placed = Lanes(), []
        for made in shown:
            x = self.plot.x(made.at)
            half = max(8.5, text_width(str(made.number), 10, bold=True) / 2 + 4)
            placed.append((lanes.place(x - half, x + half), x, made))
        for lane, x, made in placed:
            self.out.append(mark(made, x, self.y + 8 + lane * 17))
        if placed:
            words = {"orders" if m.order else "faults" for m in shown}
            self.label(", ".join(sorted(words)), self.y + 12)
            self.y += len(lanes) * 17 + 3
        return sorted({x for _, x, m in placed if not m.healed})

    def violations(self, violations: Sequence[Violation]) -> list[tuple[float, float]]:
        """Draw bars for the violations that the window shows; return where they lie.

        Those that say the same, again and again, stand side by side.
        """
        lanes: dict[tuple[str, str], list[tuple[float, float, str]]] = {}
        for key, found in lanes_of(violations, self.plot.window, self.known.end).items():
            edges = [(self.plot.x(a), self.plot.x(b), title) for a, b, title in found]
            lanes[key] = [(left, max(right, left + 3), title) for left, right, title in edges]
        for i, ((name, _), bars) in enumerate(lanes.items()):
            if i == 0:
                self.label("violated", self.y + 10.5)
            if i == LANES_MAX:
                more = f"... and {len(lanes) - i} more violations"
                self.out.append(text(self.plot.right, self.y + 10.5, more, "bold", "end"))
                self.y += 17
                break
            for left, right, title in bars:
                size = {"width": right - left, "height": 14}
                drawn = tag("rect", x=left, y=self.y, class_="cry", **size)
                self.out.append(hover(title, drawn, class_="violation"))
            self.out.append(self._named(name, bars[0], bars[-1][1], self.y + 10.5))
            self.y += 17
        self.y += 3 if lanes else 0
        return [(left, right) for bars in lanes.values() for left, right, _ in bars]

    def _named(self, name: str, first: tuple[float, float, str], last: float, y: float) -> str:
        """Write a name into the first bar, or beside the bars where it does not fit.

        Where it fits nowhere its begin stands where there is most room.
        """
        left, right, _ = first
        wide = text_width(name, 11, bold=True)
        inside, before, behind = right - left - 8, left - self.plot.left - 6, self.plot.right - last
        most = max(inside, before, behind - 5)
        short = shorten(name, max(most, 0), 11, bold=True)
        if wide <= inside or (most == inside and wide > max(before, behind - 5)):
            return text(left + 5, y, short, "light bold") if inside > _EDGE else ""
        if wide <= before or (most == before and wide > behind - 5):
            return text(left - 5, y, short, "bold", "end") if before > _EDGE else ""
        return text(last + 5, y, short, "bold") if behind > _EDGE else ""

    def axis(self) -> tuple[list[float], float]:
        """Name round instants; return where they are, and where the plot begins below them."""
        at = ticks(self.plot.window, round((self.plot.right - self.plot.left) / 70))
        self.y += 11
        end = -1.0
        for instant in at:
            x, words = self.plot.x(instant), duration_text(instant)
            half = text_width(words, 10) / 2
            x_text = min(x, self.plot.right + _EDGE - 3 - half)
            if x_text - half < end + 6:
                continue
            self.out.append(text(x_text, self.y, words, "small", "middle"))
            end = x_text + half
        self.y += 6
        return [self.plot.x(instant) for instant in at], self.y

    def label(self, words: str, y: float, class_: str = "", taken: float = 0) -> None:
        """Write the label of a row, at the right of the gutter, of which some may be taken."""
        room = self.plot.left - 8 - _EDGE - taken
        bold = "bold" in class_
        short = shorten(words, room, 11, bold)
        said = text(self.plot.left - 8, y, short, class_, "end")
        self.out.append(said if short == words else hover(words, said))

    def band(self, band: Band, parts: dict[Key, list[Outline]]) -> None:
        """Draw the rows of a node, or of what lies around the nodes."""
        shown = [row for row in band.rows if any(True for _ in merged(row.bars, self.plot))]
        if not shown:
            return
        begun, at = len(self.out), self.y
        self.y += 4
        base = self.y + (_PITCH / 2 + 3.8 if band.colour is None else 12)
        self.out.append(text(_EDGE + 4, base, band.name, "bold"))
        if band.colour is not None:
            x = _EDGE + 9 + text_width(band.name, 11, bold=True)
            class_ = f"node{band.colour % 4}"
            self.out.append(tag("rect", x=x, y=base - 9, width=10, height=10, class_=class_))
        self.y += 0 if band.colour is None else _HEADING - 4
        for row in shown:
            beside = band.colour is None and row is shown[0]
            self._row(row, parts, text_width(band.name, 11, bold=True) + 10 if beside else 0)
        self.y += 4
        self.out[begun:] = [tag("g", *self.out[begun:], class_="rows")]
        size = {"width": self.plot.right - _EDGE + 8, "height": self.y - at}
        self.boxes.append(tag("rect", x=_EDGE - 4, y=at, class_="band", rx=3, **size))
        self.y += 6

    def _row(self, row: Row, parts: dict[Key, list[Outline]], taken: float) -> None:
        pitch, height = (_PITCH_THIN, _BAR_THIN) if row.thin else (_PITCH, _BAR)
        outlines = [o for key in row.keys for o in parts.get(key, ())]
        outlines = [o for o in dict.fromkeys(outlines) if self.plot.window.shows(o.begin, o.end)]
        top = self.y + (pitch - height) / 2
        begun = len(self.out)
        base = self.y + pitch / 2 + 3.8
        self.label(row.label, base, "bold" if outlines else "", taken)
        edges = [self.plot.x(at) for outline in outlines for at in outline]
        for made in merged(row.bars, self.plot):
            self.out.append(draw_bar(self.picture, self.plot, made, top, height, edges))
        for outline in outlines:
            left, right = self.plot.x(outline.begin), self.plot.x(outline.end)
            size = {"width": max(right - left, 3) + 2, "height": height + 3}
            for class_ in ("part-under", "part"):
                self.out.append(tag("rect", x=left - 1, y=top - 1.5, class_=class_, **size))
        self.out[begun:] = [tag("g", *self.out[begun:], class_="row")]
        self.y += pitch

    def key(self, bands: Sequence[Band]) -> None:
        """Explain the looks of bars that the picture has."""
        made = [b for band in bands for row in band.rows for b in merged(row.bars, self.plot)]
        used = {b.style for b in made}
        x = _EDGE
        for style, words in KEYS:
            if style not in used:
                continue
            wide = 34 + text_width(words, 10) + 14
            if x + wide > self.plot.right and x > _EDGE:
                x, self.y = _EDGE, self.y + 17
            sample = Bar(0, 0, "", style, words)
            plot = Plot(Window(0, 1), x, x + 28)
            sample = sample._replace(end=1)
            self.out.append(draw_bar(self.picture, plot, sample, self.y, 11))
            self.out.append(text(x + 34, self.y + 9.5, words, "small"))
            x += wide
        self.y += 17


def _gutter(bands: Sequence[Band], width: float) -> float:
    """Return how wide the labels of rows are."""
    widest = 0.0
    for band in bands:
        heading = 0 if band.colour is not None else text_width(band.name, 11, bold=True) + 10
        labels = [text_width(row.label, 11, bold=True) for row in band.rows]
        widest = max([widest, *labels, heading + max(labels, default=0)])
    return _EDGE + 10 + min(max(widest, 90), _GUTTER_MAX, width / 3)


def _described(known: Known, window: Window, violations: Sequence[Violation]) -> str:
    faults = "; ".join(m.line for m in marks_of(known) if not m.healed) or "none"
    broken = " ".join(str(v) for v in violations) or "none"
    nodes = ", ".join(known.nodes) or "no node"
    return (
        f"States of {nodes} from {time_text(window.begin)} to {time_text(window.end)}. "
        f"Faults and orders: {faults}. Properties violated: {broken}"
    )[:2000]


def bands_of(known: Known, outages: Iterable[Lost] = ()) -> list[Band]:
    """Return every band of a timeline: the nodes, what lies around them, outages."""
    lost = outage_band(outages)
    return [*node_bands(known), *other_bands(known), *([] if lost is None else [lost])]


def timeline_svg(
    trace: Trace,
    *,
    violations: Sequence[Violation] = (),
    outages: Iterable[Lost] = (),
    begin: Micros | None = None,
    end: Micros | None = None,
    width: int = 1000,
    title: str | None = None,
) -> str:
    """Return a picture of who was in which state when: one band for each node, time to the right.

    The rows of a node: its power, its daemon, its links and what status it sees its peers have (by
    belief), and what its kernel has in truth. Below the nodes: cables and other hardware that does
    not work, STONITH, and who answers outside clients. A row in which nothing happens in the window
    is left out. Faults and operator orders are numbered marks along the top; violations are shaded,
    and the rows that take part in them outlined.

    Parameters
    ----------
    trace : Trace
        The run.
    violations : sequence of Violation
        What is shaded: those of :attr:`hasim.run.Run.violations`.
    outages : iterable of Outage
        What has rows of its own: those of :attr:`hasim.run.Run.outage`.
    begin, end : int or None
        The window, in microseconds. What is not given is chosen: from before the first fault or
        violation to after the last change of state that follows, by a twelfth of the time between
        them (2 s at least, 30 s at most), at whole seconds; the whole run where there is neither.
    width : int
        Of the picture, in pixels.
    title : str or None
        The heading; the name of the scenario without it.

    Raises
    ------
    HasimError
        For a window that is empty or lies outside the run, and for a width without room.
    """
    known = Known(trace)
    window = window_of(known, violations, begin, end)
    bands = bands_of(known, outages)
    plot = Plot(window, _gutter(bands, checked_width(width)), width - _EDGE)
    header, marks = trace.header, marks_of(known)
    name = title or header.scenario or "A run"
    picture = Picture.named(
        name, _described(known, window, violations), "timeline", window, width, header, len(trace)
    )
    drawing = _Drawing(picture, known, plot)
    drawing.title(name, about(known, window, name), loud(violations))
    falls = drawing.marks(marks)
    shaded = drawing.violations(violations)
    grid, top = drawing.axis()
    before = len(drawing.out)
    parts = parts_of(trace, violations)
    for band in bands:
        drawing.band(band, parts)
    if not bands:
        drawing.out.append(text(plot.left, drawing.y + 14, "The trace holds no states.", "quiet"))
        drawing.y += 24
    bottom = drawing.y - 4
    lines = {"y1": top, "y2": bottom}
    below = [
        tag("rect", x=a, y=top, width=b - a, height=bottom - top, class_="alarm")
        for a, b in joined(shaded)
    ]
    below += (tag("line", x1=x, x2=x, **lines, class_="grid") for x in grid)
    below += (tag("line", x1=x, x2=x, **lines, class_="fall") for x in falls)
    drawing.out[before:] = [*drawing.boxes, *below, *drawing.out[before:]]
    drawing.y += 18
    said, drawing.y = legend(marks, violations, window, _EDGE, drawing.y, plot.right - _EDGE)
    drawing.out += said
    drawing.key(bands)
    return picture.document(width, drawing.y + 4, drawing.out)
