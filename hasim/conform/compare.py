"""Event by event: a simulated run beside the recording whose exogenous facts it was given.

All decisions are compared, of every role and node.  A pair is *exact* within 60 ms.  It is a *tie*
where the recording itself cannot tell:

- one wake (0.5 s) at a limit that falls on the wake grid (where keepalives leave the grid, up to a
  keepalive), at a packet that arrives within 15 ms of a wake, or at an answer of a ping node;
- one or two wakes in the four seconds after a start, where an I/O child's second ends within a few
  milliseconds of a wake;
- one wake of a client's, or of the request that it makes: two processors race.

What follows a tie by the same shift is *carried*.  The rest, and what is missing or extra, is
*wrong*.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from hasim.config import parse_time
from hasim.conform.align import align
from hasim.conform.latencies import Latency, paired
from hasim.conform.recording import Recording
from hasim.conform.vocabulary import decisions

__all__ = ["EXACT", "TIES", "Agreement", "Odd", "compare_events", "pool"]

#: Seconds: how near an exact event is, a wake, how near an arrival may be to a wake, a start.
EXACT = 0.060
#: Reasons of ties, but for races.
TIES = frozenset({"arrival", "scan", "start"})
_WAKE = 0.5
_NEAR = 0.015
_START = 4.0
_SCANS = frozenset({"comm-up", "link-dead", "node-dead", "standby-timeout", "transition-local"})
#: Clear order: so far apart in the recording on one node, and between nodes.
_APART = 0.1
_FAR_APART = 0.6


@dataclass(frozen=True, slots=True)
class Odd:
    """One event that is not exact: what it is, and by how many seconds it is off (None: absent)."""

    at: float
    node: str
    role: str
    kind: str
    args: tuple[tuple[str, str], ...]
    off: float | None
    why: str

    def __str__(self) -> str:
        what = " ".join((self.kind, *(v for _, v in self.args)))
        off = "" if self.off is None else f" {self.off:+.3f} s"
        return f"{self.at:9.3f} s  {self.node} {self.role}  {what}{off}  ({self.why})"


@dataclass(slots=True)
class Agreement:
    """How far a simulated run agrees with its recording.

    ``same`` tells whether both have the same events, whatever their times; ``equal`` whether every
    sequence of events is the same, order included (of processes, their multiset); ``ordered``
    whether no two events that the recording clearly separates have changed places, ties and what
    they carry aside.  ``latencies`` are the times from each injection to what follows it, in both.
    """

    name: str
    run: str
    end: float
    counts: Counter[str] = field(default_factory=Counter)
    odd: list[Odd] = field(default_factory=list)
    differing: tuple[tuple[str, str], ...] = ()
    same: bool = True
    ordered: bool = True
    pins: Mapping[str, Any] = field(default_factory=dict)
    latencies: tuple[Latency, ...] = ()

    @property
    def events(self) -> int:
        """How many events were compared, missing and extra ones included."""
        return sum(self.counts.values())

    @property
    def equal(self) -> bool:
        """Whether all sequences are equal."""
        return not self.differing

    @property
    def bad_pins(self) -> int:
        """How many pins were left over, missing or of another form."""
        pins = self.pins
        return int(pins.get("left", 0)) + int(pins.get("missing", 0)) + len(pins.get("other", ()))

    def share(self, what: str) -> float:
        """Return the share of ``exact``, ``tie``, ``carried`` or ``wrong`` events."""
        return self.counts[what] / max(1, self.events)


def compare_events(
    recording: Recording,
    simulated: Iterable[dict[str, Any]],
    pins: Mapping[str, Any] | None = None,
) -> Agreement:
    """Compare a simulated run with the recording; `pins` says how its pins fared."""
    end, simulated = recording.duration, [*simulated]
    result = Agreement(recording.name, recording.run, end, pins=pins or {})
    result.latencies = paired(recording, simulated)
    law = _Law(recording)
    both = align(decisions(recording.events, end), decisions(simulated, end))
    result.differing = both.differing
    carried: list[float] = []
    firm: list[tuple[float, float, str]] = []
    for one, other in both.pairs:
        off = other["t"] - one["t"]
        verdict, why = law.judge(one, off, carried)
        if verdict == "tie":
            carried.append(off)
        result.counts[verdict] += 1
        if verdict == "exact":
            firm.append((one["t"], other["t"], one["node"]))
        elif verdict != "carried":
            result.odd.append(_odd(one, round(off, 3), why))
    for events, word in ((both.missing, "missing"), (both.extra, "extra")):
        result.counts["wrong"] += len(events)
        result.odd += [_odd(e, None, word) for e in events]
        result.same &= not events
    result.ordered = _in_order([(t, s) for t, s, _ in firm], _FAR_APART) and all(
        _in_order([(t, s) for t, s, n in firm if n == node], _APART) for node in recording.nodes
    )
    result.odd.sort(key=lambda o: (o.at, o.node, o.role, o.kind, o.args))
    return result


def _odd(event: Mapping[str, Any], off: float | None, why: str) -> Odd:
    args = tuple(sorted((k, str(v)) for k, v in event["args"].items()))
    return Odd(event["t"], str(event["node"]), event["role"], event["kind"], args, off, why)


def _in_order(times: list[tuple[float, float]], apart: float) -> bool:
    return all(s2 > s1 - EXACT for (t1, s1), (t2, s2) in pairwise(times) if t2 - t1 > apart)


class _Law:
    """When may an event lawfully be a wake off?  From the recording alone."""

    def __init__(self, recording: Recording) -> None:
        self.nodes = recording.nodes
        #: seconds, where wakes at keepalives do not fall on the half seconds; else 0
        self.keepalive = _off_grid_keepalive(recording.scenario["ha_cf"])
        self.starts = [float(life["t0"]) for life in recording.pins["lives"]]
        self.arrivals: dict[str, list[float]] = {
            node: [t for t, sender in recording.packets if sender != node]
            for node in recording.nodes
        }

    def judge(self, event: Mapping[str, Any], off: float, carried: list[float]) -> tuple[str, str]:
        """Return the verdict on one pair and its reason."""
        t, kind = event["t"], event["kind"]
        if abs(off) <= EXACT:
            return "exact", ""
        if any(abs(off - c) <= EXACT for c in carried):
            return "carried", ""
        if self.keepalive and kind in _SCANS and abs(off) <= min(_WAKE, self.keepalive) + EXACT:
            return "tie", "scan"
        starting = event["role"] == "mcp" and self._starting(t)
        wakes = round(abs(off) / _WAKE)
        if wakes not in (1, 2) or abs(abs(off) - wakes * _WAKE) > EXACT:
            # Twin wakes and scripts' exits lie between the half seconds of the grid after a start.
            return ("tie", "start") if abs(off) < _WAKE and starting else ("wrong", "time")
        if starting:
            return "tie", "start"
        if wakes == 2:
            return "wrong", "time"
        return self._one_wake(event, min(t, t + off))

    def _one_wake(self, event: Mapping[str, Any], early: float) -> tuple[str, str]:
        role, kind = event["role"], event["kind"]
        if role == "mcp" and kind in _SCANS:
            return "tie", "scan"
        if role in ("mcp", "ipfail") and self._arrival(event, early):
            return "tie", "arrival"
        if role == "ipfail" or (role, kind) == ("mcp", "standby-ask"):
            return "tie", "race"
        return "wrong", "time"

    def _starting(self, t: float) -> bool:
        return any(s - EXACT <= t <= s + _START for s in self.starts)

    def _arrival(self, event: Mapping[str, Any], early: float) -> bool:
        if event["args"].get("peer") not in (*self.nodes, None):
            return True
        arrivals = self.arrivals.get(event["node"], [])
        i = bisect_left(arrivals, early - _NEAR)
        return i < len(arrivals) and arrivals[i] <= early + _NEAR


def _off_grid_keepalive(ha_cf: str) -> float:
    words = next((line.split() for line in ha_cf.splitlines() if line.startswith("keepalive")), [])
    time = parse_time(" ".join(words[1:])) if len(words) > 1 else None
    return 0.0 if time is None or time % 500_000 == 0 else time / 1_000_000


def pool(results: Sequence[Agreement]) -> dict[str, float]:
    """Return the figures of many comparisons together.

    ``exact`` is the share among events that are not carried; ``same``, ``equal``, ``ordered`` and
    ``pins`` (runs whose pins fared badly) are shares of runs, ``wrong``, ``tie`` and ``carried``
    shares of all events.
    """
    total: Counter[str] = sum((r.counts for r in results), Counter())
    events, runs = max(1, sum(total.values())), max(1, len(results))
    judged = max(1, events - total["carried"])
    return {
        "runs": float(len(results)),
        "events": float(sum(total.values())),
        "exact": total["exact"] / judged,
        "tie": total["tie"] / events,
        "carried": total["carried"] / events,
        "wrong": total["wrong"] / events,
        "same": sum(r.same for r in results) / runs,
        "equal": sum(r.equal for r in results) / runs,
        "ordered": sum(r.ordered for r in results) / runs,
        "pins": sum(r.bad_pins > 0 for r in results) / runs,
    }
