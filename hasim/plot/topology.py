"""The hardware of a cluster: who hangs on what, what is broken, what must not break."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from hasim.errors import HasimError
from hasim.lint.points import Loss, single_points
from hasim.plot import keys
from hasim.plot.inputs import Ran
from hasim.plot.looks import heading_of, mark_artists
from hasim.plot.places import Places, places_of
from hasim.plot.style import SIZE, WIDTH, clean, folded, lettered, new_axes, room_of, styled
from hasim.render import palette as ink
from hasim.render.broken import Trouble, troubles_at
from hasim.render.marks import Mark, marks_of
from hasim.render.svg import text_width
from hasim.render.window import Known, Time, instant, time_text
from hasim.units import Micros
from hasim.world.graph import graph_of

if TYPE_CHECKING:
    import networkx as nx
    from matplotlib.axes import Axes

__all__ = ["topology"]


class _Kind(NamedTuple):
    """How the parts of a kind look: shape, fill, and what they are called."""

    shape: str
    face: str
    said: str


_KINDS = {
    "node": _Kind("round,pad=0.45,rounding_size=0.5", "#cfe3f1", "node"),
    "nic": _Kind("square,pad=0.25", ink.PAPER, "network card"),
    "switch": _Kind("darrow,pad=0.3", ink.STRIP, "switch"),
    "host": _Kind("round4,pad=0.4", ink.PAPER, "pinged host"),
    "client": _Kind("roundtooth,pad=0.35,tooth_size=0.2", ink.PAPER, "client"),
    "disk": _Kind("ellipse,pad=0.2", "#e9dcf0", "disk"),
    "feed": _Kind("rarrow,pad=0.25", "#fbefcf", "power feed"),
    "stonith": _Kind("sawtooth,pad=0.4,tooth_size=0.2", "#fbefcf", "STONITH device"),
}
_SAID_MAX = 10


class _Wanted(NamedTuple):
    """What is to be drawn."""

    graph: nx.DiGraph[str]
    model: Any
    name: str
    losses: tuple[Loss, ...]


def _wanted(data: Any) -> _Wanted:
    """Return the hardware of a model, a run, or a graph that a model has made.

    Raises
    ------
    HasimError
        For anything else, and for a run that was read back.
    """
    if isinstance(data, Ran):
        if data.model is None:
            raise HasimError(
                "nothing to draw: this run was read back from a file, without hardware"
            )
        data = data.model
    model = getattr(data, "model", data)
    if model is None:
        raise HasimError("nothing to draw: this graph belongs to no model")
    if not hasattr(model, "site") or not hasattr(model, "configs"):
        raise HasimError(f"a model or a run is wanted, not {type(data).__name__}")
    losses = tuple(single_points(model.configs, model.site))
    return _Wanted(graph_of(model.site), model, str(model.name), losses)


def _part_of(loss: Loss) -> str:
    """Return the name in the graph of a part that must not break."""
    match loss.part.path:
        case ("node", node, "nic", nic):
            return f"{node}:{nic}"
        case ("feed", feed):
            return f"feed {feed}"
        case (_, name, *_):
            return str(name)
    return ""


def _lines(wanted: _Wanted, name: str) -> list[str]:
    """Return what stands in the box of a part."""
    graph, site = wanted.graph, wanted.model.site
    kind = graph.nodes[name]["kind"]
    bare = name.removeprefix(f"{kind} ")
    if kind == "nic":
        node, _, nic = name.partition(":")
        address = site.nodes[node].nics[nic].address
        return [nic, *([address.partition("/")[0]] if address else [])]
    feeds = [f for f in graph.predecessors(name) if graph.nodes[f]["kind"] == "feed"]
    if kind in ("switch", "host", "client") and feeds:
        return [bare, f"on {feeds[0].removeprefix('feed ')}"]
    return [bare]


def _of_wire(trouble: Trouble) -> bool:
    return trouble.state.startswith(("cut", "loses", "delays", "doubles"))


def _told(trouble: Trouble) -> str:
    """Return what is wrong with a part, and the numbers of the faults that make it so."""
    by = f" by {', '.join(map(str, trouble.faults))}" if trouble.faults else ""
    return f"{trouble.state}{by}"


def _size(lines: Sequence[str], kind: str) -> tuple[float, float]:
    wide = max(text_width(clean(line), SIZE, bold=kind == "node") for line in lines)
    more = {"switch": 34.0, "feed": 26.0, "disk": 24.0, "nic": 8.0}.get(kind, 14.0)
    return wide + more, len(lines) * SIZE * 1.3 + (6.0 if kind == "nic" else 10.0)


class _Drawing:
    """A topology being drawn; places are points from the top left."""

    def __init__(self, ax: Axes, wanted: _Wanted, places: Places) -> None:
        self.ax, self.wanted, self.at = ax, wanted, places.at

    def edges(self, broken: Mapping[str, Sequence[Trouble]]) -> None:
        """Draw wires, slots, paths, feeds and plugs."""
        graph = self.wanted.graph
        done: set[frozenset[str]] = set()
        for one, other, data in graph.edges(data=True):
            kind = data["kind"]
            if kind in ("power", "plug"):
                self._arrow(one, other, kind)
                continue
            if frozenset((one, other)) in done:
                continue
            done.add(frozenset((one, other)))
            bad = broken.get(data["wire"], ()) if kind == "wire" else ()
            bad = [t for t in bad if _of_wire(t)]
            cut = any(t.state.startswith("cut") for t in bad)
            looks: dict[str, Any] = {"color": ink.INK, "linewidth": 1.4, "linestyle": "-"}
            if kind != "wire":
                looks |= {"color": ink.QUIET, "linewidth": 1.0 if kind == "slot" else 2.4}
            if bad:
                looks |= {"color": ink.VERMILLION, "linestyle": (0, (4, 2)), "linewidth": 1.8}
            (ax_, ay), (bx, by) = self.at[one], self.at[other]
            (line,) = self.ax.plot(*self._way(one, other), zorder=1, **looks)
            line.set_label(f"_{kind} {data.get('wire', f'{one} {other}')}")
            if cut:
                self.ax.plot(
                    (ax_ + bx) / 2, (ay + by) / 2, "x", color=ink.VERMILLION, ms=9, mew=2.5
                )

    def _way(self, one: str, other: str) -> tuple[list[float], list[float]]:
        """Return how an edge runs: that of a STONITH device goes down first, beside the nodes."""
        (x, y), (to, down) = self.at[one], self.at[other]
        if self.wanted.graph.nodes[one]["kind"] == "stonith":
            return [x, x, to], [y, down, down]
        if self.wanted.graph.nodes[other]["kind"] == "stonith":
            return [x, to, to], [y, y, down]
        return [x, to], [y, down]

    def _arrow(self, one: str, other: str, kind: str) -> None:
        """Draw what feeds, or what a STONITH device switches; others have their feed written."""
        if kind == "power" and self.wanted.graph.nodes[other]["kind"] in (
            "switch",
            "host",
            "client",
        ):
            return
        plug = kind == "plug"
        look = {
            "arrowstyle": "-|>", "color": ink.VERMILLION if plug else "#b37b00",
            "linestyle": ":" if plug else "-", "linewidth": 1.2, "shrinkA": 4, "shrinkB": 14,
        }  # fmt: skip
        made = self.ax.annotate("", self.at[other], self.at[one], arrowprops=look, zorder=0.9)
        made.set_label(f"_{kind} {one} -> {other}")

    def part(self, name: str, troubles: Sequence[Trouble], weak: bool) -> None:
        """Draw the box of a part; a broken one is hatched, one that must not break has a frame."""
        kind = self.wanted.graph.nodes[name]["kind"]
        look, lines = _KINDS[kind], [*_lines(self.wanted, name), *map(_told, troubles)]
        own = [t for t in troubles if not _of_wire(t)]
        box: dict[str, Any] = {
            "boxstyle": look.shape, "facecolor": look.face, "edgecolor": ink.QUIET,
            "linewidth": 1.0,
        }  # fmt: skip
        if weak:
            box |= {"edgecolor": ink.BLUE, "linewidth": 2.4}
        if troubles:
            box |= {"edgecolor": ink.VERMILLION, "linewidth": 1.8}
        if own:
            box |= {"facecolor": ink.TINTS["dead"], "linestyle": (0, (4, 2))}
        said = self.ax.text(
            *self.at[name], "\n".join(map(clean, lines)), ha="center", va="center", fontsize=SIZE,
            fontweight="bold" if kind == "node" else "normal", bbox=box, zorder=3,
        )  # fmt: skip
        said.set_label(f"_{kind} {name}")


def _legend(
    wanted: _Wanted, troubles: Sequence[Trouble], marks: Sequence[Mark], room: float
) -> list[Any]:
    """Return the lines below: what must not break, the faults that broke something, the looks."""
    from matplotlib.lines import Line2D
    from matplotlib.patches import FancyArrowPatch, Rectangle

    out: list[Any] = []
    numbers = {n for t in troubles for n in t.faults}
    for made in marks:
        if made.number in numbers and not made.healed:
            out += keys.flow([keys.Sample(14, mark_artists(made), made.line)], room)
    said = [str(loss) for loss in wanted.losses]
    told = [line for sentence in said[:_SAID_MAX] for line in folded(sentence, room)]
    out += [keys.words(line, colour=ink.BLUE) for line in told]
    if len(said) > _SAID_MAX:
        out.append(keys.words(f"... and {len(said) - _SAID_MAX} more", colour=ink.BLUE))
    kinds = {data["kind"] for *_, data in wanted.graph.edges(data=True)}
    looks: list[keys.Sample] = []
    for kind, words, colour, wide in (
        ("wire", "cable", ink.INK, 1.4), ("path", "path to a disk", ink.QUIET, 2.4),
    ):  # fmt: skip
        if kind in kinds:
            line = Line2D([0, 22], [4, 4], color=colour, linewidth=wide)
            looks.append(keys.Sample(22, (line,), words))
    for kind, words, colour, dash in (
        ("power", "feeds", "#b37b00", "-"), ("plug", "switches off and on", ink.VERMILLION, ":"),
    ):  # fmt: skip
        if kind in kinds:
            arrow = FancyArrowPatch(
                (0, 4), (22, 4), arrowstyle="-|>", color=colour, linestyle=dash,
                mutation_scale=8, shrinkA=0, shrinkB=0,
            )  # fmt: skip
            looks.append(keys.Sample(22, (arrow,), words))
    if wanted.losses:
        frame = Rectangle((1, -1), 20, 9, facecolor="none", edgecolor=ink.BLUE, linewidth=2.4)
        looks.append(keys.Sample(22, (frame,), "single point of failure"))
    if troubles:
        box = Rectangle(
            (1, -1), 20, 9, facecolor=ink.TINTS["dead"], edgecolor=ink.VERMILLION, linestyle="--"
        )
        looks.append(keys.Sample(22, (box,), "broken, by fault"))
    return [*out, *keys.flow([*_shapes(wanted), *looks], room)]


def _shapes(wanted: _Wanted) -> list[keys.Sample]:
    from matplotlib.patches import FancyBboxPatch

    there = {data["kind"] for _, data in wanted.graph.nodes(data=True)}
    samples = []
    for kind, look in _KINDS.items():
        if kind in there:
            style = look.shape.partition(",")[0]
            box = FancyBboxPatch(
                (6, 1), 10, 5, boxstyle=f"{style},pad=0.25", mutation_scale=8, facecolor=look.face,
                edgecolor=ink.QUIET, linewidth=1.0,
            )  # fmt: skip
            samples.append(keys.Sample(24, (box,), look.said))
    return samples


def topology(
    data: Any, ax: Axes | None = None, *, at: Time | None = None, title: str | None = None
) -> Axes:
    """Draw the hardware of a cluster: nodes, cables, switches, disks, power.

    Feeds stand at the top, then disks, nodes, network cards, switches and what is plugged into
    them; the places follow from what hangs on what. Parts whose loss alone does harm have a frame,
    see :meth:`hasim.Model.single_points`.

    Parameters
    ----------
    data : Model, Run or graph
        A model, the graph of one (:attr:`hasim.Model.topology`), or a run.
    ax : Axes, optional
        Where; without it a figure is made.
    at : str or number, optional
        An instant of the run: what is broken then is drawn so, with the numbers of the faults.
    title : str, optional
        The heading; the name of the model if not given.

    Raises
    ------
    HasimError
        For what has no hardware, and for an instant without a run or outside it.
    """
    wanted = _wanted(data)
    when = instant(at)
    troubles, marks = _broken(data, when)
    broken: dict[str, list[Trouble]] = {}
    for trouble in troubles:
        broken.setdefault(trouble.part, []).append(trouble)
    sizes = {
        name: _size([*_lines(wanted, name), *map(_told, broken.get(name, ()))], data["kind"])
        for name, data in wanted.graph.nodes(data=True)
    }
    with styled():
        room = (WIDTH * 72 if ax is None else room_of(ax)) - 14
        places = places_of(wanted.graph, sizes, room)
        made = new_axes(ax, 1.0)
        made.set_axis_off()
        made.set_xticks([])
        made.set_yticks([])
        made.set_xlim(0, places.width)
        made.set_ylim(places.height, 0)
        lettered(made)
        drawing = _Drawing(made, wanted, places)
        drawing.edges(broken)
        weak = {_part_of(loss) for loss in wanted.losses}
        for name in wanted.graph:
            drawing.part(name, broken.get(name, ()), name in weak)
        legend = _legend(wanted, troubles, marks, room)
        quiet = f"Heartbeat {wanted.model.dialect}"
        quiet += "" if when is None else f"; at {time_text(when)}"
        lines = heading_of(made, title or wanted.name, quiet, (), room)
        keys.below(made, legend, down=8)
        if ax is None:
            figure: Any = made.figure
            height = places.height + 20 + (lines + len(legend)) * (keys.LINE + keys.SEP)
            figure.set_size_inches((places.width + 14) / 72, height / 72)
    return made


def _broken(data: Any, when: Micros | None) -> tuple[list[Trouble], list[Mark]]:
    if when is None:
        return [], []
    if not isinstance(data, Ran):
        raise HasimError("only a run has instants: give a run with at")
    end = data.trace.end
    if not 0 <= when <= end:
        raise HasimError(f"{time_text(when)} lies outside the run, which lasts {time_text(end)}")
    return troubles_at(data.trace, when), marks_of(Known(data.trace))
