"""Spans: who held what from when to when."""

from __future__ import annotations

import pytest

from hasim import events as ev
from hasim.trace import Record, Source, Span, spans
from tests.trace.sample import sample


def test_a_span_ends_where_the_next_begins_and_the_last_is_open() -> None:
    assert sample().spans("link") == [
        Span("node2", "node1:eth1", "up", 500_000, 17_000_000, False),
        Span("node2", "node1:eth1", "dead", 17_000_000, 60_000_000, True),
    ]


def test_death_is_a_status() -> None:
    assert [(s.value, s.begin) for s in sample().spans("status")] == [
        ("active", 500_000),
        ("dead", 16_000_000),
    ]


def test_loss_of_power_ends_what_a_node_held_and_believed() -> None:
    assert sample().spans("mount") == [
        Span("node1", "/webdata", "held", 1_000_000, 10_000_000, False)
    ]
    assert sample().spans("local") == [Span("node1", "node1", "up", 0, 10_000_000, False)]
    assert sample().spans("power") == [Span("node1", "node1", "off", 10_000_000, 60_000_000, True)]


def test_the_end_of_a_daemon_ends_beliefs_but_not_addresses() -> None:
    heartbeat = Source("node1", "heartbeat", 1)
    told = [
        (1, ev.LinkUp("node2", "eth0")),
        (2, ev.AddressUp("node1", "10.0.0.1/24")),
        (3, ev.DaemonExited("node1", 1, "killed")),
    ]
    records = [Record(at, i, heartbeat, event, None) for i, (at, event) in enumerate(told)]
    assert spans(records, "link", 9) == [Span("node1", "node2:eth0", "up", 1, 3, False)]
    assert spans(records, "address", 9) == [Span("node1", "10.0.0.1/24", "held", 2, 9, True)]


def test_a_mount_is_a_span_of_its_directory_and_of_its_disk() -> None:
    assert [(s.who, s.what) for s in sample().spans("disk")] == [("node1", "/dev/sdb5")]
    assert [(s.who, s.what) for s in sample().spans("mount")] == [("node1", "/webdata")]
    assert sample().spans("address") == []


def test_another_node_that_answers_ends_the_span_of_the_first() -> None:
    client = Source(None, "client", None)
    told: list[tuple[int, ev.Event]] = [
        (1, ev.ServiceAnswered("10.0.0.9", "node1")),
        (4, ev.ServiceAnswered("10.0.0.9", "node2")),
        (6, ev.ServiceSilent("10.0.0.9", "node2")),
    ]
    records = [Record(at, i, client, event, None) for i, (at, event) in enumerate(told)]
    assert spans(records, "answer", 9) == [
        Span("client", "10.0.0.9", "node1", 1, 4, False),
        Span("client", "10.0.0.9", "node2", 4, 6, False),
    ]


def test_a_script_counts_as_started_from_its_success_to_its_stop_or_the_loss_of_power() -> None:
    told: list[tuple[int, ev.Event]] = [
        (1, ev.ScriptEnded("node1", "apache", ("a", "b"), "start", 1)),
        (2, ev.ScriptEnded("node1", "apache", ("a", "b"), "start", 0)),
        (3, ev.ScriptEnded("node1", "apache", ("a", "b"), "status", 0)),
        (5, ev.ScriptBegan("node1", "apache", ("a", "b"), "stop")),
        (6, ev.ScriptEnded("node1", "Raid1", (), "start", 0)),
        (8, ev.NodePoweredOff("node1", "power lost")),
    ]
    kernel = Source("node1", "kernel", None)
    records = [Record(at, i, kernel, event, None) for i, (at, event) in enumerate(told)]
    assert spans(records, "script", 9) == [
        Span("node1", "apache a b", "started", 2, 5, False),
        Span("node1", "Raid1", "started", 6, 8, False),
    ]


def test_hangs_and_parts_that_do_not_work_are_spans() -> None:
    told: list[tuple[int, ev.Event]] = [
        (1, ev.NodeHung("node1")),
        (2, ev.WireCut("node1:eth0", "both")),
        (3, ev.NodeThawed("node1")),
        (4, ev.SwitchDown("san")),
        (5, ev.WireRestored("node1:eth0", "both")),
        (6, ev.SwitchUp("san")),
        (7, ev.DiskCorrupted("web")),
    ]
    kernel = Source(None, "kernel", None)
    records = [Record(at, i, kernel, event, None) for i, (at, event) in enumerate(told)]
    assert spans(records, "hang", 9) == [Span("node1", "node1", "hung", 1, 3, False)]
    assert spans(records, "part", 9) == [
        Span("node1:eth0", "both", "cut", 2, 5, False),
        Span("san", "san", "off", 4, 6, False),
        Span("web", "web", "corrupt", 7, 9, True),
    ]


def test_a_part_works_again_when_the_last_fault_that_keeps_it_from_working_ends() -> None:
    told: list[tuple[int, ev.Event]] = [
        (1, ev.WireCut("node1:eth0", "both")),
        (2, ev.WireCut("node1:eth0", "both")),
        (3, ev.WireRestored("node1:eth0", "both")),
        (5, ev.WireRestored("node1:eth0", "both")),
        (6, ev.WireCut("node1:eth0", "both")),
    ]
    kernel = Source(None, "kernel", None)
    records = [Record(at, i, kernel, event, None) for i, (at, event) in enumerate(told)]
    assert spans(records, "part", 9) == [
        Span("node1:eth0", "both", "cut", 1, 5, False),
        Span("node1:eth0", "both", "cut", 6, 9, True),
    ]


def test_saying_the_same_again_does_not_cut_a_span() -> None:
    source = Source("node1", "heartbeat", 1)
    records = [Record(at, at, source, ev.LinkUp("node2", "eth0"), None) for at in (1, 2, 3)]
    assert spans(records, "link", 9) == [Span("node1", "node2:eth0", "up", 1, 9, True)]


def test_an_unknown_kind_is_refused_with_a_sentence() -> None:
    with pytest.raises(ValueError, match="no spans of 'colour'; there are address, answer, disk"):
        sample().spans("colour")  # type: ignore[arg-type]
