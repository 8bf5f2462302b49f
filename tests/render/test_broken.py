"""What is broken at an instant, and by which faults."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import hasim
from hasim.model import Model
from hasim.render.broken import Trouble, troubles_at
from hasim.units import micros
from hasim.world import World
from tests.render.test_pictures import FAULT


@pytest.fixture(scope="module")
def model(webdata: Path) -> Model:
    return hasim.load(webdata)


def told(model: Model, faults: list[str], at: str) -> list[Trouble]:
    found = troubles_at(model.run(faults, until="5m").trace, micros(at))
    return [trouble for trouble in found if trouble.state != "corrupt"]


def test_a_part_is_broken_until_the_last_of_its_faults_has_ended(model: Model) -> None:
    faults = ["1m cut node1:eth0 for 1m", "70s isolate node1", "3m heal node1"]
    assert told(model, faults, "59s") == []
    assert told(model, faults, "1m") == [Trouble("node1:eth0", "cut", (1,))]
    both = [Trouble("node1:eth0", "cut", (1, 2)), Trouble("node1:eth1", "cut", (2,))]
    assert told(model, faults, "100s") == both
    assert told(model, faults, "130s") == [
        Trouble("node1:eth0", "cut", (2,)), Trouble("node1:eth1", "cut", (2,))
    ]  # fmt: skip
    assert told(model, faults, "3m") == []


def test_a_line_ends_what_it_can_end_and_nothing_else(model: Model) -> None:
    faults = ["1m isolate node1", "70s cut node1:eth0", "2m restore node1:eth0", "4m heal node1"]
    assert told(model, faults, "130s")[0] == Trouble("node1:eth0", "cut", (1,))
    assert told(model, faults, "4m") == []


def test_power_takes_with_it_what_hangs_on_it(model: Model) -> None:
    faults = ["1m hang node2", "90s power-off outlet2", "2m power-on outlet2"]
    assert told(model, faults, "70s") == [Trouble("node2", "hangs", (1,))]
    assert told(model, faults, "100s") == [
        Trouble("feed outlet2", "off", (2,)), Trouble("node2", "off", (2,))
    ]  # fmt: skip
    assert told(model, faults, "3m") == []


def test_ways_and_amounts_are_told_and_a_new_amount_replaces_the_old_one(model: Model) -> None:
    faults = ["1m lose 30% node1:eth0 in", "70s lose 2.5% node1:eth0 in", "80s delay 2s node2:eth1"]
    assert told(model, faults, "65s") == [Trouble("node1:eth0", "loses 30 % (in)", (1,))]
    assert told(model, faults, "90s") == [
        Trouble("node1:eth0", "loses 2.5 % (in)", (2,)),
        Trouble("node2:eth1", "delays by 2s", (3,)),
    ]
    assert told(model, [*faults, "2m lose 0% node1:eth0 in"], "2m")[0].part == "node2:eth1"


def test_what_no_fault_causes_has_no_number(model: Model) -> None:
    run = model.run(scenario="power-loss-stonith")
    assert Trouble("node1", "off", (1,)) in troubles_at(run.trace, micros("5m10s"))
    split = model.run(scenario="heal")
    assert [t.state for t in troubles_at(split.trace, micros("6m"))].count("corrupt") == 1


@settings(max_examples=15)
@given(st.lists(FAULT, max_size=6), st.integers(0, 299))
def test_cables_are_cut_by_those_faults_that_the_world_knows(
    model: Model, faults: list[str], at: int
) -> None:
    run = model.run(faults, until="5m")
    found = {(t.part, t.faults) for t in troubles_at(run.trace, at * 10**6) if "cut" in t.state}
    world: World = run._rewinder._build()  # type: ignore[union-attr]
    world.run(at * 10**6 + 1)
    wires = world.hub.topology.state.wires
    for name, wire in wires.items():
        causes = {cause + 1 for way in wire.cut.values() for cause in way}
        mine = {number for part, numbers in found if part == name for number in numbers}
        assert mine == causes
