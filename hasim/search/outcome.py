"""What a fault does to a cluster, in a word: the outcome of a run, by truth.

The outcome of a run is judged against the run of the same seed without the fault, the *base*. What
is amiss there already (before a service was first there, or while a takeover is under way) is not
charged to the fault, and neither is a property that the base violates. Of all that is charged the
worst counts.

============= =================================================================================
continues     users lose nothing by the fault
late          the same node serves as without it, later
takes over    an outage, after which another node serves
restarts      an outage, after which the same node serves
outage        one that lasts until something is mended, or to the end
stuck         long after everything was mended a property of liveness is violated
a property    any other property of safety is violated
dual address  two nodes have a service address up
dual mount    two nodes mount a disk
============= =================================================================================
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from hasim.monitors import LIVENESS, PROPERTIES, Violation
from hasim.run import Run
from hasim.run.service import Facts, Interval, services_of, without
from hasim.search.known import known_behaviour
from hasim.units import SECOND, Micros, duration_text

__all__ = [
    "BAD",
    "BADNESS",
    "Baseline",
    "Gap",
    "Outcome",
    "baseline_of",
    "charged",
    "gaps_of",
    "mildness",
    "outcome_of",
    "span_text",
]

_NAMED = {"at-most-one-mounter": "dual mount", "at-most-one-vip-holder": "dual address"}

#: Every outcome, the worst last.
BADNESS: tuple[str, ...] = (
    "continues",
    "late",
    "takes over",
    "restarts",
    "outage",
    "stuck",
    *(name for name in reversed([*PROPERTIES]) if name not in _NAMED),
    "dual address",
    "dual mount",
)
#: Those that no cluster should have: a violated property.
BAD: tuple[str, ...] = BADNESS[BADNESS.index("stuck") :]

#: Deaths fall on wakes, and draws follow the number of a process: so much later is not late.
_TOLERANCE: Micros = SECOND
_FOREVER: Micros = 1 << 62

#: A service, and the client that probes it, if any does.
_Seen = tuple[str, str | None]


@dataclass(frozen=True, slots=True)
class Gap:
    """A time in which nobody served a service; `before` is None until it was first there.

    Parameters
    ----------
    before, after : str or None
        The node that served before, and the one that served next.
    begin, end : int
        Microseconds of the run; what lasts to the end of the run has no end here.
    open : bool
        True where it lasted to the end.
    """

    before: str | None
    after: str | None
    begin: Micros
    end: Micros
    open: bool

    @property
    def length(self) -> Micros:
        """How long it lasted, microseconds."""
        return self.end - self.begin


@dataclass(frozen=True, slots=True)
class Baseline:
    """What a run shows without the fault.

    Parameters
    ----------
    gaps : mapping
        For each service and client when nobody served.
    violated : tuple of str
        Properties that are violated.
    """

    gaps: Mapping[_Seen, tuple[Gap, ...]]
    violated: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a run.

    Parameters
    ----------
    kind : str
        One of :data:`BADNESS`.
    time : int or None
        Microseconds: how long a takeover or a restart took its users, how much later a service was
        there, how long after the mending an outage ended; None where none is to be told.
    later : bool
        True where the outage began when something had been mended already: often a way back.
    violated : tuple of str
        The properties violated, the worst first.
    sentence : str
        The violation that makes the outcome, or nothing.
    known : str or None
        The recorded behaviour of the real daemon that it is, by name.
    """

    kind: str
    time: Micros | None = None
    later: bool = False
    violated: tuple[str, ...] = ()
    sentence: str = ""
    known: str | None = None

    @property
    def bad(self) -> bool:
        """True where a property is violated."""
        return self.kind in BAD


def mildness(kind: str) -> int:
    """Return the place of an outcome from the worst, which is 0; for sorting."""
    return len(BADNESS) - 1 - BADNESS.index(kind)


def gaps_of(run: Run) -> dict[_Seen, tuple[Gap, ...]]:
    """Return for each service, as each client sees it, when nobody served."""
    facts = Facts(run.trace, None if run.model is None else run.model.site)
    out = {}
    for service in services_of(run.trace, run.model):
        for client in service.clients or (None,):
            serving = facts.serving(service, client)
            first = serving[0] if serving else None
            began, node = (first.begin, first.node) if first else (_FOREVER, None)
            found = [Gap(None, node, 0, began, first is None)] if began > 0 else []
            for outage in run.outage.of(service.name):
                if outage.client == client:
                    end = _FOREVER if outage.open else outage.end
                    gap = Gap(outage.before, outage.after, outage.begin, end, outage.open)
                    found.append(gap)
            out[service.name, client] = tuple(found)
    return out


