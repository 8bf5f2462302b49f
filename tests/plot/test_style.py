"""The style: times, texts, places, and that nobody else's figures change."""

from __future__ import annotations

import subprocess
import sys

import matplotlib as mpl
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from matplotlib import pyplot as plt

import hasim.plot
from hasim.errors import HasimError
from hasim.plot.places import apart
from hasim.plot.style import clean, clock_text, styled, time_axis
from hasim.run import Run
from hasim.statistics import rank, wilson


@pytest.mark.parametrize(
    ("seconds", "step", "told"),
    [
        (0, 1, "0:00"),
        (59.96, 0.1, "1:00.0"),
        (61.5, 0.5, "1:01.5"),
        (4278, 60, "71:18"),
        (7199, 1, "119:59"),
        (7200, 1, "2:00:00"),
        (90061, 1, "25:01:01"),
        (-5, 1, "-0:05"),
        (0.000001, 0.000001, "0:00.000001"),
    ],
)
def test_times_are_minutes_and_seconds(seconds: float, step: float, told: str) -> None:
    assert clock_text(seconds, step) == told


@given(st.integers(0, 10**9))
def test_a_time_in_milliseconds_can_be_read_back(ms: int) -> None:
    parts = [float(part) for part in clock_text(ms / 1000, 0.001).split(":")]
    value = sum(part * 60**i for i, part in enumerate(reversed(parts)))
    assert value == pytest.approx(ms / 1000, abs=1e-6)
    assert all(part < 60 for part in parts[1:])


@given(st.floats(0, 1e6), st.floats(1e-5, 1e6))
def test_an_axis_of_times_has_few_ticks_and_all_differ(low: float, length: float) -> None:
    fig, ax = plt.subplots()
    ax.set_xlim(low, low + length)
    time_axis(ax.xaxis, 8)
    at = [t for t in ax.get_xticks() if low <= t <= low + length]
    told = [label.get_text() for label in ax.get_xticklabels()]
    assert len(at) <= 10
    assert len(set(told)) == len(told)
    plt.close(fig)


def test_what_the_font_lacks_becomes_a_replacement_character() -> None:
    assert clean("node 1 → 2: 日本\x07") == "node 1 → 2: \ufffd\ufffd\ufffd"
    assert clean("two\nlines") == "two\nlines"


def test_the_settings_of_the_process_stay_as_they_are(healed: Run) -> None:
    before = dict(mpl.rcParams)
    hasim.plot.timeline(healed)
    hasim.plot.topology(healed, at="6m")
    hasim.plot.breakdown(healed)
    with pytest.raises(HasimError):
        hasim.plot.timeline(healed, begin="9m", end="1m")
    assert dict(mpl.rcParams) == before
    with styled():
        assert dict(mpl.rcParams) != before


@given(st.lists(st.tuples(st.floats(-500, 500), st.floats(1, 80)), max_size=12))
def test_boxes_beside_each_other_never_overlap_and_keep_their_order(
    items: list[tuple[float, float]],
) -> None:
    wished, widths = sorted(x for x, _ in items), [w for _, w in items]
    found = apart(wished, widths, gap=5)
    for i in range(1, len(found)):
        assert found[i] - found[i - 1] >= (widths[i] + widths[i - 1]) / 2 + 5 - 1e-6
    assert sum(found) == pytest.approx(sum(wished), abs=1e-6 * max(len(found), 1))


def test_boxes_that_have_room_stand_where_they_wish() -> None:
    assert apart([0, 100, 200], [10, 10, 10], gap=5) == [0, 100, 200]


@given(st.integers(1, 400), st.data())
def test_the_interval_of_wilson_holds_the_share(runs: int, data: st.DataObject) -> None:
    hits = data.draw(st.integers(0, runs))
    low, high = wilson(hits, runs)
    assert 0 <= low <= hits / runs <= high <= 1
    assert high - low < 1


def test_the_interval_of_wilson_is_that_of_the_books() -> None:
    assert wilson(10, 100) == pytest.approx((0.0552, 0.1744), abs=1e-4)
    assert wilson(0, 0) == (0.0, 1.0)


@given(st.floats(0, 1), st.integers(1, 50))
def test_a_quantile_is_the_least_value_that_the_share_does_not_exceed(q: float, n: int) -> None:
    values = np.arange(1, n + 1)
    found = values[rank(q, n)]
    assert (values <= found).mean() >= q - 1e-9
    assert found == 1 or (values <= found - 1).mean() < q


def test_a_share_that_is_a_whole_number_of_values_is_no_more_than_that() -> None:
    assert [rank(q, n) for q, n in ((0.28, 25), (0.07, 100), (0.5, 4), (0, 3), (1, 3))] == [
        6,
        6,
        1,
        0,
        2,
    ]


def test_the_package_loads_no_heavy_module_before_something_is_drawn() -> None:
    program = "import sys, hasim.plot, hasim.plot.accessors; sys.exit('matplotlib' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
