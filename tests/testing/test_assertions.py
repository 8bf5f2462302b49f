"""What assertions say when they fail, and that what they say is true."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import hasim
from hasim.faults import Kill
from hasim.model import parse_scenario
from hasim.monitors import LIVENESS, Violation
from hasim.testing import RunFailed, holds, same_decisions, settles, violates
from hasim.testing.plans import Plan, model_from
from hasim.testing.report import around
from hasim.units import MINUTE
from tests.testing.support import CALM, QUICK

KILLED = "5m kill node1 master"
MOUNTED = "at-most-one-mounter"


@pytest.fixture(scope="module")
def killed(model: hasim.Model) -> hasim.Run:
    """node1 keeps all it has while node2 takes it over."""
    return model.run([KILLED], until="7m")


def failed(run: hasim.Run, *properties: str) -> RunFailed:
    with pytest.raises(RunFailed) as caught:
        holds(run, *properties)
    return caught.value


def once_more(found: RunFailed) -> RunFailed:
    """Return what the code to paste raises."""
    with pytest.raises(RunFailed) as caught:
        exec(compile(found.python, "<pasted>", "exec"), {})
    return caught.value


def test_a_run_in_which_nothing_is_violated_passes(model: hasim.Model) -> None:
    run = model.run(until="3m")
    holds(run)
    holds(run, MOUNTED, "resources-in-order")


def test_without_names_every_property_of_safety_is_asserted(killed: hasim.Run) -> None:
    found = failed(killed)
    assert [v.property for v in found.violations] == ["at-most-one-vip-holder", MOUNTED]
    assert str(found).startswith("at-most-one-vip-holder: node1 and node2 have the address")
    assert f"  also {MOUNTED}: " in str(found)


def test_only_the_properties_asked_for_are_asserted(killed: hasim.Run) -> None:
    holds(killed, "resources-in-order", "no-write-by-fenced-node")
    assert [v.property for v in failed(killed, MOUNTED).violations] == [MOUNTED]


def test_the_code_in_a_message_fails_in_the_same_way(
    killed: hasim.Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    found = failed(killed, MOUNTED)
    assert found.python in str(found)
    monkeypatch.chdir(tmp_path)  # the path of the model is whole here
    again = once_more(found)
    assert str(again) == str(found)
    assert again.run.digest == killed.digest


def test_the_scenario_in_a_message_shows_the_same(killed: hasim.Run, model: hasim.Model) -> None:
    found = failed(killed, MOUNTED)
    assert found.scenario.rstrip() in str(found)
    scenario = parse_scenario(found.scenario)
    assert "(seed 0)" in scenario.title
    run = model.run(scenario=scenario)
    assert run.ok
    assert run.digest == killed.digest


def test_the_log_is_shown_around_the_violation(killed: hasim.Run) -> None:
    found = failed(killed, MOUNTED)
    before, after = found.log[:5], found.log[6:]
    assert found.log[5].startswith("----- 5m31s134ms: at-most-one-mounter: node1 and node2 mount")
    lines = list(killed.log())
    place = lines.index(before[0])
    assert lines[place : place + 10] == [*before, *after]
    assert any("Running start for /dev/sdb5" in line for line in before)
    assert around(killed, killed.end)[1] == []


def test_edits_of_the_model_and_of_the_run_are_in_the_code(model: hasim.Model) -> None:
    run = model.with_(deadtime="10").run([KILLED], until="7m", change={"warntime": "4"})
    found = failed(run)
    assert ".changed({'deadtime': '10', 'warntime': '4'})" in found.python
    assert once_more(found).run.digest == run.digest
    assert model.run(scenario=parse_scenario(found.scenario)).digest == run.digest


def test_a_model_that_no_folder_holds_is_in_the_code_whole() -> None:
    model = model_from(Plan(disks=(True,)))
    run = model.run(["2m isolate node1"], until="4m", seed=3)
    again = once_more(failed(run))
    assert again.run.digest == run.digest
    assert again.run.seed == 3


def test_a_model_whose_folder_has_changed_is_in_the_code_whole(
    model: hasim.Model, tmp_path: Path
) -> None:
    model.save(tmp_path / "m")
    run = hasim.load(tmp_path / "m").run([KILLED], until="7m")
    assert f"hasim.load({str(tmp_path / 'm')!r})" in failed(run).python
    (tmp_path / "m" / "haresources").write_text("node2 192.168.60.200/24/eth0\n")
    found = failed(run, MOUNTED)
    assert str(tmp_path) not in found.python
    assert once_more(found).run.digest == run.digest


def test_another_dialect_is_in_the_code(model: hasim.Model) -> None:
    run = model.with_dialect("3.0.6").run([KILLED], until="7m")
    found = failed(run)
    assert ", '3.0.6')" in found.python
    assert once_more(found).run.digest == run.digest


def test_a_run_read_back_is_judged_and_has_no_code(killed: hasim.Run, tmp_path: Path) -> None:
    killed.save(tmp_path / "run.jsonl")
    found = failed(hasim.load_run(tmp_path / "run.jsonl"))
    assert found.python == ""
    assert "it has no model to run again" in str(found)
    assert f"  {KILLED}" in str(found)
    assert "----- 5m30s62ms" in str(found)


def moves_once(run: hasim.Run) -> str | None:
    """The address moves once at most."""
    moves = len(run.held("192.168.60.200")) - 1
    return f"The address moves {moves} times." if moves > 1 else None


def test_a_function_is_a_property(model: hasim.Model, killed: hasim.Run) -> None:
    holds(killed, moves_once)
    run = model.run(["5m standby node1", "6m standby node2"], until="8m")
    with pytest.raises(RunFailed, match=r"^moves-once: The address moves 2 times\.") as caught:
        holds(run, moves_once, MOUNTED)
    assert "# and here: holds(run, moves_once)" in caught.value.python
    shown: dict[str, object] = {}
    exec(compile(caught.value.python, "<pasted>", "exec"), shown)
    assert isinstance(shown["run"], hasim.Run)
    assert shown["run"].digest == run.digest


def test_each_property_fails_with_a_class_of_its_own(killed: hasim.Run) -> None:
    first, second = failed(killed, MOUNTED), failed(killed, "at-most-one-vip-holder")
    assert type(first) is not type(second)
    assert type(first) is type(failed(killed, MOUNTED))
    assert isinstance(first, AssertionError)
    assert type(first).__name__ == "AtMostOneMounter"


def test_hypothesis_tells_two_violated_properties_apart(model: hasim.Model) -> None:
    @settings(
        max_examples=20, database=None, derandomize=True, phases=QUICK, deadline=None,
        suppress_health_check=CALM,
    )  # fmt: skip
    @given(killed=st.sampled_from([KILLED, "5m kill node2 all"]), own=st.booleans())
    def test(killed: str, own: bool) -> None:
        holds(model.run([killed], until="6m"), MOUNTED if own else "at-most-one-vip-holder")

    with pytest.raises(ExceptionGroup) as caught:
        test()
    names = {type(x).__name__ for x in caught.value.exceptions}
    assert names == {"AtMostOneMounter", "AtMostOneVipHolder"}


def test_the_violated_are_returned(killed: hasim.Run) -> None:
    found = violates(killed, MOUNTED, "at-most-one-vip-holder")
    assert all(isinstance(v, Violation) for v in found)
    assert [v.property for v in found] == ["at-most-one-vip-holder", MOUNTED]


def test_a_property_that_holds_is_not_violated(killed: hasim.Run) -> None:
    with pytest.raises(RunFailed, match=r"^resources-in-order is not violated") as caught:
        violates(killed, MOUNTED, "resources-in-order")
    assert "violates(run, 'resources-in-order')" in caught.value.python
    assert type(once_more(caught.value)) is RunFailed
    with pytest.raises(RunFailed, match=r"^moves-once is not violated"):
        violates(killed, moves_once)


def test_liveness_is_not_taken_to_hold_where_nobody_looks(killed: hasim.Run) -> None:
    for name in LIVENESS:
        with pytest.raises(hasim.HasimError, match="use settles"):
            holds(killed, name)
    with pytest.raises(hasim.HasimError, match="use settles"):
        violates(killed, "nodes-agree")


def test_what_is_mended_settles(model: hasim.Model) -> None:
    run = settles(model, ["5m power-off node1 for 10s", "5m kill node2 all"], seed=4)
    assert run.seed == 4
    assert run.scenario.settled is not None
    assert "start node2" in str(run.scenario.faults[-1])


def test_what_lasts_for_ever_does_not_settle(model: hasim.Model) -> None:
    with pytest.raises(RunFailed) as caught:
        settles(model, ["5m power-off node2"])
    assert {v.property for v in caught.value.violations} == {"nodes-agree"}
    assert "node2 runs no daemon" in str(caught.value)
    again = once_more(caught.value)
    assert str(again) == str(caught.value)
    settles(model, ["5m power-off node2"], 0, "every-group-served-once")


def test_the_same_decisions_are_the_same_decisions(model: hasim.Model) -> None:
    one = model.run([KILLED], until="6m")
    same_decisions(one, model.run([Kill(5 * MINUTE, "node1", "master")], until="6m"))
    other = model.run(["5m1s kill node1 master"], until="6m")
    with pytest.raises(RunFailed, match="the same decisions at other instants") as caught:
        same_decisions(one, other)
    assert "5m1s kill node1 master" in str(caught.value)
    same_decisions(one, other, times=False)
    with pytest.raises(RunFailed, match="first difference of node1") as caught:
        same_decisions(one, model.run(until="6m"), times=False)
    same_decisions(one, model.run([KILLED, "5m cut node1:eth0 for 1s"], until="6m"))
    assert "there in <Run anonymous" in str(caught.value)
    assert "----- 5m" in str(caught.value)


@pytest.mark.parametrize("what", ["no run", None, [KILLED]])
def test_only_runs_are_judged(what: object, killed: hasim.Run) -> None:
    with pytest.raises(hasim.HasimError, match="is no run"):
        holds(what)  # type: ignore[arg-type]
    with pytest.raises(hasim.HasimError, match="is no run"):
        same_decisions(killed, what)  # type: ignore[arg-type]


def test_what_is_no_property_is_refused(killed: hasim.Run) -> None:
    with pytest.raises(hasim.HasimError, match=f"did you mean '{MOUNTED}'"):
        holds(killed, "at-most-one-mount")
    with pytest.raises(hasim.HasimError, match="which property"):
        violates(killed)
