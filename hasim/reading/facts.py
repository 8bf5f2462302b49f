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
  having ended was killed, or its node was reset: a line of the booting kernel or a mark of the
  journal tells; where lines of the kernel are there and none of them boots, it was not. Without
  any, numbers of processes that begin anew speak for a reset, and what is doubtful is said.
- A node whose lines end for good while another declares it dead had lost its power. When, no line
  tells: at the other's declaration, which comes a deadtime too late, unless that is told; but not
  before the last line of any of its programs.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from hasim import events as ev
from hasim.events import Event
from hasim.reading.calls import STARTS, Calls, Fact, Node
from hasim.reading.life import Signs
from hasim.reading.merging import Row
from hasim.trace import GroupParts
from hasim.units import MINUTE, SECOND, Micros

__all__ = ["INFERRED", "SILENT", "Fact", "Facts", "facts_of"]

#: How a node has lost its power that writes nothing any more: no line says so.
SILENT = "silent for good"
#: The program that all conclusions are from.
INFERRED = "inferred"
#: The shortest deadtime that is likely, where none is told; stamps are coarse.
_DEADTIME: Micros = 4 * SECOND
_GRAIN: Micros = 1_500_000
#: Nobody waits longer for one who is not heard after a start.
_INITDEAD_MAX: Micros = 10 * MINUTE
#: A reset that only a boot or the numbers of processes show.
_FENCED = "fenced"
_BOOTS, _ANEW = "its kernel boots", "process numbers begin anew"
#: A daemon that is started right after a boot has a number not far from that of the last time.
_NEAR, _EARLY = 300, 8_000
#: Numbers begin anew after the highest one as well; from here on that is likely.
_WRAPPED = 10_000
#: A reset machine is not up again earlier.
_BOOT_MIN: Micros = 2 * MINUTE
_EMERGENCY = (ev.EmergencyEnd,)
#: Lines with which a node goes down at once.
_REBOOTS = (ev.KillingUngracefully, ev.RebootForced, ev.SoftdogReboots)


class Facts(NamedTuple):
    """All conclusions of a log, the groups and fencing that it tells of, and what is doubtful."""

    facts: list[Fact]
    groups: tuple[GroupParts, ...]
    fencible: tuple[str, ...]
    doubts: tuple[str, ...]


