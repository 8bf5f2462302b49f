"""Who held what: asked by address, directory, disk, resource or group."""

from __future__ import annotations

import pytest

from hasim import events as ev
from hasim.errors import HasimError
from hasim.run.held import held, holders
from hasim.trace import Span
from hasim.units import SECOND
from tests.run.handmade import KEY, SERVICE, VIP, acquired, facts, power_lost, released

STORY = [*acquired("node1", 10), *power_lost("node1", 40), *acquired("node2", 46)]


def asked(what: str) -> list[tuple[str, float, float, bool]]:
    spans = held(facts(*STORY), [SERVICE], what)
    return [(s.who, s.begin / SECOND, s.end / SECOND, s.open) for s in spans]


@pytest.mark.parametrize("what", [VIP, f"{VIP}/24"])
def test_an_address_is_found_with_and_without_its_mask(what: str) -> None:
    assert asked(what) == [("node1", 11, 40, False), ("node2", 47, 100, True)]


@pytest.mark.parametrize("what", ["/web", "web", "/dev/sdb1"])
def test_a_disk_is_found_by_directory_name_and_device(what: str) -> None:
    assert asked(what) == [("node1", 12, 40, False), ("node2", 48, 100, True)]


def test_a_group_is_held_while_all_of_it_stands() -> None:
    assert asked(KEY) == [("node1", 12, 40, False), ("node2", 48, 100, True)]
    spans = held(facts(*acquired("node1", 10), *released("node1", 20)), [SERVICE], KEY)
    assert spans == [Span("node1", KEY, "held", 12 * SECOND, 21 * SECOND, False)]


def test_a_resource_is_found_as_haresources_has_it() -> None:
    word = "Filesystem::/dev/sdb1::/web::ext3"
    assert asked(word) == [("node1", 12, 40, False), ("node2", 48, 100, True)]


def test_what_is_known_and_was_never_held_has_no_spans() -> None:
    quiet = facts()
    for what in (VIP, f"{VIP}/24", KEY, "/web", "web"):
        assert held(quiet, [SERVICE], what) == []


def test_a_name_that_nobody_knows_is_told_with_the_nearest() -> None:
    with pytest.raises(HasimError, match=r"did you mean .10\.0\.0\.9."):
        asked("10.0.0.99")
    with pytest.raises(HasimError, match="no name of a group"):
        held(facts(), [SERVICE], 5)  # type: ignore[arg-type]


def test_holders_are_those_at_the_instant_itself_included() -> None:
    told = facts(*acquired("node1", 10), *released("node1", 20))
    asked_at = (11.999999, 12, 20.999999, 21)
    assert [holders(told, SERVICE, round(at * SECOND)) for at in asked_at] == [
        [],
        ["node1"],
        ["node1"],
        [],
    ]


def test_a_group_that_two_nodes_hold_has_two_holders() -> None:
    told = facts(*acquired("node1", 10), *acquired("node2", 20))
    assert holders(told, SERVICE, 50 * SECOND) == ["node1", "node2"]
    assert holders(told, SERVICE, 100 * SECOND) == ["node1", "node2"]


def test_a_daemon_s_death_lets_go_of_nothing() -> None:
    told = facts(*acquired("node1", 10), (30, None, ev.DaemonExited("node1", 5, "killed")))
    assert [s.open for s in held(told, [SERVICE], KEY)] == [True]
