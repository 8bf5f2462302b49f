"""A recording's injections as actions of a world, at the instants at which they were made."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from hasim.conform.recording import Recording
from hasim.units import SECOND, Micros
from hasim.world import Action

__all__ = [
    "ALWAYS",
    "LAB_DEVICE",
    "QUIET_VERBS",
    "agenda_of",
    "booted",
    "command_times",
    "fault_events",
    "us",
]

#: Verbs that change nothing in a world without a fencing device.
QUIET_VERBS = frozenset({"cl_status", "stonith_mode"})
#: So many times a failing script fails: until the knob is turned back.
ALWAYS = 1_000_000
#: From the init script's stop to its signal (median of the recordings), and which part of the time
#: until it returns a reload and the commands of an operator need until they have an effect.
_STOP: Micros = 38_000
_RELOAD, _COMMAND = 93, 80
#: Name of the laboratory's power switch.
LAB_DEVICE = "lab"
#: Number of a fault that is no injection: how the device is from the start.
_FROM_THE_START = 1_000_000
_MASTER, _ALL = "master control process", "heartbeat: "
_ROLES = {_MASTER: "master", _ALL: "all", "ipfail": "ipfail", "FIFO reader": "fifo"}
#: An I/O child, as the laboratory names it: ``write: bcast eth1``, ``read: ping``.
_CHILD = re.compile(r"(read|write): \S+(?: (\S+))?")

_Step = tuple[str, tuple[str | int, ...]]


def us(seconds: float) -> Micros:
    """Return recorded seconds as microseconds."""
    return round(seconds * SECOND)


def fault_events(recording: Recording) -> list[dict[str, Any]]:
    """Return the injections as canonical events, quiet ones too, in order."""
    events = []
    for fault in recording.pins["faults"]:
        args = {"i": str(fault["i"]), "do": str(fault["do"])}
        node = fault["node"]
        events.append(
            {"t": float(fault["t"]), "node": node, "role": "lab", "kind": "fault", "args": args}
        )
    return sorted(events, key=lambda e: float(e["t"]))


def agenda_of(recording: Recording) -> tuple[Action, ...]:
    """Return the recorded injections as actions.

    Raises
    ------
    ValueError
        For an injection that no action stands for.
    """
    player = _Player(recording)
    mode = str((recording.scenario.get("stonith") or {}).get("mode", "ok"))
    if mode != "ok":
        player.actions.append(Action(0, "stonith", (LAB_DEVICE, mode), _FROM_THE_START))
    for fault in recording.pins["faults"]:
        player.take(fault)
    return tuple(player.actions)


class _Player:
    """Translates injections one by one; heals name the cause that they remove."""

    def __init__(self, recording: Recording) -> None:
        self.actions: list[Action] = []
        self.open: dict[tuple[str, ...], int] = {}
        topology = recording.scenario["topology"]
        self.device = bool(recording.scenario.get("stonith"))
        self.pings = {str(p["name"]): str(p["ip"]) for p in topology["pings"]}

    def take(self, fault: Mapping[str, Any]) -> None:
        """Append the actions of one injection."""
        at, number, args = us(fault["t"]), int(fault["i"]), fault["args"]
        node = str(fault["node"] or "")
        line = f"{fault['do']} {node} {' '.join(str(v) for v in args.values())}".strip()
        for verb, plain in self._steps(str(fault["do"]), node, args, number):
            self.actions.append(Action(at + _lag(fault), verb, plain, number, line))
            line = ""

    def _steps(self, do: str, node: str, args: Mapping[str, Any], number: int) -> list[_Step]:
        match do:
            case "pull" | "drop" | "plug" | "undrop":
                return self._cable(do, node, args, number)
            case "power_off" | "power_on" if self.device:
                # The laboratory's device switches a node on again, whoever has switched it off.
                return [("switch-off" if do == "power_off" else "switch-on", (node,))]
            case "stonith_mode" if self.device:
                return [("stonith", (LAB_DEVICE, str(args["mode"])))]
            case "power_off" | "power_on" | "ping_down" | "ping_up":
                part = self.pings[args["name"]] if do.startswith("ping") else node
                return self._power(part, number, do.endswith(("off", "down")))
            case "freeze":
                self.open["hang", node] = number
                return [("hang", (node,))]
            case "thaw":
                return [("thaw", (node, self.open.pop(("hang", node), -1)))]
            case "stop_signal":
                self.open["halt", node] = number
                return [("halt", (node,))]
            case "cont_signal":
                return [("resume", (node, self.open.pop(("halt", node), -1)))]
            case "kill" if args.get("role", _MASTER) in _ROLES:
                return [("kill", (node, _ROLES[args.get("role", _MASTER)], "", 9))]
            case "kill" if (child := _CHILD.fullmatch(str(args.get("role")))) is not None:
                device = child[2] or next(iter(self.pings.values()))
                return [("kill", (node, child[1], device, 9))]
            case "start" | "stop" | "reload":
                return [(do, (node,))]
            case "standby" | "takeover":
                return [(do, (node, str(args.get("what", "all"))))]
            case "knob":
                return self._knob(node, args)
            case _ if do in QUIET_VERBS or (do == "sh" and "authkeys" in str(args.get("command"))):
                return []
        raise ValueError(f"no action stands for the injection {do} {dict(args)}")

    def _cable(self, do: str, node: str, args: Mapping[str, Any], number: int) -> list[_Step]:
        wire = f"{node}:{args.get('iface', '')}"
        way, host = str(args.get("direction", "both")), str(args.get("host") or "")
        odds = float(args.get("p") or 1)
        ends = do in ("plug", "undrop")
        if host:
            return [("unfilter" if ends else "filter", (wire, host))]
        if ends:
            verb = "mend" if odds >= 1 else "unlose"
            return [(verb, (wire, way, self.open.pop((wire, way), -1)))]
        self.open[wire, way] = number
        if odds < 1:
            return [("lose", (wire, way, round(odds * 1000)))]
        return [("cut", (wire, way))]

    def _power(self, part: str, number: int, off: bool) -> list[_Step]:
        if off:
            self.open["power", part] = number
            return [("unpower", (part,))]
        return [("repower", (part, self.open.pop(("power", part), -1)))]

    def _knob(self, node: str, args: Mapping[str, Any]) -> list[_Step]:
        script, op = str(args["rsc"]).replace(".", "::", 1), str(args["op"])
        fails, sleeps = args.get("fail"), args.get("sleep")
        steps: list[_Step] = []
        if fails is not None:
            steps.append(("fail", (node, script, op, ALWAYS)))
        if sleeps is not None:
            steps.append(("slow", (node, script, op, us(float(sleeps)))))
        return steps


def _lag(fault: Mapping[str, Any]) -> Micros:
    """Return how long after an injection its action takes place."""
    if fault["do"] == "reload":
        return _took(fault) * _RELOAD // 100
    return _STOP if fault["do"] == "stop" else 0


def _took(fault: Mapping[str, Any]) -> Micros:
    """Return how long a verb took to return."""
    done = fault.get("done")
    return 0 if done is None else us(done) - us(fault["t"])


def command_times(recording: Recording) -> dict[str, Micros]:
    """Return how long each command of an operator took to speak to the daemon, by name of draw."""
    found: dict[str, Micros] = {}
    counts: dict[str, int] = {}
    for fault in recording.pins["faults"]:
        if fault["do"] in ("standby", "takeover") and fault.get("done") is not None:
            node = str(fault["node"])
            counts[node] = number = counts.get(node, 0) + 1
            found[f"{node}/operator{number}/0 operator"] = _took(fault) * _COMMAND // 100
    return found


def booted(recording: Recording, node: str) -> list[tuple[Micros, Micros]]:
    """Return (cause, end) of each boot of a node after the first, in order.

    The cause is the injection that switched it on, a device that has reset it, or the loss of
    power that a reboot began with.
    """
    found = []
    asked = [us(f["t"]) for f in recording.pins["faults"]
             if f["do"] == "power_on" and f["node"] == node]  # fmt: skip
    asked += [us(e["t"]) for e in recording.events
              if e["kind"] == "stonith-answer"
              and (e["args"]["victim"], str(e["args"]["rc"])) == (node, "0")]  # fmt: skip
    off = 0
    for boot in recording.pins.get("boots", ()):
        if boot["node"] != node:
            continue
        at = us(boot["t"])
        if boot["ev"] == "power off":
            off = at
        else:
            found.append((max([t for t in asked if off <= t <= at], default=off), at))
    return found
