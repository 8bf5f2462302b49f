"""What the lines of resource scripts show: calls, addresses, mounts, groups."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from hasim import events as ev
from hasim.config.haresources import parse_resource
from hasim.events import Event
from hasim.monitors import devices_of
from hasim.reading.merging import Row
from hasim.trace import GroupParts
from hasim.units import MINUTE, SECOND, Micros

__all__ = ["STARTS", "Call", "Calls", "Fact", "Node"]

_OPS = ("start", "stop", "status", "monitor")
_ADDRESSES = ("IPaddr", "IPaddr2")
#: Agents that say how a call has ended.
_REPORTING = ("IPaddr", "IPaddr2", "Filesystem")
#: A script that has said nothing for so long has ended, if nothing says that it failed.
_PATIENCE: Micros = 10 * MINUTE
#: And so has one before a silence of its node that is longer.
_QUICK: Micros = 10 * SECOND
#: Lines after which every script of a hand-over has ended.
_ALL_DONE = (
    ev.GiveupDone,
    ev.MachDownComplete,
    ev.MachDownDone,
    ev.StandbyAcquired,
    ev.StandbyReleased,
    ev.StandbyWorkDone,
)
#: Lines with which another hand-over begins.
_ANOTHER = (ev.GiveupBegun, ev.GroupAcquire, ev.GroupRelease, ev.StandbyWork)
#: Lines of ResourceManager, under whatever name.
_OF_MANAGER = (
    ev.GroupAcquire,
    ev.GroupFailed,
    ev.GroupRelease,
    ev.ScriptFailed,
    ev.ScriptRetry,
    ev.ScriptRun,
)

#: Only a daemon that starts writes these; which of them comes first depends on the machine.
STARTS = (
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


@dataclass(slots=True)
class Call:
    """A call of a resource script that has begun."""

    script: str
    args: tuple[str, ...]
    op: str
    pid: int | None
    began: int


@dataclass(slots=True)
class Node:
    """What is known of a node at a row."""

    name: str
    running: bool = False
    master: int | None = None
    last: int = -1
    ended: bool = False
    #: Its daemon was killed; what it held may be lost as well.
    doubtful: bool = False
    calls: list[Call] = field(default_factory=list)
    #: Address without mask -> as it came up; directory -> device.
    addresses: dict[str, str] = field(default_factory=dict)
    aliases: dict[str, str] = field(default_factory=dict)
    masks: dict[str, str] = field(default_factory=dict)
    mounts: dict[str, str] = field(default_factory=dict)
    #: Directory -> the row at which it was seen to be mounted.
    mounted: dict[str, int] = field(default_factory=dict)
    #: Rows at which others have declared it dead since its last line.
    deaths: list[int] = field(default_factory=list)
    #: Row at which another has asked for its reset since its last line.
    asked: int | None = None


class Calls:
    """Concludes from the lines of scripts; facts are added to a list.

    Parameters
    ----------
    rows : sequence of Row
        All lines in their common order.
    facts : list of Fact
        Where conclusions are put.
    """

    def __init__(self, rows: Sequence[Row], facts: list[Fact]) -> None:
        self.rows, self.facts = rows, facts
        self.groups: dict[str, GroupParts] = {}
        self._of_node: dict[str, list[int]] = {}
        for i, row in enumerate(rows):
            if not row.event.truth:
                self._of_node.setdefault(row.source.node or "", []).append(i)

    def _emit(self, i: int, event: Event) -> None:
        """Something is true from row `i` on, and because of it."""
        self.facts.append(Fact(i + 1, self.rows[i].at, event, i))

    def see(self, i: int, row: Row, node: Node) -> None:
        """Take the next line of a node."""
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
        self.groups[words[0]] = GroupParts(words[0], calls, devices_of(calls))

    def _begins(self, i: int, node: Node, text: str, pid: int | None) -> None:
        node.doubtful = False
        script, *args = text.split()
        if not args or args[-1] not in _OPS:
            return
        call = Call(script, tuple(args[:-1]), args[-1], pid, i)
        node.calls.append(call)
        self._emit(i, ev.ScriptBegan(node.name, script, call.args, call.op))
        if self._unheard(i, node, call):
            self._ended(i, node, call, 0)

    def _unheard(self, i: int, node: Node, call: Call) -> bool:
        """Tell whether no line will say how a call has ended, although its node goes on.

        So it is with the last call of a manager, where it is no agent that tells: nobody speaks
        of it any more unless it fails.
        """
        lines = self._of_node[node.name]
        later = bisect_right(lines, i)
        another = False
        for place in range(later, len(lines)):
            row = self.rows[lines[place]]
            event = row.event
            if isinstance(event, (*STARTS, ev.BootSeen)) and call.script in _REPORTING:
                return False  # it would have said so
            if row.at > self.rows[i].at + _PATIENCE or isinstance(event, STARTS):
                break
            if isinstance(event, _OF_MANAGER) and row.source.pid == call.pid:
                return False
            if isinstance(event, ev.AgentResult) and event.agent == call.script:
                return False
            if isinstance(event, _ALL_DONE) and not another:
                return False
            another = another or isinstance(event, _ANOTHER)
        after = self.rows[lines[later]] if later < len(lines) else self.rows[-1]
        lives = later < len(lines) and not isinstance(after.event, STARTS)
        return another or lives or after.at > self.rows[i].at + _QUICK

    def _ends(self, i: int, node: Node, calls: Iterable[Call], event: Event) -> None:
        for call in calls:
            failed = isinstance(event, ev.ScriptFailed) and _name(event.script) == call.script
            code = event.code if failed and isinstance(event, ev.ScriptFailed) else 0
            self._ended(i, node, call, code)

    def _result(self, i: int, node: Node, agent: str, result: str, instance: str) -> None:
        calls = [c for c in node.calls if c.script == agent]
        if calls and result == "Success":
            self._ended(i, node, calls[0], 0)
        elif result == "Resource is stopped" and not any(c.op == "stop" for c in calls):
            self._stopped(i, node, agent, instance)

    def _stopped(self, i: int, node: Node, agent: str, instance: str) -> None:
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

    def _ended(self, i: int, node: Node, call: Call, code: int) -> None:
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
                # What was mounted meanwhile this call has not unmounted.
                if node.mounted.get(directory, -1) < call.began:
                    self._unmounted(i, node, directory)
            elif directory not in node.mounts:
                node.mounts[directory], node.mounted[directory] = device, i
                self._emit(i, ev.DiskMounted(node.name, device, directory))

    def _address_up(self, i: int, node: Node, address: str) -> None:
        if address not in node.addresses:
            mask = node.masks.get(address, "")
            shown = f"{address}/{mask}" if mask else address
            node.addresses[address] = shown
            self._emit(i, ev.AddressUp(node.name, shown))

    def _address_down(self, i: int, node: Node, address: str) -> None:
        shown = node.addresses.pop(address, None)
        if shown is not None:
            self._emit(i, ev.AddressDown(node.name, shown))

    def _unmounted(self, i: int, node: Node, directory: str) -> None:
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
