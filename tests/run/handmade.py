"""Traces written by hand: a takeover as it goes, in round numbers."""

from __future__ import annotations

from dataclasses import replace

from hasim import events as ev
from hasim.config import Group, parse_resource
from hasim.run.service import Facts, Service
from hasim.site import Disk, Host, Nic, NodeSite, Site
from hasim.trace import Clock, Header, Record, Source, Trace
from hasim.units import SECOND

VIP, KEY = "10.0.0.9", "10.0.0.9/24/eth0"
FS = ("Filesystem", ("/dev/sdb1", "/web", "ext3"))
IP = ("IPaddr", (KEY,))
SERVICE = Service(
    KEY,
    (VIP,),
    ("/web",),
    (),
    ("/dev/sdb1", "web"),
    ("client",),
    0,
    (f"IPaddr {KEY}", "Filesystem /dev/sdb1 /web ext3"),
)
SITE = Site(
    nodes={n: NodeSite(n, {"eth0": Nic("eth0", "lan")}) for n in ("node1", "node2")},
    hosts={"client": Host("client", "lan", probes=VIP)},
    disks={"web": Disk("web", {"node1": "/dev/sdb1", "node2": "/dev/sdb1"})},
)

Told = tuple[float, str | None, ev.Event]


def group() -> Group:
    text = f"node1 {KEY} Filesystem::/dev/sdb1::/web::ext3"
    words = text.split()[1:]
    return Group("node1", KEY, tuple(map(parse_resource, words)), text)


def trace(*told: Told, until: float = 100) -> Trace:
    """A trace of (second, whose belief or None for a fact, event)."""
    header = Header(
        "0", "3.0.6", clocks=(Clock("node1", 0, 0), Clock("node2", 0, 0)),
        until_us=round(until * SECOND),
    )  # fmt: skip
    records = []
    for seq, (at, who, event) in enumerate(sorted(told, key=lambda t: t[0])):
        source = Source(who, "heartbeat" if who else "kernel", None)
        if isinstance(event, ev.ServiceAnswered | ev.ServiceSilent):
            source = Source(None, "client", None)
        records.append(Record(round(at * SECOND), seq, source, event, None))
    return Trace(header, records)


def facts(*told: Told, until: float = 100, site: Site = SITE) -> Facts:
    return Facts(trace(*told, until=until), site)


def acquired(node: str, at: float) -> list[Told]:
    """The group is started on a node: a second for the address, one for the file system."""
    return [
        (at, None, ev.ScriptBegan(node, *IP, "status")),
        (at, None, ev.ScriptBegan(node, *IP, "start")),
        (at + 1, None, ev.AddressUp(node, f"{VIP}/24")),
        (at + 1, None, ev.ServiceAnswered(VIP, node)),
        (at + 1, None, ev.ScriptEnded(node, *IP, "start", 0)),
        (at + 1, None, ev.ScriptBegan(node, *FS, "start")),
        (at + 2, None, ev.DiskMounted(node, "web", "/web")),
        (at + 2, None, ev.ScriptEnded(node, *FS, "start", 0)),
    ]


def released(node: str, at: float) -> list[Told]:
    """The group is stopped on a node: a second for the file system, one for the address."""
    return [
        (at, None, ev.ScriptBegan(node, *FS, "stop")),
        (at + 1, None, ev.DiskUnmounted(node, "web", "/web")),
        (at + 1, None, ev.ScriptEnded(node, *FS, "stop", 0)),
        (at + 1, None, ev.ScriptBegan(node, *IP, "stop")),
        (at + 2, None, ev.AddressDown(node, f"{VIP}/24")),
        (at + 2, None, ev.ServiceSilent(VIP, node)),
        (at + 2, None, ev.ScriptEnded(node, *IP, "stop", 0)),
    ]


def power_lost(node: str, at: float) -> list[Told]:
    return [
        (at, None, ev.NodePoweredOff(node, "power lost")),
        (at, None, ev.ServiceSilent(VIP, node)),
    ]


def unprobed() -> Service:
    return replace(SERVICE, clients=())
