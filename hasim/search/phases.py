"""From a schedule to a scenario: a phase of faults, then everything is mended and must settle."""

from __future__ import annotations

from collections.abc import Sequence

from hasim.faults import Fault, Kill, PowerOn, Start, Stop
from hasim.run import liveness_bound
from hasim.scenario import Scenario, Simulable
from hasim.units import MINUTE, SECOND, Micros

__all__ = ["end_of", "mended", "settled_after", "unmended"]

#: Nothing may restart for so long once all is to be well.
_QUIET: Micros = 2 * MINUTE
#: An audit looks again for five seconds (:mod:`hasim.run.audit`).
_LAST_LOOK: Micros = 6 * SECOND
#: How long an operator waits before he starts what is down.
_REPAIR: Micros = 2 * MINUTE


def end_of(schedule: Sequence[Fault]) -> Micros:
    """Return when the last fault of a schedule is over, in whole seconds."""
    ends = [fault.at + (getattr(fault, "duration", None) or 0) for fault in schedule]
    return -(-max(ends, default=0) // SECOND) * SECOND


def settled_after(model: Simulable) -> Micros:
    """Return how long after the last mending a cluster may take until all is well, microseconds.

    Twice the liveness bound (:func:`hasim.run.liveness_bound`): what was mended may be followed by
    one restart of a node or of a daemon, as after a partition (semantics 4.7), and that by the
    return of the groups to their owners; and the longest start and stop of every resource.
    """
    scripts = 0
    for node, table in model.haresources.items():
        for group in table.groups:
            for resource in group.resources:
                for op in ("start", "stop"):
                    scripts += model.site.script_time(node, resource.script, op).hi_us
    return 2 * liveness_bound(model.configs, model.site) + scripts


def unmended(schedule: Sequence[Fault], until: Micros) -> Scenario:
    """Return a scenario of the faults alone."""
    return Scenario(name="", faults=tuple(schedule), until=until, file="schedule")


def mended(model: Simulable, schedule: Sequence[Fault], patience: Micros | None = None) -> Scenario:
    """Return a scenario in which, after the faults, an operator starts what was killed or stopped.

    Two minutes after the end of the last fault, when a stop is over, Heartbeat is started on every
    node on which a process of it was killed or which was stopped, and nodes that a STONITH device
    may have left switched off are switched on. From :func:`settled_after` later on, or already from
    `patience` later on where it is given, the cluster must have settled.
    """
    down = dict.fromkeys(f.node for f in schedule if isinstance(f, Kill | Stop))
    dark = [n for d in model.site.stonith.values() if d.action == "off" for n in d.plugs]
    at = end_of(schedule) + (_REPAIR if down or dark else 0)
    after: list[Fault] = [PowerOn(at, node) for node in dict.fromkeys(dark) if schedule]
    after += [Start(at, node) for node in down]
    settled = at + (settled_after(model) if patience is None else patience)
    until = settled + _QUIET
    # Who is impatient looks twice: what moves late must have come to rest as well.
    audits = () if patience is None else (until - _LAST_LOOK,)
    faults = (*schedule, *after)
    return Scenario(faults=faults, until=until, audits=audits, settled=settled, file="schedule")
