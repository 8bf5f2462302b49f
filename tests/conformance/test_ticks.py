"""Outcomes of ties that a replay is told."""

from __future__ import annotations

from typing import Any

from hasim.conform import Recording, replayed
from hasim.conform.align import align
from hasim.conform.injections import us
from hasim.conform.replay import replay_of
from hasim.conform.runs import simulated_events, trace_of
from hasim.conform.ticks import MOST_TICKS, Tick, TickedDraws, candidates, tell
from tests.conformance.made import event, fault, life, recording


def proposed(
    told: list[dict[str, Any]],
    made: list[dict[str, Any]],
    asked: list[tuple[int, str]] | None = None,
) -> list[Tick]:
    return list(candidates(align(told, made), asked or []))


DEAD = event(30.0, "node1", "mcp", "node-dead", peer="node2")
ASK = event(30.0, "node1", "ipfail", "ipf-ask")


def test_a_limit_reached_a_wake_late_wants_a_higher_reading_at_the_wake_before() -> None:
    assert proposed([DEAD], [{**DEAD, "t": 30.51}]) == [Tick(30_010_000, "node1", "higher")]


def test_a_limit_reached_a_wake_early_wants_a_lower_reading_there() -> None:
    assert proposed([DEAD], [{**DEAD, "t": 29.49}]) == [Tick(29_490_000, "node1", "lower")]


def test_limits_missing_and_extra_want_readings_too_the_earliest_first() -> None:
    late = {**DEAD, "t": 40.0}
    assert proposed([late], []) == [Tick(40_000_000, "node1", "higher")]
    extra = event(20.0, "node2", "mcp", "transition-local")
    assert proposed([late], [extra])[0] == Tick(20_000_000, "node2", "lower")


def test_what_is_no_limit_or_not_a_wake_off_wants_none() -> None:
    acquire = event(30.0, "node1", "mcp", "acquire-from", peer="node2")
    assert proposed([acquire], [{**acquire, "t": 30.5}]) == []
    assert proposed([DEAD], [{**DEAD, "t": 31.0}]) == []
    assert proposed([DEAD], [{**DEAD, "t": 30.01}]) == []


def test_a_client_may_have_lost_or_won_a_race_at_any_of_its_recent_requests() -> None:
    asked = [(20_000_000, "node1"), (29_000_000, "node1"), (29_500_000, "node2")]
    assert proposed([ASK], [{**ASK, "t": 30.5}], asked) == [Tick(29_000_000, "node1", "open")]
    assert proposed([ASK], [{**ASK, "t": 29.5}], asked) == [Tick(29_000_000, "node1", "slow")]
    assert proposed([ASK], [{**ASK, "t": 30.05}], asked) == []


def test_only_the_readings_of_that_node_near_that_instant_are_told() -> None:
    draws = TickedDraws([Tick(5_000_000, "node1", "higher")], {}, lambda node: 1_000_000, lambda: 0)
    assert draws.below("node1/boot1/tick", 3000, 4_000_000) == 10_000
    assert draws.below("node1/boot1/tick", 3000, 4_500_000) == 0
    assert draws.below("node2/boot1/tick", 3000, 4_000_000) == 0
    assert draws.below("node1/boot1/ack x", 3000, 4_000_000) == 0
    assert not draws.chance("node1/boot1/served at once", 1000, 4_000_000)


def test_a_wake_is_open_where_that_is_told() -> None:
    draws = TickedDraws([Tick(5_000_000, "node1", "open")], {}, lambda node: 1_000_000, lambda: 0)
    assert draws.chance("node1/boot1/served at once", 1000, 4_000_000)
    assert not draws.chance("node1/boot1/served at once", 1000, 6_000_000)


def test_a_request_is_slow_where_that_is_told() -> None:
    now = [5_010_000]
    told = [Tick(5_000_000, "node1", "slow")]
    draws = TickedDraws(told, {}, lambda node: 0, lambda: now[0])
    name = "node1/ipfail1/request3"
    slow = draws.between(name, 700, 1300)
    now[0] = 6_000_000
    assert slow > draws.between(name, 700, 1300) + 20_000


def played(ticks: tuple[Tick, ...]) -> Recording:
    """Return the replay of a power loss as a recording of itself, under these outcomes."""
    faults = [fault(0, 0.1, "start"), fault(1, 0.1, "start", "node2"), fault(2, 22.3, "power_off")]
    made = recording(faults=faults, lives=[life("node1", 0.55), life("node2", 0.6)])
    replay = replay_of(made)
    world = replay.world()
    tell(world, ticks)
    world.run(us(made.duration))
    events = simulated_events(made, trace_of(replay, world))
    return recording(events, faults=faults, lives=made.pins["lives"])


def test_a_replay_finds_the_reading_that_decided_a_tie() -> None:
    plain = played(())
    death = next(e for e in plain.events if e["kind"] == "node-dead" and e["node"] == "node2")
    other = played((Tick(us(death["t"]), "node2", "lower"),))
    moved = next(e for e in other.events if e["kind"] == "node-dead" and e["node"] == "node2")
    if moved["t"] == death["t"]:  # the death was the later wake of its tie: take the earlier one
        other = played((Tick(us(death["t"]) - 500_000, "node2", "higher"),))
        moved = next(e for e in other.events if e["kind"] == "node-dead" and e["node"] == "node2")
    assert abs(abs(moved["t"] - death["t"]) - 0.5) < 0.06
    assert replayed(plain).ticks == ()
    found = replayed(other)
    assert 0 < len(found.ticks) <= MOST_TICKS
    again = next(e for e in found.events if e["kind"] == "node-dead" and e["node"] == "node2")
    assert abs(again["t"] - moved["t"]) < 0.06
