"""What figures are drawn of: runs, traces and tables, and what they are asked for."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Protocol, runtime_checkable

from hasim.errors import HasimError
from hasim.monitors import Violation
from hasim.render.around import Parted
from hasim.trace import Trace
from hasim.units import Micros

__all__ = [
    "PHASES",
    "Ran",
    "seconds",
    "trace_of",
]

#: The phases of an outage, in order.
PHASES = ("detect", "decide", "fence", "release", "start", "arp")


@runtime_checkable
class Ran(Protocol):
    """A run, as :class:`hasim.Run` is one."""

    @property
    def trace(self) -> Trace:
        """Its records."""

    @property
    def violations(self) -> Sequence[Violation]:
        """What does not hold in it."""

    @property
    def outage(self) -> Iterable[Parted]:
        """The outages of its services."""

    @property
    def scenario(self) -> Any:
        """What happened; it has a ``name`` and a ``title``."""

    @property
    def model(self) -> Any:
        """What was simulated; None where that is not known."""


def trace_of(data: Any) -> Trace:
    """Return the trace of a run, or a trace as it is.

    Raises
    ------
    HasimError
        For anything else.
    """
    if isinstance(data, Trace):
        return data
    if isinstance(data, Ran):
        return data.trace
    raise HasimError(f"a run or a trace is wanted, not {type(data).__name__}")


def seconds(us: Micros) -> float:
    """Return microseconds as seconds."""
    return us / 1_000_000
