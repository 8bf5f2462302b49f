"""The summary."""

from __future__ import annotations

from hasim.render import summary
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
