"""Recorded injections as actions of a world."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest

from hasim.conform.injections import (
    ALWAYS,
    agenda_of,
    booted,
    command_times,
    fault_events,
)
from hasim.conform.replay import replay_of
from tests.conformance.made import fault, recording


def told(*faults: dict[str, Any]) -> list[tuple[int, str, tuple[str | int, ...], int]]:
    return [(a.at, a.verb, a.args, a.cause) for a in agenda_of(recording(faults=list(faults)))]


@pytest.mark.parametrize(
    ("do", "args", "verb", "plain"),
    [
        ("start", {}, "start", ("node1",)),
        ("reload", {}, "reload", ("node1",)),
        ("standby", {}, "standby", ("node1", "all")),
        ("standby", {"what": "foreign"}, "standby", ("node1", "foreign")),
        ("takeover", {"what": "local"}, "takeover", ("node1", "local")),
        ("kill", {}, "kill", ("node1", "master", "", 9)),
        ("kill", {"role": "heartbeat: "}, "kill", ("node1", "all", "", 9)),
        ("kill", {"role": "ipfail"}, "kill", ("node1", "ipfail", "", 9)),
        ("kill", {"role": "FIFO reader"}, "kill", ("node1", "fifo", "", 9)),
        ("kill", {"role": "write: bcast eth1"}, "kill", ("node1", "write", "eth1", 9)),
        ("kill", {"role": "read: ping"}, "kill", ("node1", "read", "192.168.60.1", 9)),
        ("stop_signal", {}, "halt", ("node1",)),
        ("freeze", {}, "hang", ("node1",)),
        ("pull", {"iface": "eth0"}, "cut", ("node1:eth0", "both")),
        ("drop", {"iface": "eth0", "direction": "out"}, "cut", ("node1:eth0", "out")),
        ("drop", {"iface": "eth0", "host": "192.168.60.1"}, "filter",
         ("node1:eth0", "192.168.60.1")),
        ("drop", {"iface": "eth0", "direction": "out", "p": 0.3}, "lose",
         ("node1:eth0", "out", 300)),
        ("power_off", {}, "unpower", ("node1",)),
        ("ping_down", {"name": "gw"}, "unpower", ("192.168.60.1",)),
        ("knob", {"rsc": "LabSvc.b", "op": "start", "fail": 1}, "fail",
         ("node1", "LabSvc::b", "start", ALWAYS)),
        ("knob", {"rsc": "LabSvc.a", "op": "stop", "sleep": 15}, "slow",
         ("node1", "LabSvc::a", "stop", 15_000_000)),
    ],
)  # fmt: skip
def test_an_injection_becomes_an_action(
    do: str, args: dict[str, Any], verb: str, plain: tuple[str | int, ...]
) -> None:
    assert told(fault(0, 22.5, do, **args)) == [(22_500_000, verb, plain, 0)]


@pytest.mark.parametrize(
    ("breaks", "args", "heals", "healed", "verb"),
    [
        ("pull", {"iface": "eth0"}, "plug", ("node1:eth0", "both", 3), "mend"),
        ("drop", {"iface": "eth1", "direction": "in"}, "undrop", ("node1:eth1", "in", 3), "mend"),
        ("drop", {"iface": "eth1", "p": 0.5}, "undrop", ("node1:eth1", "both", 3), "unlose"),
        ("power_off", {}, "power_on", ("node1", 3), "repower"),
        ("freeze", {}, "thaw", ("node1", 3), "thaw"),
    ],
)
def test_a_heal_names_the_cause_that_it_removes(
    breaks: str, args: dict[str, Any], heals: str, healed: tuple[str | int, ...], verb: str
) -> None:
    steps = told(fault(3, 20.0, breaks, **args), fault(4, 40.0, heals, **args))
    assert steps[1] == (40_000_000, verb, healed, 4)


def test_a_signal_of_the_init_script_comes_a_little_after_its_start() -> None:
    assert told(fault(0, 10.0, "stop")) == [(10_038_000, "stop", ("node1",), 0)]
    reload = {**fault(0, 10.0, "reload"), "done": 10.1}
    assert told(reload) == [(10_093_000, "reload", ("node1",), 0)]


def test_the_time_of_an_operators_command_follows_from_its_return() -> None:
    faults = [
        {**fault(0, 10.0, "standby"), "done": 10.05},
        {**fault(1, 20.0, "takeover"), "done": 20.1},
    ]
    assert command_times(recording(faults=faults)) == {
        "node1/operator1/0 operator": 40_000,
        "node1/operator2/0 operator": 80_000,
    }


def test_quiet_injections_act_on_nothing_but_are_told() -> None:
    faults = [fault(0, 1.0, "stonith_mode", None, mode="ok"), fault(1, 2.0, "cl_status")]
    assert told(*faults) == []
    events = fault_events(recording(faults=faults))
    assert [(e["t"], e["node"], e["args"]["do"]) for e in events] == [
        (1.0, None, "stonith_mode"),
        (2.0, "node1", "cl_status"),
    ]


def test_with_a_device_power_is_a_switch_and_its_mode_an_action() -> None:
    faults = [
        fault(0, 1.0, "power_off"),
        fault(1, 2.0, "power_on"),
        fault(2, 3.0, "stonith_mode", None, mode="ok"),
    ]
    plain = recording(faults=faults)
    device = {"latency": 0.5, "mode": "fail", "then": "off"}
    fenced = dataclasses.replace(plain, scenario={**plain.scenario, "stonith": device})
    assert [(a.at, a.verb, a.args) for a in agenda_of(fenced)] == [
        (0, "stonith", ("lab", "fail")),
        (1_000_000, "switch-off", ("node1",)),
        (2_000_000, "switch-on", ("node1",)),
        (3_000_000, "stonith", ("lab", "ok")),
    ]
    assert [a.verb for a in agenda_of(plain)] == ["unpower", "repower"]
    lab = replay_of(fenced).site.stonith["lab"]
    assert (lab.action, lab.answers, lab.off.lo_us) == ("off", "off", 500_000)


def test_an_injection_that_no_action_stands_for_is_refused() -> None:
    with pytest.raises(ValueError, match="no action stands for the injection kill"):
        told(fault(0, 1.0, "kill", role="ha_logd"))


def test_a_boot_is_measured_from_the_injection_or_from_the_loss_of_power() -> None:
    boots = [
        {"node": "node1", "t": 20.0, "ev": "power off"},
        {"node": "node1", "t": 30.2, "ev": "power on"},
        {"node": "node1", "t": 40.0, "ev": "power off"},
        {"node": "node1", "t": 45.2, "ev": "power on"},
    ]
    faults = [fault(0, 20.0, "power_off"), fault(1, 30.0, "power_on")]
    assert booted(recording(faults=faults, boots=boots), "node1") == [
        (30_000_000, 30_200_000),
        (40_000_000, 45_200_000),
    ]


def test_a_key_written_before_the_start_is_the_key_of_that_node() -> None:
    command = "printf 'auth 1\\n1 sha1 other\\n' >/etc/ha.d/authkeys"
    replay = replay_of(recording(faults=[fault(0, 0.0, "sh", "node2", command=command)]))
    keys = {n: c.authkeys.methods[1][1] for n, c in replay.configs.items() if c.authkeys}
    assert keys == {"node1": "laboratory", "node2": "other"}


def test_the_site_has_the_shared_disk_the_client_and_both_groups() -> None:
    replay = replay_of(recording())
    assert replay.site.disks["disk"].seen_as == {"node1": "/dev/sdb5", "node2": "/dev/sdb5"}
    assert replay.site.hosts["client"].probes == "192.168.60.200"
    assert [g.key for g in replay.haresources["node2"].groups] == ["192.168.60.200/24/eth0"]
