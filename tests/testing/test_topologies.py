"""Clusters from scratch: every one of them could stand in a folder, and lives."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import hasim
from hasim.site import device_of
from hasim.testing import holds, topologies
from hasim.testing.plans import Plan, model_from
from tests.testing.support import drawn, smallest

ANY = topologies() | topologies(nodes=3)


@settings(max_examples=30)
@given(model=ANY)
def test_every_topology_lives_for_two_minutes_without_a_violation(model: hasim.Model) -> None:
    run = model.run(until="2m")
    holds(run)
    assert {s.who for s in run.spans("local") if s.value == "active"} == {*model.nodes}
    assert model.warnings == ()
    assert model.assumed == ()


@settings(max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(model=ANY)
def test_a_model_folder_is_the_same_on_disk_and_as_python(
    model: hasim.Model, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("model") / "new"
    model.save(folder)
    saved = hasim.load(folder)
    assert (saved.configs, saved.haresources, saved.site) == (
        model.configs,
        model.haresources,
        model.site,
    )
    assert eval(model.python(), {"hasim": hasim}) == model
    assert saved.run(until="1m").digest == model.run(until="1m").digest


def test_it_shrinks_to_one_medium_and_nothing_else() -> None:
    assert smallest(topologies(), bool) == model_from(Plan())
    disk = smallest(topologies(), lambda model: bool(model.site.disks))
    assert disk == model_from(Plan(disks=(True,)))


def test_every_part_comes_up() -> None:
    found = [m for models in drawn(st.lists(topologies(), min_size=20), 8) for m in models]
    configs = [model.configs["node1"] for model in found]
    kinds = {medium.kind for c in configs for medium in c.media}
    assert kinds == {"bcast", "ucast", "mcast", "serial", "ping", "ping_group"}
    assert {len({m.device for m in c.media if "ping" not in m.kind}) for c in configs} == {1, 2, 3}
    devices = {c.stonith.type for c in configs if c.stonith is not None}
    assert devices == {"apcmaster", "external/ipmi", "meatware"}
    dogs = {model.site.nodes["node1"].watchdog for model in found}
    assert {None if dog is None else dog.kind for dog in dogs} == {None, "softdog", "hardware"}
    assert {len(model.site.disks) for model in found} == {0, 1, 2}
    assert {len(model.site.feeds) for model in found} == {1, 2}
    assert {bool(c.respawn) for c in configs} == {True, False}
    assert {model.dialect for model in found} == {"2.0.8", "3.0.6"}
    cables = {s.power for model in found for s in model.site.switches.values()}
    assert cables == {"utility", None}


@pytest.mark.parametrize("wanted", [True, False])
def test_parts_are_there_as_asked_for(wanted: bool) -> None:
    strategy = topologies(
        disk=wanted, stonith=wanted, watchdog=wanted, ipfail=wanted, dialect="2.0.8"
    )
    for model in drawn(strategy, 25):
        config = model.configs["node2"]
        assert bool(model.site.disks) is wanted
        assert (device_of(model.site, config) is not None) is wanted
        assert (config.watchdog is not None) is wanted
        assert bool(config.respawn) is wanted
        assert model.dialect == "2.0.8"


def test_a_board_hangs_on_the_outlet_of_its_node_and_is_used_by_the_other() -> None:
    model = model_from(Plan(stonith="board"))
    board = device_of(model.site, model.configs["node1"])
    assert board is not None
    assert board.plugs == {"node2": "node2"}
    assert board.power == model.site.nodes["node2"].power


def test_three_nodes_are_joined_by_switches_or_a_ring() -> None:
    for model in drawn(topologies(nodes=3), 40):
        ends = [nic.on for node in model.site.nodes.values() for nic in node.nics.values()]
        for switch in model.site.switches.values():
            assert ends.count(switch.name) == (2 if switch.power is None else 3)


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"nodes": 4}, "of 2 and of 3 nodes, not of 4"),
        ({"dialect": "3.0.5"}, r"no dialect '3\.0\.5'; did you mean '3\.0\.6'"),
    ],
)
def test_what_there_is_not_is_refused_at_once(asked: dict[str, object], said: str) -> None:
    with pytest.raises(hasim.HasimError, match=said):
        topologies(**asked)  # type: ignore[arg-type]


@pytest.mark.parametrize("warning", ["may be too small", "Deprecated 'legacy'"])
def test_warnings_come_when_asked_for(warning: str) -> None:
    def said(model: hasim.Model) -> bool:
        return any(warning in problem.text for problem in model.warnings)

    assert said(smallest(topologies(warnings=True), said))
