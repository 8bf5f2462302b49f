"""Measurements beside those of every sweep: functions for its ``also``."""

from __future__ import annotations

from collections.abc import Mapping
from math import nan
from typing import Any

from hasim import events as ev
from hasim.run import Run
from hasim.run.service import Facts, services_of
from hasim.units import SECOND

__all__ = ["death", "first_service", "moves"]


def death(run: Run, group: str) -> Mapping[str, Any]:
    """Return ``death_s``: from the first fault to the first death of a node that is declared.

    NaN where there is none; the death of a ping node is none.
    """
    first = min((fault.at for fault in run.scenario.faults), default=0)
    for record in run.records:
        event = record.event
        if isinstance(event, ev.NodeDead) and record.at >= first and event.peer in run.nodes:
            return {"death_s": (record.at - first) / SECOND}
    return {"death_s": nan}


def first_service(run: Run, group: str) -> Mapping[str, Any]:
    """Return ``service_s``: from the first start of a daemon to the first time a group is served.

    NaN where nobody ever serves it.
    """
    start = run.scenario.start
    begun = 0 if start is None else min(start.values(), default=0)
    facts = Facts(run.trace, None if run.model is None else run.model.site)
    for service in services_of(run.trace, run.model):
        if service.name == group:
            for client in service.clients[:1] or (None,):
                for serving in facts.serving(service, client)[:1]:
                    return {"service_s": (serving.begin - begun) / SECOND}
    return {"service_s": nan}


def moves(run: Run, group: str) -> Mapping[str, Any]:
    """Return ``moves``: how often a group was served by another node than the time before."""
    facts = Facts(run.trace, None if run.model is None else run.model.site)
    count, last = 0, None
    for service in services_of(run.trace, run.model):
        if service.name == group:
            client = service.clients[0] if service.clients else None
            for serving in facts.serving(service, client):
                count += last is not None and serving.node != last
                last = serving.node
    return {"moves": count}
