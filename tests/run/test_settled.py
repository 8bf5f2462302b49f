"""After everything is mended and a bound has passed, all must be well again."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

import hasim
from hasim.model import Model
from hasim.monitors import LIVENESS, Violation
from hasim.run import Run
from hasim.scenario import Scenario, parse_scenario, render_scenario
from hasim.units import MINUTE, SECOND


def settled(model: Model, *faults: str, at: int = 10, until: int = 12, seed: int = 0) -> Run:
    scenario = Scenario(settled=at * MINUTE, until=until * MINUTE)
    return model.run(list(faults), scenario=scenario, seed=seed)


def lively(run: Run) -> list[Violation]:
    return [v for v in run.violations if v.property in LIVENESS]


@pytest.mark.parametrize(
    "faults",
    [
        [],
        ["60s cut node1:eth1 for 2m"],
        ["60s power-off node1 for 60s"],
        ["60s isolate node1 for 90s"],
        ["2m stop node1", "3m start node1"],
    ],
)
def test_a_cluster_that_was_mended_settles(model: Model, faults: list[str]) -> None:
    assert lively(settled(model, *faults)) == []


def test_a_node_without_its_daemon_does_not_agree(model: Model) -> None:
    (found,) = lively(settled(model, "2m stop node2"))
    assert (found.property, found.sentence) == ("nodes-agree", "node2 runs no daemon.")
    assert (found.at, found.until) == (10 * MINUTE, None)
    assert found.evidence


def test_a_belief_of_one_node_alone_is_named_as_its_own(model: Model) -> None:
    found = lively(settled(model, "9m cut node1:eth0 in", "9m cut node1:eth1 in"))
    (told,) = [v.sentence for v in found if v.property == "nodes-agree"]
    assert "node1 believes dead of node2, which is active." in told
    assert "node2 believes" not in told


def test_nodes_that_hold_each_other_for_dead_do_not_agree(model: Model) -> None:
    found = lively(settled(model, "9m isolate node1"))
    told = {v.property: v for v in found}
    assert "node1 believes dead of node2, which is active." in told["nodes-agree"].sentence
    assert "node2 believes dead of node1, which is active." in told["nodes-agree"].sentence
    assert "have" in told["every-group-served-once"].sentence


def test_a_link_is_believed_dead_in_vain_only_where_no_part_is_broken(model: Model) -> None:
    assert lively(settled(model, "8m cut node1:eth1")) == []


def test_a_restart_after_the_instant_is_one_too_many(model: Model) -> None:
    (found,) = lively(settled(model, "10m30s power-off node2 for 10s"))
    assert (found.property, found.at) == ("no-endless-restart", 630 * SECOND)
    assert found.sentence == "node2 loses power (power lost)."
    assert found.until is not None
    assert found.until > found.at


def test_without_an_instant_nothing_of_this_is_judged(model: Model) -> None:
    assert lively(model.run(["2m stop node2"], until="12m")) == []


def test_an_instant_that_the_run_does_not_reach_is_refused(model: Model) -> None:
    with pytest.raises(hasim.ConfigError, match=r"settled: 12m is not before the end, 12m"):
        settled(model, at=12)


def test_a_saved_run_is_judged_alike(model: Model, tmp_path: Path) -> None:
    run = settled(model, "9m isolate node1", "2m kill node2 ipfail")
    assert lively(run)
    run.save(tmp_path / "run.jsonl")
    assert hasim.load_run(tmp_path / "run.jsonl").violations == run.violations


def test_the_key_survives_the_file(model: Model) -> None:
    scenario = Scenario(name="x", settled=90 * SECOND, until=MINUTE * 2)
    text = render_scenario(scenario)
    assert 'settled = "1m30s"' in text
    assert replace(parse_scenario(text, name="x")) == scenario
