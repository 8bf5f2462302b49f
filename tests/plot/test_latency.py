"""Outages against a directive: medians, bands, recorded points, mistakes."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib import pyplot as plt

import hasim.plot
from hasim.errors import HasimError
from hasim.statistics import wilson
from tests.plot.seen import figure_of, texts
from tests.plot.tables import empty_table, row, table


def medians(ax: Any) -> dict[str, Any]:
    """The lines of the figure by what the legend calls them."""
    return {str(line.get_label()): line for line in ax.lines if line.get_label()[0] != "_"}


def bands(ax: Any) -> dict[str, Any]:
    found = [c for c in ax.collections if str(c.get_label()).startswith("_band")]
    return {str(c.get_label()): c.get_paths()[0].get_extents() for c in found}


def legend(ax: Any) -> list[str]:
    return [text.get_text() for text in ax.get_legend().get_texts()]


def test_there_is_a_line_for_each_further_directive_and_its_points_are_medians(
    swept: pd.DataFrame,
) -> None:
    ax = hasim.plot.latency(swept)
    assert list(medians(ax)) == ["keepalive 1s", "keepalive 2s"]
    line = medians(ax)["keepalive 2s"]
    for x, y in zip(line.get_xdata(), line.get_ydata(), strict=True):
        dead = min((5, 10, 20, 30), key=lambda d: abs(d - x))
        rows = swept[(swept["deadtime"] == dead) & (swept["keepalive"] == 2)]
        assert y == sorted(rows["outage_s"])[4]
    assert legend(ax) == ["keepalive 1s", "keepalive 2s", "25 % to 75 %", "5 % to 95 %"]
    assert ax.get_xlabel() == "deadtime (m:ss)"
    assert [t.get_text() for t in ax.get_xticklabels()] == ["0:05", "0:10", "0:20", "0:30"]
    assert len({str(line.get_linestyle()) for line in medians(ax).values()}) == 2
    assert len({line.get_marker() for line in medians(ax).values()}) == 2


@settings(max_examples=25)
@given(
    st.lists(
        st.tuples(st.sampled_from([5.0, 10.0, 12.5]), st.floats(0, 400), st.booleans()),
        min_size=1,
        max_size=40,
    )
)
def test_the_wide_band_holds_the_narrow_one_and_that_the_median(
    drawn: list[tuple[float, float, bool]],
) -> None:
    rows = [
        row(i, [time, 0, 0, 0, 0, 0], deadtime=dead, open=is_open)
        for i, (dead, time, is_open) in enumerate(drawn)
    ]
    ax = hasim.plot.latency(table(rows, "deadtime"))
    figure_of(ax).canvas.draw()
    (line,) = (one for one in ax.lines if one.get_label() == "median")
    low, high = np.min(line.get_ydata()), np.max(line.get_ydata())
    if found := bands(ax):
        wide, narrow = found["_band 0.05-0.95 "], found["_band 0.25-0.75 "]
        assert wide.y0 <= narrow.y0 <= low + 1e-9
        assert wide.y1 >= narrow.y1 >= high - 1e-9
    plt.close("all")


def test_outages_that_last_to_the_end_count_as_longer_than_all_others() -> None:
    rows = [
        row(seed, [10.0 + seed, 0, 0, 0, 0, 0], deadtime=dead, open=dead > 5 and seed < 6)
        for dead in (5.0, 10.0)
        for seed in range(10)
    ]
    ax = hasim.plot.latency(table(rows, "deadtime"))
    assert "lasts to the end of the run (6)" in legend(ax)
    (ends,) = [line for line in ax.lines if line.get_label() == "_open"]
    assert sorted(ends.get_ydata()) == [10.0, 11.0, 12.0, 13.0, 14.0, 15.0]
    median = medians(ax)["median"]
    assert median.get_ydata()[0] == 14.0
    assert median.get_ydata()[1] > 19.0  # more than half last: beyond all that was seen


def test_recorded_outages_are_points_from_pairs_or_a_table(swept: pd.DataFrame) -> None:
    pairs = [(10.0, 11.5), (30.0, 31.0)]
    made = pd.DataFrame(pairs, columns=["deadtime", "outage_s"])
    for recorded in (pairs, made):
        ax = hasim.plot.latency(swept, recorded=recorded)
        points = medians(ax)["recorded"]
        assert [*zip(points.get_xdata(), points.get_ydata(), strict=True)] == pairs
        assert points.get_linestyle() == "None"
        assert "recorded" in legend(ax)
    with pytest.raises(HasimError, match="recorded takes a table"):
        hasim.plot.latency(swept, recorded=[1, 2])


def test_the_second_panel_tells_the_share_of_mistakes_with_its_interval(
    swept: pd.DataFrame,
) -> None:
    upper, lower = hasim.plot.latency(swept, lines=[], false=True)
    (made,) = [c for c in lower.containers if str(c.get_label()).startswith("_false")]
    line, _, (bars,) = made
    assert line.get_ydata() == pytest.approx([6 / 20, 0, 0, 0])
    ends = [segment[:, 1] for segment in bars.get_segments()]
    assert ends[0] == pytest.approx(wilson(6, 20))
    assert ends[3] == pytest.approx(wilson(0, 20))
    assert upper.get_shared_x_axes().joined(upper, lower)
    _, axes = plt.subplots(2)
    assert list(hasim.plot.latency(swept, axes, false=True)) == list(axes)
    _, one = plt.subplots()
    with pytest.raises(HasimError, match="two panels"):
        hasim.plot.latency(swept, one, false=True)


def test_values_that_are_no_numbers_stand_side_by_side(swept: pd.DataFrame) -> None:
    rows = [
        row(seed, [5.0 + seed + len(fault), 0, 0, 0, 0, 0], fault=fault)
        for fault in ("power-off", "cut $x")
        for seed in range(4)
    ]
    ax = hasim.plot.latency(table(rows, "fault"), against="fault")
    figure_of(ax).canvas.draw()
    assert [t.get_text() for t in ax.get_xticklabels()] == ["cut $x", "power-off"]
    assert ax.get_xlabel() == "fault"


def test_each_group_of_an_active_active_cluster_has_a_line(swept: pd.DataFrame) -> None:
    other = swept.assign(group="192.168.60.201/24/eth0")
    both = pd.concat([swept, other])
    ax = hasim.plot.latency(both[both["keepalive"] == 1])
    assert list(medians(ax)) == ["192.168.60.200/24/eth0", "192.168.60.201/24/eth0"]


@pytest.mark.parametrize("false", [False, True])
def test_tables_without_outages_give_empty_axes_that_say_so(
    swept: pd.DataFrame, false: bool
) -> None:
    none = swept.assign(outage_s=float("nan"))
    for data, told in (
        (empty_table(), "nothing to draw: the table has no rows"),
        (none, "nothing to draw: no outage in 80 runs"),
    ):
        ax = hasim.plot.latency(data, false=false)
        first = ax[0] if false else ax
        figure_of(first).canvas.draw()
        assert told in texts(first)


def test_one_run_is_a_point(swept: pd.DataFrame) -> None:
    ax = hasim.plot.latency(swept.iloc[:1])
    figure_of(ax).canvas.draw()
    assert medians(ax)["median"].get_ydata() == pytest.approx([6.1])


def test_columns_that_are_not_there_are_told(swept: pd.DataFrame) -> None:
    with pytest.raises(HasimError, match="no column 'deadtme'; did you mean 'deadtime'"):
        hasim.plot.latency(swept, against="deadtme")
    with pytest.raises(HasimError, match="the column 'reason' does not hold numbers"):
        hasim.plot.latency(swept, of="reason")
    with pytest.raises(HasimError, match=r"a table as .* is wanted, not list"):
        hasim.plot.latency([])
    with pytest.raises(HasimError, match="no column 'false_takeovers'"):
        hasim.plot.latency(swept.drop(columns="false_takeovers"), false=True)
