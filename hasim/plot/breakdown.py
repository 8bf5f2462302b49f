"""Where the time of outages went: detect, decide, fence, release, start, ARP."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from hasim.errors import HasimError
from hasim.plot import keys
from hasim.plot.inputs import PHASES, Ran, seconds
from hasim.plot.style import (
    SIZE,
    WIDTH,
    clean,
    clock_text,
    empty,
    folded,
    lettered,
    new_axes,
    styled,
    time_axis,
)
from hasim.plot.tables import checked, groups_of, is_table, key_text, swept_in, varied
from hasim.render import palette as ink
from hasim.render.svg import text_width
from hasim.statistics import rank

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

__all__ = ["breakdown"]

_LOOKS = {
    "detect": (ink.BLUE, ""),
    "decide": (ink.SKY, "...."),
    "fence": (ink.VERMILLION, "////"),
    "release": (ink.YELLOW, "\\\\\\\\"),
    "start": (ink.GREEN, ""),
    "arp": (ink.PURPLE, "xxxx"),
}
_SAID = {"arp": "ARP"}
_BARS_MAX = 60
_LABEL = 170.0


class _Bar(NamedTuple):
    """An outage: its phases, in seconds, and how far others like it reach."""

    label: str
    phases: tuple[float, ...]
    spread: tuple[float, float] | None
    note: str

    @property
    def total(self) -> float:
        return sum(self.phases)


def _of_run(run: Ran, name: str) -> Iterator[_Bar]:
    for lost in run.outage:
        start = clock_text(seconds(lost.begin))
        label = f"{name}: {start} {lost.service}" if name else f"{start} {lost.service}"
        note = "lasts to the end" if lost.open else f"{lost.before} → {lost.after}"
        yield _Bar(label, tuple(seconds(us) for us in lost.breakdown), None, note)


def _of_table(table: pd.DataFrame, by: Sequence[str]) -> Iterator[_Bar]:
    for values, part in groups_of(table, by):
        label = key_text(by, values) or "all runs"
        # The run in the middle, so that what is drawn is one outage whose phases sum to it.
        found = part[np.isfinite(part["outage_s"].astype(float))]
        if found.empty:
            yield _Bar(label, (0.0,) * len(PHASES), None, f"no outage in {len(part)} runs")
            continue
        # One that lasts to the end of its run is longer than all others, however long it is seen.
        order = [name for name in ("open", "outage_s", "seed") if name in found.columns]
        ordered = found.sort_values(order, kind="stable")
        row = ordered.iloc[rank(0.5, len(ordered))]
        ends = (ordered["outage_s"].iloc[rank(q, len(ordered))] for q in (0.05, 0.95))
        low, high = (float(end) for end in ends)
        phases = tuple(float(row[f"{phase}_s"]) for phase in PHASES)
        open_ = int(found["open"].sum()) if "open" in found.columns else 0
        note = (
            f"{len(found)} of {len(part)} runs" if len(found) < len(part) else f"{len(part)} runs"
        )
        note += f", {open_} to the end" if open_ else ""
        yield _Bar(label, phases, (low, high), note)


def _bars(data: Any, by: Sequence[str] | str | None) -> list[_Bar]:
    """Return the bars of what was given.

    Raises
    ------
    HasimError
        For what is none of them.
    """
    if is_table(data):
        table = checked(data, "outage_s", *(f"{phase}_s" for phase in PHASES))
        names = [by] if isinstance(by, str) else list(by) if by is not None else varied(table)
        if not names and by is None:
            names = swept_in(table)[:1]
        return [*_of_table(checked(table, *names), names)] if len(table) else []
    if by is not None:
        raise HasimError("by names columns of a table, and this is none")
    if isinstance(data, Ran):
        return [*_of_run(data, "")]
    if isinstance(data, Mapping):
        named: Iterable[tuple[str, Any]] = [(str(name), run) for name, run in data.items()]
    elif isinstance(data, Iterable) and not isinstance(data, str):
        runs = list(data)
        named = [(_name_of(run), run) for run in runs]
    else:
        raise HasimError(f"a run, runs or a table are wanted, not {type(data).__name__}")
    out: list[_Bar] = []
    for name, run in named:
        if not isinstance(run, Ran):
            raise HasimError(f"a run is wanted, not {type(run).__name__}")
        out += _of_run(run, name)
    return out


def _name_of(run: Any) -> str:
    scenario = getattr(run, "scenario", None)
    return f"{getattr(scenario, 'name', '') or 'run'}, seed {getattr(run, 'seed', 0)}"


def breakdown(
    data: Any,
    ax: Axes | None = None,
    *,
    by: Sequence[str] | str | None = None,
    title: str | None = None,
) -> Axes:
    """Draw where the time of outages went, as bars that are stacked phase by phase.

    Parameters
    ----------
    data : Run, runs, or table
        Of runs every outage has a bar; they may be named, as the values of a mapping. Of a table
        (one row for each run and group, as :meth:`hasim.Model.sweep` returns it) each group of
        rows has the bar of the run in its middle: the one with the median outage, the shorter one
        of two. So its parts sum to an outage that happened. A whisker leads from the 5 % to the
        95 % quantile of all outages of the group; an outage that lasts to the end of its run counts
        as longer than all others, and is drawn as long as the run shows it.
    ax : Axes, optional
        Where; without it a figure is made.
    by : str or sequence of str, optional
        The columns that make groups; all that were swept and vary if not given.
    title : str, optional
        The heading.

    Raises
    ------
    HasimError
        For what is neither runs nor a table, and for a table without these columns.
    """
    bars = _bars(data, by)
    more, bars = len(bars) - _BARS_MAX, bars[:_BARS_MAX]
    labels = [folded(bar.label, _LABEL)[:3] for bar in bars]
    with styled():
        lines = max((len(label) for label in labels), default=1)
        pitch = max(22.0, lines * SIZE * 1.3 + 6)
        height = (max(len(bars), 2) * pitch + 100) / 72
        made = new_axes(ax, height)
        heading = title or "Where the time of an outage goes"
        lettered(made, title=heading, x="time since the loss (m:ss)", y="")
        if not any(bar.total for bar in bars):
            lettered(made, x="")
            empty(made, "no outage")
            return made
        gutter = max(text_width(clean(line), SIZE) for label in labels for line in label)
        _draw(made, bars, (WIDTH * 72 - gutter - 30) if ax is None else None)
        made.set_yticks(range(len(bars)), ["\n".join(label) for label in labels])
        made.tick_params(axis="y", length=0, labelsize=SIZE)
        made.set_ylim(max(len(bars), 2) - 0.4, -0.6)
        made.spines["left"].set_visible(False)
        made.grid(axis="x")
        time_axis(made.xaxis)
        used = [p for i, p in enumerate(PHASES) if any(bar.phases[i] > 0 for bar in bars)]
        notes = _legend(used, any(bar.spread for bar in bars))
        out = keys.flow(notes, WIDTH * 72 - 40)
        if more > 0:
            out.append(keys.words(f"... and {more} more", colour=ink.QUIET))
        keys.below(made, out, left=gutter if ax is None else 0)
    return made


def _draw(ax: Axes, bars: Sequence[_Bar], room: float | None) -> None:
    """Draw the bars, as wide as some points leave beside the notes."""
    longest = max(max(bar.total, *(bar.spread or (0.0,))) for bar in bars)
    notes = [f"{clock_text(bar.total, 0.1)}  {bar.note}" for bar in bars]
    points = room if room is not None else WIDTH * 40
    tail = max(text_width(clean(note), SIZE) for note in notes) + 12
    unit = longest / max(points - tail, points / 3)
    ax.set_xlim(0, longest + tail * unit)
    for i, bar in enumerate(bars):
        left = 0.0
        for phase, lasts in zip(PHASES, bar.phases, strict=True):
            colour, hatch = _LOOKS[phase]
            (patch,) = ax.barh(
                i, lasts, 0.62, left=left, color=colour, hatch=hatch or None,
                edgecolor=ink.INK if hatch else "none", linewidth=0.0, zorder=2,
            )  # fmt: skip
            patch.set_label(f"_{phase} of {clean(bar.label)}")
            said = clock_text(lasts, 0.1)
            if text_width(said, SIZE) + 8 <= lasts / unit:
                ground = None if not hatch else {"facecolor": colour, "edgecolor": "none", "pad": 1}
                dark = phase in ("detect", "fence", "start")
                ax.text(
                    left + lasts / 2, i, said, ha="center", va="center", fontsize=SIZE, zorder=3,
                    color=ink.PAPER if dark else ink.INK, bbox=ground,
                )  # fmt: skip
            left += lasts
        end = left
        if bar.spread is not None:
            low, high = bar.spread
            ax.errorbar(
                [left], [i], xerr=[[max(left - low, 0.0)], [max(high - left, 0.0)]], fmt="none",
                ecolor=ink.INK, elinewidth=1.2, capsize=4, zorder=4, label="_spread",
            )  # fmt: skip
            end = max(left, high)
        ax.annotate(
            clean(notes[i]), (end, i), (8, 0), textcoords="offset points", va="center",
            fontsize=SIZE, parse_math=False,
        )  # fmt: skip


def _legend(phases: Sequence[str], spread: bool) -> list[keys.Sample]:
    from matplotlib.lines import Line2D
    from matplotlib.patches import Rectangle

    out = []
    for phase in phases:
        colour, hatch = _LOOKS[phase]
        edge = ink.INK if hatch else "none"
        box = Rectangle((0, 0), 20, 8, facecolor=colour, hatch=hatch, edgecolor=edge, linewidth=0)
        out.append(keys.Sample(20, (box,), _SAID.get(phase, phase)))
    if spread:
        line = Line2D([1, 19], [4, 4], color=ink.INK, linewidth=1.2, marker="|", markersize=7)
        out.append(
            keys.Sample(20, (line,), "5 % to 95 % of the outages; the bar is the median one")
        )
    return out
