"""Nothing follows from a packet that was forged or replayed, but a complaint."""

from __future__ import annotations

from pathlib import Path

import pytest

import hasim
from hasim import events as ev
from hasim.monitors import Violation, judge
from hasim.trace import Record, Source

MASTER = Source("a", "heartbeat", 1)
FORGED = ev.PacketForged("b", "status", "a:eth0")
REPLAYED = ev.PacketsReplayed("b", "a:eth0", 3)


def after(attack: ev.Event, *then: ev.Event) -> tuple[Violation, ...]:
    told = [Record(0, 0, Source(None, "fault", None), attack, None)]
    told += [Record(i, i, MASTER, event, 0) for i, event in enumerate(then, 1)]
    return judge(told, ["only-authentic-messages"])


@pytest.mark.parametrize("attack", [FORGED, REPLAYED])
def test_acting_on_it_is_wrong(attack: ev.Event) -> None:
    (found,) = after(attack, ev.NodeStatus("b", "dead"))
    assert (found.at, found.until, found.evidence) == (1, 1, (0, 1))
    assert found.sentence.startswith("a acts on a ")


@pytest.mark.parametrize(
    "complaint", [ev.AuthFailed("b"), ev.BadNode("b"), ev.ReplayAttack("b", 3, 4)]
)
def test_complaining_is_right(complaint: ev.Event) -> None:
    assert after(FORGED, complaint) == ()
    assert after(REPLAYED, complaint) == ()


def test_a_packet_with_the_key_of_the_cluster_is_authentic() -> None:
    signed = ev.PacketForged("b", "status", "a:eth0", signed=True)
    assert after(signed, ev.NodeStatus("b", "dead")) == ()


def test_what_has_another_cause_does_not_count() -> None:
    told = [
        Record(0, 0, Source(None, "fault", None), FORGED, None),
        Record(1, 1, MASTER, ev.NodeStatus("b", "dead"), None),
    ]
    assert judge(told, ["only-authentic-messages"]) == ()


@pytest.mark.parametrize(
    "line",
    [
        "60s forge status from node2 on node1:eth0 status=dead",
        "60s forge shutdone from node2 on node1:eth0",
        "60s replay 30s from node2 on node1:eth1",
    ],
)
def test_the_simulated_daemon_holds(webdata: Path, line: str) -> None:
    run = hasim.load(webdata).run([line], until="100s")
    assert run.violations == ()
    assert any(isinstance(r.event, ev.PacketForged | ev.PacketsReplayed) for r in run.records)
