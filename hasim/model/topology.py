"""The hardware of a site as a networkx graph, and the parts whose loss alone does harm."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import networkx as nx

from hasim.lint.points import single_points
from hasim.scenario import Simulable
from hasim.world.graph import graph_of

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    _Graph = nx.Graph[str]
else:
    _Graph = nx.Graph

__all__ = ["Hardware", "single_points_of", "topology_of"]


class Hardware(_Graph):
    """The hardware of a model as a graph: every part of the site, its arcs without direction.

    It is a :class:`networkx.Graph`; graph nodes and edges have a ``kind``, see
    :func:`hasim.world.graph.graph_of`. Graphs that networkx derives from it have no model.
    """

    model: Simulable | None = None

    def plot(self, ax: Axes | None = None, **options: Any) -> Axes:
        """Draw it; see :func:`hasim.plot.topology`.

        Raises
        ------
        HasimError
            For a graph that was derived from that of a model.
        """
        from hasim.plot.topology import topology

        return topology(self, ax, **options)


def topology_of(model: Simulable) -> Hardware:
    """Return the hardware of a model as a graph that cannot be changed.

    It is that of :func:`hasim.world.graph.graph_of`, its arcs without direction: graph nodes and
    edges have a ``kind``.
    """
    graph = Hardware(graph_of(model.site).to_undirected())
    graph.model = model
    nx.freeze(graph)
    return graph


def single_points_of(model: Simulable) -> list[str]:
    """Return, a sentence each, the parts whose loss alone takes away what should be redundant.

    Looked at is what :func:`hasim.lint.points.single_points` says.
    """
    return [str(loss) for loss in single_points(model.configs, model.site)]
