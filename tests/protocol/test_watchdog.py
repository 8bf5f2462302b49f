"""What the master wants of its watchdog, and of the machine when a client fails it (10, 6.7)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hasim.protocol import CloseWatchdog, Happened, OpenWatchdog, Output, Reboot, Send, Tickle
from hasim.protocol.watchdog import watchdog_limit
from hasim.units import MS, SECOND, Micros
from tests.protocol.harness import HA_CF, Fed

DOG = HA_CF + "watchdog /dev/watchdog\n"
BOTH = pytest.mark.parametrize("version", ["2.0.8", "3.0.6"])
IPFAIL = "/usr/lib/heartbeat/ipfail"
FAILFAST = HA_CF + f"failfast hacluster {IPFAIL}\n"
DOG_KINDS = (OpenWatchdog, Tickle, CloseWatchdog)


def dogs(outputs: list[Output]) -> list[Output]:
    return [o for o in outputs if isinstance(o, DOG_KINDS)]


@pytest.mark.parametrize(
    ("deadtime", "limit"),
    [("30", 31), ("29.99", 30), ("29.98", 30), ("5.5", 6), ("0.99", 1), ("1", 2)],
)
def test_the_limit_is_the_deadtime_and_a_tick_in_whole_seconds_rounded_up(
    deadtime: str, limit: int
) -> None:
    assert watchdog_limit(round(float(deadtime) * 1000) * MS) == limit * SECOND


@given(st.integers(1, 10**10))
def test_a_watchdog_never_acts_before_the_deadtime_is_over(deadtime: Micros) -> None:
    limit = watchdog_limit(deadtime)
    assert limit % SECOND == 0
    assert deadtime + 10 * MS <= limit < deadtime + 10 * MS + SECOND


@BOTH
def test_it_is_opened_before_the_status_is_up(version: str) -> None:
    fed = Fed(version, DOG)
    found = [type(o) for o in fed.out if isinstance(o, (*DOG_KINDS, Happened))]
    assert found == [Tickle, OpenWatchdog, Tickle, Happened, Tickle]
    assert OpenWatchdog("/dev/watchdog", 6 * SECOND) in fed.out


@BOTH
def test_it_is_tickled_with_each_own_status_and_by_nothing_else(version: str) -> None:
    fed = Fed(version, DOG)
    fed.join()
    fed.wake(2)
    assert len(dogs(fed.out)) == len(fed.sent("status")) > 0
    fed.hear(2.3, fed.packet(3), fed.packet(4, "reqnodes", dest="a"))
    assert any(isinstance(o, Send) for o in fed.out)
    assert dogs(fed.out) == []


def test_a_copy_of_an_own_status_that_a_medium_brings_back_does_not_tickle() -> None:
    fed = Fed("3.0.6", DOG)
    fed.join()
    fed.wake(2)
    (own,) = fed.sent("status")[-1:]
    fed.hear(2.1, own)
    assert dogs(fed.out) == []


@BOTH
def test_without_the_directive_nobody_asks_for_a_watchdog(version: str) -> None:
    fed = Fed(version)
    assert dogs(fed.out) == []
    fed.settled()
    fed.master.signal("TERM")
    fed.wake(2.1)
    assert dogs(fed.out) == []


@BOTH
def test_it_is_closed_at_the_start_of_a_give_up_and_only_once(version: str) -> None:
    fed = Fed(version, DOG)
    fed.settled()
    fed.master.signal("TERM")
    fed.wake(2.1)
    kinds = [type(o) for o in fed.out]
    assert CloseWatchdog in kinds
    assert max(i for i, kind in enumerate(kinds) if kind is Tickle) < kinds.index(CloseWatchdog)
    fed.master.signal("TERM")
    fed.wake(2.2)
    assert CloseWatchdog() not in fed.out


def test_a_shutdown_that_has_to_wait_leaves_it_open() -> None:
    fed = Fed("3.0.6", DOG)
    fed.settled()
    fed.master.state.resources.other_stable = False
    fed.master.signal("TERM")
    assert fed.wake(2.1)[-1].startswith("Shutdown delayed")
    assert CloseWatchdog() not in fed.out


@BOTH
def test_the_last_phase_of_a_quick_restart_tickles_it_and_it_is_never_closed(version: str) -> None:
    fed = Fed(version, DOG)
    fed.settled()
    fed.master.signal("HUP config")
    seen: list[Output] = []
    while (due := fed.master.deadline) is not None:
        fed.wake(due / SECOND)
        seen += dogs(fed.out)
    assert isinstance(dogs(fed.out)[-1], Tickle)
    assert CloseWatchdog() not in seen


# ---- failfast -----------------------------------------------------------------------------------


@pytest.mark.parametrize(("code", "signal"), [(1, None), (100, None), (None, 9)])
def test_a_failfast_client_that_fails_reboots_the_machine_after_a_keepalive(
    code: int | None, signal: int | None
) -> None:
    fed = Fed("3.0.6", FAILFAST)
    fed.settled()
    fed.master.client_ended(IPFAIL, 7, code, signal)
    said = fed.wake(2.1)
    assert said[-1] == f"Rebooting system.  Reason: {IPFAIL}"
    assert said[-2].startswith(f"Managed {IPFAIL} process 7")
    assert fed.out[-1] == Reboot(SECOND)


def test_a_failfast_client_that_ends_well_is_started_again() -> None:
    fed = Fed("3.0.6", FAILFAST)
    fed.settled()
    fed.master.client_ended(IPFAIL, 7, 0, None)
    assert f'Respawning client "{IPFAIL}":' in fed.wake(2.1)
    assert not any(isinstance(o, Reboot) for o in fed.out)


def test_on_the_way_down_a_failfast_client_may_fail() -> None:
    fed = Fed("3.0.6", FAILFAST)
    fed.settled()
    fed.master.signal("TERM")
    fed.wake(2.1)
    fed.master.client_ended(IPFAIL, 7, None, 9)
    fed.wake(2.3)
    assert not any(isinstance(o, Reboot) for o in fed.out)


def test_a_respawn_client_that_is_killed_reboots_nothing() -> None:
    fed = Fed("3.0.6", FAILFAST.replace("failfast", "respawn"))
    fed.settled()
    fed.master.client_ended(IPFAIL, 7, None, 9)
    fed.wake(2.1)
    assert not any(isinstance(o, Reboot) for o in fed.out)


def test_the_close_names_what_asked_for_the_shutdown() -> None:
    fed = Fed(ha_cf=DOG)
    fed.settled("all", "none")
    fed.master.signal("TERM", 17)
    fed.wake(2.1)
    assert [o.why for o in fed.out if isinstance(o, CloseWatchdog)] == [17]
