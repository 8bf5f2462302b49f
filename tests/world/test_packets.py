"""Packets in the trace, for runs that ask for them: all of them, and nothing else changes."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hasim.events import (
    FaultInjected,
    LinkUp,
    NodeStatus,
    PacketReceived,
    PacketSent,
    RestartSeen,
)
from hasim.trace import Header, Record, Trace
from hasim.trace.jsonl import record_line
from hasim.units import SECOND, Micros
from hasim.world import World
from tests.world.support import held_world, jsonl, webdata, world_of
from tests.world.test_snapshot import HELD, OWN, SCENARIOS, own_world

END: Micros = 60 * SECOND
PACKETS = (PacketSent, PacketReceived)


def pair(name: str, version: str = "3.0.6", seed: int = 0) -> tuple[World, World]:
    """The same world twice: without packets and with them."""
    plain = own_world(name, seed, version)
    return plain, recorded(plain)


def recorded(plain: World) -> World:
    hub = plain.hub
    agenda = list(hub.state.agenda)
    return World.build(
        hub.configs,
        hub.site,
        haresources=hub.haresources,
        seed=plain.draws.seed,
        agenda=agenda,
        packets=True,
    )


def traffic(*faults: str, until: Micros = 30 * SECOND) -> list[Record]:
    world = recorded(world_of(*faults))
    world.run(until)
    return list(world.recorder.records)


def trace(world: World) -> Trace:
    return Trace(Header("0", world.hub.dialect), world.recorder.records)


def projections(world: World) -> tuple[list[str], list[str]]:
    whole = trace(world)
    return list(whole.lines("decisions")), list(whole.lines("log"))


def without(records: list[Record]) -> list[tuple[object, ...]]:
    return [(r.at, r.source, r.event) for r in records if not isinstance(r.event, PACKETS)]


# ---- nothing else changes -----------------------------------------------------------------------


@pytest.mark.parametrize("version", ["2.0.8", "3.0.6"])
@pytest.mark.parametrize("name", sorted(OWN | HELD))
def test_decisions_and_log_are_equal_with_and_without_packets(name: str, version: str) -> None:
    plain, full = pair(name, version)
    plain.run(END)
    full.run(END)
    assert projections(full) == projections(plain)
    assert without(list(full.recorder.records)) == without(list(plain.recorder.records))
    assert full.fired == plain.fired


@pytest.mark.parametrize("name", SCENARIOS)
def test_a_scenario_of_the_model_is_the_same_with_packets(name: str) -> None:
    model = webdata()
    plain, full = (model.run(scenario=name, packets=packets) for packets in (False, True))
    for part in ("decisions", "log"):
        assert full.trace.digest(part) == plain.trace.digest(part)
    assert full.trace.digest("packets") != plain.trace.digest("packets")
    assert full.trace.header == plain.trace.header


def test_a_run_that_does_not_ask_records_none_that_was_sent() -> None:
    """Arrivals are recorded where something follows from them: while the two nodes join."""
    world = held_world()
    world.run(END)
    kinds = Counter(type(r.event) for r in world.recorder.records)
    assert kinds[PacketSent] == 0
    assert 0 < kinds[PacketReceived] < 40
    world.run(3 * END)
    assert Counter(type(r.event) for r in world.recorder.records) == kinds


@given(
    name=st.sampled_from(sorted(OWN | HELD)),
    seed=st.integers(0, 30),
    cuts=st.lists(st.integers(0, END)),
)
@settings(max_examples=15)
def test_a_recorded_world_taken_apart_goes_on_to_the_same_bytes(
    name: str, seed: int, cuts: list[Micros]
) -> None:
    _, whole = pair(name, seed=seed)
    _, world = pair(name, seed=seed)
    for at in sorted(cuts):
        world.run(at)
        world = World.resume(world.snapshot())
        assert world.packets
    whole.run(END)
    world.run(END)
    assert jsonl(world.recorder.records) == jsonl(whole.recorder.records)
    assert world.snapshot() == whole.snapshot()


# ---- what is recorded ---------------------------------------------------------------------------


@pytest.mark.parametrize("name", sorted(OWN | HELD))
def test_every_arrival_follows_from_a_packet_that_was_sent(name: str) -> None:
    _, world = pair(name)
    world.run(END)
    records = world.recorder.records
    for record in records:
        event = record.event
        if isinstance(event, PacketReceived):
            assert record.cause is not None
            sent = records[record.cause].event
            assert isinstance(sent, PacketSent), record_line(record)
            assert (sent.type, sent.medium) == (event.type, event.medium)
            assert (sent.seqno, sent.type) == (event.seqno, event.type)
            if event.type != "NS_st":
                assert (sent.origin, sent.generation) == (event.origin, event.generation)
            assert records[record.cause].at <= record.at


@pytest.mark.parametrize("name", sorted(OWN | HELD))
def test_what_makes_a_node_speak_is_its_own(name: str) -> None:
    _, world = pair(name)
    world.run(END)
    records = world.recorder.records
    for record in records:
        if isinstance(record.event, PacketSent):
            assert record.source.program == "heartbeat"
            assert record.event.origin == record.source.node
            assert record.cause is not None
            why = records[record.cause]
            # An operator's command is an order from outside.
            order = isinstance(why.event, FaultInjected)
            assert order or why.source.node == record.source.node
            assert not isinstance(why.event, PACKETS)


def test_what_a_packet_provokes_refers_to_its_arrival_on_that_medium() -> None:
    _, world = pair("start")
    world.run(END)
    records = world.recorder.records
    seen = 0
    for record in records:
        here = record.source.node == "node1"
        if isinstance(record.event, LinkUp) and record.event.peer == "node2" and here:
            assert record.cause is not None
            arrival = records[record.cause].event
            assert isinstance(arrival, PacketReceived)
            assert (arrival.origin, arrival.medium) == ("node2", record.event.medium)
            seen += 1
        if isinstance(record.event, (NodeStatus, RestartSeen)):
            assert record.cause is not None
            assert isinstance(records[record.cause].event, PacketReceived)
    assert seen >= 2


def test_a_status_goes_out_on_every_medium_and_reaches_every_socket() -> None:
    records = [r for r in traffic() if 20 * SECOND <= r.at < 21 * SECOND]
    sent = Counter(
        r.event.medium
        for r in records
        if isinstance(r.event, PacketSent) and r.event.origin == "node1"
    )
    assert sent["eth0"] == sent["eth1"]
    assert sent["10.0.0.254"] == 1
    copies = Counter(
        (r.source.node, r.event.medium)
        for r in records
        if isinstance(r.event, PacketReceived) and r.event.origin == "node1"
    )
    # A bcast is heard by its sender too.
    for medium in ("eth0", "eth1"):
        assert copies["node1", medium] == copies["node2", medium] == sent[medium]


def test_a_lost_packet_was_sent_and_nothing_more() -> None:
    records = traffic("20s cut node1:eth1 out")
    late = [r for r in records if r.at > 21 * SECOND]
    sent = [r.seq for r in late if isinstance(r.event, PacketSent) and r.event.medium == "eth1"]
    heard = {
        (r.source.node, r.event.origin)
        for r in late
        if isinstance(r.event, PacketReceived) and r.event.medium == "eth1"
    }
    assert sent
    assert ("node2", "node1") not in heard
    assert ("node1", "node2") in heard


def test_a_duplicate_is_one_packet_and_two_arrivals() -> None:
    records = traffic("10s duplicate 100% node1:eth1 out")
    late = [r for r in records if 15 * SECOND < r.at < 25 * SECOND]
    sent = [
        r.seq
        for r in late
        if isinstance(r.event, PacketSent) and (r.event.origin, r.event.medium) == ("node1", "eth1")
    ]
    copies = Counter(
        r.cause
        for r in late
        if isinstance(r.event, PacketReceived) and r.source.node == "node2" and r.cause in sent
    )
    assert sent
    assert [copies[seq] for seq in sent[:-1]] == [2] * (len(sent) - 1)


def test_a_node_without_a_daemon_has_no_socket_for_a_packet_to_reach() -> None:
    records = traffic("20s kill node2 all")
    late = [r for r in records if r.at > 20 * SECOND]
    assert any(isinstance(r.event, PacketSent) and r.source.node == "node1" for r in late)
    assert not any(isinstance(r.event, PACKETS) and r.source.node == "node2" for r in late)


def test_a_ping_node_that_is_off_is_asked_and_does_not_answer() -> None:
    records = traffic("20s power-off 10.0.0.254")
    late = [r for r in records if r.at > 21 * SECOND]
    asked = [
        r.event for r in late if isinstance(r.event, PacketSent) and r.event.medium == "10.0.0.254"
    ]
    assert {(e.origin, e.type, e.seqno) for e in asked} == {
        ("node1", "NS_st", None),
        ("node2", "NS_st", None),
    }
    assert not any(isinstance(r.event, PacketReceived) and r.event.type == "NS_st" for r in late)


def test_a_socket_of_a_hung_node_still_takes_packets() -> None:
    records = traffic("20s hang node2 for 5s")
    during = [r for r in records if 21 * SECOND < r.at < 24 * SECOND]
    assert any(isinstance(r.event, PacketReceived) and r.source.node == "node2" for r in during)
    assert not any(isinstance(r.event, PacketSent) and r.source.node == "node2" for r in during)


def test_the_recorded_worlds_of_this_module_are_made_of_the_same() -> None:
    plain = world_of("20s isolate node1 for 20s", seed=3)
    again = recorded(plain)
    assert again.hub.state.agenda == plain.hub.state.agenda
    assert again.hub.configs == plain.hub.configs
    assert again.hub.site == plain.hub.site
    assert again.draws.seed == 3
