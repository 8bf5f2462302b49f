"""STONITH devices: plugs, cables, power and humans between a request and a reset (semantics 9).

A device is a thing of its own: what it has begun it ends, also when the node that asked is gone.
So two nodes that shoot each other at the same time can both be hit.
"""

from __future__ import annotations

from collections.abc import Mapping

from hasim import events as ev
from hasim.site import Latency, Stonith, device_of, devices_of
from hasim.units import SECOND, Micros
from hasim.world.fencing_records import FenceRequest, FenceState
from hasim.world.hub import Hub
from hasim.world.jobs import Processes
from hasim.world.machine import MachineThing
from hasim.world.power import Power
from hasim.world.records import JobState
from hasim.world.scripts.stonith import BAD_HOST, NOT_RESET

__all__ = ["DeviceThing", "Fences"]

#: ``ssh``: the reboot is ordered for two seconds later; then up to 15 pings, one a second.
_SSH_AT: Micros = 2 * SECOND
_SSH_TRIES = 15
#: A host that does not answer is given up so soon: nobody answers for its address on the LAN.
_NO_ROUTE: Micros = 3 * SECOND


class DeviceThing:
    """One device as a thing of the kernel."""

    __slots__ = ("device", "owner", "state")

    def __init__(self, owner: Fences, device: Stonith, state: FenceState) -> None:
        self.owner = owner
        self.device = device
        self.state = state

    @property
    def deadline(self) -> Micros | None:
        """The next step of any request."""
        dues = [r.due for r in self.state.requests if r.due is not None]
        return min(dues, default=None)

    def fire(self, now: Micros) -> None:
        """Take every step that is due, in the order of the requests."""
        for request in list(self.state.requests):
            if request.due is not None and request.due <= now:
                self.owner.step(self, request, now)


