"""A log that is too long is cut, and says what it leaves out."""

from __future__ import annotations

import re

from hasim import events as ev
from hasim.monitors import Violation
from hasim.report.lines import log_entries
from hasim.trace import Clock, Header, Record, Source, Trace
from hasim.units import MINUTE, SECOND


def long_trace(lines: int, faults: tuple[int, ...], step: int = 10 * SECOND) -> Trace:
    """A trace of late heartbeats, with faults between them."""
    header = Header("0", "3.0.6", clocks=(Clock("node1", 0, 0),), until_us=lines * step)
    node, world = Source("node1", "heartbeat", 7), Source(None, "kernel", None)
    told = [(i * step, node, ev.LateHeartbeat("node2", 9000, False)) for i in range(lines)]
    told += [
        (at, world, ev.FaultInjected(i, f"{at}us cut node1:eth0")) for i, at in enumerate(faults)
    ]
    told.sort(key=lambda one: one[0])
    records = [Record(at, seq, who, event, None) for seq, (at, who, event) in enumerate(told)]
    return Trace(header, records)


def left_out(text: str) -> int:
    found = re.match(r"(\d+) lines left out|a line left out", text)
    assert found is not None
    return int(found[1] or 1)


def test_a_short_log_is_whole() -> None:
    told = log_entries(long_trace(100, (95 * SECOND,)))
    assert (told.lines, told.left_out) == (100, 0)
    assert [e.kind for e in told.entries].count("line") == 100
    assert [e.kind for e in told.entries].count("fault") == 1


def test_a_long_log_keeps_what_is_near_faults_and_counts_the_rest() -> None:
    faults = (5000 * SECOND, 90_000 * SECOND)
    trace = long_trace(20_000, faults)
    told = log_entries(trace, most=500)
    shown = [e for e in told.entries if e.kind == "line"]
    gaps = [left_out(e.text) for e in told.entries if e.kind == "gap"]
    assert len(shown) <= 540
    assert told.left_out == sum(gaps)
    assert len(shown) + sum(gaps) == told.lines == 20_000
    for fault in faults:
        near = [e for e in shown if fault - 10 * SECOND <= e.at <= fault + 2 * MINUTE]
        assert len(near) == 14
    assert [e.at for e in shown[:2]] == [0, 10 * SECOND]
    assert shown[-1].at == 199_990 * SECOND


def test_the_rows_are_in_order_of_time_and_violations_come_before_faults_in_need_of_room() -> None:
    faults = tuple(range(SECOND, 400_000 * SECOND, 400 * SECOND))
    trace = long_trace(40_000, faults)
    violation = Violation(350_003 * SECOND, "at-most-one-mounter", "Two.", ())
    told = log_entries(trace, [violation], most=1000)
    ats = [e.at for e in told.entries]
    assert ats == sorted(ats)
    lines = [e for e in told.entries if e.kind == "line"]
    assert [e for e in lines if 350_000 * SECOND <= e.at <= 350_100 * SECOND]
    assert len(lines) <= 1040
    assert [e.text for e in told.entries if e.kind == "violation"] == [
        "violated: at-most-one-mounter: Two."
    ]


def test_warnings_and_errors_are_marked() -> None:
    told = log_entries(long_trace(3, ()))
    assert {e.level for e in told.entries} == {"warn"}
    assert {e.colour for e in told.entries} == {0}
