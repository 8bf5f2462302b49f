"""A figure for shares of runs, with their intervals; times are drawn by :mod:`hasim.plot`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from hasim.experiment.statistics import share

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

__all__ = ["panels", "shares"]


def panels(count: int, height: float = 3.6) -> Any:
    """Return the axes of a new figure, one below the other, each so many inches high."""
    from matplotlib import pyplot as plt

    from hasim.plot.style import WIDTH, styled

    with styled():
        size = WIDTH, count * height
        _, axes = plt.subplots(count, 1, figsize=size, layout="constrained", squeeze=False)
    return axes[:, 0]


def shares(
    rows: pd.DataFrame,
    ax: Any = None,
    *,
    against: str,
    of: Sequence[str] | str,
    lines: str | None = None,
    names: Sequence[str] | None = None,
    title: str | None = None,
) -> Axes:
    """Draw in which share of the runs something is true, as points with 95 % intervals.

    Parameters
    ----------
    rows : pandas.DataFrame
        One row for each run.
    ax : Axes, optional
        Where; without it a figure is made.
    against : str
        The column along the bottom: numbers, or words that stand side by side.
    of : str or sequence of str
        Columns that are true or not; several of them make lines.
    lines : str, optional
        The column that makes lines; for a single column `of`.
    names : sequence of str, optional
        What the columns are called.
    title : str, optional
        The heading.
    """
    from matplotlib.ticker import PercentFormatter

    from hasim.plot.style import LINES, MARKERS, SERIES, folded, lettered, new_axes, styled

    columns = [of] if isinstance(of, str) else [*of]
    parts = [(None, rows)] if lines is None else [*rows.groupby(lines, sort=False)]
    drawn = [
        ((names or columns)[i] if lines is None else f"{lines} {value:g}"
         if isinstance(value, float) else f"{value}", share(part, column, against))
        for value, part in parts
        for i, column in enumerate(columns)
    ]  # fmt: skip
    values = [*dict.fromkeys(rows[against])]
    numbers = all(isinstance(value, (int, float)) for value in values)
    places = {value: float(value) if numbers else float(i) for i, value in enumerate(values)}
    span = max(places.values()) - min(places.values()) if numbers else len(values)
    with styled():
        made = new_axes(ax, 3.6)
        for i, (name, found) in enumerate(drawn):
            x = [places[v] + (i - (len(drawn) - 1) / 2) * span * 0.012 for v in found[against]]
            reach = [found["rate"] - found["low"], found["high"] - found["rate"]]
            look = LINES[i % len(LINES)] if numbers else "none"
            made.errorbar(
                x, found["rate"], yerr=reach, label=name, color=SERIES[i % len(SERIES)],
                marker=MARKERS[i % len(MARKERS)], linestyle=look, capsize=2, elinewidth=1,
            )  # fmt: skip
        made.set_ylim(-0.03, 1.03)
        made.yaxis.set_major_formatter(PercentFormatter(1.0))
        made.grid(axis="y")
        if not numbers:
            width = (430 if len(drawn) == 1 else 330) / len(values)
            texts = ["\n".join(folded(str(value), width)) for value in values]
            made.set_xticks([*places.values()], texts)
            made.set_xlim(-0.6, len(values) - 0.4)
        if len(drawn) > 1:
            made.legend(loc="center left", bbox_to_anchor=(1.01, 0.5), frameon=False)
        lettered(made, title=title or "Shares of runs", x=against, y="share of runs")
    return made
