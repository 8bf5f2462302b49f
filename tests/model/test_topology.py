"""The hardware as a graph, and what must not fail alone."""

from __future__ import annotations

from pathlib import Path

import networkx as nx
import pytest

from hasim.model import load
from hasim.model.model import Model


@pytest.fixture
def model(founding: Path) -> Model:
    return load(founding)


def edited(founding: Path, file: str, old: str, new: str) -> list[str]:
    path = founding / file
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))
    return load(founding).single_points()


def test_the_graph_holds_every_part_and_cannot_be_changed(model: Model) -> None:
    graph = model.topology
    kinds = nx.get_node_attributes(graph, "kind")
    assert kinds["node1"] == "node"
    assert kinds["node2:eth1"] == "nic"
    assert set(kinds.values()) == set("node nic switch host client disk feed stonith".split())
    assert nx.shortest_path(graph, "node1", "192.168.60.1") == [
        "node1",
        "node1:eth0",
        "lan",
        "192.168.60.1",
    ]
    with pytest.raises(nx.NetworkXError):
        graph.add_node("x")


def test_two_ways_for_heartbeats_leave_the_mains_and_the_gateway(model: Model) -> None:
    assert model.single_points() == [
        "Without the switch lan, the ping node 192.168.60.1 answers nobody.",
        "Without the host 192.168.60.1, the ping node 192.168.60.1 answers nobody.",
        "Without the feed utility, node1 and node2 lose power together.",
    ]


def test_a_single_heartbeat_cable_is_a_single_point(founding: Path) -> None:
    found = edited(founding, "ha.cf", "bcast eth0\n", "")
    assert "Without the cable node1:eth1, node1 and node2 do not hear each other." in found
    assert "Without the switch cross, node1 and node2 do not hear each other." in found
    assert not any(s.startswith("Without the cable node1:eth0") for s in found)


def test_two_nodes_on_one_outlet_are_told(founding: Path) -> None:
    found = edited(founding, "site.toml", 'power = "outlet2"', 'power = "outlet1"')
    assert "Without the feed outlet1, node1 and node2 lose power together." in found
