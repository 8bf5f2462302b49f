"""Outages as users saw them, and where their time went.

An outage of a service begins when the node that served stops serving (:mod:`hasim.run.service`),
and ends when some node serves. The time before a service was there first is no outage.

Its time is cut into six phases. A phase begins at its first sign, is over when the next one begins,
and lasts no time where it has no sign: so the phases always sum to the outage.

========= ============================================================================
detect    from the loss itself
decide    from the first time a daemon or ipfail noticed or decided anything: a node, a ping node or
          a link is dead, a standby is asked for, a shutdown begins, a takeover begins
fence     from the first request to a STONITH device
release   from the first stop of a script of the group on the node that served before
start     from the first start of a script of the group, or the first ``Acquiring resource group``,
          on the node that serves next; until the whole group stands and has recovered
arp       from then on, or from the last repair of a cable, a switch, a feed or a hang, whichever is
          later: only the client's ARP entry is still wrong
========= ============================================================================

A handover on request has released before the loss, so its outage begins in ``release``; one that a
repair ends without any start is all ``detect`` and ``decide``.  Of an outage that lasts at the end
of the run, the phase it is in takes the rest.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice, pairwise
from typing import NamedTuple

from hasim import events as ev
from hasim.render.html import paragraph, table
from hasim.run.service import Facts, Service, Serving
from hasim.trace import Record
from hasim.units import Micros, duration_text

__all__ = ["Breakdown", "Outage", "Outages", "outages"]

_NOTICED = (
    ev.AcquiringFrom,
    ev.IpfailDead,
    ev.IpfailFewer,
    ev.IpfailNodeDead,
    ev.IpfailTold,
    ev.LinkDead,
    ev.NodeDead,
    ev.PartitionReturn,
    ev.RestartTriggered,
    ev.ShutdownInProgress,
    ev.ShutdownNotice,
    ev.StandbyAsk,
)
_FENCING = (ev.FenceAsk, ev.StonithRequested)
_REPAIRS = (ev.FeedUp, ev.HostUp, ev.NodeThawed, ev.SwitchUp, ev.WireRestored)


class Breakdown(NamedTuple):
    """Where the time of an outage went, in microseconds; the phases sum to it."""

    detect: Micros = 0
    decide: Micros = 0
    fence: Micros = 0
    release: Micros = 0
    start: Micros = 0
    arp: Micros = 0

    def __str__(self) -> str:
        told = [f"{name} {_time(us)}" for name, us in self._asdict().items() if us]
        return ", ".join(told) or "no time"

    def _repr_html_(self) -> str:
        return table(self._fields, [[_time(us) if us else "" for us in self]])


@dataclass(frozen=True, slots=True)
class Outage:
    """A time in which nobody served a service.

    Parameters
    ----------
    service : str
        Key of the group, or its address.
    client : str or None
        The client that saw it; None where nobody probes: told from addresses and mounts alone.
    begin, end : int
        Microseconds of the run.
    open : bool
        True where it lasted at the end.
    before, after : str or None
        Who served last, who served next.
    reason : str
        What ended the service.
    breakdown : Breakdown
        Where the time went.
    """

    service: str
    client: str | None
    begin: Micros
    end: Micros
    open: bool
    before: str
    after: str | None
    reason: str
    breakdown: Breakdown

    @property
    def duration_us(self) -> Micros:
        """How long it lasted."""
        return self.end - self.begin

    def __str__(self) -> str:
        end = "to the end" if self.open else f"to {_time(self.end)}"
        how_long = f"{_time(self.begin)} {end}, {_time(self.duration_us)}"
        return f"{self.service}: {how_long}: {self.reason} ({self.breakdown})"


class Outages:
    """All outages of a run, in order: may be counted, indexed and iterated; with sums over all.

    `unwatched` names the services that no client probes; `never` those that nobody ever served.
    """

    __slots__ = ("_all", "never", "unwatched")

    def __init__(
        self, found: Sequence[Outage], unwatched: Sequence[str] = (), never: Sequence[str] = ()
    ) -> None:
        self._all = tuple(found)
        self.unwatched = tuple(unwatched)
        self.never = tuple(never)

    def __len__(self) -> int:
        return len(self._all)

    def __getitem__(self, index: int) -> Outage:
        return self._all[index]

    def __iter__(self) -> Iterator[Outage]:
        return iter(self._all)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Outages):
            return NotImplemented
        mine = (self._all, self.unwatched, self.never)
        return mine == (other._all, other.unwatched, other.never)

    __hash__ = None  # type: ignore[assignment]

    @property
    def duration_us(self) -> Micros:
        """How long all of them lasted together."""
        return sum(outage.duration_us for outage in self._all)

    @property
    def longest(self) -> Outage | None:
        """The longest one, the first of equals."""
        return max(self._all, key=lambda outage: outage.duration_us, default=None)

    @property
    def breakdown(self) -> Breakdown:
        """Where the time of all of them went, phase by phase."""
        return Breakdown(*(sum(o.breakdown[i] for o in self._all) for i in range(6)))

    def of(self, service: str) -> Outages:
        """Return those of one service, by the key of its group."""
        named = [name for name in self.unwatched if name == service]
        never = [name for name in self.never if name == service]
        return Outages([o for o in self._all if o.service == service], named, never)

    def __str__(self) -> str:
        return "\n".join(map(str, self._all)) or "no outage"

    def __repr__(self) -> str:
        how_long = f", {_time(self.duration_us)}: {self.breakdown}" if self._all else ""
        return f"<Outages: {len(self._all)}{how_long}>"

    def _repr_html_(self) -> str:
        head = ("service", "from", "to", "lasts", "before", "after", *Breakdown._fields, "reason")
        rows = [
            [
                o.service, _time(o.begin), "the end" if o.open else _time(o.end),
                _time(o.duration_us), o.before, o.after or "nobody",
                *(_time(us) if us else "" for us in o.breakdown), o.reason,
            ]
            for o in self._all
        ]  # fmt: skip
        told = table(head, rows) if rows else paragraph("No outage.")
        notes = [f"{name}: no client probes it" for name in self.unwatched]
        notes += [f"{name}: nobody ever served" for name in self.never]
        return told + "".join(map(paragraph, notes))


def _time(at: Micros) -> str:
    return duration_text(at // 1000 * 1000)


def outages(facts: Facts, services: Sequence[Service]) -> Outages:
    """Return the outages of some services, each as every client that probes it saw it."""
    found: list[Outage] = []
    unwatched, never = [], []
    for service in services:
        if service.addresses and not service.clients:
            unwatched.append(service.name)
        for client in service.clients or (None,):
            serving = facts.serving(service, client)
            if not serving:
                never.append(service.name)
            found += _gaps(facts, service, client, serving)
    found.sort(key=lambda o: (o.begin, o.end))
    return Outages(found, unwatched, list(dict.fromkeys(never)))


def _gaps(
    facts: Facts, service: Service, client: str | None, serving: Sequence[Serving]
) -> Iterator[Outage]:
    """Yield the times between those in which anybody served."""
    last: Serving | None = None
    for one in [*serving, None]:
        begin = facts.trace.end if one is None else one.begin
        if last is not None and last.end < begin:
            after = None if one is None else one.node
            phases = _phases(facts, service, last, begin, after)
            is_open = one is None
            why = _why(facts, service, last, client, is_open)
            yield Outage(
                service.name, client, last.end, begin, is_open, last.node, after, why, phases
            )
        if one is not None and (last is None or one.end > last.end):
            last = one


def _why(facts: Facts, service: Service, last: Serving, client: str | None, is_open: bool) -> str:
    """Say what ended the service, and what keeps it from coming back, if that is a broken disk."""
    why = facts.lost_by(service, last.node, client, last.end)
    broken = (s for s in facts.spans("part") if s.value == "corrupt" and s.what in service.disks)
    if is_open and any(span.begin > last.end for span in broken):
        return f"{why}, then the file system is corrupt"
    return why


def _phases(
    facts: Facts, service: Service, last: Serving, end: Micros, after: str | None
) -> Breakdown:
    """Return the phases of the outage that follows the time in which `last` served."""
    begin = last.end
    marks: list[Micros | None] = [None] * 5  # when decide, fence, release, start, arp begin
    repaired = begin
    records = facts.trace.records
    first = bisect_left(records, last.begin, key=lambda r: r.at)
    for record in islice(records, first, None):
        if record.at > end:
            break
        event = record.event
        if _stops(event, service, last.node):
            _mark(marks, 2, record.at)
        elif record.at < begin:
            # A reset under way that ends the service: somebody had noticed and decided before.
            if isinstance(event, ev.StonithRequested) and event.victim == last.node:
                marks[0] = marks[1] = begin
            elif isinstance(event, ev.StonithAnswered) and event.victim == last.node:
                marks[0] = marks[1] = None
        elif isinstance(event, _NOTICED):
            _mark(marks, 0, record.at)
        elif isinstance(event, _FENCING):
            _mark(marks, 1, record.at)
        elif _starts(record, service, after):
            _mark(marks, 3, record.at)
        elif isinstance(event, _REPAIRS):
            repaired = record.at
    if after is not None:
        stood = [a for a, b in facts.recovered(service, after) if a <= end < b]
        marks[4] = max([repaired, *stood])
    edges = [end]
    for mark in reversed(marks):
        edges.append(edges[-1] if mark is None else max(begin, min(mark, edges[-1])))
    edges.append(begin)
    edges.reverse()
    return Breakdown(*(b - a for a, b in pairwise(edges)))


def _mark(marks: list[Micros | None], phase: int, at: Micros) -> None:
    if marks[phase] is None:
        marks[phase] = at


def _stops(event: ev.Event, service: Service, node: str) -> bool:
    """Tell whether a script of the group begins to stop on a node."""
    return (
        isinstance(event, ev.ScriptBegan)
        and event.op == "stop"
        and event.node == node
        and _own(event, service)
    )


def _starts(record: Record, service: Service, node: str | None) -> bool:
    """Tell whether a node begins to acquire the group; any node, where `node` is None."""
    event = record.event
    match event:
        case ev.ScriptBegan(op="start"):
            return node in (None, event.node) and _own(event, service)
        case ev.GroupAcquire(group=group):
            return node in (None, record.source.node) and service.name in group.split()
    return False


def _own(event: ev.ScriptBegan, service: Service) -> bool:
    """Tell whether a call is for a member of the group; without a model, for its address."""
    call = " ".join((event.script, *event.args))
    if service.calls:
        return call in service.calls
    return any(arg.partition("/")[0] in service.addresses for arg in event.args)
