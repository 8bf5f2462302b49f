"""A whole cluster as a few choices, and the files that they stand for."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from hypothesis import note

from hasim.model import Model, load
from hasim.site import Disk, Host, Latency, Nic, NodeSite, Site, Stonith, Switch, Watchdog
from hasim.site.render import render_site
from hasim.testing.field import SETTINGS, Settings

__all__ = ["Plan", "Way", "authkeys_of", "model_from", "texts_of", "told"]

_KEY = "NotARealKeyOnlyForSimulation"
_CABLE = Latency(50, 50)
_ETHER = Latency(100, 300)
_GATEWAY, _SECOND_GATEWAY, _PDU = "192.168.60.1", "192.168.60.2", "192.168.60.9"
_IPFAIL = "hacluster /usr/lib/heartbeat/ipfail"


@dataclass(frozen=True, slots=True)
class Way:
    """A medium of heartbeats: its kind, and what it runs over.

    `over` is ``lan``, the network of the service addresses; ``cable``, one of its own from node to
    node, that needs no power; or ``switch``, a network of its own.
    """

    kind: str
    over: str


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be decided about a cluster; without any decision the plainest one.

    Parameters
    ----------
    nodes : int
        2 or 3.
    dialect : str
        Version of Heartbeat.
    ways : tuple of Way
        Media of heartbeats.
    settings : Settings
        Times of ``ha.cf``.
    failback, deadping, method : str
        ``auto_failback``, ``deadping`` (empty: not given), method of ``authkeys``.
    pinged : int
        Ping nodes: none, one, or (2) a group of two.
    ipfail : bool
        Whether ipfail watches them.
    disks : tuple of bool
        One for each resource group: whether it has a file system on a shared disk.
    shared_feed : bool
        All nodes hang on one outlet.
    stonith : str
        Empty, ``switch`` (one for the outlets), ``board`` (a management board in each node, on the
        outlet of the node) or ``meatware``.
    watchdog : str
        Empty, ``softdog`` or ``hardware``.
    """

    nodes: int = 2
    dialect: str = "3.0.6"
    ways: tuple[Way, ...] = (Way("bcast", "lan"),)
    settings: Settings = SETTINGS[0]
    failback: str = "on"
    deadping: str = ""
    method: str = "sha1"
    pinged: int = 0
    ipfail: bool = False
    disks: tuple[bool, ...] = (False,)
    shared_feed: bool = False
    stonith: str = ""
    watchdog: str = ""

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the nodes."""
        return tuple(f"node{i}" for i in range(1, self.nodes + 1))

    def outlet(self, node: str) -> str:
        """Return the feed of a node."""
        return "outlet" if self.shared_feed else f"outlet{node.removeprefix('node')}"


def model_from(plan: Plan) -> Model:
    """Return the model of a plan, read from its texts as from a folder."""
    return load(texts_of(plan))


class _Told:
    """A model that prints as Python to paste."""

    def __init__(self, model: Model) -> None:
        self.model = model

    def __repr__(self) -> str:
        return f"model = {self.model.python()}"

    def _repr_pretty_(self, printer: Any, cycle: bool) -> None:
        printer.text(repr(self))


def told(model: Model) -> Model:
    """Return a model that was drawn; where the test fails, Hypothesis prints how to make it."""
    note(_Told(model))
    return model


def texts_of(plan: Plan) -> dict[str, str]:
    """Return the files of a plan, by name."""
    return {
        "ha.cf": "".join(f"{line}\n" for line in _ha_cf(plan)),
        "haresources": "".join(f"{line}\n" for line in _haresources(plan)),
        "authkeys": authkeys_of(plan.method),
        "site.toml": render_site(_site(plan)),
    }


def authkeys_of(method: str) -> str:
    """Return an authkeys file that signs with a method."""
    return f"auth 1\n1 {method}\n" if method == "crc" else f"auth 1\n1 {method} {_KEY}\n"


# ---- ha.cf and haresources ----------------------------------------------------------------------


def _ha_cf(plan: Plan) -> Iterator[str]:
    yield from ("logfacility local0", "use_logd on")
    yield from (f"{name} {value}" for name, value in plan.settings.directives().items() if value)
    yield from ([f"deadping {plan.deadping}"] if plan.deadping else [])
    yield "udpport 694"
    for device, way in _devices(plan):
        yield from _medium(plan, device, way)
    yield f"auto_failback {plan.failback}"
    yield from (f"node {name}" for name in plan.names)
    if plan.pinged == 1:
        yield f"ping {_GATEWAY}"
    elif plan.pinged:
        yield f"ping_group gateways {_GATEWAY} {_SECOND_GATEWAY}"
    yield from ([f"respawn {_IPFAIL}"] if plan.ipfail else [])
    yield from _fencing(plan)
    yield from (["watchdog /dev/watchdog"] if plan.watchdog else [])


def _devices(plan: Plan) -> Iterator[tuple[str, Way]]:
    """Yield the device of each way; eth0 is the one on the network of the service addresses."""
    number = 0
    for way in plan.ways:
        if way.kind == "serial":
            yield "/dev/ttyS0", way
        elif way.over == "lan":
            yield "eth0", way
        else:
            number += 1
            yield f"eth{number}", way


def _medium(plan: Plan, device: str, way: Way) -> Iterator[str]:
    match way.kind:
        case "ucast":
            yield from (f"ucast {device} {_address(device, i)}" for i in range(plan.nodes))
        case "mcast":
            yield f"mcast {device} 239.0.0.{device.removeprefix('eth')} 694 1 0"
        case "serial" if plan.nodes > 2:  # a ring
            yield f"serial {device} /dev/ttyS1"
        case _:
            yield f"{way.kind} {device}"


def _address(device: str, node: int) -> str:
    net = device.removeprefix("eth")
    return f"192.168.60.{11 + node}" if net == "0" else f"10.0.{net}.{11 + node}"


def _fencing(plan: Plan) -> Iterator[str]:
    match plan.stonith:
        case "switch":
            yield f"stonith_host * apcmaster {_PDU} apc apc"
        case "meatware":
            yield f"stonith_host * meatware {' '.join(plan.names)}"
        case "board":
            for name, other in zip(plan.names, plan.names[::-1], strict=True):
                yield f"stonith_host {name} external/ipmi {other}-board"


def _haresources(plan: Plan) -> Iterator[str]:
    for i, disk in enumerate(plan.disks):
        words = [plan.names[i % plan.nodes], f"{_vip(i)}/24/eth0"]
        words += [f"Filesystem::{_partition(i)}::/srv/{i + 1}::ext3"] if disk else []
        yield " ".join([*words, f"service{i + 1}"])


def _vip(group: int) -> str:
    return f"192.168.60.{200 + group}"


def _partition(group: int) -> str:
    return f"/dev/sd{'bcdef'[group]}1"


# ---- the hardware -------------------------------------------------------------------------------


def _site(plan: Plan) -> Site:
    switches = {"lan": Switch("lan", _ETHER, "utility")}
    nics = {name: {"eth0": Nic("eth0", "lan", _on_lan(i))} for i, name in enumerate(plan.names)}
    for device, way in _devices(plan):
        if way.kind == "serial":
            _serial(plan, switches, nics)
        elif way.over != "lan":
            power, latency = ("utility", _ETHER) if way.over == "switch" else (None, _CABLE)
            net = f"net{device.removeprefix('eth')}"
            switches[net] = Switch(net, latency, power)
            for i, name in enumerate(plan.names):
                nics[name][device] = Nic(device, net, f"{_address(device, i)}/24")
    dog = Watchdog(plan.watchdog) if plan.watchdog else None
    pinged = (_GATEWAY, _SECOND_GATEWAY)[: plan.pinged]
    return Site(
        heartbeat=plan.dialect,
        authkeys_mode=0o600,
        switches=switches,
        nodes={
            name: NodeSite(name, nics[name], plan.outlet(name), first_pid=2000 * i, watchdog=dog)
            for i, name in enumerate(plan.names, 1)
        },
        hosts={
            **{address: Host(address, "lan") for address in pinged},
            **{f"client{i + 1}": Host(f"client{i + 1}", "lan", probes=_vip(i)) for i in _all(plan)},
        },
        feeds={plan.outlet(name): "utility" for name in plan.names},
        disks={
            f"disk{i + 1}": Disk(f"disk{i + 1}", dict.fromkeys(plan.names, _partition(i)))
            for i in _all(plan)
            if plan.disks[i]
        },
        stonith={device.name: device for device in _stonith(plan)},
    )


def _all(plan: Plan) -> range:
    return range(len(plan.disks))


def _on_lan(node: int) -> str:
    return f"{_address('eth0', node)}/24"


def _serial(plan: Plan, switches: dict[str, Switch], nics: dict[str, dict[str, Nic]]) -> None:
    """Lay a serial cable between two nodes, or a ring: ttyS1 of each leads to ttyS0 of the next."""
    many = len(plan.names)
    for i in range(1 if many == 2 else many):
        cable = f"serial{i + 1}"
        switches[cable] = Switch(cable, _CABLE)
        here, there = plan.names[i], plan.names[(i + 1) % many]
        port = "/dev/ttyS0" if many == 2 else "/dev/ttyS1"
        nics[here][port] = Nic(port, cable)
        nics[there]["/dev/ttyS0"] = Nic("/dev/ttyS0", cable)


def _stonith(plan: Plan) -> Iterator[Stonith]:
    if plan.stonith == "switch":
        plugs = {name: plan.outlet(name) for name in plan.names}
        yield Stonith("pdu", "apcmaster", "lan", plugs=plugs)
    elif plan.stonith == "board":
        for name in plan.names:
            feed = plan.outlet(name)
            yield Stonith(f"{name}-board", "external/ipmi", "lan", feed, {name: name})
