"""Worlds for tests: the model of the founding document, and small ones of our own."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import TypeVar

from hasim.catalogue import line_of
from hasim.config import HaConfig, Haresources, parse_authkeys, parse_ha_cf, parse_haresources
from hasim.events import Event
from hasim.faults import parse_fault
from hasim.model import Model, load
from hasim.run.agenda import agenda_of
from hasim.site import Latency, Site, parse_site
from hasim.trace import Record
from hasim.trace.jsonl import record_line
from hasim.units import MS, SECOND, Micros
from hasim.world import Action, World

__all__ = [
    "GROUPS",
    "SHARED",
    "SITE",
    "WEBDATA",
    "at_rest",
    "configs_of",
    "counts_between",
    "groups_of",
    "held_world",
    "jsonl",
    "punctual",
    "scenario_world",
    "site_of",
    "text",
    "told",
    "webdata",
    "world_of",
]

WEBDATA = Path(__file__).resolve().parents[2] / "models" / "webdata"
HA_CF = """\
keepalive 1
warntime 3
deadtime 5
initdead 15
bcast eth0
bcast eth1
auto_failback on
node node1 node2
ping 10.0.0.254
respawn hacluster /usr/lib/heartbeat/ipfail
"""
SITE = """\
schema = 1
heartbeat = "{version}"
[switch.lan]
latency = "100us..300us"
power = "utility"
[switch.cross]
latency = "50us"
[node.node1]
power = "outlet1"
boot = "4s..6s"
nic.eth0 = {{ on = "lan", address = "10.0.0.1/24" }}
nic.eth1 = {{ on = "cross", address = "10.1.0.1/24" }}
[node.node2]
power = "outlet2"
boot = "4s..6s"
nic.eth0 = {{ on = "lan", address = "10.0.0.2/24" }}
nic.eth1 = {{ on = "cross", address = "10.1.0.2/24" }}
[host."10.0.0.254"]
on = "lan"
[feed]
outlet1 = "rack"
outlet2 = "rack"
"""
#: What the small site lacks for resources: a shared disk, and a client of each service address.
SHARED = """\
[host.client1]
on = "lan"
probes = "10.0.0.200"
[host.client2]
on = "lan"
probes = "10.0.0.201"
[disk.web]
seen_as = {{ node1 = "/dev/sdb1", node2 = "/dev/sdb1" }}
"""
GROUPS = """\
node1 10.0.0.200/24/eth0 Filesystem::/dev/sdb1::/data::ext3
node2 10.0.0.201/24/eth0 LabSvc::b
"""
AnyEvent = TypeVar("AnyEvent", bound=Event)


@cache
def webdata(version: str = "2.0.8") -> Model:
    return load(WEBDATA, version)


def configs_of(ha_cf: str = HA_CF, version: str = "3.0.6") -> dict[str, HaConfig]:
    keys, complaints = parse_authkeys("auth 1\n1 sha1 secret\n", mode=None)
    assert keys is not None, complaints
    out = {}
    for node in ("node1", "node2"):
        config, problems = parse_ha_cf(ha_cf, local=node, dialect=version, authkeys=keys)
        assert config is not None, problems
        out[node] = config
    return out


def site_of(version: str = "3.0.6", text: str = SITE) -> Site:
    return parse_site(text.format(version=version))


def groups_of(text: str = GROUPS) -> dict[str, Haresources]:
    parsed, problems = parse_haresources(text, nodes=("node1", "node2"))
    assert parsed is not None, problems
    return {"node1": parsed, "node2": parsed}


def punctual(site: Site) -> Site:
    """Return a site whose daemons serve every timer in time: none creeps away from the others."""
    return replace(site, daemon=replace(site.daemon, creep=Latency(0, 0)))


def world_of(
    *faults: str,
    version: str = "3.0.6",
    ha_cf: str = HA_CF,
    site: Site | None = None,
    seed: int = 0,
    pins: Mapping[str, int] | None = None,
    start: Mapping[str, Micros] | None = None,
    actions: Sequence[Action] = (),
    groups: Mapping[str, Haresources] | None = None,
) -> World:
    """Return a world of two small nodes under a schedule of fault lines."""
    site = site_of(version) if site is None else site
    agenda = [*agenda_of([parse_fault(line) for line in faults], site), *actions]
    configs = configs_of(ha_cf, version)
    return World.build(
        configs, site, seed=seed, pins=pins, agenda=agenda, start=start, haresources=groups
    )


def held_world(
    *faults: str,
    version: str = "3.0.6",
    ha_cf: str = HA_CF,
    seed: int = 0,
    creep: bool = True,
    more: str = "",
) -> World:
    """Return a world of two small nodes that hold a group each, watched by clients."""
    site = site_of(version, SITE + SHARED + more)
    site, groups = site if creep else punctual(site), groups_of()
    return world_of(*faults, version=version, ha_cf=ha_cf, site=site, seed=seed, groups=groups)


def scenario_world(name: str, version: str = "2.0.8", seed: int = 0) -> tuple[World, Micros]:
    """Return the world of a scenario of the model, and its horizon."""
    scenario = webdata(version).scenarios[name]
    model = webdata(version).changed(scenario.change)
    agenda = agenda_of(scenario.faults, model.site)
    assert scenario.until is not None
    world = World.build(
        model.configs,
        model.site,
        haresources=model.haresources,
        seed=seed,
        agenda=agenda,
        start=scenario.start,
    )
    return world, scenario.until


def jsonl(records: Sequence[Record]) -> str:
    return "\n".join(record_line(r) for r in records)


def told(
    world: World, kind: type[AnyEvent], node: str | None = None, after: float = 0
) -> list[tuple[float, AnyEvent]]:
    """Events of a kind in the trace: seconds and event."""
    return [
        (r.at / SECOND, r.event)
        for r in world.recorder.records
        if isinstance(r.event, kind)
        and node in (None, r.source.node)
        and r.at >= round(after * SECOND)
    ]


def text(world: World, node: str, after: float = 0, until: float = 1e9) -> list[str]:
    """The lines of a node's log."""
    version = world.hub.dialect
    return [
        line.text
        for r in world.recorder.records
        if r.source.node == node and after * SECOND <= r.at < until * SECOND
        if (line := line_of(r.event, version)) is not None and line.level != "debug"
    ]


def at_rest(world: World, at: Micros) -> None:
    """Run to the first instant from `at` on at which no packet is in the air."""
    world.run(at)
    while any(medium.flights for medium in world.hub.state.media):
        at += MS
        world.run(at)


def counts_between(before: World, then: World) -> Iterator[tuple[str, int]]:
    """How far every count of packets is ahead in the second world: name and difference."""
    for name, node in before.hub.state.nodes.items():
        later = then.hub.state.nodes[name].daemon
        if node.daemon and node.daemon.master and later and later.master:
            yield name, later.master.seqno - node.daemon.master.seqno
    for medium, later_medium in zip(before.hub.state.media, then.hub.state.media, strict=True):
        yield f"{medium.node}/{medium.medium}", later_medium.sent - medium.sent
