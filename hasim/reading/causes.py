"""What a line follows from, as far as lines tell: the semantics say which may cause which.

A simulated record knows its cause. Of a line the nearest earlier one is taken that can have caused
it, on the same node or, of a message, on the other. Every such cause is a conclusion.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from hasim import events as ev
from hasim.events import Event
from hasim.reading.skew import heard_by, sent_by
from hasim.trace import Source
from hasim.units import MINUTE, Micros

__all__ = ["Causes"]

#: What lies further back is not taken for a cause.
_FAR: Micros = 10 * MINUTE

# A key under which a line is found: node, class, and what it is about.
_Key = tuple[str, object, object]

_ENDS = (ev.NodePoweredOff, ev.DaemonExited, ev.ShutdownComplete)
_STARTED_BY = (ev.TakingOver, ev.RequestAnswered, ev.StandbyWork, ev.GiveupBegun, ev.RcScriptRun)
_AGENTS = (
    ev.AddressArp,
    ev.AddressBroadcast,
    ev.AddressConfigure,
    ev.AddressNetmask,
    ev.AddressNic,
    ev.AddressUnconfigure,
    ev.AgentError,
    ev.AgentResult,
    ev.MountBegun,
    ev.MountFailed,
    ev.MountPresent,
    ev.UnmountBegun,
    ev.UnmountBusy,
    ev.UnmountDone,
    ev.UnmountFailed,
    ev.UnmountSignalled,
    ev.UnmountTried,
)
#: Class of a line -> classes of lines of the same node that may have caused it.
_AFTER: dict[type[Event], tuple[type[Event], ...]] = {
    ev.AcquireOwnDone: (ev.TransitionLocal, ev.TransitionRemote, ev.LocalStatus),
    ev.AcquireOwnNone: (ev.TransitionLocal, ev.TransitionRemote),
    ev.BothOwn: (ev.PartitionReturn, ev.TransitionRemote, ev.StandbyOtherDone, ev.MachDownDone),
    ev.ClientExec: (ev.ClientStarting,),
    ev.ClientStarting: (ev.CommUp, ev.ClientRespawn),
    ev.CommUp: (ev.NodeDead, ev.NodeStatus, ev.LinkUp),
    ev.DaemonVersion: (ev.ConfigValidated,),
    ev.FenceAsk: (ev.NodeDead, ev.FenceRetry),
    ev.FenceFailed: (ev.FenceAsk,),
    ev.FenceOk: (ev.FenceAsk,),
    ev.FenceRetry: (ev.FenceFailed, ev.ChildExited),
    ev.GenerationSet: (ev.DaemonVersion, ev.ConfigValidated),
    ev.GiveupBegun: (ev.ShutdownInProgress,),
    ev.GiveupDone: (ev.GiveupBegun,),
    ev.GoingStandby: (ev.GroupFailed, ev.ScriptFailed),
    ev.GroupFailed: (ev.ScriptFailed,),
    ev.InitialAcquisition: (ev.MachDownDone, ev.TransitionLocal, ev.TransitionRemote),
    ev.IpfailAsk: (ev.IpfailDead, ev.IpfailNodeDead, ev.IpfailNodeAlive, ev.IpfailLink),
    ev.IpfailCheck: (ev.IpfailAsk,),
    ev.IpfailDead: (ev.IpfailNodeDead, ev.IpfailLink, ev.LinkDead),
    ev.IpfailDelay: (ev.IpfailFewer, ev.IpfailTold, ev.IpfailFailback),
    ev.IpfailFailback: (ev.IpfailPingUp, ev.IpfailBalanced, ev.IpfailLink),
    ev.IpfailFewer: (ev.IpfailCheck, ev.IpfailAsked, ev.IpfailAsk, ev.IpfailNodeDead),
    ev.IpfailFire: (ev.IpfailDelay,),
    ev.IpfailTelling: (ev.IpfailCheck, ev.IpfailAsked, ev.IpfailAsk),
    ev.LocalStatus: (ev.CommUp, ev.GenerationSet, ev.DaemonVersion),
    ev.MachDownComplete: (ev.MachDownForeign, ev.TakingOver, ev.AcquiringFrom),
    ev.MachDownDone: (ev.MachDownComplete,),
    ev.MachDownForeign: (ev.AcquiringFrom, ev.TakingOver),
    ev.RestartExec: (ev.RestartTriggered, ev.ShutdownComplete),
    ev.RestartTriggered: (ev.PartitionReturn, ev.NoLocalHeartbeat, ev.CoreProcessDied),
    ev.ShutdownComplete: (ev.GiveupDone, ev.ShutdownInProgress),
    ev.ShutdownInProgress: (ev.RestartTriggered, ev.PartitionReturn),
    ev.StandbyAcquire: (ev.StandbyAsk,),
    ev.StandbyCan: (ev.StandbyAsk,),
    ev.StandbyReleased: (ev.StandbyWorkDone, ev.StandbyWork),
    ev.StandbyAcquired: (ev.StandbyWorkDone, ev.StandbyWork),
    ev.StandbyTimeout: (ev.StandbyAsk,),
    ev.StandbyWork: (ev.StandbyCan, ev.StandbyAcquire, ev.ShutdownNotice),
    ev.StandbyWorkDone: (ev.StandbyWork,),
    ev.StopFailed: (ev.ScriptRetry, ev.ScriptFailed),
    ev.TakingOver: (ev.AcquiringFrom, ev.FenceOk),
    ev.TransitionLocal: (ev.LocalStatus, ev.InitialAcquisition),
    ev.GroupAcquire: _STARTED_BY,
    ev.GroupRelease: _STARTED_BY,
    **dict.fromkeys(_AGENTS, (ev.ScriptRun,)),
}


class Causes:
    """Remembers lines by what they may cause; feed it records in their order."""

    def __init__(self, nodes: Sequence[str]) -> None:
        self._nodes = tuple(nodes)
        self._last: dict[_Key, tuple[Micros, int]] = {}

    def of(self, at: Micros, source: Source, event: Event) -> int | None:
        """Return the number of the record that may have caused a line, or None."""
        node = source.node or ""
        best: tuple[Micros, int] | None = None
        for keys in self._candidates(event, node, source.pid):
            found = [self._last[key] for key in keys if key in self._last]
            best = max(found, key=lambda one: one[1], default=None)
            # A partition is as old as the death that it was taken for.
            far = isinstance(event, ev.PartitionReturn)
            if best is not None and (far or at - best[0] <= _FAR):
                return best[1]
        return None

    def see(self, at: Micros, source: Source, event: Event, seq: int) -> None:
        """Remember a record."""
        node = str(getattr(event, "node", "")) if event.truth else source.node or ""
        if isinstance(event, ev.GenerationSet):
            self._forget(node)
        elif isinstance(event, ev.NodeStatus):
            self._forget(event.peer)
        self._last[node, type(event), None] = at, seq
        about = getattr(event, "peer", None)
        if about is not None:
            self._last[node, type(event), about] = at, seq
        if isinstance(event, ev.GroupAcquire | ev.GroupRelease | ev.ScriptRun):
            self._last[node, type(event), source.pid] = at, seq
        for message in sent_by(event, node):
            self._last[node, "sent", message] = at, seq

    def _forget(self, node: str) -> None:
        """A node lives again: how it ended before causes nothing any more."""
        for kind in _ENDS:
            self._last.pop((node, kind, None), None)

    def _candidates(self, event: Event, node: str, pid: int | None) -> Iterator[list[_Key]]:
        """Yield keys of what may be the cause, what is the better evidence first."""
        others = [other for other in self._nodes if other != node]
        messages = heard_by(event, node, others)
        if messages:
            yield [(message[1], "sent", message) for message in messages]
        match event:
            case ev.NodeDead(peer=peer):
                yield [(peer, kind, None) for kind in _ENDS]
            case ev.AcquiringFrom(peer=peer):
                yield [(node, ev.NodeDead, peer), (node, ev.ShutdownNotice, peer)]
            case ev.DeadGaveUp(peer=peer) | ev.PartitionReturn(peer=peer):
                yield [(node, ev.NodeDead, peer)]
            case ev.IpfailStatus(peer=peer):
                yield [(node, ev.NodeDead, peer), (node, ev.NodeStatus, peer)]
            case ev.IpfailLink(peer=peer, status=status):
                yield [(node, ev.LinkDead if status == "dead" else ev.LinkUp, peer)]
            case ev.NodeStatus(peer=peer):
                yield [(node, ev.RestartSeen, peer), (node, ev.LinkUp, peer)]
            case ev.StandbyAsk(by=by) if by == node:
                yield [(node, ev.IpfailFire, None), (node, ev.GoingStandby, None)]
            case ev.ScriptRun():
                yield [(node, ev.GroupAcquire, pid), (node, ev.GroupRelease, pid)]
            case ev.ScriptFailed() | ev.ScriptRetry():
                yield [(node, ev.ScriptRun, pid)]
        after = _AFTER.get(type(event))
        if after is not None:
            yield [(node, kind, None) for kind in after]
