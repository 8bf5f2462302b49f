"""Event by event: a simulated run beside the recording whose exogenous facts it was given.

Events are paired by occurrence: the k-th event of a kind on a node with the same arguments.  A
pair is *exact* within 60 ms.  It is a *tie* where the recording itself cannot tell:

- one wake (0.5 s) at a limit that falls on the wake grid (where keepalives leave the grid, up to a
  keepalive), at a packet that arrives within 15 ms of a wake, or at an answer of a ping node;
- one or two wakes in the four seconds after a start, where an I/O child's second ends within a few
  milliseconds of a wake.

What follows a tie by the same shift is *carried*.  The rest, and what is missing or extra, is
*wrong*.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from hasim.config import parse_time
from hasim.conform.recording import Recording
from hasim.conform.scope import in_scope, scope_end

__all__ = ["EXACT", "Agreement", "Odd", "compare_events", "pool"]

#: Seconds: how near an exact event is, a wake, how near an arrival may be to a wake, a start.
EXACT = 0.060
_WAKE = 0.5
_NEAR = 0.015
_START = 4.0
_SCANS = frozenset({"comm-up", "link-dead", "node-dead"})
#: Measurements are compared, but do not name an event.
_SOFT = frozenset({"ms"})


@dataclass(frozen=True, slots=True)
class Odd:
    """One event that is not exact: what it is, and by how many seconds it is off (None: absent)."""

    at: float
    node: str
    kind: str
    args: tuple[tuple[str, str], ...]
    off: float | None
    why: str

    def __str__(self) -> str:
        what = " ".join((self.kind, *(v for _, v in self.args)))
        off = "" if self.off is None else f" {self.off:+.3f} s"
        return f"{self.at:9.3f} s  {self.node}  {what}{off}  ({self.why})"


@dataclass(slots=True)
class Agreement:
    """How far a simulated run agrees with its recording.

    ``same`` tells whether both have the same events, whatever their times; ``ordered`` whether no
    two events of a node that the recording separates by more than 0.1 s have changed places,
    ties and what they carry aside.
    """

    name: str
    run: str
    end: float
    counts: Counter[str] = field(default_factory=Counter)
    odd: list[Odd] = field(default_factory=list)
    same: bool = True
    ordered: bool = True

    @property
    def events(self) -> int:
        """How many events were compared, missing and extra ones included."""
        return sum(self.counts.values())

    def share(self, what: str) -> float:
        """Return the share of ``exact``, ``tie``, ``carried`` or ``wrong`` events."""
        return self.counts[what] / max(1, self.events)


def compare_events(recording: Recording, simulated: Iterable[dict[str, Any]]) -> Agreement:
    """Compare a simulated run with the recording, within its scope."""
    end = scope_end(recording)
    result = Agreement(recording.name, recording.run, end)
    law = _Law(recording)
    recorded = _by_occurrence(in_scope(recording.events, end))
    made = _by_occurrence(in_scope(simulated, end))
    pairs = sorted((recorded[k]["t"], made[k]["t"], k) for k in recorded.keys() & made.keys())
    carried: dict[str, list[float]] = defaultdict(list)
    firm: dict[str, list[tuple[float, float]]] = defaultdict(list)
    for t, s, key in pairs:
        off, node = s - t, key[0]
        verdict, why = law.judge(t, off, key, carried[node])
        if verdict == "tie":
            carried[node].append(off)
        result.counts[verdict] += 1
        if verdict == "exact":
            firm[node].append((t, s))
        elif verdict != "carried":
            result.odd.append(Odd(t, node, key[1], key[2], round(off, 3), why))
    for side, word in ((recorded, "missing"), (made, "extra")):
        other = made if side is recorded else recorded
        for key in sorted(side.keys() - other.keys()):
            result.same = False
            result.counts["wrong"] += 1
            result.odd.append(Odd(side[key]["t"], key[0], key[1], key[2], None, word))
    result.ordered = all(_in_order(times) for times in firm.values())
    result.odd.sort(key=lambda o: (o.at, o.node, o.kind, o.args))
    return result


_Key = tuple[str, str, tuple[tuple[str, str], ...], int]


def _by_occurrence(events: Sequence[dict[str, Any]]) -> dict[_Key, dict[str, Any]]:
    seen: Counter[tuple[str, str, tuple[tuple[str, str], ...]]] = Counter()
    out = {}
    for event in events:
        args = tuple(sorted((k, str(v)) for k, v in event["args"].items() if k not in _SOFT))
        name = (str(event["node"]), str(event["kind"]), args)
        seen[name] += 1
        out[(*name, seen[name])] = event
    return out


def _in_order(times: list[tuple[float, float]]) -> bool:
    return all(s2 > s1 - EXACT for (t1, s1), (t2, s2) in pairwise(times) if t2 - t1 > 0.1)


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

    def judge(self, t: float, off: float, key: _Key, carried: list[float]) -> tuple[str, str]:
        """Return the verdict on one pair and its reason."""
        if abs(off) <= EXACT:
            return "exact", ""
        if any(abs(off - c) <= EXACT for c in carried):
            return "carried", ""
        if self.keepalive and key[1] in _SCANS and abs(off) <= min(_WAKE, self.keepalive) + EXACT:
            return "tie", "scan"
        wakes = round(abs(off) / _WAKE)
        if wakes not in (1, 2) or abs(abs(off) - wakes * _WAKE) > EXACT:
            # Twin wakes and scripts' exits lie between the half seconds of the grid after a start.
            return ("tie", "start") if abs(off) < _WAKE and self._starting(t) else ("wrong", "time")
        if self._starting(t):
            return "tie", "start"
        if wakes == 2:
            return "wrong", "time"
        if key[1] in _SCANS:
            return "tie", "scan"
        return ("tie", "arrival") if self._arrival(key, min(t, t + off)) else ("wrong", "time")

    def _starting(self, t: float) -> bool:
        return any(s - EXACT <= t <= s + _START for s in self.starts)

    def _arrival(self, key: _Key, early: float) -> bool:
        if any(name == "peer" and value not in self.nodes for name, value in key[2]):
            return True
        arrivals = self.arrivals[key[0]]
        i = bisect_left(arrivals, early - _NEAR)
        return i < len(arrivals) and arrivals[i] <= early + _NEAR


def _off_grid_keepalive(ha_cf: str) -> float:
    words = next((line.split() for line in ha_cf.splitlines() if line.startswith("keepalive")), [])
    time = parse_time(" ".join(words[1:])) if len(words) > 1 else None
    return 0.0 if time is None or time % 500_000 == 0 else time / 1_000_000


def pool(results: Sequence[Agreement]) -> dict[str, float]:
    """Return the figures of many comparisons together.

    ``exact`` is the share among events that are not carried; ``same`` and ``ordered`` are shares
    of runs, ``wrong``, ``tie`` and ``carried`` shares of all events.
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
        "ordered": sum(r.ordered for r in results) / runs,
    }
