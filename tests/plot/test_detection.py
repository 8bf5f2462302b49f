"""Detection times: every outage is counted once, and held against a law."""

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
from hasim.model import Model
from tests.plot.seen import figure_of, texts
from tests.plot.tables import empty_table


class Uniform:
    """Between two times."""

    def __init__(self, low: float, high: float) -> None:
        self.low, self.high = low, high

    def cdf(self, time_s: float) -> float:
        return min(1.0, max(0.0, (time_s - self.low) / (self.high - self.low)))


def line(ax: Any, label: str) -> Any:
    (found,) = [one for one in ax.lines if one.get_label() == label]
    return found


@settings(max_examples=30)
@given(st.lists(st.floats(0, 200), min_size=1, max_size=60))
def test_every_time_is_in_one_bar_and_the_share_rises_to_one(times: list[float]) -> None:
    top, low = hasim.plot.detection(times)
    figure_of(top).canvas.draw()
    assert sum(bar.get_height() for bar in top.patches) == len(times)
    share = line(low, "simulated").get_ydata()
    assert share[0] == 0.0
    assert share[-1] == 1.0
    assert (np.diff(share) >= 0).all()
    assert len(share) == len(times) + 2
    plt.close("all")


def test_a_law_is_drawn_over_both_and_the_distance_is_told() -> None:
    times = np.linspace(28.05, 29.95, 20)
    top, low = hasim.plot.detection(times, closed_form=Uniform(28, 30), bins=4)
    expected = top.patches[-1]
    assert expected.get_label() == "closed form"
    # Beside the data, too, as far as the law reaches.
    assert expected.get_data().values == pytest.approx([0.5, *[4.75] * 4, 0.5])
    assert expected.get_data().values.sum() == pytest.approx(20)
    assert sum(bar.get_height() for bar in top.patches[:-1]) == 20
    told = line(low, "closed form")
    at = np.interp(29, told.get_xdata(), told.get_ydata())
    assert at == pytest.approx(0.5, abs=1e-6)
    assert "greatest distance 0.025" in texts(low)


def test_a_law_may_be_an_object_a_function_or_a_table() -> None:
    law = Uniform(28, 30)
    pairs = [(30, 1.0), (28, 0.0)]
    drawn = []
    for form in (law, law.cdf, pairs, pd.DataFrame(pairs)):
        _, low = hasim.plot.detection([28.5, 29.5], closed_form=form)
        drawn.append(line(low, "closed form").get_ydata())
    assert all(y == pytest.approx(drawn[0]) for y in drawn)
    for form, told in ((3, "closed_form takes"), ([(1, 0.9), (2, 0.1)], "must rise")):
        with pytest.raises(HasimError, match=told):
            hasim.plot.detection([1.0], closed_form=form)


def test_times_come_from_a_table_from_runs_or_from_numbers(
    model: Model, swept: pd.DataFrame
) -> None:
    run = model.run(scenario="power-loss")
    seen = run.outage[0].breakdown.detect / 1e6
    for data in (run, [run], [seen], (one for one in [seen])):
        top, low = hasim.plot.detection(data)
        assert line(low, "simulated").get_xdata()[1] == pytest.approx(seen)
    top, _ = hasim.plot.detection(swept)
    assert top.get_title(loc="left") == "Time of detection, 80 outages"
    _, low = hasim.plot.detection(swept, of="start_s")
    assert line(low, "simulated").get_xdata()[1] == pytest.approx(2.0)


def test_where_nothing_was_lost_the_panels_say_so() -> None:
    for data in (empty_table(), [], [float("nan")]):
        top, _ = hasim.plot.detection(data, closed_form=Uniform(0, 1))
        figure_of(top).canvas.draw()
        assert texts(top).count("nothing to draw: no outage") == 2


def test_equal_times_give_one_bar() -> None:
    top, _ = hasim.plot.detection([30.0] * 7)
    assert [bar.get_height() for bar in top.patches] == [7]


def test_bad_questions_are_told_as_such(swept: pd.DataFrame) -> None:
    for data in ("heal", 3, [object()]):
        with pytest.raises(HasimError, match="a table, runs, or times in seconds are wanted"):
            hasim.plot.detection(data)
    with pytest.raises(HasimError, match="bins must be a whole number"):
        hasim.plot.detection(swept, bins=0)
    with pytest.raises(HasimError, match="two panels"):
        hasim.plot.detection(swept, plt.subplots()[1])
