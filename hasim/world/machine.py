"""A node as a machine: power, boot, hangs, and whether the daemon starts by itself."""

from __future__ import annotations

from hasim.events import NodeBooted, NodeHung, NodePoweredOff, NodePoweredOn, NodeThawed
from hasim.units import Micros
from hasim.world.daemon import DaemonThing
from hasim.world.hub import Hub
from hasim.world.jobs import Processes
from hasim.world.records import NodeState
from hasim.world.scripts.effects import lose_everything

__all__ = ["MachineThing"]


class MachineThing:
    """The machine of one node as a thing of the kernel."""

    __slots__ = ("daemon", "hub", "jobs", "state")

    def __init__(self, hub: Hub, state: NodeState, daemon: DaemonThing, jobs: Processes) -> None:
        self.hub = hub
        self.state = state
        self.daemon = daemon
        self.jobs = jobs
        jobs.machines[state.name] = self

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
                self.start(now, state.last_truth)
        if state.start_due is not None and state.start_due <= now:
            state.start_due = None
            if self.up:
                self.start(now, state.last_truth)

    @property
    def up(self) -> bool:
        """Powered and booted."""
        return self.state.on and self.state.boot_due is None

    def start(self, now: Micros, cause: int | None) -> None:
        """Run the init script's start; a running daemon is left alone."""
        if self.state.daemon is None:
            self.daemon.begin(now, cause)
            self.jobs.init_script(self.state, now, cause)

    def lose_power(self, now: Micros, cause: int | None) -> None:
        """Everything on the node ends; stable storage stays."""
        if self.state.on:
            self._go_down(now, cause, "power lost")

    def _go_down(self, now: Micros, cause: int | None, how: str) -> None:
        """Forget processes and all that the kernel held."""
        state, hub = self.state, self.hub
        state.on, state.boot_due = False, None
        state.hung, state.hung_at = [], None
        mounts, addresses = lose_everything(hub, state)
        for event in mounts:
            hub.truth(now, event, cause, state.name)
        state.last_truth = hub.truth(now, NodePoweredOff(state.name, how), cause, state.name)
        for event in addresses:
            hub.truth(now, event, state.last_truth, state.name)
        self.jobs.end_all(state.name)
        hub.clients.end_all(state.name)
        self.daemon.gone()
        hub.lan.changed(now, state.last_truth)
        hub.touch(self)

    def get_power(self, now: Micros, cause: int | None) -> None:
        """The node boots."""
        if not self.state.on:
            self._come_up(now, cause)

    def _come_up(self, now: Micros, cause: int | None) -> None:
        state, site = self.state, self.hub.site.nodes[self.state.name]
        state.on, state.powered = True, state.powered + 1
        state.next_pid = site.first_pid
        state.last_truth = self.hub.truth(now, NodePoweredOn(state.name), cause, state.name)
        name = f"{state.name}/power{state.powered}/boot"
        wait = self.hub.time(name, site.boot)
        state.boot_due = now + wait
        self.hub.touch(self)

    def reboot(self, now: Micros, cause: int | None) -> None:
        """Go down at once, as ``reboot -nf`` does, and boot again."""
        if self.state.on:
            self._go_down(now, cause, "reboot")
            self._come_up(now, self.state.last_truth)

    def reset(self, now: Micros, cause: int | None) -> None:
        """Be switched off and on again; without power it only goes down."""
        if self.state.on:
            self._go_down(now, cause, "reset")
        if not self.hub.topology.power_causes(self.state.name):
            self._come_up(now, cause)

    def hang(self, now: Micros, number: int, cause: int) -> None:
        """Every process stands still; the kernel goes on filling sockets."""
        state = self.state
        if not state.on:
            return
        if state.hung_at is None:
            state.hung_at = now
        state.hung.append(number)
        state.last_truth = self.hub.truth(now, NodeHung(state.name), cause, state.name)
        self._look_again()

    def thaw(self, now: Micros, cause: int, number: int | None = None) -> None:
        """The processes run again, unless another cause still holds them."""
        state = self.state
        if not state.hung or (number is not None and number not in state.hung):
            return
        state.hung = [n for n in state.hung if number is not None and n != number]
        if not state.hung and state.hung_at is not None:
            state.last_truth = self.hub.truth(now, NodeThawed(state.name), cause, state.name)
            self.jobs.thawed(state.name, now, state.hung_at)
            state.hung_at = None
            self.daemon.thawed(now)
            self._look_again()

    def _look_again(self) -> None:
        self.hub.touch(self.daemon)
        self.jobs.touch(self.state.name)
        self.hub.clients.touch(self.state.name)
