"""Small recordings made by hand."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from hasim.conform import Recording

HA_CF = """keepalive 1
warntime 3
deadtime 5
initdead 10
udpport 694
bcast eth1
bcast eth0
auto_failback on
node node1
node node2
ping 192.168.60.1
"""
TOPOLOGY = {
    "nodes": ["node1", "node2"],
    "media": [{"iface": "eth0", "prefix": "192.168.60"}, {"iface": "eth1", "prefix": "10.0.0"}],
    "pings": [{"name": "gw", "ip": "192.168.60.1", "iface": "eth0"}],
    "disk": True,
    "probe": "192.168.60.200",
}


def event(t: float, node: str, role: str, kind: str, **args: Any) -> dict[str, Any]:
    """Return a canonical event; `job` names the process."""
    job = args.pop("job", None)
    found = {"t": t, "node": node, "role": role, "kind": kind, "args": args}
    return found if job is None else {**found, "job": job}


def fault(i: int, t: float, do: str, node: str | None = "node1", **args: Any) -> dict[str, Any]:
    """Return an injection as a recording tells it."""
    return {"i": i, "t": t, "node": node, "do": do, "args": args}


def life(node: str, t0: float, **facts: Any) -> dict[str, Any]:
    """Return one life of a daemon as a recording tells it."""
    io = {m: {"write": 0, "read": 0} for m in ("eth0", "eth1")}
    told = {"validated": t0 - 0.1, "version": t0 - 0.08, "io": io, "ping_late": 0}
    return {"node": node, "t0": t0, **told, **facts}


def recording(events: Sequence[dict[str, Any]] = (), **pins: Any) -> Recording:
    """Return a recording of these events and exogenous facts."""
    facts: dict[str, Any] = {
        "conditionable": True, "faults": [], "boots": [], "lives": [], "jobs": [], "scripts": [],
    }  # fmt: skip
    schedule = [
        {"t": f["t"], "do": f["do"], "args": {**f["args"], "node": f["node"]}}
        for f in pins.get("faults", ())
    ]
    scenario = {
        "name": "made", "ha_cf": HA_CF, "topology": TOPOLOGY, "schedule": schedule,
        "duration": 60.0, "per_node": {},
        "haresources": "node1 192.168.60.200/24/eth0 Filesystem::/dev/sdb5::/webdata::ext3\n",
    }  # fmt: skip
    return Recording("made", "01", scenario, facts | pins, tuple(events))
