"""Conditioned replay: a world that is told a recording's exogenous facts, and nothing else."""

from __future__ import annotations

import dataclasses
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from hasim.config import AuthKeys, HaConfig, parse_authkeys, parse_ha_cf
from hasim.conform.recording import Recording
from hasim.errors import ConfigError
from hasim.site import Daemon, Host, Latency, Nic, NodeSite, Site, Switch
from hasim.units import SECOND, Micros
from hasim.world import Action, World

__all__ = ["QUIET_VERBS", "REPLAYED_VERBS", "Replay", "replay_of", "us"]

#: Verbs of the recordings that this version can do; the first other one ends the comparison.
REPLAYED_VERBS = frozenset(
    {
        "drop", "freeze", "kill", "ping_down", "ping_up", "plug", "power_off", "power_on", "pull",
        "start", "thaw", "undrop",
    }
)  # fmt: skip
#: Verbs that do nothing to links and nodes.
QUIET_VERBS = frozenset({"cl_status", "knob", "stonith_mode"})
_LAN = Latency(40, 90)
_KEYS = "auth 1\n1 sha1 laboratory\n"
#: From the init script's start until the daemon has read its configuration, where not recorded.
_START = Latency(100_000, 400_000)


@dataclass(frozen=True)
class Replay:
    """What a world is built from to follow a recording."""

    configs: Mapping[str, HaConfig]
    site: Site
    agenda: tuple[Action, ...]
    pins: Mapping[str, int]

    def world(self) -> World:
        """Return the world at instant 0."""
        return World.build(
            self.configs, self.site, pins=self.pins, agenda=self.agenda, start={}, typical=True
        )


def us(seconds: float) -> Micros:
    """Return recorded seconds as microseconds."""
    return round(seconds * SECOND)


def replay_of(recording: Recording) -> Replay:
    """Return the world that follows a recording.

    Raises
    ------
    ConfigError
        If the recorded configuration does not parse.
    """
    scenario = recording.scenario
    configs = {node: _config(recording, node) for node in recording.nodes}
    agenda, starts = _agenda(recording)
    return Replay(configs, _site(scenario, recording), agenda, _pins(recording, configs, starts))


def _config(recording: Recording, node: str) -> HaConfig:
    own = recording.scenario.get("per_node", {}).get(node, {})
    text = own.get("ha_cf", recording.scenario["ha_cf"])
    config, problems = parse_ha_cf(text, f"{recording.name}/ha.cf", local=node, dialect="3.0.6")
    if config is None:
        raise ConfigError(problems)
    return dataclasses.replace(config, authkeys=_keys(recording, node))


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


def _site(scenario: Mapping[str, Any], recording: Recording) -> Site:
    top = scenario["topology"]
    nodes = {}
    for i, name in enumerate(top["nodes"]):
        nics = {
            m["iface"]: Nic(m["iface"], m["iface"], f"{m['prefix']}.{11 + i}/24")
            for m in top["media"]
        }
        nodes[name] = NodeSite(
            name, nics, f"feed-{name}", Latency.constant(0), heartbeat="manual", first_pid=122
        )
    switches = {m["iface"]: Switch(m["iface"], _LAN) for m in top["media"]}
    hosts = {p["ip"]: Host(p["ip"], p["iface"]) for p in top["pings"]}
    daemon = Daemon(start=_START)
    return Site("3.0.6", switches=switches, nodes=nodes, hosts=hosts, daemon=daemon)


