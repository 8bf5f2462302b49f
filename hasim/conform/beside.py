"""A simulated run beside a real log: what both decide, when, and where they part first.

Decisions that lines tell are compared, in the judge's vocabulary: those of the daemon, ipfail,
helpers and scripts. Physical facts are not: a log has none. The two may begin at any time; they are
laid over each other so that most decisions that occur once in each fall together.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from statistics import median_low
from typing import Any

from hasim.conform.align import align
from hasim.conform.pairs import NEAR_US, Beside, Lack, Pair
from hasim.conform.vocabulary import Name, is_decision, name_of
from hasim.errors import HasimError
from hasim.render.judge import canonical_records
from hasim.run import Run
from hasim.run.logplaces import stamps_of, to_second
from hasim.run.logs import LogRun
from hasim.trace import Trace
from hasim.units import SECOND, Micros, micros

__all__ = ["beside"]

#: Roles whose events are no lines, and kinds that are none.
_FACTS = frozenset({"kernel"})
_CALLS = frozenset({"rsc-begin", "rsc-end"})


def _decisions(trace: Trace) -> list[dict[str, Any]]:
    return [
        {**event, "seq": record.seq}
        for record, event in canonical_records(trace)
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
    told = _Told(run, log, moved, _us(shift))
    pairs = [
        *(told.pair(a, b) for a, b in both.pairs),
        *(told.pair(a, None) for a in both.missing),
        *(told.pair(None, b) for b in both.extra),
    ]
    pairs.sort(key=lambda p: (p.first_us, p.node, p.role, p.kind, p.args))
    return Beside(tuple(pairs), _us(shift), allowed)


def _us(seconds: float) -> Micros:
    return round(seconds * SECOND)


class _Told:
    """Pairs in words: sentences, places and stamps, and what the log has instead."""

    def __init__(
        self, run: Run, log: Run, decisions: Sequence[Mapping[str, Any]], shift: Micros
    ) -> None:
        self._run, self._log, self._shift = run, log, shift
        self._stamps = stamps_of(log.trace, [e["seq"] for e in decisions])
        self._kinds = {(e["role"], e["kind"]) for e in decisions}
        self._lines: dict[str, list[Micros]] = defaultdict(list)
        for record in log.records:
            if not record.event.truth and record.source.node is not None:
                self._lines[record.source.node].append(record.at + shift)

    def pair(self, ours: Mapping[str, Any] | None, theirs: Mapping[str, Any] | None) -> Pair:
        """Return a decision of the run, of the log, or of both."""
        known = ours or theirs or {}
        record = (self._run if ours else self._log).trace.at(known["seq"])
        made = Pair(
            *name_of(known),
            at_us=None if ours is None else _us(float(ours["t"])),
            logged_us=None if theirs is None else _us(float(theirs["t"])),
            text=f"{record.source.program}: {record.event.sentence()}",
        )
        if isinstance(self._log, LogRun):
            wall = self._log.wall(made.first_us - self._shift)
            made = replace(made, wall=to_second(wall))
        if theirs is None:
            return replace(made, lack=self._lack(made))
        if not isinstance(self._log, LogRun):
            return made
        seq = int(theirs["seq"])
        return replace(made, place=self._log.place(seq, short=True), stamp=self._stamps[seq])

    def _lack(self, pair: Pair) -> Lack | None:
        """Return what the log has none of, where that may be why it lacks a decision."""
        lines = self._lines[pair.node]
        at = pair.first_us
        i = bisect_left(lines, at - NEAR_US)
        if i == len(lines) or lines[i] > at + NEAR_US:
            return "time"
        return None if (pair.role, pair.kind) in self._kinds else "kind"
