"""The state at an instant is that of the run, however one gets there."""

from __future__ import annotations

import pytest

import hasim
from hasim.model import Model
from hasim.run import Run


def test_a_node_that_lost_its_power_is_off_and_the_other_one_learns_it_later(lost: Run) -> None:
    before, between, after = lost.at("4m59s"), lost.at("5m1s"), lost.at("6m")
    assert before.node1.power == "on"
    assert before.node1.status == before.node2.peers.node1.status == "active"
    assert (between.node1.power, between.node1.daemon) == ("off", None)
    assert between.node2.peers.node1.status == "active"
    assert after.node2.peers.node1.status == "dead"
    assert dict(after.node2.peers.node1.links) == {"eth1": "dead", "eth0": "dead"}
    assert after["node2"].peers["192.168.60.1"].status == "ping"


def test_what_happens_at_the_instant_itself_has_happened(lost: Run) -> None:
    assert lost.at("5m").node1.power == "off"
    assert lost.at("299.999999s").node1.power == "on"


def test_the_order_of_questions_does_not_change_the_answers(model: Model) -> None:
    instants = ["10s", "5m29s", "1s", "5m30s", "0s", "10s", "6m", "2m", "3m", "4m", "7s", "8s"]
    asked = model.run(["5m cut node1:eth1", "5m isolate node2"], until="7m")
    fresh = model.run(["5m cut node1:eth1", "5m isolate node2"], until="7m")
    shown = {at: repr(asked.at(at)) for at in instants}
    assert [repr(fresh.at(at)) for at in reversed(instants)] == [
        shown[at] for at in reversed(instants)
    ]


def test_a_state_reads_as_text(lost: Run) -> None:
    assert repr(lost.at("6m")).splitlines() == [
        "<State at 6m",
        "  node1: power off, no daemon",
        "  node2: power on, active, sees node1 dead, 192.168.60.1 ping, "
        "has 192.168.60.200/24, /webdata>",
    ]


def test_a_name_that_is_none_is_told_with_the_nearest(lost: Run) -> None:
    state = lost.at("1s")
    with pytest.raises(AttributeError, match="did you mean 'node2'"):
        _ = state.node3
    with pytest.raises(KeyError, match="did you mean 'node2'"):
        _ = state["node3"]
    assert "node1" in dir(state)
    assert not hasattr(state, "__nothing__")


@pytest.mark.parametrize("time", ["7m", "8m", "soon", -1])
def test_an_instant_outside_the_run_is_an_error(lost: Run, time: str | int) -> None:
    with pytest.raises(hasim.HasimError):
        lost.at(time)


def test_a_node_shows_what_it_claims_and_what_its_kernel_has(lost: Run) -> None:
    before, after = lost.at("4m59s"), lost.at("6m30s")
    assert (before.node1.holds, before.node2.holds) == ("local", "local")
    assert (after.node1.holds, after.node2.holds) == (None, "all")
    assert (before.node1.rstate, before.node1.standby) == ("STABLE", "NOT")
    assert (before.node1.addresses, before.node1.mounts) == (("192.168.60.200/24",), ("/webdata",))
    assert (before.node2.addresses, before.node2.mounts) == ((), ())
    assert after.node1.addresses == after.node1.mounts == after.node1.services == ()
    assert after.node2.mounts == ("/webdata",)


def test_ipfail_is_seen_starting_watching_and_delaying(model: Model) -> None:
    run = model.run(["5m cut node1:eth0"], until="7m", seed=3)
    assert run.at("0s").node1.ipfail is None
    seen = [run.at(f"{s}s").node1.ipfail for s in range(300, 345)]
    assert {view.doing for view in seen if view} >= {"watching", "delaying"}
    first = next(view for view in seen if view and view.doing == "delaying")
    assert first.gives_up == "all"
    assert first.gives_up_at is not None


def test_the_state_at_the_very_end_is_that_of_a_run_that_goes_on(model: Model) -> None:
    faults = ["2m kill node1 master", "4m start node1"]
    short, long = model.run(faults, until="4m1s"), model.run(faults, until="5m")
    last = "4m999999us"
    assert repr(short.at(last)) == repr(long.at(last))
    assert short.at(last).node1 == long.at(last).node1
    assert repr(short.at("3m")) == repr(long.at("3m"))
    assert repr(short.at(last)) == repr(long.at(last))
