"""Code that runs a run again, and the scenario that records it."""

from __future__ import annotations

import pytest

import hasim
from hasim.faults import Cable, Cut, Fail, Kill, PowerOff, StonithPort, WholeGroup
from hasim.model import Model, Scenario
from hasim.run import Run
from hasim.run.paste import classes_of, python_of, recorded
from hasim.units import MINUTE, SECOND

HUNG = Cut(3 * MINUTE, Cable("node1", "eth1"), "in", 5 * SECOND)


def pasted(code: str) -> Run:
    known: dict[str, object] = {}
    exec(compile(code, "<pasted>", "exec"), known)
    run = known["run"]
    assert isinstance(run, Run)
    return run


def again(run: Run) -> Run:
    assert run.model is not None
    return pasted(python_of(run.model, recorded(run), run.seed, then=()))


@pytest.mark.parametrize(
    "scenario",
    [
        Scenario(),
        Scenario(faults=(HUNG,), until=4 * MINUTE),
        Scenario(faults=(HUNG,), until=4 * MINUTE, start={"node1": 0}),
        Scenario(faults=(HUNG,), until=4 * MINUTE, start={}),
        Scenario(until=MINUTE, pin={"node1/boot1/up": "70ms", "load": "1ms"}),
        Scenario(until=MINUTE, pin={"node1/boot1/io-start": {"read eth1": "1s"}}),
        Scenario(until=3 * MINUTE, audits=(150 * SECOND,), heartbeat="2.0.8"),
        Scenario(faults=(Kill(MINUTE, "node1", "all"),), until=5 * MINUTE, settled=4 * MINUTE),
        Scenario(faults=(HUNG,), until=4 * MINUTE, change={"deadtime": "10"}),
    ],
)
def test_pasted_code_runs_the_same_run_and_finds_the_same(model: Model, scenario: Scenario) -> None:
    run = model.run(scenario=scenario, seed=2)
    assert again(run).digest == run.digest
    assert again(run).violations == run.violations
    assert again(run).end == run.end


def test_code_of_a_plain_run_is_plain(model: Model) -> None:
    run = model.run(["5m kill node1 all"], until="6m", seed=7)
    assert python_of(model, run.scenario, 7).splitlines()[1:] == [
        "from hasim.faults import Kill",
        "",
        "schedule = [",
        "    Kill(at=300000000, node='node1', role='all', medium=None, signal=9),",
        "]",
        f"model = hasim.load({str(model.path)!r})",
        "run = model.run(schedule, seed=7, until='6m')",
        "print(run.summary())",
    ]
    assert python_of(model, Scenario(), 0).splitlines()[1:3] == ["", "schedule = []"]


def test_what_a_model_was_changed_to_is_said_once(model: Model) -> None:
    changed = model.with_(deadtime="10")
    code = python_of(changed, Scenario(change={"deadtime": "10", "warntime": "3"}), 0)
    assert code.count("deadtime") == 1
    assert "change={'warntime': '3'}" in code


def test_every_class_that_a_schedule_needs_is_imported() -> None:
    group = Fail(0, WholeGroup("10.0.0.1"), "start", "node1")
    assert classes_of([PowerOff(0, StonithPort("pdu")), HUNG, group, HUNG]) == [
        "Cable", "Cut", "Fail", "PowerOff", "StonithPort", "WholeGroup",
    ]  # fmt: skip
    assert classes_of([]) == []


def test_a_recorded_scenario_expects_what_the_run_has_shown(model: Model) -> None:
    run = model.run(["5m kill node1 master"], until="7m")
    scenario = recorded(run, "Twice")
    assert (scenario.title, scenario.until) == ("Twice", 7 * MINUTE)
    assert model.run(scenario=scenario).ok
    assert not model.run(["5m kill node1 master"], until="7m").ok


def test_what_a_search_has_found_is_pasted_with_its_instant_of_settling(model: Model) -> None:
    hits = model.check(
        examples=12, jobs=1, most=1, families=["power"], properties=[never_alone], seed=3
    )
    found = hits.smallest
    run = pasted(found.python().replace("print(run.summary())\n", ""))
    assert run.digest == found.run().digest
    assert run.scenario.settled == found.scenario.settled is not None


def never_alone(run: hasim.Run) -> bool:
    """No node ever loses power."""
    return not any("loses power" in r.event.sentence() for r in run.records)
