"""A world taken apart at any instant and put together again goes on to the same bytes."""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hasim.draws import Draws
from hasim.events import LinkDead, NodeBooted, NodeDead
from hasim.units import MINUTE, SECOND, Micros
from hasim.world import World
from tests.world.support import jsonl, scenario_world, told, webdata, world_of

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
END: Micros = 60 * SECOND


def through_pickle(world: World) -> World:
    return World.resume(pickle.loads(pickle.dumps(world.snapshot())))


def instants(name: str, end: Micros, n: int) -> list[Micros]:
    draws = Draws(1)
    return sorted(draws.below(name, end, i) for i in range(n))


def own_world(name: str, seed: int = 0) -> World:
    return world_of(*OWN[name], seed=seed)


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
@pytest.mark.parametrize("name", sorted(OWN))
def test_a_troubled_world_taken_apart_two_hundred_times_gives_the_same_records(
    name: str, version: str
) -> None:
    whole, world = (world_of(*OWN[name], version=version, seed=2) for _ in range(2))
    for at in instants(name, END, 200):
        world.run(at)
        world = through_pickle(world)
    whole.run(END)
    world.run(END)
    assert jsonl(world.recorder.records) == jsonl(whole.recorder.records)
    assert world.snapshot() == whole.snapshot()


@given(name=st.sampled_from(sorted(OWN)), at=st.integers(0, END), seed=st.integers(0, 50))
@settings(max_examples=30)
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
    assert worlds["heal"].ended is not None


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


def test_a_world_that_has_ended_stays_ended() -> None:
    world = own_world("heal")
    world.run(END)
    assert world.ended is not None
    again = through_pickle(world)
    again.run(END + MINUTE)
    assert again.recorder.records == world.recorder.records
    assert again.ended == world.ended


PROGRAM = """
import sys
from tests.world.test_snapshot import OWN, END, own_world, jsonl
for name in sorted(OWN):
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
