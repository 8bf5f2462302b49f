"""The fault player: does to the physical world what the agenda says, and says so in the trace."""

from __future__ import annotations

from collections.abc import Mapping

from hasim.events import (
    ClockDrifted,
    ClockStepped,
    DelaySet,
    DuplicateSet,
    Event,
    FaultHealed,
    FaultInjected,
    LossSet,
    WireCut,
    WireRestored,
)
from hasim.units import Micros
from hasim.world.attack import Attacker
from hasim.world.fencing import Fences
from hasim.world.hub import Hub
from hasim.world.machine import MachineThing
from hasim.world.power import Power
from hasim.world.records import Action, NodeState, TroubleState
from hasim.world.topology import WAYS

__all__ = ["VERBS", "PlayerThing"]

_SIGHUP, _SIGTERM = 1, 15
#: What an action may ask for, and the arguments it takes.
VERBS: Mapping[str, str] = {
    "cut": "wire way",
    "mend": "wire way cause",
    "lose": "wire way per_mille",
    "unlose": "wire way cause",
    "delay": "wire way delay_us",
    "undelay": "wire way cause",
    "duplicate": "wire way per_mille",
    "unduplicate": "wire way cause",
    "filter": "end end",
    "unfilter": "end end",
    "unpower": "part",
    "repower": "part cause",
    "switch-off": "node",
    "switch-on": "part",
    "stonith": "device mode",
    "unstonith": "device cause",
    "hang": "node",
    "thaw": "node cause",
    "replay": "node nic origin span_us",
    "forge": "node nic type origin FIELD=VALUE...",
    "halt": "node",
    "resume": "node cause",
    "kill": "node role medium signal",
    "start": "node",
    "stop": "node",
    "reload": "node changes",
    "standby": "node set",
    "takeover": "node set",
    "fail": "node script op times",
    "unfail": "node cause",
    "slow": "node script op us",
    "unslow": "node cause",
    "step": "node us",
    "drift": "node ppm",
}


