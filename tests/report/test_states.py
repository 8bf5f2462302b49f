"""The states of a timeline, made few enough: nothing is lost, and what matters goes last."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from hasim.render.rows import Bar
from hasim.report.states import fewer
from hasim.units import HOUR, SECOND


def bars_of(lengths: list[tuple[int, int]]) -> list[Bar]:
    out, at = [], 0
    for gap, length in lengths:
        begin = at + gap
        out.append(Bar(begin, begin + length, "up", "good", f"bar {begin}"))
        at = begin + length
    return out


LENGTHS = st.lists(
    st.tuples(st.integers(0, 10 * SECOND), st.integers(0, HOUR)), min_size=1, max_size=300
)


@given(LENGTHS, st.integers(1, 60), st.lists(st.integers(0, 50 * HOUR), max_size=5))
def test_merged_states_are_counted_and_cover_what_they_stand_for(
    lengths: list[tuple[int, int]], most: int, moments: list[int]
) -> None:
    bars = bars_of(lengths)
    end = bars[-1].end + 1
    few = fewer(bars, end, sorted(moments), most)
    assert len(few) <= most
    assert sum(many for _, many in few) == len(bars)
    left = list(bars)
    for bar, many in few:
        told, left = left[:many], left[many:]
        assert bar.begin == told[0].begin
        assert bar.end == max(b.end for b in told)
        assert (bar == told[0]) if many == 1 else bar.style == "many"


@given(LENGTHS)
def test_few_states_stay_as_they_are(lengths: list[tuple[int, int]]) -> None:
    bars = bars_of(lengths)
    assert fewer(bars, bars[-1].end + 1, [], 300) == [(bar, 1) for bar in bars]


def test_states_near_a_fault_are_merged_last() -> None:
    bars = bars_of([(SECOND, SECOND)] * 5000)
    moment = bars[2500].begin
    few = fewer(bars, bars[-1].end * 1000, [moment], 800)
    assert len(few) <= 800
    near = [f for f in few if abs(f.bar.begin - moment) < 100 * SECOND]
    assert {f.many for f in near if f.bar.begin >= moment} == {1}
    assert max(f.many for f in few) > 1
