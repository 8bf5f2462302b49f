"""How long an outage is against a directive, and how often a takeover is a mistake."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from hasim.errors import HasimError
from hasim.plot.style import (
    LINES,
    MARKERS,
    SERIES,
    SIZE,
    clean,
    clock_text,
    empty,
    lettered,
    new_axes,
    new_pair,
    styled,
    time_axis,
)
from hasim.plot.tables import (
    checked,
    groups_of,
    is_number,
    is_table,
    key_text,
    values_of,
    varied,
)
from hasim.render import palette as ink
from hasim.statistics import rank, wilson

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

__all__ = ["latency"]

_QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95)
_NAMES = {"outage_s": "outage", "down_s": "time without service"}


class _Line(NamedTuple):
    """A line of the figure: places, the five quantiles at each, and the rows behind them."""

    said: str
    x: list[float]
    bands: np.ndarray[Any, Any]
    parts: list[pd.DataFrame]
    open: list[tuple[float, float]]


def _lines(
    table: pd.DataFrame, against: str, names: Sequence[str], of: str, places: dict[Any, float]
) -> list[_Line]:
    out = []
    for values, part in groups_of(table, names):
        x, bands, parts, lasting = [], [], [], []
        for (value,), rows in groups_of(part, [against]):
            x.append(places[value])
            parts.append(rows)
            known, ends = values_of(rows, of), np.array([])
            if of == "outage_s" and "open" in rows.columns and rows["open"].any():
                closed = ~rows["open"].astype(bool)
                known, ends = values_of(rows[closed], of), values_of(rows[~closed], of)
            lasting += [(places[value], float(end)) for end in ends]
            found = [*sorted(known), *[np.inf] * len(ends)]
            ranks = [rank(q, len(found)) for q in _QUANTILES]
            bands.append([found[i] if found else np.nan for i in ranks])
        said = key_text(names, values)
        out.append(_Line(said, x, np.array(bands).reshape(len(x), 5), parts, lasting))
    return out


def latency(
    data: Any,
    ax: Any = None,
    *,
    against: str = "deadtime",
    lines: Sequence[str] | str | None = None,
    of: str = "outage_s",
    recorded: Any = None,
    false: bool = False,
    title: str | None = None,
) -> Any:
    """Draw the outages of a sweep against what was swept: the median, and bands of quantiles.

    Parameters
    ----------
    data : pandas.DataFrame
        One row for each run and group, as :meth:`hasim.Model.sweep` returns it.
    ax : Axes or two of them, optional
        Where; without it a figure is made.
    against : str
        The column along the bottom: a directive such as ``deadtime`` or ``initdead`` in seconds, or
        any other column, whose values then stand side by side.
    lines : str or sequence of str, optional
        Columns that make lines; all others that were swept and vary, and the group, if not given.
    of : str
        The column that is drawn, in seconds. A quantile is a value that was observed. An outage
        that lasts to the end of its run counts as longer than all others: it is an open triangle
        where the run ends, and quantiles that fall on it are drawn beyond everything.
    recorded : table or sequence of pairs, optional
        Outages of the real daemon, drawn as points: a table with the columns `against` and `of`, or
        pairs of both in seconds.
    false : bool
        Whether a second panel tells in which share of runs a takeover was a mistake (column
        ``false_takeovers``), with the interval after Wilson at 95 % confidence.
    title : str, optional
        The heading.

    Returns
    -------
    Axes or array of two Axes
        Two with `false`: outages, and mistakes.

    Raises
    ------
    HasimError
        For what is no table, for a column that it lacks, and for one without numbers.
    """
    table = checked(data, against, of, *(["false_takeovers"] if false else []))
    names = [lines] if isinstance(lines, str) else lines
    names = varied(table, but=(against,)) if names is None else list(names)
    checked(table, *names)
    values_of(table, of)
    points = [] if recorded is None else _recorded(recorded, against, of)
    with styled():
        made = new_pair(ax, 6.2, (3, 2)) if false else [new_axes(ax, 4.0)]
        what = _NAMES.get(of, of.removesuffix("_s"))
        heading = title or f"{what.capitalize()} against {against}"
        numbers = is_number(table[against]) if len(table) else True
        lettered(made[0], title=heading, y=f"{what} (m:ss)")
        lettered(made[-1], x=f"{against} (m:ss)" if numbers else against)
        if not len(table):
            for one in made:
                empty(one, "the table has no rows")
            return made if false else made[0]
        places = _places(table[against], numbers, made[-1])
        found = _lines(table, against, names, of, places)
        if not any((~np.isnan(line.bands)).any() for line in found) and not points:
            empty(made[0], f"no {what} in {len(table)} runs")
        else:
            _draw(made[0], found, places, numbers, points)
        if false:
            _mistakes(made[1], found, places)
        _ticks(made, places, numbers, table[against])
    return made if false else made[0]


def _places(column: pd.Series[Any], numbers: bool, ax: Axes) -> dict[Any, float]:
    """Return where each value stands along the bottom."""
    values = [value for (value,), _ in groups_of(column.to_frame(), [str(column.name)])]
    if numbers:
        return {value: float(value) for value in values}
    return {value: float(i) for i, value in enumerate(values)}


def _recorded(recorded: Any, against: str, of: str) -> list[tuple[float, float]]:
    """Return points of recordings.

    Raises
    ------
    HasimError
        For what is neither a table with the columns nor pairs of numbers.
    """
    if is_table(recorded):
        table = checked(recorded, against, of)
        recorded = table[[against, of]].itertuples(index=False)
    try:
        return [(float(x), float(y)) for x, y in recorded]
    except (TypeError, ValueError):
        text = f"recorded takes a table with {against!r} and {of!r}, or pairs of seconds"
        raise HasimError(text) from None


def _dodge(places: dict[Any, float], number: int, many: int) -> float:
    """Return by how much a line stands beside its places, so that no line hides another."""
    at = sorted(places.values())
    apart = min((b - a for a, b in pairwise(at)), default=1.0)
    return (number - (many - 1) / 2) * apart * min(0.06, 0.4 / many) if many > 1 else 0.0


def _draw(
    ax: Axes,
    found: Sequence[_Line],
    places: dict[Any, float],
    numbers: bool,
    points: Sequence[tuple[float, float]],
) -> None:
    from matplotlib.lines import Line2D
    from matplotlib.patches import Patch

    handles: list[Any] = []
    lasting = 0
    seen = [line.bands[np.isfinite(line.bands)] for line in found]
    seen += [np.array([end for _, end in line.open]) for line in found]
    beyond = 1.08 * max((float(one.max()) for one in seen if len(one)), default=1.0)
    at = sorted(places.values())
    stub = min((b - a for a, b in pairwise(at)), default=1.0) * 0.08
    for i, line in enumerate(found):
        colour, dash = SERIES[i % len(SERIES)], LINES[i % len(LINES)]
        x = np.array(line.x) + _dodge(places, i, len(found))
        alone = len(x) == 1 or not numbers
        bands = np.minimum(line.bands, beyond)
        for low, high, dark in ((0, 4, 0.16), (1, 3, 0.3)):
            looks: dict[str, Any] = {
                "color": colour, "alpha": dark, "linewidth": 0, "zorder": 1.5,
                "label": f"_band {_QUANTILES[low]}-{_QUANTILES[high]} {clean(line.said)}",
            }  # fmt: skip
            if alone:
                span = bands[:, high] - bands[:, low]
                ax.bar(x, span, stub * (2 if low else 3), bottom=bands[:, low], **looks)
            else:
                ax.fill_between(x, bands[:, low], bands[:, high], **looks)
        (median,) = ax.plot(
            x, bands[:, 2], color=colour, linestyle="none" if not numbers else dash,
            marker=MARKERS[i % len(MARKERS)], zorder=3,
        )  # fmt: skip
        median.set_label(clean(line.said) or "median")
        handles.append(median)
        if line.open:
            ends = np.array(line.open)
            ends[:, 0] += _dodge(places, i, len(found))
            ax.plot(
                ends[:, 0], ends[:, 1], linestyle="none", marker=10, markersize=7, color=colour,
                markerfacecolor="none", label="_open", zorder=3.5,
            )  # fmt: skip
            lasting += len(line.open)
    grey = ink.GREY
    handles += [
        Patch(color=grey, alpha=0.46, label="25 % to 75 %"),
        Patch(color=grey, alpha=0.16, label="5 % to 95 %"),
    ]
    if lasting:
        label = f"lasts to the end of the run ({lasting})"
        handles.append(
            Line2D([], [], linestyle="none", marker=10, color=ink.INK, mfc="none", label=label)
        )
    if points:
        (made,) = ax.plot(
            *zip(*points, strict=True), linestyle="none", marker="*", markersize=9,
            markerfacecolor=ink.YELLOW, markeredgecolor=ink.INK, markeredgewidth=0.8, zorder=4,
        )  # fmt: skip
        made.set_label("recorded")
        handles.append(made)
    ax.set_ylim(bottom=0, top=None if ax.get_ylim()[1] > 0 else 1)
    ax.grid(axis="y")
    time_axis(ax.yaxis)
    columns = 1 if max(len(str(h.get_label())) for h in handles) > 30 else 2
    legend = ax.legend(handles=handles, loc="best", ncols=columns)
    for text in legend.get_texts():
        text.set_parse_math(False)


def _mistakes(ax: Axes, found: Sequence[_Line], places: dict[Any, float]) -> None:
    """Draw in which share of runs a takeover was a mistake, with its interval."""
    top = 0.0
    for i, line in enumerate(found):
        x = np.array(line.x) + _dodge(places, i, len(found))
        hits = [int((part["false_takeovers"] > 0).sum()) for part in line.parts]
        share = np.array([h / len(part) for h, part in zip(hits, line.parts, strict=True)])
        bounds = np.array([wilson(h, len(p)) for h, p in zip(hits, line.parts, strict=True)])
        made = ax.errorbar(
            x, share, yerr=[share - bounds[:, 0], bounds[:, 1] - share], capsize=3,
            color=SERIES[i % len(SERIES)], marker=MARKERS[i % len(MARKERS)],
            linestyle=LINES[i % len(LINES)], elinewidth=1.0, clip_on=False, zorder=3,
        )  # fmt: skip
        made.set_label(f"_false {clean(line.said)}")
        top = max(top, float(bounds[:, 1].max()))
    ax.set_ylim(0, min(1.0, top * 1.1) if top else 1.0)
    ax.yaxis.set_major_formatter(lambda y, _: f"{100 * y:.3g} %")
    lettered(ax, y="runs with a mistaken takeover")
    ax.grid(axis="y")


def _ticks(
    axes: Sequence[Axes], places: dict[Any, float], numbers: bool, column: pd.Series[Any]
) -> None:
    """Name the values along the bottom."""
    at = sorted(places.values())
    edge = max((at[-1] - at[0]) * 0.06, 0.5 if not numbers else max(at[-1], 1.0) * 0.05)
    for ax in axes:
        ax.set_xlim(at[0] - edge, at[-1] + edge)
    last = axes[-1]
    if not numbers:
        last.set_xticks(at, [clean(str(v)) for v in places], fontsize=SIZE, parse_math=False)
    elif len(at) <= 8:
        whole = all(float(value).is_integer() for value in at)
        last.set_xticks(at, [clock_text(v, 1.0 if whole else 0.1) for v in at], fontsize=SIZE)
    else:
        time_axis(last.xaxis)
