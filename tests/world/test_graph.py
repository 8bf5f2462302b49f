"""The hardware as one graph: every part is in it, and each kind of connection is told apart."""

from __future__ import annotations

from dataclasses import replace

import networkx as nx
import pytest

from hasim.site import Disk, Site, parse_site
from hasim.world.graph import ENDS, graph_of, only
from hasim.world.topology import Topology
from tests.site.example import EXAMPLE
from tests.world.support import site_of

SITE = parse_site(EXAMPLE)


def of_kind(site: Site, kind: str) -> list[str]:
    return [name for name, data in graph_of(site).nodes(data=True) if data["kind"] == kind]


@pytest.mark.parametrize(
    ("kind", "names"),
    [
        ("switch", ["lan", "cross"]),
        ("node", ["node1", "node2"]),
        ("nic", ["node1:eth0", "node1:eth1", "node2:eth0", "node2:eth1"]),
        ("host", ["192.168.60.1"]),
        ("client", ["client"]),
        ("disk", ["disk web"]),
        ("feed", ["feed outlet1", "feed outlet2", "feed utility"]),
        ("stonith", ["stonith pdu"]),
    ],
)
def test_every_part_of_a_site_is_a_node_of_its_kind(kind: str, names: list[str]) -> None:
    assert of_kind(SITE, kind) == names


def test_every_arc_has_one_of_five_kinds() -> None:
    kinds = nx.get_edge_attributes(graph_of(SITE), "kind")
    assert set(kinds.values()) == {"wire", "slot", "path", "power", "plug"}
    assert len(kinds) == graph_of(SITE).number_of_edges()


def test_a_site_made_by_hand_may_use_feeds_that_no_table_names() -> None:
    site = replace(SITE, feeds={}, disks={"d": Disk("d", {"node9": "/dev/sdb"})})
    assert of_kind(site, "feed") == ["feed utility", "feed outlet1", "feed outlet2"]
    assert list(graph_of(site)["disk d"]) == []
    assert Topology(site).neighbours("node1:eth1") == ["node2:eth1"]


def test_power_flows_down_and_never_up() -> None:
    power = only(graph_of(SITE), "power")
    assert nx.descendants(power, "feed outlet1") == {"node1"}
    assert nx.descendants(power, "feed utility") == {
        *("feed outlet1", "feed outlet2", "node1", "node2", "lan", "192.168.60.1", "client"),
        "stonith pdu",
    }
    assert not nx.descendants(power, "node1")


def test_the_feeds_above_a_part_are_those_of_the_site() -> None:
    power = only(graph_of(SITE), "power")
    topology = Topology(SITE)
    for part in (*SITE.nodes, *SITE.switches, *SITE.hosts):
        feed = topology.feed_of(part)
        line = {f"feed {name}" for name in (SITE.feed_line(feed) if feed else ())}
        assert nx.ancestors(power, part) == line


def test_a_stonith_device_hangs_on_its_switch_and_works_its_plugs() -> None:
    graph = graph_of(SITE)
    assert graph.edges["stonith pdu", "lan"]["kind"] == "wire"
    assert graph.edges["stonith pdu", "feed outlet1"]["kind"] == "plug"
    assert not graph.has_edge("feed outlet1", "stonith pdu")


def test_a_disk_is_at_its_nodes_or_on_its_switch() -> None:
    direct = only(graph_of(SITE), "path")
    assert sorted(direct["disk web"]) == ["node1", "node2"]
    assert direct.has_edge("node1", "disk web")
    there = parse_site(EXAMPLE.replace('path = "direct"', 'path = "lan"'))
    assert list(only(graph_of(there), "path")["disk web"]) == ["lan"]


def test_packets_take_wires_between_nics_hosts_and_clients_only() -> None:
    topology = Topology(SITE)
    assert topology.neighbours("node1:eth0") == ["node2:eth0", "192.168.60.1", "client"]
    assert topology.neighbours("node1:eth1") == ["node2:eth1"]
    ends = [name for kind in ENDS for name in of_kind(SITE, kind)]
    assert list(topology.state.wires) == [*ends, "stonith pdu"]
    for end in ends:
        assert topology.graph.edges[end, topology.switch_of(end)]["wire"] == end


def test_parts_that_carry_no_packets_change_no_route() -> None:
    def routes(site: Site) -> list[object]:
        topology = Topology(site)
        ends = [end for end in topology.state.wires if end.startswith("node")]
        return [topology.path(a, b) for a in ends for b in topology.neighbours(a)]

    bare, _, _ = EXAMPLE.partition("[disk.web]")
    assert routes(parse_site(bare)) == routes(SITE)


def test_a_view_of_some_kinds_keeps_all_nodes_and_drops_the_other_arcs() -> None:
    graph = graph_of(site_of())
    view = only(graph, "wire", "slot")
    assert list(view) == list(graph)
    assert {data["kind"] for _, _, data in view.edges(data=True)} == {"wire", "slot"}
    assert nx.has_path(view, "node1", "node2")
    assert not nx.has_path(only(graph, "slot"), "node1", "node2")
