"""The hardware of a site as a networkx graph, and the parts whose loss alone does harm."""

from __future__ import annotations

import networkx as nx

from hasim.lint.points import single_points
from hasim.scenario import Simulable
from hasim.site import Site
from hasim.world.graph import graph_of

__all__ = ["single_points_of", "topology_of"]


def topology_of(site: Site) -> nx.Graph[str]:
    """Return the hardware of a site as a graph that cannot be changed.

    It is that of :func:`hasim.world.graph.graph_of`, its arcs without direction: graph nodes and
    edges have a ``kind``.
    """
    graph: nx.Graph[str] = graph_of(site).to_undirected()
    nx.freeze(graph)
    return graph


def single_points_of(model: Simulable) -> list[str]:
    """Return, a sentence each, the parts whose loss alone takes away what should be redundant.

    Looked at is what :func:`hasim.lint.points.single_points` says.
    """
    return [str(loss) for loss in single_points(model.configs, model.site)]
