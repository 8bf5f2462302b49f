"""Laws of both pictures: any run can be drawn, twice the same, and everything has its place."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import hasim
from hasim.model import Model
from hasim.run import Run
from tests.render.seen import crossing, cut_off, of_class, parsed, row, tooltips, words

NODE = st.sampled_from(["node1", "node2"])
WHAT = st.sampled_from(
    [
        "cut {n}:eth0",
        "cut {n}:eth1 in for 40s",
        "isolate {n} for 45s",
        "lose 40% {n}:eth0 for 1m",
        "delay 1500ms {n}:eth1 for 1m",
        "duplicate 50% {n}:eth0",
        "power-off {n} for 30s",
        "power-off lan for 20s",
        "power-off 192.168.60.1 for 1m",
        "kill {n} all",
        "kill {n} master",
        "hang {n} for 50s",
        "stop {n}",
        "start {n}",
        "standby {n}",
        "takeover {n}",
        "fail Filesystem start on {n} 1 times",
        "slow IPaddr 5s on {n}",
        "clock {n} -1h",
        "replay 20s from node1 on node2:eth0",
        "forge status from node1 on node2:eth1",
    ]
)
FAULT = st.builds(lambda at, what, n: f"{at}s {what.format(n=n)}", st.integers(0, 200), WHAT, NODE)


@pytest.fixture(scope="module")
def model(webdata: Path) -> Model:
    return hasim.load(webdata)


def check(run: Run, svg: str, again: str) -> None:
    assert svg == again
    root = parsed(svg)
    assert crossing(root) == []
    assert cut_off(root) == []
    assert set(run.nodes) <= {*words(root), *(t.partition(":")[0] for t in tooltips(root, "bar"))}


@settings(max_examples=12)
@given(
    st.lists(FAULT, max_size=6),
    st.booleans(),
    st.integers(0, 200),
    st.integers(1, 100),
    st.sampled_from([480, 1000]),
)
def test_every_run_can_be_drawn(
    model: Model, faults: list[str], packets: bool, begin: int, length: int, width: int
) -> None:
    run = model.run(faults, until="5m", packets=packets, seed=length)
    for low, high in ((None, None), (begin, begin + length)):
        check(run, run.timeline(low, high, width=width), run.timeline(low, high, width=width))
        check(run, run.messages(low, high, width=width), run.messages(low, high, width=width))
    root = parsed(run.timeline())
    told = [words(entry)[1] for entry in of_class(root, "legend") if len(words(entry)) > 1]
    at = {*(v.property for v in run.violations)}
    assert len(told) == len(faults) + len(run.violations)
    assert at <= {w.split(":")[0] for w in told}
    for node in run.nodes:
        for what in (s.what for s in run.spans("mount") if s.who == node):
            whole = parsed(run.timeline(0, run.end / 1e6))
            assert row(whole, what, node) is not None


@pytest.mark.parametrize("model_name", ["cts", "webdata"])
def test_pictures_of_ready_scenarios_have_everything_in_its_place(
    model_name: str, webdata: Path
) -> None:
    model = hasim.load(webdata.parent / model_name)
    for name in ("heal", "split-brain", "test1-graceful-stop", "stonith"):
        if name in model.scenarios:
            run = model.run(scenario=name, packets=True)
            check(run, run.timeline(), run.timeline())
            check(run, run.messages(), run.messages())
