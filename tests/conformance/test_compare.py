"""Verdicts on single events."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest

from hasim.conform import compare_events
from tests.conformance.made import event, life, recording


def verdict(told: dict[str, Any], off: float, **facts: Any) -> dict[str, int]:
    made = recording([told], **facts)
    return dict(+compare_events(made, [{**told, "t": told["t"] + off}]).counts)


DEAD = event(30.0, "node1", "mcp", "node-dead", peer="node2")
ACQUIRE = event(30.0, "node1", "mcp", "acquire-from", peer="node2")
VIP = event(30.0, "node1", "kernel", "vip-up", addr="192.168.60.200")


@pytest.mark.parametrize(
    ("told", "off", "expected"),
    [
        (ACQUIRE, 0.05, "exact"),
        (ACQUIRE, 0.5, "wrong"),
        (ACQUIRE, 0.2, "wrong"),
        (DEAD, 0.5, "tie"),
        (DEAD, -0.5, "tie"),
        (DEAD, 1.0, "wrong"),
        (VIP, 0.5, "wrong"),
        (event(30.0, "node1", "ipfail", "ipf-ask"), 0.5, "tie"),
        (event(30.0, "node1", "ipfail", "ipf-ask"), 1.0, "wrong"),
        (event(30.0, "node1", "mcp", "standby-ask", by="node1", set="all"), -0.5, "tie"),
        (event(30.0, "node1", "mcp", "link-up", peer="192.168.60.1", medium="x"), 0.5, "tie"),
        (event(30.0, "node1", "mcp", "link-up", peer="node2", medium="x"), 0.5, "wrong"),
    ],
)
def test_what_may_lawfully_be_one_wake_off(told: dict[str, Any], off: float, expected: str) -> None:
    assert verdict(told, off) == {expected: 1}


def test_a_packet_near_the_wake_may_be_read_at_the_next() -> None:
    made = dataclasses.replace(recording([ACQUIRE]), packets=((29.99, "node2"),))
    late = [{**ACQUIRE, "t": 30.5}]
    assert compare_events(made, late).counts["tie"] == 1
    own = dataclasses.replace(made, packets=((29.99, "node1"),))
    assert compare_events(own, late).counts["wrong"] == 1


def test_in_the_first_seconds_of_a_life_two_wakes_are_a_tie() -> None:
    told = event(3.0, "node1", "mcp", "link-up", peer="node2", medium="eth0")
    assert verdict(told, 1.0, lives=[life("node1", 1.0)]) == {"tie": 1}
    assert verdict(told, 1.0) == {"wrong": 1}


def test_what_follows_a_tie_by_the_same_shift_is_carried() -> None:
    made = recording([DEAD, {**ACQUIRE, "t": 30.1}, {**VIP, "t": 31.0}])
    result = compare_events(made, [{**e, "t": e["t"] + 0.5} for e in made.events])
    assert dict(+result.counts) == {"tie": 1, "carried": 2}
    assert result.same
    assert result.equal


def test_missing_and_extra_events_are_wrong() -> None:
    result = compare_events(recording([DEAD]), [ACQUIRE])
    assert dict(+result.counts) == {"wrong": 2}
    assert not result.same
    assert [o.why for o in result.odd] == ["extra", "missing"]


def test_progress_and_what_is_not_simulated_is_not_compared() -> None:
    late = event(9.0, "node1", "mcp", "late", peer="node2", ms="4000", over="no")
    hang = event(9.0, "node1", "mcp", "dispatch-late", src="x", what="y", ms="2")
    answer = event(9.0, "node1", "client", "answer", by="node1")
    assert compare_events(recording([late, hang, answer]), []).events == 0


def test_a_measurement_does_not_name_an_event() -> None:
    told = event(9.0, "node1", "mcp", "standby-busy", by="node2", n="9")
    made = {**told, "args": {"by": "node2", "n": "8"}}
    assert compare_events(recording([told]), [made]).same


def test_clear_order_is_kept_between_nodes_too() -> None:
    told = [VIP, event(30.7, "node2", "kernel", "vip-down", addr="192.168.60.200")]
    assert compare_events(recording(told), told).ordered
    near = [{**VIP, "t": 30.05}, {**told[1], "t": 30.65}]
    assert compare_events(recording(told), near).ordered
