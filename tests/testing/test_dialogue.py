"""Dialogues with an operator: what they find, what they leave alone, how they end."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import Phase, settings
from hypothesis.stateful import run_state_machine_as_test

import hasim
from hasim.faults import Fault, Kill, Restore, parse_fault
from hasim.monitors import LIVENESS
from hasim.search import DEFAULT_FAMILIES
from hasim.testing import OperatorDialogue, RunFailed, operator_dialogue
from hasim.units import MINUTE, SECOND
from tests.testing.support import CALM


def hold(dialogue: type[OperatorDialogue], many: int, steps: int = 5) -> None:
    bounded = settings(
        max_examples=many, stateful_step_count=steps, derandomize=True, database=None,
        deadline=None, phases=[Phase.generate], suppress_health_check=CALM,
    )  # fmt: skip
    run_state_machine_as_test(dialogue, settings=bounded)


def opened(dialogue: type[OperatorDialogue], *lines: str, until: str) -> OperatorDialogue:
    """Return a dialogue after some steps: fault lines, and the end."""
    machine = dialogue()
    steps: list[Fault] = [parse_fault(line) for line in lines]
    ends = [*(fault.at for fault in steps[1:]), parse_fault(f"{until} stop x").at]
    machine.act(wait=(steps[0].at if steps else ends[0]) / SECOND)
    for fault, end in zip(steps, ends, strict=False):
        machine.act(fault, wait=(end - machine.now) / SECOND)
    return machine


def test_a_killed_master_without_stonith_is_found_in_few_dialogues(model: hasim.Model) -> None:
    dialogue = operator_dialogue(
        model, kinds="kill master", properties=["at-most-one-vip-holder"], liveness=()
    )
    with pytest.raises(RunFailed) as caught:
        hold(dialogue, 40, steps=4)
    orders = caught.value.run.scenario.faults
    assert {order.verb for order in orders} <= {"kill", "start"}
    steps = "\n".join(caught.value.__notes__)
    assert "state.kill(process=Kill(at=0, node='node" in steps
    with pytest.raises(RunFailed):
        exec(compile(caught.value.python, "<pasted>", "exec"), {})


class KillsOfNode1(OperatorDialogue):
    """Nobody touches node2."""

    kinds = ("kill master",)

    def killable(self) -> list[Kill]:
        return [kill for kill in super().killable() if kill.node == "node1"]


def test_with_stonith_a_killed_master_does_no_harm(fenced: hasim.Model) -> None:
    done: list[Sequence[Fault]] = []

    class Fenced(KillsOfNode1):
        model = fenced

        def teardown(self) -> None:
            done.append(self.schedule)
            super().teardown()

    hold(Fenced, 10, steps=3)
    assert any(isinstance(fault, Kill) for schedule in done for fault in schedule)


def test_steps_come_one_after_the_other_and_only_where_they_make_sense(model: hasim.Model) -> None:
    orders = set()

    class Watched(operator_dialogue(model, properties=(), liveness=())):  # type: ignore[misc]
        def act(self, *faults: Fault, wait: Any) -> None:
            before, now = getattr(self, "state", None), self.now
            super().act(*faults, wait=wait)
            assert self.now > now
            assert [f.at for f in self.schedule] == sorted(f.at for f in self.schedule)
            for fault in faults:
                orders.add(fault.verb)
                if fault.verb == "start":
                    assert before[fault.node].daemon is None
                    assert before[fault.node].power == "on"
                if fault.verb in ("standby", "takeover"):
                    assert before[fault.node].status == "active"

    hold(Watched, 20)
    assert {"kill", "stop", "cut", "power-off"} <= orders


def test_only_what_is_unplugged_is_plugged_in(model: hasim.Model) -> None:
    machine = opened(operator_dialogue(model), until="2m")
    assert (machine.unplugged, len(machine.plugged())) == ([], 4)
    machine.unplug(machine.plugged()[0], wait="1m")
    assert (len(machine.unplugged), len(machine.plugged())) == (1, 3)
    machine.plug(machine.unplugged[0], wait="1m")
    assert (machine.unplugged, len(machine.plugged())) == ([], 4)
    assert [fault.verb for fault in machine.schedule] == ["cut", "restore"]
    assert [fault.at for fault in machine.schedule] == [2 * MINUTE, 3 * MINUTE]


def test_what_may_be_done_follows_the_simulated_state(model: hasim.Model) -> None:
    dialogue = operator_dialogue(model)
    up = opened(dialogue, until="2m")
    assert (up.startable(), up.stoppable(), up.dark()) == ([], ["node1", "node2"], [])
    down = opened(dialogue, "2m stop node1", until="4m")
    assert (down.startable(), down.stoppable()) == (["node1"], ["node2"])
    assert {kill.node for kill in down.killable()} == {"node2"}
    off = opened(dialogue, until="2m")
    off.switch_off("node2", wait="30s")
    assert (off.startable(), off.dark(), off.active()) == ([], ["node2"], ["node1"])
    assert "node2" not in off.powered()
    off.switch_on("node2", wait="10s")
    assert off.state.node2.power == "booting"
    assert (off.startable(), off.dark()) == ([], [])
    still = opened(dialogue, until="2m")
    still.hang(still.steady()[0], wait="10s")
    assert still.hung == ["node1"]
    assert {hang.node for hang in still.steady()} == {"node2"}
    still.thaw("node1", wait="10s")
    assert not still.state.node1.hung


def test_a_plug_that_a_device_has_left_off_may_be_switched_on(fenced: hasim.Model) -> None:
    texts = {name: file.data for name, file in fenced.sources.files().items()}
    texts["site.toml"] += b'action = "off"\n'  # of the power switch, the last table
    dialogue = operator_dialogue(hasim.load(texts))
    machine = opened(dialogue, "2m kill node1 master", until="4m")
    assert (machine.switched_off, machine.dark()) == ([], ["node1"])
    machine.switch_on("node1", wait="2m")
    assert machine.state.node1.power == "on"


def test_families_and_kinds_decide_what_happens(model: hasim.Model) -> None:
    machine = opened(operator_dialogue(model, families="network"), until="2m")
    assert machine.plugged()
    assert machine.troubles()
    assert [*machine.stoppable(), *machine.killable(), *machine.powered()] == []
    cut = opened(operator_dialogue(model, kinds="cut"), until="2m")
    assert cut.plugged()
    assert not cut.troubles()
    assert {choice.family for choice in opened(operator_dialogue(model), until="1m").kept} <= {
        *DEFAULT_FAMILIES
    }


def test_at_the_end_everything_is_mended_and_must_settle(model: hasim.Model) -> None:
    machine = opened(operator_dialogue(model), until="2m")
    machine.unplug(machine.plugged()[1], wait="1m")
    machine.switch_off("node2", wait="1m")
    machine.safe()
    assert [fault.verb for fault in machine.repairs()] == ["restore", "power-on"]
    machine.teardown()

    class Forgetful(operator_dialogue(model)):  # type: ignore[misc]
        def repairs(self) -> list[Fault]:
            return [fault for fault in super().repairs() if isinstance(fault, Restore)]

    machine = opened(Forgetful, until="2m")
    machine.switch_off("node2", wait="1m")
    machine.safe()
    with pytest.raises(RunFailed, match="node2 runs no daemon"):
        machine.teardown()


def test_a_node_that_starts_by_hand_is_started_at_the_end(model: hasim.Model) -> None:
    texts = {name: file.data for name, file in model.sources.files().items()}
    by_hand = texts["site.toml"].replace(b'heartbeat = "on-boot"', b'heartbeat = "manual"')
    assert by_hand != texts["site.toml"]
    machine = opened(operator_dialogue(hasim.load({**texts, "site.toml": by_hand})), until="2m")
    machine.switch_off("node1", wait="10s")
    machine.safe()
    machine.teardown()


def test_a_dialogue_that_has_failed_is_not_judged_again_at_its_end(model: hasim.Model) -> None:
    machine = opened(operator_dialogue(model), "2m kill node1 master", until="4m")
    with pytest.raises(RunFailed):
        machine.safe()
    machine.teardown()


def test_a_test_case_has_ten_steps_and_may_have_others(model: hasim.Model) -> None:
    case = operator_dialogue(model).TestCase
    assert case.settings.stateful_step_count == 10
    assert Phase.explain not in case.settings.phases
    case.settings = settings(stateful_step_count=7)
    assert operator_dialogue(model).TestCase.settings.stateful_step_count == 10


def test_a_dialogue_of_no_model_says_so() -> None:
    class Empty(OperatorDialogue):
        pass

    with pytest.raises(hasim.HasimError, match="Empty has no model"):
        Empty()


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"families": ["proces"]}, "did you mean 'process'"),
        ({"kinds": ["kill"]}, "no kind of fault 'kill'"),
        ({"properties": ["at-most-one-mount"]}, "did you mean 'at-most-one-mounter'"),
        ({"liveness": ["node-agree"]}, "did you mean 'nodes-agree'"),
    ],
)
def test_what_there_is_not_is_refused_at_once(
    model: hasim.Model, asked: dict[str, Any], said: str
) -> None:
    with pytest.raises(hasim.HasimError, match=said):
        operator_dialogue(model, **asked)


def test_usually_everything_is_judged(model: hasim.Model) -> None:
    dialogue = operator_dialogue(model, seed=3)
    assert tuple(dialogue.liveness) == tuple(LIVENESS)
    assert opened(dialogue, until="1m").run.seed == 3
