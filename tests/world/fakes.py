"""Nodes that run scripts without a daemon: what would wake it is written down."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from hasim.config import Haresources, parse_haresources
from hasim.faults import parse_fault
from hasim.protocol import Letter, RunHelper, RunScript
from hasim.run.agenda import agenda_of
from hasim.site import Site
from hasim.units import SECOND, Micros
from hasim.world import World
from hasim.world.records import DaemonState, JobState, NodeState
from tests.world.support import HA_CF, SITE, configs_of, site_of, text

__all__ = [
    "DEAD_PEER",
    "DISK",
    "GROUP",
    "KEY",
    "OWN",
    "FakeHost",
    "fake",
    "groups",
    "helper",
    "host",
    "idle",
    "jobs_of",
    "lines",
    "run",
    "script",
    "take_over",
    "with_disk",
]

KEY = "10.0.0.200/24/eth0"
GROUP = f"node1 {KEY} Filesystem::/dev/sdb1::/data::ext3\n"
DISK = """
[disk.web]
seen_as = { node1 = "/dev/sdb1", node2 = "/dev/sdb1" }
"""
DEAD_PEER = RunScript("status", "node1", "dead")
OWN = RunHelper("req_our_resources")


@dataclass
class FakeHost:
    """A daemon that only remembers what its node's scripts told it."""

    state: NodeState
    letters: list[tuple[Micros, Letter]] = field(default_factory=list)
    exits: list[tuple[Micros, str, str]] = field(default_factory=list)
    kills: list[tuple[Micros, str]] = field(default_factory=list)

    def fifo(self, now: Micros, letter: Letter) -> None:
        self.letters.append((now, letter))

    def helper_exited(self, now: Micros, kind: str, origin: str) -> None:
        self.exits.append((now, kind, origin))

    def killed(self, now: Micros, role: str, cause: int) -> None:
        self.kills.append((now, role))
        self.state.daemon = None

    def bodies(self) -> list[tuple[str, dict[str, str]]]:
        """Type and fields of every message."""
        return [(letter.type, dict(letter.body)) for _, letter in self.letters]


def groups(text_: str) -> dict[str, Haresources]:
    parsed, problems = parse_haresources(text_, nodes=("node1", "node2"))
    assert parsed is not None, problems
    return {"node1": parsed, "node2": parsed}


def with_disk(version: str = "3.0.6", more: str = "") -> Site:
    """Return a site with a shared disk, whose nodes start no daemon when they boot."""
    manual = SITE.replace('boot = "4s..6s"', 'boot = "4s..6s"\nheartbeat = "manual"')
    return site_of(version, manual + DISK.replace("{", "{{").replace("}", "}}") + more)


def idle(
    *faults: str,
    haresources: str = GROUP,
    version: str = "3.0.6",
    site: Site | None = None,
    pins: Mapping[str, int] | None = None,
    ha_cf: str = HA_CF,
    seed: int | None = None,
) -> World:
    """Return a world whose daemons are fakes that live their first life.

    Without a seed all draws are typical.
    """
    site = with_disk(version) if site is None else site
    world = World.build(
        configs_of(ha_cf, version),
        site,
        seed=seed or 0,
        typical=seed is None,
        pins=pins,
        start={},
        agenda=agenda_of([parse_fault(line) for line in faults], site),
        haresources=groups(haresources),
    )
    fake(world)
    return world


def fake(world: World) -> None:
    """Put fakes in the places of the daemons."""
    for name, node in world.hub.state.nodes.items():
        node.daemon = DaemonState(1, 100, 101, "fake", None)
        world.hub.hosts[name] = FakeHost(node)  # type: ignore[assignment]


def host(world: World, node: str) -> FakeHost:
    found = world.hub.hosts[node]
    assert isinstance(found, FakeHost)
    return found


def script(world: World, node: str, output: RunScript) -> FakeHost:
    """Fork a run of harc now."""
    world.hub.jobs.run_script(world.hub.state.nodes[node], world.now, output, None)
    return host(world, node)


def helper(world: World, node: str, output: RunHelper) -> FakeHost:
    """Fork a helper of the master now."""
    world.hub.jobs.run_helper(world.hub.state.nodes[node], world.now, output, None)
    return host(world, node)


def run(world: World, seconds: float = 20) -> None:
    """Let so much time pass."""
    world.run(world.now + round(seconds * SECOND))


def lines(world: World, node: str = "node1", after: float = 0) -> list[str]:
    return text(world, node, after)


def jobs_of(world: World, node: str) -> Iterator[JobState]:
    return (job for job in world.hub.state.jobs if job.node == node)


def take_over(world: World, node: str, seconds: float = 5) -> FakeHost:
    """Let a node take over the groups of node1."""
    found = script(world, node, DEAD_PEER)
    run(world, seconds)
    return found
