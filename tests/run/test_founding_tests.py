"""Tests 1 and 4 of the founding document: what they must show (semantics 16.3, 16.6)."""

from __future__ import annotations

from itertools import pairwise

import pytest

from hasim.model import Model
from hasim.run import Run
from hasim.units import SECOND, Micros
from tests.run.test_founding import SEEDS, Line, lines_of

GROUP = "192.168.60.200/24/eth0"


def minutes(whole: int, seconds: float = 0) -> Micros:
    return int((whole * 60 + seconds) * SECOND)


def after(run: Run, node: str, at: Micros, end: Micros | None = None) -> list[Line]:
    """Return the lines of a node from one instant to another."""
    return [x for x in lines_of(run, node) if x.at >= at and (end is None or x.at < end)]


def when(lines: list[Line], text: str) -> Micros:
    """Return when a text is first logged."""
    return next(x.at for x in lines if text in x.text)


def has(lines: list[Line], text: str) -> bool:
    return any(text in x.text for x in lines)


def holders(run: Run) -> list[tuple[str, Micros, Micros]]:
    """Return who held the whole group from when to when."""
    return [(s.who, s.begin, s.end) for s in run.held(GROUP)]


@pytest.fixture(scope="module", params=SEEDS)
def stopped(request: pytest.FixtureRequest, model: Model) -> Run:
    """Test 1: heartbeat is stopped on node1 after five minutes and started after eight."""
    return model.run(scenario="test1-graceful-stop", seed=request.param)


@pytest.fixture(scope="module", params=SEEDS)
def cables(request: pytest.FixtureRequest, model: Model) -> Run:
    """Test 4: eth1 is cut at 5 min, eth0 at 7; eth1 is back at 9 min, eth0 at 14."""
    return model.run(scenario="test4-all-cables", seed=request.param)


def test_a_stop_is_taken_over_within_a_second_of_the_release(stopped: Run) -> None:
    stop = minutes(5)
    one, two = after(stopped, "node1", stop), after(stopped, "node2", stop)
    gone = when(one, "All HA resources relinquished.")
    assert when(one, "Heartbeat shutdown in progress. (3689)") - stop <= SECOND // 10
    assert gone - stop <= 4 * SECOND, "the stop scripts' own time"
    assert 0 <= when(two, "Received shutdown notice from 'node1'.") - gone <= SECOND
    assert when(two, "Taking over resource group") - gone <= 2 * SECOND
    assert 2 * SECOND <= when(one, "node1 Heartbeat shutdown complete.") - gone <= 4 * SECOND


def test_a_stopped_node_is_declared_dead_later_and_needs_no_fencing(stopped: Run) -> None:
    lines = after(stopped, "node2", minutes(5), minutes(8))
    quit_ = when(after(stopped, "node1", minutes(5)), "node1 Heartbeat shutdown complete.")
    dead = when(lines, "node node1: is dead")
    assert 28 * SECOND <= dead - quit_ <= 31 * SECOND
    assert when(lines, "Dead node node1 gave up resources.") == dead
    assert not has(lines, "STONITH")


def test_a_node_started_again_gets_its_group_back_without_waiting(stopped: Run) -> None:
    start = minutes(8)
    one, two = after(stopped, "node1", start), after(stopped, "node2", start)
    assert when(one, "Local status now set to: 'active'") - start <= 4 * SECOND
    assert when(two, "node2 wants to go standby [foreign]") - start <= 5 * SECOND
    held = holders(stopped)
    assert [who for who, _, _ in held] == ["node1", "node2", "node1"]
    assert all(end <= begin for (_, _, end), (_, begin, _) in pairwise(held))
    # Two to four seconds until the release begins, and the scripts' own time.
    assert held[2][1] - start <= 10 * SECOND
    assert held[2][2] == minutes(10)


