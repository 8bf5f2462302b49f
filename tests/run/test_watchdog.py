"""Test 5 of the founding document: what a watchdog protects from, and what not (semantics 10)."""

from __future__ import annotations

import pytest

from hasim.config import DIALECTS
from hasim.events import AddressUp, DiskMounted, NodeDead, NodePoweredOff, WatchdogFired
from hasim.model import Model
from hasim.run import Run
from hasim.units import MS, SECOND, Micros

DOG = {"watchdog": "/dev/watchdog"}
#: The configuration of the scenario in which the watchdog wins.
WINS = {**DOG, "keepalive": "200ms", "deadtime": "29990ms"}
#: Kills spread over the period of a heartbeat, one for each seed.
SEEDS = range(24)


def kill_at(seed: int) -> Micros:
    return 40 * SECOND + seed * 1237 % 2000 * MS


def killed(model: Model, change: dict[str, str], seed: int, fault: str = "kill node1 all") -> Run:
    line = f"{kill_at(seed) // MS}ms {fault}"
    return model.changed(change).run([line], until="85s", seed=seed)


def first(run: Run, kind: type, node: str) -> Micros:
    return next(
        r.at
        for r in run.trace.records
        if isinstance(r.event, kind) and getattr(r.event, "node", r.source.node) == node
    )


def properties(run: Run) -> set[str]:
    return {v.property for v in run.violations}


def test_the_scenario_that_is_safe_has_the_configuration_that_is_tested_here(model: Model) -> None:
    assert dict(model.scenarios["test5-kill-9-watchdog"].change) == WINS
    assert dict(model.scenarios["test5-watchdog-race"].change) == DOG


@pytest.mark.parametrize("fault", ["kill node1 all", "kill node1 master", "hang node1"])
@pytest.mark.parametrize("dialect", DIALECTS)
def test_a_watchdog_that_wins_leaves_nothing_to_two_nodes(
    model: Model, fault: str, dialect: str
) -> None:
    for seed in SEEDS:
        run = killed(model.with_dialect(dialect), WINS, seed, fault)
        assert run.violations == (), seed
        gone = first(run, NodePoweredOff, "node1")
        assert first(run, AddressUp, "node2") > gone + 300 * MS
        assert first(run, DiskMounted, "node2") > gone + SECOND


def test_it_wins_although_the_peer_is_the_first_to_act(model: Model) -> None:
    """What saves the disk is the time that the scripts take, not the watchdog alone."""
    runs = [killed(model, WINS, seed) for seed in SEEDS]
    early = [first(r, WatchdogFired, "node1") - first(r, NodeDead, "node2") for r in runs]
    assert max(early) > 0
    assert all(us <= 220 * MS for us in early)


def test_with_equal_deadtimes_the_peer_is_up_to_a_keepalive_and_a_second_early(
    model: Model,
) -> None:
    early = []
    for seed in SEEDS:
        run = killed(model, DOG, seed)
        assert first(run, WatchdogFired, "node1") == kill_at(seed) + 31 * SECOND
        early.append(first(run, WatchdogFired, "node1") - first(run, NodeDead, "node2"))
    assert min(early) > 0
    assert 2 * SECOND < max(early) <= 3 * SECOND


def test_with_equal_deadtimes_it_is_chance_whether_two_nodes_have_what_is_one(
    model: Model,
) -> None:
    found = [properties(killed(model, DOG, seed)) for seed in SEEDS]
    assert {"fenced-before-takeover"} in found
    both = {"at-most-one-mounter", "at-most-one-vip-holder"}
    assert {*both, "fenced-before-takeover"} in found
    assert not any(both & kinds and "fenced-before-takeover" not in kinds for kinds in found)


def test_without_a_watchdog_two_nodes_mount_the_disk_whatever_the_seed(model: Model) -> None:
    for seed in SEEDS:
        found = properties(killed(model, {}, seed))
        assert found == {"at-most-one-mounter", "at-most-one-vip-holder"}
