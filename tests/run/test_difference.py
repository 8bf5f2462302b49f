"""Two runs are compared by what is decided."""

from __future__ import annotations

from hasim.model import Model
from hasim.run import Run


def test_equal_runs_do_not_differ(model: Model, lost: Run) -> None:
    assert lost.diff(lost) is None
    assert lost.diff(model.run(["5m power-off node1"], until="7m", seed=3)) is None


def test_a_fault_less_is_the_first_difference(model: Model, lost: Run) -> None:
    healthy = model.run(until="7m", seed=3)
    found = lost.diff(healthy)
    assert found is not None
    assert not found.only_time
    assert found.mine is not None
    assert found.mine.at == 300_000_000
    assert "there: nothing" in str(found)
    back = healthy.diff(lost)
    assert back is not None
    assert (back.mine, back.theirs) == (found.theirs, found.mine)


def test_the_same_decisions_later_differ_in_time_only(model: Model) -> None:
    # Until the death itself: what ipfail and the scripts do then hangs on the instants of wakes.
    early = model.run(["5m power-off node1"], until="5m29290ms", seed=3)
    late = model.changed({"deadtime": "40"}).run(["5m power-off node1"], until="5m39290ms", seed=3)
    found = early.diff(late)
    assert found is not None
    assert found.only_time
    assert found.node == "node2"
    assert found.mine is not None
    assert found.theirs is not None
    assert found.theirs.at - found.mine.at == 10_000_000
    assert "same decisions at other instants" in str(found)
