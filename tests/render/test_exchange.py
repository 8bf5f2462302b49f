"""Messages found in a trace: their copies, whom they reached and whom they did not."""

from __future__ import annotations

from hasim.events import PacketReceived, PacketSent
from hasim.render.exchange import Copy, Exchange, exchanges
from hasim.render.window import Window
from hasim.trace import Record, Source, Trace
from hasim.units import SECOND
from tests.run.handmade import trace

NODES = ["node1", "node2", "node3"]
ALL = Window(0, 100 * SECOND)


class Wire:
    """Packets written by hand, in hundredths of a second."""

    def __init__(self) -> None:
        self.records: list[Record] = []

    def _emit(
        self, at: int, node: str, event: PacketSent | PacketReceived, cause: int | None
    ) -> int:
        source = Source(node, "heartbeat", 1)
        self.records.append(Record(at * 10_000, len(self.records), source, event, cause))
        return len(self.records) - 1

    def send(self, at: int, node: str, kind: str, medium: str, seqno: int | None = 1) -> int:
        return self._emit(at, node, PacketSent(node, kind, 3, seqno, medium), None)

    def hear(self, at: int, node: str, sent: int, origin: str | None = None) -> int:
        was = self.records[sent].event
        assert isinstance(was, PacketSent)
        event = PacketReceived(origin or was.origin, was.type, 3, was.seqno, was.medium, 0)
        return self._emit(at, node, event, sent)

    def found(self, window: Window = ALL, kinds: list[str] | None = None) -> list[Exchange]:
        return exchanges(Trace(trace().header, self.records), window, NODES, kinds)


def test_a_message_on_two_media_is_one_with_two_copies() -> None:
    wire = Wire()
    one, two = (
        wire.send(10, "node1", "resource", "eth1"),
        wire.send(10, "node1", "resource", "eth0"),
    )
    wire.hear(11, "node2", one)
    wire.hear(12, "node2", two)
    (found,) = wire.found()
    assert (found.at, found.sender, found.type, found.seqno) == (100_000, "node1", "resource", 1)
    assert found.copies == (
        Copy("eth1", (("node2", 110_000),), ()),
        Copy("eth0", (("node2", 120_000),), ()),
    )
    assert found.title == (
        "100ms node1: resource, generation 3, seqno 1; "
        "eth1: node2 after 10ms; eth0: node2 after 20ms"
    )


def test_a_node_that_hears_itself_is_not_at_the_other_end() -> None:
    wire = Wire()
    sent = wire.send(10, "node1", "status", "eth0")
    wire.hear(10, "node1", sent)
    wire.hear(11, "node2", sent)
    assert wire.found()[0].ends == ("node2",)


def test_a_packet_is_lost_to_whoever_hears_that_medium_at_other_times() -> None:
    wire = Wire()
    sent = wire.send(10, "node1", "status", "eth0", 1)
    wire.hear(11, "node2", sent)
    wire.send(20, "node1", "status", "eth0", 2)
    first, second = wire.found()
    assert first.copies[0].lost == ()
    assert second.copies == (Copy("eth0", (), ("node2",)),)
    assert second.title.endswith("eth0: lost to node2")


def test_a_packet_that_nobody_has_ever_heard_is_lost_to_every_other_node() -> None:
    wire = Wire()
    wire.send(10, "node1", "status", "eth0")
    assert wire.found()[0].copies == (Copy("eth0", (), ("node2", "node3")),)


def test_packets_to_two_peers_on_one_medium_are_not_lost_to_each_other() -> None:
    wire = Wire()
    for number, peer in enumerate(("node2", "node3")):
        sent = wire.send(10, "node1", "status", "eth0")
        wire.hear(11 + number, peer, sent)
    (found,) = wire.found()
    assert found.copies == (Copy("eth0", (("node2", 110_000), ("node3", 120_000)), ()),)


def test_pings_are_left_out_unless_they_are_asked_for() -> None:
    wire = Wire()
    asked = wire.send(10, "node1", "NS_st", "10.0.0.1", None)
    wire.hear(30, "node1", asked, origin="10.0.0.1")
    wire.send(50, "node1", "NS_st", "10.0.0.1", None)
    assert wire.found() == []
    request, answer, unanswered = wire.found(kinds=["NS_st"])
    assert (request.sender, request.copies[0].reached) == ("node1", (("10.0.0.1", 100_000),))
    assert (answer.sender, answer.copies[0].reached) == ("10.0.0.1", (("node1", 300_000),))
    assert (answer.at, unanswered.copies[0].lost) == (300_000, ("10.0.0.1",))


def test_only_the_types_that_are_asked_for_are_found() -> None:
    wire = Wire()
    wire.send(10, "node1", "status", "eth0", 1)
    wire.send(10, "node1", "resource", "eth0", 2)
    assert [e.type for e in wire.found(kinds=["resource"])] == ["resource"]


def test_a_message_is_found_while_it_is_under_way() -> None:
    wire = Wire()
    sent = wire.send(10, "node1", "resource", "eth0")
    wire.hear(30, "node2", sent)
    assert len(wire.found(Window(150_000, 200_000))) == 1
    assert wire.found(Window(300_001, 400_000)) == []
    assert wire.found(Window(0, 99_999)) == []


def test_what_a_node_passes_on_comes_from_that_node() -> None:
    wire = Wire()
    first = wire.send(10, "node1", "status", "/dev/ttyS0")
    heard = wire.hear(11, "node2", first)
    onward = wire._emit(11, "node2", PacketSent("node2", "status", 3, 1, "/dev/ttyS1"), heard)
    wire.hear(12, "node3", onward, origin="node1")
    assert [(e.sender, e.ends) for e in wire.found()] == [
        ("node1", ("node2",)),
        ("node2", ("node3",)),
    ]
