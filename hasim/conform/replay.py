"""Conditioned replay: a world that is told a recording's exogenous facts, and nothing else."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from hasim.config import AuthKeys, HaConfig, Haresources, parse_authkeys, parse_ha_cf
from hasim.config import parse_haresources as read_haresources
from hasim.conform.injections import LAB_DEVICE, agenda_of, us
from hasim.conform.pins import Watched, pins_of
from hasim.conform.recording import Recording
from hasim.draws import Draws
from hasim.errors import ConfigError
from hasim.site import (
    Daemon,
    Disk,
    Host,
    Latency,
    Nic,
    NodeSite,
    ScriptTimes,
    Site,
    Stonith,
    Switch,
)
from hasim.units import MS, SECOND, Micros
from hasim.world import Action, World
from hasim.world.boot import asks_device

__all__ = ["Replay", "replay_of"]

_LAN = Latency(40, 90)
#: The laboratory's STONITH device answers so soon where a scenario says nothing (seconds).
_LATENCY = 0.5
_KEYS = "auth 1\n1 sha1 laboratory\n"
_DISK = "/dev/sdb5"
#: Measured on the recordings, 5 % / 50 % / 95 %: the init script's start until the daemon has read
#: its configuration, from there to status up, and what one node needs more than another.
_READY = (160 * MS, 260 * MS, 600 * MS)
_READY_OWN = (0, 8 * MS, 45 * MS)
_UP = (14 * MS, 25 * MS, 100 * MS)
_UP_OWN = (0, 2 * MS, 15 * MS)
#: The same for a node that starts while no other does: it has the machine to itself.
_ALONE: Micros = SECOND
_READY_ALONE = (128 * MS, 180 * MS, 430 * MS)
_UP_ALONE = (13 * MS, 21 * MS, 88 * MS)
#: The same where the start follows a boot, and how timers creep: some hardly, others by a tick in
#: ten seconds; a boot asked for, and a node's own reboot.
_DAEMON = Daemon(
    Latency.percentiles(68 * MS, 140 * MS),
    Latency.percentiles(29 * MS, 90 * MS),
    creep=Latency(0, 1000),
)
_BOOT = Latency(90 * MS, 200 * MS)
_REBOOT = Latency(5175 * MS, 5300 * MS)
#: A service without substance takes hardly longer than the recorder beside it.
_SERVICE = ScriptTimes(run=Latency.percentiles(2 * MS, 14 * MS), stopped_code=0)


@dataclass(frozen=True)
class Replay:
    """What a world is built from to follow a recording."""

    configs: Mapping[str, HaConfig]
    haresources: Mapping[str, Haresources]
    site: Site
    agenda: tuple[Action, ...]
    pins: Mapping[str, int]
    unknown: frozenset[str] = frozenset()

    def world(self) -> World:
        """Return the world at instant 0 that is told the facts; the rest is typical."""
        return self._build(0, self.pins, typical=True)

    def watched(self) -> tuple[World, Watched]:
        """Return the same world, and its pins, which remember what was asked for."""
        world = self.world()
        pins = Watched(self.pins, lambda: world.now)
        world.draws.pins = pins
        return world, pins

    def free(self, seed: int) -> World:
        """Return a world that is told the injections only."""
        return self._build(seed, self._starts(Draws(seed)), typical=False)

    def _starts(self, draws: Draws) -> dict[str, int]:
        """Draw how long the first starts take: almost alike, for the laboratory is one machine."""
        told, first = {}, dict[str, Micros]()
        for action in self.agenda:
            if action.verb == "start":
                first.setdefault(str(action.args[0]), action.at)
        ready, up = draws.spread("laboratory/start", *_READY), draws.spread("laboratory/up", *_UP)
        for node in self.configs:
            device = asks_device(self.configs[node])
            if _alone(node, first):
                own = draws.spread(f"laboratory/{node}/start", *_READY_ALONE)
                told[f"{node}/boot1/validated"] = own + device
                told[f"{node}/boot1/up"] = draws.spread(f"laboratory/{node}/up", *_UP_ALONE)
                continue
            own = draws.spread(f"laboratory/{node}/start", *_READY_OWN)
            told[f"{node}/boot1/validated"] = ready + own + device
            told[f"{node}/boot1/up"] = up + draws.spread(f"laboratory/{node}/up", *_UP_OWN)
        return told

    def _build(self, seed: int, pins: Mapping[str, int], *, typical: bool) -> World:
        return World.build(
            self.configs,
            self.site,
            haresources=self.haresources,
            seed=seed,
            pins=pins,
            agenda=self.agenda,
            start={},
            typical=typical,
        )


def _alone(node: str, first: Mapping[str, Micros]) -> bool:
    """Tell whether a node's first start has no other near it."""
    others = [at for name, at in first.items() if name != node]
    return node in first and all(abs(at - first[node]) > _ALONE for at in others)


