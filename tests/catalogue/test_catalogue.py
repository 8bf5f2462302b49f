"""The catalogue as a whole: both directions, both dialects, the judge's vocabulary."""

from __future__ import annotations

import gzip
import importlib
import json
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hasim import events as ev
from hasim.catalogue import DIALECTS, ENTRIES, Entry, Line, canonical, event_of, line_of
from tests.catalogue.strategies import events_for, name_of, wordings


@pytest.fixture(scope="module")
def judge(shared: Path) -> Iterator[Any]:
    sys.path.insert(0, str(shared))
    try:
        yield importlib.import_module("conform.canonical")
    finally:
        sys.path.remove(str(shared))


@pytest.mark.parametrize("wording", wordings(), ids=name_of)
@settings(max_examples=6)
@given(data=st.data())
def test_whatever_is_printed_is_read(wording: tuple[Entry, str], data: st.DataObject) -> None:
    entry, dialect = wording
    event = data.draw(events_for(entry, dialect))
    line = line_of(event, dialect)
    assert line is not None
    if entry.reads:
        assert event_of(*line, dialect) == event
        # The one line that means different things in the two versions.
        if entry.kind is not ev.HistoryFilling:
            assert event_of(*line) == event
    else:
        assert event_of(*line, dialect) != event


@settings(max_examples=200)
@given(st.sampled_from([*DIALECTS, None]), st.text(max_size=20), st.text(max_size=60))
def test_any_text_is_an_event_or_nothing(dialect: str | None, tag: str, text: str) -> None:
    for level in ("info", "WARN", "ERROR", ""):
        for program in (tag, "heartbeat", "ResourceManager", "IPaddr"):
            found = event_of(program, level, text, dialect)
            assert found is None or isinstance(found, ev.Event)


def test_a_number_too_long_to_be_one_is_no_event() -> None:
    assert event_of("heartbeat", "info", f"Heartbeat generation: {'9' * 5000}") is None


def test_every_belief_has_wording_and_no_fact_has() -> None:
    # A boot is read from whatever shows it, and never printed.
    worded = {entry.kind for entry in ENTRIES} | {ev.BootSeen}
    assert {k.__name__ for k in ev.EVENTS.values() if not k.truth} == {k.__name__ for k in worded}


def test_a_fact_has_no_line() -> None:
    assert line_of(ev.WireCut("node1:eth0", "both"), "3.0.6") is None


@pytest.mark.parametrize(
    ("event", "old", "new"),
    [
        (ev.PacemakerSupport(), None, ("heartbeat", "info", "Pacemaker support: false")),
        (
            ev.TriggerHandlerAdded(),
            ("heartbeat", "info", "G_main_add_TriggerHandler: Added signal manual handler"),
            ("heartbeat", "info", "G_main_add_TriggerHandler: Added signal manual handler"),
        ),
        (
            ev.LateHeartbeat("node2", 31_000, True),
            ("heartbeat", "WARN", "Late heartbeat: Node node2: interval 31000 ms"),
            ("heartbeat", "CRIT", "Late heartbeat: Node node2: interval 31000 ms (> deadtime)"),
        ),
        (
            ev.RcScriptRun("status"),
            ("harc", "info", "Running /etc/ha.d/rc.d/status status"),
            ("harc(default)", "info", "Running /etc/ha.d//rc.d/status status"),
        ),
        (
            ev.ChildKilled("/usr/lib/heartbeat/ipfail", 3712, 9),
            (
                "heartbeat",
                "WARN",
                "Exiting /usr/lib/heartbeat/ipfail process 3712 killed by signal 9.",
            ),
            (
                "heartbeat",
                "WARN",
                "Managed /usr/lib/heartbeat/ipfail process 3712 killed by signal 9"
                " [SIGKILL - Kill, unblockable].",
            ),
        ),
        (
            ev.ChildExited("STONITH node1", 9, 1),
            ("heartbeat", "WARN", "Exiting STONITH node1 process 9 returned rc 1."),
            ("heartbeat", "WARN", "Managed STONITH node1 process 9 exited with return code 1."),
        ),
        (
            ev.ChildExited("STONITH node1", 9, 0),
            ("heartbeat", "info", "Exiting STONITH node1 process 9 returned rc 0."),
            ("heartbeat", "info", "Managed STONITH node1 process 9 exited with return code 0."),
        ),
        (
            ev.AgentResult("IPaddr", "Resource is stopped", "10.0.0.1"),
            ("IPaddr", "INFO", " Resource is stopped"),
            (
                "/usr/lib/ocf/resource.d//heartbeat/IPaddr(IPaddr_10.0.0.1)",
                "INFO",
                " Resource is stopped",
            ),
        ),
        (
            ev.AddressUnconfigure("eth0:0", "10.0.0.1", "10.0.0.1"),
            ("IPaddr", "INFO", "/sbin/ifconfig eth0:0 10.0.0.1 down"),
            ("IPaddr(IPaddr_10.0.0.1)", "INFO", "ifconfig eth0:0 down"),
        ),
        (
            ev.PartitionSeeUrl(),
            (
                "heartbeat",
                "info",
                "For information on cluster partitions, See URL: http://linux-ha.org/SplitBrain",
            ),
            (
                "heartbeat",
                "info",
                "For information on cluster partitions, See URL:"
                " http://linux-ha.org/wiki/Split_Brain",
            ),
        ),
        (
            ev.ConfigComplaint("ERROR", "no such thing"),
            ("heartbeat", "ERROR", "no such thing"),
            ("heartbeat", "ERROR", "no such thing"),
        ),
    ],
)
def test_the_versions_word_it_each_in_their_way(
    event: ev.Event, old: tuple[str, str, str] | None, new: tuple[str, str, str]
) -> None:
    assert line_of(event, "2.0.8") == (Line(*old) if old else None)
    assert line_of(event, "3.0.6") == Line(*new)


