"""A small trace to ask questions of."""

from __future__ import annotations

from hasim import events as ev
from hasim.trace import Clock, Header, Recorder, Source, Trace

HEADER = Header(
    version="0.1.0",
    dialect="3.0.6",
    seed=7,
    scenario="test3-power-cord",
    faults=("10s power-off node1",),
    configs=(("node1/ha.cf", "ab12"),),
    epoch="2007-11-06T07:52:21",
    clocks=(Clock("node1", 0, 0), Clock("node2", -71_500_000, 0)),
    until_us=60_000_000,
)
WORLD = Source(None, "world", None)
N1, N2 = Source("node1", "heartbeat", 3689), Source("node2", "heartbeat", 2110)


def sample() -> Trace:
    recorder = Recorder()
    recorder.emit(0, N1, ev.NotifyWorldDebug())
    recorder.emit(0, N1, ev.LocalStatus("up"))
    recorder.emit(500_000, N2, ev.LinkUp("node1", "eth1"))
    recorder.emit(500_000, N2, ev.NodeStatus("node1", "active"), 2)
    recorder.emit(1_000_000, WORLD, ev.DiskMounted("node1", "/dev/sdb5", "/webdata"))
    recorder.emit(2_000_000, WORLD, ev.PacketSent("node1", "status", 3, 9, "eth1"))
    fault = recorder.emit(10_000_000, WORLD, ev.FaultInjected(0, "10s power-off node1"))
    off = recorder.emit(10_000_000, WORLD, ev.NodePoweredOff("node1", "pulled"), fault)
    dead = recorder.emit(16_000_000, N2, ev.NodeDead("node1"), off)
    recorder.emit(16_000_000, N2, ev.AcquiringFrom("node1"), dead)
    recorder.emit(16_500_000, Source("node2", "harc", 2200), ev.RcScriptRun("status"), dead)
    recorder.emit(17_000_000, N2, ev.LinkDead("node1", "eth1"), off)
    return Trace(HEADER, recorder.records)