class Fences:
    """All STONITH devices of a world."""

    def __init__(
        self, hub: Hub, machines: Mapping[str, MachineThing], jobs: Processes, power: Power
    ) -> None:
        self.hub = hub
        self.machines = machines
        self.jobs = jobs
        self.power = power
        self.things: dict[str, DeviceThing] = {}
        for i, (name, device) in enumerate(devices_of(hub.site, hub.configs).items()):
            state = hub.state.fences.setdefault(name, FenceState(name))
            thing = self.things[name] = DeviceThing(self, device, state)
            hub.add(thing, "fence", i)

    def _of(self, node: str) -> DeviceThing:
        device = device_of(self.hub.site, self.hub.configs[node])
        assert device is not None
        return self.things[device.name]

    # ---- called by the child of a master --------------------------------------------------------

    def status(self, node: str) -> bool:
        """Tell whether the node's device answers: its power and its cable count.

        One that fails or hangs at resets still tells its status (recorded: 14a, 14b, 14e).
        """
        return self._reaches(node, self._of(node).device)

    def request(self, now: Micros, job: JobState, victim: str) -> None:
        """Ask the node's device to reset a victim; the job waits until it is told."""
        thing, world = self._of(job.node), self.hub.state
        world.fenced += 1
        request = FenceRequest(world.fenced, job.node, victim, job.number, "answer", now)
        request.cause = job.cause
        job.awaited = -request.number
        thing.state.requests.append(request)
        self._plan(thing, request, job.name, now)
        self.hub.touch(thing)

    # ---- what a device does ---------------------------------------------------------------------

    def _plan(self, thing: DeviceThing, request: FenceRequest, name: str, now: Micros) -> None:
        """Decide what becomes of a request."""
        device, state, kind = thing.device, thing.state, thing.device.kind
        if not self._knows(device, request):
            request.code = BAD_HOST
            return
        if not self._reaches(request.node, device):
            wait = self.hub.time(f"{name}/timeout", device.timeout)
            request.stage, request.due, request.code = "lost", now + wait, NOT_RESET
            lost = ev.StonithUnreachable(device.name, request.node)
            request.cause = self.hub.truth(now, lost, request.cause)
            return
        asked = ev.StonithRequested(device.name, request.victim, "reset")
        request.cause = self.hub.truth(now, asked, request.cause, request.node)
        if state.mode == "hang":
            request.due = None
        elif state.mode == "fail" or state.failed < device.fails:
            state.failed += state.mode != "fail"
            request.code, request.due = NOT_RESET, now + self._time(name, device.off, "latency")
        elif kind == "ssh":
            self._by_ssh(request, name, now)
        elif kind == "meatware":
            human = device.operator
            request.stage = "off"
            request.due = None if human is None else now + self._time(name, human, "operator")
        else:
            request.stage = "off"
            request.due = now + self._time(name, device.off, "latency")
            back = now + self._time(name, device.reboot, "back")
            request.on_due = max(request.due, back) if device.action == "reboot" else None
        if state.mode == "lie":
            late = request.on_due if device.answers == "on" else None
            request.stage, request.due = "answer", late or request.due

    def _time(self, name: str, latency: Latency, what: str) -> Micros:
        return self.hub.time(f"{name}/{what}", latency)

    def _knows(self, device: Stonith, request: FenceRequest) -> bool:
        if device.kind == "suicide":
            return request.victim == request.node
        return request.victim in device.plugs

    def _by_ssh(self, request: FenceRequest, name: str, now: Micros) -> None:
        """Order a reboot over the network; a machine that is off, or whose cable is, hears none."""
        victim = self.hub.state.nodes[request.victim]
        if not self._hears(request.node, request.victim):
            request.stage, request.due, request.code = "lost", now + _NO_ROUTE, NOT_RESET
        elif victim.hung:
            request.due = None  # its kernel takes the connection, and nobody ever answers
        else:
            request.stage = "off"
            request.due = now + _SSH_AT + self.hub.draws.between(f"{name}/at", 0, SECOND)

    def step(self, thing: DeviceThing, request: FenceRequest, now: Micros) -> None:
        """Take the step of a request that is due."""
        match request.stage:
            case "off":
                self._off(thing, request, now)
            case "on":
                self._on(thing, request, now)
            case _:
                self._answer(thing, request, now)
        self.hub.touch(thing)

    def _off(self, thing: DeviceThing, request: FenceRequest, now: Micros) -> None:
        """Switch the plug off, or have the machine rebooted."""
        device, machine = thing.device, self.machines[request.victim]
        if device.kind == "null":
            request.stage = "answer"
        elif device.kind in ("ssh", "meatware", "suicide"):
            hung = device.kind == "ssh" and machine.state.hung
            if not hung and (machine.state.on or device.kind == "meatware"):
                machine.reset(now, request.cause)
                self.power.wires.rebuild()
            request.stage, request.due = "answer", now + (SECOND if device.kind == "ssh" else 0)
            if hung:
                request.code, request.due = NOT_RESET, now + _SSH_TRIES * SECOND
        elif self._alive(device):
            request.cut = True
            plug = device.plugs[request.victim]
            request.cause = self.power.take(now, plug, -request.number, request.cause)
            self._after_off(thing, request, now)
        else:
            request.stage, request.code = "lost", NOT_RESET
            request.due = now + self.hub.time(f"fence{request.number}/timeout", device.timeout)

    def _after_off(self, thing: DeviceThing, request: FenceRequest, now: Micros) -> None:
        device = thing.device
        if device.answers == "off" or request.on_due is None:
            self._answer(thing, request, now)
        else:
            request.stage, request.due = "on", request.on_due

    def _on(self, thing: DeviceThing, request: FenceRequest, now: Micros) -> None:
        """Switch the plug on again; the relays of a device without power fall back to on."""
        request.cut = False
        plug = thing.device.plugs[request.victim]
        request.cause = self.power.give(now, plug, -request.number, request.cause)
        if thing.device.answers == "off":
            thing.state.requests.remove(request)
        else:
            self._answer(thing, request, now)

    def _answer(self, thing: DeviceThing, request: FenceRequest, now: Micros) -> None:
        """Tell the process that waits, if it still does and can hear it."""
        device, job = thing.device, self.jobs.waiting(request.job, -request.number)
        hears = job is not None and (request.stage == "lost" or self._reaches(request.node, device))
        known = request.code != BAD_HOST and request.stage != "lost"
        if job is not None and not hears:
            request.stage, request.code = "lost", NOT_RESET
            request.due = now + self.hub.time(f"{job.name}/timeout", device.timeout)
            return
        if known and job is None:
            lost = ev.StonithOrphaned(device.name, request.victim, "reset")
            self.hub.truth(now, lost, request.cause, request.node)
        elif known:
            answer = ev.StonithAnswered(device.name, request.victim, "reset", request.code)
            request.cause = self.hub.truth(now, answer, request.cause, request.node)
        if request.cut and request.on_due is not None:
            request.stage, request.due = "on", request.on_due
        else:  # a plug that is off by now stays so until somebody switches it on
            thing.state.requests.remove(request)
        if job is not None:
            self.jobs.fenced(job, now, request.victim, request.code, request.cause)

    # ---- who can reach whom ---------------------------------------------------------------------

    def _alive(self, device: Stonith) -> bool:
        return not self.hub.topology.power_causes(f"stonith {device.name}")

    def _reaches(self, node: str, device: Stonith) -> bool:
        """Tell whether a node reaches a device: its power, its cable, the node's own cables."""
        topology, port = self.hub.topology, f"stonith {device.name}"
        if device.name not in self.hub.site.stonith:
            return True
        if not self._alive(device):
            return False
        wire = topology.state.wires[port]
        if device.on is None:
            return not (wire.cut["in"] or wire.cut["out"])
        nics = self.hub.site.nodes[node].nics.values()
        ends = [f"{node}:{nic.name}" for nic in nics if nic.on == device.on]
        return any(
            not topology.blockers(end, port) and not topology.blockers(port, end) for end in ends
        )

    def _hears(self, node: str, other: str) -> bool:
        """Tell whether two nodes reach each other over any network, and the other one runs."""
        topology, nodes = self.hub.topology, self.hub.site.nodes
        ways = (
            (f"{node}:{nic.name}", f"{other}:{far.name}")
            for nic in nodes[node].nics.values()
            for far in nodes[other].nics.values()
            if nic.on == far.on and nic.address is not None
        )
        return self.machines[other].up and any(
            not topology.blockers(one, two) and not topology.blockers(two, one) for one, two in ways
        )

    # ---- faults ---------------------------------------------------------------------------------

    def set_mode(self, now: Micros, name: str, mode: str, number: int) -> None:
        """Let a device answer otherwise from now on; ``ok`` ends every such fault.

        An operator who is told so does what was asked of him.
        """
        thing = self.things[name]
        if mode != "ok":
            thing.state.modes[number] = mode
            return
        thing.state.modes.clear()
        if thing.device.kind == "meatware":
            for request in thing.state.requests:
                if request.due is None and request.stage == "off":
                    request.due = now
            self.hub.touch(thing)

    def unset_mode(self, name: str, number: int) -> None:
        """End a fault of a device."""
        self.things[name].state.modes.pop(number, None)
