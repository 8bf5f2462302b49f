"""What stands beside a lifeline: decisions and facts, a few words each."""

from __future__ import annotations

from pathlib import Path

import hasim
from hasim import events as ev
from hasim.render.telling import Telling, tellings
from hasim.render.window import Known, Window
from hasim.units import SECOND
from tests.run.handmade import FS, VIP, Told, acquired, trace

ALL = Window(0, 100 * SECOND)


def told(*events: Told) -> list[Telling]:
    return list(tellings(Known(trace(*events)), ALL))


def test_a_takeover_is_told_step_by_step() -> None:
    found = told(
        (5, "node2", ev.NodeDead("node1")),
        (5, "node2", ev.AcquiringFrom("node1")),
        (9, "node2", ev.GroupAcquire("node1 10.0.0.9/24/eth0 Filesystem::/dev/sdb1")),
        *acquired("node2", 10),
    )
    assert {t.node for t in found} == {"node2"}
    assert [t.words for t in found] == [
        "declares node1 dead",
        "takes over from node1",
        "acquires group 10.0.0.9/24/eth0",
        "IPaddr start begins",
        "address 10.0.0.9/24 up",
        "clients hear node2 at 10.0.0.9",
        "IPaddr start ends",
        "Filesystem start begins",
        "/web mounted",
        "Filesystem start ends",
    ]


def test_a_script_that_fails_says_so_and_its_status_is_not_told() -> None:
    found = told(
        (5, None, ev.ScriptBegan("node1", *FS, "status")),
        (6, None, ev.ScriptEnded("node1", *FS, "status", 7)),
        (7, None, ev.ScriptEnded("node1", *FS, "start", 1)),
    )
    assert [(t.words, t.style) for t in found] == [("Filesystem start fails (1)", "bad")]


def test_the_tooltip_has_the_log_line_of_a_belief_and_the_sentence_of_a_fact() -> None:
    dead, off = told(
        (5, "node2", ev.NodeDead("node1")), (6, None, ev.NodePoweredOff("node1", "cut"))
    )
    assert dead.title == "5s node2: heartbeat: node node1: is dead"
    assert off.title == "6s node1: node1 loses power (cut)."


def test_a_client_is_told_at_the_node_that_it_hears() -> None:
    (found,) = told((5, None, ev.ServiceSilent(VIP, "node1")))
    assert (found.node, found.style) == ("node1", "bad")


def test_only_the_window_is_told() -> None:
    known = Known(trace((5, "node2", ev.NodeDead("node1")), (9, "node2", ev.CommUp())))
    assert [t.words for t in tellings(known, Window(6 * SECOND, 9 * SECOND))] == [
        "communication is up"
    ]


def test_fencing_and_ipfail_have_their_words(webdata: Path) -> None:
    model = hasim.load(webdata)
    run = model.run(scenario="test4-all-cables-stonith")
    words = [t.words for t in tellings(Known(run.trace), Window(0, run.end))]
    for wanted in (
        "fences node1",
        "asks device pdu to reset node1",
        "device pdu answers",
        "node1 has been reset",
        "ipfail: we see fewer ping nodes",
        "ipfail gives up",
        "node2 wants to hand over foreign",
        "has released foreign",
    ):
        assert wanted in words
