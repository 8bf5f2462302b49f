"""The states of a cluster in which the matrix lets something go wrong, and the instants for it.

A *phase* is a time of a run without the fault: the start, the settled state, a takeover under way
and so on. Its instants lie between decisions: what goes wrong between the same two decisions goes
wrong alike. The decisions of the phase are cut into as many runs of equal length as instants are
wanted, and of each run the longest gap is taken, in its middle. Where nothing is decided, as in the
settled state, the instants are spread over the period of a heartbeat.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from hasim import events as ev
from hasim.faults import Fault, PowerOff, Standby
from hasim.run import Run, liveness_bound, simulate
from hasim.run.service import Interval, services_of
from hasim.scenario import Simulable
from hasim.search.outcome import Baseline, Outcome, baseline_of, outcome_of
from hasim.search.phases import mended, settled_after
from hasim.units import MINUTE, MS, SECOND, Micros

__all__ = ["FIRST", "PHASES", "Base", "bases_of", "long_of", "short_of"]

#: The phases in the order of a cluster's life, each with what it is; NODE is the active node.
PHASES: Mapping[str, str] = {
    "start-up": "all nodes start, until the first resource is started",
    "acquisition": "from there to the last decision of the start",
    "settled": "all is well; instants at different places in the period of a heartbeat",
    "takeover": "NODE has lost its power, until another node has taken over; it stays off",
    "return": "NODE has its power again: it boots, joins, and what is its own goes back to it",
    "standby": "NODE hands over on request",
}

#: The phase that is tried first, and in which pairs happen.
FIRST = "settled"

#: A gap between decisions in which something may go wrong; readings of the clock are ticks.
_SHORTEST: Micros = 20 * MS
#: So long after its last decision a cluster is taken for settled.
_CALM: Micros = 30 * SECOND
_TEN: Micros = 10 * SECOND


@dataclass(frozen=True, slots=True)
class Base:
    """A phase under a seed: a run without the fault, and when in it the fault begins.

    Parameters
    ----------
    phase : str
        One of :data:`PHASES`.
    sentence : str
        What it is, with the names of this cluster.
    seed : int
        Seed of the run.
    active : str
        The node that serves in the settled state; any, where nothing is served.
    schedule : tuple of Fault
        What brings the cluster there.
    instants : tuple of int
        When the fault begins, microseconds.
    shown : Baseline
        What the run without the fault shows.
    outcome : Outcome
        The same in a word, as it is without the fault.
    """

    phase: str
    sentence: str
    seed: int
    active: str
    schedule: tuple[Fault, ...]
    instants: tuple[Micros, ...]
    shown: Baseline
    outcome: Outcome


def long_of(model: Simulable) -> Micros:
    """Return how long a long fault lasts: until all is decided that may be, in whole seconds.

    The liveness bound (:func:`hasim.run.liveness_bound`), and the longest start and stop of every
    resource.
    """
    bound = liveness_bound(model.configs, model.site)
    return -(-(settled_after(model) - bound) // SECOND) * SECOND


def short_of(model: Simulable) -> Micros:
    """Return how long a short fault lasts: half the shortest deadtime."""
    return min(config.deadtime for config in model.configs.values()) // 2


def bases_of(model: Simulable, phases: Sequence[str], seed: int, count: int) -> list[Base]:
    """Return the phases of a model that can be had, each with at most `count` instants.

    A cluster of one node, or one that serves nothing, has no takeover, no return and no standby.
    """
    found = []
    start = _run(model, (), seed)
    begun, calm = _acquiring(start), _last(start, 0, settled_after(model))
    first = -(-(calm + _CALM) // MINUTE) * MINUTE
    active = _active(start, first)
    for phase in (p for p in PHASES if p in phases):
        if phase in ("start-up", "acquisition", "settled"):
            schedule: tuple[Fault, ...] = ()
            window = {"start-up": (0, begun), "acquisition": (begun, calm)}.get(phase)
            run = start
        elif active is None or len(model.configs) < 2:
            continue
        else:
            schedule, run, window = _disturbed(model, phase, active, first, seed)
        instants = _spread(model, first, count) if window is None else _between(run, window, count)
        if instants:
            node = active or start.nodes[0]
            sentence = PHASES[phase].replace("NODE", node)
            shown = baseline_of(run)
            own = outcome_of(run, _unserved_yet(shown), first if window is None else window[0])
            found.append(Base(phase, sentence, seed, node, schedule, instants, shown, own))
    return found


def _run(model: Simulable, schedule: Sequence[Fault], seed: int) -> Run:
    return simulate(model, mended(model, schedule), seed)


def _disturbed(
    model: Simulable, phase: str, active: str, first: Micros, seed: int
) -> tuple[tuple[Fault, ...], Run, Interval]:
    """Return what brings a cluster into a phase, the run, and from when to when it lasts."""
    rest = settled_after(model)
    if phase == "standby":
        standby = (Standby(first, active),)
        run = _run(model, standby, seed)
        return standby, run, (first, _last(run, first, first + rest))
    away = long_of(model) + 2 * short_of(model)
    off = (PowerOff(first, active, away),)
    run = _run(model, off, seed)
    taken = first, _last(run, first, first + away)
    if phase == "takeover":
        return off, run, taken
    gone = -(-(taken[1] - first + _CALM) // _TEN) * _TEN
    off = (PowerOff(first, active, gone),)
    run = _run(model, off, seed)
    back = first + gone
    return off, run, (back, _last(run, back, back + rest))


def _acquiring(run: Run) -> Micros:
    """Return when a resource begins to start; without any, the end of the run."""
    calls = {call for service in services_of(run.trace, run.model) for call in service.calls}
    for record in run.records:
        match record.event:
            case ev.ScriptBegan(op="start", script=script, args=args):
                if " ".join((script, *args)) in calls:
                    return record.at
    return run.end


def _last(run: Run, since: Micros, stop: Micros) -> Micros:
    """Return the last decision from an instant on, before another."""
    return max([since, *(r.at for r in run.trace.decisions() if since <= r.at < stop)])


def _active(run: Run, at: Micros) -> str | None:
    """Return the node that holds most groups at an instant, the first of equals."""
    holding: Counter[str] = Counter()
    for service in services_of(run.trace, run.model):
        holding.update(s.who for s in run.held(service.name) if s.begin <= at < s.end)
    return max(run.nodes, key=lambda node: holding[node]) if holding else None


def _spread(model: Simulable, first: Micros, count: int) -> tuple[Micros, ...]:
    period = min(config.keepalive for config in model.configs.values())
    return tuple(dict.fromkeys(first + period * i // count // MS * MS for i in range(count)))


def _between(run: Run, window: Interval, count: int) -> tuple[Micros, ...]:
    """Return instants between the decisions of a window, in the longest gap of each part of it."""
    times = [r.at for r in run.trace.decisions() if window[0] <= r.at <= window[1]]
    edges = sorted({window[0], *times})
    gaps = [(a, b) for a, b in pairwise(edges) if b - a >= _SHORTEST]
    parts = [gaps[i * len(gaps) // count : (i + 1) * len(gaps) // count] for i in range(count)]
    longest = [max(part, key=lambda gap: gap[1] - gap[0]) for part in parts if part]
    return tuple((a + b) // 2 // MS * MS for a, b in longest)


def _unserved_yet(shown: Baseline) -> Baseline:
    """Return what is no outage: that a service was not yet there."""
    gaps = {seen: tuple(g for g in found if g.before is None) for seen, found in shown.gaps.items()}
    return Baseline(gaps)
