"""The audit of resources: at an instant, every group is served exactly once and whole.

That of the packaged test suite (semantics 14): while a daemon runs anywhere, each group is served
by exactly one node, with all of its members there. Nobody serving it, or its members being on
several nodes, is looked at again every second, five times; a member that two nodes have fails at
once. While no daemon runs, nobody may have anything left. Being served means what the suite's
monitor, the status of each script, can see: that a file system is corrupt it cannot.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from hasim import events as ev
from hasim.monitors import SERVED_ONCE, Violation
from hasim.run.service import Facts, Interval, Service
from hasim.trace import Record
from hasim.units import SECOND, Micros

__all__ = ["audited"]

_AGAIN = 5
_PAUSE: Micros = SECOND


def audited(
    facts: Facts, services: Sequence[Service], instants: Iterable[Micros]
) -> list[Violation]:
    """Return what the audits of a run find, in order of time.

    A violation begins at the instant of its audit and ends with the last look at it, or does not
    end where that is the end of the run. Its evidence: for each node the last record, so far, of a
    script that the group called, of lost power or of a hang.

    Parameters
    ----------
    facts : Facts
        The run.
    services : sequence of Service
        Its groups.
    instants : iterable of int
        When to look, in microseconds; all that happens then is included.
    """
    found = [_audit(facts, s, at) for at in sorted(set(instants)) for s in services if s.calls]
    return [violation for violation in found if violation is not None]


def _audit(facts: Facts, service: Service, at: Micros) -> Violation | None:
    looks = [at + i * _PAUSE for i in range(_AGAIN + 1)]
    looks = [look for look in looks if look < facts.trace.end] or [at]
    for look in looks:
        shared, wrong = _wrong(facts, service, look)
        if not wrong:
            return None
        if shared:
            break
    until = None if look + _PAUSE >= facts.trace.end else look
    evidence = tuple(record.seq for record in _behind(facts, service, look))
    return Violation(at, SERVED_ONCE, wrong, evidence, until)


def _wrong(facts: Facts, service: Service, at: Micros) -> tuple[bool, str]:
    """Return whether a member is on two nodes, and what is wrong; empty where nothing is."""
    having: dict[str, set[int]] = {}
    for node in facts.nodes:
        parts = facts.parts(service, node)
        there = {i for i, (_, spans) in enumerate(parts) if _within(spans, at)}
        if there:
            having[node] = there
    nodes = " and ".join(having)
    for i, (member, _) in enumerate(facts.parts(service, facts.nodes[0])):
        twice = [node for node, there in having.items() if i in there]
        if len(twice) > 1:
            return True, f"{' and '.join(twice)} have {member} of {service.name}."
    if not any(s.begin <= at and (at < s.end or s.open) for s in facts.spans("local")):
        left = f"{nodes} has members of {service.name} left, and no daemon runs."
        return False, left if having else ""
    if len(having) > 1:
        return False, f"Members of {service.name} are on {nodes}."
    hung = [s.who for s in facts.spans("hang") if s.begin <= at and (at < s.end or s.open)]
    if any(_within(facts.standing(service, n), at) for n in having if n not in hung):
        return False, ""
    some = f", though {nodes} has some of it" if having else ""
    return False, f"Nobody serves {service.name}{some}."


def _within(spans: Iterable[Interval], at: Micros) -> bool:
    return any(a <= at < b for a, b in spans)


def _behind(facts: Facts, service: Service, at: Micros) -> Iterator[Record]:
    last: dict[str, Record] = {}
    for record in facts.trace.records:
        if record.at > at:
            break
        match record.event:
            case ev.ScriptEnded(node=node, op="start" | "stop"):
                if " ".join((record.event.script, *record.event.args)) in service.calls:
                    last[node] = record
            case ev.NodePoweredOff(node=node) | ev.NodeHung(node=node):
                last[node] = record
    yield from sorted(last.values(), key=lambda record: record.seq)
