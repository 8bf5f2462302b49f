"""The states of a run as data for the timeline that can be zoomed: rows of bars, made few enough.

The rows and their bars are those of :func:`hasim.render.timeline_svg`. A run of a year may have
more states than a page can hold: then those too short to be seen at a chosen width are merged, and
say how many they are. States around faults and violations are merged last.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple

from hasim.monitors import Violation
from hasim.render.around import Lost
from hasim.render.evidence import parts_of
from hasim.render.marks import marks_of
from hasim.render.rows import Bar, Row
from hasim.render.timeline import bands_of
from hasim.render.window import Known, Window, window_of
from hasim.trace import Trace
from hasim.units import MINUTE, SECOND, Micros

__all__ = ["Few", "fewer", "timeline_data"]

#: So many bars a row has at most, and so many marks and violations a timeline.
_BARS_MAX = 1200
_MARKS_MAX = 2000
#: What lies so near to a fault or a violation is merged last.
_NEAR_BEFORE: Micros = 10 * SECOND
_NEAR_AFTER: Micros = 3 * MINUTE
_SPLIT = ", from "


class Few(NamedTuple):
    """A bar, or several that were merged: `many` tells how many states it stands for."""

    bar: Bar
    many: int = 1


def _near(moments: Sequence[Micros], bar: Bar) -> bool:
    """Return whether a bar lies near to any of some instants, which are sorted."""
    place = bisect_right(moments, bar.end + _NEAR_BEFORE)
    return place > 0 and bar.begin - moments[place - 1] <= _NEAR_AFTER


def _merged(bars: Sequence[Bar], grain: Micros, moments: Sequence[Micros]) -> Iterator[Few]:
    """Yield bars, neighbours shorter than a grain made one unless they are near to a moment."""
    group: list[Bar] = []

    def close() -> Iterator[Few]:
        if len(group) == 1:
            yield Few(group[0])
        elif group:
            end = max(b.end for b in group)
            yield Few(Bar(group[0].begin, end, "", "many", ""), len(group))
        group.clear()

    for bar in bars:
        small = bar.end - bar.begin < grain and not _near(moments, bar)
        if group and (not small or bar.end - group[0].begin >= 3 * grain):
            yield from close()
        if small:
            group.append(bar)
        else:
            yield Few(bar)
    yield from close()


def fewer(
    bars: Sequence[Bar], length: Micros, moments: Sequence[Micros], most: int = _BARS_MAX
) -> list[Few]:
    """Return the bars of a row, at most so many; short ones are merged where there are more.

    Parameters
    ----------
    length : int
        Of the run, in microseconds.
    moments : sequence of int
        Instants that matter, sorted: near to them merging is a last resort.
    """
    out = [Few(bar) for bar in bars]
    for kept in (moments, ()):
        pixels = 1 << 16
        while len(out) > most and pixels >= 256:
            out = list(_merged(bars, max(1, length // pixels), kept))
            pixels //= 2
    while len(out) > most:  # bars that are long and many: neighbours in pairs
        pairs = [out[i : i + 2] for i in range(0, len(out), 2)]
        out = [pair[0] if len(pair) == 1 else _joined(*pair) for pair in pairs]
    return out


def _joined(one: Few, other: Few) -> Few:
    end = max(one.bar.end, other.bar.end)
    return Few(Bar(one.bar.begin, end, "", "many", ""), one.many + other.many)


class _Words:
    """Texts, each kept once and named by its number."""

    def __init__(self) -> None:
        self.numbers: dict[str, int] = {}

    def __call__(self, text: str) -> int:
        return self.numbers.setdefault(text, len(self.numbers))


def _numbers(few: Sequence[Few], words: _Words, styles: _Words, end: Micros) -> list[int]:
    """Return six numbers a bar: from the last begin, length, value, title, style, how many."""
    out: list[int] = []
    last = 0
    for bar, many in few:
        title, _, times = bar.title.rpartition(_SPLIT)
        begins = [bar.begin - last, bar.end - bar.begin]
        open_ = times.endswith("the end") and bar.end == end
        out += [*begins, words(bar.value), words(title), 2 * styles(bar.style) + open_, many]
        last = bar.begin
    return out


def timeline_data(
    trace: Trace, violations: Sequence[Violation] = (), outages: Iterable[Lost] = ()
) -> dict[str, Any]:
    """Return the timeline of a run as plain data, for the script of the page."""
    known = Known(trace)
    window = window_of(known, violations)
    whole = Window(0, max(known.end, window.end))
    marks = marks_of(known)
    moments = sorted([m.at for m in marks] + [v.at for v in violations])
    words, styles = _Words(), _Words()
    parts = parts_of(trace, violations)

    def row(made: Row) -> dict[str, Any]:
        few = fewer(sorted(made.bars), whole.end, moments)
        outlines = dict.fromkeys(o for key in made.keys for o in parts.get(key, ()))
        return {
            "label": made.label,
            "thin": int(made.thin),
            "bars": _numbers(few, words, styles, known.end),
            "outlines": [[*o] for o in outlines][:_MARKS_MAX],
        }

    bands = [
        {"name": band.name, "colour": band.colour, "rows": [row(made) for made in band.rows]}
        for band in bands_of(known, outages)
        if band.rows
    ]
    return {
        "end": whole.end,
        "window": [*window],
        "bands": bands,
        "marks": [
            [m.at, m.number, m.line, int(m.healed), int(m.order)] for m in marks[:_MARKS_MAX]
        ],
        "violations": [
            [v.at, known.end if v.until is None else v.until, v.property, str(v)]
            for v in violations[:_MARKS_MAX]
        ],
        "words": [*words.numbers],
        "styles": [*styles.numbers],
    }
