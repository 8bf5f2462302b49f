"""Why a group was given up, as far as lines tell: the decision, and what it goes back to."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import replace

from hasim import events as ev
from hasim.run.outage import Outage, Outages
from hasim.run.service import Service
from hasim.trace import Record

__all__ = ["with_reasons"]

_DECISIONS = (
    ev.GroupFailed,
    ev.PartitionReturn,
    ev.RestartTriggered,
    ev.ScriptFailed,
    ev.ShutdownInProgress,
    ev.StandbyAsk,
)
#: What a decision goes back to, in an operator's words.
_GROUNDS = (
    ev.GroupFailed,
    ev.IpfailFailback,
    ev.IpfailFewer,
    ev.IpfailTold,
    ev.LinkDead,
    ev.NodeDead,
    ev.NoLocalHeartbeat,
    ev.PartitionReturn,
    ev.ScriptFailed,
)


def with_reasons(found: Outages, records: Sequence[Record], services: Sequence[Service]) -> Outages:
    """Return outages, those of groups that were given up with the decision behind it."""
    by_name = {service.name: service for service in services}
    told = []
    for one in found:
        reason = None
        if one.reason == f"the group is no longer complete on {one.before}":
            reason = _reason(one, records, by_name[one.service])
        told.append(one if reason is None else replace(one, reason=reason))
    return Outages(told, found.unwatched, found.never)


def _reason(outage: Outage, records: Sequence[Record], service: Service) -> str | None:
    end = bisect_right(records, outage.begin, key=lambda record: record.at)
    for record in reversed(records[:end]):
        event = record.event
        if isinstance(event, ev.ScriptBegan) and event.node == outage.before:
            own = " ".join((event.script, *event.args)) in service.calls
            if own and event.op == "start":
                return None
            if own and event.op == "stop":
                return _told(list(_behind(record, records)))
    return None


def _behind(record: Record, records: Sequence[Record]) -> Iterator[Record]:
    while record.cause is not None:
        record = records[record.cause]
        yield record


def _told(chain: Sequence[Record]) -> str | None:
    decision = next((r.event for r in chain if isinstance(r.event, _DECISIONS)), None)
    if decision is None:
        return None
    text = decision.sentence().rstrip(".")
    grounds = [r.event for r in chain if isinstance(r.event, _GROUNDS) and r.event is not decision]
    return f"{text}; before that: {grounds[-1].sentence().rstrip('.')}" if grounds else text
