"""Respawn clients that the site describes: how long they live, whether they sign on (6.7, 15.2)."""

from __future__ import annotations

import pytest

from hasim.events import (
    ChildExited,
    ClientAuditDied,
    ClientDuplicate,
    ClientExec,
    ClientRespawn,
    ClientRespawnTooFast,
    ClientUnauthorised,
    ClientUnstartable,
)
from hasim.world import World
from tests.world.support import HA_CF, held_world, text, told

BOTH = pytest.mark.parametrize("version", ["2.0.8", "3.0.6"])
COMMAND = "/usr/local/bin/watcher -v"


def world(
    *faults: str, traits: str, user: str = "hacluster", version: str = "3.0.6", until: float = 30
) -> World:
    ha_cf = f"{HA_CF}respawn {user} {COMMAND}\n"
    site = f"[script]\nwatcher = {{{{ {traits} }}}}\n"
    made = held_world(*faults, version=version, ha_cf=ha_cf, more=site)
    made.run(round(until * 1_000_000))
    return made


def signed_on(made: World) -> list[str]:
    daemon = made.hub.state.nodes["node1"].daemon
    assert daemon is not None
    assert daemon.master is not None
    return sorted(daemon.master.signed_on)


@BOTH
def test_a_client_that_is_not_there_cannot_be_executed_and_is_left_alone(version: str) -> None:
    made = world(traits="missing = true", version=version)
    (_, missing), *more = told(made, ClientUnstartable, "node1")
    assert missing == ClientUnstartable(COMMAND, "No such file or directory")
    assert more == told(made, ClientRespawn, "node1") == []
    assert f"Cannot exec {COMMAND}: No such file or directory" in text(made, "node1")


@BOTH
def test_a_client_that_keeps_ending_is_given_up_at_the_eleventh_quick_death(version: str) -> None:
    made = world(traits='run = "2s", exits = 3', version=version, until=60)
    ends = [e for _, e in told(made, ChildExited, "node1") if isinstance(e, ChildExited)]
    assert [e.code for e in ends] == [3] * 11
    assert len(told(made, ClientRespawn, "node1")) == 10
    assert len(told(made, ClientRespawnTooFast, "node1")) == 1
    assert f'Client {COMMAND} "respawning too fast"' in text(made, "node1")


def test_one_that_lives_half_a_minute_is_started_for_ever() -> None:
    made = world(traits='run = "31s"', until=500)
    assert len(told(made, ClientRespawn, "node1")) > 12
    assert not told(made, ClientRespawnTooFast)


@pytest.mark.parametrize(
    ("traits", "names"),
    [("signs_on = true", ["ipfail", "watcher"]), ("signs_on = false", ["ipfail"])],
)
def test_a_client_signs_on_if_the_site_says_so(traits: str, names: list[str]) -> None:
    assert signed_on(world(traits=traits, until=10)) == names


@BOTH
def test_a_client_of_a_user_that_apiauth_does_not_allow_is_refused(version: str) -> None:
    ha_cf = HA_CF.replace("respawn hacluster", "respawn root")
    made = held_world(version=version, ha_cf=ha_cf)
    made.run(60_000_000)
    assert len(told(made, ClientUnauthorised, "node1")) == 11
    assert len(told(made, ClientRespawnTooFast, "node1")) == 1
    ends = [e for _, e in told(made, ChildExited, "node1") if isinstance(e, ChildExited)]
    assert {e.code for e in ends} == {1}
    assert signed_on(made) == []
    (_, executed), *_ = told(made, ClientExec, "node1")
    assert isinstance(executed, ClientExec)
    assert (executed.uid, executed.gid) == (0, 0)


def test_a_channel_that_a_child_keeps_is_closed_by_the_audit() -> None:
    made = world(
        "50s kill node1 client:watcher", traits="signs_on = true, keeps_channel = true", until=80
    )
    ((audit, _),) = told(made, ClientAuditDied, "node1")
    assert 50 < audit < 59.5
    duplicates = told(made, ClientDuplicate, "node1")
    assert duplicates, "until then the name is taken"
    assert all(at <= audit for at, _ in duplicates)
    assert signed_on(made) == ["ipfail", "watcher"]
