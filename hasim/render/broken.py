"""Which parts of the hardware are broken at an instant, and by which faults."""

from __future__ import annotations

from collections.abc import Iterator
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


# A change: the part, what of it, its new state (None: as it should be), whether causes add up.
_Change = tuple[str, str, str | None, bool]


def _ways(wire: str, way: str, kind: str, state: str | None, adds: bool) -> Iterator[_Change]:
    for one in ("in", "out") if way == "both" else (way,):
        yield wire, f"{kind} {one}", state, adds


def _changes(event: ev.Event) -> Iterator[_Change]:
    """Yield what a fact changes in the hardware."""
    match event:
        case ev.WireCut(wire=wire, direction=way):
            yield from _ways(wire, way, "cut", "cut", True)
        case ev.WireRestored(wire=wire, direction=way):
            yield from _ways(wire, way, "cut", None, False)
        case ev.LossSet(wire=wire, direction=way, per_mille=n):
            yield from _ways(wire, way, "loss", f"loses {permille(n)}" if n else None, False)
        case ev.DelaySet(wire=wire, direction=way, delay_us=us):
            late = f"delays by {duration_text(us)}" if us else None
            yield from _ways(wire, way, "delay", late, False)
        case ev.DuplicateSet(wire=wire, direction=way, per_mille=n):
            yield from _ways(wire, way, "double", f"doubles {permille(n)}" if n else None, False)
        case ev.FeedDown(feed=feed):
            yield f"feed {feed}", "power", "off", True
        case ev.FeedUp(feed=feed):
            yield f"feed {feed}", "power", None, False
        case ev.HostDown(host=part) | ev.SwitchDown(switch=part) | ev.NodePoweredOff(node=part):
            yield part, "power", "off", True
            yield part, "hang", None, False
        case ev.HostUp(host=part) | ev.SwitchUp(switch=part) | ev.NodePoweredOn(node=part):
            yield part, "power", None, False
        case ev.NodeHung(node=part):
            yield part, "hang", "hangs", True
        case ev.NodeThawed(node=part):
            yield part, "hang", None, False
        case ev.DiskCorrupted(disk=disk):
            yield f"disk {disk}", "data", "corrupt", True


def _fault_of(trace: Trace, record: Record) -> int | None:
    """Return the number of the fault that a record goes back to."""
    for cause in trace.chain(record.seq):
        if isinstance(cause.event, ev.FaultInjected | ev.FaultHealed):
            return cause.event.index + 1
    return None


def troubles_at(trace: Trace, at: Micros) -> list[Trouble]:
    """Return what is broken at an instant, all that happens at it included.

    What is true of both ways of a cable is told once; of one way, with that way.
    """
    open_: dict[tuple[str, str], tuple[str, dict[int, None]]] = {}
    for record in trace.records:
        if record.at > at:
            break
        if isinstance(record.event, ev.FaultHealed):
            for _, faults in open_.values():
                faults.pop(record.event.index + 1, None)
        if not record.event.truth:
            continue
        for part, what, state, adds in _changes(record.event):
            before = open_.pop((part, what), None)
            if state is None:
                continue
            faults = dict(before[1]) if before is not None and adds else {}
            number = _fault_of(trace, record)
            faults.update({} if number is None else {number: None})
            open_[part, what] = (state, faults)
    out: dict[tuple[str, str, tuple[int, ...]], list[str]] = {}
    for (part, what), (state, faults) in open_.items():
        _, _, way = what.partition(" ")
        out.setdefault((part, state, tuple(faults)), []).append(way)
    return [
        Trouble(part, f"{state} ({ways[0]})" if ways[0] and len(ways) == 1 else state, faults)
        for (part, state, faults), ways in sorted(out.items())
    ]
