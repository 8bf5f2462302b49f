"""Shrinking: fewer faults first, then rounder instants, then shorter outages."""

from __future__ import annotations

from collections.abc import Sequence

from hypothesis import given, settings
from hypothesis import strategies as st

from hasim.faults import Cable, Cut, Fault, Isolate, Kill, Lose, parse_fault
from hasim.model import Model
from hasim.search import Space, shrink
from hasim.units import SECOND


def lines(*texts: str) -> list[Fault]:
    return [parse_fault(text) for text in texts]


def told(schedule: Sequence[Fault]) -> list[str]:
    return [str(fault) for fault in schedule]


def has(kind: type[Fault], least: int = 1):  # type: ignore[no-untyped-def]
    return lambda faults: sum(isinstance(f, kind) for f in faults) >= least


def test_what_does_not_matter_goes() -> None:
    schedule = lines("3s stop node1", "7s kill node1 all", "9s hang node1 for 3s", "11s stop node2")
    assert told(shrink(schedule, has(Kill)).best) == ["1m kill node1 all"]


def test_instants_become_round_as_far_as_it_still_shows() -> None:
    def late(faults: Sequence[Fault]) -> bool:
        return any(f.at <= 73 * SECOND for f in faults)

    work = shrink(lines("1m12s417ms kill node1 all"), late)
    assert told(work.best) == ["1m kill node1 all"]


def test_outages_become_short_as_far_as_it_still_shows() -> None:
    def long(faults: Sequence[Fault]) -> bool:
        return any((f.duration or 0) >= 9 * SECOND for f in faults)

    work = shrink(lines("30s isolate node1 for 1m23s456ms"), long)
    assert told(work.best) == ["1m isolate node1 for 10s"]


def test_faults_whose_distance_matters_move_together() -> None:
    def apart(faults: Sequence[Fault]) -> bool:
        ats = [f.at for f in faults]
        return len(ats) == 2 and ats[1] - ats[0] == 1_234_000

    work = shrink(lines("33s20ms stop node1", "34s254ms stop node2"), apart)
    assert told(work.best) == ["0s stop node1", "1s234ms stop node2"]


def test_a_cut_explains_more_than_a_loss() -> None:
    def deaf(faults: Sequence[Fault]) -> bool:
        return any(isinstance(f, Lose | Cut) for f in faults)

    schedule: list[Fault] = [Lose(0, 700, Cable("node1", "eth0"), "in", SECOND)]
    assert told(shrink(schedule, deaf).best) == ["0s cut node1:eth0 for 1s"]


def test_no_more_schedules_are_tried_than_allowed() -> None:
    asked = []

    def shows(faults: Sequence[Fault]) -> bool:
        asked.append(tuple(faults))
        return len(faults) == 20

    schedule = lines(*(f"{i}s317ms kill node1 all" for i in range(20)))
    work = shrink(schedule, shows, most=7)
    assert len(asked) == work.tries == 7
    assert len(set(asked)) == 7


@settings(deadline=None, max_examples=40)
@given(st.integers(0, 10_000), st.sampled_from(["isolate", "kill", "hang", "stop", "cut"]))
def test_no_single_fault_can_be_taken_from_the_result(model: Model, index: int, verb: str) -> None:
    """A made-up rule that needs two faults of a node: the result is 1-minimal, and shows it."""

    def shows(faults: Sequence[Fault]) -> bool:
        return sum(f.verb != verb for f in faults) >= 2

    schedule = [f for i in range(3) for f in Space(model).schedule(0, 3 * index + i)]
    if not shows(schedule):
        return
    best = shrink(schedule, shows).best
    assert shows(best)
    assert not any(shows([*best[:i], *best[i + 1 :]]) for i in range(len(best)))


def test_isolation_stays_isolation_where_one_cable_is_not_enough() -> None:
    work = shrink(lines("60s isolate node1 for 60s", "70s stop node2"), has(Isolate))
    assert told(work.best) == ["1m isolate node1 for 1s"]
