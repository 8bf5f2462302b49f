"""No text of any figure overlaps another, is cut off, or too small to be read."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib import pyplot as plt

import hasim.plot
from hasim.model import Model
from hasim.run import Run
from tests.plot.seen import crossing, cut_off, figure_of, small
from tests.render.test_pictures import FAULT

SCENARIOS = ["heal", "test2-public-cable", "power-loss-stonith", "test4-all-cables"]


def check(ax: object) -> None:
    assert crossing(ax) == []
    assert cut_off(ax) == []
    assert small(ax) == []
    width, _ = figure_of(ax).get_size_inches()
    assert 6 <= width <= 8


@pytest.mark.parametrize("name", SCENARIOS)
def test_figures_of_the_founding_document_are_legible(model: Model, name: str) -> None:
    run = model.run(scenario=name)
    check(run.plot.timeline())
    check(run.plot.breakdown())
    check(run.plot.topology(at=run.end // 2 / 1e6))


@pytest.mark.parametrize("name", ["split-brain", "standby", "stonith"])
def test_figures_of_two_groups_are_legible(pair: Model, name: str) -> None:
    run = pair.run(scenario=name)
    check(run.plot.timeline())
    check(run.plot.breakdown())


def test_messages_are_legible(healed: Run) -> None:
    for window in (("5m25s", "5m35s"), ("6m58s", "7m8s"), (None, "6m")):
        check(healed.plot.messages(*window))


def test_topologies_are_legible(model: Model, pair: Model) -> None:
    check(model.topology.plot())
    check(pair.topology.plot())


@settings(max_examples=8)
@given(st.lists(FAULT, max_size=6))
def test_whatever_happens_the_figures_are_legible(model: Model, faults: list[str]) -> None:
    run = model.run(faults, until="5m", packets=True)
    for ax in (run.plot.timeline(), run.plot.messages(), run.plot.topology(at="4m59s")):
        check(ax)
    plt.close("all")


def test_figures_of_tables_are_legible(swept: pd.DataFrame) -> None:
    check(hasim.plot.breakdown(swept))
    check(hasim.plot.latency(swept, recorded=[(10, 11)]))
    check(hasim.plot.latency(swept, false=True)[0])
    check(hasim.plot.detection(swept, closed_form=[(3, 0), (32, 1)])[0])
