"""What must have been true for the lines to be written: addresses, mounts, daemons, power.

A log tells beliefs. The lines of its scripts show what they did to the node, and its gaps what
nobody could write any more. What is concluded here is marked: the source of such a record is the
program ``inferred``, its cause the line that it follows from.

- A call of a resource script begins with ``Running ...``; it has ended well by ``Success`` of its
  agent, by the next line of the same ResourceManager, or when the daemon says that the whole is
  done; badly by ``Return code``.
- An address is up from its ``ifconfig`` on, a disk is mounted when the start of ``Filesystem`` has
  ended well, and both until the opposite.
- A daemon runs from its generation to its ``shutdown complete`` or restart. One that starts without
  having ended was killed or its node was reset: reset, where process numbers begin anew.
- A node whose lines end for good while another declares it dead had lost its power. When, no line
  tells: at the other's declaration, which comes a deadtime too late, unless that is told.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from hasim import events as ev
from hasim.config.haresources import parse_resource
from hasim.events import Event
from hasim.reading.merging import Row
from hasim.trace import GroupParts
from hasim.units import SECOND, Micros

__all__ = ["INFERRED", "SILENT", "Fact", "Facts", "facts_of"]

#: How a node has lost its power that writes nothing any more: no line says so.
SILENT = "silent for good"
#: The program that all conclusions are from.
INFERRED = "inferred"
#: The shortest deadtime that is likely, where none is told; stamps are coarse.
_DEADTIME: Micros = 4 * SECOND
_GRAIN: Micros = 1_500_000
_OPS = ("start", "stop", "status", "monitor")
_ADDRESSES = ("IPaddr", "IPaddr2")
#: Lines after which every script of a hand-over has ended.
_ALL_DONE = (
    ev.GiveupDone,
    ev.MachDownComplete,
    ev.MachDownDone,
    ev.StandbyAcquired,
    ev.StandbyReleased,
    ev.StandbyWorkDone,
)
#: Lines of ResourceManager, under whatever name.
_OF_MANAGER = (
    ev.GroupAcquire,
    ev.GroupFailed,
    ev.GroupRelease,
    ev.ScriptFailed,
    ev.ScriptRetry,
    ev.ScriptRun,
)
_EMERGENCY = (ev.EmergencyEnd,)
#: Lines with which a node goes down at once.
_REBOOTS = (ev.KillingUngracefully, ev.RebootForced, ev.SoftdogReboots)
#: Only a daemon that starts writes these; which of them comes first depends on the machine.
_STARTS = (
    ev.Banner,
    ev.ConfigValidated,
    ev.CoreDumpsCouldBeLost,
    ev.CorePatternAdvice,
    ev.CoreUsesPidAdvice,
    ev.DaemonVersion,
    ev.GenerationSet,
    ev.LoggingDaemonDisabled,
    ev.PacemakerSupport,
)


class Fact(NamedTuple):
    """A conclusion: before which row it stands, when, and the row that it follows from.

    `cause` is None where that row comes later, or is none: what was seen too late has no cause.
    """

    before: int
    at: Micros
    event: Event
    cause: int | None


class Facts(NamedTuple):
    """All conclusions of a log, and the groups and fencing that it tells of."""

    facts: list[Fact]
    groups: tuple[GroupParts, ...]
    fencible: tuple[str, ...]


@dataclass(slots=True)
class _Call:
    script: str
    args: tuple[str, ...]
    op: str
    pid: int | None


@dataclass(slots=True)
class _Node:
    """What is known of a node at a row."""

    name: str
    running: bool = False
    master: int | None = None
    last: int = -1
    ended: bool = False
    #: Its daemon was killed; what it held may be lost as well.
    doubtful: bool = False
    calls: list[_Call] = field(default_factory=list)
    #: Address without mask -> as it came up; directory -> device.
    addresses: dict[str, str] = field(default_factory=dict)
    aliases: dict[str, str] = field(default_factory=dict)
    masks: dict[str, str] = field(default_factory=dict)
    mounts: dict[str, str] = field(default_factory=dict)
    #: Rows at which others have declared it dead since its last line.
    deaths: list[int] = field(default_factory=list)


class _Inference:
    def __init__(self, rows: Sequence[Row], nodes: Iterable[str], deadtime: Micros) -> None:
        self.rows = rows
        self.deadtime = deadtime
        self.nodes = {name: _Node(name) for name in nodes}
        self.facts: list[Fact] = []
        self.groups: dict[str, GroupParts] = {}
        self.fenced: dict[str, None] = {}

    def run(self) -> Facts:
        for i, row in enumerate(self.rows):
            node = self.nodes.get(row.source.node or "")
            if node is not None and not row.event.truth:
                self._daemon(i, row, node)
                self._scripts(i, row, node)
                node.last = i
                node.deaths.clear()
            if isinstance(row.event, ev.NodeDead) and row.event.peer in self.nodes:
                self.nodes[row.event.peer].deaths.append(i)
        for node in self.nodes.values():
            if node.deaths and node.running and node.last >= 0 and self._silent(node):
                self._emit_at_death(node, node.deaths[0], self._powerless(node, SILENT))
        self.facts.sort(key=lambda fact: (fact.before, fact.at))
        return Facts(self.facts, tuple(self.groups.values()), tuple(self.fenced))

    def _silent(self, node: _Node) -> bool:
        """Tell whether a node has written nothing in the deadtime before it was declared dead."""
        silence = self.rows[node.deaths[0]].at - self.rows[node.last].at
        return silence >= (self.deadtime or _DEADTIME) - _GRAIN

    def _emit(self, i: int, event: Event) -> None:
        """Something is true from row `i` on, and because of it."""
        self.facts.append(Fact(i + 1, self.rows[i].at, event, i))

    def _emit_before(self, i: int, event: Event) -> None:
        """Something was true when row `i` was written."""
        self.facts.append(Fact(i, self.rows[i].at, event, None))

    def _emit_at_death(self, node: _Node, i: int, event: Event) -> None:
        """Something has happened to a node a deadtime before row `i`, where it is declared dead."""
        at = self.rows[i].at
        if self.deadtime:
            at = max(at - self.deadtime, self.rows[node.last].at if node.last >= 0 else at)
        before = min(i, bisect_right(self.rows, at, key=lambda row: row.at))
        self.facts.append(Fact(max(before, node.last + 1), at, event, None))

    # ---- daemons and power ----------------------------------------------------------------------

    def _daemon(self, i: int, row: Row, node: _Node) -> None:
        event, pid = row.event, row.source.pid
        if isinstance(event, _STARTS) and node.running and pid != node.master:
            self._restarted(i, node, pid)
        match event:
            case ev.GenerationSet(generation=generation) if not node.running:
                node.running, node.master = True, pid
                self._emit(i, ev.DaemonStarted(node.name, pid or 0, generation))
            case ev.ShutdownComplete() | ev.RestartExec():
                if node.running:
                    self._emit(i, self._exited(node, "shutdown"))
            case ev.FenceAsk(peer=peer):
                self.fenced.setdefault(peer)
            case ev.FenceOk(peer=peer) if peer in self.nodes:
                self._emit(i, self._powerless(self.nodes[peer], "fenced"))
            case ev.LocalStatus() if not node.running and not node.ended:
                # The log begins in the middle of a life.
                node.running, node.master = True, pid
        if isinstance(event, _EMERGENCY):
            self._emit(i, self._exited(node, "killed"))
        if isinstance(event, _REBOOTS):
            self._emit(i, self._powerless(node, "reboots"))
        if isinstance(event, ev.LocalStatus | ev.NodeStatus | ev.LinkUp) and not node.running:
            node.running, node.master = not node.ended, pid

    @staticmethod
    def _exited(node: _Node, how: str) -> Event:
        node.running, node.ended = False, True
        return ev.DaemonExited(node.name, node.master or 0, how)

    @staticmethod
    def _powerless(node: _Node, how: str) -> Event:
        """The node has lost its power, and with it all that it had."""
        node.running, node.ended = False, True
        node.calls.clear()
        node.addresses.clear()
        node.mounts.clear()
        return ev.NodePoweredOff(node.name, how)

    def _restarted(self, i: int, node: _Node, pid: int | None) -> None:
        """A daemon starts whose predecessor has not ended."""
        reset = pid is not None and node.master is not None and pid <= node.master
        if reset:
            event = self._powerless(node, "process numbers begin anew")
        else:
            event = self._exited(node, "no line tells how")
            node.doubtful = True
        if node.deaths:
            self._emit_at_death(node, node.deaths[0], event)
        else:
            self._emit_before(i, event)
        if reset:
            self._emit_before(i, ev.NodePoweredOn(node.name))
            self._emit_before(i, ev.NodeBooted(node.name))

    # ---- scripts --------------------------------------------------------------------------------

    def _scripts(self, i: int, row: Row, node: _Node) -> None:
        event = row.event
        if isinstance(event, _OF_MANAGER):
            self._ends(i, node, [c for c in node.calls if c.pid == row.source.pid], event)
        match event:
            case ev.GroupAcquire(group=group) | ev.GroupRelease(group=group):
                self._group(group)
            case ev.ScriptRun(call=call):
                self._begins(i, node, call, row.source.pid)
            case ev.AddressNetmask(address=address, netmask=netmask):
                node.masks[address] = _bits(netmask)
            case ev.AddressConfigure(address=address, alias=alias):
                node.masks.setdefault(address, _bits(event.netmask))
                node.aliases[alias] = address
                self._address_up(i, node, address)
            case ev.AddressUnconfigure():
                known = event.address or event.instance or node.aliases.get(event.alias, "")
                self._address_down(i, node, known)
            case ev.UnmountDone(directory=directory):
                self._unmounted(i, node, directory)
            case ev.AgentResult(agent=agent, result=result, instance=instance):
                self._result(i, node, agent, result, instance)
        if isinstance(event, _ALL_DONE):
            self._ends(i, node, list(node.calls), event)

    def _group(self, text: str) -> None:
        """Learn what a group consists of, from its line of haresources."""
        _, *words = text.split()
        if not words or words[0] in self.groups:
            return
        resources = [parse_resource(word) for word in words]
        calls = tuple(" ".join((r.script, *r.args)) for r in resources)
        disks = tuple(r.args[0] for r in resources if r.script == "Filesystem" and r.args[1:])
        self.groups[words[0]] = GroupParts(words[0], calls, tuple(dict.fromkeys(disks)))

    def _begins(self, i: int, node: _Node, text: str, pid: int | None) -> None:
        node.doubtful = False
        script, *args = text.split()
        if not args or args[-1] not in _OPS:
            return
        call = _Call(script, tuple(args[:-1]), args[-1], pid)
        node.calls.append(call)
        self._emit(i, ev.ScriptBegan(node.name, script, call.args, call.op))

    def _ends(self, i: int, node: _Node, calls: Iterable[_Call], event: Event) -> None:
        for call in calls:
            failed = isinstance(event, ev.ScriptFailed) and _name(event.script) == call.script
            code = event.code if failed and isinstance(event, ev.ScriptFailed) else 0
            self._ended(i, node, call, code)

    def _result(self, i: int, node: _Node, agent: str, result: str, instance: str) -> None:
        calls = [c for c in node.calls if c.script == agent]
        if calls and result == "Success":
            self._ended(i, node, calls[0], 0)
        elif result == "Resource is stopped" and not any(c.op == "stop" for c in calls):
            self._stopped(i, node, agent, instance)

    def _stopped(self, i: int, node: _Node, agent: str, instance: str) -> None:
        """An agent finds stopped what is to run: it was lost on the way."""
        if agent in _ADDRESSES:
            known = [a for a in node.addresses if a == instance]
            if not instance and node.doubtful:
                known = list(node.addresses)
            if len(known) == 1:
                self._address_down(i, node, known[0])
        elif agent == "Filesystem":
            known = [d for d, device in node.mounts.items() if device == instance]
            if not instance and node.doubtful:
                known = list(node.mounts)
            if len(known) == 1:
                self._unmounted(i, node, known[0])

    def _ended(self, i: int, node: _Node, call: _Call, code: int) -> None:
        node.calls.remove(call)
        self._emit(i, ev.ScriptEnded(node.name, call.script, call.args, call.op, code))
        if code != 0 or call.op not in ("start", "stop"):
            return
        start = call.op == "start"
        if call.script in _ADDRESSES and call.args:
            address, _, mask = call.args[0].partition("/")
            bits = mask.partition("/")[0]
            if bits.isdigit():
                node.masks.setdefault(address, bits)
            change = self._address_up if start else self._address_down
            change(i, node, address)
        elif call.script == "Filesystem" and len(call.args) > 1:
            device, directory = call.args[:2]
            if not start:
                self._unmounted(i, node, directory)
            elif directory not in node.mounts:
                node.mounts[directory] = device
                self._emit(i, ev.DiskMounted(node.name, device, directory))

    def _address_up(self, i: int, node: _Node, address: str) -> None:
        if address not in node.addresses:
            mask = node.masks.get(address, "")
            shown = f"{address}/{mask}" if mask else address
            node.addresses[address] = shown
            self._emit(i, ev.AddressUp(node.name, shown))

    def _address_down(self, i: int, node: _Node, address: str) -> None:
        shown = node.addresses.pop(address, None)
        if shown is not None:
            self._emit(i, ev.AddressDown(node.name, shown))

    def _unmounted(self, i: int, node: _Node, directory: str) -> None:
        device = node.mounts.pop(directory, None)
        if device is not None:
            self._emit(i, ev.DiskUnmounted(node.name, device, directory))


def _name(script: str) -> str:
    return script.rpartition("/")[2]


def _bits(netmask: str) -> str:
    """Return how many bits a netmask has, ``255.255.255.0`` or ``24``."""
    parts = netmask.split(".")
    if len(parts) == 4 and all(part.isdecimal() and len(part) < 4 for part in parts):
        return str(sum(int(part).bit_count() for part in parts))
    return netmask if netmask.isdecimal() and len(netmask) < 3 else ""


def facts_of(rows: Sequence[Row], nodes: Iterable[str], deadtime: Micros = 0) -> Facts:
    """Conclude from lines in their common order what must have been true.

    Only what `nodes` themselves tell counts: of a node whose log is not there, nothing is known.
    A node that dies without a word is taken for dead `deadtime` before another declares it, but not
    before its own last line.
    """
    return _Inference(rows, nodes, deadtime).run()
