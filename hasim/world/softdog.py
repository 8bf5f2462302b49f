"""The watchdog device of a node: it counts from the last time it was fed, and then acts.

Feeding only moves its data: the process sleeps until the old deadline, finds a later one, and
sleeps on, so that a tickle costs no event of the kernel.
"""

from __future__ import annotations

from hasim.events import (
    SoftdogReboots,
    SoftdogUnstopped,
    WatchdogArmed,
    WatchdogClosed,
    WatchdogFired,
)
from hasim.trace import Source
from hasim.units import Micros
from hasim.world.hub import Hub
from hasim.world.machine import MachineThing
from hasim.world.records import NodeState, WatchdogState

__all__ = ["WatchdogThing"]


class WatchdogThing:
    """A watchdog as a thing of the kernel; no hang of processes stops it."""

    __slots__ = ("device", "hub", "machine", "state")

    def __init__(self, hub: Hub, state: NodeState, machine: MachineThing) -> None:
        self.hub = hub
        self.state = state
        self.machine = machine
        self.device = hub.site.nodes[state.name].dog
        hub.watchdogs[state.name] = self

    # ---- the thing ------------------------------------------------------------------------------

    @property
    def deadline(self) -> Micros | None:
        """The end of its time as last fed, or the reset that follows."""
        dog = self.state.watchdog
        if dog.reset_due is not None:
            return dog.reset_due
        return None if dog.fed_at is None else dog.fed_at + dog.limit_us

    def fire(self, now: Micros) -> None:
        """Act, unless it has been fed since the process went to sleep."""
        dog, due = self.state.watchdog, self.deadline
        if due is None or due > now:
            return
        if dog.reset_due is None:
            self._expire(now, dog)
        if dog.reset_due is not None and dog.reset_due <= now:
            self.machine.reboot(now, dog.cause, "reset")

    def _expire(self, now: Micros, dog: WatchdogState) -> None:
        """Its time is over: a softdog reboots at once, a device of its own resets."""
        hub, node = self.hub, self.state
        # One that is held was not fed because of what has happened to the node.
        why = node.last_truth if dog.open else dog.cause
        dog.cause = hub.truth(now, WatchdogFired(node.name), why, node.name)
        if self.device.kind == "hardware":
            wait = hub.time(f"{node.name}/power{node.powered}/watchdog-reset", self.device.reset)
            dog.fed_at, dog.reset_due = None, now + wait
            return
        cause = self._say(now, SoftdogReboots(self.device.wording), dog.cause)
        self.machine.reboot(now, cause)

    def _say(self, now: Micros, line: SoftdogReboots | SoftdogUnstopped, cause: int) -> int:
        """Write a line of the kernel."""
        return self.hub.record(now, Source(self.state.name, "kernel", None), line, cause)

    # ---- the device -----------------------------------------------------------------------------

    def open(self, now: Micros, limit_us: Micros, cause: int | None) -> bool:
        """Arm it; False where there is none.  One that still runs begins anew."""
        if self.device.kind == "none":
            return False
        dog, name = self.state.watchdog, self.state.name
        dog.limit_us, dog.fed_at, dog.open = limit_us, now, True
        dog.cause = self.hub.truth(now, WatchdogArmed(name, limit_us), cause, name)
        self.hub.touch(self)
        return True

    def feed(self, now: Micros) -> None:
        """Let its time begin anew, if somebody holds it."""
        dog = self.state.watchdog
        if dog.open and dog.reset_due is None:
            dog.fed_at = now

    def close(self, now: Micros, magic: bool, cause: int | None) -> None:
        """Let it go: with the magic character it stops, else its whole time runs from here.

        ``nowayout`` takes no notice of the character.
        """
        dog, name = self.state.watchdog, self.state.name
        if not dog.open:
            return
        dog.open = False
        dog.cause = self.hub.truth(now, WatchdogClosed(name, magic), cause, name)
        if dog.reset_due is not None:
            return
        if magic and not self.device.nowayout:
            dog.fed_at = None
        else:
            dog.fed_at = now
            if self.device.kind == "softdog":
                self._say(now, SoftdogUnstopped(self.device.wording), dog.cause)
        self.hub.touch(self)

    def gone(self) -> None:
        """The machine has lost its power: nothing runs, and nobody holds it."""
        self.state.watchdog = WatchdogState()
        self.hub.touch(self)
