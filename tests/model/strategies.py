"""Hypothesis strategies for scenarios."""

from __future__ import annotations

from hypothesis import strategies as st

from hasim.model import Expect, Held, Scenario, Timely
from hasim.monitors import LIVENESS, PROPERTIES
from tests.faults.strategies import faults

times = st.integers(0, 10**13)
texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
pins = st.dictionaries(texts, texts | st.dictionaries(texts, texts, max_size=2), max_size=3)
expects = st.builds(
    Expect,
    st.none() | st.lists(st.sampled_from([*PROPERTIES, *LIVENESS]), max_size=3).map(tuple),
    st.lists(st.builds(Held, times, texts, texts), max_size=3).map(tuple),
    st.dictionaries(texts, st.lists(texts, max_size=3).map(tuple), max_size=2),
    st.lists(texts, max_size=2).map(tuple),
    st.lists(texts, max_size=2).map(tuple),
    st.lists(st.builds(Timely, texts, texts, times, times), max_size=2).map(tuple),
)
scenarios = st.builds(
    Scenario,
    name=st.just("x"),
    title=texts,
    start=st.none() | st.dictionaries(texts, times, max_size=3),
    faults=st.lists(faults, max_size=4).map(tuple),
    until=st.none() | times,
    audits=st.lists(times, max_size=3).map(tuple),
    settled=st.none() | times,
    expect=st.none() | expects,
    pin=pins,
    change=st.dictionaries(texts, texts, max_size=3),
    heartbeat=st.sampled_from([None, "2.0.8", "3.0.6"]),
)
