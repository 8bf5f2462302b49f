"""Every record says what provoked it, and the chain leads back to a physical fact."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pytest

from hasim.events import (
    CommUp,
    DaemonStarted,
    FaultInjected,
    LateHeartbeat,
    LinkDead,
    LinkUp,
    NodeDead,
    NodeStatus,
    PacketReceived,
    PartitionReturn,
)
from hasim.trace import Record
from hasim.world import World
from tests.world.support import scenario_world, webdata, world_of
from tests.world.test_snapshot import END, OWN, own_world


def chain(records: Sequence[Record], record: Record) -> Iterator[Record]:
    """The record, what provoked it, what provoked that, and so on."""
    while True:
        yield record
        if record.cause is None:
            return
        record = records[record.cause]


def worlds() -> Iterator[tuple[str, World]]:
    for name in sorted(OWN):
        world = own_world(name, seed=2)
        world.run(END)
        yield name, world
    for name in sorted(webdata().scenarios):
        world, until = scenario_world(name)
        world.run(until)
        yield name, world


WORLDS = dict(worlds())
each = pytest.mark.parametrize("name", sorted(WORLDS))


@each
def test_a_cause_lies_before_what_it_provokes(name: str) -> None:
    records = WORLDS[name].recorder.records
    for i, record in enumerate(records):
        assert record.seq == i
        assert record.cause is None or record.cause < record.seq
        assert record.cause is None or records[record.cause].at <= record.at


@each
def test_only_first_starts_and_faults_have_no_cause(name: str) -> None:
    """Nor has the silence of a node that has not been started yet."""
    records = WORLDS[name].recorder.records
    roots: dict[str, Record] = {}
    for record in records:
        *_, root = chain(records, record)
        if isinstance(root.event, FaultInjected) or unborn(records, root):
            continue
        assert root.source.node is not None, record
        assert roots.setdefault(root.source.node, root) == root, record
    assert len(roots) <= 2


def unborn(records: Sequence[Record], root: Record) -> bool:
    """Is this the death of a node that no daemon has been started on so far?"""
    if not isinstance(root.event, (NodeDead, LinkDead)):
        return False
    started = [r.event for r in records[: root.seq] if isinstance(r.event, DaemonStarted)]
    return root.event.peer not in {event.node for event in started}


@each
def test_a_death_by_silence_leads_back_to_a_fault(name: str) -> None:
    """A death on the spot, told of by a late heartbeat, leads back to that packet."""
    records = WORLDS[name].recorder.records
    for record in records:
        if isinstance(record.event, (NodeDead, LinkDead)):
            path = list(chain(records, record))
            root = path[-1]
            late = records[record.seq - 1].event
            if isinstance(late, LateHeartbeat) and late.over and late.peer == record.event.peer:
                assert isinstance(path[1].event, PacketReceived), record
            else:
                assert isinstance(root.event, FaultInjected) or unborn(records, root), record


@each
def test_a_packet_read_was_provoked_by_its_sender(name: str) -> None:
    records = WORLDS[name].recorder.records
    for record in records:
        if isinstance(record.event, PacketReceived) and record.cause is not None:
            provoked_by = records[record.cause]
            nodes = {r.source.node for r in chain(records, provoked_by)}
            if record.event.type != "NS_st":
                assert record.event.origin in nodes | {record.source.node}


@pytest.mark.parametrize(
    ("fault", "victim"),
    [
        ("20s power-off node1", "node1"),
        ("20s power-off outlet1", "node1"),
        ("20s kill node1 master", "node1"),
        ("20s kill node1 all", "node1"),
        ("20s hang node1", "node1"),
        ("20s isolate node1", "node1"),
        ("20s power-off 10.0.0.254", "10.0.0.254"),
        ("20s power-off lan", "10.0.0.254"),
        ("20s cut node2:eth0 in", "10.0.0.254"),
    ],
)
def test_the_chain_of_a_death_leads_to_its_fault(fault: str, victim: str) -> None:
    world = world_of("5s cut node1:eth1 for 1s", fault)
    world.run(40_000_000)
    records = world.recorder.records
    death = next(r for r in records if r.event == NodeDead(victim) and r.source.node == "node2")
    *_, root = chain(records, death)
    assert isinstance(root.event, FaultInjected)
    assert root.event.line == fault


def test_a_link_dies_of_the_cable_that_was_cut_last() -> None:
    world = world_of("20s cut node1:eth1", "21s cut node2:eth0")
    world.run(40_000_000)
    records = world.recorder.records
    found = {}
    for record in records:
        if isinstance(record.event, LinkDead) and record.source.node == "node2":
            *_, root = chain(records, record)
            assert isinstance(root.event, FaultInjected)
            found[record.event.medium] = root.event.line
    assert found["eth1"] == "20s cut node1:eth1"
    assert found["eth0"] == "21s cut node2:eth0"


def test_a_partitions_end_is_told_because_of_a_packet() -> None:
    records = WORLDS["heal"].recorder.records
    seen = [r for r in records if isinstance(r.event, PartitionReturn)]
    assert seen
    for record in seen:
        assert record.cause is not None
        assert isinstance(records[record.cause].event, PacketReceived)


def test_links_and_statuses_come_from_packets_and_packets_from_a_started_daemon() -> None:
    world = world_of()
    world.run(20_000_000)
    records = world.recorder.records
    for record in records:
        if isinstance(record.event, (LinkUp, NodeStatus)):
            kinds = [type(r.event) for r in chain(records, record)]
            own = isinstance(record.event, LinkUp) and record.event.peer == record.source.node
            assert (PacketReceived in kinds) or own
            assert DaemonStarted in kinds


def test_communication_comes_up_because_of_the_last_thing_it_waited_for() -> None:
    world = world_of(start={"node1": 0})
    world.run(20_000_000)
    records = world.recorder.records
    up = next(r for r in records if isinstance(r.event, CommUp))
    assert any(isinstance(r.event, NodeDead) for r in chain(records, up))
