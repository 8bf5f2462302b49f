"""The space of schedules names everything that can go wrong, and draws from it by number."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

import hasim
from hasim.faults import is_built, parse_fault
from hasim.model import Model
from hasim.run import check_targets
from hasim.search import DEFAULT_FAMILIES, FAMILIES, Space
from hasim.units import SECOND

codes = st.integers(0, 10**7)


def test_every_choice_is_simulated_and_has_a_target_of_the_site(safe: Model) -> None:
    space = Space(safe, FAMILIES)
    assert {choice.family for choice in space.choices} == set(FAMILIES)
    for choice in space.choices:
        assert is_built(choice.fault)
        assert check_targets([choice.fault], safe.site) == []
        assert space.kind_of(choice.make(7, 9)) == choice.kind


def test_no_choice_comes_twice(safe: Model) -> None:
    faults = [choice.fault for choice in Space(safe, FAMILIES).choices]
    assert len(faults) == len(set(faults))


def test_a_client_that_only_looks_on_is_not_switched_off(safe: Model) -> None:
    """Its own loss would be told as an outage."""
    off = {str(c.fault).split()[2] for c in Space(safe).choices if c.kind == "power-off host"}
    assert off == {"192.168.60.1"}
    assert set(safe.site.hosts) == {"192.168.60.1", "client"}


def test_a_device_that_no_ha_cf_names_cannot_fail(model: Model, safe: Model) -> None:
    assert not any("stonith" in kind for kind in Space(model).kinds)
    assert "stonith hang" in Space(safe).kinds


def test_lies_and_attacks_are_tried_only_where_they_are_asked_for(safe: Model) -> None:
    assert not {"attack", "lies"} & set(DEFAULT_FAMILIES)
    assert "stonith lie" not in Space(safe).kinds
    assert [*Space(safe, ["lies"]).kinds] == ["fail status", "stonith lie"]


def test_a_family_that_does_not_exist_is_named_with_the_nearest(model: Model) -> None:
    with pytest.raises(hasim.HasimError, match="did you mean 'network'"):
        Space(model, ["netwrok"])


@given(codes, codes, codes)
def test_three_numbers_make_a_fault_whose_line_reads_back(
    model: Model, a: int, b: int, c: int
) -> None:
    space = Space(model)
    fault = space.fault(a, b, c)
    assert parse_fault(str(fault)) == fault
    assert 0 <= fault.at < space.window
    assert fault.duration is None or 0 < fault.duration <= space.longest


def test_the_smallest_numbers_are_the_simplest_fault(model: Model) -> None:
    assert str(Space(model).fault(0, 0, 0)) == "30s cut node1:eth0 for 1s"


def test_a_schedule_is_a_function_of_seed_and_number(model: Model) -> None:
    one, other = Space(model), Space(model)
    for index in range(50):
        assert one.schedule(3, index) == other.schedule(3, index)
    assert [one.schedule(3, i) for i in range(9)] != [one.schedule(4, i) for i in range(9)]


def test_schedules_are_in_the_order_of_time_and_no_longer_than_asked(model: Model) -> None:
    space = Space(model)
    lengths = Counter()
    for index in range(300):
        schedule = space.schedule(0, index, most=3)
        assert all(a.at <= b.at for a, b in pairwise(schedule))
        lengths[len(schedule)] += 1
    assert set(lengths) == {1, 2, 3}


def test_every_kind_comes_up_alone_and_with_others(model: Model) -> None:
    space = Space(model)
    schedules = [space.schedule(0, i) for i in range(1500)]
    kinds = Counter(space.kind_of(f) for schedule in schedules for f in schedule)
    assert set(kinds) == set(space.kinds)
    few = [s for s in schedules if len({space.kind_of(f).split()[0] for f in s}) == 1]
    assert any(len(s) > 2 for s in few)


def test_instants_are_round_or_at_a_deadline_or_free(model: Model) -> None:
    space = Space(model)
    instants = [f.at for i in range(600) for f in space.schedule(0, i)]
    assert sum(at % (10 * SECOND) == 0 for at in instants) > len(instants) / 4
    assert sum(at % SECOND != 0 for at in instants) > len(instants) / 4
    deadline = model.configs["node1"].deadtime
    assert any(f.duration == deadline for i in range(600) for f in space.schedule(0, i))
