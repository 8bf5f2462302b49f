"""Recorded facts under the names of our draws."""

from __future__ import annotations

from typing import Any

from hasim.conform.pins import Watched, pins_of
from hasim.conform.replay import replay_of
from tests.conformance.made import event, fault, life, recording


def pins(**facts: Any) -> dict[str, int]:
    made = recording(facts.pop("events", ()), **facts)
    return pins_of(made, replay_of(recording()).configs)[0]


def job(name: str, gaps: list[list[Any]], k: int = 1, **more: Any) -> dict[str, Any]:
    return {"node": "node1", "name": name, "k": k, "gaps": gaps, "duration": None, **more}


def test_a_start_is_told_in_three_steps_and_the_coins_of_its_children() -> None:
    io = {"eth0": {"write": 0, "read": 1}, "eth1": {"write": None, "read": 0}}
    found = pins(
        faults=[fault(0, 0.5, "start")],
        lives=[life("node1", 1.0, validated=0.8, version=0.85, io=io, ping_late=1)],
    )
    assert found == {
        "node1/boot1/validated": 300_000,
        "node1/boot1/version": 50_000,
        "node1/boot1/up": 150_000,
        "node1/boot1/io-start/read eth0": 1_000_000,
        "node1/boot1/io-start/write eth0": 0,
        "node1/boot1/io-start/read eth1": 0,
        "node1/boot1/io-start/read 192.168.60.1": 1_000_000,
        "node1/boot1/io-start/write 192.168.60.1": 0,
    }


def test_the_life_after_a_restart_is_measured_from_the_end_of_its_sleep() -> None:
    found = pins(
        events=[event(40.0, "node1", "mcp", "restart-exec")],
        faults=[fault(0, 0.0, "start")],
        lives=[life("node1", 1.0), life("node1", 46.2, validated=46.01, version=46.1)],
    )
    assert found["node1/boot2/validated"] == 10_000


def test_the_life_after_a_boot_is_measured_from_its_end() -> None:
    found = pins(
        faults=[fault(0, 0.0, "start"), fault(1, 20.0, "power_off"), fault(2, 30.0, "power_on")],
        boots=[
            {"node": "node1", "t": 20.0, "ev": "power off"},
            {"node": "node1", "t": 30.1, "ev": "power on"},
        ],
        lives=[life("node1", 1.0), life("node1", 30.6, validated=30.4, version=30.4)],
    )
    assert found["node1/power2/boot"] == 100_000
    assert found["node1/boot2/validated"] == 300_000


def test_the_gaps_of_a_job_are_numbered_and_labelled() -> None:
    gaps = [["line", 0.01], ["IPaddr status", 0.02], ["line", None]]
    found = pins(jobs=[job("ResourceManager", gaps, k=3, duration=0.5)])
    assert found == {
        "node1/ResourceManager3/0 line": 10_000,
        "node1/ResourceManager3/1 IPaddr status": 20_000,
        "node1/ResourceManager3/exit": 500_000,
    }


def test_a_script_called_in_the_same_instant_has_no_gap() -> None:
    assert pins(jobs=[job("ResourceManager", [["line", 10.7], ["line", 10.7]])]) == {
        "node1/ResourceManager1/0 line": 0,
        "node1/ResourceManager1/1 line": 10_700_000,
    }


def test_fencing_pins_the_lines_of_its_process_and_the_answer_of_its_device() -> None:
    told = pins(
        jobs=[job("stonith", [["line", 0.1], ["line", 2.0]])],
        stonith=[{"node": "node1", "k": 1, "latency": 1.5}],
    )
    assert told == {
        "node1/stonith1/0 line": 100_000,
        "node1/stonith1/1 line": 2_000_000,
        "node1/stonith1/latency": 1_500_000,
    }


def test_a_device_that_never_answered_is_no_missing_fact() -> None:
    _, unknown = pins_of(
        recording(stonith=[{"node": "node1", "k": 1, "latency": None}]),
        replay_of(recording()).configs,
    )
    assert unknown == {"node1/stonith1/latency"}


def test_a_late_standby_is_measured_from_the_release_of_the_group_that_failed() -> None:
    found = pins(
        events=[
            event(10.0, "node1", "script", "rm-giveup", rsc="LabSvc::b", job="0.5"),
            event(10.2, "node1", "script", "rsc-end", rsc="IPaddr", args="x", op="stop", rc="0",
                  job="0.6"),
            event(40.25, "node1", "queue", "going-standby", set="foreign", job="0.7"),
        ],
        jobs=[job("hb_standby", [["line", 9.9]])],
    )  # fmt: skip
    assert found == {"node1/hb_standby1/0 line": 30_050_000}


def test_an_acquisition_whose_fork_was_not_seen_is_measured_from_what_ordered_it() -> None:
    told = [
        event(10.0, "node1", "mcp", "acquire-from", peer="node2"),
        event(10.09, "node1", "mcp", "transition-remote"),
        event(10.1, "node1", "helper", "acquire-own-done", job="0.9"),
    ]
    line = job("req_our_resources", [["line", 0.01]], after="line: remote resource transition")
    assert pins(events=told, jobs=[line]) == {"node1/req_our_resources1/0 line": 100_000}
    assert pins(events=told[1:], jobs=[line]) == {}
    assert pins(events=told, jobs=[{**line, "after": "fork"}]) == {
        "node1/req_our_resources1/0 line": 10_000
    }


def test_calls_of_scripts_tell_their_duration_and_the_code_of_start_and_stop() -> None:
    call = {"node": "node2", "rsc": "IPaddr", "args": ["10.0.0.9/24"], "k": 2, "rc": 1}
    found = pins(
        scripts=[
            {**call, "op": "start", "duration": 0.3},
            {**call, "op": "status", "duration": 0.1},
            {**call, "op": "stop", "duration": None, "rc": None},
        ]
    )
    assert found == {
        "node2/IPaddr 10.0.0.9/24 start2/duration": 300_000,
        "node2/IPaddr 10.0.0.9/24 start2/rc": 1,
        "node2/IPaddr 10.0.0.9/24 status2/duration": 100_000,
    }


def test_pins_left_over_facts_missing_and_other_names_are_counted() -> None:
    told = {"n/harc1/0 line": 5, "n/harc2/0 line": 6, "n/odd": 1}
    watched = Watched(told, lambda: 10)
    for name in (
        "n/harc1/0 line",
        "n/odd",
        "n/harc3/0 line",
        "n/harc3/2 harc exit",
        "n/harc4/0 line",
    ):
        watched.get(name)
    fared = watched.fared(frozenset({"n/harc4/0 line"}), 11)
    assert fared == {"left": 1, "missing": 1, "other": ["n/odd"]}
    assert watched.fared(frozenset(), 10)["missing"] == 0


def test_a_replay_asks_its_world_for_the_pins_it_was_given() -> None:
    made = recording(faults=[fault(0, 0.5, "start")], lives=[life("node1", 1.0)])
    world, watched = replay_of(made).watched()
    world.run(2_000_000)
    assert {"node1/boot1/validated", "node1/boot1/up"} <= watched.used
    assert watched.used <= watched.keys()
