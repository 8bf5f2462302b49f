"""Takeovers from a node that was well: what a deadtime that is too short costs.

A takeover of a group is *false* where all of this is true:

- a daemon declares a node dead, and acquires the group for that reason (the chain of causes of its
  ``Acquiring resource group`` leads back to that decision);
- the dead node held something of the group when it was declared dead;
- in the whole deadtime before that instant it had power, its daemon ran, and neither hung or stood
  still;
- and in all that time its packets had a way to the other node: a medium both have, with no cable
  cut and no switch without power.

Lost, delayed and doubled packets cut nobody off, and neither does a hang of the node that decides:
takeovers because of them are false ones.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from hasim import events as ev
from hasim.monitors import member
from hasim.run import Run
from hasim.run.service import Interval, overlap
from hasim.site import Site
from hasim.trace import Kind, Record
from hasim.units import Micros

__all__ = ["false_takeovers"]


def false_takeovers(run: Run, group: str) -> int:
    """Return how many takeovers of a group from a node that was well a run has.

    Parameters
    ----------
    run : Run
        A run of a model; a trace read back says too little of the hardware.
    group : str
        Key of the group.
    """
    records = run.records
    if run.model is None or not any(isinstance(r.event, ev.AcquiringFrom) for r in records):
        return 0
    by_seq = {record.seq: record for record in records}
    found: set[int] = set()
    for record in records:
        if isinstance(record.event, ev.GroupAcquire) and group in record.event.group.split():
            decided = _decision(record, by_seq)
            if decided is not None and decided.seq not in found and _mistaken(run, decided, group):
                found.add(decided.seq)
    return len(found)


def _decision(record: Record, by_seq: dict[int, Record]) -> Record | None:
    """Return the decision to take over that a start of a group follows from, if there is one."""
    at: Record | None = record
    while at is not None:
        if isinstance(at.event, ev.AcquiringFrom):
            return at
        at = None if at.cause is None else by_seq.get(at.cause)
    return None


def _mistaken(run: Run, decided: Record, group: str) -> bool:
    """Tell whether the node that was taken for dead held the group, was well, and was connected."""
    assert isinstance(decided.event, ev.AcquiringFrom)
    assert run.model is not None
    peer, node = decided.event.peer, decided.source.node or ""
    died = [
        r.at
        for r in run.records
        if r.seq < decided.seq
        and isinstance(r.event, ev.NodeDead)
        and (r.source.node, r.event.peer) == (node, peer)
    ]
    if not died:
        return False
    window = died[-1] - run.model.configs[peer].deadtime, died[-1]
    return (
        _holds(run, peer, group, died[-1])
        and _was_well(run, peer, window)
        and not _cut_off(run, peer, node, window)
    )


def _holds(run: Run, node: str, group: str, at: Micros) -> bool:
    """Tell whether a node had an address, a mount or a script of a group at an instant."""
    calls = next((g.calls for g in run.trace.header.groups if g.key == group), ())
    words = {name for _, name in map(member, calls)}
    kinds: tuple[Kind, ...] = ("address", "mount", "script")
    for kind in kinds:
        for span in run.spans(kind):
            what = span.what.partition("/")[0] if kind == "address" else span.what
            known = what in calls if kind == "script" else what in words
            if span.who == node and known and span.begin <= at <= span.end:
                return True
    return False


def _was_well(run: Run, node: str, window: Interval) -> bool:
    """Tell whether a node had power and its daemon ran, without a pause, all the time."""
    begin, end = window
    off = [span for span in run.spans("power") if span.value == "off"]
    for span in (*off, *run.spans("hang")):
        if span.who == node and span.begin <= end and begin <= span.end:
            return False
    runs, stands = False, False
    for record in run.records:
        event = record.event
        if record.at > end:
            break
        inside = record.at >= begin
        match event:
            case ev.DaemonStarted(node=name) if name == node:
                runs, stands = not inside, False
            case ev.DaemonExited(node=name) if name == node:
                runs = False
            case ev.DaemonStopped(node=name) if name == node:
                stands = True
            case ev.DaemonContinued(node=name) if name == node:
                stands = inside
    return runs and not stands


def _cut_off(run: Run, sender: str, receiver: str, window: Interval) -> bool:
    """Tell whether there was a time in a window in which no packet could pass."""
    assert run.model is not None
    begin, end = window
    together = [(begin, end + 1)]
    for ways in _media(run.model.site, _devices(run, sender), _devices(run, receiver)):
        broken = sorted(
            (s.begin, s.end)
            for s in run.spans("part")
            if any(s.who == part and s.what in how for part, how in ways)
        )
        together = overlap(together, _joined(broken))
    return bool(together)


def _devices(run: Run, node: str) -> list[tuple[str, str]]:
    assert run.model is not None
    kinds = ("bcast", "mcast", "ucast", "serial")
    media = run.model.configs[node].media
    return [(node, medium.device) for medium in media if medium.kind in kinds]


def _media(
    site: Site, out: Sequence[tuple[str, str]], into: Sequence[tuple[str, str]]
) -> Iterable[list[tuple[str, tuple[str, ...]]]]:
    """Yield what each way between two nodes consists of: the parts, and how each may be broken."""
    for sender, one in out:
        for receiver, other in into:
            a, b = (site.nodes[n].nics.get(dev) for n, dev in ((sender, one), (receiver, other)))
            if a is not None and b is not None and a.on == b.on:
                yield [
                    (f"{sender}:{one}", ("both", "out")),
                    (f"{receiver}:{other}", ("both", "in")),
                    (a.on, (a.on,)),
                ]


def _joined(times: Sequence[Interval]) -> list[Interval]:
    """Return sorted intervals with those that touch made one."""
    out: list[Interval] = []
    for begin, end in times:
        if out and begin <= out[-1][1]:
            out[-1] = out[-1][0], max(out[-1][1], end)
        else:
            out.append((begin, end))
    return out