def test_the_heartbeat_cable_alone_moves_nothing(cables: Run) -> None:
    for node, peer in (("node1", "node2"), ("node2", "node1")):
        lines = after(cables, node, minutes(5), minutes(7))
        dead = when(lines, f"Link {peer}:eth1 dead.")
        assert 28 * SECOND <= dead - minutes(5) <= 32 * SECOND
        assert when(lines, "Ping node count is balanced.") > dead
        assert not has(lines, f"node {peer}: is dead")
        assert not has(lines, "less visible ping nodes")
    who, begin, end = holders(cables)[0]
    assert who == "node1"
    assert begin < minutes(5)
    assert end > minutes(9)


def test_with_both_cables_cut_each_declares_the_other_dead_and_both_hold_all(cables: Run) -> None:
    for node, peer in (("node1", "node2"), ("node2", "node1")):
        lines = after(cables, node, minutes(7), minutes(9))
        assert 28 * SECOND <= when(lines, f"node {peer}: is dead") - minutes(7) <= 31 * SECOND
        assert has(lines, f"Resources being acquired from {peer}.")
    assert has(after(cables, "node1", minutes(7), minutes(9)), "node 192.168.60.1: is dead")
    assert not has(after(cables, "node2", minutes(7), minutes(9)), "node 192.168.60.1: is dead")
    (own, _, own_end), (other, begin, _) = holders(cables)[:2]
    assert (own, other) == ("node1", "node2")
    assert minutes(7, 28) < begin < minutes(7, 36) < own_end
    assert {v.property for v in cables.violations} == {
        "at-most-one-mounter",
        "at-most-one-vip-holder",
    }


def test_with_eth1_back_both_restart_and_one_waits_for_the_other(cables: Run) -> None:
    for node, peer in (("node1", "node2"), ("node2", "node1")):
        lines = after(cables, node, minutes(9), minutes(14))
        seen = when(lines, f"Cluster node {peer} returning after partition.")
        assert seen - minutes(9) <= 3 * SECOND
        restart = when(lines, "Performing heartbeat restart exec.")
        assert 4 * SECOND <= restart - seen <= 15 * SECOND
        assert 31 * SECOND <= when(lines, "Configuration validated.") - restart <= 32 * SECOND
    one, two = (after(cables, n, minutes(9, 20), minutes(14)) for n in ("node1", "node2"))
    waited = when(one, "Local status now set to: 'active'") - when(one, "now set to: 'up'")
    assert 120 * SECOND <= waited <= 122 * SECOND
    assert when(two, "now set to: 'active'") - when(two, "now set to: 'up'") <= 5 * SECOND
    # node2 has nobody to agree with: it starts nothing, and nobody serves.
    up = when(one, "Local status now set to: 'active'")
    assert not has([x for x in two if x.at < up], "resource")
    assert not [who for who, begin, end in holders(cables) if begin < up and end > minutes(9, 20)]


def test_the_node_without_the_ping_node_gets_its_group_and_gives_it_all_away(cables: Run) -> None:
    one, two = (after(cables, n, minutes(11), minutes(14)) for n in ("node1", "node2"))
    mine = when(one, "Acquiring resource group: node1")
    told = when(one, "less visible ping nodes")
    wants = when(one, "node1 wants to go standby [all]")
    assert mine < wants
    assert 3 * SECOND <= wants - told <= 8 * SECOND
    assert wants < when(two, "standby: acquire [all] resources from node1")
    later = [(who, begin) for who, begin, _ in holders(cables) if minutes(10) < begin < minutes(14)]
    assert [who for who, _ in later] == ["node1", "node2"]


def test_with_eth0_back_everything_goes_home(cables: Run) -> None:
    one, two = (after(cables, n, minutes(14)) for n in ("node1", "node2"))
    assert when(one, "A ping node just came up.") - minutes(14) <= 4 * SECOND
    assert has(two, "Giving up foreign resources (auto_failback).")
    wants = when(two, "node2 wants to go standby [foreign]")
    assert wants - minutes(14) <= 12 * SECOND
    who, begin, end = holders(cables)[-1]
    assert (who, end) == ("node1", minutes(16))
    assert wants < begin <= minutes(14, 20)
