"""What figures are drawn of: runs, traces and tables, and what they are asked for."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Protocol, TypeAlias, runtime_checkable

from hasim.errors import HasimError
from hasim.monitors import Violation
from hasim.render.around import Lost
from hasim.trace import Trace
from hasim.units import Micros, micros

__all__ = [
    "PHASES",
    "Parted",
    "Ran",
    "Time",
    "instant",
    "seconds",
    "trace_of",
]

#: An instant as a user gives it: a duration since the start, or seconds.
Time: TypeAlias = str | int | float
#: The phases of an outage, in order.
PHASES = ("detect", "decide", "fence", "release", "start", "arp")


class Parted(Lost, Protocol):
    """An outage of which is known where its time went."""

    @property
    def before(self) -> str:
        """Who served before."""

    @property
    def after(self) -> str | None:
        """Who served next."""

    @property
    def breakdown(self) -> Any:
        """Where the time went: six phases in microseconds."""


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


def instant(time: Time | None) -> Micros | None:
    """Return an instant in microseconds; none for none.

    Raises
    ------
    HasimError
        For what is no duration.
    """
    if time is None:
        return None
    if not isinstance(time, (str, int, float)):
        raise HasimError(f"{time!r} is not a duration (try '1m35s')")
    try:
        return micros(time)
    except ValueError as x:
        raise HasimError(str(x)) from None


def seconds(us: Micros) -> float:
    """Return microseconds as seconds."""
    return us / 1_000_000