class PlayerThing:
    """Plays the agenda, action by action."""

    __slots__ = ("attacker", "fences", "hub", "machines", "power", "wires")

    def __init__(
        self, hub: Hub, machines: Mapping[str, MachineThing], power: Power, fences: Fences
    ) -> None:
        self.hub = hub
        self.machines = machines
        self.power = power
        self.fences = fences
        self.attacker = Attacker(hub)
        self.wires = power.wires

    @property
    def deadline(self) -> Micros | None:
        """The next action."""
        agenda = self.hub.state.agenda
        return agenda[0].at if agenda else None

    def fire(self, now: Micros) -> None:
        """Do everything that is due."""
        agenda = self.hub.state.agenda
        while agenda and agenda[0].at <= now:
            action = agenda.pop(0)
            causes = self.hub.state.causes
            if action.line:
                known = causes.get(action.cause)
                injected = FaultInjected if known is None else FaultHealed
                event = injected(action.cause, action.line)
                causes[action.cause] = self.hub.truth(now, event, known)
            self._do(now, action)
            self.wires.rebuild()
            self.hub.lan.changed(now, causes.get(action.cause))

    def _do(self, now: Micros, action: Action) -> None:
        args, cause = action.args, self.hub.state.causes.get(action.cause)
        match action.verb:
            case "cut" | "mend":
                self._cable(now, action)
            case "lose" | "delay" | "duplicate" | "unlose" | "undelay" | "unduplicate":
                self._trouble(now, action)
            case "filter":
                self.hub.topology.filter(str(args[0]), str(args[1]), action.cause)
            case "unfilter":
                self.hub.topology.unfilter(str(args[0]), str(args[1]))
            case "unpower" | "repower":
                self._power(now, action)
            case "switch-off" | "switch-on":
                self._switch(now, action)
            case "stonith":
                self.fences.set_mode(now, str(args[0]), str(args[1]), action.cause)
            case "unstonith":
                self.fences.unset_mode(str(args[0]), int(args[1]))
            case "step" | "drift":
                self._clock(now, action)
            case _:
                assert cause is not None
                machine = self.machines[str(args[0])]
                match action.verb:
                    case "replay" | "forge":
                        self._attack(now, action, cause)
                    case "hang":
                        machine.hang(now, action.cause, cause)
                    case "thaw":
                        number = int(args[1]) if len(args) > 1 else None
                        machine.thaw(now, cause, number)
                    case "halt":
                        machine.daemon.stopped(now, action.cause, cause)
                    case "resume":
                        number = int(args[1]) if len(args) > 1 else None
                        machine.daemon.continued(now, cause, number)
                    case "kill":
                        self._kill(now, machine, action, cause)
                    case "start":
                        if machine.up:
                            machine.start(now, cause)
                    case "stop":
                        machine.daemon.stop(now, cause)
                    case "reload":
                        words = [str(word) for word in args[1:]]
                        machine.state.edits += words
                        machine.daemon.reload(now, cause, bool(words))
                    case "standby" | "takeover":
                        if machine.up:
                            share = str(args[1])
                            machine.jobs.operator(machine.state, now, action.verb, share, cause)
                    case "fail" | "slow" | "unfail" | "unslow":
                        _trouble_scripts(machine.state, action)
                    case verb:
                        raise AssertionError(f"no such verb: {verb}")

    def _kill(self, now: Micros, machine: MachineThing, action: Action, cause: int) -> None:
        node, role, medium = (str(word) for word in action.args[:3])
        signal, daemon = int(action.args[3]), machine.daemon
        match role:
            case "ipfail" | "client":
                self.hub.clients.killed(node, now, signal, cause, medium or role)
            case "fifo" | "read" | "write":
                daemon.child_killed(now, role, medium, signal, cause)
            case "master" if signal == _SIGTERM:
                daemon.stop(now, cause)
            case "master" if signal == _SIGHUP:
                daemon.reload(now, cause)
            case _:
                daemon.killed(now, role, cause)
        if role == "all":
            machine.jobs.helpers_killed(node)

    def _attack(self, now: Micros, action: Action, cause: int) -> None:
        node, nic, *rest = (str(word) for word in action.args)
        if action.verb == "replay":
            self.attacker.replay(now, node, nic, rest[0], int(rest[1]), cause)
            ahead = [a for a in self.hub.state.agenda if a.verb == "replay"]
            if not ahead:
                self.hub.state.tapped, self.hub.state.tap_us = [], 0
            return
        fields = dict(word.split("=", 1) for word in rest[2:])
        self.attacker.forge(now, node, nic, rest[0], rest[1], fields, cause)

    def _happened(self, now: Micros, action: Action, event: Event) -> None:
        """Record the fact; later silences point to it."""
        causes = self.hub.state.causes
        causes[action.cause] = self.hub.truth(now, event, causes.get(action.cause))

    def _cable(self, now: Micros, action: Action) -> None:
        wire, ways = str(action.args[0]), _ways(str(action.args[1]))
        state = self.hub.topology.state.wires[wire]
        for way in ways:
            causes = state.cut[way]
            if action.verb == "cut":
                causes.append(action.cause)
            elif int(action.args[2]) in causes:
                causes.remove(int(action.args[2]))
        node, _, nic = wire.partition(":")
        machine = self.hub.state.nodes.get(node)
        if machine is not None and not any(state.cut[way] for way in WAYS):
            aliases = (alias.partition(":")[0] for alias in machine.addresses.values())
            if nic in aliases and nic not in machine.replugged:
                machine.replugged.append(nic)
        kind = WireCut if action.verb == "cut" else WireRestored
        self._happened(now, action, kind(wire, str(action.args[1])))

    def _trouble(self, now: Micros, action: Action) -> None:
        wire, way, amount = str(action.args[0]), str(action.args[1]), int(action.args[2])
        ends, verb = action.verb.startswith("un"), action.verb.removeprefix("un")
        state = self.hub.topology.state.wires[wire]
        table = {"lose": state.lose, "delay": state.delay, "duplicate": state.duplicate}[verb]
        for w in _ways(way):
            if ends:
                table[w].pop(amount, None)
            else:
                table[w][action.cause] = amount
        shown = 0 if ends else amount
        make = {"lose": LossSet, "delay": DelaySet, "duplicate": DuplicateSet}[verb]
        self._happened(now, action, make(wire, way, shown))

    def _power(self, now: Micros, action: Action) -> None:
        part, causes = str(action.args[0]), self.hub.state.causes
        cause = causes.get(action.cause)
        if action.verb == "unpower":
            record = self.power.take(now, part, action.cause, cause)
        else:
            record = self.power.give(now, part, int(action.args[1]), cause)
        if record is not None:
            causes[action.cause] = record

    def _switch(self, now: Micros, action: Action) -> None:
        """Work a node's power switch, or switch on what a device has left off."""
        part, cause = str(action.args[0]), self.hub.state.causes.get(action.cause)
        if action.verb == "switch-off":
            self.machines[part].lose_power(now, cause)
            return
        for number in list(self.hub.topology.state.unpowered.get(part, ())):
            if number < 0:
                self.power.give(now, part, number, cause)
        if part in self.machines and not self.hub.topology.power_causes(part):
            self.machines[part].get_power(now, cause)

    def _clock(self, now: Micros, action: Action) -> None:
        node, amount = str(action.args[0]), int(action.args[1])
        clock = self.hub.state.nodes[node].clock
        clock.offset_us, clock.since = clock.ahead(now), now
        if action.verb == "step":
            clock.offset_us += amount
            self._happened(now, action, ClockStepped(node, amount))
            if amount < 0:
                self.machines[node].daemon.clock_set_back()
        else:
            clock.drift_ppm = amount
            self._happened(now, action, ClockDrifted(node, amount))


def _trouble_scripts(node: NodeState, action: Action) -> None:
    """Add a fault of a script to a node, or take it away."""
    verb, args = action.verb, action.args
    if verb.startswith("un"):
        kind, cause = verb.removeprefix("un"), int(args[1])
        node.troubles = [t for t in node.troubles if (t.kind, t.cause) != (kind, cause)]
        return
    trouble = TroubleState(action.cause, verb, str(args[1]), str(args[2]))
    amount = int(args[3])
    if verb == "slow":
        trouble.extra_us = amount
    elif amount >= 0:
        trouble.times = amount
    node.troubles.append(trouble)


def _ways(way: str) -> tuple[str, ...]:
    return WAYS if way == "both" else (way,)
