"""Packets that are replayed or forged: what a daemon makes of them (semantics 1.5, 3.5, 15.2)."""

from __future__ import annotations

import pytest

from hasim.events import (
    AuthFailedToken,
    BadNode,
    NodeDead,
    PacketForged,
    PacketsReplayed,
    ReplayAttack,
    RestartSeen,
    ShutdownNotice,
)
from hasim.units import SECOND
from hasim.world import World
from tests.world.support import groups_of, jsonl, text, told, world_of


def run(*faults: str, version: str = "3.0.6", until: int = 70) -> World:
    world = world_of(*faults, version=version, groups=groups_of())
    world.run(until * SECOND)
    return world


def test_what_was_heard_a_moment_ago_is_dropped_without_a_word() -> None:
    quiet = run()
    world = run("40s replay 5s from node2 on node1:eth1")
    (at, event) = told(world, PacketsReplayed)[0]
    assert (at, event.wire) == (40, "node1:eth1")
    assert event.count >= 5
    assert text(world, "node1", 39.9) == text(quiet, "node1", 39.9)


def test_packets_of_an_earlier_life_are_called_an_attack() -> None:
    """The older generation gives them away, whatever their signature."""
    world = run("30s kill node2 all", "38s start node2", "50s replay 30s from node2 on node1:eth1")
    attacks = told(world, ReplayAttack)
    assert attacks
    assert all(t >= 50 for t, _ in attacks)
    assert {e.peer for _, e in attacks} == {"node2"}
    assert all(e.gen < e.known for _, e in attacks)


def test_a_replay_reaches_only_the_node_at_that_cable_and_only_if_it_is_whole() -> None:
    world = run("35s kill node2 all", "43s start node2", "50s cut node1:eth1 in",
                "55s replay 40s from node2 on node1:eth1")  # fmt: skip
    assert told(world, ReplayAttack) == []


def test_a_packet_with_a_made_up_key_is_refused_and_reported() -> None:
    world = run("40s forge shutdone from node2 on node1:eth0")
    assert [e.type for _, e in told(world, PacketForged)] == ["shutdone"]
    assert told(world, AuthFailedToken)
    assert told(world, ShutdownNotice) == []


def test_the_older_version_names_the_node_whose_signature_failed() -> None:
    world = run("40s forge status from node2 on node1:eth0", version="2.0.8")
    assert "string2msg_ll: node [node2] failed authentication" in text(world, "node1", 40)


def test_a_signed_lie_is_believed() -> None:
    """Who has the key may take the service from a healthy node."""
    world = run("40s forge shutdone from node2 on node1:eth0 signed=yes status=dead")
    assert [e.peer for _, e in told(world, ShutdownNotice, "node1")] == ["node2"]
    assert told(world, NodeDead, after=40) == []


def test_a_forged_generation_looks_like_a_restart() -> None:
    world = run(
        "40s forge status from node2 on node1:eth0 signed=yes generation=2000000000 status=up"
    )
    assert told(world, RestartSeen, "node1", 40)
    assert told(world, ReplayAttack, "node1", 40), "the real node is the intruder now"


def test_a_stranger_is_no_node_of_the_cluster() -> None:
    world = run("40s forge status from mallory on node1:eth0 signed=yes")
    assert [e.peer for _, e in told(world, BadNode, "node1")] == ["mallory"]


@pytest.mark.parametrize("at", [38, 41])
def test_a_world_under_attack_taken_apart_gives_the_same_records(at: int) -> None:
    faults = ("30s kill node2 all", "36s start node2", "40s replay 20s from node2 on node1:eth0",
              "42s replay 3s from node1 on node2:eth1")  # fmt: skip
    whole = run(*faults)
    part = world_of(*faults, groups=groups_of())
    part.run(at * SECOND)
    again = World.resume(part.snapshot())
    again.run(70 * SECOND)
    assert jsonl(again.recorder.records) == jsonl(whole.recorder.records)


def test_nothing_is_kept_where_no_replay_is_to_come() -> None:
    assert run().hub.state.tapped == []
    assert run("40s replay 5s from node2 on node1:eth1").hub.state.tapped == []
