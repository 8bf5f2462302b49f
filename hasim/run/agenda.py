"""From faults as the user wrote them to single actions on the physical world."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from hasim.errors import ConfigError, Problem, nearest
from hasim.faults.built import require_built
from hasim.faults.verbs import (
    Cable,
    ClockDrift,
    ClockStep,
    Cut,
    Delay,
    Duplicate,
    Fail,
    Fault,
    Forge,
    Hang,
    Heal,
    Isolate,
    Kill,
    Lose,
    PowerOff,
    PowerOn,
    Reload,
    Replay,
    Restore,
    Slow,
    Standby,
    Start,
    StonithMode,
    StonithPort,
    Stop,
    Takeover,
    Thaw,
)
from hasim.site import Site
from hasim.world import Action

__all__ = ["agenda_of", "check_targets"]


@dataclass
class _Open:
    """Causes that hold at the present point of the schedule: what a heal may remove."""

    cut: dict[tuple[str, str], list[int]] = field(default_factory=dict)
    isolated: dict[str, list[int]] = field(default_factory=dict)
    unpowered: dict[str, list[int]] = field(default_factory=dict)
    trouble: dict[tuple[str, str, str], list[int]] = field(default_factory=dict)
    hung: dict[str, list[int]] = field(default_factory=dict)

    def close(self, number: int, fault: Fault) -> bool:
        """Forget the cause of a fault; return False if it was open and is no more."""
        if isinstance(fault, ClockStep | ClockDrift | Fail | Slow | StonithMode):
            return True
        lists = [*self.cut.values(), *self.isolated.values()]
        lists += [*self.unpowered.values(), *self.trouble.values(), *self.hung.values()]
        found = False
        for causes in lists:
            if number in causes:
                causes.remove(number)
                found = True
        return found


def agenda_of(
    faults: Sequence[Fault],
    site: Site,
    file: str = "schedule",
    places: Sequence[tuple[str, int | None]] = (),
) -> tuple[Action, ...]:
    """Return the actions of a schedule on a site, ordered by time; at equal times as written.

    Every action carries the number of its fault; a heal removes the cause of an earlier fault, so
    that overlapping faults end one by one. `places` tells file and line of each fault.

    Raises
    ------
    ConfigError
        For targets that the site does not have, and for a heal that has nothing to heal.
    NotBuiltError
        For a fault that is read but not simulated.
    """
    problems = check_targets(faults, site, file)
    if problems:
        raise ConfigError(problems)
    for fault in faults:
        require_built(fault)
    # A fault `for D` heals at its end: expand to begins and ends, then walk them in order of time.
    steps = [(f.at, 0, i, f) for i, f in enumerate(faults)]
    steps += [(f.at + f.duration, 1, i, f) for i, f in enumerate(faults) if f.duration is not None]
    open_, out = _Open(), list[Action]()
    places = places or [(file, None)] * len(faults)
    for at, ending, number, fault in sorted(steps, key=lambda s: s[:3]):
        made = _begin(fault, number, site, open_) if not ending else []
        if ending and open_.close(number, fault):
            made = _end(fault, number, site)
        elif ending:
            continue  # a later line has removed the cause already
        if not made:
            what = "nothing to heal: no earlier fault of this schedule did that"
            text = f"{str(fault)!r}: {what}"
            problems.append(Problem(*places[number], "ERROR", text, _instead(fault, open_, site)))
            continue
        first, *rest = made
        out += [Action(at, first[0], first[1], number, str(fault))]
        out += [Action(at, verb, args, number) for verb, args in rest]
    if problems:
        raise ConfigError(problems)
    return tuple(out)


def _instead(fault: Fault, open_: _Open, site: Site) -> str:
    """Say what would heal what is broken at that point; else what a heal needs."""
    node = (
        fault.target.node if isinstance(fault, Restore) and isinstance(fault.target, Cable) else ""
    )
    if isinstance(fault, Heal):
        cut = [wire for (wire, _), causes in open_.cut.items() if causes]
        cut = [wire for wire in dict.fromkeys(cut) if wire in _wires(site, fault.node)]
        if cut:
            return f"'heal' ends 'isolate' only; write 'restore {cut[0]}'"
    elif open_.isolated.get(node):
        return f"'restore' ends 'cut' only; write 'heal {node}'"
    elif isinstance(fault, Restore):
        ways = [way for (wire, way), c in open_.cut.items() if c and wire == str(fault.target)]
        if ways:
            way = "" if ways[0] == "both" else f" {ways[0]}"
            return f"the cable was cut otherwise; write 'restore {fault.target}{way}'"
    elif isinstance(fault, Lose | Delay | Duplicate):
        return f"an amount of 0 ends an earlier {fault.verb!r} of the same cable and direction"
    return "remove the line, or put the fault that it ends before it"


_Step = tuple[str, tuple[str | int, ...]]


def _begin(fault: Fault, number: int, site: Site, open_: _Open) -> list[_Step]:
    match fault:
        case Cut(target=Cable() | StonithPort() as cable, direction=way):
            open_.cut.setdefault((str(cable), way), []).append(number)
            return [("cut", (str(cable), way))]
        case Restore(target=Cable() | StonithPort() as cable, direction=way):
            done = []
            for (name, cut_way), causes in open_.cut.items():
                if name == str(cable) and way in ("both", cut_way):
                    done += [("mend", (name, cut_way, c)) for c in causes]
                    causes.clear()
            return list(done)
        case Isolate(node=node):
            open_.isolated.setdefault(node, []).append(number)
            return [("cut", (wire, "both")) for wire in _wires(site, node)]
        case Heal(node=node):
            causes = open_.isolated.pop(node, [])
            return [("mend", (w, "both", c)) for c in causes for w in _wires(site, node)]
        case Lose() | Delay() | Duplicate():
            return _trouble(fault, number, open_)
        case PowerOff():
            part = str(fault.target)
            open_.unpowered.setdefault(part, []).append(number)
            return [("unpower", (part,))]
        case PowerOn():
            part = str(fault.target)
            steps: list[_Step] = [("repower", (part, c)) for c in open_.unpowered.pop(part, [])]
            return steps + [("switch-on", (plug,)) for plug in _switched(site, part)]
        case StonithMode():
            return [("stonith", (fault.device, fault.mode))]
        case Hang(node=node):
            open_.hung.setdefault(node, []).append(number)
            return [("hang" if fault.process == "all" else "halt", (node,))]
        case Thaw(node=node):
            return [("thaw", (node,)), ("resume", (node,))] if open_.hung.pop(node, []) else []
        case _:
            return _process(fault)


def _trouble(fault: Lose | Delay | Duplicate, number: int, open_: _Open) -> list[_Step]:
    """A new amount replaces the earlier one on the same cable and way; 0 ends it."""
    amount = fault.delay_us if isinstance(fault, Delay) else fault.per_mille
    wire, way = str(fault.target), fault.direction
    key = (fault.verb, wire, way)
    steps: list[_Step] = [(f"un{fault.verb}", (wire, way, c)) for c in open_.trouble.pop(key, [])]
    if amount:
        open_.trouble[key] = [number]
        steps.append((fault.verb, (wire, way, amount)))
    return steps


def _process(fault: Fault) -> list[_Step]:
    match fault:
        case Kill():
            return [("kill", (fault.node, fault.role, fault.medium or "", fault.signal))]
        case Start():
            return [("start", (fault.node,))]
        case Reload():
            changes = (f"{name}={value}" for name, value in fault.changes)
            return [("reload", (fault.node, *changes))]
        case Stop():
            return [(fault.verb, (fault.node,))]
        case Standby() | Takeover():
            return [(fault.verb, (fault.node, fault.share))]
        case Fail():
            times = -1 if fault.times is None else fault.times
            return [("fail", (fault.node, str(fault.script), fault.operation, times))]
        case Slow():
            return [("slow", (fault.node, str(fault.script), "", fault.extra_us))]
        case Replay():
            target = fault.target
            return [("replay", (target.node, target.nic, fault.origin, fault.span_us))]
        case Forge():
            fields = (f"{name}={value}" for name, value in fault.fields)
            target = fault.target
            return [("forge", (target.node, target.nic, fault.kind, fault.origin, *fields))]
        case ClockStep():
            return [("step", (fault.node, fault.by_us))]
        case ClockDrift():
            return [("drift", (fault.node, fault.ppm))]
        case _:
            raise AssertionError(f"{fault} passed require_built")


def _end(fault: Fault, number: int, site: Site) -> list[_Step]:
    """The end of `for D`: the same cause goes."""
    match fault:
        case Cut():
            return [("mend", (str(fault.target), fault.direction, number))]
        case Isolate():
            return [("mend", (wire, "both", number)) for wire in _wires(site, fault.node)]
        case Lose() | Delay() | Duplicate():
            return [(f"un{fault.verb}", (str(fault.target), fault.direction, number))]
        case StonithMode():
            return [("unstonith", (fault.device, number))]
        case PowerOff():
            return [("repower", (str(fault.target), number))]
        case Hang():
            return [("thaw" if fault.process == "all" else "resume", (fault.node, number))]
        case Fail() | Slow():
            return [(f"un{fault.verb}", (fault.node, number))]
        case ClockStep():
            return [("step", (fault.node, -fault.by_us))]
        case ClockDrift():
            return [("drift", (fault.node, 0))]
        case _:
            raise AssertionError(f"{fault} has no end")


def _switched(site: Site, part: str) -> list[str]:
    """Return the plugs of a node, or the plug of that name, that a device leaves switched off."""
    devices = [device for device in site.stonith.values() if device.action == "off"]
    plugs = [device.plugs[part] for device in devices if part in device.plugs]
    plugs += [part for device in devices if part in device.plugs.values()]
    return [*dict.fromkeys(plugs)]


def _wires(site: Site, node: str) -> list[str]:
    return [f"{node}:{nic}" for nic in site.nodes[node].nics]


def check_targets(faults: Sequence[Fault], site: Site, file: str = "schedule") -> list[Problem]:
    """Return a problem for each target that the site does not have, with the nearest valid name."""
    problems = []
    cables = [wire for node in site.nodes for wire in _wires(site, node)]
    parts = [*site.nodes, *site.switches, *site.hosts, *site.feed_names]

    def complain(fault: Fault, what: str, name: str, known: Sequence[str]) -> None:
        remedy = f"known: {', '.join(known)}" if known else ""
        text = f"{fault}: no {what} {name!r}{nearest(name, known)}"
        problems.append(Problem(file, None, "ERROR", text, remedy))

    for fault in faults:
        target, node = getattr(fault, "target", None), getattr(fault, "node", None)
        device = getattr(fault, "device", target.name if isinstance(target, StonithPort) else None)
        if device is not None and device not in site.stonith:
            complain(fault, "STONITH device", device, list(site.stonith))
        elif isinstance(target, Cable) and str(target) not in cables:
            complain(fault, "cable", str(target), cables)
        elif isinstance(target, str) and target not in parts:
            complain(fault, "node, switch, host or feed", target, parts)
        elif isinstance(node, str) and node not in site.nodes:
            complain(fault, "node", node, list(site.nodes))
    return problems
