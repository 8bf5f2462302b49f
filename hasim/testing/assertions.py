"""Assertions over runs."""

from __future__ import annotations

from collections.abc import Sequence

from hasim.errors import HasimError
from hasim.faults import Fault, parse_fault
from hasim.model import Model
from hasim.monitors import LIVENESS, PROPERTIES, SERVED_ONCE, Violation
from hasim.run import Run
from hasim.run.difference import difference
from hasim.run.judged import PropertyLike, judged, names_of
from hasim.search.phases import mended
from hasim.testing.report import differing, failure_of, not_violated

__all__ = ["holds", "same_decisions", "settles", "violates"]


def holds(run: Run, *properties: PropertyLike) -> None:
    """Assert that properties hold in a run.

    Parameters
    ----------
    run : Run
        The run.
    *properties : str or callable
        Names of properties, or functions of a run (:data:`hasim.run.judged.Judge`); every property
        of safety, :data:`hasim.monitors.PROPERTIES`, if none is given.

    Raises
    ------
    RunFailed
        An ``AssertionError`` with the first violation in a sentence, the schedule as Python to
        paste and as a scenario file, and the log around it.
    HasimError
        For a property that does not exist; for one of liveness, of a run that names no instant at
        which it is to be judged: see :func:`settles`.
    """
    __tracebackhide__ = True
    wanted = _wanted(run, properties)
    found = judged(run, wanted)
    if found:
        raise failure_of(run, found, wanted)


def violates(run: Run, *properties: PropertyLike) -> tuple[Violation, ...]:
    """Assert that each of some properties is violated in a run; return the violations.

    For what is known to go wrong: the test fails on the day on which it does not any more.

    Raises
    ------
    RunFailed
        Where one of them holds.
    HasimError
        As :func:`holds`, and where no property is given.
    """
    __tracebackhide__ = True
    if not properties:
        raise HasimError("which property is violated? Give at least one")
    wanted = _wanted(run, properties)
    found: list[Violation] = []
    for one in wanted:
        here = judged(run, [one])
        if not here:
            raise not_violated(run, one)
        found += here
    return tuple(sorted(found, key=lambda v: (v.at, v.property, v.evidence)))


def settles(
    model: Model, schedule: Sequence[str | Fault], seed: int = 0, *properties: PropertyLike
) -> Run:
    """Assert that a cluster is well again once everything is mended after a schedule.

    After the faults an operator starts Heartbeat where it was killed or stopped, and switches on
    what a STONITH device may have left off (:func:`hasim.search.phases.mended`). From a bound later
    on all must have settled.

    Parameters
    ----------
    model : Model
        The cluster.
    schedule : sequence of Fault or str
        The faults. One that lasts for ever is never mended.
    seed : int
        Seed of the run.
    *properties : str or callable
        What is asserted; every property of liveness, :data:`hasim.monitors.LIVENESS`, if none is
        given.

    Returns
    -------
    Run
        The run with what was mended.

    Raises
    ------
    RunFailed
        As :func:`holds`.
    """
    __tracebackhide__ = True
    faults = [parse_fault(fault) if isinstance(fault, str) else fault for fault in schedule]
    run = model.run(scenario=mended(model, faults), seed=seed)
    holds(run, *(properties or LIVENESS))
    return run


def same_decisions(run: Run, other: Run, *, times: bool = True) -> None:
    """Assert that the nodes decide the same in two runs, whatever was done to them.

    Parameters
    ----------
    run, other : Run
        The runs, of one model or of two.
    times : bool
        Whether the instants count, too.

    Raises
    ------
    RunFailed
        With the first decision that differs.
    """
    __tracebackhide__ = True
    for one in (run, other):
        _require_run(one)
    found = difference(run.trace, other.trace, world=False)
    if found is None or (found.only_time and not times):
        return
    raise differing(run, other, found)


def _require_run(run: object) -> None:
    if not isinstance(run, Run):
        raise HasimError(f"{run!r} is no run: model.run(schedule) returns one")


def _wanted(run: Run, properties: Sequence[PropertyLike]) -> tuple[PropertyLike, ...]:
    """Return what is to be judged; refuse what would hold in any run, because nobody looks."""
    _require_run(run)
    wanted = properties or tuple(PROPERTIES)
    settled, audits = run.scenario.settled, run.scenario.audits
    for name in names_of(wanted):
        if name in LIVENESS and settled is None and not (name == SERVED_ONCE and audits):
            when = "settled or audits" if name == SERVED_ONCE else "settled"
            text = f"{name} is judged at the instants that a scenario names ({when}), and this run"
            raise HasimError(f"{text} names none: use settles(model, schedule)")
    return tuple(wanted)
