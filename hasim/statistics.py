"""Statistics that several parts need: a quantile that was observed, the interval of a share."""

from __future__ import annotations

from math import ceil, sqrt
from statistics import NormalDist

from hasim.errors import HasimError

__all__ = ["rank", "wilson"]


def rank(q: float, n: int) -> int:
    """Return the place of the least of `n` values that a share `q` of them does not exceed."""
    # 0.28 of 25 is the seventh, though 0.28 * 25 is a little more than seven.
    return max(0, min(n, ceil(q * n - 1e-9)) - 1)


def wilson(hits: int, of: int, level: float = 0.95) -> tuple[float, float]:
    """Return the interval of Wilson for a share: within which the true one lies so surely.

    It also holds where none or all of the runs are hits.

    Raises
    ------
    HasimError
        Where there are more hits than runs, or a negative number of them.
    """
    if not 0 <= hits <= of:
        raise HasimError(f"{hits} of {of} is no share")
    if of == 0:
        return 0.0, 1.0
    z = NormalDist().inv_cdf((1 + level) / 2)
    share, unit = hits / of, z * z / of
    middle = (share + unit / 2) / (1 + unit)
    half = z * sqrt(share * (1 - share) / of + unit / of / 4) / (1 + unit)
    low, high = max(0.0, middle - half), min(1.0, middle + half)
    return (0.0 if hits == 0 else low), (1.0 if hits == of else high)
