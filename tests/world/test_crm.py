"""Nodes whose daemon leaves the resources to a cluster manager (semantics 13)."""

from __future__ import annotations

import pickle

import pytest

from hasim.events import (
    CcmExit,
    CcmReason,
    ChildKilled,
    ClientDuplicate,
    ClientExec,
    ClientKilling,
    ClientRespawn,
    ClientStarting,
    ClientUnaddable,
    DispatchLong,
    NodeDead,
    NodeStatus,
    ProcessExited,
    ProcessStarted,
    RcScriptRun,
    ScriptRun,
    ShutdownNotice,
)
from hasim.world import World
from tests.world.support import HA_CF, held_world, jsonl, text, told

BOTH = pytest.mark.parametrize("version", ["2.0.8", "3.0.6"])
BARE = HA_CF.replace("respawn hacluster /usr/lib/heartbeat/ipfail\n", "")
WORD = {"2.0.8": "on", "3.0.6": "respawn"}


def world(
    *faults: str, version: str = "2.0.8", until: float = 20, ha_cf: str = "", seed: int = 0
) -> World:
    ha_cf = ha_cf or f"{BARE}crm {WORD[version]}\n"
    made = held_world(*faults, version=version, ha_cf=ha_cf, seed=seed)
    made.run(round(until * 1_000_000))
    return made


def programs(made: World, kind: type[ClientStarting] | type[ClientKilling]) -> list[str]:
    found = [event for _, event in told(made, kind, "node1")]
    commands = (e.command for e in found if isinstance(e, (ClientStarting, ClientKilling)))
    return [c.split()[0].rpartition("/")[2] for c in commands]


@BOTH
def test_the_daemon_leaves_all_resources_alone(version: str) -> None:
    made = world("25s cut node1:eth0", "25s cut node1:eth1", version=version, until=60)
    assert told(made, NodeDead, "node1")
    assert not told(made, RcScriptRun)
    # Only the init script looks at what the groups are.
    assert not [e for at, e in told(made, ScriptRun) if at > 5]
    assert not any("STONITH" in line for line in text(made, "node1"))


@BOTH
def test_it_says_that_nobody_reads_haresources(version: str) -> None:
    lines = text(world(version=version, until=3), "node1")
    at = lines.index("File /etc/ha.d/haresources exists.")
    assert lines[at - 1] == f"Configuration validated. Starting heartbeat {version}"
    manager = "pacemaker" if version == "3.0.6" else "crm"
    assert lines[at + 1] == f"This file is not used because {manager} is enabled"
    assert ("Pacemaker support: respawn" in lines) is (version == "3.0.6")


@BOTH
def test_the_clients_are_stopped_in_reverse_order(version: str) -> None:
    made = world("25s stop node1", version=version, until=40)
    started, stopped = programs(made, ClientStarting), programs(made, ClientKilling)
    assert started[0] == "ccm"
    assert len(started) == 7
    assert stopped == started[::-1]
    assert text(made, "node1")[-1] == "node1 Heartbeat shutdown complete."
    assert not told(made, ShutdownNotice)
    assert told(made, NodeDead, "node2"), "nobody has told the other node"


@BOTH
def test_after_a_heal_the_lines_are_printed_and_nobody_restarts(version: str) -> None:
    cuts = [f"25s cut node1:{nic} for 20s" for nic in ("eth0", "eth1")]
    made = world(*cuts, version=version, until=120)
    for node, peer in (("node1", "node2"), ("node2", "node1")):
        lines = text(made, node)
        assert f"Cluster node {peer} returning after partition." in lines
        assert "Heartbeat restart triggered." not in lines
        heard = [e for at, e in told(made, NodeStatus, node) if at > 40]
        assert NodeStatus(peer, "active") in heard


@BOTH
def test_ipfail_finds_no_managed_resources_and_stays_away(version: str) -> None:
    made = world(version=version, ha_cf=f"{HA_CF}crm {WORD[version]}\n")
    lines = text(made, "node1")
    at = lines.index("No managed resources")
    assert "100" in lines[at + 1]
    assert not told(made, ClientRespawn)


