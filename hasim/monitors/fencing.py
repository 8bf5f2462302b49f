"""What fencing is for: nobody takes over from a node that can still write, nor does such a one."""

from __future__ import annotations

from dataclasses import dataclass

from hasim import events as ev
from hasim.monitors.groups import called
from hasim.monitors.violation import Violation
from hasim.trace import GroupParts, Header, Record
from hasim.units import Micros

__all__ = ["fenced_before_takeover", "no_write_by_fenced_node"]

_Mount = tuple[str, str, str]


@dataclass(slots=True)
class _Open:
    """A violation that lasts until the mounts behind it are gone."""

    at: Micros
    sentence: str
    evidence: tuple[int, ...]
    mounts: list[_Mount]


class _Mounts:
    """Which node mounts what by which record, and violations that end with a mount."""

    name = ""

    def __init__(self) -> None:
        #: node, disk, directory -> record
        self.mounts: dict[_Mount, int] = {}
        self.lasting: list[_Open] = []
        self.past: list[Violation] = []

    def _moved(self, record: Record) -> None:
        match record.event:
            case ev.DiskMounted(node=node, disk=disk, directory=directory):
                self.mounts.setdefault((node, disk, directory), record.seq)
            case ev.DiskUnmounted(node=node, disk=disk, directory=directory):
                self._gone(record.at, [(node, disk, directory)])
            case ev.NodePoweredOff(node=node):
                self._gone(record.at, [m for m in self.mounts if m[0] == node])

    def _gone(self, at: Micros, mounts: list[_Mount]) -> None:
        for mount in mounts:
            self.mounts.pop(mount, None)
        for found in list(self.lasting):
            found.mounts = [m for m in found.mounts if m not in mounts]
            if not found.mounts:
                self.lasting.remove(found)
                self.past.append(self._violation(found, at))

    def _violation(self, found: _Open, until: Micros | None) -> Violation:
        return Violation(found.at, self.name, found.sentence, found.evidence, until)

    def violations(self) -> list[Violation]:
        """Return what was seen so far."""
        lasting = [self._violation(found, None) for found in self.lasting]
        return sorted([*self.past, *lasting], key=lambda v: (v.at, v.evidence))


class _FencedFirst(_Mounts):
    """No group is started on a disk that a node which can be fenced still mounts.

    A fencing that has completed has taken the node's power, and its mounts with it; what a device
    only says does not count.
    """

    name = "fenced-before-takeover"

    def __init__(self, header: Header | None) -> None:
        super().__init__()
        self.groups = () if header is None else header.groups
        self.fencible = () if header is None else header.fencible

    def see(self, record: Record) -> None:
        """Take the next record."""
        event = record.event
        if isinstance(event, ev.ScriptBegan) and event.op == "start":
            call = called(event.script, event.args)
            for group in self.groups:
                if call in group.calls:
                    self._judge(record, event.node, group)
        self._moved(record)

    def _judge(self, record: Record, taker: str, group: GroupParts) -> None:
        for node in self.fencible:
            if node == taker:
                continue
            still = [m for m in self.mounts if m[0] == node and m[1] in group.disks]
            known = [m for found in self.lasting for m in found.mounts]
            if not still or all(m in known for m in still):
                continue
            disks = ", ".join(dict.fromkeys(disk for _, disk, _ in still))
            text = f"{taker} starts {group.key} while {node}, not fenced, mounts {disks}."
            evidence = (*(self.mounts[m] for m in still), record.seq)
            self.lasting.append(_Open(record.at, text, evidence, still))


class _FencedIsSilent(_Mounts):
    """A node that a device says it has fenced mounts nothing until it has lost its power."""

    name = "no-write-by-fenced-node"

    def __init__(self) -> None:
        super().__init__()
        #: Device and victim: of each request, whether the victim has been without power since.
        self.asked: dict[tuple[str, str], list[bool]] = {}
        #: Nodes without power.
        self.off: set[str] = set()
        #: Nodes that run on although a device has said that they are fenced, and by which record.
        self.said: dict[str, int] = {}

    def see(self, record: Record) -> None:
        """Take the next record."""
        event = record.event
        self._moved(record)
        match event:
            case ev.StonithRequested(device=device, victim=victim, op="reset" | "off"):
                self.asked.setdefault((device, victim), []).append(victim in self.off)
            case ev.NodePoweredOn(node=node):
                self.off.discard(node)
            case ev.NodePoweredOff(node=node):
                self.off.add(node)
                self.said.pop(node, None)
                for (_, victim), requests in self.asked.items():
                    if victim == node:
                        requests[:] = [True] * len(requests)
            case ev.StonithOrphaned(device=device, victim=victim):
                self.asked.get((device, victim), [True]).pop(0)
            case ev.StonithAnswered(device=device, victim=victim, op="reset" | "off"):
                done = self.asked.get((device, victim), [True]).pop(0)
                if event.code == 0 and not done:
                    self.said[victim] = record.seq
                    self._writes(record, victim, [m for m in self.mounts if m[0] == victim])
            case ev.DiskMounted(node=node, disk=disk, directory=directory) if node in self.said:
                self._writes(record, node, [(node, disk, directory)])

    def _writes(self, record: Record, node: str, mounts: list[_Mount]) -> None:
        for mount in mounts:
            text = f"{node} mounts {mount[1]} although it is said to be fenced."
            evidence = tuple(sorted({self.mounts[mount], self.said[node]}))
            self.lasting.append(_Open(record.at, text, evidence, [mount]))


def fenced_before_takeover(header: Header | None) -> _FencedFirst:
    """Watch takeovers from the nodes that the header calls fencible."""
    return _FencedFirst(header)


def no_write_by_fenced_node(header: Header | None) -> _FencedIsSilent:
    """Watch nodes that a STONITH device says it has reset or switched off."""
    return _FencedIsSilent()
