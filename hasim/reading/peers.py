"""Of whom lines speak: nodes of the cluster, and ping nodes."""

from __future__ import annotations

from collections.abc import Iterable

from hasim import events as ev
from hasim.events import Event

__all__ = ["absent", "pinged"]


def pinged(events: Iterable[Event]) -> frozenset[str]:
    """Return the ping nodes: their status is ``ping``, their link has their own name."""
    out: set[str] = set()
    for event in events:
        match event:
            case ev.NodeStatus(peer=peer, status="ping"):
                out.add(peer)
            case ev.LinkUp(peer=peer, medium=medium) | ev.LinkDead(peer=peer, medium=medium):
                if peer == medium:
                    out.add(peer)
    return frozenset(out)


def absent(events: Iterable[Event], nodes: Iterable[str]) -> tuple[str, ...]:
    """Return the nodes of the cluster of which others speak and which write nothing here."""
    kept = [e for e in events if isinstance(e, ev.NodeStatus | ev.LinkUp | ev.NodeDead)]
    known = {*nodes, *pinged(kept)}
    # What lines call dead may be a ping node as well: one with an address for a name is.
    spoken = {e.peer for e in kept if not e.peer.replace(".", "").isdigit()}
    return tuple(sorted(spoken - known))
