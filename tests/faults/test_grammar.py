from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from hasim.errors import ConfigError
from hasim.faults import (
    USAGE,
    Cable,
    ClockDrift,
    ClockStep,
    Cut,
    DiskPath,
    Fail,
    Fault,
    Forge,
    Hang,
    Kill,
    Lose,
    PowerOff,
    Replay,
    Restore,
    Slow,
    Standby,
    StonithMode,
    StonithPort,
    WholeGroup,
    parse_fault,
)
from hasim.units import SECOND
from tests.faults.strategies import faults


def complaints(line: str) -> list[str]:
    with pytest.raises(ConfigError) as caught:
        parse_fault(line, "x.toml", 7)
    assert all((p.file, p.line, p.level, p.fatal) == ("x.toml", 7, "ERROR", True)
               for p in caught.value.problems)  # fmt: skip
    return [p.text for p in caught.value.problems]


@given(faults)
def test_the_line_of_a_fault_reads_back_as_the_same_fault(fault: Fault) -> None:
    assert parse_fault(str(fault)) == fault


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ("60s cut node1:eth0", Cut(60 * SECOND, Cable("node1", "eth0"))),
        (
            "1m cut node1:eth0 in for 10s",
            Cut(60 * SECOND, Cable("node1", "eth0"), "in", 10 * SECOND),
        ),
        ("2m restore node1:/dev/ttyS0", Restore(120 * SECOND, Cable("node1", "/dev/ttyS0"))),
        ("5 cut disk web", Cut(5 * SECOND, DiskPath("web"))),
        ("5 cut stonith pdu out", Cut(5 * SECOND, StonithPort("pdu"), "out")),
        ("5s lose 0.5% node1:eth0", Lose(5 * SECOND, 5, Cable("node1", "eth0"))),
        ("5s lose 30% node1:eth0", Lose(5 * SECOND, 300, Cable("node1", "eth0"))),
        ("5s hang node1 for 8s", Hang(5 * SECOND, "node1", "all", 8 * SECOND)),
        ("5s hang node1 master", Hang(5 * SECOND, "node1", "master")),
        ("0s kill node1 read:eth1", Kill(0, "node1", "read", "eth1")),
        ("0s kill node1 all -SIGTERM", Kill(0, "node1", "all", None, 15)),
        ("0s kill node1 master -kill", Kill(0, "node1", "master", None, 9)),
        ("0s kill node1 ccm", Kill(0, "node1", "client", "ccm")),
        ("0s kill node1 client:dopd", Kill(0, "node1", "client", "dopd")),
        ("0s power-off stonith pdu", PowerOff(0, StonithPort("pdu"))),
        ("0s power-off 192.168.60.1", PowerOff(0, "192.168.60.1")),
        ("0s power-off fe80::1", PowerOff(0, "fe80::1")),
        ("0s standby node1 foreign", Standby(0, "node1", "foreign")),
        ("0s standby node1", Standby(0, "node1", "all")),
        ("0s fail IPaddr start on node1 2 times", Fail(0, "IPaddr", "start", "node1", 2)),
        ("0s fail IPaddr stop on node1 1 time", Fail(0, "IPaddr", "stop", "node1", 1)),
        (
            "0s slow group 192.168.60.200/24/eth0 10s on node2",
            Slow(0, WholeGroup("192.168.60.200/24/eth0"), 10 * SECOND, "node2"),
        ),
        ("0s stonith pdu lie for 1s", StonithMode(0, "pdu", "lie", SECOND)),
        ("0s clock node1 -5s", ClockStep(0, "node1", -5 * SECOND)),
        ("0s clock node1 +5s", ClockStep(0, "node1", 5 * SECOND)),
        ("0s clock node1 50ppm", ClockDrift(0, "node1", 50)),
        ("0s clock node1 -50ppm", ClockDrift(0, "node1", -50)),
        (
            "0s forge status from node2 on node1:eth0 st=dead",
            Forge(0, "status", "node2", Cable("node1", "eth0"), (("st", "dead"),)),
        ),
        (
            "0s replay 10s from node2 on node1:eth0",
            Replay(0, 10 * SECOND, "node2", Cable("node1", "eth0")),
        ),
    ],
)
def test_a_line_means_one_fault(line: str, fault: Fault) -> None:
    assert parse_fault(line) == fault


