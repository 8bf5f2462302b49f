"""A run for Perfetto: the Trace Event Format, checked by a validator that knows its rules."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import hasim
from hasim import events as ev
from hasim.monitors import Violation
from hasim.render.perfetto import perfetto_events, perfetto_json
from hasim.run import Run
from hasim.trace import Clock, Header, Record, Source, Trace
from hasim.units import SECOND

Events = Sequence[Mapping[str, Any]]
REQUIRED = {
    "M": {"name", "ph", "ts", "pid", "tid", "args"},
    "b": {"name", "cat", "ph", "ts", "pid", "tid", "id2"},
    "e": {"name", "cat", "ph", "ts", "pid", "tid", "id2"},
    "i": {"name", "cat", "ph", "ts", "pid", "tid", "s"},
}
METADATA = {"process_name", "process_sort_index", "thread_name", "thread_sort_index"}


def wrong(events: Events) -> list[str]:
    """Return what the events break of the format's rules, a sentence each."""
    out: list[str] = []
    open_: dict[tuple[str, str], list[Mapping[str, Any]]] = {}
    over: set[tuple[str, str]] = set()
    places: dict[tuple[str, str], tuple[int, int]] = {}
    named: dict[str, set[tuple[int, int]]] = {"process_name": set(), "thread_name": set()}
    times = [e["ts"] for e in events if e.get("ph") != "M" and "ts" in e]
    if any(a > b for a, b in pairwise(times)):
        out.append("times go back")
    for event in events:
        phase = event.get("ph")
        if phase not in REQUIRED:
            out.append(f"unknown phase {phase!r}")
            continue
        if missing := REQUIRED[phase] - event.keys():
            out.append(f"{phase} without {', '.join(sorted(missing))}")
            continue
        for key in ("ts", "pid", "tid"):
            if type(event[key]) is not int or event[key] < 0:
                out.append(f"{key} is {event[key]!r}")
        where = event["pid"], event["tid"]
        if phase == "M":
            if event["name"] not in METADATA:
                out.append(f"unknown metadata {event['name']}")
            elif event["name"] in named:
                if where in named[event["name"]]:
                    out.append(f"{event['name']} twice for {where}")
                named[event["name"]].add(where)
            continue
        if (event["pid"], 0) not in named["process_name"]:
            out.append(f"process {event['pid']} has no name")
        if where not in named["thread_name"]:
            out.append(f"thread {where} has no name")
        if phase == "i":
            if event["s"] not in ("g", "p", "t"):
                out.append(f"unknown scope {event['s']!r}")
            continue
        key = event["cat"], event["id2"]["local"]
        if places.setdefault(key, where) != where:
            out.append(f"{key} on two threads")
        stack = open_.setdefault(key, [])
        if phase == "b":
            if key in over:
                out.append(f"{key} begins again: its identity is not its own")
            stack.append(event)
        elif not stack:
            out.append(f"{key} ends without a begin")
        else:
            if (begun := stack.pop())["name"] != event["name"]:
                out.append(f"{key}: {event['name']} ends within {begun['name']}")
            if not stack:
                over.add(key)
    out += (f"{key} never ends" for key, stack in open_.items() if stack)
    return out


@pytest.fixture(scope="module")
def heal(webdata: Path) -> Run:
    return hasim.load(webdata).run(scenario="heal")


@pytest.fixture(scope="module")
def events(heal: Run) -> list[dict[str, Any]]:
    return json.loads(heal.perfetto())["traceEvents"]


# ---- the validator itself -----------------------------------------------------------------------


def sound() -> list[dict[str, Any]]:
    place = {"pid": 1, "tid": 1}
    slice_ = {"name": "up", "cat": "state", "id2": {"local": "0x1"}, **place}
    return [
        {"name": "process_name", "ph": "M", "ts": 0, "pid": 1, "tid": 0, "args": {"name": "n"}},
        {"name": "thread_name", "ph": "M", "ts": 0, **place, "args": {"name": "r"}},
        {"ph": "b", "ts": 1, **slice_},
        {"ph": "e", "ts": 2, **slice_},
        {"name": "cut", "cat": "fault", "ph": "i", "ts": 3, "s": "g", **place},
    ]


