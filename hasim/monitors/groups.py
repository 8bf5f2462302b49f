"""What a call of a resource script stands for, and what of it a node has in truth."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Literal

from hasim import events as ev

__all__ = ["Member", "Standing", "called", "devices_of", "is_shareable", "member"]

#: What a resource is, and its name: an address without its mask, a directory, or a script with its
#: arguments.
Member = tuple[Literal["address", "directory", "script"], str]

_ADDRESSES = ("IPaddr", "IPaddr2")
#: File systems that several nodes may mount at a time: over the network, and those of clusters.
_SHAREABLE = frozenset(
    "nfs nfs4 cifs smbfs smb3 glusterfs ceph lustre afs ocfs2 gfs gfs2 gpfs vxfs".split()
)


def called(script: str, args: Sequence[str]) -> str:
    """Return a resource as its script is called: name and arguments, joined by blanks."""
    return " ".join((script, *args))


def member(call: str) -> Member:
    """Return what a resource gives to the node that has it, from how its script is called."""
    script, *args = call.split(" ")
    if script in _ADDRESSES and args:
        return "address", args[0].partition("/")[0]
    if script == "Filesystem" and len(args) > 1:
        return "directory", args[1]
    return "script", call


def is_shareable(device: str, kind: str = "") -> bool:
    """Tell whether several nodes may mount a device at a time: ``host:/path``, ``//host/share``."""
    network = device.startswith("//") or (":/" in device and not device.startswith("/"))
    return network or kind in _SHAREABLE


def devices_of(calls: Iterable[str], *, shareable: bool = False) -> tuple[str, ...]:
    """Return the devices that a group mounts: those for one node at a time, or the others."""
    out: dict[str, None] = {}
    for call in calls:
        script, *args = call.split(" ")
        if script == "Filesystem" and len(args) > 1:
            kind = args[2] if len(args) > 2 else ""
            if is_shareable(args[0], kind) == shareable:
                out.setdefault(args[0])
    return tuple(out)


class Standing:
    """What each node has in truth: addresses up, directories mounted, scripts started."""

    def __init__(self) -> None:
        self._there: dict[str, dict[Member, list[str]]] = {}

    def see(self, event: ev.Event) -> None:
        """Take the next fact."""
        match event:
            case ev.AddressUp(node=node, address=address):
                self._gain(node, ("address", address.partition("/")[0]), address)
            case ev.AddressDown(node=node, address=address):
                self._lose(node, ("address", address.partition("/")[0]), address)
            case ev.DiskMounted(node=node, disk=disk, directory=directory):
                self._gain(node, ("directory", directory), disk)
            case ev.DiskUnmounted(node=node, disk=disk, directory=directory):
                self._lose(node, ("directory", directory), disk)
            case ev.ScriptEnded(node=node, op="start", code=0):
                call = called(event.script, event.args)
                self._gain(node, ("script", call), "")
            case ev.ScriptBegan(node=node, op="stop"):
                self._lose(node, ("script", called(event.script, event.args)), "")
            case ev.NodePoweredOff(node=node):
                self._there.pop(node, None)

    def has(self, node: str, what: Member) -> bool:
        """Tell whether a node has something."""
        return what in self._there.get(node, {})

    def _gain(self, node: str, what: Member, place: str) -> None:
        places = self._there.setdefault(node, {}).setdefault(what, [])
        if place not in places:
            places.append(place)

    def _lose(self, node: str, what: Member, place: str) -> None:
        there = self._there.get(node, {})
        places = there.get(what, [])
        if place in places:
            places.remove(place)
        if not places:
            there.pop(what, None)