def baseline_of(run: Run) -> Baseline:
    """Return what a run without the fault shows."""
    return Baseline(gaps_of(run), tuple(dict.fromkeys(v.property for v in run.violations)))


def outcome_of(
    run: Run, base: Baseline, at: Micros, mended: Sequence[Micros] = (), *, short: bool = False
) -> Outcome:
    """Return what a fault did.

    Parameters
    ----------
    run : Run
        The run with the fault, which goes on until all is mended and has to be settled.
    base : Baseline
        The run without it.
    at : int
        When the fault began, in microseconds.
    mended : sequence of int
        When something was mended after that.
    short : bool
        True where the fault was over before it could be decided upon: another node that serves
        after the mending does not serve because of it.
    """
    violated = [v for v in run.violations if v.property not in base.violated]
    if violated:
        return _violating(run, violated)
    found = [Outcome("continues")]
    for seen, gaps in gaps_of(run).items():
        for gap, lost, expected in charged(gaps, base.gaps.get(seen, ()), at):
            found.append(_lost(gap, lost, expected, mended, short))
    # Of two takeovers the one before the mending counts: the other one is the way back.
    return min(found, key=lambda one: (mildness(one.kind), one.later, -_length(one)))


def _length(outcome: Outcome) -> Micros:
    return _FOREVER if outcome.time is None else outcome.time


def _violating(run: Run, violations: Sequence[Violation]) -> Outcome:
    """Return the outcome of violated properties: the worst, of that one that is not known."""
    told = [(mildness(_kind_of(v)), known_behaviour(run, v), v) for v in violations]
    told.sort(key=lambda one: (one[0], one[1] is not None, one[2].at))
    _, known, worst = told[0]
    names = tuple(dict.fromkeys(v.property for _, _, v in told))
    name = None if known is None else known.name
    return Outcome(_kind_of(worst), violated=names, sentence=str(worst), known=name)


def _kind_of(violation: Violation) -> str:
    if violation.property in LIVENESS:
        return "stuck"
    return _NAMED.get(violation.property, violation.property)


def charged(
    gaps: Sequence[Gap], base: Sequence[Gap], at: Micros
) -> Iterator[tuple[Gap, Micros, bool]]:
    """Yield the gaps that a fault answers for, how much of each, and whether it was to come.

    A gap between two nodes that the base has too is the same one, at whatever time: the fault
    answers for what it is longer by. Of any other it answers for what lies outside the base's.
    """
    twins = [gap for gap in base if gap.end > at]
    lost: list[Interval] = [(gap.begin, gap.end) for gap in base]
    for gap in gaps:
        if gap.end <= at:
            continue
        twin = next((b for b in twins if (b.before, b.after) == (gap.before, gap.after)), None)
        if twin is None:
            rest = sum(b - a for a, b in without([(gap.begin, gap.end)], lost))
            if rest > 0:
                yield gap, rest, False
            continue
        twins.remove(twin)
        if gap.length - twin.length > _TOLERANCE:
            yield gap, gap.length - twin.length, True


def _lost(gap: Gap, lost: Micros, expected: bool, mended: Sequence[Micros], short: bool) -> Outcome:
    later = any(at <= gap.begin for at in mended)
    if gap.open:
        return Outcome("outage", later=later)
    within = [at for at in mended if gap.begin < at <= gap.end]
    if within and not (short and (expected or gap.after != gap.before)):
        return Outcome("outage", gap.end - max(within), later)
    if expected:
        return Outcome("late", lost, later)
    return Outcome("restarts" if gap.after == gap.before else "takes over", lost, later)


def span_text(low: Micros, high: Micros) -> str:
    """Return a span of times: whole seconds from ten on, tenths below."""
    one, other = _rounded(low), _rounded(high)
    if one == other:
        return one
    return f"{one.removesuffix(' s') if other.endswith(' s') else one}..{other}"


def _rounded(us: Micros) -> str:
    if us >= 10 * SECOND - SECOND // 20:
        whole = (us + SECOND // 2) // SECOND
        return f"{whole} s" if whole < 600 else duration_text(whole * SECOND)
    tenths = (us + SECOND // 20) * 10 // SECOND
    return f"{tenths // 10}.{tenths % 10} s"