def test_crmd_has_two_children_that_end_with_it() -> None:
    made = world("25s kill node1 crmd", until=30)
    started = [
        (at, e) for at, e in told(made, ProcessStarted, "node1") if isinstance(e, ProcessStarted)
    ]
    assert [e.role for _, e in started] == ["pengine", "tengine"] * 2
    ended = [e for _, e in told(made, ProcessExited, "node1") if isinstance(e, ProcessExited)]
    pids = {e.pid for at, e in started if at < 25}
    assert pids <= {e.pid for e in ended}
    assert [e.signal for e in ended if e.role == "crmd"] == [9]


def test_a_child_of_crmd_is_not_started_again() -> None:
    made = world("25s kill node1 tengine", until=60)
    assert not told(made, ClientRespawn)


@pytest.mark.parametrize("seed", range(4))
def test_a_ccm_that_dies_late_is_refused_once(seed: int) -> None:
    made = world("50s kill node1 ccm", until=70, seed=seed)
    lines = [line for line in text(made, "node1", after=50) if "ink" not in line]
    heads = [line.split("ccm")[0].split(": ")[0].strip(' "') for line in lines]
    assert heads == [
        "Exiting /usr/lib/heartbeat/",
        'Respawning client "/usr/lib/heartbeat/',
        'Starting child client "/usr/lib/heartbeat/',
        'Starting "/usr/lib/heartbeat/',
        "G_SIG_dispatch",
        "duplicate client add request [",
        "api_process_registration_msg",
        "REASON",
        "Initialization failed. Exit",
        "Exiting /usr/lib/heartbeat/",
        'Respawning client "/usr/lib/heartbeat/',
        'Starting child client "/usr/lib/heartbeat/',
        "G_SIG_dispatch",
        'Starting "/usr/lib/heartbeat/',
    ]
    daemon = made.hub.state.nodes["node1"].daemon
    assert daemon is not None
    assert daemon.master is not None
    assert "ccm" in daemon.master.signed_on


def test_the_long_dispatch_is_as_long_as_it_says() -> None:
    made = world("50s kill node1 ccm", until=51)
    (long_at, long), (dup_at, _) = told(made, DispatchLong)[0], told(made, ClientDuplicate)[0]
    assert isinstance(long, DispatchLong)
    assert dup_at == long_at
    assert abs((long_at - 50) * 1000 - long.took_ms) < 1
    assert long.took_ms > long.limit_ms == 10


def test_a_world_taken_apart_while_the_daemon_forks_goes_on_as_it_would() -> None:
    whole, other = (world("50s kill node1 ccm", until=50.03) for _ in range(2))
    daemon = other.hub.state.nodes["node1"].daemon
    assert daemon is not None
    assert daemon.forking is not None
    other = World.resume(pickle.loads(pickle.dumps(other.snapshot())))
    for made in (whole, other):
        made.run(60_000_000)
    assert jsonl(other.recorder.records) == jsonl(whole.recorder.records)
    assert other.snapshot() == whole.snapshot()


def test_a_refusal_follows_from_the_death_of_the_one_before() -> None:
    made = world("50s kill node1 ccm", until=60)
    records = made.recorder.records
    found = next(r for r in records if isinstance(r.event, CcmExit))
    chain = []
    while found.cause is not None:
        found = records[found.cause]
        chain.append(type(found.event))
    assert chain[:6] == [
        CcmReason, ClientUnaddable, ClientExec, ClientStarting, ClientRespawn, ChildKilled,
    ]  # fmt: skip


def test_one_that_dies_quickly_sleeps_and_is_let_in() -> None:
    made = world("20s kill node1 ccm", until=30)
    assert told(made, ClientRespawn)
    assert not told(made, ClientDuplicate)
    late = [at for at, e in told(made, ClientExec, "node1", 20)]
    assert len(late) == 1
    assert late[0] > 21


def test_in_the_newer_version_the_new_one_is_let_in_at_once() -> None:
    made = world("50s kill node1 cib", version="3.0.6", until=60)
    assert told(made, ClientRespawn)
    assert not told(made, ClientDuplicate) + told(made, DispatchLong)
