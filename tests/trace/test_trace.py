"""A trace: projections, digests, causes, finding."""

from __future__ import annotations

import pytest

from hasim import events as ev
from hasim.trace import Record, Trace
from tests.trace.sample import HEADER, N1, WORLD, sample


def names(records: list[Record]) -> list[str]:
    return [type(record.event).__name__ for record in records]


def test_the_log_holds_lines_and_no_facts() -> None:
    assert names(list(sample().log())) == [
        "NotifyWorldDebug",
        "LocalStatus",
        "LinkUp",
        "NodeStatus",
        "NodeDead",
        "AcquiringFrom",
        "RcScriptRun",
        "LinkDead",
    ]


def test_the_decisions_hold_what_the_judge_knows() -> None:
    found = names(list(sample().decisions()))
    assert "NotifyWorldDebug" not in found
    assert "PacketSent" not in found
    assert "DiskMounted" in found
    assert len(found) == 10


def test_packets_are_apart() -> None:
    assert names(list(sample().packets())) == ["PacketSent"]


def test_a_digest_of_decisions_ignores_packets_and_numbers() -> None:
    full = sample()
    kept = [r for r in full.records if not isinstance(r.event, ev.PacketSent)]
    thinned = Trace(HEADER, [r._replace(seq=i, cause=None) for i, r in enumerate(kept)])
    assert thinned.digest("decisions") == full.digest("decisions")
    assert thinned.digest("log") == full.digest("log")
    assert thinned.digest("packets") != full.digest("packets")
    assert thinned.digest() != full.digest()


def test_a_digest_notices_a_change_of_any_value() -> None:
    full = sample()
    last = full.records[-1]
    for other in (
        last._replace(at=last.at + 1),
        last._replace(event=ev.LinkDead("node1", "eth0")),
        last._replace(source=last.source._replace(node="node3")),
    ):
        changed = Trace(HEADER, [*full.records[:-1], other])
        assert changed.digest("decisions") != full.digest("decisions")
        assert changed.digest("log") != full.digest("log")
        assert changed.digest() != full.digest()


def test_an_unknown_projection_is_refused_with_a_sentence() -> None:
    with pytest.raises(ValueError, match="'all' is no projection; there are decisions, log"):
        sample().digest("all")  # type: ignore[arg-type]


def test_a_chain_leads_back_to_the_fault() -> None:
    trace = sample()
    taking = trace.find("Resources being acquired from node1.")
    assert names(taking) == ["AcquiringFrom"]
    assert names(trace.chain(taking[0].seq)) == [
        "AcquiringFrom",
        "NodeDead",
        "NodePoweredOff",
        "FaultInjected",
    ]


def test_a_chain_of_an_unknown_record_is_an_error() -> None:
    with pytest.raises(KeyError):
        sample().chain(99)


def test_a_chain_ends_where_the_trace_does_not_hold_the_cause() -> None:
    kept = [r for r in sample().records if not isinstance(r.event, ev.FaultInjected)]
    trace = Trace(HEADER, kept)
    assert names(trace.chain(trace.find("node1 is declared dead")[0].seq)) == [
        "NodeDead",
        "NodePoweredOff",
    ]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Link node1:eth1 dead.", ["LinkDead"]),
        ("link NODE1:ETH1 dead", ["LinkDead"]),
        ("node1 mounts /webdata", ["DiskMounted"]),
        ("node2 mounts /webdata", []),
        ("node2 node node1: is dead", ["NodeDead"]),
        ("the moon", []),
        ("  ", []),
    ],
)
def test_records_are_found_by_sentence_line_and_words(text: str, found: list[str]) -> None:
    assert names(sample().find(text)) == found


def test_the_end_is_the_horizon_or_the_last_record() -> None:
    assert sample().end == 60_000_000
    assert Trace(HEADER, []).end == 60_000_000
    late = Record(70_000_000, 0, WORLD, ev.NodeBooted("node1"), None)
    assert Trace(HEADER, [late]).end == 70_000_000


def test_traces_are_equal_by_what_they_hold() -> None:
    assert sample() == sample()
    assert sample() != Trace(HEADER, [])
    assert repr(sample()) == f"<Trace test3-power-cord: 12 records, digest {sample().digest()}>"
    assert N1 == ("node1", "heartbeat", 3689)
