"""A world taken apart at any instant and put together again goes on to the same bytes."""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hasim.draws import Draws
from hasim.events import DaemonExited, LinkDead, NodeBooted, NodeDead
from hasim.protocol import MasterState
from hasim.protocol.ipfail_state import IpfailState
from hasim.units import MS, SECOND, Micros
from hasim.world import World
from hasim.world.records import DaemonState
from tests.world.support import held_world, jsonl, scenario_world, told, webdata, world_of

ROOT = Path(__file__).resolve().parents[2]
SCENARIOS = sorted(webdata().scenarios)
#: Worlds of our own, with something under way at every instant: boot, start, hang, loss, a cut.
OWN: dict[str, tuple[str, ...]] = {
    "reboot": ("20s power-off node1", "25s power-on node1", "31s hang node1 for 2s"),
    "start": ("3s kill node2 master", "6s start node2", "7s kill node2 all", "8s start node2"),
    "hang": ("20s hang node1 for 8s", "40s hang node2 for 2s", "41s hang node2 for 5s"),
    "loss": ("10s lose 60% node1:eth0", "10s lose 40% node2:eth1", "12s duplicate 30% node1:eth1"),
    "delay": ("10s delay 300ms node1:eth0 for 10s", "20s cut node1:eth0 for 3s"),
    "heal": ("20s isolate node1 for 20s",),
    "feeds": ("20s power-off rack", "24s power-on rack", "33s clock node1 -5s"),
}
#: The same with a group on each node: scripts, handing over, shutdown, counting, ARP entries.
HELD: dict[str, tuple[str, ...]] = {
    "cable": ("20s cut node1:eth0 for 14s", "40s power-off 10.0.0.254 for 9s"),
    "clients killed": ("20s kill node1 ipfail", "24s kill node2 ipfail", "25s kill node2 ipfail"),
    "failing": ("5s fail Filesystem start on node1 1 times", "20s slow IPaddr 3s on node2",
                "25s stop node1", "30s fail LabSvc::b stop on node2", "45s standby node2"),
    "hang in a script": ("20s standby node1", "20s500ms hang node1 for 3s",
                         "21s hang node2 for 1s"),
    "healed": ("20s isolate node1 for 12s",),
    "killed": ("20s kill node1 master", "30s start node1", "40s kill node2 all"),
    "no power": ("20s power-off node1", "27s power-on node1", "50s power-off rack"),
    "one way": ("20s cut node1:eth0 out for 12s", "20s cut node1:eth1 out for 12s"),
    "restarted": ("20s stop node1", "32s start node1", "33s stop node2"),
    "standby": ("20s standby node1", "30s takeover node1", "40s takeover node2 foreign"),
}  # fmt: skip
END: Micros = 60 * SECOND


def through_pickle(world: World) -> World:
    return World.resume(pickle.loads(pickle.dumps(world.snapshot())))


def instants(name: str, end: Micros, n: int) -> list[Micros]:
    draws = Draws(1)
    return sorted(draws.below(name, end, i) for i in range(n))


def own_world(name: str, seed: int = 0, version: str = "3.0.6") -> World:
    """A world of our own by its name, with resources or without."""
    if name in HELD:
        return held_world(*HELD[name], seed=seed, version=version)
    return world_of(*OWN[name], seed=seed, version=version)


@pytest.mark.parametrize("version", ["2.0.8", "3.0.6"])
@pytest.mark.parametrize("name", SCENARIOS)
def test_a_scenario_taken_apart_two_hundred_times_gives_the_same_records(
    name: str, version: str
) -> None:
    whole, until = scenario_world(name, version)
    world, _ = scenario_world(name, version)
    for at in instants(name, until, 200):
        world.run(at)
        world = through_pickle(world)
    whole.run(until)
    world.run(until)
    assert jsonl(world.recorder.records) == jsonl(whole.recorder.records)
    assert world.snapshot() == whole.snapshot()


@pytest.mark.parametrize("version", ["2.0.8", "3.0.6"])
@pytest.mark.parametrize("name", sorted(OWN | HELD))
def test_a_troubled_world_taken_apart_many_times_gives_the_same_records(
    name: str, version: str
) -> None:
    whole, world = (own_world(name, 2, version) for _ in range(2))
    for at in instants(name, END, 60 if name in HELD else 200):
        world.run(at)
        world = through_pickle(world)
    whole.run(END)
    world.run(END)
    assert jsonl(world.recorder.records) == jsonl(whole.recorder.records)
    assert world.snapshot() == whole.snapshot()


@given(name=st.sampled_from(sorted(OWN | HELD)), at=st.integers(0, END), seed=st.integers(0, 50))
@settings(max_examples=50)
def test_one_snapshot_at_any_instant_is_enough(name: str, at: Micros, seed: int) -> None:
    whole = own_world(name, seed)
    whole.run(at)
    other = through_pickle(whole)
    assert other.snapshot() == whole.snapshot()
    whole.run(END)
    other.run(END)
    assert jsonl(other.recorder.records) == jsonl(whole.recorder.records)


