"""What a sweep keeps of a run: a row for each resource group."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from math import nan
from typing import Any

from hasim import events as ev
from hasim.experiment.mistaken import false_takeovers
from hasim.run import Outage, Run
from hasim.run.service import services_of
from hasim.units import SECOND, Micros

__all__ = ["COLUMNS", "PHASE_COLUMNS", "Measure", "rows_of"]

#: A measurement of a user's own: it takes a run and the key of a group, and returns columns.
Measure = Callable[[Run, str], Mapping[str, Any]]

#: The phases of an outage, see :mod:`hasim.run.outage`; they sum to ``outage_s``.
PHASE_COLUMNS = ("detect_s", "decide_s", "fence_s", "release_s", "start_s", "arp_s")
#: What is told of each run and group, with the type of the column.
COLUMNS: Mapping[str, str] = {
    "seed": "int64",
    "group": "object",
    "outage_s": "float64",
    "open": "bool",
    **dict.fromkeys(PHASE_COLUMNS, "float64"),
    "before": "object",
    "after": "object",
    "reason": "object",
    "outages": "int64",
    "down_s": "float64",
    "false_takeovers": "int64",
    "late": "int64",
    "violated": "object",
    "digest": "object",
}


def rows_of(run: Run, also: Measure | None = None) -> list[dict[str, Any]]:
    """Return a row for each group of a run, in the order of haresources.

    Where several clients probe a group, what the first of them sees counts.

    Parameters
    ----------
    also : callable, optional
        Further columns, see :data:`Measure`.
    """
    late = sum(1 for record in run.records if isinstance(record.event, ev.LateHeartbeat))
    violated = " ".join(dict.fromkeys(violation.property for violation in run.violations))
    first = min((fault.at for fault in run.scenario.faults), default=0)
    digest = run.digest
    out = []
    for service in services_of(run.trace, run.model):
        client = service.clients[0] if service.clients else None
        found = [o for o in run.outage.of(service.name) if o.client == client]
        outage = next((o for o in found if o.begin >= first), None)
        row = {
            "seed": run.seed,
            "group": service.name,
            **_outage(outage),
            "outages": len(found),
            "down_s": _seconds(sum(o.duration_us for o in found)),
            "false_takeovers": false_takeovers(run, service.name),
            "late": late,
            "violated": violated,
            "digest": digest,
        }
        out.append(row if also is None else row | dict(also(run, service.name)))
    return out


def _seconds(us: Micros) -> float:
    return us / SECOND


def _outage(outage: Outage | None) -> dict[str, Any]:
    """Return the columns of an outage; of one that never was they are empty."""
    if outage is None:
        phases: dict[str, Any] = dict.fromkeys(PHASE_COLUMNS, nan)
        whose: dict[str, Any] = {"before": None, "after": None, "reason": None}
        return {"outage_s": nan, "open": False, **phases, **whose}
    return {
        "outage_s": _seconds(outage.duration_us),
        "open": outage.open,
        **dict(zip(PHASE_COLUMNS, map(_seconds, outage.breakdown), strict=True)),
        "before": outage.before,
        "after": outage.after,
        "reason": outage.reason,
    }
