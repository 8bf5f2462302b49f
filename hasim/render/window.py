"""Which part of a run a picture shows, and the instants that its axis names."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple, TypeAlias, get_args, overload

from hasim import events as ev
from hasim.errors import HasimError
from hasim.monitors import Violation
from hasim.trace import Kind, Span, Trace
from hasim.trace.spans import spans
from hasim.units import DAY, HOUR, MINUTE, MS, SECOND, Micros, duration_text, micros

__all__ = [
    "Known",
    "Time",
    "Window",
    "about",
    "instant",
    "known_nodes",
    "ticks",
    "time_text",
    "window_of",
]

#: An instant as a user gives it: a duration since the start, or seconds.
Time: TypeAlias = str | int | float

_STEPS: tuple[Micros, ...] = (
    *(n * size for size in (1, 10, 100, MS, 10 * MS, 100 * MS) for n in (1, 2, 5)),
    *(n * size for size in (SECOND, MINUTE) for n in (1, 2, 5, 10, 15, 30)),
    *(n * HOUR for n in (1, 2, 3, 6, 12)),
    *(n * 10**power * DAY for power in range(7) for n in (1, 2, 5)),
)
_AFTER: Micros = 20 * SECOND
_MARGIN_MIN: Micros = 2 * SECOND
_MARGIN_MAX: Micros = 30 * SECOND


@overload
def instant(time: Time) -> Micros: ...


@overload
def instant(time: None) -> None: ...


@overload
def instant(time: Time | None) -> Micros | None: ...


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


class Window(NamedTuple):
    """Part of a run: from when to when, in microseconds."""

    begin: Micros
    end: Micros

    def shows(self, begin: Micros, end: Micros) -> bool:
        """Return whether any of an interval lies in the window; an instant does at its ends too."""
        if begin == end:
            return self.begin <= begin <= self.end
        return begin < self.end and end > self.begin


def time_text(at: Micros) -> str:
    """Return an instant to the millisecond."""
    return duration_text(at // MS * MS)


def known_nodes(trace: Trace) -> list[str]:
    """Return the names of the nodes: those of the header, then others that say something."""
    names = [clock.node for clock in trace.header.clocks]
    found = {record.source.node for record in trace.records if record.source.node is not None}
    return names + sorted(found.difference(names))


class Known:
    """What a picture asks a trace for: records but for packets, and spans, worked out once."""

    def __init__(self, trace: Trace) -> None:
        self.trace = trace
        self.end = trace.end
        self.nodes = known_nodes(trace)
        packets = (ev.PacketReceived, ev.PacketSent)
        self.records = [r for r in trace.records if not isinstance(r.event, packets)]
        self._spans: dict[Kind, list[Span]] = {}

    def spans(self, kind: Kind) -> list[Span]:
        """Return the spans of a kind."""
        if kind not in self._spans:
            self._spans[kind] = spans(self.records, kind, self.end)
        return self._spans[kind]


def about(known: Known, window: Window, heading: str) -> str:
    """Return what a picture says below its heading: of what run it is, and of what part of it."""
    header = known.trace.header
    name = f"{header.scenario}: " if header.scenario not in ("", heading) else ""
    part = f"{time_text(window.begin)} to {time_text(window.end)} of {time_text(known.end)}"
    return f"{name}Heartbeat {header.dialect}, seed {header.seed}; {part}"


def _changes(known: Known) -> Iterator[Micros]:
    """Yield the instants at which a state begins or ends, or a fault does."""
    for kind in get_args(Kind):
        for span in known.spans(kind):
            yield span.begin
            if not span.open:
                yield span.end
    for record in known.records:
        if isinstance(
            record.event,
            ev.FaultInjected | ev.FaultHealed | ev.DaemonStarted | ev.StonithAnswered,
        ):
            yield record.at


def _chosen(known: Known, violations: Iterable[Violation]) -> Window:
    """Return the window in which something goes wrong; the whole run where nothing does."""
    violations = list(violations)
    faults = [r.at for r in known.records if isinstance(r.event, ev.FaultInjected)]
    first = [v.at for v in violations] + faults
    if not first:
        return Window(0, known.end)
    begin = min(first)
    last = max(max(first) + _AFTER, *(at for at in _changes(known)))
    last = max([last, *(v.until for v in violations if v.until is not None)])
    margin = min(max((last - begin) // 10, _MARGIN_MIN), _MARGIN_MAX)
    end = -(-(last + margin) // SECOND) * SECOND
    return Window(max(0, (begin - margin // 2) // SECOND * SECOND), min(end, known.end))


def window_of(
    known: Known,
    violations: Iterable[Violation] = (),
    begin: Micros | None = None,
    end: Micros | None = None,
) -> Window:
    """Return the part of a run that a picture shows.

    What is not given is chosen. Where there are faults or violations, the window begins before the
    first of them and ends after the last change of any state, and at least 20 s after the last of
    them. Added are a twentieth of that time before and a tenth after it, the latter between 2 s and
    30 s; both ends are at whole seconds. Otherwise it is the whole run. An end beyond that of the
    run is moved there.

    Raises
    ------
    HasimError
        For a window that is empty, or lies outside the run.
    """
    length = max(known.end, 1 if known.trace.records else SECOND)
    chosen = _chosen(known, violations)
    low = chosen.begin if begin is None else begin
    high = chosen.end if end is None else end
    if begin is None and low >= high:
        low = 0
    if end is None and low >= high:
        high = length
    told = f"{duration_text(low)}..{duration_text(high)}"
    if low < 0 or low >= length:
        raise HasimError(
            f"the window {told} lies outside the run, which lasts {duration_text(known.end)}"
        )
    if low >= high:
        raise HasimError(f"the window {told} is empty: its begin must lie before its end")
    return Window(low, min(high, length))


def ticks(window: Window, at_most: int) -> list[Micros]:
    """Return round instants of a window, evenly spaced, as many as fit."""
    length = window.end - window.begin
    step = next((s for s in _STEPS if length // s < max(1, at_most)), _STEPS[-1])
    first = -(-window.begin // step) * step
    return list(range(first, window.end + 1, step))
