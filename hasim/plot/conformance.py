"""Simulation against recordings: how long things take in both."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from hasim.errors import HasimError
from hasim.plot.style import (
    MARKERS,
    SERIES,
    SIZE,
    clean,
    clock_text,
    empty,
    lettered,
    new_axes,
    styled,
    time_axis,
)
from hasim.plot.tables import checked, is_table
from hasim.render import palette as ink

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["conformance"]

_BAND = 1.0
_NAMED_MAX = 6


class _Pair(NamedTuple):
    scenario: str
    kind: str
    recorded: float
    simulated: float

    @property
    def off(self) -> float:
        return self.simulated - self.recorded


def _pairs(data: Any) -> list[_Pair]:
    """Return the latencies of what was given.

    Raises
    ------
    HasimError
        For what is neither a report of ``hasim conform``, nor its results, nor a table.
    """
    if is_table(data):
        table = checked(data, "scenario", "recorded_s", "simulated_s")
        kinds = table["kind"] if "kind" in table.columns else [""] * len(table)
        found = zip(
            table["scenario"], kinds, table["recorded_s"], table["simulated_s"], strict=True
        )
        try:
            pairs = [_Pair(str(s), str(k), float(r), float(m)) for s, k, r, m in found]
        except (TypeError, ValueError):
            raise HasimError("recorded_s and simulated_s take seconds") from None
    else:
        results = getattr(data, "results", data)
        results = [results] if hasattr(results, "latencies") else results
        if isinstance(results, str) or not isinstance(results, Iterable):
            raise HasimError(f"a report, results or a table are wanted, not {type(data).__name__}")
        results = list(results)
        if not all(hasattr(one, "latencies") for one in results):
            raise HasimError("a report, results or a table are wanted")
        pairs = [
            _Pair(one.scenario, one.kind, one.recorded_s, one.simulated_s)
            for result in results
            for one in result.latencies
        ]
    return [pair for pair in pairs if np.isfinite(pair.recorded) and np.isfinite(pair.simulated)]


def conformance(
    data: Any,
    ax: Axes | None = None,
    *,
    quantiles: bool = False,
    title: str | None = None,
) -> Axes:
    """Draw simulated latencies against recorded ones; on the diagonal both are equal.

    A point is one latency of one recorded run: from an injection to the first event of a kind that
    follows, see :mod:`hasim.conform.latencies`. The band is one second to both sides; the points
    that lie farthest outside have the names of their scenarios.

    Parameters
    ----------
    data : Report, results, or table
        What :func:`hasim.conform.check` returns, some of its results, or a table with the columns
        ``scenario recorded_s simulated_s`` and perhaps ``kind``.
    ax : Axes, optional
        Where; without it a figure is made.
    quantiles : bool
        Whether each kind's recorded times are sorted and set against its sorted simulated ones:
        then distributions are compared, and not runs.
    title : str, optional
        The heading.

    Raises
    ------
    HasimError
        For anything else.
    """
    pairs = _pairs(data)
    with styled():
        made = new_axes(ax, 6.0, 6.6)
        how = "quantiles" if quantiles else "latencies"
        heading = title or f"Simulated and recorded {how}"
        lettered(made, title=heading, x="recorded (m:ss)", y="simulated (m:ss)")
        if not pairs:
            lettered(made, x="", y="")
            empty(made, "no latency that both have")
            return made
        end = max(max(p.recorded, p.simulated) for p in pairs) * 1.05 + 0.5
        made.fill_between(
            [0, end], [-_BAND, end - _BAND], [_BAND, end + _BAND], color=ink.STRIP, linewidth=0,
            zorder=0.5, label="within 1 s",
        )  # fmt: skip
        made.plot([0, end], [0, end], color=ink.RULE, linewidth=1.0, zorder=0.8, label="_equal")
        _points(made, pairs, quantiles)
        if not quantiles:
            _name(made, pairs, end)
        made.set_xlim(0, end)
        made.set_ylim(0, end)
        made.set_aspect("equal", adjustable="box")
        time_axis(made.xaxis, 7)
        time_axis(made.yaxis, 7)
        inside = sum(abs(p.off) <= _BAND for p in pairs) / len(pairs)
        many = len({p.scenario for p in pairs})
        said = f"{len(pairs)} latencies of {many} scenarios"
        said += "" if quantiles else f"\n{100 * inside:.0f} % within 1 s"
        made.annotate(
            said, (1, 0), (-6, 8), xycoords="axes fraction", textcoords="offset points",
            ha="right", va="bottom", fontsize=SIZE,
        )  # fmt: skip
        legend = made.legend(loc="upper left")
        for text in legend.get_texts():
            text.set_parse_math(False)
    return made


def _points(ax: Axes, pairs: list[_Pair], quantiles: bool) -> None:
    """Draw the points, kind by kind."""
    for i, kind in enumerate(dict.fromkeys(sorted(pair.kind for pair in pairs))):
        some = [pair for pair in pairs if pair.kind == kind]
        x, y = [pair.recorded for pair in some], [pair.simulated for pair in some]
        if quantiles:
            x, y = sorted(x), sorted(y)
        ax.plot(
            x, y, linestyle="none", marker=MARKERS[i % len(MARKERS)], markersize=4.5,
            color=SERIES[i % len(SERIES)], alpha=0.8, zorder=2, label=clean(kind) or "latency",
            markerfacecolor="none" if i >= len(SERIES) else SERIES[i % len(SERIES)],
        )  # fmt: skip


def _name(ax: Axes, pairs: list[_Pair], end: float) -> None:
    """Name the scenarios whose points lie farthest outside of the band, one point of each."""
    worst: dict[str, _Pair] = {}
    for pair in sorted(pairs, key=lambda p: (-abs(p.off), p.scenario, p.recorded)):
        if abs(pair.off) > _BAND:
            worst.setdefault(pair.scenario, pair)
    taken: list[float] = []
    for pair in [*worst.values()][:_NAMED_MAX]:
        y = pair.simulated
        while any(abs(y - other) < end * 0.03 for other in taken):
            y += end * 0.03
        taken.append(y)
        left = pair.recorded > (0.4 if pair.off > 0 else 0.6) * end
        sign = "+" if pair.off > 0 else "-"
        said = ax.annotate(
            clean(f"{pair.scenario} ({sign}{clock_text(abs(pair.off), 0.1)})"),
            (pair.recorded, pair.simulated), (pair.recorded + end * (-0.025 if left else 0.025), y),
            ha="right" if left else "left", va="center", fontsize=SIZE, parse_math=False, zorder=3,
        )  # fmt: skip
        said.set_label("_named")
