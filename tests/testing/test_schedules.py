"""Fault schedules: what every one of them obeys, how they vary, and what they shrink to."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import hasim
from hasim import faults as verbs
from hasim.faults import Cut, Fault, is_built, parse_fault
from hasim.model import check_fault
from hasim.run.judged import judged
from hasim.search import DEFAULT_FAMILIES, FAMILIES, Space
from hasim.testing import faults
from hasim.units import SECOND
from tests.conftest import ROOT
from tests.testing.support import drawn, smallest

WEBDATA = hasim.load(ROOT / "models" / "webdata")
FENCED = WEBDATA.with_(stonith_host="* apcmaster 192.168.60.9 apc apc")
ALL = faults(FENCED, families=FAMILIES, max_size=8)


@given(schedule=ALL)
def test_a_schedule_is_in_order_and_within_the_window(schedule: Sequence[Fault]) -> None:
    space = Space(FENCED)
    assert isinstance(schedule, tuple)
    assert len(schedule) <= 8
    assert [f.at for f in schedule] == sorted(f.at for f in schedule)
    assert all(0 <= f.at < space.window for f in schedule)
    lasting = [f.duration for f in schedule if f.duration is not None]
    assert all(0 < duration <= space.longest for duration in lasting)


@given(schedule=ALL)
def test_every_fault_can_happen_to_the_model(schedule: Sequence[Fault]) -> None:
    for fault in schedule:
        assert check_fault(fault, FENCED) == ()
        assert is_built(fault)


@given(schedule=ALL)
def test_a_schedule_is_its_own_python_and_its_lines_read_back(schedule: Sequence[Fault]) -> None:
    assert eval(repr(schedule), dict(vars(verbs))) == schedule
    assert tuple(parse_fault(str(fault)) for fault in schedule) == schedule


@settings(max_examples=15)
@given(schedule=ALL)
def test_every_schedule_runs(schedule: Sequence[Fault]) -> None:
    assert FENCED.run(schedule, until="4m30s").warnings == ()


def test_a_fault_prints_as_it_pastes_back() -> None:
    from hypothesis.vendor.pretty import pretty

    fault = Cut(1, verbs.Cable("node1", "eth0"))
    assert pretty((fault,)) == f"({fault!r},)"


@given(st.data(), st.integers(0, 4), st.integers(0, 4))
def test_sizes_are_kept(data: st.DataObject, low: int, more: int) -> None:
    schedule = data.draw(faults(WEBDATA, min_size=low, max_size=low + more))
    assert low <= len(schedule) <= low + more


def test_only_the_families_asked_for_come_up() -> None:
    space = Space(FENCED, FAMILIES)
    for families in (["network"], ["power", "clock"], "stonith", DEFAULT_FAMILIES):
        found = drawn(faults(FENCED, families=families, min_size=1), 200)
        there = {c.kind: c.family for c in space.choices}
        seen = {there[space.kind_of(fault)] for schedule in found for fault in schedule}
        assert seen == ({families} if isinstance(families, str) else {*families})


def test_kinds_may_be_of_any_family() -> None:
    found = drawn(faults(WEBDATA, kinds=["cut", "forge"], min_size=1), 40)
    assert {fault.verb for schedule in found for fault in schedule} == {"cut", "forge"}
    assert {f.verb for s in drawn(faults(WEBDATA, kinds="hang"), 40) for f in s} == {"hang"}


def test_every_kind_comes_up_and_none_crowds_out_the_others() -> None:
    space = Space(WEBDATA)
    found = [fault for schedule in drawn(faults(WEBDATA, min_size=5), 300) for fault in schedule]
    often = dict.fromkeys(space.kinds, 0)
    for fault in found:
        often[space.kind_of(fault)] += 1
    share = len(found) / len(often)
    assert all(share / 5 < many < 4 * share for many in often.values()), often


def test_some_schedules_leave_families_out_and_some_do_not() -> None:
    there = {c.kind: c.family for c in Space(WEBDATA).choices}
    space = Space(WEBDATA)
    found = drawn(faults(WEBDATA, min_size=12, max_size=12), 200)
    several = [len({there[space.kind_of(fault)] for fault in schedule}) for schedule in found]
    assert min(several) <= 2
    assert max(several) > 4
    assert {there[space.kind_of(f)] for s in found for f in s} == {*there.values()}


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"families": ["netwrok"]}, "did you mean 'network'"),
        ({"families": []}, "nothing for faults"),
        ({"kinds": ["cutt"]}, "did you mean 'cut'"),
        ({"kinds": ["hang"], "families": ["network"]}, "no kind of fault 'hang'"),
        ({"kinds": []}, "no kind of fault to choose"),
        ({"window": "soon"}, "window: 'soon' is not a duration"),
        ({"window": 0}, "longer than nothing"),
        ({"window": ["1m"]}, "window: "),
        ({"min_size": 3, "max_size": 2}, "min_size 3 is larger"),
        ({"max_size": -1}, "max_size must be a whole number"),
        ({"min_size": True}, "min_size must be a whole number"),
    ],
)
def test_what_cannot_be_is_refused_at_once(asked: dict[str, object], said: str) -> None:
    with pytest.raises(hasim.HasimError, match=said):
        faults(WEBDATA, **asked)  # type: ignore[arg-type]


def test_a_path_is_no_model() -> None:
    with pytest.raises(hasim.HasimError, match="no model"):
        faults("models/webdata")  # type: ignore[arg-type]


def test_everything_but_the_size_is_asked_for_by_name() -> None:
    with pytest.raises(TypeError):
        faults(WEBDATA, 1)  # type: ignore[misc]


def test_schedules_shrink_to_few_simple_faults_at_round_times() -> None:
    plain = parse_fault("30s kill node1 all")
    strategy = faults(WEBDATA)
    assert smallest(strategy, lambda schedule: True) == ()
    assert smallest(strategy, lambda schedule: len(schedule) > 1) == (plain, plain)
    cut = smallest(strategy, lambda s: any(f.verb == "cut" for f in s))
    assert [str(fault) for fault in cut] == ["30s cut node1:eth0 for 1s"]
    hung = smallest(strategy, lambda s: any(f.verb == "hang" and f.at >= 95 * SECOND for f in s))
    assert [str(fault) for fault in hung] == ["1m40s hang node1 for 1s"]


def test_a_violated_property_shrinks_to_at_most_two_faults_at_round_times() -> None:
    @cache
    def mounted_twice(schedule: tuple[Fault, ...]) -> bool:
        return bool(judged(WEBDATA.run(schedule, until="5m"), ["at-most-one-mounter"]))

    found = smallest(faults(WEBDATA), mounted_twice, seed=1)
    assert 1 <= len(found) <= 2
    assert all(fault.at % (10 * SECOND) == 0 for fault in found)
    assert all((fault.duration or 0) % SECOND == 0 for fault in found)
    assert mounted_twice(found)
    assert not any(mounted_twice((*found[:i], *found[i + 1 :])) for i in range(len(found)))
