"""A default site for a bare ``/etc/ha.d``, and a sentence for each thing it guesses.

Each medium gets its own cable or switch, ping nodes stand behind the NIC that reaches them, each
``Filesystem`` device is a shared disk, power feeds are separate.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from ipaddress import IPv4Address, IPv4Network, ip_address, ip_interface

from hasim.config import HaConfig, Haresources, Medium
from hasim.site.devices import derive_devices
from hasim.site.parts import (
    DEFAULT_SCRIPTS,
    UTILITY,
    Disk,
    Host,
    Latency,
    Nic,
    NodeSite,
    Site,
    Switch,
)
from hasim.site.render import render_site

__all__ = ["Assumption", "derive", "derive_site", "render_derived"]

_CABLE = Latency(50, 50)
_PID_STEP = 1000
_PRIVATE = IPv4Network("10.0.0.0/8")


@dataclass(frozen=True, slots=True)
class Assumption:
    """A guess: the dotted key of ``site.toml`` that holds it, and a sentence."""

    key: str
    sentence: str


@dataclass
class _Wire:
    """A broadcast domain under construction: the device of each node on it, and what is known."""

    device: str
    devices: dict[str, str] = field(default_factory=dict)
    kinds: set[str] = field(default_factory=set)
    network: IPv4Network | None = None
    addresses: dict[str, str] = field(default_factory=dict)
    pings: list[str] = field(default_factory=list)
    services: list[str] = field(default_factory=list)
    name: str = ""

    @property
    def serial(self) -> bool:
        return "serial" in self.kinds


def _devices(config: HaConfig) -> dict[str, list[Medium]]:
    """Return the devices that carry heartbeats, in the order of ha.cf, ping directives left out."""
    out: dict[str, list[Medium]] = {}
    for medium in config.media:
        if medium.kind not in ("ping", "ping_group"):
            out.setdefault(medium.device, []).append(medium)
    return out


def _wires(configs: Mapping[str, HaConfig]) -> list[_Wire]:
    """Join the devices of all nodes: same name, same wire; the rest by their order in ha.cf."""
    media = {node: _devices(config) for node, config in configs.items()}
    if not media:
        return []
    first = next(iter(media.values()))
    common = [d for d in first if all(d in m for m in media.values())]
    wires = {device: _Wire(device) for device in common}
    for node, own in media.items():
        number = {True: 0, False: 0}
        for device in own:
            serial = any(m.kind == "serial" for m in own[device])
            key = device
            if device not in common:
                key = f"\0{serial}{number[serial]}"
                number[serial] += 1
            wire = wires.setdefault(key, _Wire(device))
            wire.devices[node] = device
            wire.kinds |= {m.kind for m in own[device]}
    return list(wires.values())


def _peers(configs: Mapping[str, HaConfig], wire: _Wire) -> None:
    """Learn addresses from ucast lines: a node's address is a peer in the other nodes' files."""
    lists = {
        node: [m.peer for m in configs[node].media if m.device == device and m.peer]
        for node, device in wire.devices.items()
    }
    nodes = list(wire.devices)
    seen = list(dict.fromkeys(p for peers in lists.values() for p in peers))
    if all(peers == seen for peers in lists.values()):
        given = seen[: len(nodes)]
        wire.addresses = dict(zip(nodes[len(nodes) - len(given) :], given, strict=True))
    else:
        free = list(seen)
        for node in nodes:
            own = [p for p in free if p not in lists[node]]
            if own:
                wire.addresses[node] = own[0]
                free.remove(own[0])
    for peer in seen:
        wire.network = wire.network or _network(peer)


def _network(text: str) -> IPv4Network | None:
    """Return the network of an address, of 24 bits where no mask is given."""
    try:
        found = ip_interface(text if "/" in text else f"{text}/24")
    except ValueError:
        return None
    return found.network if isinstance(found.network, IPv4Network) else None


def _inside(address: str, network: IPv4Network | None) -> bool:
    try:
        return network is not None and ip_address(address) in network
    except ValueError:
        return False


def _services(haresources: Haresources | None) -> list[tuple[str, str | None]]:
    """Return the service addresses, ``address[/mask]``, each with its NIC where one is given."""
    out: list[tuple[str, str | None]] = []
    for group in haresources.groups if haresources else ():
        for resource in group.resources:
            if resource.script in ("IPaddr", "IPaddr2") and resource.args:
                parts = resource.args[0].split("/")
                address = "/".join(parts[:2]) if len(parts) > 1 and parts[1] else parts[0]
                nic = parts[2].split(":")[0] if len(parts) > 2 and parts[2] else None
                if _network(address) is not None:
                    out.append((address, nic))
    return out


def _reaching(wires: list[_Wire], address: str) -> _Wire | None:
    """Return the wire whose network holds an address, else the last bcast wire, else the last."""
    for wire in wires:
        if _inside(address.split("/")[0], wire.network):
            return wire
    usable = [w for w in wires if not w.serial]
    bcast = [w for w in usable if "bcast" in w.kinds]
    if not usable:
        return None
    return (bcast or usable)[-1]


class _Builder:
    """Puts the site together; `guess` notes what was assumed, at which key."""

    def __init__(self, configs: Mapping[str, HaConfig], haresources: Haresources | None) -> None:
        self.configs, self.haresources = configs, haresources
        self.nodes = list(configs)
        self.wires = _wires(configs)
        self.guesses: list[Assumption] = []

    def guess(self, key: str, sentence: str) -> None:
        self.guesses.append(Assumption(key, sentence))

    def lan_for(self, device: str, why: str) -> _Wire:
        """Return a new wire for a NIC that carries no heartbeats."""
        wire = _Wire(device, dict.fromkeys(self.nodes, device))
        self.wires.append(wire)
        for node in self.nodes:
            self.guess(f"node.{node}.nic.{device}", f"{node} has a NIC {device}: {why}.")
        return wire

    def place_services(self) -> None:
        for address, nic in _services(self.haresources):
            named = [w for w in self.wires if nic in w.devices.values()]
            if nic and not named:
                wire = self.lan_for(nic, f"haresources puts {address} there")
            else:
                found = named[0] if named else _reaching(self.wires, address)
                wire = found or self.lan_for("eth0", f"the service address {address} needs one")
            wire.services.append(address)
            wire.network = wire.network or _network(address)

    def place_pings(self) -> None:
        done: list[str] = []
        for config in self.configs.values():
            hosts = [h for m in config.media if m.kind in ("ping", "ping_group") for h in m.hosts]
            for host in hosts:
                if host in done:
                    continue
                done.append(host)
                wire = _reaching(self.wires, host)
                wire = wire or self.lan_for("eth0", f"the ping node {host} needs one")
                wire.pings.append(host)
                wire.network = wire.network or _network(host)

    def switches(self) -> dict[str, Switch]:
        out: dict[str, Switch] = {}
        for wire in self.wires:
            lan = bool(wire.pings or wire.services)
            tail = wire.device.rsplit("/", 1)[-1].replace(":", "-") or "cable"
            members = " and ".join(f"{n}:{d}" for n, d in wire.devices.items())
            latency, power = Latency(100, 300), None
            if lan or (len(wire.devices) > 2 and not wire.serial):
                name, power = "lan" if "lan" not in out else f"lan-{tail}", UTILITY
                reached = [*dict.fromkeys(wire.pings + wire.services)]
                more = f" and {len(reached) - 5} more" if len(reached) > 5 else ""
                why = "it reaches " + ", ".join(reached[:5]) + more
                why = why if lan else "more than two nodes are on it"
                sentence = f"{members} are on one switch with its own power: {why}."
            elif len(wire.devices) < 2:
                name, latency = f"cross-{tail}", _CABLE
                sentence = f"The cable of {members} leads to no other node."
            elif wire.serial:
                name, latency = f"serial-{tail}", _CABLE
                sentence = f"{members} are joined by serial cable, which needs no power."
            else:
                name, latency = f"cross-{tail}", _CABLE
                sentence = f"{members} are joined by one crossover cable, which needs no power."
            while name in out or name in self.nodes:
                name += "-x"
            wire.name = name
            out[name] = Switch(name, latency, power)
            self.guess(f"switch.{name}", sentence)
            self.guess(f"switch.{name}.latency", f"One-way latency of {name}: {latency}.")
        return out

    def addresses(self) -> None:
        """Give every network NIC an address: the known one, else a free one of its network."""
        taken = {p for w in self.wires for p in w.pings}
        taken |= {s.split("/")[0] for w in self.wires for s in w.services}
        known = {w.network for w in self.wires}
        unused = (n for n in _PRIVATE.subnets(new_prefix=24) if n not in known)
        for wire in (w for w in self.wires if not w.serial):
            network = wire.network or next(unused, None) or _PRIVATE
            given = {n: a for n, a in wire.addresses.items() if a not in taken and _network(a)}
            taken |= {*given.values()}
            free = (a for a in _free(network) if a not in taken)
            wire.addresses = {}
            for node, device in wire.devices.items():
                address = given.get(node) or next(free, None)
                if address is None:
                    continue
                source = " of a ucast line" if node in given else ""
                sentence = f"{node}:{device} has the address {address}{source}."
                self.guess(f"node.{node}.nic.{device}", sentence)
                wire.addresses[node] = f"{address}/{network.prefixlen}"
                taken.add(address)

    def disks(self) -> dict[str, Disk]:
        out: dict[str, Disk] = {}
        devices: dict[str, str] = {}
        for group in self.haresources.groups if self.haresources else ():
            for resource in group.resources:
                if resource.script == "Filesystem" and resource.args and resource.args[0]:
                    mount = resource.args[1] if len(resource.args) > 1 else ""
                    devices.setdefault(resource.args[0], mount)
        for device, mount in devices.items():
            name = "".join(c if c.isalnum() or c in "_-" else "-" for c in mount.strip("/"))
            name = name or "disk"
            while name in out:
                name += "-x"
            out[name] = Disk(name, dict.fromkeys(self.nodes, device))
            text = f"{device} is one shared disk that every node sees, on a path of its own."
            if device.startswith("/dev/drbd"):
                text = f"{device} is taken for one shared disk: replication is not modelled."
            self.guess(f"disk.{name}", text)
        return out

    def node_sites(self) -> tuple[dict[str, NodeSite], dict[str, str]]:
        nodes: dict[str, NodeSite] = {}
        feeds: dict[str, str] = {}
        for i, node in enumerate(self.nodes):
            feed = f"outlet{i + 1}"
            while feed in self.nodes:
                feed += "-x"
            feeds[feed] = UTILITY
            nics = {
                w.devices[node]: Nic(w.devices[node], w.name, w.addresses.get(node))
                for w in self.wires
                if node in w.devices
            }
            nodes[node] = NodeSite(node, nics, power=feed, first_pid=2000 + _PID_STEP * i)
            self.guess(f"node.{node}.power", f"{node} has a power feed of its own, {feed}.")
            self.guess(f"node.{node}.boot", f"{node} takes {nodes[node].boot} to boot.")
            self.guess(f"node.{node}.heartbeat", f"The daemon of {node} starts at boot.")
            first = f"The first process id of the daemon of {node} is {nodes[node].first_pid}."
            self.guess(f"node.{node}.first_pid", first)
            self.guess(f"node.{node}.clock", f"The clock of {node} is right.")
        return nodes, feeds

    def clients(self, taken: set[str]) -> dict[str, Host]:
        """Return an outside client for each service address, on the address's wire."""
        watched = {
            address.partition("/")[0]: wire for wire in self.wires for address in wire.services
        }
        out: dict[str, Host] = {}
        for i, (address, wire) in enumerate(watched.items(), 1):
            name = "client" if len(watched) == 1 else f"client{i}"
            while name in taken or name in out:
                name += "-x"
            out[name] = Host(name, wire.name, probes=address)
            text = f"An outside client on {wire.name} watches the service address {address}."
            self.guess(f"host.{name}", text)
        return out

    def build(self, dialect: str) -> Site:
        for wire in self.wires:
            _peers(self.configs, wire)
        self.place_services()
        self.place_pings()
        switches = self.switches()
        self.addresses()
        hosts: dict[str, Host] = {}
        for wire in self.wires:
            for ping in wire.pings:
                hosts[ping] = Host(ping, wire.name)
                device = next(iter(wire.devices.values()), wire.device)
                text = f"The ping node {ping} is behind {device}, on {wire.name}."
                self.guess(f"host.{ping}", text)
        nodes, feeds = self.node_sites()
        hosts |= self.clients({*hosts, *nodes, *feeds, *switches, UTILITY})
        stonith, assumed = derive_devices(self.configs, nodes, switches)
        for key, sentence in assumed:
            self.guess(key, sentence)
        self.guess("heartbeat", f"The daemons are Heartbeat {dialect}.")
        self.guess("epoch", f"The run starts at {Site().epoch} by a right clock.")
        self.guess("daemon", "The daemon starts as fast as it was measured to on two CPUs.")
        self.guess("script", "Scripts take as long as they were measured to on two CPUs.")
        return Site(
            heartbeat=dialect,
            switches=switches,
            nodes=nodes,
            hosts=hosts,
            feeds=feeds,
            disks=self.disks(),
            scripts=DEFAULT_SCRIPTS,
            stonith=stonith,
        )


