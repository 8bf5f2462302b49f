"""The hardware of a site as one graph: what hangs on what, built here and nowhere else."""

from __future__ import annotations

import networkx as nx

from hasim.site import Site

__all__ = ["ENDS", "graph_of", "only"]

#: Kinds of graph nodes that are an end of a network cable which carries packets.
ENDS = ("nic", "host", "client")


def graph_of(site: Site) -> nx.DiGraph[str]:
    """Return the graph of a site: every part, and how it is connected.

    Graph nodes have a ``kind``: ``switch node nic host client disk feed stonith``. NICs are named
    ``node1:eth0``; disks, feeds and STONITH devices have their kind before their name
    (``disk web``), all others are called as in the site.

    Arcs have a ``kind`` too:

    ========= =====================================================================
    ``wire``  a network cable, both ways; ``wire`` names it, ``way`` is out or in
    ``slot``  between a node and its NIC, both ways
    ``path``  between a disk and its nodes, or the switch that it is on, both ways
    ``power`` from a feed to what it feeds
    ``plug``  from a STONITH device to a feed that it switches
    ========= =====================================================================

    An algorithm that looks for ways takes the kinds that it means: see :func:`only`.
    """
    graph: nx.DiGraph[str] = nx.DiGraph()
    for switch in site.switches.values():
        graph.add_node(switch.name, kind="switch")
    for node in site.nodes.values():
        graph.add_node(node.name, kind="node")
        for nic in node.nics.values():
            end = f"{node.name}:{nic.name}"
            _plug(graph, end, nic.on, "nic")
            _both_ways(graph, node.name, end, "slot")
    for host in site.hosts.values():
        _plug(graph, host.name, host.on, "host" if host.probes is None else "client")
    for disk in site.disks.values():
        name = f"disk {disk.name}"
        graph.add_node(name, kind="disk")
        for end in disk.seen_as if disk.path == "direct" else (disk.path,):
            if end in graph:
                _both_ways(graph, name, end, "path")
    fed = _fed(site)
    plugs = (feed for device in site.stonith.values() for feed in device.plugs.values())
    # A site that was not read from a file may use feeds that no table names.
    for feed in (*site.feed_names, *fed.values(), *plugs):
        graph.add_node(f"feed {feed}", kind="feed")
    for device in site.stonith.values():
        name = f"stonith {device.name}"
        graph.add_node(name, kind="stonith")
        if device.on is not None:
            _plug(graph, name, device.on, "stonith")
        for feed in device.plugs.values():
            graph.add_edge(name, f"feed {feed}", kind="plug")
    for feed, above in site.feeds.items():
        graph.add_edge(f"feed {above}", f"feed {feed}", kind="power")
    for name, fed_by in fed.items():
        graph.add_edge(f"feed {fed_by}", name, kind="power")
    return graph


def only(graph: nx.DiGraph[str], *kinds: str) -> nx.DiGraph[str]:
    """Return a view of a graph with all its nodes and the arcs of some kinds."""
    view: nx.DiGraph[str] = nx.subgraph_view(
        graph, filter_edge=lambda a, b: graph.edges[a, b]["kind"] in kinds
    )
    return view


def _plug(graph: nx.DiGraph[str], end: str, switch: str, kind: str) -> None:
    graph.add_node(end, kind=kind, switch=switch)
    graph.add_edge(end, switch, kind="wire", wire=end, way="out")
    graph.add_edge(switch, end, kind="wire", wire=end, way="in")


def _both_ways(graph: nx.DiGraph[str], one: str, other: str, kind: str) -> None:
    graph.add_edge(one, other, kind=kind)
    graph.add_edge(other, one, kind=kind)


def _fed(site: Site) -> dict[str, str]:
    """Return the feed of each part that has one."""
    fed: dict[str, str | None] = {node.name: node.power for node in site.nodes.values()}
    fed |= {switch.name: switch.power for switch in site.switches.values()}
    fed |= {host.name: host.power for host in site.hosts.values()}
    fed |= {f"stonith {device.name}": device.power for device in site.stonith.values()}
    return {name: feed for name, feed in fed.items() if feed is not None}
