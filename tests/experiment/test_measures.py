"""Measurements beside those of every sweep, and what scripts do with tables."""

from __future__ import annotations

from math import isnan
from pathlib import Path

import pandas as pd
import pytest

import hasim
from hasim import events as ev
from hasim.errors import HasimError
from hasim.experiment import (
    death,
    first_service,
    markdown,
    moves,
    panels,
    rated,
    shares,
    stacked,
    texts_of,
    timed,
)

GROUP = "192.168.60.200/24/eth0"


@pytest.fixture(scope="module")
def model(webdata: Path) -> hasim.Model:
    return hasim.load(webdata).with_(deadtime=10)


def test_a_death_is_measured_from_the_first_fault(model: hasim.Model) -> None:
    run = model.run(["40s power-off node1"], until="60s")
    (at,) = [r.at for r in run.records if isinstance(r.event, ev.NodeDead)]
    assert death(run, GROUP) == {"death_s": (at - 40_000_000) / 1e6}
    # A ping node that dies is no node, and who is not dead has no time.
    assert isnan(death(model.run(["30s cut node1:eth0"], until="50s"), GROUP)["death_s"])


def test_the_first_service_is_measured_from_the_first_start(model: hasim.Model) -> None:
    run = model.run(until="40s", start={"node1": "5s", "node2": "7s"})
    found = first_service(run, GROUP)["service_s"]
    (held,) = run.held(GROUP)
    assert 0 <= found - (held.begin / 1e6 - 5) < 0.1
    assert isnan(first_service(model.run(until="3s"), GROUP)["service_s"])


def test_moves_count_changes_of_the_node_that_serves(model: hasim.Model) -> None:
    assert moves(model.run(until="40s"), GROUP) == {"moves": 0}
    there = ["40s standby node1"]
    assert moves(model.with_(auto_failback="off").run(there, until="80s"), GROUP) == {"moves": 1}


def test_texts_of_a_model_load_again(model: hasim.Model) -> None:
    again = hasim.load(texts_of(model))
    assert again.configs == model.configs
    assert again.site == model.site


ROWS = pd.DataFrame(
    {
        "seed": [0, 1, 2, 3],
        "kind": ["a", "a", "b", "b"],
        "at": [1.0, 1.0, 2.0, 2.0],
        "outage_s": [1.0, 3.0, float("nan"), 5.0],
        "open": [False, False, False, True],
        "bad": [True, False, False, False],
    }
)


def test_tables_to_read_say_what_is_missing_and_what_never_ends() -> None:
    told = timed(ROWS, ["kind"])
    assert told["none"].tolist() == [0, 1]
    assert told["to the end"].tolist() == [0, 1]
    assert told["95 %"].tolist() == ["3.00 s", "never"]
    both = rated(ROWS, ["kind"], {"is bad": "bad"})
    assert both["is bad"].tolist()[0].startswith("50.0% (")
    text = markdown(told.merge(both))
    assert text.splitlines()[0].startswith("| kind | runs | 5 % |")
    assert len(text.splitlines()) == 4
    assert markdown(pd.DataFrame({"x": ["a|b", float("nan")]})).endswith("| a\\|b |\n| - |")


def test_a_table_of_no_column_is_refused() -> None:
    with pytest.raises(HasimError, match="no column was asked for"):
        rated(ROWS, ["kind"], {})


def test_tables_are_stacked_with_their_labels() -> None:
    found = stacked({"one": ROWS, "two": ROWS.assign(more=1)})
    assert found.columns[0] == "configuration"
    assert found["configuration"].tolist() == ["one"] * 4 + ["two"] * 4


@pytest.mark.parametrize("against", ["kind", "at"])
def test_shares_are_drawn_with_their_intervals(against: str) -> None:
    from matplotlib import pyplot as plt

    axes = panels(2)
    drawn = shares(ROWS, axes[0], against=against, of="bad", title="Bad ones")
    assert drawn is axes[0]
    assert drawn.get_title(loc="left") == "Bad ones"
    (line,) = [c for c in drawn.containers if hasattr(c, "lines")]
    assert line.lines[0].get_ydata().tolist() == [0.5, 0.0]
    several = shares(ROWS, axes[1], against=against, of="bad", lines="kind")
    assert several.get_legend() is not None
    plt.close("all")
