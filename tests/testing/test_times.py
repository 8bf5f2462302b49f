"""Times of a mixture, and items dealt so that groups weigh alike."""

from __future__ import annotations

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

import hasim
from hasim.search import Space
from hasim.testing.times import dealt, durations, instants
from hasim.units import MINUTE, MS, SECOND
from tests.testing.support import drawn, smallest


def many(strategy: st.SearchStrategy[int]) -> list[int]:
    """Return a thousand draws, in lists: single ones would not come twice."""
    lists = drawn(st.lists(strategy, min_size=20, max_size=20), 50)
    return [value for values in lists for value in values]


groups = st.lists(st.lists(st.integers(), max_size=6), max_size=5)


@given(groups)
def test_dealing_lists_every_item_once_before_it_lists_any_again(found: list[list[int]]) -> None:
    items = [item for group in found for item in group]
    assert list(dealt(found)[: len(items)]) == items
    assert set(dealt(found)) == set(items)


@given(groups)
def test_dealt_groups_weigh_alike(found: list[list[int]]) -> None:
    marked = [[(i, j) for j in range(len(group))] for i, group in enumerate(found)]
    weights = Counter(group for group, _ in dealt(marked))
    assert len(set(weights.values())) <= 1
    assert sorted(weights) == [i for i, group in enumerate(found) if group]


def test_instants_are_round_or_fall_on_deadlines_or_anywhere(model: hasim.Model) -> None:
    space = Space(model)
    found = many(instants(space))
    ticks = {at % (10 * SECOND) for at in space.instants[1]} - {0}
    assert all(0 <= at < space.window for at in found)
    round_ones = [at for at in found if at % (10 * SECOND) == 0]
    exact = [at for at in found if at % (10 * SECOND) in ticks]
    anywhere = [at for at in found if at not in round_ones and at not in exact]
    assert min(len(round_ones), len(exact), len(anywhere)) > 200
    assert all(at % MS == 0 for at in anywhere)
    assert len(set(anywhere)) > 100
    assert max(found) > space.window * 9 // 10


def test_durations_are_those_of_the_space_or_a_little_longer(model: hasim.Model) -> None:
    space = Space(model)
    known = {d for table in space.durations for d in table}
    found = many(durations(space))
    assert all(0 < d <= space.longest for d in found)
    assert 600 < sum(1 for d in found if d in known) < 750
    beside = {d % SECOND for d in found if d in known}
    assert beside == {0, 10 * MS, 990 * MS}


def test_no_duration_exceeds_a_limit(model: hasim.Model) -> None:
    found = many(durations(Space(model), 20 * SECOND))
    assert max(found) == 20 * SECOND
    assert drawn(durations(Space(model), 20 * MS), 1) == [20 * MS]


def test_times_shrink_to_round_ones(model: hasim.Model) -> None:
    space = Space(model)
    assert smallest(instants(space), lambda at: at > 131 * SECOND) == 140 * SECOND
    assert smallest(durations(space), lambda d: d > 17 * SECOND) == 20 * SECOND
    assert smallest(instants(space), lambda at: True) == 30 * SECOND


def test_a_short_window_is_kept(model: hasim.Model) -> None:
    found = many(instants(Space(model, window=7 * SECOND)))
    assert all(0 <= at < 7 * SECOND for at in found)
    assert len(set(found)) > 20
    assert max(many(instants(Space(model, window=90 * MINUTE)))) > 60 * MINUTE