def _free(network: IPv4Network) -> Iterator[str]:
    """Yield addresses of a network to hand out: .11 and up, then the rest, some 400 at most."""
    first, size = int(network.network_address), network.num_addresses
    last = size - 1 if size > 2 else size
    for n in (*range(11, min(last, 400)), *range(1 if size > 2 else 0, min(last, 11))):
        yield str(IPv4Address(first + n))


def derive(
    configs: Mapping[str, HaConfig], haresources: Haresources | None, dialect: str = "3.0.6"
) -> tuple[Site, tuple[Assumption, ...]]:
    """Return the default site of a cluster and every guess with the key that holds it."""
    builder = _Builder(configs, haresources)
    site = builder.build(dialect)
    return site, tuple(builder.guesses)


def derive_site(
    configs: Mapping[str, HaConfig], haresources: Haresources | None, dialect: str = "3.0.6"
) -> tuple[Site, tuple[str, ...]]:
    """Return the default site of a cluster and every guess as a sentence.

    Parameters
    ----------
    configs : mapping
        Node to its configuration, in the order of the node table.
    haresources : Haresources or None
        Service addresses and ``Filesystem`` devices come from here.
    dialect : str
        Heartbeat version the site asks for.
    """
    site, guesses = derive(configs, haresources, dialect)
    return site, tuple(g.sentence for g in guesses)


def render_derived(
    configs: Mapping[str, HaConfig], haresources: Haresources | None, dialect: str = "3.0.6"
) -> str:
    """Return the default site as a ``site.toml`` with every guess as a comment above its key."""
    site, guesses = derive(configs, haresources, dialect)
    comments: dict[str, str] = {"": "A site derived from the configuration; correct what is wrong."}
    for guess in guesses:
        before = comments.get(guess.key)
        comments[guess.key] = f"{before}\n{guess.sentence}" if before else guess.sentence
    return render_site(site, comments)
