"""The smallest schedule that still shows a violation, by delta debugging over absolute times.

Fewer faults first (Zeller and Hildebrandt, *Simplifying and Isolating Failure-Inducing Input*, IEEE
TSE 28(2), 2002), then plainer faults, rounder instants, shorter and rounder outages. A step is kept
where the same property is still violated. Draws are addressed by name, so a fault that is taken
away leaves the fate of every other packet and script as it was.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from hasim.faults import Cut, Fault, Kill, Lose, lasting, moved
from hasim.units import MINUTE, MS, SECOND, Micros

__all__ = ["Shows", "Shrunk", "shrink"]

#: Whether a schedule still shows it.
Shows = Callable[[Sequence[Fault]], bool]

_ROUND = (MINUTE, 30 * SECOND, 10 * SECOND, 5 * SECOND, SECOND, 100 * MS, 10 * MS)
# A step never goes back, so few rounds are needed; this many are a guard.
_ROUNDS_MAX = 20
_SHORT = tuple(n * SECOND for n in (1, 2, 3, 5, 10, 15, 20, 30, 45, 60, 90, 120, 180, 300))


class Shrunk:
    """A shrinking at work: the smallest schedule so far, and what has been tried.

    Parameters
    ----------
    schedule : sequence of Fault
        A schedule that shows it.
    shows : callable
        Tells whether a schedule still does.
    most : int
        How many schedules are tried at most.
    """

    def __init__(self, schedule: Sequence[Fault], shows: Shows, most: int) -> None:
        self.best = tuple(sorted(schedule, key=lambda fault: fault.at))
        self.shows = shows
        self.most = most
        self.known: dict[tuple[Fault, ...], bool] = {self.best: True}

    @property
    def tries(self) -> int:
        """How many schedules have been tried."""
        return len(self.known) - 1

    def offer(self, schedule: Sequence[Fault]) -> bool:
        """Take a schedule for the best where it still shows it."""
        wanted = tuple(sorted(schedule, key=lambda fault: fault.at))
        if wanted not in self.known:
            if self.tries >= self.most:
                return False
            self.known[wanted] = self.shows(wanted)
        if self.known[wanted]:
            self.best = wanted
        return self.known[wanted]

    def fewer(self) -> None:
        """Take faults away: halves, quarters and so on, at last one by one."""
        size = max(1, len(self.best) // 2)
        while self.best:
            start, taken = 0, False
            while start < len(self.best):
                left = (*self.best[:start], *self.best[start + size :])
                if self.offer(left):
                    taken = True
                else:
                    start += size
            if size == 1 and not taken:
                return
            size = max(1, size // 2) if not taken else min(size, max(1, len(self.best) // 2))

    def together(self) -> bool:
        """Move several faults by the same time, so that the first is at a rounder instant."""
        first = self.best[0].at if len(self.best) > 1 else 0
        for unit in _ROUND:
            if first % unit == 0:
                return False
            by = first % unit
            if self.offer([moved(fault, fault.at - by) for fault in self.best]):
                return True
        return False

    def each(self, simpler: Callable[[Fault], Iterator[Fault]]) -> bool:
        """Replace each fault by the first simpler one that still shows it."""
        moved = False
        for place in range(len(self.best)):
            for fault in simpler(self.best[place]):
                before = self.best
                if self.offer((*before[:place], fault, *before[place + 1 :])):
                    # Sorted anew: it may stand elsewhere now, and is looked at again next round.
                    moved = moved or self.best != before
                    break
        return moved


def shrink(schedule: Sequence[Fault], shows: Shows, most: int = 400) -> Shrunk:
    """Return the smallest schedule that still shows what a schedule shows.

    The result is one from which no single fault can be taken away, unless `most` schedules have
    been tried before that was known.
    """
    work = Shrunk(schedule, shows, most)
    work.fewer()
    moved, rounds = True, 0
    while moved and work.tries < most and rounds < _ROUNDS_MAX:
        rounds += 1
        moved = work.each(_plainer)
        moved = work.each(_rounder) or moved
        moved = work.together() or moved
        moved = work.each(_shorter) or moved
        if moved:
            work.fewer()
    return work


def _plainer(fault: Fault) -> Iterator[Fault]:
    """Yield what needs less explaining: a cut for a loss, the usual signal, every time."""
    match fault:
        case Lose(at=at, target=target, direction=way, duration=lasts):
            yield Cut(at, target, way, lasts)
        case Cut(direction="in" | "out"):
            yield replace(fault, direction="both")
        case Kill(role="fifo" | "read" | "write"):
            yield Kill(fault.at, fault.node, "master")


def _rounder(fault: Fault) -> Iterator[Fault]:
    """Yield the fault at rounder instants, the roundest first, of each kind the later one first.

    A cluster that has settled is easier to think about than one that starts.
    """
    for unit in _ROUND:
        if fault.at % unit == 0:
            return
        for at in (-(-fault.at // unit) * unit, fault.at // unit * unit):
            yield moved(fault, at)


def _shorter(fault: Fault) -> Iterator[Fault]:
    """Yield shorter outages, the shortest first; then the nearest rounder ones.

    A whole number of seconds is round: a longer one in its place would be no step forward.
    """
    lasts: Micros | None = fault.duration
    if lasts is None:
        return
    for shorter in (d for d in _SHORT if d < lasts):
        yield lasting(fault, shorter)
    for unit in (SECOND, 100 * MS, 10 * MS):
        if lasts % unit == 0:
            return
        for rounder in (lasts // unit * unit, -(-lasts // unit) * unit):
            if rounder > 0:
                yield lasting(fault, rounder)
