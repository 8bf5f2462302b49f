"""Quantiles and shares of a table, and their intervals."""

from __future__ import annotations

from math import inf, isnan, nan
from random import Random

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hasim.errors import HasimError
from hasim.experiment import false_takeover_rate, labels_of, quantiles, share, wilson


def table(times: list[float], **columns: object) -> pd.DataFrame:
    n = len(times)
    base = {"deadtime": [5.0] * n, "seed": range(n), "group": "g", "outage_s": times, "open": False}
    return pd.DataFrame({**base, **columns})


def test_a_quantile_is_an_observed_value() -> None:
    found = quantiles(table([float(i) for i in range(1, 21)])).iloc[0]
    assert (found["q05"], found["q50"], found["q95"]) == (1.0, 10.0, 19.0)
    assert (found["deadtime"], found["runs"], found["none"], found["open"]) == (5.0, 20, 0, 0)


def test_an_outage_to_the_end_is_longer_than_was_seen() -> None:
    found = quantiles(table([1.0, 2.0, 3.0], open=[False, True, True])).iloc[0]
    assert (found["q05"], found["q50"], found["open"]) == (1.0, inf, 2)
    down = quantiles(table([1.0, 2.0, 3.0], open=True, down_s=[4.0] * 3), of="down_s").iloc[0]
    assert (down["q95"], down["open"]) == (4.0, 0)


def test_runs_without_an_outage_are_counted_apart() -> None:
    found = quantiles(table([nan, 2.0, nan])).iloc[0]
    assert (found["none"], found["q50"]) == (2, 2.0)
    assert isnan(quantiles(table([nan, nan])).iloc[0]["q50"])


@given(st.lists(st.floats(0, 1e6), min_size=1, max_size=60), st.sampled_from([0.05, 0.5, 0.95]))
def test_an_interval_holds_its_quantile(times: list[float], q: float) -> None:
    row = quantiles(table(times), q=[q], interval=0.95).iloc[0]
    name = f"q{q * 100:g}".replace("q5", "q05") if q == 0.05 else f"q{q * 100:g}"
    assert row[f"{name}_low"] <= row[name] <= row[f"{name}_high"]


def test_an_interval_of_a_median_holds_the_true_one_as_often_as_it_says() -> None:
    hits = 0
    for k in range(300):
        generator = Random(k)
        times = [generator.random() for _ in range(40)]
        row = quantiles(table(times), q=[0.5], interval=0.95).iloc[0]
        hits += bool(row["q50_low"] <= 0.5 <= row["q50_high"])
    assert 0.93 <= hits / 300 <= 1


def test_points_are_told_apart_and_keep_their_order() -> None:
    frame = pd.concat([table([1.0], deadtime=[10.0]), table([2.0]), table([3.0], group=["h"])])
    assert labels_of(frame) == ["deadtime", "group"]
    assert quantiles(frame)["deadtime"].tolist() == [10.0, 5.0, 5.0]
    assert quantiles(frame, by="group")["q50"].tolist() == [1.0, 3.0]


def test_an_interval_of_wilson_is_the_one_of_the_books() -> None:
    low, high = wilson(10, 100)
    assert (round(low, 4), round(high, 4)) == (0.0552, 0.1744)
    assert wilson(0, 20) == (0.0, pytest.approx(0.1611, abs=1e-4))
    assert wilson(20, 20)[1] == 1.0
    assert wilson(0, 0) == (0.0, 1.0)


@given(st.integers(0, 200), st.integers(0, 200))
def test_an_interval_of_wilson_holds_the_share(a: int, b: int) -> None:
    hits, of = min(a, b), max(a, b)
    low, high = wilson(hits, of)
    assert 0 <= low <= (hits / of if of else 0) <= high <= 1


def test_a_share_counts_runs_and_not_events() -> None:
    frame = table([1.0] * 4, false_takeovers=[0, 3, 1, 0], violated=["", "x", "", ""])
    row = false_takeover_rate(frame).iloc[0]
    assert (row["hits"], row["runs"], row["rate"]) == (2, 4, 0.5)
    assert (row["low"], row["high"]) == wilson(2, 4)
    assert share(frame, "violated").iloc[0]["hits"] == 1


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"of": "outage"}, "did you mean 'outage_s'"),
        ({"q": [2]}, "no quantile"),
        ({"by": "x"}, "x"),
    ],
)
def test_what_is_not_there_is_refused(asked: dict[str, object], said: str) -> None:
    with pytest.raises(HasimError, match=said):
        quantiles(table([1.0]), **asked)  # type: ignore[arg-type]


def test_more_hits_than_runs_are_no_share() -> None:
    with pytest.raises(HasimError, match="no share"):
        wilson(3, 2)


def test_an_empty_table_has_no_points() -> None:
    assert len(quantiles(table([]))) == 0
    assert len(share(table([], violated=[]), "violated")) == 0
