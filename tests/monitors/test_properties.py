"""Properties are judged by facts: who mounts and who has an address, from when to when."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hasim import events as ev
from hasim.errors import HasimError
from hasim.monitors import PROPERTIES, Violation, judge
from hasim.trace import Record, Source

MOUNTER, HOLDER = "at-most-one-mounter", "at-most-one-vip-holder"
KERNEL = Source(None, "kernel", None)


def records(*told: tuple[int, ev.Event]) -> list[Record]:
    return [Record(at, i, KERNEL, event, None) for i, (at, event) in enumerate(told)]


def mounted(node: str, disk: str = "web") -> ev.Event:
    return ev.DiskMounted(node, disk, "/webdata")


def unmounted(node: str, disk: str = "web") -> ev.Event:
    return ev.DiskUnmounted(node, disk, "/webdata")


def test_one_after_the_other_is_no_violation() -> None:
    assert judge(records((1, mounted("a")), (2, unmounted("a")), (2, mounted("b")))) == ()


def test_two_mounters_violate_from_the_second_mount_to_the_first_unmount() -> None:
    (found,) = judge(records((1, mounted("a")), (5, mounted("b")), (9, unmounted("a"))))
    sentence = "a and b mount web at the same time."
    assert found == Violation(5, MOUNTER, sentence, (0, 1), 9)


def test_a_violation_that_lasts_has_no_end() -> None:
    (found,) = judge(records((1_000_000, mounted("a")), (5_000_000, mounted("b"))))
    assert found.until is None
    assert str(found) == (
        "at-most-one-mounter: a and b mount web at the same time. From 5s to the end."
    )


def test_different_disks_do_not_meet() -> None:
    assert judge(records((1, mounted("a", "x")), (2, mounted("b", "y")))) == ()


def test_a_third_one_is_evidence_of_the_same_violation() -> None:
    told = records((1, mounted("a")), (2, mounted("b")), (3, mounted("c")), (4, unmounted("a")))
    (found,) = judge(told)
    assert (found.at, found.until, found.evidence) == (2, None, (0, 1, 2))
    assert "a, b and c" in found.sentence


def test_a_second_time_is_a_second_violation() -> None:
    told = records(
        (1, mounted("a")), (2, mounted("b")), (3, unmounted("b")), (4, mounted("b")),
        (6, unmounted("a")),
    )  # fmt: skip
    assert [(v.at, v.until) for v in judge(told)] == [(2, 3), (4, 6)]


def test_the_loss_of_power_takes_everything_from_a_node() -> None:
    told = records(
        (1, mounted("a")), (2, ev.AddressUp("a", "10.0.0.9/24")),
        (3, ev.NodePoweredOff("a", "power lost")),
        (4, mounted("b")), (5, ev.AddressUp("b", "10.0.0.9/24")),
    )  # fmt: skip
    assert judge(told) == ()


def test_an_address_is_the_same_with_another_mask() -> None:
    told = records((1, ev.AddressUp("a", "10.0.0.9/24")), (2, ev.AddressUp("b", "10.0.0.9/32")))
    (found,) = judge(told)
    assert (found.property, found.at) == (HOLDER, 2)
    assert "the address 10.0.0.9 up" in found.sentence


def test_saying_the_same_again_is_no_second_holder() -> None:
    assert judge(records((1, mounted("a")), (2, mounted("a")))) == ()


def test_a_disk_mounted_twice_is_held_until_the_last_unmount() -> None:
    both = ((1, mounted("a")), (2, ev.DiskMounted("a", "web", "/other")), (3, unmounted("a")))
    (found,) = judge(records(*both, (4, mounted("b")), (6, ev.DiskUnmounted("a", "web", "/other"))))
    assert (found.at, found.until) == (4, 6)


def test_beliefs_are_not_judged() -> None:
    log = Source("a", "heartbeat", 1)
    told = [Record(1, 0, log, ev.BothOwn("our"), None), *records((2, mounted("a")))]
    assert judge(told) == ()


def test_only_the_properties_asked_for_are_judged() -> None:
    told = records((1, mounted("a")), (2, mounted("b")))
    assert judge(told, [HOLDER]) == ()
    assert len(judge(told, [MOUNTER, MOUNTER])) == 1


def test_a_property_that_does_not_exist_is_told_with_the_nearest() -> None:
    with pytest.raises(HasimError, match="did you mean 'at-most-one-mounter'"):
        judge([], ["at-most-one-mounters"])


def test_every_property_has_a_name_and_a_sentence() -> None:
    assert [*PROPERTIES] == [p.name for p in PROPERTIES.values()] == sorted(PROPERTIES)
    assert all(p.sentence.endswith(".") for p in PROPERTIES.values())


moves = st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from(["up", "down", "off"])))


@given(moves)
def test_a_violation_lasts_exactly_while_two_hold(steps: Sequence[tuple[str, str]]) -> None:
    make = {
        "up": lambda n: mounted(n),
        "down": lambda n: unmounted(n),
        "off": lambda n: ev.NodePoweredOff(n, "power lost"),
    }
    told = records(*((at, make[what](node)) for at, (node, what) in enumerate(steps)))
    holders: set[str] = set()
    doubled = []
    for at, (node, what) in enumerate(steps):
        if what == "up":
            holders.add(node)
        else:
            holders.discard(node)
        if len(holders) > 1:
            doubled.append(at)
    judged = judge(told, [MOUNTER])
    end = len(steps)
    spread = [at for v in judged for at in range(v.at, end if v.until is None else v.until)]
    assert spread == doubled
