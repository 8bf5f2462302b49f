"""Every record says what provoked it, and the chain leads back to a physical fact."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pytest

from hasim.events import (
    ClientKilling,
    CommUp,
    CoreKilling,
    DaemonExited,
    DaemonStarted,
    FaultInjected,
    LateHeartbeat,
    LinkDead,
    LinkUp,
    NodeDead,
    NodeStatus,
    PacketReceived,
    PartitionReturn,
    ShutdownComplete,
    ShutdownDelayed,
    ShutdownInProgress,
)
from hasim.trace import Record
from hasim.units import Micros
from hasim.world import World
from hasim.world.daemon import DaemonThing
from tests.world.support import held_world, scenario_world, webdata, world_of
from tests.world.test_snapshot import END, HELD, OWN, own_world


def chain(records: Sequence[Record], record: Record) -> Iterator[Record]:
    """The record, what provoked it, what provoked that, and so on."""
    while True:
        yield record
        if record.cause is None:
            return
        record = records[record.cause]


def worlds() -> Iterator[tuple[str, World]]:
    for name in sorted(OWN | HELD):
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
    """A death on the spot, told of by a late heartbeat, leads back to that packet.

    So does the silence of a node that restarts after a partition: what ends a partition is a packet
    that gets through, and a packet is provoked by its sender.
    """
    records = WORLDS[name].recorder.records
    for record in records:
        if isinstance(record.event, (NodeDead, LinkDead)):
            path = list(chain(records, record))
            root = path[-1]
            late = records[record.seq - 1].event
            if isinstance(late, LateHeartbeat) and late.over and late.peer == record.event.peer:
                assert isinstance(path[1].event, PacketReceived), record
            else:
                restart = any(isinstance(r.event, PartitionReturn) for r in path)
                found = isinstance(root.event, FaultInjected) or unborn(records, root)
                assert found or restart, record


@each
def test_a_packet_read_was_provoked_by_its_sender(name: str) -> None:
    records = WORLDS[name].recorder.records
    for record in records:
        if isinstance(record.event, PacketReceived) and record.cause is not None:
            provoked_by = records[record.cause]
            nodes = {r.source.node for r in chain(records, provoked_by)}
            # What an operator's command makes a node say follows from the order alone.
            ordered = isinstance(provoked_by.event, FaultInjected)
            if record.event.type != "NS_st" and not ordered:
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


@pytest.mark.parametrize("how", ["stop node1", "stop node1 while it moves"])
def test_what_a_stop_provokes_leads_back_to_it(how: str) -> None:
    """Also where the stop has to wait until scripts have come to an end."""
    stop = "20s stop node1" if how == "stop node1" else "20s300ms stop node1"
    world = held_world(stop, *(() if how == "stop node1" else ("20s standby node1",)))
    world.run(END)
    records = world.recorder.records
    wanted = (ShutdownInProgress, ClientKilling, CoreKilling, ShutdownComplete, DaemonExited)
    seen = [r for r in records if r.source.node == "node1" and isinstance(r.event, wanted)]
    seen += [r for r in records if r.event == NodeDead("node1")]
    assert {type(r.event) for r in seen} == {*wanted, NodeDead}
    assert any(isinstance(r.event, ShutdownDelayed) for r in records) == (how != "stop node1")
    for record in seen:
        *_, root = chain(records, record)
        assert isinstance(root.event, FaultInjected), record
        assert root.event.line == stop, record


def test_a_restart_follows_from_the_end_of_the_partition() -> None:
    records = WORLDS["healed"].recorder.records
    ends = [r for r in records if isinstance(r.event, (ShutdownComplete, DaemonExited))]
    assert len(ends) == 4
    for record in ends:
        path = list(chain(records, record))
        assert any(isinstance(r.event, ShutdownInProgress) for r in path), record
        assert any(isinstance(r.event, PartitionReturn) for r in path), record


def test_the_end_of_a_process_follows_from_what_it_did_itself(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """And from no other node's line, which may well be the last one of the trace."""
    told: list[tuple[bool, bool]] = []
    plain = DaemonThing.helper_exited

    def spied(self: DaemonThing, now: Micros, kind: str, origin: str) -> None:
        plain(self, now, kind, origin)
        if self.machine is not None:
            records, why = self.hub.recorder.records, self.machine.state.exits[-1][2]
            assert why is not None
            name = self.state.name
            told.append((records[why].source.node == name, records[-1].source.node == name))

    monkeypatch.setattr(DaemonThing, "helper_exited", spied)
    for name in sorted(HELD):
        own_world(name, seed=2).run(END)
    assert all(own for own, _ in told)
    assert not all(last for _, last in told)


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


def test_a_link_that_loses_packets_dies_of_that_and_not_of_what_happened_before() -> None:
    faults = ("20s cut node1:eth0", "30s hang node1 for 1s", "40s lose 100% node1:eth1 out")
    world = world_of(*faults)
    world.run(40_000_000 + 20_000_000)
    records = world.recorder.records
    deaths = [r for r in records if r.event == LinkDead("node1", "eth1")]
    assert [r.source.node for r in deaths] == ["node2"]
    *_, root = chain(records, deaths[0])
    assert isinstance(root.event, FaultInjected)
    assert root.event.line == faults[2]


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
