"""The hardware of a site as a networkx graph, and the parts whose loss alone does harm."""

from __future__ import annotations

from itertools import combinations

import networkx as nx

from hasim.scenario import Simulable
from hasim.site import Site
from hasim.world.graph import graph_of, only

__all__ = ["single_points_of", "topology_of"]


def topology_of(site: Site) -> nx.Graph[str]:
    """Return the hardware of a site as a graph that cannot be changed.

    It is that of :func:`hasim.world.graph.graph_of`, its arcs without direction: graph nodes and
    edges have a ``kind``.
    """
    graph: nx.Graph[str] = graph_of(site).to_undirected()
    nx.freeze(graph)
    return graph


class _Ways:
    """Which nodes hear each other, and which ping nodes answer, when some parts are gone."""

    def __init__(self, model: Simulable) -> None:
        self.site = model.site
        self.nodes = list(model.configs)
        hardware = graph_of(model.site)
        self.power = only(hardware, "power")
        # Heartbeats take the NICs that have a medium, and the switches.
        carries = {
            f"{node}:{medium.device}"
            for node, config in model.configs.items()
            for medium in config.media
            if not medium.kind.startswith("ping")
        }
        parts = {*self.nodes, *self.site.switches, *carries}
        self.net: nx.DiGraph[str] = nx.subgraph_view(
            only(hardware, "wire", "slot"), filter_node=lambda name: name in parts
        )
        pinged = {
            name: medium.hosts
            for config in model.configs.values()
            for name, medium in ((m.device, m) for m in config.media if m.kind.startswith("ping"))
        }
        here = self.site.hosts
        self.pinged = {name: [h for h in hosts if h in here] for name, hosts in pinged.items()}

    def parts(self) -> list[tuple[str, frozenset[str]]]:
        """Return every part that can fail, with the names that fail with it."""
        site = self.site
        out = [
            (f"the cable {node}:{nic}", frozenset({f"{node}:{nic}"}))
            for node in self.nodes
            for nic in site.nodes[node].nics
        ]
        out += [(f"the switch {name}", frozenset({name})) for name in site.switches]
        hosts = dict.fromkeys(host for hosts in self.pinged.values() for host in hosts)
        out += [(f"the host {host}", frozenset({host})) for host in hosts]
        for feed in site.feed_names:
            dead = frozenset(nx.descendants(self.power, f"feed {feed}"))
            out.append((f"the feed {feed}", dead))
        return out

    def left(self, gone: frozenset[str]) -> nx.DiGraph[str]:
        """Return the ways between nodes that are left."""
        view: nx.DiGraph[str] = nx.subgraph_view(
            self.net, filter_node=lambda name: name not in gone
        )
        return view

    def answers(self, name: str, gone: frozenset[str]) -> bool:
        """Tell whether any node that is left reaches a host of a ping node."""
        for host in self.pinged[name]:
            on = self.site.hosts[host].on
            if gone & {host, on}:
                continue
            for node in self.nodes:
                nics = [n for n in self.site.nodes[node].nics.values() if n.on == on]
                if node not in gone and any(f"{node}:{n.name}" not in gone for n in nics):
                    return True
        return False


def single_points_of(model: Simulable) -> list[str]:
    """Return, a sentence each, the parts whose loss alone takes away what should be redundant.

    Looked at: that some node has power, that nodes which run hear each other, that ping nodes
    answer. What is lacking without any loss is not reported.
    """
    ways = _Ways(model)
    whole = ways.left(frozenset())
    out = []
    for part, gone in ways.parts():
        dead = [n for n in ways.nodes if n in gone]
        if len(dead) > 1:
            out.append(f"Without {part}, {_and(dead)} lose power together.")
        left = ways.left(gone)
        for a, b in combinations([n for n in ways.nodes if n not in gone], 2):
            if nx.has_path(whole, a, b) and not nx.has_path(left, a, b):
                out.append(f"Without {part}, {a} and {b} do not hear each other.")
        for name in ways.pinged:
            known = len(dead) < len(ways.nodes) and ways.answers(name, frozenset())
            if known and not ways.answers(name, gone):
                out.append(f"Without {part}, the ping node {name} answers nobody.")
    return out


def _and(names: list[str]) -> str:
    return f"{', '.join(names[:-1])} and {names[-1]}"
