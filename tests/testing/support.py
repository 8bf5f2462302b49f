"""What tests of strategies need: many draws, and the smallest one, always the same."""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from typing import TypeVar

from hypothesis import HealthCheck, Phase, find, given, settings
from hypothesis import strategies as st

T = TypeVar("T")

#: Tracing every line of a run while it shrinks makes it several times slower.
QUICK = [phase for phase in Phase if phase is not Phase.explain]
CALM = list(HealthCheck)


def drawn(strategy: st.SearchStrategy[T], many: int) -> list[T]:
    """Return what a strategy yields, the same in each process."""
    out: list[T] = []

    @settings(
        max_examples=many, derandomize=True, database=None, deadline=None,
        phases=[Phase.generate], suppress_health_check=CALM,
    )  # fmt: skip
    @given(value=strategy)
    def draw(value: T) -> None:
        out.append(value)

    draw()
    return out


def smallest(
    strategy: st.SearchStrategy[T], fits: Callable[[T], bool], seed: int = 0, many: int = 400
) -> T:
    """Return what Hypothesis shrinks the first value to that fits."""
    given_up = settings(
        max_examples=many, database=None, deadline=None, phases=QUICK, suppress_health_check=CALM
    )
    return find(strategy, fits, settings=given_up, random=Random(seed))
