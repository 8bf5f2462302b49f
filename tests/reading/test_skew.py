"""Clocks that drift, and clocks that are set: told from the messages of long logs."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import hasim
from hasim import events as ev
from hasim.reading.course import Course
from hasim.reading.skew import Skew, estimated
from hasim.render import log_lines
from hasim.run import Run
from hasim.trace import Clock, Trace
from hasim.units import DAY, HOUR, MINUTE, SECOND, Micros
from tests.reading.made import ROOT
from tests.reading.support import written

START: Micros = 1_180_000_000 * SECOND
STEP_AT: Micros = 60 * HOUR + 30 * MINUTE
Clocks = Callable[[Micros], Micros]


@cache
def restarts() -> Run:
    """Six days in which node1 is stopped and started again at irregular times."""
    draw = random.Random(7)
    faults, hour = [], 1.0
    while hour < 140:
        faults += [f"{round(hour * 3600)}s stop node1", f"{round(hour * 3600) + 1800}s start node1"]
        hour += draw.uniform(1, 9)
    model = hasim.load(ROOT / "models" / "webdata", dialect="3.0.6")
    # Few heartbeats, so that it is quickly simulated; none of them is in the log.
    return model.with_(keepalive="10", warntime="50", deadtime="100").run(faults, until="144h")


@cache
def told() -> list[tuple[str, Micros, ev.Event]]:
    return [(r.source.node or "", r.at, r.event) for r in restarts().trace.log()]


def skews_under(ahead: Clocks) -> list[Skew]:
    """Read what both nodes log where the clock of node2 is so much ahead at each time."""
    lines: dict[str, list[tuple[Micros, ev.Event]]] = {"node1": [], "node2": []}
    for node, at, event in told():
        shown = at + (ahead(at) if node == "node2" else 0)
        lines[node].append(((START + shown) // SECOND * SECOND, event))
    return estimated(lines)


def worst(skews: list[Skew], ahead: Clocks) -> Micros:
    """Return by how much the time of node2's lines is wrong at most."""
    course = Course.even(0).then(skews)
    times = [at for node, at, _ in told() if node == "node2"]
    return max(abs(course.time(START + at + ahead(at)) - START - at) for at in times)


@settings(max_examples=25, deadline=None)
@given(ppm=st.integers(-150, 150), offset=st.integers(-3 * DAY, 3 * DAY))
def test_a_drift_is_found_over_days(ppm: int, offset: Micros) -> None:
    def ahead(at: Micros) -> Micros:
        return offset + at * ppm // 1_000_000

    skews = skews_under(ahead)
    assert len(skews) == 1
    assert worst(skews, ahead) < 1.5 * SECOND
    if abs(ppm) > 5:
        assert abs(skews[0].drift_ppb / 1000 - ppm) <= 3
        assert ("gains" if ppm > 0 else "loses") in str(skews[0])


@pytest.mark.parametrize("by", [47 * MINUTE, -47 * MINUTE, 10 * MINUTE])
def test_a_clock_that_was_set_in_a_silence_is_found(by: Micros) -> None:
    """Where node2 seems to be set back and its lines do not go back, node1 was set forward."""

    def ahead(at: Micros) -> Micros:
        return -71 * SECOND + (by if at > STEP_AT else 0)

    skews = skews_under(ahead)
    assert [skew.odd for skew in skews] == [0, 0]
    assert skews[0].offset_us == -71 * SECOND
    assert skews[1].offset_us == by - 71 * SECOND
    assert worst(skews, ahead) < 1.5 * SECOND
    assert str(skews[1]).startswith("from 2007-05-")


@pytest.mark.parametrize("by", [8, 25, -25])
def test_a_small_step_is_found_among_messages_that_contradict(by: int) -> None:
    """It may be a drift as well, until there are more messages: then the best cut is found."""

    def ahead(at: Micros) -> Micros:
        return by * SECOND if at > STEP_AT else 0

    skews = skews_under(ahead)
    assert [round(skew.offset_us / SECOND) for skew in skews] == [0, by]
    assert [skew.odd for skew in skews] == [0, 0]
    assert worst(skews, ahead) < 1.5 * SECOND


def test_a_jump_that_no_silence_allows_is_not_believed() -> None:
    """A node that writes all the time was not set forward by an hour."""
    lines: dict[str, list[tuple[Micros, ev.Event]]] = {"node1": [], "node2": []}
    for i in range(30):
        at = START + i * HOUR
        status = ev.LocalStatus("active")
        lines["node1"].append((at, status))
        late = HOUR if i >= 20 else 0
        lines["node2"].append((at + late, ev.NodeStatus("node1", "active")))
        # The clock of node2 goes on between the messages, without any jump.
        lines["node2"] += [(at + k * MINUTE, ev.LinkUp("node1", "eth0")) for k in range(1, 60)]
    lines["node2"].sort(key=lambda line: line[0])
    (skew,) = estimated(lines)
    assert abs(skew.offset_us) <= SECOND


@pytest.mark.parametrize("ppm", [-90, 60])
def test_logs_of_a_drifting_clock_are_merged_and_shown_as_they_were(
    tmp_path: Path, ppm: int
) -> None:
    clocks = (Clock("node1", 0, 0), Clock("node2", -30 * SECOND, ppm))
    run = restarts()
    trace = Trace(replace(run.trace.header, clocks=clocks), run.trace.records)
    names = [
        written(tmp_path, "\n".join(log_lines(trace, node, "syslog")) + "\n", f"messages.{node}")
        for node in run.nodes
    ]
    read = hasim.read_logs(*names)
    for node in run.nodes:
        assert list(read.log(node)) == list(log_lines(trace, node, "syslog"))
    assert [one.drift_ppb / 1000 for one in read.skews] == [pytest.approx(ppm, abs=3)]
    true = [r for r in run.trace.log() if isinstance(r.event, ev.GroupAcquire)]
    seen = [r for r in read.records if isinstance(r.event, ev.GroupAcquire)]
    first = run.trace.log().__next__().at
    for one, other in zip(true, seen, strict=True):
        assert abs(one.at - first - other.at) < 3 * SECOND
    (row,) = read.rows("skews")
    assert (row["node"], row["drift_ppm"]) == ("node2", read.skews[0].drift_ppb / 1000)


