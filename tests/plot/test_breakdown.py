"""The breakdown: parts that sum to outages, and the middle of many."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib import pyplot as plt

import hasim.plot
from hasim.errors import HasimError
from hasim.model import Model
from hasim.run import Run
from tests.plot.seen import figure_of, patches, texts
from tests.plot.tables import PHASES, empty_table, row, table

TIMES = st.floats(0, 500, allow_subnormal=False)


def bars(ax: Any) -> list[list[float]]:
    """The widths of each bar's parts, from the top; each part begins where the last one ends."""
    found: dict[float, list[Any]] = {}
    for patch in patches(ax):
        found.setdefault(round(patch.get_y() + patch.get_height() / 2), []).append(patch)
    for parts in found.values():
        left = 0.0
        for part in parts:
            assert part.get_x() == pytest.approx(left, abs=1e-6)
            left += part.get_width()
    return [[part.get_width() for part in found[y]] for y in sorted(found)]


def test_the_parts_of_a_bar_sum_to_the_outage(model: Model) -> None:
    run = model.run(scenario="power-loss-stonith")
    ax = hasim.plot.breakdown(run)
    assert [sum(parts) for parts in bars(ax)] == [
        pytest.approx(outage.duration_us / 1e6) for outage in run.outage
    ]
    (parts,) = [p for p in bars(ax) if p[2] > 1]
    assert parts[2] == pytest.approx(run.outage[0].breakdown.fence / 1e6)
    assert {"detect", "fence", "start"} <= set(texts(ax))
    assert "release" not in texts(ax)


@settings(max_examples=25)
@given(
    st.lists(
        st.tuples(st.integers(0, 3), st.lists(TIMES, min_size=6, max_size=6), st.booleans()),
        min_size=1,
        max_size=30,
    )
)
def test_of_a_table_each_group_has_the_bar_of_its_middle_run(
    drawn: list[tuple[int, list[float], bool]],
) -> None:
    rows = [
        row(i, phases, deadtime=float(dead), open=is_open)
        for i, (dead, phases, is_open) in enumerate(drawn)
    ]
    made = table(rows, "deadtime")
    ax = hasim.plot.breakdown(made, by="deadtime")
    figure_of(ax).canvas.draw()
    if made["outage_s"].max() == 0:
        assert "nothing to draw: no outage" in texts(ax)
    else:
        for parts, (_, group) in zip(bars(ax), made.groupby("deadtime"), strict=True):
            ordered = group.sort_values(["open", "outage_s", "seed"])
            middle = ordered.iloc[(len(ordered) - 1) // 2]
            assert sum(parts) == pytest.approx(middle["outage_s"], abs=1e-6)
            assert parts == pytest.approx([middle[f"{p}_s"] for p in PHASES], abs=1e-6)
    plt.close("all")


def test_groups_are_what_was_swept_and_varies_in_the_order_of_the_values(
    swept: pd.DataFrame,
) -> None:
    ax = hasim.plot.breakdown(swept)
    told = [label.get_text() for label in ax.get_yticklabels()]
    assert told[:2] == ["deadtime 5s, keepalive 1s", "deadtime 5s, keepalive 2s"]
    assert len(told) == 8
    ax = hasim.plot.breakdown(swept[swept["keepalive"] == 1])
    assert [t.get_text() for t in ax.get_yticklabels()] == [
        "deadtime 5s", "deadtime 10s", "deadtime 20s", "deadtime 30s"
    ]  # fmt: skip
    assert any(text.startswith("5 % to 95 %") for text in texts(ax))


def test_the_whisker_leads_from_the_5_to_the_95_percent_quantile(swept: pd.DataFrame) -> None:
    ax = hasim.plot.breakdown(swept, by="deadtime")
    (first, *_) = [c for c in ax.collections if len(c.get_paths()) == 1]
    (low, _), (high, _) = first.get_paths()[0].vertices
    times = sorted(swept[swept["deadtime"] == 5]["outage_s"])
    assert (low, high) == (pytest.approx(times[0]), pytest.approx(times[18]))


def test_runs_may_be_named_or_in_a_list(model: Model, healed: Run) -> None:
    lost = model.run(scenario="power-loss")
    ax = hasim.plot.breakdown({"as it is": lost, "split": healed})
    told = [label.get_text().replace("\n", " ") for label in ax.get_yticklabels()]
    assert told == [
        "as it is: 5:00 192.168.60.200/24/eth0", "split: 5:00 192.168.60.200/24/eth0"
    ]  # fmt: skip
    assert any("lasts to the end" in text for text in texts(ax))
    ax = hasim.plot.breakdown([lost, healed])
    assert ax.get_yticklabels()[0].get_text().startswith("power-loss, seed 0:")


def test_where_there_is_no_outage_the_figure_says_so(calm: Run, nothing: Run) -> None:
    for data in (calm, nothing, [], {}, empty_table()):
        ax = hasim.plot.breakdown(data)
        figure_of(ax).canvas.draw()
        assert "nothing to draw: no outage" in texts(ax)
        assert bars(ax) == []


def test_runs_without_an_outage_are_counted_and_never_drawn() -> None:
    rows = [row(0, [1, 0, 0, 0, 1, 0], deadtime=5.0), row(1, [float("nan")] * 6, deadtime=5.0)]
    rows.append(row(0, [float("nan")] * 6, deadtime=10.0))
    ax = hasim.plot.breakdown(table(rows, "deadtime"))
    assert "0:02.0  1 of 2 runs" in texts(ax)
    assert "0:00.0  no outage in 1 runs" in texts(ax)
    assert [sum(parts) for parts in bars(ax)] == [2.0, 0.0]


def test_what_is_no_run_and_no_table_is_refused(swept: pd.DataFrame, calm: Run) -> None:
    with pytest.raises(HasimError, match="a run, runs or a table are wanted, not int"):
        hasim.plot.breakdown(3)
    with pytest.raises(HasimError, match="a run is wanted, not str"):
        hasim.plot.breakdown(["heal"])
    with pytest.raises(HasimError, match="no column 'deadtim'; did you mean 'deadtime'"):
        hasim.plot.breakdown(swept, by="deadtim")
    with pytest.raises(HasimError, match="no column 'arp_s'"):
        hasim.plot.breakdown(swept.drop(columns="arp_s"))
    with pytest.raises(HasimError, match="by names columns of a table"):
        hasim.plot.breakdown(calm, by="deadtime")
