"""Traces in the judge's vocabulary."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path

from hasim import events as ev
from hasim.render import canonical_events, log_lines
from hasim.trace import Recorder, Source, Trace
from tests.trace.sample import HEADER, N1, N2, WORLD, sample


def trace_of(*told: tuple[int, Source, ev.Event]) -> Trace:
    recorder = Recorder()
    for at, source, event in told:
        recorder.emit(at, source, event)
    return Trace(HEADER, recorder.records)


def test_events_carry_seconds_node_role_kind_and_args() -> None:
    events = list(canonical_events(sample()))
    assert events[1] == {
        "t": 0.5,
        "node": "node2",
        "role": "mcp",
        "kind": "link-up",
        "args": {"peer": "node1", "medium": "eth1"},
    }
    assert [(e["role"], e["node"]) for e in events if e["kind"] in ("fault", "power-off")] == [
        ("lab", "node1"),
        ("kernel", "node1"),
    ]


def test_a_generation_becomes_its_rank_among_those_of_the_node() -> None:
    told = [
        (i, N1, ev.GenerationSet(g)) for i, g in enumerate((1795331788, 1795331790, 1795331788))
    ]
    events = canonical_events(trace_of(*told, (9, N2, ev.GenerationSet(5))))
    assert [e["args"]["gen"] for e in events] == ["1", "2", "1", "1"]


def test_a_job_is_told_by_boot_and_pid() -> None:
    harc = Source("node1", "harc", 145)
    events = list(
        canonical_events(
            trace_of(
                (0, WORLD, ev.NodeBooted("node1")),
                (1, harc, ev.RcScriptRun("status")),
                (2, WORLD, ev.NodePoweredOff("node1", "pulled")),
                (3, WORLD, ev.NodePoweredOn("node1")),
                (4, WORLD, ev.NodeBooted("node1")),
                (5, harc, ev.RcScriptRun("status")),
            )
        )
    )
    assert [e.get("job") for e in events] == ["0.145", None, None, "1.145"]
    assert [e["kind"] for e in events] == ["run", "power-off", "power-on", "run"]
    assert [e["t"] for e in events][2] == 4e-6


def test_an_address_that_goes_with_the_power_is_not_told() -> None:
    events = canonical_events(
        trace_of(
            (0, WORLD, ev.AddressDown("node1", "10.0.0.9/24")),
            (1, WORLD, ev.NodePoweredOff("node1", "pulled")),
            (1, WORLD, ev.AddressDown("node1", "10.0.0.9/24")),
            (1, WORLD, ev.AddressDown("node2", "10.0.0.8/24")),
            (2, WORLD, ev.NodePoweredOn("node1")),
            (3, WORLD, ev.AddressDown("node1", "10.0.0.9/24")),
        )
    )
    assert [e["node"] for e in events if e["kind"] == "vip-down"] == ["node1", "node2", "node1"]


def test_the_judge_accepts_our_events_and_our_log(shared: Path, tmp_path: Path) -> None:
    sys.path.insert(0, str(shared))
    try:
        simfile = importlib.import_module("conform.simfile")
    finally:
        sys.path.remove(str(shared))
    for event in canonical_events(sample()):
        assert simfile.check_event(dict(event), "here")
    (tmp_path / "01.node2.log").write_text(
        "\n".join(log_lines(sample(), "node2", "ha-log", debug=True))
    )
    read = simfile.read_log(tmp_path / "01.node2.log", "node2")
    assert [line[1] for line in read] == ["mcp", "mcp", "mcp", "mcp", "queue", "mcp"]
