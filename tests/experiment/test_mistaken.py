"""Takeovers from a node that was well, and those that only look so."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

import hasim
from hasim import events as ev
from hasim.experiment import false_takeovers

GROUP = "192.168.60.200/24/eth0"
LOSS = ["60s lose 80% node1:eth0 out", "60s lose 80% node1:eth1 out"]


@pytest.fixture(scope="module")
def tight(webdata: Path) -> hasim.Model:
    return hasim.load(webdata).with_(keepalive=1, warntime=3, deadtime=5)


def mistaken(model: hasim.Model, faults: Sequence[str], seed: int = 0) -> tuple[int, int]:
    """False takeovers, and deaths of a node that another one acted upon."""
    run = model.run(faults, seed=seed, until="100s")
    acted = sum(isinstance(r.event, ev.AcquiringFrom) for r in run.records)
    return false_takeovers(run, GROUP), acted


def test_heartbeats_that_are_lost_by_chance_make_a_false_takeover(tight: hasim.Model) -> None:
    found = [mistaken(tight, LOSS, seed)[0] for seed in range(6)]
    assert max(found) > 0


@pytest.mark.parametrize(
    "faults",
    [
        ["60s power-off node1"],
        ["60s kill node1 all"],
        ["60s hang node1 for 20s"],
        ["60s hang node1 master for 20s"],
        ["60s isolate node1"],
        ["60s cut node1:eth0 out", "60s cut node1:eth1 out"],
        ["60s cut node2:eth0 in", "60s cut node1:eth1 out"],
        ["60s power-off lan", "62s cut node1:eth1"],
    ],
    ids="; ".join,
)
def test_a_takeover_from_a_node_that_is_down_or_cut_off_is_none(
    tight: hasim.Model, faults: list[str]
) -> None:
    false, acted = mistaken(tight, faults)
    assert acted > 0
    assert false == 0


def test_a_cut_that_leaves_a_way_excuses_nothing(tight: hasim.Model) -> None:
    faults = ["60s cut node1:eth0 in", *LOSS]
    assert max(mistaken(tight, faults, seed)[0] for seed in range(6)) > 0


def test_the_death_of_a_node_that_holds_nothing_is_no_takeover(tight: hasim.Model) -> None:
    loss = ["60s lose 100% node2:eth0 out", "60s lose 100% node2:eth1 out"]
    false, acted = mistaken(tight, loss)
    assert acted > 0
    assert false == 0


def test_lost_to_the_last_is_still_false_and_counts_once(tight: hasim.Model) -> None:
    loss = ["60s lose 100% node1:eth0 out", "60s lose 100% node1:eth1 out"]
    assert mistaken(tight, loss)[0] == 1


def test_a_run_without_a_takeover_has_no_false_one(tight: hasim.Model) -> None:
    assert mistaken(tight, []) == (0, 0)
