"""The facts of a recording as records, so that the monitors judge what the real daemon did.

Observable are resource scripts, addresses, mounts and power. What a STONITH device was asked is
not, nor are packets that somebody forged.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from hasim import events as ev
from hasim.conform.replay import Replay
from hasim.monitors import Violation, judge
from hasim.run.service import parts_of
from hasim.site.devices import fencible
from hasim.trace import GroupParts, Header, Record, Source
from hasim.units import SECOND

__all__ = ["OBSERVABLE", "facts_of", "verdict_of"]

#: The properties that a recording tells of.
OBSERVABLE = (
    "at-most-one-mounter",
    "at-most-one-vip-holder",
    "fenced-before-takeover",
    "resources-in-order",
)

_LAB = Source(None, "lab", None)


def facts_of(
    events: Iterable[Mapping[str, Any]], groups: Iterable[GroupParts]
) -> tuple[Record, ...]:
    """Return the facts among canonical events, recorded or simulated.

    Parameters
    ----------
    events : iterable of mapping
        Canonical events ``{t, node, role, kind, args}``, in order.
    groups : iterable of GroupParts
        The resource groups; they tell which disk is behind a directory.
    """
    disks = {}
    for group in groups:
        for script, *args in (call.split(" ") for call in group.calls):
            if script == "Filesystem" and len(args) > 1:
                disks[args[1]] = args[0]
    out: list[Record] = []
    for event in events:
        fact = _fact(event, disks)
        if fact is not None:
            at = round(float(event["t"]) * SECOND)
            out.append(Record(at, len(out), _LAB, fact, None))
    return tuple(out)


def _fact(event: Mapping[str, Any], disks: Mapping[str, str]) -> ev.Event | None:
    node, args = str(event["node"]), event["args"]
    match event["kind"]:
        case "vip-up":
            return ev.AddressUp(node, args["addr"])
        case "vip-down":
            return ev.AddressDown(node, args["addr"])
        case "mount":
            return ev.DiskMounted(node, disks.get(args["dir"], args["dir"]), args["dir"])
        case "umount":
            return ev.DiskUnmounted(node, disks.get(args["dir"], args["dir"]), args["dir"])
        case "power-off":
            return ev.NodePoweredOff(node, "recorded")
        case "power-on":
            return ev.NodePoweredOn(node)
        case "rsc-begin":
            return ev.ScriptBegan(node, args["rsc"], tuple(args["args"].split()), args["op"])
        case "rsc-end":
            words = tuple(args["args"].split())
            return ev.ScriptEnded(node, args["rsc"], words, args["op"], int(args["rc"]))
    return None


def verdict_of(events: Iterable[Mapping[str, Any]], replay: Replay) -> tuple[Violation, ...]:
    """Return what the monitors say of canonical events; `replay` tells groups and fencing."""
    groups = parts_of(replay.haresources, replay.site)
    fenced = fencible(replay.site, replay.configs)
    header = Header("", replay.site.heartbeat, groups=groups, fencible=fenced)
    return judge(facts_of(events, groups), OBSERVABLE, header)
