"""What a call of a resource script stands for, and what of it a node has in truth."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from hasim import events as ev

__all__ = ["Member", "Standing", "called", "member"]

#: What a resource is, and its name: an address without its mask, a directory, or a script with its
#: arguments.
Member = tuple[Literal["address", "directory", "script"], str]

_ADDRESSES = ("IPaddr", "IPaddr2")


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
