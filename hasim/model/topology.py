"""The hardware of a site as a networkx graph, and the parts whose loss alone does harm."""

from __future__ import annotations

from itertools import combinations

import networkx as nx

from hasim.scenario import Simulable
from hasim.site import Site

__all__ = ["single_points_of", "topology_of"]


def topology_of(site: Site) -> nx.Graph[str]:
    """Return the network and the power feeds of a site as a graph that cannot be changed.

    Graph nodes have a ``kind``: ``node nic switch host disk feed``; edges have one of ``cable``
    (between NIC or host and switch), ``slot`` (node and NIC), ``disk`` and ``power``.
    """
    graph: nx.Graph[str] = nx.Graph()
    for switch in site.switches.values():
        graph.add_node(switch.name, kind="switch")
    for node in site.nodes.values():
        graph.add_node(node.name, kind="node")
        for nic in node.nics.values():
            end = f"{node.name}:{nic.name}"
            graph.add_node(end, kind="nic")
            graph.add_edge(node.name, end, kind="slot")
            graph.add_edge(end, nic.on, kind="cable")
    for host in site.hosts.values():
        graph.add_node(host.name, kind="host")
        graph.add_edge(host.name, host.on, kind="cable")
    for disk in site.disks.values():
        name = f"disk {disk.name}"
        graph.add_node(name, kind="disk")
        graph.add_edges_from(((name, node) for node in disk.seen_as), kind="disk")
    for feed in site.feed_names:
        graph.add_node(f"feed {feed}", kind="feed")
    graph.add_edges_from(((f"feed {a}", f"feed {b}") for a, b in site.feeds.items()), kind="power")
    for name, feed in _fed(site).items():
        graph.add_edge(name, f"feed {feed}", kind="power")
    nx.freeze(graph)
    return graph


def _fed(site: Site) -> dict[str, str]:
    """Return the feed of each node, switch and host that has one."""
    tables = (site.nodes, site.switches, site.hosts)
    fed = {name: part.power for table in tables for name, part in table.items()}
    return {name: feed for name, feed in fed.items() if feed is not None}


class _Ways:
    """Which nodes hear each other, and which ping nodes answer, when some parts are gone."""

    def __init__(self, model: Simulable) -> None:
        self.site = model.site
        self.nodes = list(model.configs)
        self.fed = _fed(model.site)
        self.carries = {
            node: [m.device for m in config.media if not m.kind.startswith("ping")]
            for node, config in model.configs.items()
        }
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
            dead = {name for name, own in self.fed.items() if feed in site.feed_line(own)}
            out.append((f"the feed {feed}", frozenset(dead)))
        return out

    def graph(self, gone: frozenset[str]) -> nx.Graph[str]:
        """Return the ways between nodes and hosts that are left."""
        graph: nx.Graph[str] = nx.Graph()
        graph.add_nodes_from(n for n in self.nodes if n not in gone)
        for node in list(graph):
            for device in self.carries[node]:
                nic = self.site.nodes[node].nics.get(device)
                if nic is not None and not gone & {f"{node}:{device}", nic.on}:
                    graph.add_edge(node, f"net {nic.on}")
        return graph

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
    whole = ways.graph(frozenset())
    out = []
    for part, gone in ways.parts():
        dead = [n for n in ways.nodes if n in gone]
        if len(dead) > 1:
            out.append(f"Without {part}, {_and(dead)} lose power together.")
        left = ways.graph(gone)
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
