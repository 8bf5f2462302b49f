"""The summary."""

from __future__ import annotations

from hasim.render import Section, summary
from hasim.trace import Trace
from tests.trace.sample import HEADER, sample


def test_the_summary_tells_nodes_and_turning_points() -> None:
    text = summary(sample())
    lines = text.splitlines()
    assert lines[0] == (
        f"test3-power-cord: Heartbeat 3.0.6, seed 7, 1m, digest {sample().digest()}"
    )
    assert lines[2].split() == ["node", "status", "sees", "deaths", "links", "up", "links", "dead"]
    assert lines[3].split() == ["node1", "-", "-", "0", "0", "0"]
    assert lines[4].split() == ["node2", "-", "node1", "dead", "1", "1", "1"]
    assert "10s  -      node1 loses power (pulled)." in text
    assert "16s  node2  node1 is declared dead." in text


def test_the_summary_of_an_empty_trace_has_its_nodes() -> None:
    lines = summary(Trace(HEADER, [])).splitlines()
    assert [line.split()[0] for line in lines[2:]] == ["node", "node1", "node2"]


def test_sections_stand_between_the_nodes_and_the_turning_points() -> None:
    held = Section("held", [("group", "on"), ("10.0.0.9", "node1")], ("a remark",))
    lines = summary(sample(), [held, Section("empty", (), ("only a remark",))]).splitlines()
    at = lines.index("group     on")
    assert lines[at : at + 6] == [
        "group     on",
        "10.0.0.9  node1",
        "a remark",
        "",
        "only a remark",
        "",
    ]
    assert "loses power" in "".join(lines[at + 6 :])
