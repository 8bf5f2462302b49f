"""Two nodes and their keys: different ones keep them apart, a key can be rolled over."""

from __future__ import annotations

import pytest

from hasim.config import HaConfig, parse_authkeys, parse_ha_cf
from hasim.events import (
    AuthFailed,
    AuthFailedNetstring,
    AuthFailedToken,
    AuthFailedType,
    LinkUp,
    LocalStatus,
    MessageDumped,
    MessageFieldDumped,
    NodeDead,
    NodeStatus,
    PacketReceived,
)
from hasim.trace.jsonl import record_line
from hasim.units import MS, SECOND
from hasim.world import World
from tests.world.support import HA_CF, jsonl, site_of, text, told

BOTH = pytest.mark.parametrize("version", ["2.0.8", "3.0.6"])
COMPLAINTS = (AuthFailed, AuthFailedToken, AuthFailedNetstring, AuthFailedType)
WRONG = ("auth 1\n1 sha1 laboratory\n", "auth 1\n1 sha1 other\n")


def keyed(version: str, keys: tuple[str, str], ha_cf: str = HA_CF, packets: bool = False) -> World:
    configs: dict[str, HaConfig] = {}
    for node, lines in zip(("node1", "node2"), keys, strict=True):
        authkeys, complaints = parse_authkeys(lines, mode=None)
        assert authkeys is not None, complaints
        config, problems = parse_ha_cf(ha_cf, local=node, dialect=version, authkeys=authkeys)
        assert config is not None, problems
        configs[node] = config
    return World.build(configs, site_of(version), packets=packets)


@BOTH
def test_nodes_with_different_keys_never_see_each_other(version: str) -> None:
    world = keyed(version, WRONG)
    world.run(60 * SECOND)
    for node, other in (("node1", "node2"), ("node2", "node1")):
        up = told(world, LocalStatus, node)[0][0]
        ((dead, event),) = told(world, NodeDead, node)
        assert event == NodeDead(other)
        assert dead - up == pytest.approx(15.5, abs=0.02)  # initdead, and the wake after it
        assert {e.peer for _, e in told(world, LinkUp, node)} == {node, "10.0.0.254"}
        assert "Local status now set to: 'active'" in text(world, node, dead)


def test_the_old_version_warns_once_a_copy() -> None:
    world = keyed("2.0.8", WRONG)
    world.run(12 * SECOND)
    second = [at for at, _ in told(world, AuthFailed, "node1") if 10 <= at < 11]
    assert len(second) == 2  # one status, two media
    assert "string2msg_ll: node [node2] failed authentication" in text(world, "node1")
    assert not told(world, AuthFailedToken)


def test_the_new_version_complains_twice_a_copy_and_dumps_it() -> None:
    world = keyed("3.0.6", WRONG)
    world.run(12 * SECOND)
    kinds = [
        type(r.event)
        for r in world.recorder.records
        if r.source.node == "node1" and 10 * SECOND <= r.at < 11 * SECOND
    ]
    copy = [AuthFailedToken, AuthFailedNetstring, MessageDumped, *[MessageFieldDumped] * 12]
    assert [k for k in kinds if k is not PacketReceived] == copy * 2
    lines = text(world, "node1", 10, 11)
    assert lines[0].startswith("authtoken does not match, authtoken=")
    assert lines[1].startswith("netstring authentication failed, s=###\n11:(0)t=status,8:(0)st=up,")
    assert lines[2] == "MSG: Dumping message with 12 fields"
    assert lines[3] == "MSG[0] : [t=status]"
    assert lines[14].startswith("MSG[11] : [auth=1 ")


def test_the_sender_stamps_with_its_own_wall_clock() -> None:
    world = keyed("3.0.6", WRONG)
    world.run(3 * SECOND)
    stamp = next(e.text for _, e in told(world, MessageFieldDumped) if e.text.startswith("ts="))
    assert abs(int(stamp.removeprefix("ts="), 16) - world.hub.wall_second("node2", 0)) <= 1


@BOTH
def test_log_badpack_false_keeps_them_apart_in_silence(version: str) -> None:
    world = keyed(version, WRONG, HA_CF + "log_badpack false\n")
    world.run(30 * SECOND)
    assert len(told(world, NodeDead)) == 2
    for kind in COMPLAINTS:
        assert not told(world, kind)


@BOTH
def test_a_key_is_rolled_over_where_both_files_hold_both(version: str) -> None:
    both = "1 sha1 old\n2 md5 new\n"
    world = keyed(version, (f"auth 1\n{both}", f"auth 2\n{both}"))
    world.run(30 * SECOND)
    assert not told(world, NodeDead)
    for kind in COMPLAINTS:
        assert not told(world, kind)
    for node, other in (("node1", "node2"), ("node2", "node1")):
        assert NodeStatus(other, "active") in [e for _, e in told(world, NodeStatus, node)]


@BOTH
def test_a_number_that_only_one_file_holds_is_told_as_unknown(version: str) -> None:
    world = keyed(version, ("auth 1\n1 sha1 old\n", "auth 2\n2 sha1 old\n"))
    world.run(30 * SECOND)
    assert len(told(world, NodeDead)) == 2
    assert {e.number for _, e in told(world, AuthFailedType, "node1")} == {2}
    assert {e.number for _, e in told(world, AuthFailedType, "node2")} == {1}


def test_a_refused_packet_leads_back_to_its_sender_and_survives_a_snapshot() -> None:
    whole, world = (keyed("3.0.6", WRONG) for _ in range(2))
    for at in range(0, 20_000, 333):
        world.run(at * MS)
        world = World.resume(world.snapshot())
    whole.run(20 * SECOND)
    world.run(20 * SECOND)
    assert jsonl(world.recorder.records) == jsonl(whole.recorder.records)
    records = whole.recorder.records
    for record in records:
        if isinstance(record.event, AuthFailedToken):
            assert record.cause is not None
            arrival = records[record.cause].event
            assert isinstance(arrival, PacketReceived), record_line(record)
            assert arrival.origin != record.source.node
