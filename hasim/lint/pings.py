"""Rules about ping nodes and ipfail, which compares how many of them each node reaches."""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import ip_address, ip_interface, ip_network

from hasim.lint.addresses import service_addresses
from hasim.lint.rule import Hit, Rule, rule
from hasim.lint.subject import Subject, View

__all__ = ["PING_RULES"]


@rule(
    "ipfail-without-ping",
    "advice",
    "ipfail runs without a ping node",
    why="ipfail moves resources to the node that reaches more ping nodes. Without any, both reach "
    "none: it never moves anything, however badly the public network of a node has failed.",
    source="semantics 11.2",
    remedy="add a ping node on the public network, such as its gateway",
)
def _no_ping(subject: Subject) -> Iterator[Hit]:
    for view in subject.views:
        if view.sure("ping", "ping_group", "respawn") and view.ipfail and not view.pings:
            text = "ipfail counts ping nodes, and ha.cf has none"
            yield Hit(view.on_line(view.ipfail.line), text)


@rule(
    "ping-without-ipfail",
    "advice",
    "A ping node is watched and nobody acts on it",
    why="Heartbeat itself does nothing when a ping node dies. It only waits for it: a node whose "
    "gateway does not answer at its start is not active before initdead has passed, and keeps a "
    "peer that starts with it waiting as long.",
    source="semantics 4.9 and 5.2",
    remedy="add 'respawn hacluster /usr/lib/heartbeat/ipfail', or remove the ping node",
)
def _no_ipfail(subject: Subject) -> Iterator[Hit]:
    for view in subject.views:
        config = view.sure("ping", "ping_group", "respawn")
        if config and config.manages and view.pings and view.ipfail is None:
            text = f"the ping node {view.pings[0].device} is watched, but no ipfail acts on it"
            yield Hit(view.on_line(view.pings[0].line), text)


@rule(
    "ipfail-over-pinged-network-only",
    "advice",
    "ipfail can talk to its peer over the pinged network only",
    why="When a node loses the public network, its ipfail asks the other one how many ping nodes "
    "that reaches, and they agree who serves. If heartbeats take that network and no other, the "
    "question does not get through: the nodes are partitioned, and each takes everything.",
    source="the ipfail page of linux-ha.org; semantics 11.2 and 12.1",
    remedy="add a medium on another network, such as a crossover cable",
)
def _pinged_only(subject: Subject) -> Iterator[Hit]:
    for view in subject.views:
        config = view.sure("media", "respawn")
        if not (config and config.manages and view.ipfail and view.pings and view.heartbeats):
            continue
        if subject.site and view.node in subject.site.nodes:
            only = _on_pinged_switches(subject, view)
        else:
            only = len(view.devices) == 1 and _may_be_pinged(view)
        if only:
            devices = " and ".join(view.devices)
            text = f"all heartbeats take {devices}, as do the pings that ipfail judges by"
            yield Hit(view.on_line(view.heartbeats[0].line), text)


def _on_pinged_switches(subject: Subject, view: View) -> bool:
    site = subject.hardware
    nics = site.nodes[view.node or ""].nics
    taken = {nics[d].on for d in view.devices if d in nics}
    pinged = {site.hosts[h].on for m in view.pings for h in m.hosts if h in site.hosts}
    return bool(taken) and taken <= pinged


def _may_be_pinged(view: View) -> bool:
    """Tell whether nothing in the files says that the one device is on another network."""
    (device,) = view.devices
    if all(m.kind == "serial" for m in view.heartbeats):
        return False
    pinged = [host for m in view.pings for host in m.hosts]
    for medium in view.heartbeats:
        if medium.peer and not any(_near(medium.peer, host) for host in pinged):
            return False
    for _, resource, address in service_addresses(view):
        nic = resource.args[0].split("/")[2:3]
        other = nic and nic[0].split(":")[0] not in ("", device) and not _is_address(nic[0])
        if other and any(_near(address, host) for host in pinged):
            return False
    return True


def _is_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True


