"""A trace in the judge's vocabulary."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from hasim.catalogue import canonical
from hasim.events import (
    AddressDown,
    FaultInjected,
    GenerationSet,
    NodeBooted,
    NodePoweredOff,
    NodePoweredOn,
)
from hasim.trace import Record, Trace

__all__ = ["canonical_events", "canonical_records"]

# Roles made of many processes, which a job label tells apart.
_JOBS = ("helper", "queue", "script")


def _node(record: Record, known: frozenset[str]) -> str | None:
    event = record.event
    if isinstance(event, FaultInjected):
        words = event.line.split()
        target = words[2].partition(":")[0] if len(words) > 2 else ""
        return target if target in known else record.source.node
    if event.truth and hasattr(event, "node"):
        return str(event.node)
    return record.source.node


def canonical_events(trace: Trace) -> Iterator[dict[str, Any]]:
    """Return the events of a run in the judge's format.

    Each is ``{t, node, role, kind, args}`` and, for processes of which there are many, ``job``:
    how often the node has booted and the pid. Generations become ranks among those of the node.
    A node is powered on when it has booted; one that is on from the start never is. Addresses that
    go with the power are not told: their kernel could not say so.
    """
    return (event for _, event in canonical_records(trace))


def canonical_records(trace: Trace) -> Iterator[tuple[Record, dict[str, Any]]]:
    """Yield the events of :func:`canonical_events`, each with the record that it stands for."""
    known = frozenset(clock.node for clock in trace.header.clocks)
    ranks: dict[str | None, dict[str, int]] = {}
    boots: dict[str | None, int] = {}
    been_off: set[str] = set()
    off: set[str] = set()
    for record in trace.records:
        event = record.event
        if isinstance(event, NodePoweredOff):
            been_off.add(event.node)
            off.add(event.node)
        if isinstance(event, NodePoweredOn):
            off.discard(event.node)
            continue
        if isinstance(event, AddressDown) and event.node in off:
            continue
        if isinstance(event, NodeBooted):
            if event.node not in been_off:
                continue
            boots[event.node] = boots.get(event.node, 0) + 1
            event = NodePoweredOn(event.node)
        stands = canonical(event)
        if stands is None:
            continue
        role, kind, args = stands
        node = _node(record, known)
        if isinstance(event, GenerationSet):
            seen = ranks.setdefault(node, {})
            args = {"gen": str(seen.setdefault(args["gen"], len(seen) + 1))}
        out = {
            "t": round(record.at / 1e6, 6),
            "node": node,
            "role": role,
            "kind": kind,
            "args": args,
        }
        if role in _JOBS:
            out["job"] = f"{boots.get(node, 0)}.{record.source.pid or 0}"
        yield record, out
