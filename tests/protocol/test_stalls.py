"""What the main loop says of timers that it serves late, and how two of them creep (2.2, 4.8)."""

from __future__ import annotations

import pytest

from hasim.events import DispatchLate
from hasim.protocol import Happened
from hasim.units import MS, SECOND, Micros
from tests.protocol.harness import HA_CF, Fed, lines_of, seconds

STATUS, SIGNALS = "send local status", "check for signals"
MSGFREE, AUDIT = "update msgfree count", "client audit"
TICK = 10 * MS


def late(fed: Fed, at: float, ha_cf: str = HA_CF) -> dict[str, tuple[int, int]]:
    """Wake a node late; return what it complains of: timer -> delay and limit in ms."""
    fed.wake(at)
    events = [o.event for o in fed.out if isinstance(o, Happened)]
    return {e.what: (e.delay_ms, e.limit_ms) for e in events if isinstance(e, DispatchLate)}


def punctual(until: float = 3, ha_cf: str = HA_CF) -> Fed:
    fed = Fed(ha_cf=ha_cf)
    fed.run(until)
    return fed


@pytest.mark.parametrize("keepalive", [1, 2])
def test_the_status_may_be_late_by_half_a_keepalive_and_a_tick(keepalive: int) -> None:
    """Semantics 4.8: 10 + K/2; exactly so late is not too late."""
    ha_cf = HA_CF.replace("keepalive 1", f"keepalive {keepalive}")
    due, limit = 2 * keepalive, 10 + keepalive * 500
    fed = punctual(due - 0.1, ha_cf)
    assert late(fed, due + limit / 1000) == {}
    fed = punctual(due - 0.1, ha_cf)
    both = (limit + 10, limit)
    assert late(fed, due + (limit + 10) / 1000) == {STATUS: both, SIGNALS: both}


def test_the_half_second_timer_may_be_late_by_the_deadtime() -> None:
    """Semantics 4.8: update msgfree count: D."""
    fed = punctual()
    assert MSGFREE not in late(fed, 8.5)
    fed = punctual()
    assert late(fed, 8.51)[MSGFREE] == (5010, 5000)


def test_the_audit_may_be_late_by_five_seconds() -> None:
    """Semantics 4.8: client audit: 5000."""
    assert AUDIT not in late(punctual(8.9), 14)
    assert late(punctual(8.9), 14.01)[AUDIT] == (5010, 5000)


@pytest.mark.parametrize("version", ["2.0.8", "3.0.6"])
def test_a_complaint_has_two_lines_of_whole_milliseconds_and_ticks(version: str) -> None:
    fed = Fed(version)
    fed.run(3)
    fed.wake(5)
    said = lines_of(version, [o.event for o in fed.out if isinstance(o, Happened)])
    start = "Gmain_timeout_dispatch: "
    assert said[0].startswith(
        f"{start}Dispatch function for {STATUS} was delayed 1000 ms (> 510 ms) before being called"
    )
    assert said[1] == f"{start}started at 500 should have started at 400"


def dues(creep: int, uncrept: int = 0) -> list[Micros]:
    """Return by how much the half-second timer is off its grid after each of its dispatches."""
    fed = Fed(creep=creep)
    master = fed.master
    master.state.uncrept = uncrept
    out = []
    for n in range(1, 10):
        due = master.state.msgfree_due
        assert due is not None
        fed.wake(due / SECOND)
        assert master.state.msgfree_due is not None
        out.append(master.state.msgfree_due - seconds(n / 2 + 0.5))
    return out


def test_the_half_second_timer_creeps_by_a_tick_every_so_many_dispatches() -> None:
    """Semantics 2.2: it is served last and armed from there."""
    assert dues(3) == [0, 0, TICK, TICK, TICK, 2 * TICK, 2 * TICK, 2 * TICK, 3 * TICK]
    assert dues(3, uncrept=2)[:4] == [TICK, TICK, TICK, 2 * TICK]


def test_without_creep_it_keeps_its_grid() -> None:
    assert dues(0) == [0] * 9


def test_the_check_for_signals_creeps_along_and_the_status_does_not() -> None:
    fed = Fed(creep=1)
    fed.wake(0.5)
    state = fed.master.state
    assert (state.signals_due, state.msgfree_due) == (seconds(1.01), seconds(1.01))
    assert state.status_due == seconds(1)
