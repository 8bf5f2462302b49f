"""How long something may take: the one place of the package that looks at a real clock.

What it decides is only how many schedules a search tries, and when a bar is shown; what a run shows
does not depend on it.
"""

from __future__ import annotations

from time import monotonic

from hasim.units import SECOND, Micros

__all__ = ["Budget"]


class Budget:
    """A time that begins to run when it is made; without a limit it never ends.

    Parameters
    ----------
    limit : int or None
        Microseconds.
    """

    def __init__(self, limit: Micros | None) -> None:
        self.limit = limit
        self._begun = monotonic()

    def spent(self, share: float = 1) -> bool:
        """Tell whether a share of the time is over."""
        if self.limit is None:
            return False
        return (monotonic() - self._begun) * SECOND >= self.limit * share
