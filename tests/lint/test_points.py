"""Single points of failure: what networkx calls a minimum cut of one part, and what power adds."""

from __future__ import annotations

import networkx as nx
from hypothesis import given
from hypothesis import strategies as st

from hasim.config import HaConfig, parse_ha_cf
from hasim.lint.points import Ways, single_points
from hasim.site import Disk, Nic, NodeSite, Site, Switch

SWITCHES = ("s", "t", "u")


def config(node: str, devices: list[str]) -> HaConfig:
    lines = [f"bcast {d}" for d in devices]
    text = "\n".join([*lines, "node a b", "auto_failback on", "logfacility local0", ""])
    read, _ = parse_ha_cf(text, local=node)
    assert read is not None
    return read


@st.composite
def clusters(draw: st.DrawFn) -> tuple[dict[str, HaConfig], Site]:
    """Two nodes with up to four NICs on three switches; not every NIC has a medium."""
    nodes, configs = {}, {}
    for node in ("a", "b"):
        on = draw(st.lists(st.sampled_from(SWITCHES), min_size=1, max_size=4))
        nics = {f"eth{i}": Nic(f"eth{i}", switch) for i, switch in enumerate(on)}
        nodes[node] = NodeSite(node, nics, power=f"feed-{node}")
        used = draw(st.lists(st.sampled_from(sorted(nics)), min_size=1, unique=True))
        configs[node] = config(node, used)
    switches = {name: Switch(name) for name in SWITCHES}
    feeds = {"feed-a": "utility", "feed-b": "utility"}
    return configs, Site(nodes=nodes, switches=switches, feeds=feeds)


def drawn(configs: dict[str, HaConfig], site: Site) -> nx.Graph[str]:
    """Return the ways of heartbeats, drawn by hand: node, NIC with a medium, switch."""
    graph: nx.Graph[str] = nx.Graph()
    graph.add_nodes_from(["a", "b"])
    for node, read in configs.items():
        for medium in read.media:
            end = f"{node}:{medium.device}"
            graph.add_edge(node, end)
            graph.add_edge(end, site.nodes[node].nics[medium.device].on)
    return graph


@given(clusters())
def test_single_points_of_heartbeats_are_the_cuts_of_one_part(
    cluster: tuple[dict[str, HaConfig], Site],
) -> None:
    configs, site = cluster
    graph = drawn(configs, site)
    found = {next(iter(x.part.gone)) for x in single_points(configs, site) if x.kind == "heartbeat"}
    if not nx.has_path(graph, "a", "b"):
        assert found == set()
        return
    alone = {name for name in graph if name not in "ab" and _cuts(graph, name)}
    assert found == alone
    assert bool(found) == (len(nx.minimum_node_cut(graph, "a", "b")) == 1)


def _cuts(graph: nx.Graph[str], name: str) -> bool:
    left = graph.subgraph([n for n in graph if n != name])
    return not nx.has_path(left, "a", "b")


def two_switches(power: dict[str, str], path: str = "direct") -> tuple[dict[str, HaConfig], Site]:
    nodes = {
        node: NodeSite(
            node, {"eth0": Nic("eth0", "s"), "eth1": Nic("eth1", "t")}, power=power[node]
        )
        for node in ("a", "b")
    }
    switches = {name: Switch(name, power=power[name]) for name in ("s", "t")}
    feeds = dict.fromkeys(dict.fromkeys(power.values()), "utility")
    disks = {"d": Disk("d", {"a": "/dev/sdb", "b": "/dev/sdb"}, path)}
    site = Site(nodes=nodes, switches=switches, feeds=feeds, disks=disks)
    return {n: config(n, ["eth0", "eth1"]) for n in nodes}, site


def test_a_feed_of_both_switches_is_a_cut_that_the_network_alone_does_not_show() -> None:
    shared = two_switches({"a": "1", "b": "2", "s": "3", "t": "3"})
    told = [str(x) for x in single_points(*shared)]
    assert "Without the feed 3, a and b do not hear each other." in told
    apart = two_switches({"a": "1", "b": "2", "s": "1", "t": "2"})
    assert [str(x) for x in single_points(*apart)] == [
        "Without the feed utility, a and b lose power together."
    ]


def test_a_disk_behind_a_switch_hangs_on_the_switch_and_on_its_feed() -> None:
    cluster = two_switches({"a": "1", "b": "2", "s": "3", "t": "4"}, path="t")
    assert [str(x) for x in single_points(*cluster) if x.kind == "disk"] == [
        "Without the switch t, no node reaches the disk d.",
        "Without the feed 4, no node reaches the disk d.",
    ]


def test_a_node_that_the_site_does_not_have_is_left_out() -> None:
    configs, site = two_switches({"a": "1", "b": "2", "s": "3", "t": "4"})
    stranger = config("a", ["eth7"])
    ways = Ways({**configs, "c": stranger}, site)
    assert ways.nodes == ["a", "b"]
    assert ways.hears("a", "b")
    assert not ways.hears("a", "b", frozenset({"s", "b:eth1"}))
    assert not ways.hears("a", "b", frozenset({"b"}))
