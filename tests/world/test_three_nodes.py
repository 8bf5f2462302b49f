"""Three nodes, and nodes whose files differ: as far as haresources mode goes (semantics 13)."""

from __future__ import annotations

from collections.abc import Mapping

from hasim.config import parse_authkeys, parse_ha_cf, parse_haresources
from hasim.events import (
    AcquiringFrom,
    AddressUp,
    CommUp,
    LateHeartbeat,
    NodeDead,
    StandbyAsk,
)
from hasim.faults import parse_fault
from hasim.run.agenda import agenda_of
from hasim.units import SECOND
from hasim.world import World
from tests.world.support import HA_CF, SITE, site_of, told

NODE3 = """\
[node.node3]
power = "rack"
boot = "4s..6s"
nic.eth0 = {{ on = "lan", address = "10.0.0.3/24" }}
nic.eth1 = {{ on = "cross", address = "10.1.0.3/24" }}
"""
ONE = "node1 10.0.0.200/24/eth0\n"


def world(
    *faults: str, nodes: str = "node1 node2", until: int = 80, own: Mapping[str, str] | None = None
) -> World:
    """Return a world of these nodes; `own` replaces lines of one node's ha.cf, by directive."""
    names = tuple(nodes.split())
    keys, _ = parse_authkeys("auth 1\n1 sha1 secret\n", mode=None)
    configs = {}
    for name in names:
        text = HA_CF.replace("node node1 node2", f"node {nodes}")
        for line in (own or {}).get(name, "").splitlines():
            word = line.split()[0]
            text = "".join(f"{t}\n" for t in text.splitlines() if t.split()[0] != word)
            text += f"{line}\n"
        config, problems = parse_ha_cf(text, local=name, dialect="3.0.6", authkeys=keys)
        assert config is not None, problems
        configs[name] = config
    site = site_of(text=SITE + (NODE3 if "node3" in names else ""))
    groups, _ = parse_haresources(ONE, nodes=names)
    assert groups is not None
    agenda = agenda_of([parse_fault(f) for f in faults], site)
    made = World.build(configs, site, agenda=agenda, haresources=dict.fromkeys(names, groups))
    made.run(until * SECOND)
    return made


def test_three_nodes_find_each_other_and_become_active() -> None:
    made = world(nodes="node1 node2 node3", until=30)
    assert len(told(made, CommUp)) == 3
    assert told(made, NodeDead) == []


def test_both_survivors_take_over_from_a_dead_one_so_that_two_hold_its_address() -> None:
    """Why haresources mode is made for two nodes."""
    made = world("40s power-off node1", nodes="node1 node2 node3")
    takers = {r.source.node for r in made.recorder.records if isinstance(r.event, AcquiringFrom)}
    assert takers == {"node2", "node3"}
    assert {e.node for t, e in told(made, AddressUp) if t > 40} == {"node2", "node3"}


def test_ipfail_knows_one_other_node_the_last_of_its_list() -> None:
    made = world("40s cut node3:eth0", nodes="node1 node2 node3", until=60)
    partners = {client.node: client.ipfail.other for client in made.hub.state.clients
                if client.ipfail is not None}  # fmt: skip
    assert partners == {"node1": "node3", "node2": "node3", "node3": "node2"}


def test_a_node_is_judged_by_the_deadtime_that_it_announces_itself() -> None:
    made = world("40s power-off node1", own={"node1": "deadtime 9"})
    assert [round(t) for t, e in told(made, NodeDead, "node2", 40) if e.peer == "node1"] == [49]
    other = world("40s power-off node2", own={"node1": "deadtime 9"})
    assert [round(t) for t, e in told(other, NodeDead, "node1", 40) if e.peer == "node2"] == [45]


def test_a_node_that_speaks_too_rarely_is_late_all_the_time_and_never_dead() -> None:
    made = world(
        own={"node1": "keepalive 4\ndeadtime 20\nwarntime 10\ninitdead 30", "node2": "warntime 3"},
        until=60,
    )
    late = [t for t, e in told(made, LateHeartbeat, "node2") if e.peer == "node1"]
    assert len(late) >= 8


def test_failback_is_for_the_node_that_holds_foreign_groups_to_decide() -> None:
    off = "auto_failback off"
    keeps = world("40s stop node1", "60s start node1", own={"node2": off}, until=110)
    gives = world("40s stop node1", "60s start node1", own={"node1": off}, until=110)
    holders = [[n.name for n in w.hub.state.nodes.values() if n.addresses] for w in (keeps, gives)]
    assert holders == [["node2"], ["node1"]]
    assert "foreign" in [e.set for _, e in told(gives, StandbyAsk, "node2")]
