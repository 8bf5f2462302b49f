"""From fault lines to actions: causes are numbered, and a heal removes what was caused."""

from __future__ import annotations

import pytest

import hasim
from hasim.faults import parse_fault
from hasim.model import Model
from hasim.run import agenda_of
from hasim.world import Action

MINUTE = 60_000_000


def actions(model: Model, *lines: str) -> list[Action]:
    return list(agenda_of([parse_fault(line) for line in lines], model.site))


def test_a_cut_and_its_restore_are_two_actions_with_one_cause(model: Model) -> None:
    assert actions(model, "6m restore node1:eth0", "5m cut node1:eth0") == [
        Action(5 * MINUTE, "cut", ("node1:eth0", "both"), 1, "5m cut node1:eth0"),
        Action(6 * MINUTE, "mend", ("node1:eth0", "both", 1), 0, "6m restore node1:eth0"),
    ]


def test_a_fault_for_a_while_ends_by_itself(model: Model) -> None:
    made = actions(model, "5m cut node1:eth0 for 30s")
    assert [(a.at, a.verb, a.cause) for a in made] == [
        (5 * MINUTE, "cut", 0),
        (5 * MINUTE + 30_000_000, "mend", 0),
    ]


def test_overlapping_cuts_end_one_by_one(model: Model) -> None:
    made = actions(model, "5m cut node1:eth0 for 2m", "6m cut node1:eth0 for 3m")
    mends = [a.args[2] for a in made if a.verb == "mend"]
    assert mends == [0, 1]


def test_a_cut_that_was_restored_does_not_end_again(model: Model) -> None:
    made = actions(model, "5m cut node1:eth0 for 9m", "6m restore node1:eth0")
    assert [a.verb for a in made] == ["cut", "mend"]


def test_an_isolated_node_has_every_cable_cut_and_the_line_stands_once(model: Model) -> None:
    made = actions(model, "5m isolate node1", "6m heal node1")
    assert [(a.verb, a.args[0]) for a in made] == [
        ("cut", "node1:eth0"),
        ("cut", "node1:eth1"),
        ("mend", "node1:eth0"),
        ("mend", "node1:eth1"),
    ]
    assert [bool(a.line) for a in made] == [True, False, True, False]


def test_a_new_share_of_loss_replaces_the_old_one_and_none_ends_it(model: Model) -> None:
    made = actions(
        model, "1m lose 10% node1:eth0", "2m lose 20% node1:eth0", "3m lose 0% node1:eth0"
    )
    assert [(a.verb, a.args[2]) for a in made] == [
        ("lose", 100),
        ("unlose", 0),
        ("lose", 200),
        ("unlose", 1),
    ]


@pytest.mark.parametrize(
    "lines",
    [
        ("5m restore node1:eth0",),
        ("5m heal node1",),
        ("5m power-on node1",),
        ("5m cut node1:eth0", "6m heal node1"),
        ("5m cut node1:eth0 for 30s", "6m restore node1:eth0"),
        ("6m cut node1:eth0", "5m restore node1:eth0"),
    ],
)
def test_a_heal_without_its_fault_is_an_error(model: Model, lines: tuple[str, ...]) -> None:
    with pytest.raises(hasim.ConfigError, match="nothing to heal"):
        actions(model, *lines)


@pytest.mark.parametrize(
    ("line", "nearest"),
    [
        ("5m cut node1:eth7", "node1:eth"),
        ("5m hang node11", "node1"),
        ("5m power-off outlet7", "outlet"),
    ],
)
def test_a_target_the_site_does_not_have_is_told_with_the_nearest(
    model: Model, line: str, nearest: str
) -> None:
    with pytest.raises(hasim.ConfigError, match=f"did you mean '{nearest}"):
        actions(model, line)


def refused(model: Model, *lines: str) -> list[str]:
    with pytest.raises(hasim.ConfigError) as caught:
        actions(model, *lines)
    return [problem.remedy for problem in caught.value.problems]


def test_every_heal_without_its_fault_is_told_with_what_would_heal(model: Model) -> None:
    found = refused(
        model,
        *("1m cut node1:eth0 in", "2m restore node1:eth0 out", "3m heal node1"),
        *("4m isolate node2", "5m restore node2:eth1", "6m delay 0s node1:eth1", "7m thaw node1"),
    )
    assert found == [
        "the cable was cut otherwise; write 'restore node1:eth0 in'",
        "'heal' ends 'isolate' only; write 'restore node1:eth0'",
        "'restore' ends 'cut' only; write 'heal node2'",
        "an amount of 0 ends an earlier 'delay' of the same cable and direction",
        "remove the line, or put the fault that it ends before it",
    ]


def test_a_thaw_ends_every_hang_and_their_ends_do_nothing_more(model: Model) -> None:
    made = actions(model, "1m hang node1 for 9m", "2m hang node1", "3m thaw node1")
    assert [a.verb for a in made] == ["hang", "hang", "thaw", "resume"]


def test_a_problem_stands_where_its_line_stands(model: Model) -> None:
    faults = [parse_fault("5m cut node1:eth0"), parse_fault("6m heal node2")]
    with pytest.raises(hasim.ConfigError) as caught:
        agenda_of(faults, model.site, "s.toml", [("s.toml", 4), ("s.toml", 5)])
    (problem,) = caught.value.problems
    assert (problem.file, problem.line) == ("s.toml", 5)


@pytest.mark.parametrize(
    ("line", "verb", "args"),
    [
        ("5m stop node1", "stop", ("node1",)),
        ("5m reload node1", "reload", ("node1",)),
        ("5m standby node1", "standby", ("node1", "all")),
        ("5m takeover node2 failback", "takeover", ("node2", "failback")),
        ("5m kill node1 ipfail", "kill", ("node1", "ipfail", "", 9)),
        ("5m kill node1 ccm", "kill", ("node1", "client", "ccm", 9)),
        ("5m fail IPaddr start on node1", "fail", ("node1", "IPaddr", "start", -1)),
        ("5m fail group KEY stop on node1 2 times", "fail", ("node1", "group KEY", "stop", 2)),
        ("5m slow IPaddr 3s on node1", "slow", ("node1", "IPaddr", "", 3_000_000)),
    ],
)
def test_what_is_asked_of_daemons_and_scripts_is_one_action(
    model: Model, line: str, verb: str, args: tuple[str | int, ...]
) -> None:
    assert actions(model, line) == [Action(5 * MINUTE, verb, args, 0, line)]


def test_faults_of_scripts_end_by_the_number_of_their_fault(model: Model) -> None:
    made = actions(
        model, "5m fail IPaddr stop on node1 for 30s", "5m slow IPaddr 1s on node2 for 9s"
    )
    assert [(a.at - 5 * MINUTE, a.verb, a.args) for a in made][2:] == [
        (9_000_000, "unslow", ("node2", 1)),
        (30_000_000, "unfail", ("node1", 0)),
    ]
