"""Safety properties and their monitors; the registry names each once.

A monitor sees records one by one, of a run or of a trace read back, and judges facts only: what a
daemon believes does not count. It keeps no time of its own and raises nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Protocol

from hasim import events as ev
from hasim.errors import HasimError, nearest
from hasim.monitors.violation import Violation
from hasim.trace import Record
from hasim.units import Micros

__all__ = ["PROPERTIES", "SERVED_ONCE", "Monitor", "Property", "judge"]


class Monitor(Protocol):
    """What watches one property."""

    def see(self, record: Record) -> None:
        """Take the next record."""

    def violations(self) -> list[Violation]:
        """Return what was seen so far; what lasts has no end yet."""


@dataclass(frozen=True, slots=True)
class Property:
    """A property by name: what it says, and what makes a monitor for it."""

    name: str
    sentence: str
    watch: Callable[[], Monitor]


# A change of who holds what: the thing, the node, where there (a directory, the address with its
# mask), and whether it holds it from now on.
_Change = tuple[str, str, str, bool]


@dataclass(slots=True)
class _Open:
    """A violation that lasts: since when, who takes part, the records behind it."""

    since: Micros
    nodes: list[str]
    evidence: list[int]


class _AtMostOne:
    """At most one node holds a thing at a time; a loss of power takes everything from its node."""

    def __init__(self, name: str, told: str, change: Callable[[ev.Event], _Change | None]) -> None:
        self.name, self.told, self.change = name, told, change
        #: thing -> node -> where there -> record
        self.holders: dict[str, dict[str, dict[str, int]]] = {}
        self.lasting: dict[str, _Open] = {}
        self.past: list[Violation] = []

    def see(self, record: Record) -> None:
        """Take the next record."""
        event = record.event
        if not event.truth:
            return
        if isinstance(event, ev.NodePoweredOff):
            for what in self.holders:
                self._loses(what, event.node, None, record.at)
        elif (change := self.change(event)) is not None:
            what, node, place, holds = change
            if holds:
                self._gains(what, node, place, record)
            else:
                self._loses(what, node, place, record.at)

    def _gains(self, what: str, node: str, place: str, record: Record) -> None:
        holders = self.holders.setdefault(what, {})
        held = node in holders
        holders.setdefault(node, {}).setdefault(place, record.seq)
        if held or len(holders) < 2:
            return
        lasting = self.lasting.get(what)
        if lasting is None:
            seqs = [next(iter(places.values())) for places in holders.values()]
            self.lasting[what] = _Open(record.at, [*holders], seqs)
        else:
            if node not in lasting.nodes:
                lasting.nodes.append(node)
            lasting.evidence.append(record.seq)

    def _loses(self, what: str, node: str, place: str | None, at: Micros) -> None:
        """A node holds a thing no longer at a place, or (None) nowhere."""
        holders = self.holders.get(what, {})
        places = holders.get(node, {})
        if place is not None:
            places.pop(place, None)
        if place is None or not places:
            holders.pop(node, None)
        if len(holders) < 2 and what in self.lasting:
            self.past.append(self._violation(what, self.lasting.pop(what), at))

    def _violation(self, what: str, found: _Open, until: Micros | None) -> Violation:
        nodes = f"{', '.join(found.nodes[:-1])} and {found.nodes[-1]}"
        sentence = self.told.format(what=what, nodes=nodes)
        return Violation(found.since, self.name, sentence, tuple(found.evidence), until)

    def violations(self) -> list[Violation]:
        """Return what was seen so far."""
        lasting = [self._violation(what, found, None) for what, found in self.lasting.items()]
        return sorted([*self.past, *lasting], key=lambda v: (v.at, v.evidence))


def _mounts(event: ev.Event) -> _Change | None:
    match event:
        case ev.DiskMounted(node=node, disk=disk, directory=directory):
            return disk, node, directory, True
        case ev.DiskUnmounted(node=node, disk=disk, directory=directory):
            return disk, node, directory, False
    return None


def _addresses(event: ev.Event) -> _Change | None:
    """An address is the same with any mask."""
    match event:
        case ev.AddressUp(node=node, address=address):
            return address.partition("/")[0], node, address, True
        case ev.AddressDown(node=node, address=address):
            return address.partition("/")[0], node, address, False
    return None


def _one_mounter() -> Monitor:
    told = "{nodes} mount {what} at the same time."
    return _AtMostOne("at-most-one-mounter", told, _mounts)


def _one_vip_holder() -> Monitor:
    told = "{nodes} have the address {what} up at the same time."
    return _AtMostOne("at-most-one-vip-holder", told, _addresses)


#: The property that is judged only at the instants that a scenario names (:mod:`hasim.run.audit`):
#: what a fault is meant to do to a service is no violation.
SERVED_ONCE = "every-group-served-once"

#: Every property that each run is judged by, by name; addresses of one cluster count as being on
#: one LAN.
PROPERTIES: Mapping[str, Property] = MappingProxyType(
    {
        p.name: p
        for p in (
            Property(
                "at-most-one-mounter", "No two nodes mount a disk at the same time.", _one_mounter
            ),
            Property(
                "at-most-one-vip-holder",
                "No two powered nodes have a service address up at the same time.",
                _one_vip_holder,
            ),
        )
    }
)


def judge(
    records: Iterable[Record], properties: Iterable[str] | None = None
) -> tuple[Violation, ...]:
    """Return every violation of some properties, or of all, in order of time.

    Raises
    ------
    HasimError
        For a property that does not exist, with the nearest that does.
    """
    names = list(PROPERTIES if properties is None else dict.fromkeys(properties))
    for name in names:
        if name not in PROPERTIES:
            known = f"; there are {', '.join(PROPERTIES)}"
            raise HasimError(f"no property {name!r}{nearest(name, PROPERTIES) or known}")
    monitors = [PROPERTIES[name].watch() for name in names]
    for record in records:
        if record.event.truth:
            for monitor in monitors:
                monitor.see(record)
    found = [v for monitor in monitors for v in monitor.violations()]
    return tuple(sorted(found, key=lambda v: (v.at, v.property, v.evidence)))
