"""What a quiet cluster costs: events are counted and judged, seconds are only printed."""

from __future__ import annotations

import gc
import time
import tracemalloc
from dataclasses import fields, is_dataclass
from pathlib import Path

import pytest

from hasim.faults import parse_fault
from hasim.model import load
from hasim.run.agenda import agenda_of
from hasim.units import DAY, HOUR, MINUTE, SECOND, Micros
from hasim.world import World

WEBDATA = Path(__file__).resolve().parents[2] / "models" / "webdata"
#: Kernel events of two healthy nodes in a simulated day: wakes, arrivals, nothing else.
EVENTS_MOST = 900_000


def healthy(version: str = "2.0.8") -> World:
    model = load(WEBDATA, version)
    return World.build(model.configs, model.site, haresources=model.haresources, seed=0)


def sizes(value: object, path: str = "") -> dict[str, int]:
    """Lengths of every list and dictionary of a state, by where they are."""
    out: dict[str, int] = {}
    if isinstance(value, (list, dict)):
        out[path] = len(value)
        items = value.items() if isinstance(value, dict) else enumerate(value)
        for key, item in items:
            out |= sizes(item, f"{path}[{key}]") if is_dataclass(item) or _holds(item) else {}
    elif is_dataclass(value):
        for field in fields(value):
            out |= sizes(getattr(value, field.name), f"{path}.{field.name}")
    return out


def _holds(item: object) -> bool:
    return isinstance(item, (list, dict))


def settled(world: World, at: Micros) -> dict[str, int]:
    """Sizes at the first instant from `at` on at which nothing is under way."""
    while True:
        world.run(at)
        media = [len(m.flights) for m in world.hub.state.media]
        inboxes = [
            len(inbox)
            for node in world.hub.state.nodes.values()
            if node.daemon is not None and node.daemon.master is not None
            for inbox in node.daemon.master.inboxes
        ]
        if not any(media) and not any(inboxes):
            return sizes(world.hub.state)
        at += 7_000


def test_sizes_see_everything_that_holds_something() -> None:
    world = healthy()
    world.run(MINUTE)
    found = sizes(world.hub.state)
    assert found[".nodes"] == 2
    assert found[".nodes[node1].daemon.master.history"] > 20
    assert ".nodes[node2].daemon.master.peers[node1].missing" in found


@pytest.mark.slow
def test_a_healthy_day_costs_fewer_events_than_the_bound() -> None:
    world = healthy()
    begun = time.process_time()
    world.run(DAY)
    cpu_s = time.process_time() - begun
    each_us, records = cpu_s / world.fired * 1e6, len(world.recorder.records)
    print(
        f"\none day: {world.fired:,} events, {cpu_s:.2f} s, {each_us:.2f} us each, "
        f"{records} records"
    )
    assert world.fired <= EVENTS_MOST
    assert world.fired > 400_000  # it has not been skipped
    assert len(world.recorder.records) < 200


def test_events_grow_with_time_and_nothing_else() -> None:
    world = healthy()
    world.run(2 * MINUTE)
    counts = []
    for i in range(3):
        before = world.fired
        world.run((2 + 3 * (i + 1)) * MINUTE)
        counts.append(world.fired - before)
    assert max(counts) - min(counts) <= 12
    assert max(counts) <= EVENTS_MOST * 3 * MINUTE // DAY + 12


@pytest.mark.slow
@pytest.mark.parametrize("version", ["2.0.8", "3.0.6"])
def test_twelve_hours_hold_no_more_than_one(version: str) -> None:
    world = healthy(version)
    early = settled(world, HOUR)
    records = len(world.recorder.records)
    late = settled(world, 12 * HOUR)
    assert late == early
    assert len(world.recorder.records) == records


@pytest.mark.slow
def test_memory_does_not_grow() -> None:
    world = healthy()
    tracemalloc.start()
    try:
        world.run(20 * MINUTE)
        gc.collect()
        early, _ = tracemalloc.get_traced_memory()
        world.run(80 * MINUTE)
        gc.collect()
        late, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    print(f"\ntraced: {early:,} then {late:,} bytes")
    assert late - early < 20_000


def test_a_lossy_hour_costs_in_proportion() -> None:
    model = load(WEBDATA, "3.0.6")
    faults = [parse_fault("1m lose 10% node1:eth1")]
    agenda = agenda_of(faults, model.site)
    lossy = World.build(
        model.configs, model.site, haresources=model.haresources, seed=0, agenda=agenda
    )
    calm = healthy("3.0.6")
    for world in (lossy, calm):
        world.run(10 * MINUTE + 3 * SECOND)
    assert lossy.fired < 1.5 * calm.fired
