"""Physical connections: a networkx graph whose arcs are up iff no cause cuts them.

A cable is two arcs, so one-way faults are ordinary.  Faults add and remove *causes*; per-packet
code never asks the graph but reads routes that are rebuilt when a cause changes.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import networkx as nx

from hasim.site import Latency, Site
from hasim.units import Micros
from hasim.world.graph import ENDS, graph_of

__all__ = ["WAYS", "Path", "Topology", "TopologyState", "WireState"]

WAYS = ("out", "in")


@dataclass(slots=True)
class WireState:
    """What is done to one cable: per way the causes that cut it, and loss, delay, duplication.

    ``out`` is away from the node or host that the cable belongs to.
    """

    cut: dict[str, list[int]] = field(default_factory=lambda: {"out": [], "in": []})
    lose: dict[str, dict[int, int]] = field(default_factory=lambda: {"out": {}, "in": {}})
    delay: dict[str, dict[int, int]] = field(default_factory=lambda: {"out": {}, "in": {}})
    duplicate: dict[str, dict[int, int]] = field(default_factory=lambda: {"out": {}, "in": {}})


@dataclass(slots=True)
class TopologyState:
    """All that changes: cables, parts without power (by cause), and filters between two ends."""

    wires: dict[str, WireState]
    unpowered: dict[str, list[int]] = field(default_factory=dict)
    filtered: dict[str, list[int]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Path:
    """An open way from one NIC to another: base latency, and what faults add.

    ``lose`` and ``duplicate`` are (stream, parts in a thousand) of each cable on the way.
    """

    target: str
    latency: Latency
    extra_us: Micros = 0
    lose: tuple[tuple[str, int], ...] = ()
    duplicate: tuple[tuple[str, int], ...] = ()


class Topology:
    """The graph of a site and its state; the only one to change an arc.

    The graph holds every part of the site (:func:`hasim.world.graph.graph_of`); packets take its
    wires only, between NICs, hosts and clients.
    """

    def __init__(self, site: Site, state: TopologyState | None = None) -> None:
        self.site = site
        self.graph: nx.DiGraph[str] = graph_of(site)
        self.addresses: dict[str, str] = {}
        for node in site.nodes.values():
            for nic in node.nics.values():
                if nic.address:
                    self.addresses[nic.address.partition("/")[0]] = f"{node.name}:{nic.name}"
        ports = (f"stonith {device}" for device in site.stonith)
        wires = {name: WireState() for name in (*self._ends(), *ports)}
        self.state = state if state is not None else TopologyState(wires)

    def _ends(self) -> Iterator[str]:
        for name, data in self.graph.nodes(data=True):
            if data["kind"] in ENDS:
                yield name

    def switch_of(self, end: str) -> str:
        """Return the switch that a NIC or host is plugged into."""
        return str(self.graph.nodes[end]["switch"])

    def neighbours(self, end: str) -> list[str]:
        """Return the other ends on the same switch, in the order of the site."""
        switch = self.switch_of(end)
        return [e for e in self._ends() if e != end and self.switch_of(e) == switch]

    # ---- power ----------------------------------------------------------------------------------

    def feed_of(self, part: str) -> str | None:
        """Return the feed that a node, switch, host or device hangs on; None needs no power."""
        site = self.site
        if part in site.nodes:
            return site.nodes[part].power
        if part in site.switches:
            return site.switches[part].power
        if part.startswith("stonith "):
            return site.stonith[part.removeprefix("stonith ")].power
        return site.hosts[part].power if part in site.hosts else None

    def power_causes(self, part: str) -> list[int]:
        """Return the causes that keep a part without power, its feeds' included."""
        feed = self.feed_of(part)
        line = (part, *(self.site.feed_line(feed) if feed else ()))
        return [cause for p in line for cause in self.state.unpowered.get(p, ())]

    # ---- ways -----------------------------------------------------------------------------------

    def blockers(self, sender: str, receiver: str) -> list[int]:
        """Return every cause that stands between two ends of one switch."""
        wires, switch = self.state.wires, self.switch_of(sender)
        found = [*wires[sender].cut["out"], *wires[receiver].cut["in"], *self.power_causes(switch)]
        for end in (sender, receiver):
            if end in self.site.hosts:
                found += self.power_causes(end)
        return found + self.state.filtered.get(_pair(sender, receiver), [])

    def troubles(self, sender: str, receiver: str) -> list[int]:
        """Return every cause of loss or delay between two ends of one switch."""
        ways = ((self.state.wires[sender], "out"), (self.state.wires[receiver], "in"))
        return [cause for wire, way in ways for cause in (*wire.lose[way], *wire.delay[way])]

    def path(self, sender: str, receiver: str) -> Path | None:
        """Return the open way between two ends of one switch, or None."""
        if self.blockers(sender, receiver):
            return None
        ways = ((sender, "out"), (receiver, "in"))
        wires = self.state.wires

        def worst(kind: Mapping[str, dict[str, dict[int, int]]]) -> tuple[tuple[str, int], ...]:
            found = ((e, w, max(kind[e][w].values())) for e, w in ways if kind[e][w])
            return tuple((f"{e}/{w}", amount) for e, w, amount in found if amount)

        delays = (max(wires[e].delay[w].values(), default=0) for e, w in ways)
        return Path(
            receiver,
            self.site.switches[self.switch_of(sender)].latency,
            sum(delays),
            worst({e: wires[e].lose for e, _ in ways}),
            worst({e: wires[e].duplicate for e, _ in ways}),
        )

    # ---- changes --------------------------------------------------------------------------------

    def filter(self, one: str, other: str, cause: int) -> None:
        """Let a switch drop everything between two ends."""
        self.state.filtered.setdefault(_pair(one, other), []).append(cause)

    def unfilter(self, one: str, other: str) -> None:
        """End :meth:`filter`."""
        self.state.filtered.pop(_pair(one, other), None)


def _pair(one: str, other: str) -> str:
    return " ".join(sorted((one, other)))