def _agenda(recording: Recording) -> tuple[tuple[Action, ...], dict[str, list[Micros]]]:
    """Return the recorded injections as actions, and when each node's daemon was started."""
    actions: list[Action] = []
    starts: dict[str, list[Micros]] = defaultdict(list)
    open_: dict[tuple[str, ...], int] = {}
    boots = [b for b in recording.pins.get("boots", ()) if b["ev"] == "power on"]
    pings = {p["name"]: p["ip"] for p in recording.scenario["topology"]["pings"]}
    for fault in recording.pins["faults"]:
        at, number, args = us(fault["t"]), int(fault["i"]), fault["args"]
        node = str(fault["node"] or "")
        line = f"{fault['do']} {node} {' '.join(str(v) for v in args.values())}".strip()
        if fault["do"] == "power_on":
            booted = [us(b["t"]) for b in boots if b["node"] == node and us(b["t"]) >= at]
            actions.append(
                Action(at, "repower", (node, open_.pop(("power", node), -1)), number, line)
            )
            if args.get("start", True):
                start = min(booted, default=at)
                starts[node].append(start)
                actions.append(Action(start, "start", (node,), number))
        else:
            for verb, plain in _steps(fault["do"], node, args, pings, open_, number):
                actions.append(Action(at, verb, plain, number, line))
                line = ""
            if fault["do"] == "start":
                starts[node].append(at)
    return tuple(actions), starts


_Step = tuple[str, tuple[str | int, ...]]


def _steps(
    do: str,
    node: str,
    args: Mapping[str, Any],
    pings: Mapping[str, str],
    open_: dict[tuple[str, ...], int],
    number: int,
) -> Iterable[_Step]:
    """Return one injection as actions; heals name the cause they remove."""
    wire = f"{node}:{args.get('iface', '')}"
    way, host = str(args.get("direction", "both")), str(args.get("host") or "")
    if do in ("pull", "drop"):
        if host:
            return [("filter", (wire, host))]
        open_[wire, way] = number
        return [("cut", (wire, way))]
    if do in ("plug", "undrop"):
        return (
            [("unfilter", (wire, host))]
            if host
            else [("mend", (wire, way, open_.pop((wire, way), -1)))]
        )
    if do == "ping_down":
        open_["ping", args["name"]] = number
        return [("unpower", (pings[args["name"]],))]
    if do == "ping_up":
        return [("repower", (pings[args["name"]], open_.pop(("ping", args["name"]), -1)))]
    if do == "power_off":
        open_["power", node] = number
        return [("unpower", (node,))]
    if do == "freeze":
        open_["hang", node] = number
        return [("hang", (node,))]
    if do == "thaw":
        return [("thaw", (node, open_.pop(("hang", node), -1)))]
    if do == "kill" and args.get("role", "master control process") in (
        "master control process",
        "heartbeat: ",
    ):
        return [("kill", (node, "all" if args.get("role") == "heartbeat: " else "master"))]
    return [("start", (node,))] if do == "start" else []


def _pins(
    recording: Recording, configs: Mapping[str, HaConfig], starts: Mapping[str, list[Micros]]
) -> dict[str, int]:
    """Return the recorded coins and durations under the names of our draws."""
    pins: dict[str, int] = {}
    for node, begun in starts.items():
        lives = [life for life in recording.pins["lives"] if life["node"] == node]
        for boot, start in enumerate(begun, 1):
            life = next((x for x in lives if us(x["t0"]) > start), None)
            if life is None:
                break
            lives = lives[lives.index(life) + 1 :]
            name = f"{node}/boot{boot}"
            validated = us(life["validated"] if life["validated"] is not None else life["version"])
            pins[f"{name}/validated"] = max(0, validated - start)
            spoke = max(validated, start, us(life["version"]))
            pins[f"{name}/version"] = spoke - max(validated, start)
            pins[f"{name}/up"] = us(life["t0"]) - spoke
            for medium in configs[node].media:
                for role in ("write", "read"):
                    late = _late(life, medium.kind, medium.device, role)
                    if late is not None:
                        pins[f"{name}/io-start/{role} {medium.device}"] = SECOND * late
    for job in recording.pins["jobs"]:
        if (
            job["name"] == "harc"
            and job["what"] == "status"
            and job["gaps"]
            and job["gaps"][0][1] is not None
        ):
            pins[f"{job['node']}/harc{job['k']}/line"] = us(job["gaps"][0][1])
    return pins


def _late(life: Mapping[str, Any], kind: str, device: str, role: str) -> int | None:
    if kind.startswith("ping"):
        return life["ping_late"] if role == "read" and life["ping_late"] is not None else 0
    value = life["io"].get(device, {}).get(role)
    return None if value is None else int(value)
