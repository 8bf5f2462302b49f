"""From what the clock of a node shows to the time of the reference: offsets, drifts, and jumps."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from hasim.events import ClockDrifted, ClockStepped
from hasim.reading.skew import Skew
from hasim.units import SECOND, Micros

__all__ = ["Course", "Piece"]

#: A drift is rounded down wherever it is applied: so much later a stamp is sure to be shown again.
_MARGIN: Micros = 100
#: A trace knows whole millionths: two of them take turns, and are off by no more than this.
_OFF_MAX: Micros = SECOND // 10
_WHOLE = 1000
_BILLION = 1_000_000_000


class Piece(NamedTuple):
    """A part of a course: at the time `anchor` the clock is ahead by `offset`, and drifts by `ppb`.

    That is in nanoseconds a second. `since` is what it shows where the part begins; None for the
    first one.
    """

    since: Micros | None
    anchor: Micros
    offset: Micros
    ppb: int

    def shown(self, at: Micros) -> Micros:
        """Return what the clock shows at a time."""
        return at + self.ahead(at)

    def ahead(self, at: Micros) -> Micros:
        """Return by how much the clock is ahead at a time."""
        return self.offset + (at - self.anchor) * self.ppb // _BILLION

    def time(self, shown: Micros) -> Micros:
        """Return the time at which the clock shows something."""
        if not self.ppb:
            return shown - self.offset
        gone = shown - self.offset - self.anchor
        return self.anchor - (-gone * _BILLION // (_BILLION + self.ppb)) + _MARGIN


class Course:
    """How the clock of a node runs against that of the reference.

    Parameters
    ----------
    pieces : sequence of Piece
        In order; the first has no beginning.
    """

    def __init__(self, pieces: Sequence[Piece]) -> None:
        self.pieces = tuple(pieces)
        self._since = [piece.since for piece in pieces if piece.since is not None]

    @classmethod
    def even(cls, offset: Micros) -> Course:
        """Return that of a clock that is ahead by the same all the time."""
        return cls([Piece(None, 0, offset, 0)])

    def then(self, skews: Sequence[Skew]) -> Course:
        """Return that of a node whose skews are against the node of this course."""
        own = [Piece(s.since_us, s.at_us, s.offset_us, s.drift_ppb) for s in skews]
        return Course(list(_through(self.pieces, own)))

    def whole(self, begin: Micros, end: Micros) -> Course:
        """Return it with drifts of whole millionths only, from what the clock shows to what."""
        out: list[Piece] = []
        for i, piece in enumerate(self.pieces):
            last = self.pieces[i + 1].since if i + 1 < len(self.pieces) else None
            out += _turns(piece, begin, end if last is None else last)
        return Course(out)

    def piece(self, shown: Micros) -> Piece:
        """Return the part in which the clock shows something."""
        return self.pieces[bisect_right(self._since, shown)]

    def time(self, shown: Micros) -> Micros:
        """Return the time of the reference at which the clock shows something."""
        return self.piece(shown).time(shown)

    def changes(self, node: str, old: Piece, new: Piece) -> Iterator[ClockStepped | ClockDrifted]:
        """Yield what has happened to the clock between two parts."""
        assert new.since is not None
        if new.ppb != old.ppb:
            yield ClockDrifted(node, new.ppb // _WHOLE)
        at = new.time(new.since)
        step = new.ahead(at) - old.ahead(at)
        if abs(step) > _MARGIN:
            yield ClockStepped(node, step)


def _through(base: Sequence[Piece], own: Sequence[Piece]) -> Iterator[Piece]:
    """Yield the parts of a clock that is told against one that is itself told against another."""
    for i, part in enumerate(own):
        end = own[i + 1].since if i + 1 < len(own) else None
        for k, under in enumerate(base):
            # Where the clock underneath changes, by the upper clock.
            begin = None if under.since is None else part.shown(under.since)
            after = base[k + 1].since if k + 1 < len(base) else None
            stop = None if after is None else part.shown(after)
            if part.since is not None and (begin is None or begin < part.since):
                begin = part.since
            if end is not None and (stop is None or stop > end):
                stop = end
            if begin is not None and stop is not None and begin >= stop:
                continue
            anchor = under.time(part.anchor)
            yield Piece(begin, anchor, under.ahead(anchor) + part.offset, under.ppb + part.ppb)


def _turns(piece: Piece, begin: Micros, end: Micros) -> Iterator[Piece]:
    """Yield a part, or those in which the drifts below and above its own take turns."""
    low, rest = divmod(piece.ppb, _WHOLE)
    if not rest:
        yield piece
        return
    at = piece.time(begin if piece.since is None else piece.since)
    last = piece.time(end)
    period = _OFF_MAX * _BILLION * _WHOLE // (rest * (_WHOLE - rest))
    slow = period * (_WHOLE - rest) // _WHOLE
    now = Piece(piece.since, at, piece.ahead(at), low * _WHOLE)
    faster = False
    while True:
        yield now
        at += period - slow if faster else slow
        if at >= last:
            return
        faster = not faster
        ahead = now.ahead(at)
        now = Piece(at + ahead, at, ahead, (low + faster) * _WHOLE)
