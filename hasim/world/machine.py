"""A node as a machine: power, boot, hangs, and whether the daemon starts by itself."""

from __future__ import annotations

from hasim.events import NodeBooted, NodeHung, NodePoweredOff, NodePoweredOn, NodeThawed
from hasim.units import Micros
from hasim.world.daemon import DaemonThing
from hasim.world.hub import Hub
from hasim.world.jobs import Processes
from hasim.world.records import NodeState

__all__ = ["MachineThing"]


class MachineThing:
    """The machine of one node as a thing of the kernel."""

    __slots__ = ("daemon", "hub", "jobs", "state")

    def __init__(self, hub: Hub, state: NodeState, daemon: DaemonThing, jobs: Processes) -> None:
        self.hub = hub
        self.state = state
        self.daemon = daemon
        self.jobs = jobs

    @property
    def deadline(self) -> Micros | None:
        """The end of the boot, or the instant at which the daemon is first started."""
        due, start = self.state.boot_due, self.state.start_due
        if due is None or (start is not None and start < due):
            return start
        return due

    def fire(self, now: Micros) -> None:
        """End the boot, or start the daemon."""
        state = self.state
        if state.boot_due is not None and state.boot_due <= now:
            state.boot_due = None
            state.last_truth = self.hub.truth(
                now, NodeBooted(state.name), state.last_truth, state.name
            )
            if self.hub.site.nodes[state.name].heartbeat == "on-boot":
                self.daemon.begin(now, state.last_truth)
        if state.start_due is not None and state.start_due <= now:
            state.start_due = None
            if state.on:
                self.daemon.begin(now, state.last_truth)

    @property
    def up(self) -> bool:
        """Powered and booted."""
        return self.state.on and self.state.boot_due is None

    def lose_power(self, now: Micros, cause: int) -> None:
        """Everything on the node ends; stable storage stays."""
        state = self.state
        if not state.on:
            return
        state.on, state.boot_due, state.hung = False, None, []
        event = NodePoweredOff(state.name, "power lost")
        state.last_truth = self.hub.truth(now, event, cause, state.name)
        self.jobs.end_all(state.name)
        self.daemon.gone()
        self.hub.touch(self)

    def get_power(self, now: Micros, cause: int) -> None:
        """The node boots."""
        state, site = self.state, self.hub.site.nodes[self.state.name]
        if state.on:
            return
        state.on, state.powered = True, state.powered + 1
        state.next_pid = site.first_pid
        state.last_truth = self.hub.truth(now, NodePoweredOn(state.name), cause, state.name)
        name = f"{state.name}/power{state.powered}/boot"
        pinned = self.hub.draws.pinned(name)
        wait = site.boot.pick(self.hub.draws.u64(name) >> 32) if pinned is None else pinned
        state.boot_due = now + wait
        self.hub.touch(self)

    def hang(self, now: Micros, number: int, cause: int) -> None:
        """Every process stands still; the kernel goes on filling sockets."""
        state = self.state
        if not state.on:
            return
        state.hung.append(number)
        state.last_truth = self.hub.truth(now, NodeHung(state.name), cause, state.name)
        self._look_again()

    def thaw(self, now: Micros, cause: int, number: int | None = None) -> None:
        """The processes run again, unless another cause still holds them."""
        state = self.state
        if not state.hung or (number is not None and number not in state.hung):
            return
        state.hung = [n for n in state.hung if number is not None and n != number]
        if not state.hung:
            state.last_truth = self.hub.truth(now, NodeThawed(state.name), cause, state.name)
            self.daemon.thawed(now)
            self._look_again()

    def _look_again(self) -> None:
        self.hub.touch(self.daemon)
        self.jobs.touch(self.state.name)
