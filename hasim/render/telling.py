"""What a picture of messages says beside the lifelines: decisions and facts, a few words each."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from hasim import events as ev
from hasim.catalogue import line_of
from hasim.render.window import Known, Window, time_text
from hasim.trace import Record
from hasim.units import MS, Micros, duration_text

__all__ = ["DOTS", "Telling", "tellings"]

#: Looks of dots, and what they mean.
DOTS = (
    ("bad", "trouble"),
    ("change", "a decision about resources"),
    ("hold", "what a node has"),
    ("fence", "STONITH"),
    ("good", "as it should be"),
)


class Telling(NamedTuple):
    """A label at the lifeline of a node; `style` is the look of its dot."""

    at: Micros
    seq: int
    node: str
    words: str
    style: str
    title: str


# Words without a field to fill in are those of the event's sentence, unless they stand here.
_PLAIN: dict[type[ev.Event], tuple[str, str]] = {
    ev.CommUp: ("communication is up", "calm"),
    ev.CommRestarted: ("communication restarted", "calm"),
    ev.DaemonContinued: ("daemon goes on", "good"),
    ev.DaemonStopped: ("daemon stands still", "bad"),
    ev.FifoRestart: ("FIFO process started again", "calm"),
    ev.GiveupBegun: ("gives up all resources", "change"),
    ev.GiveupDone: ("all resources given up", "change"),
    ev.InitialAcquisition: ("initial acquisition complete", "calm"),
    ev.MachDownComplete: ("takeover scripts complete", "change"),
    ev.NoLocalHeartbeat: ("does not hear itself", "bad"),
    ev.NodeBooted: ("has booted", "good"),
    ev.NodeHung: ("hangs", "bad"),
    ev.NodePoweredOn: ("gets power", "good"),
    ev.NodeThawed: ("goes on after a hang", "good"),
    ev.RebootAsked: ("asks for a reboot", "bad"),
    ev.RestartTriggered: ("will restart", "bad"),
    ev.Restarting: ("restarts", "bad"),
    ev.ShutdownComplete: ("shutdown complete", "change"),
    ev.ShutdownInProgress: ("shuts down", "change"),
    ev.StandbyCancelled: ("standby cancelled", "bad"),
    ev.StandbyTimeout: ("nobody answers the standby", "bad"),
    ev.StopFailed: ("cannot stop a resource, must reboot", "bad"),
    ev.TakeoverCancelled: ("takeover cancelled", "bad"),
    ev.WatchdogFired: ("watchdog fires", "bad"),
}


def _membership(event: ev.Event) -> tuple[str, str] | None:
    match event:
        case ev.NodeDead(peer=peer):
            return f"declares {peer} dead", "bad"
        case ev.NodeStatus(peer=peer, status=status):
            return f"sees {peer} {status}", "good"
        case ev.LinkDead(peer=peer, medium=medium):
            return f"link {peer}:{medium} dead", "bad"
        case ev.LinkUp(peer=peer, medium=medium):
            return f"link {peer}:{medium} up", "good"
        case ev.LocalStatus(status=status):
            return f"is {status}", "good"
        case ev.PartitionReturn(peer=peer):
            return f"{peer} returns after a partition", "bad"
        case ev.RestartSeen(peer=peer):
            return f"sees that {peer} has restarted", "calm"
        case ev.LateHeartbeat(peer=peer, interval_ms=interval):
            return f"heartbeat of {peer} after {duration_text(interval * MS)}", "bad"
        case ev.LostPackets(peer=peer, first=first, last=last):
            return f"misses packets of {peer} ({first} to {last})", "bad"
        case ev.NothingMissing(peer=peer):
            return f"misses no packet of {peer} any more", "good"
        case ev.PacketLostForGood(peer=peer, seq=seq):
            return f"packet {seq} of {peer} lost for good", "bad"
    return None


def _resources(event: ev.Event) -> tuple[str, str] | None:
    match event:
        case ev.AcquiringFrom(peer=peer):
            return f"takes over from {peer}", "change"
        case ev.DeadGaveUp(peer=peer):
            return f"{peer} had given up its resources", "calm"
        case ev.BothOwn(set=share):
            return f"both claim resources ({share})", "bad"
        case ev.NoOneOwns(set=share):
            return f"nobody claims resources ({share})", "bad"
        case ev.GroupAcquire(group=group):
            return f"acquires group {_key(group)}", "change"
        case ev.GroupRelease(group=group):
            return f"releases group {_key(group)}", "change"
        case ev.GroupFailed(resource=resource):
            return f"gives the group up: {resource} failed", "bad"
        case ev.StandbyAsk(by=by, set=share):
            return f"{by} wants to hand over {share}", "change"
        case ev.StandbyCan(peer=peer, set=share):
            return f"{peer} can take {share}", "change"
        case ev.StandbyReleased(set=share):
            return f"has released {share}", "change"
        case ev.StandbyAcquire(set=share, peer=peer):
            return f"acquires {share} of {peer}", "change"
        case ev.StandbyAcquired(set=share):
            return f"has acquired {share}", "change"
        case ev.StandbyOtherDone(set=share):
            return f"the other node has taken {share}", "calm"
    return None


def _key(group: str) -> str:
    """Return the key of a line of haresources: what follows the preferred owner."""
    words = group.split()
    return words[1] if len(words) > 1 else group


def _facts(event: ev.Event) -> tuple[str, str] | None:
    match event:
        case ev.ScriptBegan(script=script, op="start" | "stop" as op):
            return f"{script} {op} begins", "calm"
        case ev.ScriptEnded(script=script, op="start" | "stop" as op, code=code):
            how = f" fails ({code})" if code else " ends"
            return f"{script} {op}{how}", "bad" if code else "calm"
        case ev.AddressUp(address=address):
            return f"address {address} up", "hold"
        case ev.AddressDown(address=address):
            return f"address {address} gone", "hold"
        case ev.DiskMounted(directory=directory):
            return f"{directory} mounted", "hold"
        case ev.DiskUnmounted(directory=directory):
            return f"{directory} unmounted", "hold"
        case ev.NodePoweredOff(how=how):
            return f"loses power ({how})", "bad"
        case ev.DaemonStarted():
            return "daemon starts", "good"
        case ev.DaemonExited(how=how):
            return f"daemon ends ({how})", "bad"
        case ev.ServiceAnswered(address=address, by=by):
            return f"clients hear {by} at {address}", "hold"
        case ev.ServiceSilent(address=address, by=by):
            return f"clients no longer hear {by}", "bad"
        case ev.DiskCorrupted(disk=disk):
            return f"disk {disk} is corrupt", "bad"
        case ev.PacketForged(type=kind, origin=origin):
            return f"forged {kind} in the name of {origin}", "bad"
        case ev.PacketsReplayed(count=count, origin=origin):
            return f"{count} packets of {origin} come once more", "bad"
    return None


def _fencing(event: ev.Event) -> tuple[str, str] | None:
    match event:
        case ev.FenceAsk(peer=peer):
            return f"fences {peer}", "fence"
        case ev.FenceOk(peer=peer):
            return f"{peer} has been reset", "fence"
        case ev.FenceFailed(peer=peer):
            return f"{peer} has not been reset", "bad"
        case ev.FenceRetry(peer=peer):
            return f"will try to fence {peer} again", "bad"
        case ev.StonithRequested(device=device, victim=victim, op=op):
            return f"asks device {device} to {op} {victim}", "fence"
        case ev.StonithAnswered(device=device, code=code):
            how = f" with {code}" if code else ""
            return f"device {device} answers{how}", "bad" if code else "fence"
        case ev.StonithUnreachable(device=device):
            return f"cannot reach device {device}", "bad"
    return None


def _ipfail(event: ev.Event) -> tuple[str, str] | None:
    match event:
        case ev.IpfailTelling():
            return "ipfail: we see more ping nodes", "change"
        case ev.IpfailFewer() | ev.IpfailTold():
            return "ipfail: we see fewer ping nodes", "change"
        case ev.IpfailBalanced():
            return "ipfail: ping nodes balanced", "calm"
        case ev.IpfailDelay(seconds=seconds):
            return f"ipfail will give up in {seconds} s", "change"
        case ev.IpfailAborted():
            return "ipfail no longer gives up", "calm"
        case ev.IpfailFire():
            return "ipfail gives up", "change"
    return None


def _words(event: ev.Event) -> tuple[str, str] | None:
    """Return the words of an event and the look of its dot; None for what is not told."""
    plain = _PLAIN.get(type(event))
    if plain is not None:
        return plain
    for tell in (_membership, _resources, _facts, _fencing, _ipfail):
        told = tell(event)
        if told is not None:
            return told
    return None


def _node(record: Record) -> str | None:
    """Return at whose lifeline a record is told; what a client hears, at the node it hears."""
    event = record.event
    if isinstance(event, ev.ServiceAnswered | ev.ServiceSilent):
        return event.by
    if event.truth and hasattr(event, "node"):
        return str(event.node)
    return record.source.node


def tellings(known: Known, window: Window) -> Iterator[Telling]:
    """Yield what nodes decide and what becomes of them within a window, in order.

    Told are what nodes believe of each other, takeovers, releases, scripts with their beginning and
    end, addresses and mounts, fencing, the verdicts of ipfail, starts and ends.
    """
    for record in known.records:
        if not window.begin <= record.at <= window.end:
            continue
        told, node = _words(record.event), _node(record)
        if told is None or node is None:
            continue
        line = None if record.event.truth else line_of(record.event, known.trace.header.dialect)
        said = record.event.sentence() if line is None else f"{record.source.program}: {line.text}"
        title = f"{time_text(record.at)} {node}: {said}"
        yield Telling(record.at, record.seq, node, *told, title)
