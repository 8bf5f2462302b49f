"""What stands behind ``run.plot``: the figures of one run, as methods."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hasim.plot.breakdown import breakdown
from hasim.plot.inputs import Ran
from hasim.plot.messages import messages
from hasim.plot.timeline import timeline
from hasim.plot.topology import topology
from hasim.render.window import Time

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["RunFigures"]


class RunFigures:
    """The figures of a run; each method is the function of :mod:`hasim.plot` of its name."""

    __slots__ = ("_run",)

    def __init__(self, run: Ran) -> None:
        self._run = run

    def timeline(
        self,
        begin: Time | None = None,
        end: Time | None = None,
        *,
        ax: Axes | None = None,
        **options: Any,
    ) -> Axes:
        """Draw who was in which state when; see :func:`hasim.plot.timeline`."""
        return timeline(self._run, ax, begin=begin, end=end, **options)

    def messages(
        self,
        begin: Time | None = None,
        end: Time | None = None,
        *,
        ax: Axes | None = None,
        **options: Any,
    ) -> Axes:
        """Draw the messages of a part of the run; see :func:`hasim.plot.messages`."""
        return messages(self._run, begin, end, ax, **options)

    def breakdown(self, ax: Axes | None = None, **options: Any) -> Axes:
        """Draw where the time of the outages went; see :func:`hasim.plot.breakdown`."""
        return breakdown(self._run, ax, **options)

    def topology(self, at: Time | None = None, *, ax: Axes | None = None, **options: Any) -> Axes:
        """Draw the hardware, and what is broken at an instant; see :func:`hasim.plot.topology`."""
        return topology(self._run, ax, at=at, **options)

    def __repr__(self) -> str:
        names = ", ".join(name for name in dir(self) if not name.startswith("_"))
        return f"<figures of a run: {names}>"
