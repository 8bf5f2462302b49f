"""What physical facts stand for in the judge's vocabulary; no log line tells them."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from hasim import events as ev
from hasim.catalogue.entry import Stands, stands
from hasim.events import Event

__all__ = ["FACTS"]

#: Vocabulary of the facts, by class of event.
FACTS: Mapping[type[Event], Stands] = MappingProxyType(
    {
        ev.ScriptBegan: stands("script rsc-begin rsc=script op", args="{args:list}"),
        ev.ScriptEnded: stands("script rsc-end rsc=script op rc=code", args="{args:list}"),
        ev.AddressUp: stands("kernel vip-up addr=address"),
        ev.AddressDown: stands("kernel vip-down addr=address"),
        ev.DiskMounted: stands("kernel mount dir=directory"),
        ev.DiskUnmounted: stands("kernel umount dir=directory"),
        ev.NodePoweredOn: stands("kernel power-on"),
        ev.NodePoweredOff: stands("kernel power-off"),
        ev.RebootAsked: stands("kernel reboot-asked"),
        ev.StonithRequested: stands("lab stonith-request victim op"),
        ev.StonithAnswered: stands("lab stonith-answer victim op rc=code"),
        ev.StonithOrphaned: stands("lab stonith-orphan"),
        ev.ServiceAnswered: stands("client answer by"),
        ev.ServiceSilent: stands("client silent by"),
    }
)
