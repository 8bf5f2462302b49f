"""A short part of a run as a Mermaid sequence diagram."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import hasim
from hasim import events as ev
from hasim.errors import HasimError
from hasim.monitors import Violation
from hasim.render import mermaid_text
from hasim.run import Run
from hasim.trace import Clock, Header, Record, Source, Trace
from hasim.units import SECOND

ARROW = re.compile(r"    n\d(->>|-x)n\d: .+")
NOTE = re.compile(r"    Note over n\d(,n\d)?: .+")
NAMED = re.compile(r"    participant n\d as .+")


@pytest.fixture(scope="module")
def run(webdata: Path) -> Run:
    """Cables are cut: packets are lost, and both nodes take over."""
    return hasim.load(webdata).run(scenario="heal", packets=True)


def test_every_line_is_a_participant_an_arrow_or_a_note(run: Run) -> None:
    lines = run.mermaid("5m28s", "5m31s").splitlines()
    assert lines[:3] == [
        "sequenceDiagram", "    participant n0 as node1", "    participant n1 as node2"
    ]  # fmt: skip
    for line in lines[3:]:
        assert ARROW.fullmatch(line) or NOTE.fullmatch(line), line
    assert 5 < len([line for line in lines if ARROW.fullmatch(line)]) <= 40


def test_what_is_lost_ends_in_a_cross_and_names_its_media(run: Run) -> None:
    text = run.mermaid("5m28s", "5m31s")
    assert "    n1-xn0: stonith (eth1, eth0)" in text
    assert "->>" not in text
    assert "    n0->>n1: " in run.mermaid("7m", "7m500ms")


def test_faults_decisions_and_violations_are_notes(run: Run) -> None:
    text = run.mermaid("5m", "5m31s", kinds=["resource"])
    assert "    Note over n0,n1: fault 1: 5m cut node1:eth1" in text
    assert "    Note over n1: 5m28s993ms declares node1 dead" in text
    assert "violated: node1 and node2 have the address" in text


def test_a_long_part_is_refused_with_what_to_do_instead(run: Run) -> None:
    with pytest.raises(HasimError, match=r"\d+ arrows .*beyond 40 arrows.*--messages FILE\.svg"):
        run.mermaid()
    with pytest.raises(HasimError, match="lies outside the run"):
        run.mermaid("20m", "21m")


def test_without_packets_there_are_notes_and_a_comment(webdata: Path) -> None:
    plain = hasim.load(webdata).run(scenario="heal")
    lines = plain.mermaid("5m28s", "5m31s").splitlines()
    assert "    %% Packets were not recorded: there are no messages." in lines
    assert not [line for line in lines if ARROW.fullmatch(line)]
    assert [line for line in lines if NOTE.fullmatch(line)]


def test_hostile_names_cannot_end_a_line_or_begin_a_statement() -> None:
    bad = 'n;1\nNote over n0: x#<b>%%"'
    header = Header("0", "3.0.6", clocks=(Clock(bad, 0, 0),), until_us=9 * SECOND)
    source = Source(bad, "heartbeat", 1)
    trace = Trace(header, [Record(SECOND, 0, source, ev.NodeDead(bad), None)])
    text = mermaid_text(trace, violations=[Violation(SECOND, "p", bad, ())])
    lines = text.splitlines()
    assert len(lines) == 5
    assert NAMED.fullmatch(lines[1])
    for line in (lines[1], *lines[3:]):
        words = re.sub(r"#(35|37|59|lt|gt);", "", line)
        assert not set("#<>%;") & set(words)


def test_a_trace_of_no_node_is_an_empty_diagram() -> None:
    assert mermaid_text(Trace(Header("0", "3.0.6"), [])).startswith("sequenceDiagram\n")
