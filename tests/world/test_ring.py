"""Serial rings: each node passes on what is not its own and has hops left (semantics 1.2, 3.1)."""

from __future__ import annotations

from hasim.config import parse_authkeys, parse_ha_cf
from hasim.events import CommUp, LinkUp, NodeDead
from hasim.faults import parse_fault
from hasim.run.agenda import agenda_of
from hasim.site import parse_site
from hasim.units import SECOND
from hasim.world import World
from tests.world.support import jsonl, told

NODES = ("node1", "node2", "node3", "node4")
HA_CF = """\
keepalive 1
deadtime 5
initdead 15
serial /dev/ttyS0 /dev/ttyS1
auto_failback on
"""


def ring(*faults: str, nodes: int = 3, more: str = "", until: int = 40) -> World:
    """Return a world of nodes in a ring: ttyS1 of each leads to ttyS0 of the next."""
    names = NODES[:nodes]
    site = 'schema = 1\nheartbeat = "3.0.6"\n'
    for i in range(nodes):
        site += f'[switch.cable{i}]\nlatency = "1ms"\n'
    for i, name in enumerate(names):
        ports = {"/dev/ttyS0": (i - 1) % nodes, "/dev/ttyS1": i}
        site += f'[node.{name}]\nboot = "5s"\n'
        site += "".join(f'nic."{p}" = {{ on = "cable{c}" }}\n' for p, c in ports.items())
    keys, _ = parse_authkeys("auth 1\n1 sha1 secret\n", mode=None)
    text = HA_CF + f"node {' '.join(names)}\n" + more
    configs = {}
    for name in names:
        config, problems = parse_ha_cf(text, local=name, dialect="3.0.6", authkeys=keys)
        assert config is not None, problems
        configs[name] = config
    built = parse_site(site)
    world = World.build(configs, built, agenda=agenda_of([parse_fault(f) for f in faults], built))
    world.run(until * SECOND)
    return world


def dead(world: World, after: float = 0) -> set[tuple[str | None, str]]:
    records = world.recorder.records
    return {(r.source.node, r.event.peer) for r in records
            if isinstance(r.event, NodeDead) and r.at > after * SECOND}  # fmt: skip


def test_nodes_that_are_no_neighbours_hear_each_other_round_the_ring() -> None:
    world = ring(nodes=4)
    assert len(told(world, CommUp)) == 4
    assert dead(world) == set()
    heard = {(e.peer, e.medium) for _, e in told(world, LinkUp, "node1")}
    assert ("node3", "/dev/ttyS0") in heard
    assert ("node3", "/dev/ttyS1") in heard


def test_own_packets_come_round_and_go_no_further() -> None:
    world = ring()
    own = {e.medium for _, e in told(world, LinkUp, "node1") if e.peer == "node1"}
    assert own == {"/dev/ttyS0", "/dev/ttyS1"}


def test_a_ring_with_one_node_down_still_connects_the_others() -> None:
    world = ring("20s kill node2 all")
    assert dead(world, 20) == {("node1", "node2"), ("node3", "node2")}


def test_two_nodes_down_cut_a_ring_of_four_in_two() -> None:
    world = ring("20s kill node2 all", "20s kill node4 all", nodes=4)
    assert {("node1", "node3"), ("node3", "node1")} <= dead(world, 20)


def test_hops_run_out() -> None:
    """With as many hops as a message has at first, a ring of four is just wide enough."""
    world = ring("20s kill node4 all", nodes=4, more="hopfudge 0\n")
    assert {("node1", "node3"), ("node3", "node1")} & dead(world, 20) == set()


def test_a_ring_goes_on_from_a_snapshot_to_the_same_bytes() -> None:
    whole = ring("20s kill node2 all")
    part = ring("20s kill node2 all", until=21)
    again = World.resume(part.snapshot())
    again.run(40 * SECOND)
    assert jsonl(again.recorder.records) == jsonl(whole.recorder.records)