def test_the_validator_accepts_what_is_sound() -> None:
    assert wrong(sound()) == []


@pytest.mark.parametrize(
    ("at", "change", "told"),
    [
        (2, {"ts": 9}, "times go back"),
        (2, {"ph": "B"}, "unknown phase 'B'"),
        (3, {"id2": {"local": "0x2"}}, "ends without a begin"),
        (3, {"name": "dead"}, "dead ends within up"),
        (3, {"tid": 2}, "on two threads"),
        (4, {"s": "x"}, "unknown scope"),
        (4, {"ts": 1.5}, "ts is 1.5"),
        (1, {"tid": 2}, "has no name"),
        (0, {"pid": 2}, "process 1 has no name"),
    ],
)
def test_the_validator_catches(at: int, change: dict[str, Any], told: str) -> None:
    events = sound()
    events[at] |= change
    assert any(told in one for one in wrong(events)), wrong(events)


@pytest.mark.parametrize("key", ["name", "cat", "id2", "ts", "pid"])
def test_the_validator_misses_no_key(key: str) -> None:
    events = sound()
    del events[2][key]
    assert any(f"b without {key}" in one for one in wrong(events))


def test_the_validator_catches_an_identity_that_is_used_twice() -> None:
    events = sound()
    again = [{**e, "ts": 3} for e in events[2:4]]
    assert wrong([*events, *again]) == [
        "('state', '0x1') begins again: its identity is not its own"
    ]


def test_the_validator_catches_what_never_ends() -> None:
    events = sound()
    del events[3]
    assert wrong(events) == ["('state', '0x1') never ends"]


# ---- traces of runs -----------------------------------------------------------------------------


def test_a_run_keeps_every_rule_of_the_format(events: Events) -> None:
    assert wrong(events) == []
    assert len(events) > 200


def test_nodes_are_processes_and_rows_are_threads(events: Events) -> None:
    processes = {e["pid"]: e["args"]["name"] for e in events if e["name"] == "process_name"}
    assert [*processes.values()] == [
        "cluster",
        "node1",
        "node2",
        "hardware",
        "who answers",
        "outage",
    ]
    threads = {
        (processes[e["pid"]], e["args"]["name"]) for e in events if e["name"] == "thread_name"
    }
    for node in ("node1", "node2"):
        assert {(node, "daemon"), (node, "/webdata"), (node, "log of heartbeat")} <= threads
    assert ("hardware", "disk web") in threads


def test_a_track_is_called_as_its_row_and_holds_its_states(events: Events, heal: Run) -> None:
    row = next(e for e in events if e["ph"] == "b" and e["name"] == "/webdata")
    track = [e for e in events if e.get("id2") == row["id2"] and e["cat"] == row["cat"]]
    begun = [(e["name"], e["ts"]) for e in track if e["ph"] == "b"]
    held = [s for s in heal.spans("mount") if s.who == "node1"]
    assert begun == [("/webdata", held[0].begin), *(("mounted", s.begin) for s in held)]
    ended = [e["ts"] for e in track if e["ph"] == "e" and e["name"] == "mounted"]
    assert ended == [s.end for s in held]
    last = [e for e in track if e["ph"] == "b"][-1]
    assert last["args"]["open"] is True


def test_faults_violations_and_warnings_are_there(events: Events, heal: Run) -> None:
    faults = [(e["ts"], e["name"]) for e in events if e.get("cat") == "fault"]
    assert faults == [(f.at, str(f)) for f in heal.scenario.faults]
    violated = {e["name"] for e in events if e.get("cat") == "violation"}
    assert "violated: at-most-one-mounter" in violated
    warned = [e for e in events if e.get("cat") == "log"]
    lines = [x for x in heal.log() if any(f" {w}: " in x for w in ("WARN", "ERROR", "CRIT"))]
    assert len(warned) == len(lines)
    assert all(e["name"] in line for e, line in zip(warned, lines, strict=True))


