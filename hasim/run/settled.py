"""A cluster that has settled: when every fault is mended and a bound has passed, all is well again.

From the instant that a scenario names as ``settled`` to the end of the run: every group is served
by one node, every node runs its daemon and believes of each other what is true, and nothing
restarts. A fault that is meant to last does not belong into such a scenario.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from hasim import events as ev
from hasim.monitors import NODES_AGREE, QUIET, Violation
from hasim.run.audit import audited
from hasim.run.service import Facts, Service
from hasim.trace import Kind, Record, Span
from hasim.units import Micros

__all__ = ["unsettled"]

_RESTARTS = (
    ev.DaemonExited,
    ev.DaemonStarted,
    ev.NodePoweredOff,
    ev.NodePoweredOn,
    ev.StonithRequested,
)


def unsettled(facts: Facts, services: Sequence[Service], at: Micros) -> list[Violation]:
    """Return what keeps a cluster from having settled at an instant, in order of time.

    A violation of ``nodes-agree`` lasts to the end where it is still so there; one of
    ``no-endless-restart`` begins with the first restart and ends with the last one.
    """
    found = audited(facts, services, [at])
    found += _disagreement(facts, at)
    moved = [r for r in facts.trace.records if r.at >= at and isinstance(r.event, _RESTARTS)]
    if moved:
        first = moved[0].event.sentence()
        evidence = tuple(record.seq for record in moved)
        found.append(Violation(moved[0].at, QUIET, first, evidence, moved[-1].at))
    return sorted(found, key=lambda v: (v.at, v.property, v.evidence))


def _disagreement(facts: Facts, at: Micros) -> list[Violation]:
    wrong = list(_wrong(facts, at))
    if not wrong:
        return []
    until = None if [*_wrong(facts, facts.trace.end)] else at
    evidence = tuple(record.seq for record in _behind(facts, at))
    return [Violation(at, NODES_AGREE, " ".join(wrong), evidence, until)]


def _at(facts: Facts, kind: Kind, at: Micros) -> list[Span]:
    return [s for s in facts.spans(kind) if s.begin <= at and (at < s.end or s.open)]


def _wrong(facts: Facts, at: Micros) -> Iterator[str]:
    """Yield a sentence for each node that is not there, and each belief that is not true."""
    local = {s.who: s.value for s in _at(facts, "local", at)}
    belief = {(s.who, s.what): s.value for s in _at(facts, "status", at)}
    for node in facts.nodes:
        if node not in local:
            yield f"{node} runs no daemon."
        elif local[node] != "active":
            yield f"{node} is not active but {local[node]}."
    for node in local:
        for peer in (n for n in local if n != node):
            known = belief.get((node, peer), "nothing")
            if known != local[peer]:
                yield f"{node} believes {known} of {peer}, which is {local[peer]}."
    broken = _at(facts, "part", at)
    for link in [] if broken else _at(facts, "link", at):
        if link.who in local and link.what.partition(":")[0] in local and link.value == "dead":
            yield f"{link.who} believes that the link {link.what} is dead."


def _behind(facts: Facts, at: Micros) -> Iterator[Record]:
    """Yield the last change of each daemon and of each belief."""
    last: dict[tuple[str, ...], Record] = {}
    for record in facts.trace.records:
        if record.at > at:
            break
        node = record.source.node or ""
        match record.event:
            case ev.DaemonStarted(node=name) | ev.DaemonExited(node=name):
                last["daemon", name] = record
            case ev.NodeStatus(peer=peer) | ev.NodeDead(peer=peer):
                last["status", node, peer] = record
            case ev.LinkDead(peer=peer, medium=medium):
                last["link", node, peer, medium] = record
    yield from sorted(last.values(), key=lambda record: record.seq)
