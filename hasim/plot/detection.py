"""How long it takes to notice: the distribution of a sweep against that of a formula."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import numpy as np

from hasim.errors import HasimError
from hasim.plot.inputs import Ran, seconds
from hasim.plot.style import clean, empty, lettered, new_pair, styled, time_axis
from hasim.plot.tables import checked, is_table, values_of
from hasim.render import palette as ink

__all__ = ["detection"]

_POINTS = 400
_BINS_MAX = 40
# How many bins may stand beside the data, and which share of a law need not be shown.
_BESIDE, _TAIL = 50, 0.002


def _times(data: Any, of: str) -> np.ndarray[Any, Any]:
    """Return the times of what was given, in seconds, in order.

    Raises
    ------
    HasimError
        For what is neither a table with the column, nor runs, nor numbers.
    """
    if is_table(data):
        return np.sort(values_of(checked(data, of), of))
    if isinstance(data, Ran):
        data = [data]
    if isinstance(data, Iterable) and not isinstance(data, str | bytes | Mapping):
        found = list(data)
        if found and all(isinstance(run, Ran) for run in found):
            found = [seconds(lost.breakdown[0]) for run in found for lost in run.outage]
        try:
            times = np.array([float(time) for time in found])
        except (TypeError, ValueError):
            raise HasimError("a table, runs, or times in seconds are wanted") from None
        return np.sort(times[np.isfinite(times)])
    raise HasimError(f"a table, runs, or times in seconds are wanted, not {type(data).__name__}")


def _law(closed_form: Any) -> Callable[[float], float]:
    """Return a distribution function of seconds.

    Raises
    ------
    HasimError
        For what is neither one nor a table of one.
    """
    if hasattr(closed_form, "cdf"):
        closed_form = closed_form.cdf
    if callable(closed_form):
        return lambda time: float(closed_form(time))
    try:
        pairs = closed_form.to_numpy() if is_table(closed_form) else list(closed_form)
        x, p = np.array([(float(a), float(b)) for a, b in pairs]).T
    except (TypeError, ValueError):
        raise HasimError(
            "closed_form takes a function of seconds, an object with cdf, or pairs of seconds and "
            "probabilities"
        ) from None
    order = np.argsort(x, kind="stable")
    x, p = x[order], p[order]
    if (np.diff(p) < 0).any() or p[0] < 0 or p[-1] > 1 + 1e-9:
        raise HasimError("closed_form: probabilities must rise from 0 to 1")
    return lambda time: float(np.interp(time, x, p, left=0.0, right=1.0))


def _edges(times: np.ndarray[Any, Any], bins: int | None) -> np.ndarray[Any, Any]:
    """Return the edges of bins: by the rule of Freedman and Diaconis, if not told otherwise."""
    low, high = float(times[0]), float(times[-1])
    if high - low < 1e-6:
        return np.array([low - 0.5, low + 0.5])
    if bins is None:
        quarter, half = np.quantile(times, (0.25, 0.75))
        width = 2 * float(half - quarter) / len(times) ** (1 / 3)
        bins = round((high - low) / width) if width > 0 else 10
        bins = max(5, min(bins, _BINS_MAX))
    return np.linspace(low, high, bins + 1)


def _widened(edges: np.ndarray[Any, Any], law: Callable[[float], float]) -> np.ndarray[Any, Any]:
    """Return edges with as many bins beside them as the law needs, and no more than a hundred."""
    width = float(edges[1] - edges[0])
    below = above = 0
    while below < _BESIDE and law(float(edges[0]) - below * width) > _TAIL:
        below += 1
    while above < _BESIDE and law(float(edges[-1]) + above * width) < 1 - _TAIL:
        above += 1
    more = edges[0] - width * np.arange(below, 0, -1), edges[-1] + width * np.arange(1, above + 1)
    return np.concatenate((more[0], edges, more[1]))


def detection(
    data: Any,
    ax: Any = None,
    *,
    closed_form: Any = None,
    of: str = "detect_s",
    bins: int | None = None,
    title: str | None = None,
) -> Any:
    """Draw the distribution of detection times: a histogram, and the share detected by each time.

    Parameters
    ----------
    data : table, runs, or numbers
        The table of a sweep, runs (the ``detect`` of each outage), or times in seconds.
    ax : two Axes, optional
        Where; without them a figure is made.
    closed_form : object with ``cdf``, callable, or pairs, optional
        The distribution that is expected, drawn as lines: what
        ``hasim.experiment.detection_closed_form`` returns, a function that returns for a number of
        seconds the probability that the time is not longer, or pairs of both, straight between.
        The greatest distance between both is told (Kolmogorov and Smirnov).
    of : str
        The column of a table.
    bins : int, optional
        How many bars the histogram has; by the rule of Freedman and Diaconis if not given.
    title : str, optional
        The heading.

    Returns
    -------
    array of two Axes
        The histogram, and the share.

    Raises
    ------
    HasimError
        For data without such times' form, for a law that is none, and for one axes only.
    """
    if bins is not None and (isinstance(bins, bool) or bins < 1):
        raise HasimError(f"bins must be a whole number from 1 on, not {bins!r}")
    times = _times(data, of)
    law = None if closed_form is None else _law(closed_form)
    with styled():
        top, low = made = new_pair(ax, 5.4)
        what = "detection" if of == "detect_s" else of.removesuffix("_s")
        lettered(top, title=title or f"Time of {what}, {len(times)} outages", y="outages")
        lettered(low, x="time since the loss (m:ss)", y="share noticed by then")
        if not len(times):
            lettered(low, x="")
            for one in made:
                empty(one, "no outage")
            return made
        edges = _edges(times, bins)
        edges = edges if law is None else _widened(edges, law)
        _histogram(top, times, edges, law)
        _share(low, times, edges, law)
        room = (edges[-1] - edges[0]) * 0.05
        for one in made:
            one.set_xlim(edges[0] - room, edges[-1] + room)
            one.grid(axis="y")
            time_axis(one.xaxis)
        top.tick_params(axis="x", labelbottom=False)
    return made


def _histogram(
    ax: Any,
    times: np.ndarray[Any, Any],
    edges: np.ndarray[Any, Any],
    law: Callable[[float], float] | None,
) -> None:
    from matplotlib.ticker import MaxNLocator

    counts, _ = np.histogram(times, edges)
    bars = ax.bar(
        edges[:-1], counts, np.diff(edges), align="edge", color=ink.SKY, edgecolor=ink.PAPER,
        linewidth=0.6,
    )  # fmt: skip
    bars.set_label("simulated")
    if law is not None:
        share = np.diff([law(float(edge)) for edge in edges])
        ax.stairs(
            share * len(times), edges, color=ink.INK, linewidth=1.5, baseline=None,
            label="closed form", zorder=3,
        )  # fmt: skip
    ax.yaxis.set_major_locator(MaxNLocator(integer=True, nbins=6))
    ax.legend(loc="best")


def _share(
    ax: Any,
    times: np.ndarray[Any, Any],
    edges: np.ndarray[Any, Any],
    law: Callable[[float], float] | None,
) -> None:
    n = len(times)
    room = (edges[-1] - edges[0]) * 0.05
    x = np.concatenate(([edges[0] - room], times, [edges[-1] + room]))
    y = np.concatenate(([0.0], np.arange(1, n + 1) / n, [1.0]))
    ax.step(x, y, where="post", color=ink.BLUE, label="simulated")
    if law is not None:
        at = np.linspace(edges[0] - room, edges[-1] + room, _POINTS)
        ax.plot(at, [law(float(t)) for t in at], color=ink.INK, linestyle="--", label="closed form")
        told = np.array([law(float(t)) for t in times])
        above = np.abs(np.arange(1, n + 1) / n - told).max()
        below = np.abs(told - np.arange(n) / n).max()
        said = f"greatest distance {max(above, below):.3f}"
        ax.annotate(
            clean(said), (1, 0), (-6, 8), xycoords="axes fraction", textcoords="offset points",
            ha="right", va="bottom",
        )  # fmt: skip
    ax.set_ylim(0, 1.02)
    ax.legend(loc="upper left")
