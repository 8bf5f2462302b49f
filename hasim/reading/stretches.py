"""How two clocks ran beside each other: evenly for a while, with a drift where messages show it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from hasim.reading.matching import GRAIN, LATENCY, Bound
from hasim.units import Micros

__all__ = ["Stretch", "fitted"]

#: Drifts are looked for in billionths, up to so many.
_PPB_MAX = 200_000
_TRIED = 12
#: A message that is told of at the other end takes no longer: it bounds from both sides.
_SOFT = LATENCY + 3 * GRAIN
#: So many messages that contradict the rest may tell of a clock that was set.
_ODD_MIN = 3
_PARTS = 12
#: A drift that is looked for because messages contradict each other explains more of them than one.
_GAIN_MIN = 1


class Stretch(NamedTuple):
    """A time in which the second of two clocks was ahead by `offset` at first, and drifted evenly.

    `begin` and `end` are what the first clock showed at the first and the last message, `shown`
    and `last` what the second did then; `low` and `high` bound the offset, None where no message
    does. `odd` counts messages that contradict.

    `ppb` is the drift in nanoseconds a second.
    """

    begin: Micros
    end: Micros
    shown: Micros
    last: Micros
    offset: Micros
    ppb: int
    low: Micros | None
    high: Micros | None
    pairs: int
    odd: int


def fitted(bounds: Sequence[Bound], boots: Sequence[int] = ()) -> list[Stretch]:
    """Return the stretches that messages, in order of time, tell of: as few as explain them.

    `boots` are numbers of messages before which one of the machines has booted: there its clock
    may well have been set.
    """
    parts = _parts(bounds, boots)
    strong: list[list[Bound]] = []
    at = 0
    for part in parts:
        # Beside a boot two messages will do.
        beside = at in boots or at + len(part) in boots
        if _is_strong(part) or (beside and len(part) > 1):
            strong.append(part)
        at += len(part)
    strong = strong or [max(parts, key=len)]
    out: list[list[Bound]] = []
    for part in strong:
        if out and _fit([*out[-1], *part]).odd <= _fit(out[-1]).odd + _fit(part).odd:
            out[-1] += part
        else:
            out.append(part)
    found = [_fit(part) for part in out]
    left = len(bounds) - sum(map(len, out))
    return [found[0]._replace(odd=found[0].odd + left), *found[1:]]


def _is_strong(part: Sequence[Bound]) -> bool:
    """Tell whether so few messages show that a clock was set: several, and in both directions."""
    return len(part) >= _ODD_MIN and len({bound.upper for bound in part}) == 2


def _parts(bounds: Sequence[Bound], boots: Sequence[int] = ()) -> list[list[Bound]]:
    """Cut messages where a clock may have been set, as long as that explains more of them."""
    best = _fit(bounds)
    for at in boots if best.odd else ():
        if 0 < at < len(bounds) and _fit(bounds[:at]).odd + _fit(bounds[at:]).odd < best.odd:
            late = [boot - at for boot in boots if boot > at]
            return [*_parts(bounds[:at], boots), *_parts(bounds[at:], late)]
    if best.odd >= _ODD_MIN:
        at = _best_cut(bounds)
        late = [boot - at for boot in boots if boot > at]
        parts = [*_parts(bounds[:at], boots), *_parts(bounds[at:], late)]
        if 2 * sum(_fit(part).odd for part in parts) <= best.odd:
            return parts
    return [list(bounds)]


def _fit(bounds: Sequence[Bound]) -> Stretch:
    """Return the one stretch that explains most messages: without a drift, if that does as well."""
    level = _stretch(bounds, 0)
    if not level.odd:
        return level
    return min(level, _drifting(bounds), key=lambda one: one.odd + _GAIN_MIN * (one.ppb != 0))


def _best_cut(bounds: Sequence[Bound]) -> int:
    """Return where two even parts explain most, and of such places that with the longest silence.

    There a clock may have been set. Messages that bound the difference from one side only may
    fit on both sides of it.
    """
    third = max(len(bounds) // 3, 1)
    drifts = dict.fromkeys((0, _fit(bounds[:third]).ppb, _fit(bounds[-third:]).ppb))

    def odd(k: int) -> tuple[int, Micros]:
        rest = min(_stretch(bounds[:k], d).odd + _stretch(bounds[k:], d).odd for d in drifts)
        return rest, bounds[k - 1].at - bounds[k].at

    low, high = 1, len(bounds) - 1
    while True:
        step = max((high - low) // _PARTS, 1)
        best = min(range(low, high + 1, step), key=odd)
        if step == 1:
            return best
        low, high = max(best - step, 1), min(best + step, len(bounds) - 1)


def _drifting(bounds: Sequence[Bound]) -> Stretch:
    """Return the even drift that most messages agree with."""
    ppb = _middle(bounds)
    if ppb is None:
        tried = [_stretch(bounds, ppb) for ppb in _slopes(bounds)]
        best = min(tried, key=lambda one: (one.odd, abs(one.ppb)))
        ppb = _middle([b for b in bounds if _fits(b, best)])
        if ppb is None:
            return best
    return _stretch(bounds, ppb)


def _middle(bounds: Sequence[Bound]) -> int | None:
    """Return the middle of the drifts that all messages agree with; None where none is."""

    def room(ppb: int) -> Micros:
        lows, highs = _edges(bounds, ppb)
        return min(highs) - max(lows)

    # The room between the bounds is concave in the drift: it rises to one peak, and falls.
    peak = _first(-_PPB_MAX, _PPB_MAX, lambda ppb: room(ppb) >= room(ppb + 1))
    if room(peak) < 0:
        return None
    least = _first(-_PPB_MAX, peak, lambda ppb: room(ppb) >= 0)
    most = _first(peak, _PPB_MAX, lambda ppb: room(ppb + 1) < 0)
    return (least + most) // 2


def _slopes(bounds: Sequence[Bound]) -> list[int]:
    """Return the drifts between some early and some late messages, and none."""
    third = max(len(bounds) // 3, 1)
    early, late = _some(bounds[:third]), _some(bounds[-third:])
    found = {0: None}
    for one in early:
        for other in late:
            if other.at > one.at:
                slope = (_centre(other) - _centre(one)) * 1_000_000_000 // (other.at - one.at)
                if abs(slope) <= _PPB_MAX:
                    found.setdefault(slope)
    return list(found)


def _some(bounds: Sequence[Bound]) -> list[Bound]:
    n = min(len(bounds), _TRIED)
    return [bounds[i * len(bounds) // n] for i in range(n)]


def _centre(bound: Bound) -> Micros:
    return bound.edge - GRAIN if bound.upper else bound.edge + GRAIN


def _fits(bound: Bound, line: Stretch) -> bool:
    at = line.offset + (bound.at - line.begin) * line.ppb // 1_000_000_000
    low, high = (
        (bound.edge - _SOFT, bound.edge) if bound.upper else (bound.edge, bound.edge + _SOFT)
    )
    return low <= at <= high


def _first(low: int, high: int, holds: Callable[[int], bool]) -> int:
    """Return the first number for which a condition holds that holds from there on, else `high`."""
    while low < high:
        middle = (low + high) // 2
        if holds(middle):
            high = middle
        else:
            low = middle + 1
    return low


def _edges(bounds: Sequence[Bound], ppb: int) -> tuple[list[Micros], list[Micros]]:
    """Return the lower and the upper bounds of the offset at the first message."""
    begin = bounds[0].at
    lows, highs = [], []
    for bound in bounds:
        edge = bound.edge - (bound.at - begin) * ppb // 1_000_000_000
        lows.append(edge - _SOFT if bound.upper else edge)
        highs.append(edge if bound.upper else edge + _SOFT)
    return lows, highs


def _stretch(bounds: Sequence[Bound], ppb: int) -> Stretch:
    lows, highs = _edges(bounds, ppb)
    low, high, odd = max(lows), min(highs), 0
    if low > high:
        low, high, odd = _agreed(lows, highs)
        low, high = low - GRAIN // 2, high + GRAIN // 2  # what contradicts makes nothing surer
    offset = (low + high) // 2
    upper = {bound.upper for bound in bounds}
    if len(upper) == 1:
        # A message takes about as long as the stamps are coarse.
        offset = high - GRAIN if True in upper else low + GRAIN
    first, last = bounds[0], bounds[-1]
    return Stretch(
        first.at, last.at, first.shown, last.shown, offset, ppb,
        low if False in upper else None, high if True in upper else None, len(bounds), odd,
    )  # fmt: skip


def _agreed(lows: Sequence[Micros], highs: Sequence[Micros]) -> tuple[Micros, Micros, int]:
    """Return the bounds that most messages agree with, and how many do not."""
    events = sorted([(x, -1) for x in lows] + [(x, 1) for x in highs])
    agreed, most, best = len(highs), -1, events[0][0]
    for edge, kind in events:
        # A lower bound holds from its edge on, an upper one up to its edge.
        if kind < 0:
            agreed += 1
        if agreed > most:
            most, best = agreed, edge
        if kind > 0:
            agreed -= 1
    low = max((x for x in lows if x <= best), default=best)
    high = min((x for x in highs if x >= best), default=best)
    return low, high, len(lows) + len(highs) - most
