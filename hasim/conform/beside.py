"""A simulated run beside a real log: what both decide, when, and where they part first.

Decisions that lines tell are compared, in the judge's vocabulary: those of the daemon, ipfail,
helpers and scripts. Physical facts are not: a log has none. The two may begin at any time; they are
laid over each other so that most decisions that occur once in each fall together.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median_low
from typing import Any

from hasim.conform.align import align
from hasim.conform.vocabulary import Name, is_decision, name_of
from hasim.errors import HasimError
from hasim.render import canonical_events
from hasim.run import Run
from hasim.trace import Trace
from hasim.units import SECOND, Micros, duration_text, micros

__all__ = ["Beside", "Pair", "beside"]

#: Roles whose events are no lines, and kinds that are none.
_FACTS = frozenset({"kernel"})
_CALLS = frozenset({"rsc-begin", "rsc-end"})
_SHOWN = 12


@dataclass(frozen=True, slots=True)
class Pair:
    """A decision of the run, of the log, or of both.

    `at_us` and `logged_us` are its times in the run, on the run's axis; None where one lacks it.
    """

    node: str
    role: str
    kind: str
    args: tuple[tuple[str, str], ...]
    at_us: Micros | None
    logged_us: Micros | None

    @property
    def off_us(self) -> Micros | None:
        """By how much the log is later; None where one lacks it."""
        if self.at_us is None or self.logged_us is None:
            return None
        return self.logged_us - self.at_us

    @property
    def first_us(self) -> Micros:
        """Its earlier time."""
        return min(t for t in (self.at_us, self.logged_us) if t is not None)

    def __str__(self) -> str:
        what = " ".join((self.node, self.role, self.kind, *(v for _, v in self.args)))
        if self.off_us is None:
            return f"{what}: only in the {'log' if self.at_us is None else 'run'}"
        late = "later" if self.off_us > 0 else "earlier"
        return f"{what}: {_time(abs(self.off_us))} {late} in the log"


@dataclass(frozen=True, slots=True)
class Beside:
    """A run and a log, decision by decision.

    Parameters
    ----------
    pairs : tuple of Pair
        All decisions of both, in order of time.
    shift_us : int
        The log begins so much after the start of the run.
    tolerance_us : int
        Decisions that are no further apart agree.
    """

    pairs: tuple[Pair, ...]
    shift_us: Micros
    tolerance_us: Micros

    @property
    def agreed(self) -> tuple[Pair, ...]:
        """Decisions of both, at about the same time."""
        return tuple(p for p in self.pairs if self._agrees(p))

    @property
    def apart(self) -> tuple[Pair, ...]:
        """Decisions of both, at different times."""
        return tuple(p for p in self.pairs if p.off_us is not None and not self._agrees(p))

    @property
    def only_run(self) -> tuple[Pair, ...]:
        """Decisions that the log lacks."""
        return tuple(p for p in self.pairs if p.logged_us is None)

    @property
    def only_log(self) -> tuple[Pair, ...]:
        """Decisions that the run lacks."""
        return tuple(p for p in self.pairs if p.at_us is None)

    @property
    def first(self) -> Pair | None:
        """The first difference; None where run and log agree."""
        return next((p for p in self.pairs if not self._agrees(p)), None)

    @property
    def share(self) -> float:
        """Share of decisions that agree."""
        return len(self.agreed) / max(1, len(self.pairs))

    def _agrees(self, pair: Pair) -> bool:
        return pair.off_us is not None and abs(pair.off_us) <= self.tolerance_us

    def figures(self) -> dict[str, float]:
        """Return how far they agree: counts, the share, the median of the distances in seconds."""
        offs = sorted(abs(p.off_us) for p in self.pairs if p.off_us is not None)
        return {
            "decisions": float(len(self.pairs)),
            "agreed": float(len(self.agreed)),
            "apart": float(len(self.apart)),
            "only_run": float(len(self.only_run)),
            "only_log": float(len(self.only_log)),
            "share": self.share,
            "median_off_s": median_low(offs) / SECOND if offs else 0.0,
        }

    def __str__(self) -> str:
        figures = self.figures()
        lines = [
            f"{len(self.pairs)} decisions: {len(self.agreed)} agree within "
            f"{_time(self.tolerance_us)} ({self.share:.1%}), {len(self.apart)} are further apart, "
            f"{len(self.only_run)} are only in the run, {len(self.only_log)} only in the log; "
            f"the median distance is {figures['median_off_s']:.3f} s",
            f"the log begins {_time(self.shift_us)} after the start of the run",
        ]
        odd = [p for p in self.pairs if not self._agrees(p)]
        if odd:
            lines.append(f"first difference, at {_time(odd[0].first_us)}: {odd[0]}")
            lines += [f"{_time(p.first_us)}  {p}" for p in odd[1:_SHOWN]]
        if len(odd) > _SHOWN:
            lines.append(f"... and {len(odd) - _SHOWN} more differences")
        return "\n".join(lines)


def _time(us: Micros) -> str:
    return duration_text(us // 1000 * 1000)


def _decisions(trace: Trace) -> list[dict[str, Any]]:
    return [
        event
        for event in canonical_events(trace)
        if is_decision(event) and event["role"] not in _FACTS and event["kind"] not in _CALLS
    ]


def _times(events: Iterable[Mapping[str, Any]]) -> dict[Name, list[float]]:
    found: dict[Name, list[float]] = defaultdict(list)
    for event in events:
        found[name_of(event)].append(float(event["t"]))
    return found


def _shift(run: Sequence[dict[str, Any]], log: Sequence[dict[str, Any]]) -> float:
    """Return by how many seconds the log's axis begins after the run's."""
    ours, theirs = _times(run), _times(log)
    single = [
        ours[name][0] - theirs[name][0]
        for name in ours.keys() & theirs.keys()
        if len(ours[name]) == len(theirs[name]) == 1
    ]
    if not single:
        firsts = [ours[name][0] - theirs[name][0] for name in ours.keys() & theirs.keys()]
        if not firsts:
            raise HasimError("run and log have no decision in common: are the nodes named alike?")
        single = firsts
    # Most of them fall together: the middle one is among those.
    return median_low(sorted(single))


def beside(run: Run, log: Run, tolerance: str | int | float = "2s") -> Beside:
    """Lay a real log beside a run, and compare what both decide.

    Parameters
    ----------
    run : Run
        A simulated run.
    log : Run
        What `hasim.read_logs` has read; or any other run.
    tolerance : str or number
        How far apart decisions may be that agree: a duration.

    Raises
    ------
    HasimError
        For runs without any decision in common, and for what is no duration.
    """
    try:
        allowed = micros(tolerance)
    except (ValueError, AttributeError) as x:
        raise HasimError(f"tolerance: {x}") from None
    ours, theirs = _decisions(run.trace), _decisions(log.trace)
    known = set(run.nodes) & set(log.nodes)
    if known:
        # Of a node whose log is not there nothing is missing.
        ours = [e for e in ours if e["node"] in known]
    shift = _shift(ours, theirs)
    moved = [{**event, "t": event["t"] + shift} for event in theirs]
    begin = moved[0]["t"] - allowed / SECOND if moved else 0.0
    end = moved[-1]["t"] + allowed / SECOND if moved else 0.0
    both = align([e for e in ours if begin <= e["t"] <= end], moved)
    pairs = [
        *(_pair(a, a, b) for a, b in both.pairs),
        *(_pair(a, a, None) for a in both.missing),
        *(_pair(b, None, b) for b in both.extra),
    ]
    pairs.sort(key=lambda p: (p.first_us, p.node, p.role, p.kind, p.args))
    return Beside(tuple(pairs), _us(shift), allowed)


def _us(seconds: float) -> Micros:
    return round(seconds * SECOND)


def _pair(
    event: Mapping[str, Any], one: Mapping[str, Any] | None, other: Mapping[str, Any] | None
) -> Pair:
    node, role, kind, args = name_of(event)
    at = None if one is None else _us(float(one["t"]))
    return Pair(node, role, kind, args, at, None if other is None else _us(float(other["t"])))
