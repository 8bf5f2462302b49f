"""Where the things of a picture of messages stand: lifelines side by side, time downwards."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from hasim.render.exchange import Exchange
from hasim.render.marks import Mark
from hasim.render.svg import text_width
from hasim.render.telling import Telling
from hasim.render.thread import SLOW, Broken, Item, Series
from hasim.render.window import Window, time_text
from hasim.units import SECOND, Micros

__all__ = [
    "APART",
    "DEAD_END",
    "EDGE",
    "SLOPE",
    "Layout",
    "Lifelines",
    "Placed",
    "ends_of",
    "faint",
    "lifelines_of",
    "placed_items",
]

#: Margin of the picture; how much an arrow falls; how far apart the arrows of two media are.
EDGE = 14.0
SLOPE, APART = 3.0, 5.0
#: How far a message that is lost comes, as a share of the way between two lifelines.
DEAD_END = 0.72
# Pixels that a second of quiet takes, and any quiet at most.
_PER_SECOND, _QUIET_MAX = 6.0, 24.0


class Lifelines(NamedTuple):
    """Where the lifelines stand, from left to right, and the edges of the picture beside them."""

    names: tuple[str, ...]
    x: tuple[float, ...]
    left: float
    right: float

    def gaps(self, a: int, b: int) -> list[str]:
        """Return the regions between two lifelines."""
        return [f"gap{i}" for i in range(min(a, b), max(a, b))]

    def region(self, i: int) -> tuple[str, float, float, str]:
        """Return where the labels of a lifeline go: region, place, room, anchor of the text.

        Those of the first one stand at its left, all others at their right.
        """
        last = len(self.x) - 1
        if i == 0 and last > 0:
            return "left", self.x[0] - 9, self.x[0] - 9 - self.left, "end"
        end = self.right if i == last else self.x[i + 1] - 9
        return ("right" if i == last else f"gap{i}"), self.x[i] + 9, end - self.x[i] - 9, ""

    def everywhere(self) -> list[str]:
        """Return every region."""
        last = len(self.x) - 1
        names = ["left", "right", *(f"gap{i}" for i in range(last))]
        return [*names, *(f"line{i}" for i in range(last + 1))]


def lifelines_of(names: Sequence[str], width: float, items: Iterable[Item]) -> Lifelines:
    """Return where the lifelines stand: beside the times, and with room for labels."""
    times = max([text_width(time_text(i.at), 10) for i in items], default=60.0) + 12
    left, right = EDGE + times, width - EDGE
    share = {1: 0.03, 2: 0.29, 3: 0.25}.get(len(names), 0.15)
    first, last = left + share * (right - left), right - share * (right - left)
    apart = (last - first) / max(1, len(names) - 1)
    return Lifelines(tuple(names), tuple(first + i * apart for i in range(len(names))), left, right)


class Layout:
    """Gives everything a height: later is never higher, and no two things share a place.

    Quiet takes the room of its length, up to a limit.
    """

    def __init__(self, top: float, begin: Micros) -> None:
        self.begin, self.y = begin, top
        self.at = begin
        self.free: dict[str, float] = {}
        self.known: list[tuple[Micros, float]] = [(begin, top)]

    def place(self, at: Micros, regions: Iterable[str], above: float, below: float) -> float:
        """Return the height of a thing that takes some room above and below it in regions."""
        regions = list(regions)
        at = max(at, self.at)
        quiet = min((at - self.at) / SECOND * _PER_SECOND, _QUIET_MAX)
        y = max([self.y + quiet, *(self.free.get(r, 0) + above for r in regions)])
        for region in regions:
            self.free[region] = y + below
        self.at, self.y = at, y
        self.known.append((at, y))
        return y

    def height(self, at: Micros) -> float:
        """Return the height of an instant, between those of what was placed before and after."""
        i = bisect_left(self.known, at, key=lambda k: k[0])
        if i == len(self.known):
            return self.known[-1][1]
        after, y_after = self.known[i]
        if i == 0 or after == at:
            return y_after
        before, y = self.known[i - 1]
        return y + (y_after - y) * (at - before) / (after - before)

    @property
    def bottom(self) -> float:
        """The lowest place taken."""
        return max([self.y, *self.free.values()])


class Placed(NamedTuple):
    """A thing at its height; `late` are the heights of late arrivals, by medium and node."""

    item: Item
    y: float
    late: Mapping[tuple[str, str], float]


# ---- placing ------------------------------------------------------------------------------------


def _rows(item: Exchange | Series) -> float:
    """Return how much room the lines of a message take."""
    return (len(item.copies) - 1) * APART + SLOPE


def faint(item: Item) -> bool:
    """Return whether a thing is a single heartbeat, acknowledgement or ping."""
    return isinstance(item, Exchange) and item.periodic


def _arrivals(items: Iterable[Item], window: Window) -> Iterator[tuple[Micros, int, str, str]]:
    """Yield instant, number of the item, medium and node of each late arrival."""
    for number, item in enumerate(items):
        if isinstance(item, Exchange):
            for copy in item.copies:
                for node, at in copy.reached:
                    if at - item.at > SLOW:
                        yield min(at, window.end), number, copy.medium, node


def placed_items(
    items: Sequence[Item], lines: Lifelines, layout: Layout, window: Window
) -> list[Placed]:
    """Return where everything stands; what arrives late has the height of its arrival as well."""
    late: list[dict[tuple[str, str], float]] = [{} for _ in items]
    heights = [0.0] * len(items)
    waiting = sorted(_arrivals(items, window))

    def arrive(until: Micros | None) -> None:
        while waiting and (until is None or waiting[0][0] < until):
            at, number, medium, node = waiting.pop(0)
            if node in lines.names:
                region = f"line{lines.names.index(node)}"
                late[number][medium, node] = layout.place(at, [region], 2, 4)

    for number, item in enumerate(items):
        arrive(item.at)
        heights[number] = _place(item, lines, layout)
    arrive(None)
    return [Placed(i, y, found) for i, y, found in zip(items, heights, late, strict=True)]


def _place(item: Item, lines: Lifelines, layout: Layout) -> float:
    match item:
        case Telling():
            i = lines.names.index(item.node)
            return layout.place(item.at, [lines.region(i)[0], f"line{i}"], 7, 7)
        case Mark() | Broken():
            return layout.place(item.at, lines.everywhere(), 13, 13)
        case Exchange() | Series():
            i = lines.names.index(item.sender)
            ends = [lines.names.index(n) for n in ends_of(item, lines)]
            regions = {r: None for j in ends for r in lines.gaps(i, j)}
            regions |= {f"line{j}": None for j in (i, *ends)}
            above = 4.0 if faint(item) else 16.5
            y = layout.place(item.at, regions, above, _rows(item) + 4)
            if isinstance(item, Series):
                layout.at = max(layout.at, item.until)
                layout.known.append((layout.at, y + _rows(item)))
            return y


def ends_of(item: Exchange | Series, lines: Lifelines) -> list[str]:
    """Return who is at the other end of a message, among those whose lines are drawn."""
    found = [n for copy in item.copies for n, _ in copy.reached]
    found += (n for copy in item.copies for n in copy.lost)
    return [n for n in dict.fromkeys(found) if n in lines.names and n != item.sender]
