"""What a master does about its STONITH device (semantics 9)."""

from __future__ import annotations

import pytest

from hasim.units import SECOND
from tests.protocol.harness import HA_CF, Fed, seconds

BOTH = pytest.mark.parametrize("version", ["2.0.8", "3.0.6"])
FENCED = HA_CF + "stonith_host * null a b\n"
EXIT = {
    "2.0.8": "Exiting {} process 9 returned rc {}.",
    "3.0.6": "Managed {} process 9 exited with return code {}.",
}


def ends(fed: Fed, at: float, peer: str, code: int) -> list[str]:
    fed.master.stonith_ended(peer, 9, code)
    return fed.wake(at)


def dying(version: str = "3.0.6", ha_cf: str = FENCED) -> Fed:
    """Return a node whose settled peer has just died with everything in its hands."""
    fed = Fed(version, ha_cf)
    fed.settled("none", "all")
    fed.run(7)
    return fed


@BOTH
def test_a_dead_peer_that_claims_something_is_reset_before_anything_is_taken(version: str) -> None:
    fed = dying(version)
    assert fed.fences == ["", "b"]
    assert fed.master.state.resources.mine == 0
    assert fed.sent("stonith") == []


@BOTH
def test_takeover_follows_a_successful_reset_in_the_wake_of_its_exit(version: str) -> None:
    fed = dying(version)
    assert ends(fed, 7.3, "b", 0) == [
        EXIT[version].format("STONITH b", 0),
        "Resources being acquired from b.",
    ]
    assert fed.master.state.resources.mine == 3


@BOTH
def test_a_failed_reset_is_tried_again_after_five_seconds(version: str) -> None:
    fed = dying(version)
    said = ends(fed, 7.3, "b", 1)
    assert said == [
        EXIT[version].format("STONITH b", 1),
        "STONITH of b failed.  Retrying...",
    ]
    fed.run(12.2)
    assert fed.fences == ["", "b"]
    fed.run(12.4)
    assert fed.fences == ["", "b", "b"]


def test_a_node_that_has_come_back_is_reset_and_taken_over_all_the_same() -> None:
    fed = dying()
    ends(fed, 7.3, "b", 1)
    fed.hear(8, fed.packet(1, status="init"), fed.packet(2, status="up"))
    fed.run(12.4)
    assert fed.fences[-1] == "b"


def test_a_peer_that_gave_up_is_not_fenced() -> None:
    fed = Fed("3.0.6", FENCED)
    fed.settled("all", "none")
    assert "Dead node b gave up resources." in fed.run(7)
    assert fed.fences == [""]


def test_the_device_is_checked_at_comm_up_and_an_hour_after_each_check() -> None:
    fed = Fed("3.0.6", FENCED)
    fed.join()
    assert fed.fences == [""]
    ends(fed, 3, "", 0)
    assert fed.master.state.fencing.check_due == seconds(3603)


@BOTH
def test_a_failed_check_is_said(version: str) -> None:
    fed = Fed(version, FENCED)
    fed.join()
    assert ends(fed, 3, "", 1) == [
        EXIT[version].format("STONITH-stat", 1),
        "STONITH status operation failed.",
        "This may mean that the STONITH device has failed!",
    ]


def test_a_node_that_stops_meanwhile_takes_nothing() -> None:
    """While fencing is pending the node counts as stable, so it may stop."""
    fed = dying()
    fed.master.signal("TERM")
    assert "Heartbeat shutdown in progress. (100)" in fed.wake(7.1)
    said = ends(fed, 7.3, "b", 0)
    assert said == ["Resource takeover cancelled - shutdown in progress."]


def test_without_a_device_nothing_is_forked() -> None:
    fed = dying(ha_cf=HA_CF)
    assert fed.fences == []


def test_a_failed_reset_moves_the_next_wake_to_its_retry() -> None:
    """No other timer comes at that instant: the retry itself wakes the loop (semantics 9)."""
    fed = dying()
    fed.run(11)  # no other rare timer is due before the audit at 18
    ends(fed, 11.13, "b", 1)
    fed.run(16.1)
    assert fed.master.deadline == seconds(16.13)


def test_the_hourly_check_comes_once_and_the_loop_goes_on() -> None:
    fed = Fed("3.0.6", FENCED)
    fed.settled("local", "local")
    fed.master.state.peers["b"].limit = 3 * 3600 * SECOND
    ends(fed, 3, "", 0)
    fed.run(3602.9)
    assert fed.fences == [""]
    fed.run(3620)
    assert fed.fences == ["", ""]