def _near(one: str, other: str) -> bool:
    """Tell whether two addresses may share a network: 24 bits are assumed; names may."""
    try:
        return ip_address(other) in ip_network(f"{one}/24", strict=False)
    except ValueError:
        return True


@rule(
    "ping-is-service-address",
    "advice",
    "A ping node is a service address of the cluster",
    why="The node that has the address always reaches it, and the other one reaches it while the "
    "network between them works: the count says who serves, not whose network has failed.",
    source="the ipfail page of linux-ha.org: ping something outside the cluster",
    remedy="ping the gateway, or a switch that answers",
)
def _ping_is_service(subject: Subject) -> Iterator[Hit]:
    for view in subject.views:
        served = {address for _, _, address in service_addresses(view)}
        for medium in view.pings:
            for host in medium.hosts:
                if host in served:
                    text = f"the ping node {host} is a service address of haresources"
                    yield Hit(view.on_line(medium.line), text)


@rule(
    "ping-is-node",
    "advice",
    "A ping node is an address of a cluster node",
    why="A node always reaches itself, and a dead peer is no dead network: whoever is pinged must "
    "be no member of the cluster.",
    source="the ipfail page of linux-ha.org: ping something outside the cluster",
    remedy="ping the gateway, or a switch that answers",
)
def _ping_is_node(subject: Subject) -> Iterator[Hit]:
    own = {}
    for node in subject.site.nodes.values() if subject.site else ():
        for nic in node.nics.values():
            if nic.address is not None:
                own[str(ip_interface(nic.address).ip)] = f"{node.name}:{nic.name}"
    for view in subject.views:
        names = {m.peer: f"the peer of ucast {m.device}" for m in view.heartbeats if m.peer}
        for medium in view.pings:
            for host in medium.hosts:
                if (who := own.get(host) or names.get(host)) is not None:
                    yield Hit(view.on_line(medium.line), f"the ping node {host} is {who}")


@rule(
    "ping-on-crossover",
    "advice",
    "A ping node hangs on a cable that should join the nodes only",
    why="A ping node tells whether a node reaches its users. One on the private cable tells "
    "nothing about the network that users are on.",
    source="the ipfail page of linux-ha.org",
    remedy="ping something on the network of the service addresses",
    hardware=True,
)
def _ping_on_cable(subject: Subject) -> Iterator[Hit]:
    for host, on in _pinged_hosts(subject):
        if on in subject.hardware.switches and subject.hardware.switches[on].power is None:
            text = f"the ping node {host} is on {on}, a cable without power"
            yield Hit(subject.site_at("host", host), text)


@rule(
    "ping-unreachable",
    "warning",
    "A ping node is on a network that a node is not on",
    why="It never answers that node. Each of its starts lasts until initdead has passed, and in "
    "every comparison of ipfail it has one ping node less than its peer: it is told to give up.",
    source="semantics 5.2 and 11.2",
    remedy="give the node a NIC on that network, or ping something that both nodes reach",
    hardware=True,
)
def _ping_unreachable(subject: Subject) -> Iterator[Hit]:
    for host, on in _pinged_hosts(subject):
        for view in subject.sited:
            asked = any(host in m.hosts for m in view.pings)
            if asked and view.node and not subject.ways.on(view.node, on):
                text = f"{view.node} has no NIC on {on}, where the ping node {host} is"
                yield Hit(subject.site_at("host", host), text, node=view.node)


def _pinged_hosts(subject: Subject) -> Iterator[tuple[str, str]]:
    """Yield the pinged hosts that the site has, each with its switch."""
    hosts = dict.fromkeys(h for view in subject.views for m in view.pings for h in m.hosts)
    for host in hosts:
        if host in subject.hardware.hosts:
            yield host, subject.hardware.hosts[host].on


PING_RULES: tuple[Rule, ...] = (
    _no_ping,
    _no_ipfail,
    _pinged_only,
    _ping_is_service,
    _ping_is_node,
    _ping_on_cable,
    _ping_unreachable,
)