class _Inference:
    def __init__(
        self,
        rows: Sequence[Row],
        nodes: Iterable[str],
        deadtime: Micros,
        signs: Signs,
        wall: Callable[[Micros], str],
    ) -> None:
        self.rows, self.deadtime, self.signs, self.wall = rows, deadtime, signs, wall
        self.nodes = {name: Node(name) for name in nodes}
        self.facts: list[Fact] = []
        self.calls = Calls(rows, self.facts)
        self.fenced: dict[str, None] = {}
        self.boots = {r.source.node for r in rows if isinstance(r.event, ev.BootSeen)}
        self.doubts: list[str] = []

    def run(self) -> Facts:
        for i, row in enumerate(self.rows):
            node = self.nodes.get(row.source.node or "")
            if node is not None and isinstance(row.event, ev.BootSeen):
                self._booted(i, node)
            elif node is not None and not row.event.truth:
                self._daemon(i, row, node)
                self.calls.see(i, row, node)
                node.last = i
                node.deaths.clear()
                node.asked = None
            if isinstance(row.event, ev.NodeDead) and row.event.peer in self.nodes:
                self.nodes[row.event.peer].deaths.append(i)
        for node in self.nodes.values():
            if node.deaths and node.running and node.last >= 0 and self._silent(node):
                self._falls_silent(node)
        self.facts.sort(key=lambda fact: (fact.before, fact.at))
        groups = tuple(self.calls.groups.values())
        return Facts(self.facts, groups, tuple(self.fenced), tuple(self.doubts))

    def _silent(self, node: Node) -> bool:
        """Tell whether a node has written nothing in the deadtime before it was declared dead."""
        silence = self.rows[node.deaths[0]].at - self.rows[node.last].at
        return silence >= (self.deadtime or _DEADTIME) - _GRAIN

    def _emit(self, i: int, event: Event) -> None:
        """Something is true from row `i` on, and because of it."""
        self.facts.append(Fact(i + 1, self.rows[i].at, event, i))

    def _emit_before(self, i: int, event: Event) -> None:
        """Something was true when row `i` was written."""
        self.facts.append(Fact(i, self.rows[i].at, event, None))

    def _emit_at(self, node: Node, at: Micros, limit: int, event: Event) -> None:
        """Something has happened to a node at a time, before row `limit`."""
        before = min(limit, bisect_right(self.rows, at, key=lambda row: row.at))
        self.facts.append(Fact(max(before, node.last + 1), at, event, None))

    # ---- daemons and power ----------------------------------------------------------------------

    def _daemon(self, i: int, row: Row, node: Node) -> None:
        event, pid = row.event, row.source.pid
        if isinstance(event, STARTS) and node.running and self._begins(event, node, pid):
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
                if peer in self.nodes:
                    self.nodes[peer].asked = i
            case ev.FenceOk(peer=peer) if peer in self.nodes:
                self._fenced(i, self.nodes[peer])
            case ev.LocalStatus() if not node.running and not node.ended:
                # The log begins in the middle of a life.
                node.running, node.master = True, pid
        if isinstance(event, _EMERGENCY):
            self._emit(i, self._exited(node, "killed"))
        if isinstance(event, _REBOOTS):
            self._emit(i, self._powerless(node, "reboots"))
        if isinstance(event, ev.LocalStatus | ev.NodeStatus | ev.LinkUp) and not node.running:
            node.running, node.master = not node.ended, pid

    def _begins(self, event: Event, node: Node, pid: int | None) -> bool:
        """Tell whether a line of a start is of another daemon than the one that runs."""
        if pid is not None or node.master is not None:
            return pid != node.master
        # Version 1 names no process: a start follows on what is none.
        first = isinstance(event, ev.ConfigValidated | ev.GenerationSet)
        return first and not isinstance(self.rows[node.last].event, STARTS)

    def _exited(self, node: Node, how: str) -> Event:
        node.running, node.ended = False, True
        return ev.DaemonExited(node.name, node.master or 0, how)

    def _powerless(self, node: Node, how: str) -> Event:
        """The node has lost its power, and with it all that it had."""
        node.running, node.ended = False, True
        node.calls.clear()
        node.addresses.clear()
        node.mounts.clear()
        return ev.NodePoweredOff(node.name, how)

    def _goes_down(self, node: Node, limit: int, how: str) -> None:
        """A node has lost its power without a word, before row `limit` at the latest."""
        last = self.rows[node.last].at if node.last >= 0 else self.rows[0].at
        end = self.rows[limit].at
        # Where it has written after its heartbeats were no longer heard, it was cut off, not dead.
        first = node.deaths[0] if node.deaths and self._silent(node) else None
        if first is not None and how != _BOOTS:
            end = self.rows[first].at  # what is written later may be of the next life
        sign = self.signs.last(node.name, last, end)
        at = end if sign is None else sign
        if first is not None:
            death = self.rows[first].at
            lost = self._unheard_since(node.name, first)
            at = max(min(lost, death - self.deadtime), last if sign is None else sign)
            limit = first if at <= death else limit
            if not self.deadtime and at == death:
                self._doubt(
                    f"{node.name} is taken for without power from {self.wall(at)} on, when it is "
                    "declared dead, a deadtime too late: tell it with --deadtime"
                )
        elif node.asked is not None:
            # Its reset was asked for, and who asked may not have lived to see it done.
            at, limit = max(self.rows[node.asked].at, sign or last), node.asked + 1
        elif sign is not None and end - sign > MINUTE:
            self._doubt(
                f"{node.name} loses its power between {self.wall(sign)} and {self.wall(end)}, "
                "no line tells when: taken for the beginning of that"
            )
        elif sign is None and at - last > MINUTE:
            self._doubt(
                f"{node.name} loses its power between {self.wall(last)} and {self.wall(at)}, "
                "no line tells when: taken for the end of that"
            )
        if how == SILENT:
            self._doubt(
                f"{node.name} falls silent and is taken for without power; where only its daemon "
                "was killed it still holds what it had"
            )
        self._emit_at(node, at, limit, self._powerless(node, how))

    def _unheard_since(self, name: str, death: int) -> Micros:
        """Return since when the one that declares a node dead can have missed it.

        A daemon that has not heard it since its own start waits longer: for initdead.
        """
        by = self.rows[death].source.node
        for i in range(death - 1, -1, -1):
            row = self.rows[i]
            if row.source.node != by:
                continue
            match row.event:
                case ev.LinkUp(peer=peer) | ev.NodeStatus(peer=peer) if peer == name:
                    break
                case ev.GenerationSet() if self.rows[death].at - row.at <= _INITDEAD_MAX:
                    return row.at
        return self.rows[death].at

    def _outlived(self, node: Node, end: Micros) -> bool:
        """Tell whether a node's other programs write on when it has been declared dead."""
        if not node.deaths:
            return False
        death = self.rows[node.deaths[0]].at
        return self.signs.last(node.name, death, end) is not None

    def _soon(self, node: Node) -> Micros:
        """Return a time after a node was declared dead before which it can hardly be up again."""
        return self.rows[node.deaths[0]].at + _BOOT_MIN if node.deaths else 0

    def _doubt(self, text: str) -> None:
        self.doubts.append(text)

    def _fenced(self, i: int, node: Node) -> None:
        """A device has reset a node: now, or it had died before it was declared dead."""
        if node.running and node.deaths and self._silent(node):
            self._goes_down(node, i, _FENCED)
        else:
            self._emit(i, self._powerless(node, _FENCED))

    def _booted(self, i: int, node: Node) -> None:
        """The kernel of a node boots, or the journal marks a boot."""
        if node.running or node.addresses or node.mounts or node.calls:
            self._goes_down(node, i, _BOOTS)
            self._emit_before(i, ev.NodePoweredOn(node.name))
            self._emit_before(i, ev.NodeBooted(node.name))
        node.deaths.clear()

    def _falls_silent(self, node: Node) -> None:
        """Heartbeat on a node that is declared dead writes nothing any more."""
        if self._outlived(node, self.rows[-1].at + MINUTE):
            self._daemon_dies(node, node.deaths[0])
        else:
            self._goes_down(node, node.deaths[0], SILENT)

    def _restarted(self, i: int, node: Node, pid: int | None) -> None:
        """A daemon starts whose predecessor has not ended, and no boot is seen."""
        if self._reset(i, node, pid):
            self._goes_down(node, i, _ANEW)
            self._emit_before(i, ev.NodePoweredOn(node.name))
            self._emit_before(i, ev.NodeBooted(node.name))
        else:
            self._daemon_dies(node, i)

    def _daemon_dies(self, node: Node, limit: int) -> None:
        """Only the daemon has ended, without a word, before row `limit` at the latest."""
        event = self._exited(node, "no line tells how")
        node.doubtful = True
        if node.deaths:
            at = max(self.rows[node.deaths[0]].at - self.deadtime, self.rows[node.last].at)
            self._emit_at(node, at, node.deaths[0], event)
        else:
            self._emit_before(limit, event)

    def _reset(self, i: int, node: Node, pid: int | None) -> bool:
        """Tell whether the node of a daemon that starts was reset, by what else is there."""
        old = node.master
        if node.name in self.signs.boots or node.name in self.boots:
            return False
        when = self.wall(self.rows[i].at)
        if pid is None or old is None:
            if node.deaths:
                self._doubt(
                    f"{when}: whether {node.name} was reset or only its daemon was killed, no line "
                    "tells: taken for a reset"
                )
            return bool(node.deaths)
        if self._outlived(node, self._soon(node)):
            if pid <= old and not self.signs.restarts(
                node.name, self.rows[node.last].at, self.rows[i].at
            ):
                self._doubt(
                    f"{when}: numbers of processes begin anew on {node.name} ({old}, then {pid}), "
                    "but other programs wrote on: taken for a kill of its daemon"
                )
                return False
            return pid <= old
        begins_anew = pid <= old
        near = not begins_anew and pid - old <= _NEAR and pid < _EARLY
        if begins_anew and old < _WRAPPED:
            return True
        if begins_anew or (near and node.deaths):
            self._doubt(
                f"{when}: whether {node.name} was reset or only its "
                f"daemon was killed, no line tells: taken for a reset, by the numbers of processes "
                f"({old}, then {pid})"
            )
            return True
        return False


def facts_of(
    rows: Sequence[Row],
    nodes: Iterable[str],
    deadtime: Micros = 0,
    signs: Signs | None = None,
    wall: Callable[[Micros], str] = str,
) -> Facts:
    """Conclude from lines in their common order what must have been true.

    Only what `nodes` themselves tell counts: of a node whose log is not there, nothing is known.
    A node that dies without a word is taken for dead `deadtime` before another declares it, but not
    before its own last line. `signs` tell of its other programs; `wall` shows a time in `doubts`.
    """
    return _Inference(rows, nodes, deadtime, signs or Signs({}, frozenset()), wall).run()
