"""Where the parts of a cluster stand in its picture: computed from what hangs on what."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from hasim.world.graph import only

if TYPE_CHECKING:
    import networkx as nx

__all__ = ["Places", "apart", "places_of"]

_GAP = 14.0


class Places(NamedTuple):
    """The middle of each part, in points from the top left, and the size of the whole."""

    at: Mapping[str, tuple[float, float]]
    width: float
    height: float


def apart(wished: Sequence[float], widths: Sequence[float], gap: float = _GAP) -> list[float]:
    """Return places as near to those wished as the widths allow, in the same order.

    Least squares under the condition that neighbours do not overlap: isotonic regression.
    """
    shift, shifts = 0.0, []
    for i, width in enumerate(widths):
        shift += (widths[i - 1] + width) / 2 + gap if i else 0.0
        shifts.append(shift)
    pools: list[tuple[float, int]] = []
    for wish, moved in zip(wished, shifts, strict=True):
        mean, many = wish - moved, 1
        while pools and pools[-1][0] > mean:
            other, number = pools.pop()
            mean, many = (mean * many + other * number) / (many + number), many + number
        pools.append((mean, many))
    flat = [mean for mean, many in pools for _ in range(many)]
    return [mean + moved for mean, moved in zip(flat, shifts, strict=True)]


def _rows(graph: nx.DiGraph[str]) -> list[list[str]]:
    """Return the rows of parts, from the top: feeds, disks, nodes, NICs, switches, ends."""
    import networkx as nx

    def of(*kinds: str) -> list[str]:
        return [name for name, data in graph.nodes(data=True) if data["kind"] in kinds]

    feeds = graph.subgraph(of("feed"))
    rows = [list(generation) for generation in nx.topological_generations(feeds)]
    # A feed of nodes stands right above them, however short its line is.
    near = [f for f in feeds if any(graph.nodes[p]["kind"] == "node" for p in graph.successors(f))]
    rows = [[f for f in row if f not in near] for row in rows]
    direct = [d for d in of("disk") if any(graph.nodes[n]["kind"] == "node" for n in graph[d])]
    far = [d for d in of("disk") if d not in direct]
    rows = [row for row in rows if row] or ([[]] if of("stonith") else [])
    if rows:
        rows[-1] += of("stonith")
    order = [*of("feed"), *of("stonith")]
    rows = [sorted(row, key=order.index) for row in rows]
    rows += [[f for f in order if f in near] + direct, of("node"), of("nic"), of("switch")]
    rows.append([*of("host", "client"), *far])
    return [row for row in rows if row]


def _wish(graph: nx.DiGraph[str], name: str, known: Mapping[str, float]) -> float | None:
    """Return the middle of the neighbours of a part that stand already."""
    found = [known[n] for n in dict.fromkeys((*graph.pred[name], *graph.succ[name])) if n in known]
    return sum(found) / len(found) if found else None


def _fenced(graph: nx.DiGraph[str], switch: str) -> bool:
    """Tell whether a STONITH device is plugged into a switch."""
    return any(graph.nodes[name]["kind"] == "stonith" for name in graph.predecessors(switch))


def places_of(
    graph: nx.DiGraph[str], sizes: Mapping[str, tuple[float, float]], room: float
) -> Places:
    """Return where the parts of a site stand.

    Parameters
    ----------
    graph : networkx.DiGraph
        That of :func:`hasim.world.graph.graph_of`.
    sizes : mapping
        Width and height of each part's box, in points.
    room : float
        How wide the picture is at least.
    """
    rows = _rows(graph)
    kinds = {name: graph.nodes[name]["kind"] for name in graph}
    x: dict[str, float] = {}
    # NICs first: each node stands over its own.
    nics = [n for row in rows for n in row if kinds[n] == "nic"]
    at, last = 0.0, ""
    for nic in nics:
        node = nic.partition(":")[0]
        at += (_GAP * (1.5 if node == last else 3.0) if last else 0.0) + sizes[nic][0] / 2
        x[nic], last = at, node
        at += sizes[nic][0] / 2
    stretch = max(1.0, 0.62 * room / at) if at else 1.0
    x = {name: place * stretch for name, place in x.items()}
    slots = only(graph, "slot")
    bare = [n for row in rows for n in row if kinds[n] == "node" and not len(slots[n])]
    for i, node in enumerate(bare):
        x[node] = at * stretch + (i + 1) * (sizes[node][0] + 2 * _GAP)
    order = [row for row in rows if kinds[row[0]] == "node"]
    below = [row for row in rows if kinds[row[0]] in ("switch", "host", "client")]
    order += [r for r in reversed(rows) if r not in order + below and kinds[r[0]] != "nic"]
    order += below
    middle = (min(x.values(), default=0.0) + max(x.values(), default=0.0)) / 2
    for row in order:
        wishes = {name: x.get(name, _wish(graph, name, x)) for name in row}
        far = max((at + sizes[n][0] / 2 for n, at in x.items()), default=0.0)
        for name in row:
            if kinds[name] == "stonith":  # its wire goes down beside the nodes
                wishes[name] = far + _GAP
        ends = [w for w in wishes.values() if w is not None]
        for name in row:  # and nothing stands between that wire and its switch
            wish = wishes[name]
            if kinds[name] == "switch" and wish is not None and _fenced(graph, name):
                wishes[name] = max([wish, *(end + 1 for end in ends)])
        wished = {n: middle if w is None else w for n, w in wishes.items()}
        found = sorted(row, key=lambda n: wished[n])
        placed = apart([wished[n] for n in found], [sizes[n][0] for n in found])
        x.update(zip(found, placed, strict=True))
    return _centred(rows, x, sizes, room)


def _centred(
    rows: Sequence[Sequence[str]],
    x: Mapping[str, float],
    sizes: Mapping[str, tuple[float, float]],
    room: float,
) -> Places:
    """Give the rows their heights, and put all of it in the middle."""
    left = min((x[n] - sizes[n][0] / 2 for n in x), default=0.0)
    right = max((x[n] + sizes[n][0] / 2 for n in x), default=0.0)
    width = max(room, right - left + 8)
    shift = (width - (right - left)) / 2 - left
    y = 6.0
    at: dict[str, tuple[float, float]] = {}
    for row in rows:
        height = max(sizes[name][1] for name in row)
        for name in row:
            at[name] = (x[name] + shift, y + height / 2)
        y += height + 30.0
    return Places(at, width, y - 24.0 if rows else 12.0)
