"""Physical connections: causes, not flags."""

from __future__ import annotations

from hasim.world.graph import only
from hasim.world.topology import Topology
from tests.world.support import site_of


def test_the_graph_has_two_arcs_for_each_cable() -> None:
    graph = Topology(site_of()).graph
    assert only(graph, "wire").number_of_edges() == 2 * 5
    assert graph.has_edge("node1:eth0", "lan")
    assert graph.has_edge("lan", "node1:eth0")


def test_neighbours_are_on_the_same_switch() -> None:
    topology = Topology(site_of())
    assert topology.neighbours("node1:eth0") == ["node2:eth0", "10.0.0.254"]
    assert topology.neighbours("node1:eth1") == ["node2:eth1"]


def test_an_open_way_has_the_latency_of_the_switch() -> None:
    topology = Topology(site_of())
    path = topology.path("node1:eth1", "node2:eth1")
    assert path is not None
    assert (path.latency.lo_us, path.latency.hi_us, path.extra_us) == (50, 50, 0)


def test_a_cause_on_either_cable_closes_the_way_in_its_direction() -> None:
    for wire, way in (("node1:eth1", "out"), ("node2:eth1", "in")):
        topology = Topology(site_of())
        topology.state.wires[wire].cut[way].append(4)
        assert topology.path("node1:eth1", "node2:eth1") is None
        assert topology.blockers("node1:eth1", "node2:eth1") == [4]
        assert topology.path("node2:eth1", "node1:eth1") is not None


def test_a_way_is_open_again_when_the_last_cause_is_gone() -> None:
    topology = Topology(site_of())
    causes = topology.state.wires["node1:eth1"].cut["out"]
    causes += [1, 2]
    causes.remove(1)
    assert topology.path("node1:eth1", "node2:eth1") is None
    causes.remove(2)
    assert topology.path("node1:eth1", "node2:eth1") is not None


def test_power_comes_down_the_line_of_feeds() -> None:
    topology = Topology(site_of())
    topology.state.unpowered["rack"] = [7]
    assert topology.power_causes("node1") == topology.power_causes("node2") == [7]
    assert topology.power_causes("lan") == []
    topology.state.unpowered["utility"] = [8]
    assert topology.power_causes("lan") == [8]


def test_a_cable_needs_no_power() -> None:
    topology = Topology(site_of())
    topology.state.unpowered["utility"] = [8]
    assert topology.path("node1:eth1", "node2:eth1") is not None
    assert topology.path("node1:eth0", "node2:eth0") is None


def test_delays_of_both_cables_add_up_and_of_one_cable_the_largest_counts() -> None:
    topology = Topology(site_of())
    topology.state.wires["node1:eth1"].delay["out"] |= {1: 300, 2: 500}
    topology.state.wires["node2:eth1"].delay["in"] |= {3: 70}
    path = topology.path("node1:eth1", "node2:eth1")
    assert path is not None
    assert path.extra_us == 570


def test_troubles_are_the_causes_of_loss_and_delay_on_the_way() -> None:
    topology = Topology(site_of())
    topology.state.wires["node1:eth1"].lose["out"] |= {1: 300}
    topology.state.wires["node2:eth1"].delay["in"] |= {3: 70}
    topology.state.wires["node2:eth1"].delay["out"] |= {4: 70}
    assert topology.troubles("node1:eth1", "node2:eth1") == [1, 3]
    assert topology.troubles("node2:eth1", "node1:eth1") == [4]


def test_a_filter_holds_both_ways_and_ends_both_ways() -> None:
    topology = Topology(site_of())
    topology.filter("node1:eth0", "node2:eth0", 5)
    assert topology.path("node1:eth0", "node2:eth0") is None
    assert topology.path("node2:eth0", "node1:eth0") is None
    assert topology.path("node1:eth0", "10.0.0.254") is not None
    topology.unfilter("node2:eth0", "node1:eth0")
    assert topology.path("node1:eth0", "node2:eth0") is not None