def replay_of(recording: Recording) -> Replay:
    """Return the world that follows a recording.

    Raises
    ------
    ConfigError
        If the recorded configuration does not parse.
    ValueError
        For an injection that no action stands for.
    """
    configs = {node: _config(recording, node) for node in recording.nodes}
    groups = {node: _groups(recording, node, configs[node]) for node in recording.nodes}
    pins, unknown = pins_of(recording, configs)
    site = _site(recording.scenario)
    return Replay(configs, groups, site, agenda_of(recording), pins, unknown)


def _text(recording: Recording, node: str, name: str) -> str:
    own = recording.scenario.get("per_node", {}).get(node, {})
    return str(own.get(name, recording.scenario[name]))


def _config(recording: Recording, node: str) -> HaConfig:
    text = _text(recording, node, "ha_cf")
    config, problems = parse_ha_cf(text, f"{recording.name}/ha.cf", local=node, dialect="3.0.6")
    if config is None:
        raise ConfigError(problems)
    return dataclasses.replace(config, authkeys=_keys(recording, node))


def _groups(recording: Recording, node: str, config: HaConfig) -> Haresources:
    text = _text(recording, node, "haresources")
    groups, problems = read_haresources(
        text, f"{recording.name}/haresources", nodes=recording.nodes
    )
    if groups is None:
        raise ConfigError(problems)
    return groups


def _keys(recording: Recording, node: str) -> AuthKeys:
    """Return the node's keys: the laboratory's, or what the schedule wrote before the start."""
    text = _KEYS
    for action in recording.scenario["schedule"]:
        command = str(action["args"].get("command", ""))
        written = re.fullmatch(r"printf '(.*)' >/etc/ha\.d/authkeys", command)
        if action["do"] == "sh" and action["args"].get("node") == node and written:
            text = written[1].replace("\\n", "\n")
    keys, problems = parse_authkeys(text, "authkeys", mode=0o600)
    if keys is None:
        raise ConfigError(problems)
    return keys


def _site(scenario: Mapping[str, Any]) -> Site:
    top = scenario["topology"]
    # A node that reboots by itself waits; where an operator switches it on, only the boot counts.
    asked = any(action["do"] == "power_on" for action in scenario["schedule"])
    nodes = {}
    for i, name in enumerate(top["nodes"]):
        nics = {
            m["iface"]: Nic(m["iface"], m["iface"], f"{m['prefix']}.{11 + i}/24")
            for m in top["media"]
        }
        boot = _BOOT if asked else _REBOOT
        nodes[name] = NodeSite(name, nics, f"feed-{name}", boot, first_pid=122)
    switches = {m["iface"]: Switch(m["iface"], _LAN) for m in top["media"]}
    hosts = {p["ip"]: Host(p["ip"], p["iface"]) for p in top["pings"]}
    if top.get("probe"):
        hosts["client"] = Host("client", top["media"][0]["iface"], probes=top["probe"])
    disks = {"disk": Disk("disk", dict.fromkeys(nodes, _DISK))} if top.get("disk") else {}
    return Site(
        "3.0.6",
        switches=switches,
        nodes=nodes,
        hosts=hosts,
        disks=disks,
        scripts={"LabSvc": _SERVICE},
        daemon=_DAEMON,
        stonith=_devices(scenario),
    )


def _devices(scenario: Mapping[str, Any]) -> dict[str, Stonith]:
    """Return the laboratory's power switch: it answers when it has switched off, then on."""
    given = scenario.get("stonith")
    if not given:
        return {}
    latency = Latency.constant(us(float(given.get("latency", _LATENCY))))
    plugs = {node: node for node in scenario["topology"]["nodes"]}
    action = "off" if given.get("then") == "off" else "reboot"
    return {
        LAB_DEVICE: Stonith(
            LAB_DEVICE, "external/lab", None, None, plugs, latency, latency, action, "off"
        )
    }
