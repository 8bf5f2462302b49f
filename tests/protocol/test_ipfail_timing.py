"""How long the conversation of two ipfail processes takes (semantics 11.3), without a kernel."""

from __future__ import annotations

from itertools import pairwise
from statistics import median

import pytest

from hasim.units import SECOND
from tests.protocol.ipfail_pair import Pair

_RUNS = 150


def pulled(keepalive: int, single: bool) -> list[Pair]:
    pairs = [Pair(seed, keepalive * SECOND, single) for seed in range(_RUNS)]
    for pair in pairs:
        pair.pull()
    return pairs


@pytest.fixture(scope="module")
def founding() -> list[Pair]:
    """Return pulls with keepalive 2 and the ipfail of 2.0.8, as in the founding document."""
    return pulled(2, single=True)


def most(values: list[float]) -> tuple[float, float]:
    """Return the 5 % and the 95 % point."""
    ordered = sorted(values)
    return ordered[len(ordered) // 20], ordered[-len(ordered) // 20]


def test_the_victim_knows_after_four_requests(founding: list[Pair]) -> None:
    low, high = most([p.after("victim", "NS: We are dead") for p in founding])
    assert low > 0.3
    assert high < 1.5
    assert 0.5 < median(p.after("victim", "NS: We are dead") for p in founding) < 1.3


def test_the_survivor_tells_it_after_some_four_seconds(founding: list[Pair]) -> None:
    assert 3.6 < median(p.after("survivor", "Telling") for p in founding) < 5.6


def test_the_victim_wants_standby_after_some_eleven_seconds(founding: list[Pair]) -> None:
    low, high = most([p.total for p in founding])
    assert low > 10
    assert high < 12
    assert 10.5 < median(p.total for p in founding) < 12


def test_every_verdict_restarts_the_delay(founding: list[Pair]) -> None:
    for pair in founding:
        delays = [at for at, said in pair.sides["victim"].lines if said.startswith("Delayed")]
        fired = [at for at, said in pair.sides["victim"].lines if said.startswith("giveup() c")]
        assert len(delays) >= 3
        assert fired[0] >= delays[-1] + 4 * SECOND
        assert all(b - a < 4 * SECOND for a, b in pairwise(delays))


def test_with_one_request_a_count_it_takes_six_to_seven_seconds() -> None:
    totals = [p.total for p in pulled(2, single=False)]
    assert 6.1 < median(totals) < 7.3


def test_with_keepalive_1_it_takes_four_to_five_seconds() -> None:
    totals = [p.total for p in pulled(1, single=False)]
    low, high = most(totals)
    assert low > 3.5
    assert high < 5.5
    assert 4.0 <= median(totals) <= 5.0
