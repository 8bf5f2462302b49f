"""Conformance: recorded and simulated latencies, their band, their names."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

import hasim.plot
from hasim.conform import Agreement
from hasim.conform.latencies import Latency
from hasim.conform.report import Report
from hasim.errors import HasimError
from tests.plot.seen import figure_of, labels, texts

PAIRS = [
    Latency("05a", "01", 1, "node-dead", 30.1, 30.2),
    Latency("05a", "02", 1, "node-dead", 30.6, 30.1),
    Latency("06a", "01", 1, "vip-up", 12.0, 14.5),
]


def report() -> Report:
    one, two = Agreement("05a", "01", 90.0), Agreement("06a", "01", 90.0)
    one.latencies, two.latencies = tuple(PAIRS[:2]), tuple(PAIRS[2:])
    return Report((one, two), ())


def points(ax: Any) -> dict[str, list[tuple[float, float]]]:
    found = [line for line in ax.lines if line.get_label()[0] != "_"]
    return {str(f.get_label()): [*zip(f.get_xdata(), f.get_ydata(), strict=True)] for f in found}


def test_points_are_the_latencies_by_kind_from_reports_results_or_tables() -> None:
    made = report()
    rows = pd.DataFrame(PAIRS)
    for data in (made, list(made.results), rows):
        ax = hasim.plot.conformance(data)
        assert points(ax) == {
            "node-dead": [(30.1, 30.2), (30.6, 30.1)],
            "vip-up": [(12.0, 14.5)],
        }
    assert list(points(hasim.plot.conformance(rows.drop(columns="kind")))) == ["latency"]


def test_the_band_is_a_second_wide_and_what_lies_outside_is_named() -> None:
    ax = hasim.plot.conformance(report())
    figure_of(ax).canvas.draw()
    (band,) = [c for c in ax.collections if c.get_label() == "within 1 s"]
    corners = band.get_paths()[0].vertices
    assert {round(abs(y - x), 9) for x, y in corners} == {1.0}
    assert [t.get_text() for t in ax.texts if t.get_label() == "_named"] == ["06a (+0:02.5)"]
    assert labels(ax, "_named") == [""]
    assert "3 latencies of 2 scenarios\n67 % within 1 s" in texts(ax)
    assert ax.get_aspect() == 1.0
    assert ax.get_xlim() == ax.get_ylim()


def test_quantiles_are_sorted_each_for_itself() -> None:
    ax = hasim.plot.conformance(report(), quantiles=True)
    assert points(ax)["node-dead"] == [(30.1, 30.1), (30.6, 30.2)]
    assert labels(ax, "_named") == []


def test_without_latencies_the_axes_say_so_and_bad_data_is_refused() -> None:
    for data in (Report((), ()), [], pd.DataFrame(PAIRS).iloc[:0]):
        ax = hasim.plot.conformance(data)
        figure_of(ax).canvas.draw()
        assert "nothing to draw: no latency that both have" in texts(ax)
    for wrong in (3, "05a", [1, 2]):
        with pytest.raises(HasimError, match="a report, results or a table are wanted"):
            hasim.plot.conformance(wrong)
    with pytest.raises(HasimError, match="no column 'simulated_s'"):
        hasim.plot.conformance(pd.DataFrame({"scenario": [], "recorded_s": []}))
