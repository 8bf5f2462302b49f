"""Resources start in the order of their group, and stop in the reverse one."""

from __future__ import annotations

import pytest

from hasim import events as ev
from hasim.monitors import Violation, judge
from hasim.trace import GroupParts, Header
from tests.monitors.told import ADDRESS, CALLS, DISK, header, records, script

UP = [
    script("a", ADDRESS, "start"),
    ev.AddressUp("a", "10.0.0.9/24"),
    script("a", DISK, "start"),
    ev.DiskMounted("a", "web", "/web"),
    script("a", "apache", "start"),
    script("a", "apache", "start", 0),
]
DOWN = [
    script("a", "apache", "stop"),
    script("a", DISK, "stop"),
    ev.DiskUnmounted("a", "web", "/web"),
    script("a", ADDRESS, "stop"),
    ev.AddressDown("a", "10.0.0.9/24"),
]


def order(*told: ev.Event) -> tuple[Violation, ...]:
    return judge(records(*told), ["resources-in-order"], header())


def test_up_and_down_in_order_is_right() -> None:
    assert order(*UP, *DOWN, *UP) == ()


@pytest.mark.parametrize("without", [0, 2])
def test_a_start_on_what_does_not_stand_is_wrong(without: int) -> None:
    told = UP[:without] + UP[without + 2 :]
    found = order(*told)
    missing = CALLS[without // 2]
    assert found
    assert all(v.sentence.endswith(f"before {missing}.") for v in found)


def test_a_start_after_a_failed_one_is_wrong() -> None:
    (found,) = order(*UP[:2], script("a", DISK, "start"), script("a", DISK, "start", 1), *UP[4:])
    assert found.sentence == f"a starts apache before {DISK}."


def test_a_stop_under_what_stands_is_wrong() -> None:
    (found,) = order(*UP, script("a", ADDRESS, "stop"), script("a", "apache", "stop"))
    assert found.sentence == f"a stops {ADDRESS} under {DISK}, apache."


def test_what_was_never_started_may_be_stopped() -> None:
    assert order(*DOWN) == ()


def test_the_loss_of_power_takes_everything() -> None:
    (found,) = order(*UP, ev.NodePoweredOff("a", "cord"), script("a", "apache", "start"))
    assert found.sentence == f"a starts apache before {ADDRESS}, {DISK}."


def test_what_another_node_has_does_not_count() -> None:
    (found,) = order(*UP, script("b", DISK, "start"))
    assert found.sentence == f"b starts {DISK} before {ADDRESS}."


def test_status_calls_and_strangers_are_free() -> None:
    assert order(script("a", "apache", "status"), script("a", "nginx", "start")) == ()


def test_what_two_groups_have_is_in_order_where_it_is_so_in_one_of_them() -> None:
    share = "Filesystem nas:/exp /mnt nfs"
    groups = tuple(
        GroupParts(address, (f"IPaddr {address}", share)) for address in ("10.0.0.1", "10.0.0.2")
    )
    both = Header("1", "3.0.6", groups=groups)
    up = [ev.AddressUp("a", "10.0.0.2/24"), script("a", share, "start")]
    assert judge(records(*up), ["resources-in-order"], both) == ()
    (wrong,) = judge(records(script("a", share, "start")), ["resources-in-order"], both)
    assert wrong.sentence == f"a starts {share} before IPaddr 10.0.0.1."
