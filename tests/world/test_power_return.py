"""Power that goes and comes back: of a whole site, and faster than anybody notices (5.10, 6.7)."""

from __future__ import annotations

from hasim.events import AddressUp, NodeBooted, NodeDead, NodePoweredOff, RestartSeen
from hasim.site import Site, parse_site
from hasim.units import SECOND
from hasim.world import World
from tests.world.support import SHARED, SITE, groups_of, site_of, told, world_of


def run(*faults: str, site: Site | None = None, seed: int = 0, until: int = 110) -> World:
    world = world_of(
        *faults, site=site or site_of(text=SITE + SHARED), seed=seed, groups=groups_of()
    )
    world.run(until * SECOND)
    return world


def slow(node: str) -> Site:
    """Return the site with a node that needs 30 s to boot: longer than the other's initdead."""
    text = (SITE + SHARED).format(version="3.0.6")
    head, _, tail = text.partition(f"[node.{node}]")
    return parse_site(f"{head}[node.{node}]{tail.replace('4s..6s', '30s', 1)}")


def test_when_the_power_of_the_site_returns_both_nodes_serve_their_own_again() -> None:
    world = run("40s power-off rack for 10s")
    assert {e.node for _, e in told(world, NodePoweredOff)} == {"node1", "node2"}
    assert all(54 <= t <= 57 for t, _ in told(world, NodeBooted))
    up = [(e.address, e.node) for t, e in told(world, AddressUp) if t > 50]
    assert sorted(up) == [("10.0.0.200/24", "node1"), ("10.0.0.201/24", "node2")]
    assert told(world, NodeDead, after=50) == []


def test_who_boots_first_waits_initdead_and_takes_everything_until_the_other_is_there() -> None:
    world = run("40s power-off rack for 10s", site=slow("node2"))
    dead = [t for t, e in told(world, NodeDead, "node1", 50) if e.peer == "node2"]
    assert len(dead) == 1
    first = [
        (e.node, t) for t, e in told(world, AddressUp) if t > 50 and e.address == "10.0.0.201/24"
    ]
    assert [node for node, _ in first] == ["node1", "node2"]
    assert first[0][1] > dead[0]


def test_a_node_that_comes_back_within_the_deadtime_is_never_declared_dead() -> None:
    """Its new generation tells; what it held of the other's stays unclaimed (5.10 E)."""
    site = parse_site((SITE + SHARED).format(version="3.0.6").replace("4s..6s", "500ms"))
    world = run("40s power-off node1 for 500ms", site=site)
    assert told(world, NodeDead, "node2", 40) == []
    assert [e.peer for _, e in told(world, RestartSeen, "node2")] == ["node1"]
    assert [e.node for t, e in told(world, AddressUp) if t > 40] == ["node1"]
