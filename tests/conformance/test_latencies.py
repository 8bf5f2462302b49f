"""Latencies: from an injection to the first event of a kind, in a recording and its simulation."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from hasim.conform import compare_events, load_recording
from hasim.conform.latencies import KINDS, latencies_of, paired
from hasim.conform.runs import replayed

RECORDINGS = Path(__file__).resolve().parents[1] / "data" / "recordings"


def event(t: float, kind: str) -> dict[str, Any]:
    role, name = KINDS[kind]
    return {"t": t, "node": "node1", "role": role, "kind": name, "args": {}}


def test_the_first_event_of_a_kind_in_each_window_counts() -> None:
    events = [event(3, "comm-up"), event(4, "comm-up"), event(70, "node-dead"), event(71, "vip-up")]
    assert latencies_of(events, [0.0, 60.0], 100.0) == {
        (0, "comm-up"): 3.0,
        (1, "node-dead"): 10.0,
        (1, "vip-up"): 11.0,
    }
    assert latencies_of(events, [0.0, 60.0], 70.5) == {
        (0, "comm-up"): 3.0, (1, "node-dead"): 10.0
    }  # fmt: skip


def test_other_events_do_not_count() -> None:
    late = {"t": 5.0, "node": "node1", "role": "mcp", "kind": "late", "args": {}}
    assert latencies_of([late], [0.0], 10.0) == {}


def test_a_recording_beside_itself_has_equal_latencies() -> None:
    recording = load_recording(RECORDINGS / "02a-both.01.json.gz")
    found = paired(recording, recording.events)
    assert found
    assert all(one.recorded_s == one.simulated_s >= 0 for one in found)
    assert {(one.scenario, one.run) for one in found} == {("02a-both", "01")}


def test_a_comparison_has_the_latencies_of_both() -> None:
    recording = load_recording(RECORDINGS / "05a-pull-public.01.json.gz")
    result = compare_events(recording, replayed(recording).events)
    assert {one.kind for one in result.latencies} >= {"comm-up", "link-dead", "standby-ask"}
    for one in result.latencies:
        assert one.simulated_s == pytest.approx(one.recorded_s, abs=2.0)
