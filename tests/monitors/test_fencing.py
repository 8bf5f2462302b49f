"""Fencing is judged by what a node could still write, not by what a device says."""

from __future__ import annotations

from hasim import events as ev
from hasim.monitors import Violation, judge
from tests.monitors.told import ADDRESS, header, records, script

FIRST, SILENT = "fenced-before-takeover", "no-write-by-fenced-node"


def mounts(node: str) -> ev.Event:
    return ev.DiskMounted(node, "web", "/web")


def unmounts(node: str) -> ev.Event:
    return ev.DiskUnmounted(node, "web", "/web")


def asked(victim: str = "a", device: str = "pdu") -> ev.Event:
    return ev.StonithRequested(device, victim, "reset")


def answered(code: int = 0, victim: str = "a", device: str = "pdu") -> ev.Event:
    return ev.StonithAnswered(device, victim, "reset", code)


OFF, ON = ev.NodePoweredOff("a", "reset"), ev.NodePoweredOn("a")
TAKES = script("b", ADDRESS, "start")


def first(*told: ev.Event, fencible: tuple[str, ...] = ("a", "b")) -> tuple[Violation, ...]:
    return judge(records(*told), [FIRST], header(*fencible))


def silent(*told: ev.Event) -> tuple[Violation, ...]:
    return judge(records(*told), [SILENT], header("a", "b"))


def test_a_takeover_from_a_node_that_mounts_the_disk_is_one_before_fencing() -> None:
    (found,) = first(mounts("a"), TAKES, unmounts("a"))
    sentence = "b starts 10.0.0.9/24 while a, not fenced, mounts web."
    assert found == Violation(1, FIRST, sentence, (0, 1), 2)


def test_it_lasts_until_the_mount_is_gone_and_is_told_once() -> None:
    (found,) = first(mounts("a"), TAKES, script("b", "apache", "start"), mounts("b"))
    assert (found.at, found.until) == (1, None)


def test_a_reset_before_the_takeover_is_what_is_asked_for() -> None:
    assert first(mounts("a"), asked(), OFF, answered(), TAKES, mounts("b")) == ()


def test_a_release_before_the_takeover_is_enough() -> None:
    assert first(mounts("a"), unmounts("a"), TAKES) == ()


def test_that_a_device_says_so_is_not_enough() -> None:
    assert [v.at for v in first(mounts("a"), asked(), answered(), TAKES)] == [3]


def test_a_node_that_nothing_can_fence_is_not_judged() -> None:
    assert first(mounts("a"), TAKES, fencible=("b",)) == ()
    assert judge(records(mounts("a"), TAKES), [FIRST]) == ()


def test_its_own_mount_does_not_keep_a_node_from_starting() -> None:
    assert first(mounts("b"), TAKES) == ()


def test_a_stop_is_no_takeover_and_other_groups_do_not_matter() -> None:
    assert first(mounts("a"), script("b", ADDRESS, "stop")) == ()
    assert first(mounts("a"), script("b", "IPaddr 10.0.0.8/24", "start")) == ()


def test_a_second_takeover_after_the_first_is_told_again() -> None:
    found = first(mounts("a"), TAKES, unmounts("a"), mounts("a"), TAKES)
    assert [(v.at, v.until) for v in found] == [(1, 2), (4, None)]


def test_a_node_said_to_be_reset_that_mounts_writes_on() -> None:
    (found,) = silent(mounts("a"), asked(), answered(), OFF)
    sentence = "a mounts web although it is said to be fenced."
    assert found == Violation(2, SILENT, sentence, (0, 2), 3)


def test_a_node_said_to_be_reset_that_mounts_later_writes_too() -> None:
    (found,) = silent(asked(), answered(), mounts("a"))
    assert (found.at, found.evidence) == (2, (1, 2))


def test_what_it_mounts_after_it_has_lost_power_is_its_own() -> None:
    assert silent(mounts("a"), asked(), OFF, ON, answered(), mounts("a")) == ()
    assert silent(asked(), answered(), OFF, ON, mounts("a")) == ()


def test_a_node_that_was_off_when_the_reset_was_asked_for_is_fenced() -> None:
    assert silent(mounts("a"), OFF, asked(), answered(), ON, mounts("a")) == ()


def test_a_reset_that_fails_says_nothing() -> None:
    assert silent(mounts("a"), asked(), answered(1)) == ()


def test_each_of_two_requests_has_its_own_answer() -> None:
    assert silent(mounts("a"), asked(), OFF, ON, asked(), answered(), mounts("a")) == ()
    found = silent(mounts("a"), asked(), OFF, ON, asked(), answered(), answered(), mounts("a"))
    assert [v.at for v in found] == [7]


def test_an_answer_that_nobody_waits_for_is_no_answer_to_the_next_request() -> None:
    orphan = ev.StonithOrphaned("pdu", "a", "reset")
    told = (mounts("a"), asked(), OFF, orphan, ON, mounts("a"), asked(), answered())
    assert [v.at for v in silent(*told)] == [7]