def test_a_clock_that_was_set_is_told_in_the_merged_log(tmp_path: Path) -> None:
    """The lines of node2 are shown with its own stamps before and after."""
    run, by = restarts(), 47 * MINUTE
    early, late = (
        Trace(
            replace(run.trace.header, clocks=(Clock("node1", 0, 0), Clock("node2", ahead, 0))),
            run.trace.records,
        )
        for ahead in (0, by)
    )
    both = zip(
        [at for node, at, _ in told() if node == "node2"],
        log_lines(early, "node2", debug=True),
        log_lines(late, "node2", debug=True),
        strict=True,
    )
    text = [after if at > STEP_AT else before for at, before, after in both]
    names = [
        written(tmp_path, "\n".join(log_lines(early, "node1")) + "\n", "messages.node1"),
        written(tmp_path, "\n".join(text) + "\n", "messages.node2"),
    ]
    read = hasim.read_logs(*names)
    assert list(read.log("node2", debug=True)) == text
    assert [one.offset_us for one in read.skews] == [0, by]
    assert [one.kind for one in read.incidents if one.kind == "clock"] == ["clock"]
    assert any(remark.startswith("from 2007-") for remark in read.remarks)


def test_two_messages_one_way_do_not_set_a_clock() -> None:
    """A status that is heard late, once or twice, tells nothing of clocks."""

    lines: dict[str, list[tuple[Micros, ev.Event]]] = {"node1": [], "node2": []}
    for i in range(20):
        at = START + i * HOUR
        odd = 14 * SECOND if i in (9, 10) else 0
        lines["node1"].append((at, ev.LocalStatus("active")))
        lines["node2"].append((at + odd, ev.NodeStatus("node1", "active")))
        if not odd:
            lines["node2"].append((at + MINUTE, ev.LocalStatus("up")))
            lines["node1"].append((at + MINUTE, ev.NodeStatus("node2", "up")))
    (skew,) = estimated(lines)
    assert (skew.offset_us, skew.since_us) == (0, None)
    assert skew.uncertainty_us == SECOND


def rebooted(
    by: Micros, drift_ppm: int = 0
) -> tuple[dict[str, list[tuple[Micros, ev.Event]]], int]:
    """A node is quiet for days, is stopped, and boots with its clock set by so much."""
    boot = START + 6 * DAY + 90 * SECOND

    def second(at: Micros) -> Micros:
        return at + (at - START) * drift_ppm // 1_000_000 + (by if at >= boot else 0)

    lines: dict[str, list[tuple[Micros, ev.Event]]] = {"node1": [], "node2": []}

    def told_of(at: Micros, sent: ev.Event, heard: ev.Event, forth: bool) -> None:
        one, other = ("node1", "node2") if forth else ("node2", "node1")
        for node, event in ((one, sent), (other, heard)):
            lines[node].append((second(at) if node == "node2" else at, event))

    for begin in (START, boot):
        if begin == boot:
            told_of(boot - 60 * SECOND, ev.GiveupDone(), ev.ShutdownNotice("node2"), forth=False)
            lines["node2"].append((second(boot), ev.BootSeen()))
        for i, status in enumerate(("up", "active")):
            at = begin + (10 + i) * SECOND
            told_of(at, ev.LocalStatus(status), ev.NodeStatus("node2", status), forth=False)
            told_of(at, ev.LocalStatus(status), ev.NodeStatus("node1", status), forth=True)
    return lines, second(boot)


@pytest.mark.parametrize("by", [-40 * SECOND, 40 * SECOND, -8 * SECOND])
def test_a_clock_that_is_set_at_a_boot_is_told_from_a_drift_by_one_message(by: Micros) -> None:
    """The shutdown before the boot fits what was before it, and no drift."""
    lines, boot = rebooted(by)
    before, after = estimated(lines)
    assert (before.offset_us, before.drift_ppb, before.since_us) == (0, 0, None)
    assert (after.offset_us, after.drift_ppb, after.since_us) == (by, 0, boot)
    assert (before.odd, after.odd) == (0, 0)


def test_a_drift_over_a_boot_is_no_step() -> None:
    lines, _ = rebooted(0, drift_ppm=60)
    (skew,) = estimated(lines)
    assert abs(skew.drift_ppb - 60_000) < 3_000
    assert skew.odd == 0


def test_beside_a_boot_of_the_other_node_a_few_messages_one_way_will_do() -> None:
    lines, boot = rebooted(0)
    late = boot - 1
    for node in lines:
        lines[node] = [line for line in lines[node] if line[0] <= late - MINUTE]
    lines["node1"].append((boot + HOUR, ev.BootSeen()))
    for i, status in enumerate(("up", "active", "up")):
        at = boot + (20 + 10 * i) * SECOND
        lines["node1"].append((at + HOUR, ev.LocalStatus(status)))
        lines["node2"].append((at, ev.NodeStatus("node1", status)))
    before, after = estimated(lines)
    assert (before.offset_us, before.odd) == (0, 0)
    assert abs(after.offset_us + HOUR) <= SECOND
    assert after.since_us is not None
    assert abs(after.since_us - boot) <= 2 * SECOND
