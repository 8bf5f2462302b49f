"""Who held what from when to when, by what the kernels of the nodes had."""

from __future__ import annotations

from collections.abc import Sequence

from hasim.errors import HasimError, nearest
from hasim.run.service import Facts, Service
from hasim.trace import Kind, Span
from hasim.units import Micros

__all__ = ["held", "holders", "standing_spans"]


def standing_spans(facts: Facts, service: Service) -> list[Span]:
    """Return when the whole of a group stood on which node."""
    return sorted(
        (
            Span(node, service.name, "held", a, b, b >= facts.trace.end)
            for node in facts.nodes
            for a, b in facts.standing(service, node)
        ),
        key=lambda span: (span.begin, span.end, span.who),
    )


def holders(facts: Facts, service: Service, at: Micros) -> list[str]:
    """Return the nodes on which the whole of a group stands, all that happens at `at` included."""
    spans = standing_spans(facts, service)
    return [s.who for s in spans if s.begin <= at and (at < s.end or s.open)]


def held(facts: Facts, services: Sequence[Service], what: str) -> list[Span]:
    """Return who held something from when to when; a span that lasted at the end is open.

    Parameters
    ----------
    what : str
        An address with or without its mask, a mount point, a disk or its device, a resource as
        haresources has it (``Raid1::/etc/raid::/dev/md0``), or the key of a group: then the times
        in which the whole group stood.

    Raises
    ------
    HasimError
        For what neither the model nor the trace knows, with the nearest that they do.
    """
    if not isinstance(what, str):
        raise HasimError(f"{what!r} is no name of a group, an address, a directory or a disk")
    script = " ".join(what.split("::"))
    names: tuple[tuple[Kind, tuple[str, ...]], ...] = (
        ("address", (what,)),
        ("mount", (what,)),
        ("disk", (what, *_aliases(facts, what))),
        ("script", (script,)),
    )
    for kind, wanted in names:
        found = [s for s in facts.spans(kind) if s.what in wanted or _bare(kind, s) in wanted]
        if found:
            return found
    for service in services:
        if service.name == what:
            return standing_spans(facts, service)
    known = _known(facts, services)
    if what in known or script in known or _address_of(services, what):
        return []
    listed = f"; known: {', '.join(known[:20])}" if known else "; nothing was ever held"
    raise HasimError(f"nothing named {what!r} is held in this run{nearest(what, known) or listed}")


def _bare(kind: Kind, span: Span) -> str:
    """Return what a span is of, an address without its mask."""
    return span.what.partition("/")[0] if kind == "address" else span.what


def _aliases(facts: Facts, what: str) -> list[str]:
    """Return the devices of a disk, and the disks that are seen as a device."""
    disks = () if facts.site is None else facts.site.disks.values()
    found = [d.seen_as.values() for d in disks if d.name == what]
    return [*(a for f in found for a in f), *(d.name for d in disks if what in d.seen_as.values())]


def _address_of(services: Sequence[Service], what: str) -> bool:
    return any(what.partition("/")[0] in service.addresses for service in services)


def _known(facts: Facts, services: Sequence[Service]) -> list[str]:
    """Return every name that may be asked for."""
    kinds: tuple[Kind, ...] = ("address", "mount", "disk", "script")
    names = [
        name
        for s in services
        for name in (s.name, *s.addresses, *s.directories, *s.disks, *s.calls)
    ]
    return list(dict.fromkeys([*names, *(s.what for k in kinds for s in facts.spans(k))]))