def test_these_worlds_are_in_trouble_indeed() -> None:
    worlds = {name: own_world(name, 2) for name in OWN}
    for world in worlds.values():
        world.run(END)
    assert told(worlds["reboot"], NodeBooted)
    assert told(worlds["loss"], LinkDead) or len(worlds["loss"].recorder.records) > 100
    assert told(worlds["hang"], NodeDead)
    assert told(worlds["heal"], DaemonExited)


#: What must be under way at an instant at which a world is taken apart.
UNDER_WAY: dict[str, Callable[[World], bool]] = {
    "a call of a script": lambda w: any(job.call for job in w.hub.state.jobs),
    "ARP packets still to come": lambda w: any(job.kind == "arp" for job in w.hub.state.jobs),
    "a standby": lambda w: any(m.resources.standby != "NOT" for m in masters(w)),
    "a takeover": lambda w: any(m.resources.takeover for m in masters(w)),
    "the wait for the other node": lambda w: any(m.resources.takeover_from for m in masters(w)),
    "a shutdown that waits": lambda w: any(m.shutdown.waits for m in masters(w)),
    "a shutdown": lambda w: any(m.shutdown.phase_due for m in masters(w)),
    "the end of children": lambda w: "ending" in stages(w),
    "the rest before a restart": lambda w: "resting" in stages(w),
    "an emergency end": lambda w: "orphaned" in stages(w),
    "a request of a client": lambda w: any(c.outbox for c in w.hub.state.clients),
    "a count of ping nodes": lambda w: any(p.waiting for p in ipfails(w)),
    "a delayed giveup": lambda w: any(p.giveup_due for p in ipfails(w)),
    "a client that ends": lambda w: any(c.ending for c in w.hub.state.clients),
    "an ARP entry": lambda w: any(view.end for view in w.hub.state.lan.views.values()),
    "an entry that fails": lambda w: any(view.fail_at for view in w.hub.state.lan.views.values()),
    "a wake that is open": lambda w: any(d.open_until for d in daemons(w)),
}


def daemons(world: World) -> list[DaemonState]:
    return [node.daemon for node in world.hub.state.nodes.values() if node.daemon is not None]


def stages(world: World) -> list[str]:
    return [daemon.stage for daemon in daemons(world)]


def masters(world: World) -> list[MasterState]:
    return [daemon.master for daemon in daemons(world) if daemon.master is not None]


def ipfails(world: World) -> list[IpfailState]:
    return [c.ipfail for c in world.hub.state.clients if c.ipfail is not None]


@pytest.mark.parametrize("what", sorted(UNDER_WAY))
def test_a_snapshot_in_the_middle_of_something_goes_on_to_the_same_records(what: str) -> None:
    found = 0
    for name in sorted(HELD):
        world = own_world(name, 3)
        at = first_instant(world, UNDER_WAY[what])
        if at is None:
            continue
        found += 1
        whole = own_world(name, 3)
        other = through_pickle(world)
        assert other.snapshot() == world.snapshot()
        whole.run(END)
        other.run(END)
        assert jsonl(other.recorder.records) == jsonl(whole.recorder.records)
        assert other.snapshot() == whole.snapshot()
    assert found, what


def first_instant(world: World, holds: Callable[[World], bool]) -> Micros | None:
    """Run to the first instant, of those a few milliseconds apart, at which something holds."""
    at: Micros = 0
    while not holds(world):
        at += 5 * MS
        if at >= END:
            return None
        world.run(at)
    return at


def test_a_snapshot_does_not_disturb_the_world_it_is_taken_of() -> None:
    watched, left = own_world("loss"), own_world("loss")
    for at in range(0, END, 500_000):
        watched.run(at)
        watched.snapshot()
    watched.run(END)
    left.run(END)
    assert watched.snapshot() == left.snapshot()
    assert watched.fired == left.fired


def test_two_worlds_from_one_snapshot_do_not_touch_each_other() -> None:
    world = own_world("reboot")
    world.run(22 * SECOND)
    snapshot = world.snapshot()
    one, other = World.resume(snapshot), World.resume(snapshot)
    one.run(END)
    assert other.snapshot() == snapshot
    other.run(END)
    assert one.snapshot() == other.snapshot()


PROGRAM = """
import sys
from tests.world.test_snapshot import HELD, OWN, END, own_world, jsonl
for name in sorted(OWN | HELD):
    world = own_world(name, 4)
    world.run(END)
    sys.stdout.write(jsonl(world.recorder.records))
"""


def test_two_processes_with_different_string_hashes_write_equal_bytes() -> None:
    out = []
    for hash_seed in ("1", "2"):
        done = subprocess.run(
            [sys.executable, "-c", PROGRAM],
            cwd=ROOT,
            env={**os.environ, "PYTHONHASHSEED": hash_seed},
            capture_output=True,
            timeout=300,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        out.append(done.stdout)
    assert out[0] == out[1]
    assert len(out[0]) > 10_000
