"""Simulated runs in the canonical vocabulary: replays of recordings, and free runs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any

from hasim import events as ev
from hasim.conform.align import Alignment, align
from hasim.conform.compare import EXACT, TIES, compare_events
from hasim.conform.injections import fault_events, us
from hasim.conform.recording import Recording
from hasim.conform.replay import Replay, replay_of
from hasim.conform.ticks import MOST_TICKS, Tick, candidates, tell
from hasim.conform.vocabulary import OUTCOME_KINDS, decisions
from hasim.render import canonical_events, log_lines
from hasim.trace import Clock, Header, Trace
from hasim.units import MS, Micros
from hasim.world import World

__all__ = ["Replayed", "free_events", "replayed", "simulated_events", "trace_of"]

#: So many outcomes are tried for each one told, and so much it must mend at least.
_TRIES = 10
_GAIN = 0.5
_AT_ONCE: Micros = 30 * MS


@dataclass(frozen=True)
class Replayed:
    """A conditioned replay: its trace, its canonical events, and how its pins fared."""

    recording: Recording
    trace: Trace
    events: tuple[dict[str, Any], ...]
    pins: Mapping[str, Any]
    ticks: tuple[Tick, ...] = ()

    def log(self, node: str) -> list[str]:
        """Return a node's debug file."""
        return list(log_lines(self.trace, node, "ha-log", debug=True))


def trace_of(replay: Replay, world: World) -> Trace:
    """Return the trace of a replayed world."""
    clocks = tuple(Clock(node, 0, 0) for node in replay.configs)
    return Trace(Header("", "3.0.6", clocks=clocks), world.recorder.records)


def simulated_events(recording: Recording, trace: Trace) -> list[dict[str, Any]]:
    """Return the canonical events of a trace, with the injections as they were recorded."""
    made = [e for e in canonical_events(trace) if e["kind"] != "fault"]
    return sorted([*fault_events(recording), *made], key=lambda e: float(e["t"]))


def replayed(recording: Recording) -> Replayed:
    """Replay a recording to its end.

    Where that mends what differs, the outcomes of a few ties are told, one after the other; told
    and untold ties together are no more than `MOST_TICKS`, or than there were without.
    """
    replay = replay_of(recording)
    best = _run(recording, replay, ())
    cost, ties, both = _judged(best)
    while len(best.ticks) < MOST_TICKS:
        tried = []
        for tick in islice(candidates(both, _asked(best)), _TRIES):
            run = _run(recording, replay, (*best.ticks, tick))
            less, more, other = _judged(run)
            if more <= max(MOST_TICKS, ties):
                tried.append((less, more, other, run))
        now = (cost, ties, both, best)
        less, more, other, run = min(tried, key=lambda t: t[0], default=now)
        if less > cost - _GAIN:
            break
        cost, ties, both, best = less, more, other, run
    return best


def _run(recording: Recording, replay: Replay, ticks: tuple[Tick, ...]) -> Replayed:
    world, pins = replay.watched()
    if ticks:
        tell(world, ticks)
    end = us(recording.duration)
    world.run(end)
    trace = trace_of(replay, world)
    events = tuple(simulated_events(recording, trace))
    fared = pins.fared(replay.unknown, end)
    return Replayed(recording, trace, events, fared, ticks)


def _asked(run: Replayed) -> list[tuple[Micros, str]]:
    """Return when clients did something, one instant for all they did at once."""
    found: list[tuple[Micros, str]] = []
    last: dict[str, Micros] = {}
    for record in run.trace.records:
        node = record.source.node
        if record.source.program != "ipfail" or node is None:
            continue
        if record.at - last.get(node, -_AT_ONCE) >= _AT_ONCE:
            found.append((record.at, node))
            last[node] = record.at
    return found


def _judged(run: Replayed) -> tuple[float, int, Alignment]:
    """Return how much a run differs, how many ties it has, told or not, and how it is aligned."""
    end = run.recording.duration
    both = align(decisions(run.recording.events, end), decisions(run.events, end))
    offs = (abs(b["t"] - a["t"]) for a, b in both.pairs)
    off = sum(min(1.0, o) for o in offs if o > EXACT)
    cost = off + 2 * len(both.missing) + 2 * len(both.extra) + len(both.differing)
    odd = compare_events(run.recording, run.events).odd
    return cost, len(run.ticks) + sum(o.why in TIES for o in odd), both


#: Records that outcome classes and latencies need, by class of event.
_WANTED = (
    ev.AcquiringFrom, ev.AddressDown, ev.AddressUp, ev.CommUp, ev.DiskMounted, ev.DiskUnmounted,
    ev.GenerationSet, ev.LinkDead, ev.NodeBooted, ev.NodeDead, ev.NodePoweredOff, ev.NodePoweredOn,
    ev.PartitionReturn, ev.ScriptEnded, ev.ShutdownComplete, ev.StandbyAsk,
)  # fmt: skip


def free_events(recording: Recording, replay: Replay, seed: int) -> list[dict[str, Any]]:
    """Run freely under a recording's injections; return what outcomes and latencies need."""
    world = replay.free(seed)
    world.run(us(recording.duration))
    trace = trace_of(replay, world)
    few = Trace(trace.header, [r for r in trace.records if isinstance(r.event, _WANTED)])
    return [e for e in simulated_events(recording, few) if _kept(e)]


def _kept(event: Mapping[str, Any]) -> bool:
    if event["kind"] == "rsc-end":
        return bool(event["args"]["rsc"] == "LabSvc" and event["args"]["op"] != "status")
    return event["kind"] in OUTCOME_KINDS
