"""What a fault does, in a word: each outcome on a schedule that must have it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import hasim
from hasim.faults import Fault, parse_fault
from hasim.monitors import LIVENESS, PROPERTIES, Violation
from hasim.run import simulate
from hasim.search import BADNESS, Baseline, Known, Outcome, Space, baseline_of, outcome_of
from hasim.search.outcome import BAD, Gap, charged, mildness, span_text
from hasim.search.phases import mended
from hasim.search.sweep import repaired
from hasim.units import MINUTE, MS, SECOND

WEB = Path(__file__).resolve().parents[2] / "models" / "webdata"
GROUP = "192.168.60.200/24/eth0"


@cache
def model() -> hasim.Model:
    return hasim.load(WEB)


@cache
def run_of(lines: tuple[str, ...]) -> tuple[hasim.Run, list[Fault]]:
    schedule = [parse_fault(line) for line in lines]
    return simulate(model(), mended(model(), schedule)), schedule


def outcome(*faults: str, base: Sequence[str] = (), short: bool = False) -> Outcome:
    """Judge faults against the same without them."""
    run, schedule = run_of((*base, *faults))
    at = parse_fault(faults[0]).at
    shown = baseline_of(run_of(tuple(base))[0])
    return outcome_of(run, shown, at, repaired(schedule, run.scenario, at), short=short)


def test_without_the_active_node_another_takes_over_in_about_the_deadtime() -> None:
    found = outcome("1m power-off node1 for 4m24s")
    assert (found.kind, found.violated, found.later) == ("takes over", (), False)
    assert found.time is not None
    assert 28 * SECOND < found.time < 35 * SECOND


def test_what_a_return_takes_afterwards_does_not_hide_the_takeover() -> None:
    run, _ = run_of(("1m power-off node1 for 4m24s",))
    there, back = run.outage
    assert (there.after, back.after) == ("node2", "node1")
    assert outcome("1m power-off node1 for 4m24s").time == there.duration_us


def test_of_two_moves_the_one_before_the_mending_counts_even_if_the_way_back_is_longer() -> None:
    loss, slow = "1m power-off node1 for 4m24s", "5m slow Filesystem 1m on node1 for 5m"
    there, back = run_of((loss, slow))[0].outage
    assert there.duration_us < back.duration_us
    found = outcome(loss, slow)
    assert (found.kind, found.time, found.later) == ("takes over", there.duration_us, False)


def test_without_the_backup_the_service_continues() -> None:
    assert outcome("1m power-off node2 for 4m24s") == Outcome("continues")


def test_a_killed_daemon_ends_in_a_dual_mount() -> None:
    found = outcome("1m kill node1 all")
    assert (found.kind, found.bad, found.time) == ("dual mount", True, None)
    assert found.violated == ("at-most-one-mounter", "at-most-one-vip-holder")
    assert found.sentence.startswith("at-most-one-mounter: node1 and node2 mount web")


def test_a_short_cut_of_the_private_cable_is_nothing() -> None:
    assert outcome("1m cut node1:eth1 for 15s", short=True) == Outcome("continues")


def test_a_short_cut_of_the_public_cable_is_an_outage_until_it_is_mended() -> None:
    found = outcome("1m cut node1:eth0 for 15s", short=True)
    assert found.kind == "outage"
    assert found.time is not None
    assert 0 <= found.time < 2 * SECOND


def test_a_node_that_is_back_before_it_is_missed_has_still_been_taken_over() -> None:
    found = outcome("1m power-off node1 for 15s", short=True)
    assert found.kind == "takes over"
    # A long fault that is over before another node serves would be an outage until its mending.
    assert outcome("1m power-off node1 for 15s").kind == "outage"


def test_without_any_power_the_service_is_back_when_the_nodes_have_started() -> None:
    found = outcome("1m power-off utility for 4m24s")
    assert found.kind == "outage"
    assert found.time is not None
    assert 50 * SECOND < found.time < 90 * SECOND  # from the mending, not from the loss


def test_a_resource_that_fails_to_start_is_left_alone_for_ever() -> None:
    found = outcome("1s fail Filesystem start on node1 for 15s", short=True)
    assert (found.kind, found.violated) == ("stuck", ("every-group-served-once",))


def test_a_start_without_the_peer_is_late_and_no_outage_of_two_minutes() -> None:
    began = baseline_of(run_of(())[0]).gaps[GROUP, "client"]
    assert [(g.before, g.after, g.begin) for g in began] == [(None, "node1", 0)]
    found = outcome("100ms power-off node2 for 4m24s")
    assert found.kind == "late"
    assert found.time is not None
    # initdead instead of some ten seconds: what the start takes anyway is not charged
    assert 100 * SECOND < found.time < 120 * SECOND
    run, _ = run_of(("100ms power-off node2 for 4m24s",))
    (held,) = [span for span in run.held(GROUP) if span.begin < 4 * MINUTE]
    assert abs(held.begin - began[0].end - found.time) < SECOND


LOSS = "1m power-off node1 for 5m"


def test_the_outage_of_a_takeover_under_way_is_not_charged_to_the_fault() -> None:
    assert run_of((LOSS,))[0].outage.duration_us > 30 * SECOND
    assert outcome("70s kill node2 ipfail", base=[LOSS]) == Outcome("continues")
    assert outcome("70s clock node2 +1h for 2m", base=[LOSS]) == Outcome("continues")


def test_a_takeover_that_another_fault_delays_is_late_by_the_difference() -> None:
    found = outcome("70s slow IPaddr 5s on node2 for 2m", base=[LOSS])
    assert found.kind == "late"
    assert found.time is not None
    assert 4 * SECOND < found.time < 16 * SECOND


def test_the_loss_of_the_second_node_lasts_until_one_is_back() -> None:
    assert outcome("70s power-off node2 for 4m24s", base=[LOSS]).kind == "outage"


def test_what_the_base_violates_already_is_not_charged() -> None:
    split = "1m isolate node1 for 4m24s"
    assert outcome(split).kind == "dual mount"
    assert outcome("2m kill node1 ipfail", base=[split]).kind == "continues"


def test_a_move_that_only_the_mending_brings_is_told_apart() -> None:
    found = outcome("1m hang node2 for 4m24s")
    assert (found.kind, found.later) == ("takes over", True)
    assert found.time is not None
    assert found.time < 6 * SECOND


def test_the_outcomes_are_in_order_and_every_property_has_its_place() -> None:
    kinds = ["continues", "late", "takes over", "restarts", "outage", "stuck"]
    assert list(BADNESS[:6]) == kinds
    assert BADNESS[-2:] == ("dual address", "dual mount")
    assert set(BAD) - {"stuck", "dual address", "dual mount"} < set(PROPERTIES)
    assert len(BADNESS) == len(kinds) + len(PROPERTIES)
    assert sorted(BADNESS, key=mildness) == [*reversed(BADNESS)]


def known_as(name: str, tells: Callable[[hasim.Run, Violation], bool]) -> Known:
    return Known(name, "It is what the real daemon does.", ("a-recording",), tells)


def test_a_recorded_behaviour_is_marked_where_it_makes_the_outcome(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def both_have_it(run: hasim.Run, violation: Violation) -> bool:
        return violation.property == "at-most-one-mounter"

    monkeypatch.setattr("hasim.search.known.KNOWN", (known_as("orphans", both_have_it),))
    assert outcome("1m kill node1 all").known == "orphans"
    monkeypatch.setattr("hasim.search.known.KNOWN", (known_as("none", lambda run, v: False),))
    assert outcome("1m kill node1 all").known is None


def test_of_a_property_violated_twice_the_behaviour_that_is_not_known_is_told(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    twice = ("1m isolate node1 for 50s", "6m isolate node1 for 50s")
    first, second = (v for v in run_of(twice)[0].violations if v.property == "at-most-one-mounter")
    monkeypatch.setattr(
        "hasim.search.known.KNOWN", (known_as("early", lambda run, v: v.at < 4 * MINUTE),)
    )
    assert first.at < 4 * MINUTE < second.at
    found = outcome(*twice)
    assert (found.known, found.sentence) == (None, str(second))


def gap(before: str | None, after: str | None, begin: int, end: int) -> Gap:
    return Gap(before, after, begin * SECOND, end * SECOND, False)


def told(gaps: Sequence[Gap], base: Sequence[Gap], at: int) -> list[tuple[int, bool]]:
    return [(lost // SECOND, due) for _, lost, due in charged(gaps, base, at * SECOND)]


def test_a_gap_that_was_to_come_is_charged_for_what_it_is_longer() -> None:
    base = [gap("a", "b", 100, 130), gap("b", "a", 200, 203)]
    assert told(base, base, 110) == []
    assert told([gap("a", "b", 100, 145), gap("b", "a", 260, 263)], base, 110) == [(15, True)]
    # Moved, and no longer than before.
    assert told([gap("a", "b", 100, 130), gap("b", "a", 300, 303)], base, 110) == []


def test_a_gap_of_the_base_stands_for_one_gap_only() -> None:
    base = [gap("a", "b", 100, 130)]
    twice = [gap("a", "b", 100, 130), gap("a", "b", 300, 330)]
    assert told(twice, base, 110) == [(30, False)]


def test_a_gap_that_was_not_to_come_is_charged_for_what_lies_outside_the_base() -> None:
    base = [gap("a", "b", 100, 130)]
    assert told([gap("a", "a", 100, 150)], base, 110) == [(20, False)]
    assert told([gap("a", "a", 100, 125)], base, 110) == []
    assert told([gap("a", "b", 100, 130), gap("b", "a", 200, 203)], base, 110) == [(3, False)]


def test_what_was_over_before_the_fault_is_not_charged() -> None:
    early = gap("a", "b", 10, 20)
    assert told([early, gap("b", "a", 50, 53)], [early], 30) == [(3, False)]
    assert told([gap("a", "b", 40, 60)], [early], 30) == [(20, False)]


@settings(max_examples=6)
@given(index=st.integers(0, 10_000), at=st.integers(0, 6 * MINUTE))
def test_nothing_is_lost_against_the_same_run(index: int, at: int) -> None:
    schedule = Space(model()).schedule(5, index, 2)
    run = simulate(model(), mended(model(), schedule))
    assert outcome_of(run, baseline_of(run), at) == Outcome("continues")
    alone = outcome_of(run, Baseline({}), 0)
    assert alone.kind in BADNESS
    assert (alone.kind in BAD) == bool(run.violations)
    if run.violations:
        assert set(alone.violated) == {v.property for v in run.violations}
        assert set(alone.violated) <= {*PROPERTIES, *LIVENESS}


@pytest.mark.parametrize(
    ("low", "high", "text"),
    [
        (0, 0, "0.0 s"),
        (3_140 * MS, 3_149 * MS, "3.1 s"),
        (9_940 * MS, 9_951 * MS, "9.9..10 s"),
        (31 * SECOND, 33_400 * MS, "31..33 s"),
        (12 * MINUTE, 12 * MINUTE, "12m"),
        (15 * SECOND, 700 * SECOND, "15 s..11m40s"),
    ],
)
def test_times_are_told_with_what_matters(low: int, high: int, text: str) -> None:
    assert span_text(low, high) == text
