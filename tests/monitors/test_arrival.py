"""What a daemon does about a packet follows from its arrival: the monitor looks that far."""

from __future__ import annotations

from pathlib import Path

import hasim
from hasim import events as ev
from hasim.monitors import judge
from hasim.trace import Record, Source

MASTER, KERNEL = Source("a", "heartbeat", 1), Source(None, "kernel", None)
AUTHENTIC = "only-authentic-messages"


def arrived(*then: ev.Event) -> list[Record]:
    """A forged packet, the arrival of some packet, and what follows from that."""
    packet = ev.PacketReceived("b", "shutdone", 3, 9, "eth0", 0)
    forged = Record(0, 0, KERNEL, ev.PacketForged("b", "shutdone", "a:eth0"), None)
    return [
        forged,
        Record(1, 1, MASTER, packet, 0),
        *(Record(at, at, MASTER, event, 1) for at, event in enumerate(then, 2)),
    ]


def test_what_follows_from_the_arrival_of_a_forged_packet_is_wrong() -> None:
    (found,) = judge(arrived(ev.ShutdownNotice("b")), [AUTHENTIC])
    assert found.evidence == (1, 2)
    assert found.sentence.startswith("a acts on a forged shutdone packet of b: ")


def test_its_arrival_alone_and_a_complaint_are_not() -> None:
    assert judge(arrived(ev.AuthFailed("b")), [AUTHENTIC]) == ()


def test_what_follows_from_the_arrival_of_another_packet_is_none_of_it() -> None:
    records = arrived(ev.ShutdownNotice("b"))
    records[1] = Record(1, 1, MASTER, records[1].event, None)
    assert judge(records, [AUTHENTIC]) == ()


def replayed(webdata: Path, at: str) -> set[str]:
    """A node has lost its power after a minute; what it has sent is repeated."""
    faults = ["1m power-off node1 for 2m", f"{at} replay 5m from node1 on node2:eth0"]
    run = hasim.load(webdata).run(faults, until="150s")
    assert {violation.property for violation in run.violations} <= {AUTHENTIC}
    return {violation.sentence.partition(": ")[2] for violation in run.violations}


def test_packets_of_a_live_node_repeated_are_old(webdata: Path) -> None:
    assert replayed(webdata, "1m20s") == set()


def test_packets_of_a_dead_node_repeated_are_new_to_the_daemon(webdata: Path) -> None:
    """It forgets the numbers of a node that it declares dead (semantics 4.5)."""
    acted = replayed(webdata, "1m40s")
    assert {"The link node1:eth0 is up.", "The other node says that it is stable."} <= acted
    assert not any("acquired" in sentence for sentence in acted)
