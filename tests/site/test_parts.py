from __future__ import annotations

import pickle

from hypothesis import given
from hypothesis import strategies as st

from hasim.site import Latency, Site
from hasim.units import MS
from tests.site.strategies import latencies, sites

TOP = (1 << 32) - 1
draws = st.integers(0, TOP)


@given(latencies, draws)
def test_a_pick_lies_between_the_bounds(latency: Latency, u: int) -> None:
    assert latency.lo_us <= latency.pick(u) <= latency.hi_us


@given(latencies, draws, draws)
def test_a_greater_draw_never_picks_a_smaller_time(latency: Latency, u: int, v: int) -> None:
    low, high = sorted((u, v))
    assert latency.pick(low) <= latency.pick(high)


def test_a_range_is_reached_at_both_ends() -> None:
    assert (Latency(100, 300).pick(0), Latency(100, 300).pick(TOP)) == (100, 300)


def test_half_of_the_draws_lie_below_the_median() -> None:
    latency = Latency.percentiles(1000, 5000)
    assert latency.pick(1 << 31) == 1000
    assert latency.pick((99 << 32) // 100) in (4999, 5000)


def test_a_script_without_any_entry_takes_the_measured_time() -> None:
    site = Site()
    assert site.script_time("node1", "IPaddr", "start") == Latency(108 * MS, 452 * MS)
    assert site.script_time("node1", "mysqld", "stop") == Latency(45 * MS, 195 * MS)
    assert site.script_time("node1", "harc", "status") == Latency(8 * MS, 63 * MS)


@given(sites())
def test_a_site_survives_pickling(site: Site) -> None:
    assert pickle.loads(pickle.dumps(site)) == site
