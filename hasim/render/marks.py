"""Faults, operator orders and violations as a picture tells them: marks, and the legend."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from hasim import events as ev
from hasim.monitors import Violation
from hasim.render.picture import hover, text
from hasim.render.svg import shorten, tag, text_width, wrap
from hasim.render.window import Known, Window, time_text
from hasim.units import Micros

__all__ = ["Lanes", "Mark", "joined", "legend", "mark", "marks_of", "place", "shape"]

_ORDERS = frozenset({"reload", "standby", "start", "stop", "takeover"})
_LEGEND_MAX = 24
_LINE = 17.0


class Mark(NamedTuple):
    """A fault or an operator's order at its instant; `healed` where its cause goes."""

    at: Micros
    number: int
    line: str
    healed: bool = False
    seq: int = 0

    @property
    def order(self) -> bool:
        """True for what an operator asks a daemon to do."""
        words = self.line.split()
        return len(words) > 1 and words[1] in _ORDERS

    @property
    def title(self) -> str:
        """The tooltip."""
        what = "order" if self.order else "fault"
        if self.healed:
            return f"{time_text(self.at)}: {what} {self.number} ends ({self.line})"
        return f"{what} {self.number}: {self.line}"


def marks_of(known: Known) -> list[Mark]:
    """Return every fault and order of a run, and the end of each fault that ends by itself."""
    out = []
    for record in known.records:
        match record.event:
            case ev.FaultInjected(index=index, line=line):
                out.append(Mark(record.at, index + 1, line, False, record.seq))
            case ev.FaultHealed(index=index, line=line):
                out.append(Mark(record.at, index + 1, line, True, record.seq))
    return out


def shape(made: Mark, x: float, y: float) -> str:
    """Return a mark with its number: a disc for a fault, a square for an order.

    It is hollow where a fault ends.
    """
    class_ = "healed" if made.healed else "mark"
    number = str(made.number)
    half = max(7.5, text_width(number, 10, bold=True) / 2 + 3)
    if made.order:
        drawn = tag("rect", x=x - half, y=y - 7.5, width=2 * half, height=15, class_=class_)
    else:
        drawn = tag("rect", x=x - half, y=y - 7.5, width=2 * half, height=15, rx=7.5, class_=class_)
    return drawn + text(x, y + 3.6, number, f"on{class_}", "middle")


def mark(made: Mark, x: float, y: float) -> str:
    """Return a mark with its tooltip."""
    kind = "order" if made.order else "fault"
    return hover(made.title, shape(made, x, y), class_=f"{kind} ended" if made.healed else kind)


class Lanes:
    """Rows in which things are put side by side, each in the first one that has room."""

    def __init__(self) -> None:
        self._ends: list[float] = []

    def place(self, left: float, right: float) -> int:
        """Return the lane of a thing; things are given in the order of their left edges."""
        for lane, end in enumerate(self._ends):
            if end <= left:
                self._ends[lane] = right
                return lane
        self._ends.append(right)
        return len(self._ends) - 1

    def __len__(self) -> int:
        return len(self._ends)


def joined(intervals: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
    """Return intervals with those that overlap made one."""
    out: list[tuple[float, float]] = []
    for left, right in sorted(intervals):
        if out and left <= out[-1][1]:
            out[-1] = (out[-1][0], max(out[-1][1], right))
        else:
            out.append((left, right))
    return out


# ---- the legend ---------------------------------------------------------------------------------


class _Entry(NamedTuple):
    sign: str
    words: str
    class_: str


def place(at: Micros, window: Window) -> str:
    """Return a remark on what lies outside a window; nothing for what it shows."""
    if at < window.begin:
        return " (before what is shown)"
    return " (after what is shown)" if at > window.end else ""


def _entries(
    marks: Sequence[Mark], violations: Iterable[Violation], window: Window
) -> Iterator[_Entry | Mark]:
    for violation in violations:
        yield _Entry("✕", f"{violation}{place(violation.at, window)}", "violation")
    yield from (m for m in marks if not m.healed)


def legend(
    marks: Sequence[Mark],
    violations: Sequence[Violation],
    window: Window,
    x: float,
    y: float,
    width: float,
) -> tuple[list[str], float]:
    """Return the lines below a picture that tell its marks, and where they end.

    Violations come first, then faults and orders; what lies outside the window says so.
    """
    entries = list(_entries(marks, violations, window))
    out: list[str] = []
    for entry in entries[:_LEGEND_MAX]:
        if isinstance(entry, Mark):
            words = f"{entry.line}{place(entry.at, window)}"
            sign, class_ = shape(entry, x + 8, y - 4), "order" if entry.order else "fault"
        else:
            sign, words, class_ = text(x + 8, y, entry.sign, "loud", "middle"), *entry[1:]
        lines = wrap(words, width - 24, 11) or [""]
        told = [text(x + 22, y + i * _LINE, line) for i, line in enumerate(lines)]
        out.append(tag("g", sign, *told, class_=f"legend {class_}-legend"))
        y += len(lines) * _LINE + 1
    if len(entries) > _LEGEND_MAX:
        more = f"... and {len(entries) - _LEGEND_MAX} more"
        out.append(text(x + 22, y, shorten(more, width, 11), "quiet"))
        y += _LINE
    return out, y
