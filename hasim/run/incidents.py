"""What an operator looks for in a log: deaths, late heartbeats, restarts, partitions, flapping.

All of it is told from the trace alone, so it holds for logs that were read and for runs alike.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from hasim import events as ev
from hasim.reading import STARTS, absent
from hasim.trace import Record, Trace
from hasim.units import MINUTE, SECOND, Micros, duration_text

__all__ = ["KINDS", "Incident", "incidents"]

#: Kinds of incidents, in the order of the table of counts.
KINDS = (
    "death",
    "partition",
    "split-brain",
    "restart",
    "reset",
    "takeover",
    "standby",
    "shutdown",
    "fence",
    "failure",
    "ping-death",
    "link-death",
    "late",
    "flapping",
    "clock",
)
#: Late heartbeats, and changes of a state, that lie so near to each other are told together.
_TOGETHER: Micros = 10 * MINUTE
_CHANGES_MIN = 3
_STEP_MIN: Micros = 3 * SECOND


class Incident(NamedTuple):
    """Something that an operator should know.

    Parameters
    ----------
    at, until : int
        Microseconds of the run; equal where it is one line.
    kind : str
        One of `KINDS`.
    node : str
        Who tells it.
    about : str
        Whom or what it concerns: a node, a link, a group.
    text : str
        A sentence.
    evidence : tuple of int
        Numbers of the records behind it.
    """

    at: Micros
    until: Micros
    kind: str
    node: str
    about: str
    text: str
    evidence: tuple[int, ...]


def incidents(trace: Trace) -> list[Incident]:
    """Return what happened in a trace that an operator should know, in order of time."""
    found = [*_single(trace), *_late(trace.records), *_flapping(trace.records)]
    return sorted(found, key=lambda one: (one.at, one.evidence))


def _single(trace: Trace) -> Iterator[Incident]:
    members = {clock.node for clock in trace.header.clocks}
    known = (record.event for record in trace.records)
    members |= set(absent(known, members))
    life = _Life(trace.records)
    notices: dict[tuple[str, str], Micros] = {}
    for record in trace.records:
        event, node = record.event, record.source.node or ""
        if isinstance(event, ev.ShutdownNotice):
            notices[node, event.peer] = record.at
        if isinstance(event, ev.RestartSeen | ev.NodeStatus):
            notices.pop((node, event.peer), None)
        if isinstance(event, ev.NodeDead) and event.peer in members | {node}:
            yield _death(record, event.peer, (node, event.peer) in notices, life)
        elif isinstance(event, ev.StandbyAsk) and (event.by == node or event.by not in members):
            text = f"{event.by} asks to hand over its {event.set} resources"
            yield Incident(record.at, record.at, "standby", node, event.set, text, (record.seq,))
        elif not _of_drift(record) and (told := _one(event)) is not None:
            kind, about, text = told
            who = node or str(getattr(event, "node", ""))
            yield Incident(record.at, record.at, kind, who, about, text, (record.seq,))


def _of_drift(record: Record) -> bool:
    """Tell whether a clock changes by so little that its drift is behind it: reading finds many."""
    match record.event:
        case ev.ClockDrifted():
            return record.source.program == "clock"
        case ev.ClockStepped(by_us=by):
            return record.source.program == "clock" and abs(by) < _STEP_MIN
    return False


class _Life:
    """When each node has written something, and when it started or lost its power."""

    def __init__(self, records: Iterable[Record]) -> None:
        self._lines: dict[str, list[Micros]] = defaultdict(list)
        self._ends: dict[str, list[Micros]] = defaultdict(list)
        for record in records:
            event, node = record.event, record.source.node
            if isinstance(event, ev.NodePoweredOff | ev.DaemonExited):
                self._ends[event.node].append(record.at)
            elif not event.truth and node is not None:
                self._lines[node].append(record.at)
                if isinstance(event, (*STARTS, ev.BootSeen)):
                    self._ends[node].append(record.at)

    def alive(self, node: str, at: Micros) -> bool:
        """Tell whether a node writes on after an instant, and has not ended in between."""
        lines, ends = self._lines[node], self._ends[node]
        i = bisect_right(lines, at)
        if i == 0 or i == len(lines):
            return False
        j = bisect_right(ends, lines[i - 1])
        return j == len(ends) or ends[j] > lines[i]


def _death(record: Record, peer: str, announced: bool, life: _Life) -> Incident:
    node = record.source.node or ""
    text = f"{node} declares {peer} dead"
    if announced:
        text += ", which had announced its shutdown"
    elif peer == node:
        text += ": itself"
    elif life.alive(peer, record.at):
        text += f", although {peer} is alive and writes"
    return Incident(record.at, record.at, "death", node, peer, text, (record.seq,))


def _one(event: ev.Event) -> tuple[str, str, str] | None:
    """Return kind, whom it concerns, and the sentence of an event that is one by itself."""
    plain = event.sentence()
    match event:
        case ev.NodeDead(peer=peer):
            return "ping-death", peer, f"the ping node {peer} is declared dead"
        case ev.PartitionReturn(peer=peer):
            return "partition", peer, plain
        case ev.BothOwn(set=group) | ev.NoOneOwns(set=group):
            return "split-brain" if isinstance(event, ev.BothOwn) else "failure", group, plain
        case ev.RestartTriggered():
            return "restart", "", plain
        case ev.DaemonExited(node=node, how="no line tells how"):
            return "restart", node, f"Heartbeat on {node} has ended, and no line tells how"
        case ev.NodePoweredOff(node=node):
            return "reset", node, plain
        case ev.AcquiringFrom(peer=peer):
            return "takeover", peer, plain
        case ev.ShutdownInProgress():
            return "shutdown", "", "Heartbeat is being shut down"
        case ev.FenceAsk(peer=peer) | ev.FenceOk(peer=peer) | ev.FenceFailed(peer=peer):
            return "fence", peer, plain
        case ev.LinkDead(peer=peer, medium=medium):
            return "link-death", f"{peer}:{medium}", plain
        case ev.ClockStepped(node=node) | ev.ClockDrifted(node=node):
            return "clock", node, plain
        case ev.ClockJumpedBack():
            return "clock", "", plain
    if isinstance(event, _FAILURES):
        return "failure", "", plain
    return None


_FAILURES = (
    ev.CoreProcessDied,
    ev.EmergencyMasterDied,
    ev.GroupFailed,
    ev.IpfailNoResources,
    ev.LostALot,
    ev.MountFailed,
    ev.NoLocalHeartbeat,
    ev.NoWorkingMedia,
    ev.PacketLostForGood,
    ev.RebootForced,
    ev.ScriptFailed,
    ev.StandbyTimeout,
    ev.StopFailed,
    ev.UnmountFailed,
)


def _late(records: Sequence[Record]) -> Iterator[Incident]:
    """Yield late heartbeats, those of a node that follow each other together."""
    open_: dict[tuple[str, str], list[Record]] = {}

    def told(key: tuple[str, str], found: list[Record]) -> Incident:
        node, peer = key
        times = [r.event.interval_ms for r in found if isinstance(r.event, ev.LateHeartbeat)]
        over = sum(1 for r in found if isinstance(r.event, ev.LateHeartbeat) and r.event.over)
        text = f"a heartbeat of {peer} comes late: {times[0]} ms"
        if len(times) > 1:
            text = f"{len(times)} heartbeats of {peer} come late, up to {max(times)} ms"
        text += f", {over} beyond deadtime" if over else ""
        seqs = tuple(r.seq for r in found)
        return Incident(found[0].at, found[-1].at, "late", node, peer, text, seqs)

    for record in records:
        if isinstance(record.event, ev.LateHeartbeat):
            key = record.source.node or "", record.event.peer
            found = open_.get(key, [])
            if found and record.at - found[-1].at > _TOGETHER:
                yield told(key, open_.pop(key))
            open_.setdefault(key, []).append(record)
    for key, found in open_.items():
        yield told(key, found)


def _flapping(records: Sequence[Record]) -> Iterator[Incident]:
    """Yield states that change again and again: links, nodes as others see them, groups."""
    changes: dict[tuple[str, str], list[Record]] = defaultdict(list)
    for record in records:
        node = record.source.node or ""
        match record.event:
            case ev.LinkDead(peer=peer, medium=medium):
                changes[node, f"the link {peer}:{medium}"].append(record)
            case ev.NodeDead(peer=peer):
                changes[node, f"the node {peer}"].append(record)
            case ev.AddressUp(address=address):
                changes["", f"the address {address}"].append(record)
    for (node, what), found in changes.items():
        begin = 0
        for i in range(1, len(found) + 1):
            if i < len(found) and found[i].at - found[i - 1].at <= _TOGETHER:
                continue
            part = found[begin:i]
            begin = i
            if len(part) < _CHANGES_MIN + what.startswith("the address"):
                continue
            span = duration_text((part[-1].at - part[0].at) // SECOND * SECOND)
            verb = "comes up" if what.startswith("the address") else "is declared dead"
            text = f"{what} {verb} {len(part)} times in {span}"
            seqs = tuple(r.seq for r in part)
            yield Incident(part[0].at, part[-1].at, "flapping", node, what, text, seqs)