@pytest.mark.parametrize(
    ("line", "texts"),
    [
        ("", ["an empty fault line"]),
        ("60s", ["'60s' has no verb"]),
        ("cut node1:eth0", ["'cut node1:eth0' has no time"]),
        ("60s cutt node1:eth0", ["unknown verb 'cutt'; did you mean 'cut'?"]),
        ("60s cut", ["'cut' needs a cable, NODE:NIC"]),
        ("60s hang", ["'hang' needs a node"]),
        ("60s hang node1:eth0", ["'node1:eth0' is a cable, and 'hang' needs a node"]),
        ("60s start node1 for 5s", ["'start' acts at one instant: it takes no 'for 5s'"]),
        ("60s cut node1:eth0 extra", ["'extra' is not a direction: one of in, out"]),
        ("60s isolate node1 in", ["'in' is too much after 'isolate'"]),
        ("60s lose 101% node1:eth0", ["'101%' is not a percentage"]),
        ("60s lose 5 node1:eth0", ["'5' is not a percentage"]),
        ("60s cut node1:eth0 for 0s", ["duration of a fault: '0s' is too short"]),
        ("60s cut node1:eth0 for", ["'for' needs one duration, found ''"]),
        ("60s clock node1 5s", ["'5s' is not a step or a drift"]),
        ("60s kill node1 read", ["'read' needs its medium"]),
        ("60s kill node1 client", ["'client' needs its name"]),
        ("60s kill node1 all:eth0", ["'all' has no medium, found 'all:eth0'"]),
        ("60s kill node1 all 9", ["'9' is not a signal"]),
        ("60s kill node1 all -TREM", ["'-TREM' is not a signal; did you mean 'TERM'?"]),
        (
            "60s standby node1 locl",
            ["'locl' is not a set of groups: one of all, local, foreign, failback; "
             "did you mean 'local'?"],
        ),
        ("60s stonith pdu", ["'stonith' needs an answer"]),
        ("60s fail IPaddr start at node1", ["found 'at' where 'on' belongs"]),
        ("60s fail IPaddr start on node1 0 times", ["'0' is not a number of times"]),
        ("60s forge status from node2 on node1:eth0 st", ["'st' is not a field of a message"]),
    ],
)  # fmt: skip
def test_a_wrong_line_is_told_what_is_wrong(line: str, texts: list[str]) -> None:
    assert complaints(line) == texts


def test_all_problems_of_a_line_are_told_at_once() -> None:
    assert complaints("1x lose 300% node1 sideways for ever") == [
        "time of a fault: '1x' is not a duration: '1' has no unit",
        "duration of a fault: 'ever' is not a duration (try 30s, 1500ms, 2m30s)",
        "'300%' is not a percentage",
        "'node1' is not a cable",
        "'sideways' is not a direction: one of in, out",
    ]


def test_cutting_a_bare_name_is_told_the_three_things_it_may_have_meant() -> None:
    with pytest.raises(ConfigError) as caught:
        parse_fault("60s cut lan")
    assert "'power-off lan'" in caught.value.problems[0].remedy
    assert "'isolate lan'" in caught.value.problems[0].remedy


def test_every_complaint_says_how_the_verb_is_written() -> None:
    for verb in USAGE:
        with pytest.raises(ConfigError) as caught:
            parse_fault(f"60s {verb}")
        assert USAGE[verb] in caught.value.problems[0].remedy


def test_a_line_of_a_megabyte_is_refused_with_a_short_message() -> None:
    (text,) = complaints("60s cut " + "x" * 1_000_000)
    assert len(text) < 200


words = st.sampled_from(
    [*USAGE, "60s", "5", "-5s", "node1", "node1:eth0", ":", "for", "in", "on", "from", "group",
     "disk", "stonith", "30%", "+5s", "50ppm", "-9", "-", "2", "times", "a=b", "=", "all", "read:"]
)  # fmt: skip


@given(st.text() | st.lists(words, max_size=9).map(" ".join))
@example("0s for for for")
@example("٣s cut a:b")
@example("0s kill n all -٣")
@example("0s fail x start on n ²")
@example("0s cut disk for 5s")
def test_any_text_is_a_fault_or_a_config_error(line: str) -> None:
    try:
        fault: Fault | None = parse_fault(line)
    except ConfigError as x:
        fault, problems = None, x.problems
    if fault is None:
        assert problems
        assert all(len(p.text) < 300 for p in problems)
    else:
        assert parse_fault(str(fault)) == fault