def test_a_killed_child_is_read_as_core_process_or_client() -> None:
    assert canonical(ev.ChildKilled("HBREAD", 7, 9)) == (
        "mcp",
        "child-died",
        {"child": "HBREAD", "signal": "9"},
    )
    assert canonical(ev.ChildKilled("/usr/lib/heartbeat/ipfail", 7, 9)) == (
        "mcp",
        "client-exit",
        {"name": "ipfail", "signal": "9"},
    )


def test_facts_have_their_place_in_the_vocabulary() -> None:
    began = ev.ScriptBegan("node1", "Filesystem", ("/dev/sdb5", "/webdata", "ext3"), "start")
    assert canonical(began) == (
        "script",
        "rsc-begin",
        {"rsc": "Filesystem", "op": "start", "args": "/dev/sdb5 /webdata ext3"},
    )
    fault = ev.FaultInjected(2, "60s cut node1:eth0")
    assert canonical(fault) == ("lab", "fault", {"i": "2", "do": "cut"})
    assert canonical(ev.PacketSent("node1", "status", 1, 1, "eth0")) is None


@pytest.mark.parametrize("wording", [w for w in wordings() if w[1] == "3.0.6"], ids=name_of)
@settings(max_examples=4)
@given(data=st.data())
def test_the_judge_reads_our_lines_as_we_mean_them(
    judge: Any, wording: tuple[Entry, str], data: st.DataObject
) -> None:
    event = data.draw(events_for(*wording))
    line = line_of(event, "3.0.6")
    assert line is not None
    verdict, found = judge.classify(*line)
    if verdict == "rule":
        rule, args = found
        assert canonical(event) == (rule.role, rule.kind, args)
    else:
        assert canonical(event) is None


def _recorded(shared: Path) -> Iterator[tuple[str, str, str]]:
    for scenario in sorted(p for p in (shared / "traces").iterdir() if p.is_dir()):
        run = min(p for p in scenario.iterdir() if (p / "trace.jsonl.gz").exists())
        with gzip.open(run / "trace.jsonl.gz", "rt", encoding="utf-8") as stream:
            for text in stream:
                data = json.loads(text)
                if data["src"] == "log":
                    yield data["prog"], data["level"] or "", data["text"]


@pytest.mark.conformance
def test_every_recorded_line_is_read_and_printed_again_byte_for_byte(
    shared: Path, judge: Any
) -> None:
    lines = Counter(_recorded(shared))
    assert lines.total() > 20_000
    unread, changed, misread = [], [], []
    for line in lines:
        event = event_of(*line)
        if event is None:
            unread.append(line)
            continue
        if line_of(event, "3.0.6") != line:
            changed.append(line)
        verdict, found = judge.classify(*line)
        wanted = (found[0].role, found[0].kind, found[1]) if verdict == "rule" else None
        if canonical(event) != wanted:
            misread.append(line)
    assert (unread, changed, misread) == ([], [], [])
