"""Addressed randomness: a draw is named, never consumed."""

from __future__ import annotations

import os
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hasim.draws import MILLION, Draws, TypicalDraws

ROOT = Path(__file__).resolve().parent.parent
names = st.text(max_size=20)
seeds = st.integers(-(2**70), 2**70)


def test_the_values_of_version_one_stay_what_they_are() -> None:
    """Whoever changes this hash changes every recorded run."""
    draws = Draws(0)
    assert [draws.u64("node1/tick", i) for i in range(3)] == [
        10623072469015149781,
        17630761290022233436,
        4720555098636313998,
    ]


@given(seeds, names, st.integers(0, 2**80))
def test_a_draw_depends_on_its_address_alone(seed: int, stream: str, index: int) -> None:
    one, other = Draws(seed), Draws(seed)
    for i in range(5):
        one.u64(f"other {stream}", i)
        one.u64(stream, i)
    assert one.u64(stream, index) == other.u64(stream, index)
    assert 0 <= one.u64(stream, index) < 2**64


@given(seeds, names, st.integers(1, 2**40), st.integers(0, 2**40))
def test_a_bounded_draw_stays_below_its_bound(seed: int, stream: str, n: int, index: int) -> None:
    assert 0 <= Draws(seed).below(stream, n, index) < n


@given(seeds, names, st.integers(0, 10**9), st.integers(0, 10**9))
def test_a_draw_between_two_bounds_meets_both(seed: int, name: str, lo: int, span: int) -> None:
    assert lo <= Draws(seed).between(name, lo, lo + span) <= lo + span


def test_every_value_between_two_bounds_is_drawn_about_equally_often() -> None:
    draws = Draws(5)
    seen = Counter(draws.between(f"x{i}", 3, 7) for i in range(5000))
    assert sorted(seen) == [3, 4, 5, 6, 7]
    assert max(seen.values()) < 1150
    assert min(seen.values()) > 850


def test_a_chance_comes_true_as_often_as_it_says() -> None:
    draws = Draws(11)
    hits = sum(draws.chance("wire", 170_000, i) for i in range(20_000))
    assert 3100 < hits < 3700
    assert not any(draws.chance("wire", 0, i) for i in range(1000))
    assert all(draws.chance("wire", MILLION, i) for i in range(1000))


@given(seeds, st.text(min_size=1, max_size=9), st.integers(0, 10**6))
def test_a_pinned_draw_is_what_it_is_pinned_to(seed: int, name: str, value: int) -> None:
    draws = Draws(seed, {name: value})
    assert draws.between(name, 1, 2) == value
    assert draws.spread(name, 1, 2, 3) == value
    assert draws.used == {name}


@given(seeds, st.lists(st.text(min_size=1, max_size=9), min_size=2, max_size=6, unique=True))
def test_pinning_one_draw_moves_no_other(seed: int, found: list[str]) -> None:
    free, pinned = Draws(seed), Draws(seed, {found[0]: 5})
    for name in found[1:]:
        assert pinned.between(name, 0, 10**9) == free.between(name, 0, 10**9)
        assert pinned.u64(name, 7) == free.u64(name, 7)
    assert pinned.used == set()


def test_the_pins_given_are_copied() -> None:
    pins = {"a": 1}
    draws = Draws(0, pins)
    pins["a"] = 2
    assert draws.between("a", 0, 9) == 1


def test_a_spread_has_the_points_it_is_given_by() -> None:
    draws = Draws(3)
    found = sorted(draws.spread(f"s{i}", 8_000, 14_000, 63_000) for i in range(10_000))
    assert found[0] >= 8_000 - 3_000
    assert found[-1] <= 63_000 + 24_500
    for share, value in ((500, 8_000), (5_000, 14_000), (9_500, 63_000)):
        assert abs(found[share] - value) < 2_500


@given(seeds, st.integers(0, 1000), st.integers(0, 1000), st.integers(0, 1000))
def test_a_spread_is_never_negative(seed: int, low: int, up: int, more: int) -> None:
    assert Draws(seed).spread("s", low, low + up, low + up + more) >= 0


def test_streams_are_not_correlated() -> None:
    draws = Draws(1)
    same = sum(draws.below("a", 2, i) == draws.below("b", 2, i) for i in range(10_000))
    assert 4700 < same < 5300


@pytest.mark.parametrize("hash_seed", ["1", "2"])
def test_draws_do_not_hang_on_the_hash_seed(hash_seed: str) -> None:
    program = (
        "from hasim.draws import Draws; import sys; sys.stdout.write(str(Draws(7).u64('x', 9)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=ROOT,
        env={**os.environ, "PYTHONHASHSEED": hash_seed},
        capture_output=True,
        text=True,
        check=True,
    )
    assert int(done.stdout) == Draws(7).u64("x", 9)


def test_typical_draws_know_no_chance() -> None:
    one, other = TypicalDraws(1), TypicalDraws(2)
    assert one.u64("a", 1) == other.u64("b", 2)
    assert [one.between("a", 0, 10), one.spread("a", 1, 7, 20), one.below("a", 10)] == [5, 7, 0]
    assert one.chance("a", 500_001)
    assert not one.chance("a", 500_000)


def test_typical_draws_obey_pins() -> None:
    draws = TypicalDraws(0, {"a": 3})
    assert [draws.between("a", 0, 10), draws.spread("a", 1, 7, 20)] == [3, 3]
    assert draws.used == {"a"}
