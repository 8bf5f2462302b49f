"""At most one node holds a thing at a time: disks by their mounts, service addresses."""

from __future__ import annotations

from collections.abc import Callable, Container
from dataclasses import dataclass
from functools import partial

from hasim import events as ev
from hasim.monitors.groups import devices_of, is_shareable
from hasim.monitors.violation import Violation
from hasim.trace import Header, Record
from hasim.units import Micros

__all__ = ["one_mounter", "one_vip_holder"]

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


def _mounts(shared: Container[str], event: ev.Event) -> _Change | None:
    match event:
        case ev.DiskMounted(node=node, disk=disk, directory=directory):
            change = disk, node, directory, True
        case ev.DiskUnmounted(node=node, disk=disk, directory=directory):
            change = disk, node, directory, False
        case _:
            return None
    return None if disk in shared or is_shareable(disk) else change


def _addresses(event: ev.Event) -> _Change | None:
    """An address is the same with any mask."""
    match event:
        case ev.AddressUp(node=node, address=address):
            return address.partition("/")[0], node, address, True
        case ev.AddressDown(node=node, address=address):
            return address.partition("/")[0], node, address, False
    return None


def one_mounter(header: Header | None) -> _AtMostOne:
    """Watch the mounts of every disk, but for file systems that are made to be shared."""
    told = "{nodes} mount {what} at the same time."
    groups = () if header is None else header.groups
    shared = {d for group in groups for d in devices_of(group.calls, shareable=True)}
    return _AtMostOne("at-most-one-mounter", told, partial(_mounts, shared))


def one_vip_holder(header: Header | None) -> _AtMostOne:
    """Watch who has each service address; addresses of one cluster are on one LAN."""
    told = "{nodes} have the address {what} up at the same time."
    return _AtMostOne("at-most-one-vip-holder", told, _addresses)
