"""What a caller asks for in Python: every kind of misuse is told in a sentence."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import hasim
from hasim.faults import Cable, Cut, Kill
from hasim.model import Model, parse_scenario

ETH0 = Cable("node1", "eth0")


@pytest.fixture(scope="module")
def founding(webdata: Path) -> Model:
    return hasim.load(webdata)


def said(model: Model, **asked: Any) -> str:
    with pytest.raises(hasim.HasimError) as caught:
        model.run(**{"until": "1m", **asked})
    return str(caught.value)


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ({"until": []}, "--until: ERROR: [] is not a duration"),
        ({"start": {"node1": None}}, "start of node1: ERROR: None is not a duration"),
        ({"start": {"node7": 0}}, "start: ERROR: no node 'node7' in this model; did you mean"),
        ({"start": ["node1"]}, "start: ERROR: start = ['node1']: names and values are needed"),
        ({"pin": [1]}, "pin: ERROR: pin = [1]: names and values are needed"),
        ({"pin": {"a": 1}}, "pin: ERROR: 'a' = 1: a text is needed"),
        ({"pin": {"a": {"b": 1}}}, "pin: ERROR: 'a' = {'b': 1}: a text is needed"),
        ({"pin": {"n/ack m": "12"}}, "'12' is no digit, '0' to '9'"),
        ({"change": {"deadtime": 10}}, "--set: ERROR: deadtime = 10: a text is needed"),
        ({"scenario": 3}, "--scenario: ERROR: 3 is neither the name of a scenario nor"),
        ({"faults": 3}, "--fault: ERROR: 3 is no list of faults"),
        ({"faults": [None]}, "--fault: ERROR: None is neither a fault line nor a fault"),
        ({"faults": [Cut(-5, target=ETH0)]}, "'-5us' is not a duration"),
        ({"faults": [Cut(3.5, target=ETH0)]}, "has a field that no fault line could give"),  # type: ignore[arg-type]
        ({"faults": [Cut(5, target=ETH0, direction="up")]}, "'up' is not a direction"),  # type: ignore[arg-type]
        ({"faults": [Kill(5, node="node1", role="x")]}, "'x' is not a process"),  # type: ignore[arg-type]
    ],
)
def test_what_cannot_be_meant_is_told(founding: Model, asked: dict[str, Any], told: str) -> None:
    assert told in said(founding, **asked)


def test_of_several_fault_lines_the_wrong_one_is_named(founding: Model) -> None:
    told = said(founding, faults=["30s cut node1:eth0", "40s kill node1 foo"])
    assert told.startswith("--fault '40s kill node1 foo': ERROR: 'foo' is not a process")
    assert said(founding, faults="40s kill node1 foo").startswith("--fault: ERROR: 'foo'")


@pytest.mark.parametrize("until", ["30s", "29s", "0"])
def test_a_fault_that_the_run_does_not_reach_is_an_error(founding: Model, until: str) -> None:
    assert "does not happen before the end of the run" in said(
        founding, faults=["30s cut node1:eth0"], until=until
    )
    assert founding.run(["30s cut node1:eth0"], until="30001ms").records[-1].at == 30_000_000


def test_a_fault_that_is_not_built_is_told_with_its_place(founding: Model) -> None:
    text = 'faults = [\n  "5s cut node1:eth0",\n  "6s cut disk web",\n]\n'
    scenario = parse_scenario(text, "s.toml")
    told = said(founding, scenario=scenario, faults=["7s kill node1 master -2"])
    assert [line.partition(" is read")[0] for line in told.splitlines()] == [
        "s.toml:3: 'cut disk web'",
        "--fault: 'kill master -2'",
    ]


def test_a_fault_given_beside_a_scenario_is_not_told_as_a_line_of_it(founding: Model) -> None:
    scenario = parse_scenario('faults = [\n  "5s cut node1:eth0",\n]\n', "s.toml")
    assert said(founding, scenario=scenario, faults=["6s heal node1"]).startswith("--fault: ")
    assert said(founding, scenario=scenario, faults=["6s hang node9"]).startswith("--fault: ")


def test_a_change_that_the_daemon_refuses_is_told_as_a_change(founding: Model) -> None:
    told = said(founding, change={"deadtime": "abc"})
    assert "deadtime [abc] is not a time" in told
    assert "that is ha.cf with these changes: deadtime abc" in told


def test_a_model_shows_itself_in_a_line(founding: Model) -> None:
    assert repr(founding) == (
        "<Model webdata: Heartbeat 2.0.8, nodes node1 node2, 1 resource groups, "
        f"{len(founding.scenarios)} scenarios>"
    )
