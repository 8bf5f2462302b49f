"""The audit of resources: every group is served exactly once and whole (semantics 14)."""

from __future__ import annotations

import pytest

import hasim
from hasim import events as ev
from hasim.config import DIALECTS
from hasim.monitors import SERVED_ONCE, Violation
from hasim.run.audit import audited
from hasim.units import SECOND
from tests.conftest import ROOT
from tests.run.handmade import FS, IP, KEY, SERVICE, VIP, Told, acquired, facts, released

UP: list[Told] = [(0, n, ev.LocalStatus("active")) for n in ("node1", "node2")]
DOWN: list[Told] = [(50, None, ev.DaemonExited(n, 7, "stopped")) for n in ("node1", "node2")]


def at(second: float, *told: Told) -> list[Violation]:
    return audited(facts(*told), [SERVICE], [round(second * SECOND)])


def says(second: float, *told: Told) -> str:
    (found,) = at(second, *told)
    assert (found.property, found.at) == (SERVED_ONCE, round(second * SECOND))
    return found.sentence


def test_a_group_that_one_node_serves_whole_is_fine() -> None:
    assert at(20, *UP, *acquired("node1", 10)) == []


def test_a_group_that_nobody_serves_is_found_though_nothing_is_held_twice() -> None:
    assert says(5, *UP) == f"Nobody serves {KEY}."
    (found,) = at(5, *UP)
    assert found.until == 10 * SECOND


def test_a_group_that_is_served_five_seconds_later_at_the_latest_is_fine() -> None:
    started = [*UP, *acquired("node1", 10)]
    assert at(7, *started) == []
    assert says(6.9, *started).startswith("Nobody serves")


def test_half_a_group_is_not_served() -> None:
    half = [t for t in acquired("node1", 10) if not isinstance(t[2], ev.DiskMounted)]
    assert says(20, *UP, *half) == f"Nobody serves {KEY}, though node1 has some of it."


def test_a_member_on_two_nodes_fails_at_once_though_it_is_gone_a_second_later() -> None:
    twice: list[Told] = [
        (15, None, ev.AddressUp("node2", f"{VIP}/24")),
        (20.5, None, ev.AddressDown("node2", f"{VIP}/24")),
    ]
    told = [*UP, *acquired("node1", 10), *twice]
    assert says(20, *told) == f"node1 and node2 have {VIP} of {KEY}."
    assert at(20.5, *told) == []


def test_members_on_different_nodes_are_found() -> None:
    there: list[Told] = [
        (10, None, ev.AddressUp("node1", f"{VIP}/24")),
        (10, None, ev.DiskMounted("node2", "web", "/web")),
    ]
    assert says(20, *UP, *there) == f"Members of {KEY} are on node1 and node2."


def test_a_node_that_hangs_does_not_serve() -> None:
    hung: Told = (30, None, ev.NodeHung("node1"))
    told = [*UP, *acquired("node1", 10), hung]
    assert at(20, *told) == []
    assert says(40, *told) == f"Nobody serves {KEY}, though node1 has some of it."
    assert at(40, *told, (44, None, ev.NodeThawed("node1"))) == []


def test_where_no_daemon_runs_nobody_has_to_serve_and_nobody_may() -> None:
    assert at(60, *UP, *acquired("node1", 10), *released("node1", 40), *DOWN) == []
    assert says(60, *UP, *acquired("node1", 10), *DOWN) == (
        f"node1 has members of {KEY} left, and no daemon runs."
    )


def test_a_violation_names_the_last_script_of_each_node_and_lasts_to_the_end() -> None:
    told = [
        *UP,
        (10, None, ev.ScriptEnded("node1", *IP, "start", 0)),
        (12, None, ev.ScriptEnded("node1", *FS, "start", 1)),
        (13, None, ev.ScriptEnded("node1", "other", (), "start", 0)),
    ]
    run = facts(*told, until=22)
    (found,) = audited(run, [SERVICE], [20 * SECOND])
    assert found.until is None
    assert [run.trace.at(seq).at for seq in found.evidence] == [12 * SECOND]


@pytest.mark.parametrize("dialect", DIALECTS)
def test_a_group_that_cannot_start_fails_the_audits_of_the_packaged_suite(dialect: str) -> None:
    model = hasim.load(ROOT / "models" / "cts", dialect)
    assert model.run(scenario="flip").ok
    broken = model.run("0s fail Filesystem start on node1", scenario="flip")
    assert [(v.at, v.property) for v in broken.violations] == [
        (120 * SECOND, SERVED_ONCE),
        (510 * SECOND, SERVED_ONCE),
    ]
    assert not broken.ok
    assert f"property violated: {SERVED_ONCE}: Nobody serves 192.168.60.200" in broken.attention()


def test_an_audit_after_the_end_is_refused_with_its_line() -> None:
    model = hasim.load(ROOT / "models" / "cts")
    scenario = hasim.model.parse_scenario('until = "1m"\naudits = ["30s", "1m"]\n', "s.toml")
    with pytest.raises(hasim.ConfigError, match=r"s\.toml:2: ERROR: audits: 1m is not before"):
        model.run(scenario=scenario)
