"""Lines that explain a figure: below its axes, or between them and the title."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from hasim.plot.style import SIZE, clean
from hasim.render import palette as ink
from hasim.render.svg import text_width

if TYPE_CHECKING:
    from matplotlib.artist import Artist
    from matplotlib.axes import Axes

__all__ = ["LINE", "SEP", "Sample", "above", "below", "flow", "words"]

#: Height of a line of text, in points.
LINE = SIZE * 1.2
#: Between two lines.
SEP = 4.0
_GAP = 12.0


class Sample(NamedTuple):
    """A thing of the figure, drawn in a box of some points, and what it means.

    The artists stand in points, from the lower left corner of the box.
    """

    width: float
    artists: tuple[Artist, ...]
    said: str


def words(text: str, *, colour: str = ink.INK, bold: bool = False, size: float = SIZE) -> Any:
    """Return a line of text to pack."""
    from matplotlib.offsetbox import TextArea

    weight = "bold" if bold else "normal"
    looks = {"color": colour, "fontsize": size, "fontweight": weight, "parse_math": False}
    return TextArea(clean(text), textprops=looks)


def _one(sample: Sample) -> Any:
    from matplotlib.offsetbox import DrawingArea, HPacker

    area = DrawingArea(sample.width, SIZE, 0, 0)
    for artist in sample.artists:
        area.add_artist(artist)
    return HPacker(children=[area, words(sample.said)], pad=0, sep=4, align="center")


def flow(samples: Sequence[Sample], room: float) -> list[Any]:
    """Return samples side by side, in as many lines as they need."""
    from matplotlib.offsetbox import HPacker

    lines: list[list[Sample]] = []
    used = 0.0
    for sample in samples:
        wide = sample.width + 4 + text_width(clean(sample.said), SIZE) + _GAP
        if not lines or used + wide > room + _GAP:
            lines.append([])
            used = 0.0
        lines[-1].append(sample)
        used += wide
    return [
        HPacker(children=[_one(s) for s in line], pad=0, sep=_GAP, align="center") for line in lines
    ]


def _packed(ax: Axes, lines: Sequence[Any], loc: str, at: tuple[float, float], move: Any) -> None:
    from matplotlib.offsetbox import AnchoredOffsetbox, VPacker

    if not lines:
        return
    box = AnchoredOffsetbox(
        loc, child=VPacker(children=[*lines], pad=0, sep=SEP, align="left"), frameon=False, pad=0,
        borderpad=0, bbox_to_anchor=at, bbox_transform=ax.transAxes + move,
    )  # fmt: skip
    box.set_clip_on(False)
    ax.add_artist(box)


def _moved(ax: Axes, right: float, up: float) -> Any:
    from matplotlib.transforms import ScaledTranslation

    figure: Any = ax.figure
    return ScaledTranslation(right / 72, up / 72, figure.dpi_scale_trans)


def below(ax: Axes, lines: Sequence[Any], *, left: float = 0.0, down: float = 34.0) -> None:
    """Put lines under axes: so many points to the left of them, and so many down."""
    _packed(ax, lines, "upper left", (0, 0), _moved(ax, -left, -down))


def above(ax: Axes, lines: Sequence[Any], *, left: float = 0.0, up: float = 5.0) -> None:
    """Put lines over axes."""
    _packed(ax, lines, "lower left", (0, 1), _moved(ax, -left, up))