def test_provenance_is_in_it_and_the_same_run_gives_the_same_bytes(heal: Run) -> None:
    text = heal.perfetto()
    assert text == perfetto_json(heal.trace, heal.violations, heal.outage)
    about = json.loads(text)["otherData"]
    assert about["digest"] == heal.digest
    assert about["scenario"] == "heal"
    assert all(type(value) is str for value in about.values())


def test_orders_and_what_heals_by_itself_are_told(webdata: Path) -> None:
    run = hasim.load(webdata).run(["1m cut node1:eth0 for 5s", "1m10s standby node1"], until="2m")
    events = perfetto_events(run.trace)
    assert wrong(events) == []
    told = [(e["cat"], e["name"]) for e in events if e["ph"] == "i" and e["cat"] != "log"]
    assert told == [
        ("fault", "1m cut node1:eth0 for 5s"),
        ("fault", "ends: 1m cut node1:eth0 for 5s"),
        ("order", "1m10s standby node1"),
    ]


def test_states_that_overlap_partly_lie_on_tracks_of_their_own() -> None:
    header = Header("0", "3.0.6", clocks=(Clock("node1", 0, 0),), until_us=10 * SECOND)
    violations = [
        Violation(SECOND, "p", "One.", (), 3 * SECOND),
        Violation(2 * SECOND, "p", "Two.", (), 4 * SECOND),
        Violation(4 * SECOND, "p", "Three.", ()),
    ]
    events = perfetto_events(Trace(header, []), violations)
    assert wrong(events) == []
    slices = [e for e in events if e["ph"] == "b" and e["name"].endswith(".")]
    assert [(e["name"], e["id2"]["local"]) for e in slices] == [
        ("One.", "0x1"), ("Two.", "0x2"), ("Three.", "0x1")
    ]  # fmt: skip


NAMES = st.sampled_from(["node1", "node2", 'a"b</script>', "ü\u2028"])
EVENTS = st.one_of(
    st.builds(ev.NodeDead, NAMES),
    st.builds(ev.NodeStatus, NAMES, st.sampled_from(["active", "dead", "up"])),
    st.builds(ev.LinkUp, NAMES, st.just("eth0")),
    st.builds(ev.LinkDead, NAMES, st.just("eth0")),
    st.builds(ev.AddressUp, NAMES, st.just("10.0.0.9/24")),
    st.builds(ev.AddressDown, NAMES, st.just("10.0.0.9/24")),
    st.builds(ev.FaultInjected, st.integers(0, 3), st.just("1s cut node1:eth0")),
    st.builds(ev.NodePoweredOff, NAMES, st.just("cord")),
    st.builds(ev.DaemonStarted, NAMES, st.just(7), st.just(1)),
    st.builds(ev.DaemonExited, NAMES, st.just(7), st.just("killed")),
    st.builds(ev.StonithRequested, st.just("pdu"), NAMES, st.just("reset")),
    st.builds(ev.StonithAnswered, st.just("pdu"), NAMES, st.just("reset"), st.integers(0, 1)),
)


@given(st.lists(st.tuples(st.integers(0, 5), EVENTS, NAMES), max_size=40))
def test_any_trace_keeps_the_rules(told: list[tuple[int, ev.Event, str]]) -> None:
    at, records = 0, []
    for seq, (gap, event, node) in enumerate(told):
        at += gap * SECOND
        records.append(Record(at, seq, Source(node, "heartbeat", 1), event, None))
    header = Header("0", "3.0.6", clocks=(Clock("node1", 0, 0),), until_us=at + SECOND)
    events = perfetto_events(Trace(header, records))
    assert wrong(events) == []
    assert json.loads(perfetto_json(Trace(header, records)))["traceEvents"] == events
