"""Addressed randomness: a draw is named, never consumed.

A draw is a hash of the seed, the name of its stream and an index, so that the 77th packet on a
cable meets the same fate whatever else changes, and a named draw may be pinned without moving any
other.  Values come from integers with ``+ * < // %`` and exact
integer roots only, so they are equal on every machine.
"""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import blake2b
from itertools import pairwise
from math import isqrt

__all__ = ["MILLION", "Draws", "TypicalDraws"]

_MASK = (1 << 64) - 1
_GOLDEN = 0x9E3779B97F4A7C15
#: Chances are given in parts per million.
MILLION = 1_000_000


class Draws:
    """All randomness of one run.

    Parameters
    ----------
    seed : int
        Any integer; equal seeds give equal draws in every process.
    pins : mapping of str to int, optional
        Draws that are fixed: full name of the draw -> its value.  A pinned value is used as it
        is, also outside the range the site gives.
    """

    __slots__ = ("_keys", "pins", "seed", "used")

    def __init__(self, seed: int, pins: Mapping[str, int] | None = None) -> None:
        self.seed = seed
        self.pins: dict[str, int] = dict(pins or {})
        self.used: set[str] = set()
        self._keys: dict[str, int] = {}

    def u64(self, stream: str, index: int = 0) -> int:
        """Return the 64-bit draw `index` of `stream`."""
        key = self._keys.get(stream)
        if key is None:
            digest = blake2b(f"{self.seed}\0{stream}".encode(), digest_size=8).digest()
            key = self._keys[stream] = int.from_bytes(digest, "little")
        z = (key + index * _GOLDEN) & _MASK
        z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & _MASK
        z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & _MASK
        return z ^ (z >> 31)

    def below(self, stream: str, n: int, index: int = 0) -> int:
        """Return a whole number from 0 to ``n - 1``; unpinned."""
        return self.u64(stream, index) * n >> 64

    def chance(self, stream: str, ppm: int, index: int = 0) -> bool:
        """Return True with probability ``ppm`` in a million; unpinned."""
        return ppm > 0 and self.below(stream, MILLION, index) < ppm

    def pinned(self, name: str) -> int | None:
        """Return the pinned value of a named draw, if there is one."""
        value = self.pins.get(name)
        if value is not None:
            self.used.add(name)
        return value

    def between(self, name: str, lo: int, hi: int) -> int:
        """Return the named draw, uniform from `lo` to `hi` (both included) unless pinned."""
        value = self.pinned(name)
        return lo + self.below(name, hi - lo + 1) if value is None else value

    def spread(self, name: str, low: int, median: int, high: int) -> int:
        """Return the named draw from a skewed spread given by its 5 %, 50 % and 95 % points.

        The distribution follows a log-normal one: half way (in standard deviations) between the
        points lie their geometric means, and between all of these it is piecewise linear.  Where
        `low` is not positive it is linear from there to the median.  The outer twentieths
        continue half as far again.  Pinned values are returned as they are.
        """
        value = self.pinned(name)
        if value is not None:
            return value
        u = self.below(name, MILLION)
        least = low - (median - low) // 2
        points = (
            (0, max(0, least) if low >= 0 else least),
            (50_000, low),
            (205_400, isqrt(low * median) if low > 0 else low + (median - low) * 345 // 1000),
            (500_000, median),
            (794_600, isqrt(median * high)),
            (950_000, high),
            (MILLION, high + (high - median) // 2),
        )
        for (u0, v0), (u1, v1) in pairwise(points):
            if u < u1:
                return v0 + (v1 - v0) * (u - u0) // (u1 - u0)
        raise AssertionError("the last point lies above every draw")


class TypicalDraws(Draws):
    """Draws without chance: whatever is not pinned takes its typical value.

    A replay of a recording uses these: what the recording tells is pinned, and what it does not
    tell is set to the value in the middle (a coin to its likelier side, a count to 0) instead of
    a random one that would differ from the recorded one more often.
    """

    __slots__ = ()

    def u64(self, stream: str, index: int = 0) -> int:
        """Return the middle of the range, whatever the name."""
        return 1 << 63

    def below(self, stream: str, n: int, index: int = 0) -> int:
        """Return 0, the count that changes least."""
        return 0

    def chance(self, stream: str, ppm: int, index: int = 0) -> bool:
        """Return True for what is likelier than not."""
        return ppm * 2 > MILLION

    def between(self, name: str, lo: int, hi: int) -> int:
        """Return the pinned value, or the middle of the range."""
        value = self.pinned(name)
        return (lo + hi) // 2 if value is None else value

    def spread(self, name: str, low: int, median: int, high: int) -> int:
        """Return the pinned value, or the median."""
        value = self.pinned(name)
        return median if value is None else value
