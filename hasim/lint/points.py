"""What a cluster loses when one part fails: its single points of failure.

A part is a cable, a switch, a host, a feed. A minimum cut of one part is a single point of failure;
because a feed takes down all that hangs on it, parts are taken out one by one and the rest looked
at, which counts cuts of the network and of power alike.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations

import networkx as nx

from hasim.config import HaConfig
from hasim.site import Site, Stonith
from hasim.site.positions import Path
from hasim.world.graph import graph_of, only

__all__ = ["Loss", "Part", "Ways", "single_points"]


@dataclass(frozen=True, slots=True)
class Part:
    """A part that can fail.

    Parameters
    ----------
    name : str
        As in a sentence: ``the switch lan``.
    path : tuple
        Where ``site.toml`` has it.
    gone : frozenset of str
        Everything that fails with it, by the names of :func:`hasim.world.graph.graph_of`.
    """

    name: str
    path: Path
    gone: frozenset[str]


@dataclass(frozen=True, slots=True)
class Loss:
    """What is lost without one part.

    `kind` is ``power`` (`what` are nodes that go down together), ``heartbeat`` (two nodes that run
    and do not hear each other), ``ping`` (a ping node that answers nobody) or ``disk`` (a disk that
    no node reaches).
    """

    part: Part
    kind: str
    what: tuple[str, ...]

    def __str__(self) -> str:
        match self.kind:
            case "power":
                told = f"{_and(self.what)} lose power together"
            case "heartbeat":
                told = f"{_and(self.what)} do not hear each other"
            case "ping":
                told = f"the ping node {self.what[0]} answers nobody"
            case _:
                told = f"no node reaches the disk {self.what[0]}"
        return f"Without {self.part.name}, {told}."


def _and(names: tuple[str, ...]) -> str:
    return f"{', '.join(names[:-1])} and {names[-1]}"


class Ways:
    """Which nodes hear each other, and what they reach, when some parts are gone.

    Nodes that the site does not have are left out of account.
    """

    def __init__(self, configs: Mapping[str, HaConfig], site: Site) -> None:
        self.site = site
        self.configs = {node: c for node, c in configs.items() if node in site.nodes}
        self.nodes = list(self.configs)
        hardware = graph_of(site)
        self.power = only(hardware, "power")
        # Heartbeats take the NICs that have a medium, and the switches.
        carries = {
            f"{node}:{medium.device}"
            for node, config in self.configs.items()
            for medium in config.media
            if not medium.kind.startswith("ping")
        }
        parts = {*self.nodes, *site.switches, *carries}
        self.net: nx.Graph[str] = nx.Graph(
            (a, b) for a, b in only(hardware, "wire", "slot").edges if a in parts and b in parts
        )
        self.net.add_nodes_from(self.nodes)
        pinged = {
            m.device: m.hosts
            for config in self.configs.values()
            for m in config.media
            if m.kind.startswith("ping")
        }
        self.pinged = {
            name: [h for h in hosts if h in site.hosts] for name, hosts in pinged.items()
        }

    @cached_property
    def parts(self) -> tuple[Part, ...]:
        """Every part that can fail: cables, switches, hosts, feeds."""
        site = self.site
        out = [
            Part(f"the cable {end}", ("node", node, "nic", nic), frozenset({end}))
            for node in self.nodes
            for nic in site.nodes[node].nics
            for end in [f"{node}:{nic}"]
        ]
        out += [Part(f"the switch {s}", ("switch", s), frozenset({s})) for s in site.switches]
        hosts = dict.fromkeys(host for hosts in self.pinged.values() for host in hosts)
        out += [Part(f"the host {host}", ("host", host), frozenset({host})) for host in hosts]
        for feed in site.feed_names:
            fed = frozenset(nx.descendants(self.power, f"feed {feed}"))
            out.append(Part(f"the feed {feed}", ("feed", feed), fed))
        return tuple(out)

    def rings(self, gone: frozenset[str] = frozenset()) -> dict[str, int]:
        """Return the nodes that run; those that hear each other have the same number."""
        left = self.net.subgraph([name for name in self.net if name not in gone])
        return {
            name: number
            for number, ring in enumerate(nx.connected_components(left))
            for name in ring
            if name in self.configs
        }

    def hears(self, one: str, other: str, gone: frozenset[str] = frozenset()) -> bool:
        """Tell whether two nodes run and heartbeats get from one to the other."""
        rings = self.rings(gone)
        return one in rings and other in rings and rings[one] == rings[other]

    def on(self, node: str, switch: str, gone: frozenset[str] = frozenset()) -> bool:
        """Tell whether a node runs and has a NIC on a switch."""
        nics = self.site.nodes[node].nics.values()
        plugged = any(n.on == switch and f"{node}:{n.name}" not in gone for n in nics)
        return plugged and not gone & {node, switch}

    def answers(self, name: str, gone: frozenset[str] = frozenset()) -> bool:
        """Tell whether any node reaches a host of a ping node."""
        return any(
            host not in gone and self.on(node, self.site.hosts[host].on, gone)
            for host in self.pinged[name]
            for node in self.nodes
        )

    def mounts(self, disk: str, gone: frozenset[str] = frozenset()) -> bool:
        """Tell whether any node that sees a disk reaches it."""
        found = self.site.disks[disk]
        seers = [node for node in self.nodes if node in found.seen_as and node not in gone]
        if found.path == "direct":
            return bool(seers)
        return any(self.on(node, found.path, gone) for node in seers)

    def works(self, node: str, device: Stonith, gone: frozenset[str] = frozenset()) -> bool:
        """Tell whether a node runs and reaches a STONITH device that has power."""
        if gone & {node, f"stonith {device.name}"}:
            return False
        return device.on is None or self.on(node, device.on, gone)

    def losses(self) -> Iterator[Loss]:
        """Yield what is lost without each part; what is lacking without any loss is left out."""
        whole = self.rings()
        pairs = [(a, b) for a, b in combinations(self.nodes, 2) if whole[a] == whole[b]]
        names = [name for name in self.pinged if self.answers(name)]
        disks = [disk for disk in self.site.disks if self.mounts(disk)]
        for part in self.parts:
            gone, rings = part.gone, self.rings(part.gone)
            dead = tuple(n for n in self.nodes if n in gone)
            if len(dead) > 1:
                yield Loss(part, "power", dead)
            for a, b in pairs:
                if a in rings and b in rings and rings[a] != rings[b]:
                    yield Loss(part, "heartbeat", (a, b))
            if len(dead) == len(self.nodes):
                continue
            for name in names:
                if not self.answers(name, gone):
                    yield Loss(part, "ping", (name,))
            for disk in disks:
                if not self.mounts(disk, gone) and set(self.site.disks[disk].seen_as) - {*dead}:
                    yield Loss(part, "disk", (disk,))


def single_points(configs: Mapping[str, HaConfig], site: Site) -> list[Loss]:
    """Return what the loss of one part alone takes away from a cluster that has it otherwise.

    Looked at: that some node has power, that nodes which run hear each other, that ping nodes
    answer, that a node reaches each disk.
    """
    return list(Ways(configs, site).losses())
