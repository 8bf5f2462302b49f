"""Which parts of the hardware are broken at an instant, and by which faults."""

from __future__ import annotations

from typing import NamedTuple

from hasim import events as ev
from hasim.render.around import permille
from hasim.trace import Record, Trace
from hasim.units import Micros, duration_text

__all__ = ["Trouble", "troubles_at"]


class Trouble(NamedTuple):
    """Something that a part does not do as it should.

    Parameters
    ----------
    part : str
        By the names of :func:`hasim.world.graph.graph_of`; a cable has that of its NIC or host.
    state : str
        In a few words: ``cut``, ``off``, ``loses 30 %``.
    faults : tuple of int
        Numbers of the faults that cause it, from 1 on; none where no fault does.
    """

    part: str
    state: str
    faults: tuple[int, ...]


# A change: the part, what of it, the state that one more cause gives it; None takes one away.
_Change = tuple[str, str, str | None]
#: Which fault a verb ends.
_ENDS = {"heal": "isolate", "power-on": "power-off", "restore": "cut"}


def _wire(wire: str, way: str, kind: str, state: str | None) -> _Change:
    told = state if state is None or way == "both" else f"{state} ({way})"
    return wire, f"{kind} {way}", told


def _change(event: ev.Event) -> _Change | None:
    """Return what a fact changes in the hardware."""
    match event:
        case ev.WireCut(wire=wire, direction=way):
            return _wire(wire, way, "cut", "cut")
        case ev.WireRestored(wire=wire, direction=way):
            return _wire(wire, way, "cut", None)
        case ev.LossSet(wire=wire, direction=way, per_mille=n):
            return _wire(wire, way, "loss", f"loses {permille(n)}" if n else None)
        case ev.DelaySet(wire=wire, direction=way, delay_us=us):
            return _wire(wire, way, "delay", f"delays by {duration_text(us)}" if us else None)
        case ev.DuplicateSet(wire=wire, direction=way, per_mille=n):
            return _wire(wire, way, "double", f"doubles {permille(n)}" if n else None)
        case ev.FeedDown(feed=feed):
            return f"feed {feed}", "power", "off"
        case ev.FeedUp(feed=feed):
            return f"feed {feed}", "power", None
        case ev.HostDown(host=part) | ev.SwitchDown(switch=part):
            return part, "power", "off"
        case ev.HostUp(host=part) | ev.SwitchUp(switch=part):
            return part, "power", None
        case ev.NodePoweredOff(node=node):
            return node, "node", "off"
        case ev.NodePoweredOn(node=node):
            return node, "node", None
        case ev.NodeHung(node=node):
            return node, "hang", "hangs"
        case ev.NodeThawed(node=node):
            return node, "hang", None
        case ev.DiskCorrupted(disk=disk):
            return f"disk {disk}", "data", "corrupt"
    return None


def _fault_of(trace: Trace, record: Record) -> ev.FaultInjected | ev.FaultHealed | None:
    """Return the fault, or the end of one, that a record goes back to."""
    for cause in trace.chain(record.seq):
        if isinstance(cause.event, ev.FaultInjected | ev.FaultHealed):
            return cause.event
    return None


class _Causes:
    """The causes that hold, by what they break; each with the line of its fault, if it has one."""

    def __init__(self) -> None:
        self.open: dict[tuple[str, str], list[tuple[str, int, str]]] = {}

    def add(self, part: str, what: str, state: str, number: int, line: str) -> None:
        """Add a cause; a new amount, or a new loss of a node's power, replaces the one before."""
        if not what.startswith(("cut ", "power")):
            self.open.pop((part, what), None)
        self.open.setdefault((part, what), []).append((state, number, line))

    def take(self, part: str, what: str, fault: ev.Event | None) -> None:
        """Take away the cause that a fault ends: the one that was told, or the first of its kind.

        A part works again when its last cause is gone; a node with power, and one that goes on, do
        at once.
        """
        causes = self.open.get((part, what), [])
        found: list[tuple[str, int, str]] = []
        if isinstance(fault, ev.FaultHealed):
            found = [c for c in causes if c[1] == fault.index + 1]
        elif isinstance(fault, ev.FaultInjected):
            ends = _ENDS.get(_verb(fault.line))
            found = [c for c in causes if _verb(c[2]) == ends]
        if causes:
            causes.remove((found or causes)[0])
        if not causes or not what.startswith(("cut ", "power")):
            self.open.pop((part, what), None)


def _verb(line: str) -> str:
    words = line.split()
    return words[1] if len(words) > 1 else ""


def troubles_at(trace: Trace, at: Micros) -> list[Trouble]:
    """Return what is broken at an instant, all that happens at it included.

    A part that several faults break is broken until the last of them has ended.
    """
    causes = _Causes()
    for record in trace.records:
        if record.at > at:
            break
        change = _change(record.event) if record.event.truth else None
        if change is None:
            continue
        part, what, state = change
        fault = _fault_of(trace, record)
        if state is None:
            causes.take(part, what, fault)
        elif isinstance(fault, ev.FaultInjected):
            causes.add(part, what, state, fault.index + 1, fault.line)
        else:
            causes.add(part, what, state, 0, "")
        if isinstance(record.event, ev.NodePoweredOff):
            causes.open.pop((part, "hang"), None)
    out: dict[tuple[str, str], dict[int, None]] = {}
    for (part, _), found in causes.open.items():
        for state, number, _ in found:
            out.setdefault((part, state), {}).update({number: None} if number else {})
    return [
        Trouble(part, state, tuple(sorted(found))) for (part, state), found in sorted(out.items())
    ]
