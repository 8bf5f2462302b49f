"""Power that goes and comes: what a feed, a switch, a host or a node does to what hangs on it."""

from __future__ import annotations

from collections.abc import Mapping

from hasim.events import Event, FeedDown, FeedUp, HostDown, HostUp, SwitchDown, SwitchUp
from hasim.units import Micros
from hasim.world.hub import Hub
from hasim.world.machine import MachineThing
from hasim.world.wire import Wires

__all__ = ["Power"]


class Power:
    """Adds and removes causes for which a part of the site has no power."""

    def __init__(self, hub: Hub, machines: Mapping[str, MachineThing], wires: Wires) -> None:
        self.hub = hub
        self.machines = machines
        self.wires = wires

    def take(self, now: Micros, part: str, number: int, cause: int | None) -> int | None:
        """Take the power from a part for the cause `number`; return the record that says so."""
        self.hub.topology.state.unpowered.setdefault(part, []).append(number)
        return self._changed(now, part, True, cause)

    def give(self, now: Micros, part: str, number: int, cause: int | None) -> int | None:
        """Remove a cause; what has no other gets power, and a node that is off boots."""
        causes = self.hub.topology.state.unpowered.setdefault(part, [])
        if number in causes:
            causes.remove(number)
        return self._changed(now, part, False, cause)

    def _changed(self, now: Micros, part: str, off: bool, cause: int | None) -> int | None:
        hub = self.hub
        event: Event | None = None
        if part in hub.site.switches:
            event = SwitchDown(part) if off else SwitchUp(part)
        elif part in hub.site.hosts:
            event = HostDown(part) if off else HostUp(part)
        elif part not in hub.state.nodes and part in hub.site.feed_names:
            event = FeedDown(part) if off else FeedUp(part)
        record = cause if event is None else hub.truth(now, event, cause)
        for name, machine in self.machines.items():
            if hub.topology.power_causes(name):
                machine.lose_power(now, record)
            elif part == name or part in self._line(name):
                machine.get_power(now, record)
        self.wires.rebuild()
        hub.lan.changed(now, record)
        return record

    def _line(self, node: str) -> tuple[str, ...]:
        feed = self.hub.topology.feed_of(node)
        return self.hub.site.feed_line(feed) if feed else ()
