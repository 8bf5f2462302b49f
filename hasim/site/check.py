"""What a site's tables say about each other: names that exist, addresses once, feeds in a tree."""

from __future__ import annotations

from collections.abc import Mapping
from ipaddress import IPv4Interface, IPv6Interface, ip_address, ip_interface

from hasim.errors import nearest
from hasim.site.parts import UTILITY, Site
from hasim.site.positions import Path
from hasim.site.tables import Document, shown

__all__ = ["check_site"]


def check_site(site: Site, document: Document) -> None:
    """Add to `document` every problem of a site that no single key shows."""
    _names(site, document)
    _wiring(site, document)
    _addresses(site, document)
    _power(site, document)
    _nodes_named(site, document)


def _known(
    document: Document,
    path: Path,
    word: str | None,
    known: Mapping[str, object],
    what: str,
    remedy: str,
) -> None:
    if word and not document.full and word not in known:
        few = [*known][:30]
        listed = f"known: {', '.join(few)}; " if few else ""
        text = f"no {what} {shown(word)} in this site{nearest(word, known)}"
        document.complain(path, text, listed + remedy)


def _names(site: Site, document: Document) -> None:
    """Complain of names that a fault line could not say, or that mean two things."""
    taken: dict[str, str] = {}
    tables: tuple[tuple[str, Mapping[str, object]], ...] = (
        ("node", site.nodes),
        ("switch", site.switches),
        ("host", site.hosts),
        ("feed", site.feeds),
    )
    for kind, table in tables:
        for name in table:
            if name in taken:
                text = f"{shown(name)} names a {taken[name]} and a {kind}"
                document.complain((kind, name), text, "a fault line must tell them apart")
            taken.setdefault(name, kind)
    others: tuple[tuple[str, Mapping[str, object]], ...] = (
        ("disk", site.disks),
        ("stonith", site.stonith),
    )
    for kind, table in tables + others:
        for name in table:
            if len(name.split()) != 1 or name != name.strip():
                document.complain((kind, name), f"{shown(name)} is no name", "use no blanks")
            elif kind == "node" and ":" in name:
                document.complain((kind, name), f"{shown(name)} is no name", "use no colon")
    for node in site.nodes.values():
        for nic in node.nics:
            if len(nic.split()) != 1 or nic != nic.strip():
                path = ("node", node.name, "nic", nic)
                document.complain(path, f"{shown(nic)} is no name of a NIC", "use no blanks")


def _wiring(site: Site, document: Document) -> None:
    remedy = 'add a [switch.NAME]; a crossover cable is one without "power"'
    for node in site.nodes.values():
        for nic in node.nics.values():
            path: Path = ("node", node.name, "nic", nic.name, "on")
            _known(document, path, nic.on, site.switches, "switch", remedy)
    for host in site.hosts.values():
        _known(document, ("host", host.name, "on"), host.on, site.switches, "switch", remedy)
    for device in site.stonith.values():
        path = ("stonith", device.name, "on")
        _known(document, path, device.on, site.switches, "switch", remedy)
    for disk in site.disks.values():
        if disk.path != "direct":
            path = ("disk", disk.name, "path")
            _known(document, path, disk.path, site.switches, "switch", 'or write "direct"')


def _interface(text: str) -> IPv4Interface | IPv6Interface | None:
    try:
        return ip_interface(text)
    except ValueError:
        return None


def _addresses(site: Site, document: Document) -> None:
    owner: dict[object, str] = {}
    for name, host in site.hosts.items():
        if (found := _interface(name)) is not None:
            owner[found.ip] = f"host {name}"
        if host.probes is not None:
            try:
                ip_address(host.probes)
            except ValueError:
                text = f"probes = {shown(host.probes)} is not an address"
                document.complain(("host", name, "probes"), text, 'write "192.168.60.200"')
    for address in site.services:
        try:
            ip_address(address)
        except ValueError:
            text = f"[service.{shown(address)}] is not an address"
            remedy = 'write the service address without its mask: [service."192.168.60.200"]'
            document.complain(("service", address), text, remedy)
    for node in site.nodes.values():
        for nic in node.nics.values():
            path: Path = ("node", node.name, "nic", nic.name, "address")
            if nic.address is None:
                continue
            found = _interface(nic.address)
            if found is None:
                text = f"address = {shown(nic.address)} is not an address"
                document.complain(path, text, 'write "192.168.60.11/24"')
            elif found.ip in owner:
                text = f"address {found.ip} is taken by {owner[found.ip]}"
                document.complain(path, text, "give each NIC its own address")
            else:
                owner[found.ip] = f"{node.name}:{nic.name}"


def _power(site: Site, document: Document) -> None:
    feeds = dict.fromkeys(site.feed_names)
    remedy = 'name it under [feed]: NAME = "utility"'
    users: list[tuple[Path, str | None]] = [
        *((("switch", s.name, "power"), s.power) for s in site.switches.values()),
        *((("node", n.name, "power"), n.power) for n in site.nodes.values()),
        *((("host", h.name, "power"), h.power) for h in site.hosts.values()),
        *((("stonith", d.name, "power"), d.power) for d in site.stonith.values()),
    ]
    for path, feed in users:
        _known(document, path, feed, feeds, "feed", remedy)
    parts = dict.fromkeys((*feeds, *site.nodes))
    for device in site.stonith.values():
        for node, plug in device.plugs.items():
            plugged: Path = ("stonith", device.name, "plugs", node)
            remedy = "name a feed, or a node for a board that switches that machine"
            _known(document, plugged, plug, parts, "feed or node", remedy)
    settled: set[str] = set()
    for start in site.feeds:
        trail: dict[str, None] = {}
        feed = start
        while feed in site.feeds and feed not in settled and feed not in trail:
            trail[feed] = None
            feed = site.feeds[feed]
        if feed in trail:
            ring = [*trail][[*trail].index(feed) :]
            text = f"feed {shown(feed)} hangs on itself: {' -> '.join([*ring[:20], feed])}"
            document.complain(("feed", ring[0]), text, f'one of them must hang on "{UTILITY}"')
        settled.update(trail)


def _nodes_named(site: Site, document: Document) -> None:
    remedy = "add a [node.NAME]"
    for disk in site.disks.values():
        for node in disk.seen_as:
            path: Path = ("disk", disk.name, "seen_as", node)
            _known(document, path, node, site.nodes, "node", remedy)
    for device in site.stonith.values():
        for node in device.plugs:
            path = ("stonith", device.name, "plugs", node)
            _known(document, path, node, site.nodes, "node", remedy)
