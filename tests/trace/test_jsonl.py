"""Traces on disk."""

from __future__ import annotations

import io
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hasim.errors import ConfigError
from hasim.trace import Clock, Header, Record, Source, Trace
from tests.events.test_base import any_event
from tests.trace.sample import sample


def written(trace: Trace) -> list[str]:
    stream = io.StringIO()
    trace.to_jsonl(stream)
    return stream.getvalue().splitlines(keepends=True)


SOURCES = st.builds(
    Source, st.none() | st.text(max_size=5), st.text(max_size=5), st.none() | st.integers()
)


@st.composite
def any_trace(draw: st.DrawFn) -> Trace:
    gaps = draw(st.lists(st.integers(0, 10**15), max_size=5))
    records: list[Record] = []
    for seq, gap in enumerate(gaps):
        at = gap + (records[-1].at if records else 0)
        cause = draw(st.none() | st.integers(0, seq - 1)) if seq else None
        records.append(Record(at, seq, draw(SOURCES), draw(any_event()), cause))
    nodes = draw(st.lists(st.text(max_size=5), unique=True, max_size=3))
    header = Header(
        version=draw(st.text(max_size=5)),
        dialect="2.0.8",
        seed=draw(st.integers()),
        faults=tuple(draw(st.lists(st.text(max_size=5), max_size=3))),
        configs=tuple((node, draw(st.text(max_size=5))) for node in nodes),
        clocks=tuple(Clock(node, draw(st.integers()), draw(st.integers())) for node in nodes),
        until_us=draw(st.none() | st.integers(0)),
    )
    return Trace(header, records)


@given(any_trace())
def test_a_trace_survives_the_way_to_disk_and_back(trace: Trace) -> None:
    stream = io.StringIO()
    trace.to_jsonl(stream)
    stream.seek(0)
    again = Trace.from_jsonl(io.StringIO(stream.getvalue(), newline="\n"))
    assert again == trace
    assert again.digest() == trace.digest()


def refused(lines: list[str]) -> list[str]:
    with pytest.raises(ConfigError) as caught:
        Trace.from_jsonl(lines, "run.jsonl")
    return [str(problem) for problem in caught.value.problems]


def changed(number: int, **values: object) -> list[str]:
    lines = written(sample())
    lines[number] = json.dumps({**json.loads(lines[number]), **values})
    return refused(lines)


@pytest.mark.parametrize(
    ("number", "values", "complaint"),
    [
        (0, {"schema": 2}, "run.jsonl:1: ERROR: schema 2 is unknown; this version reads 1"),
        (0, {"seed": "x"}, "run.jsonl:1: ERROR: seed must be a whole number, not 'x'"),
        (0, {"faults": 3}, "run.jsonl:1: ERROR: faults must be a list of lines"),
        (0, {"clocks": {"node1": [1]}}, "must be offset and drift"),
        (0, {"dialect": None}, "dialect must be a text"),
        (4, {"at": 1}, "run.jsonl:5: ERROR: time goes back from 500000 to 1"),
        (4, {"at": True}, "at must be a whole number, not True"),
        (4, {"seq": 0}, "record 0 does not follow the one before"),
        (4, {"cause": 3}, "the cause 3 does not lie before record 3"),
        (4, {"source": [1, 2, 3]}, "source must be node, program and pid"),
        (4, {"event": "LinkUp"}, "event must be an object"),
        (4, {"event": {"event": "LinkU"}}, "did you mean 'LinkUp'?"),
    ],
)
def test_what_is_wrong_is_told_with_its_line(
    number: int, values: dict[str, object], complaint: str
) -> None:
    assert complaint in "\n".join(changed(number, **values))


@pytest.mark.parametrize("line", ["{", "[" * 100_000, "7\n", "null", "\x00"])
def test_a_line_that_is_no_object_is_refused(line: str) -> None:
    found = refused([*written(sample())[:3], line])
    assert found[0].startswith("run.jsonl:4: ERROR: this line is no JSON")


def test_all_problems_are_told_at_once_but_not_more_than_twenty() -> None:
    lines = written(sample())
    assert len(refused([lines[0], "x", lines[1], "y"])) == 2
    assert len(refused(["x"] * 100)) == 20


def test_a_trace_without_a_header_is_refused() -> None:
    assert refused([]) == ["run.jsonl: ERROR: the trace is empty"]
    assert "no header of a trace" in refused(written(sample())[1:])[0]
