"""Scripts that fail, hang, lie or are missing, and what ResourceManager makes of it."""

from __future__ import annotations

from itertools import pairwise

import pytest

from hasim.events import (
    DiskMounted,
    NodeBooted,
    NodePoweredOff,
    RebootAsked,
    ScriptBegan,
    ScriptEnded,
    ScriptRetry,
)
from hasim.protocol import RunHelper
from hasim.units import SECOND
from hasim.world import World
from hasim.world.records import TroubleState
from tests.world.fakes import (
    GROUP,
    KEY,
    helper,
    host,
    idle,
    jobs_of,
    lines,
    run,
    take_over,
    with_disk,
)
from tests.world.support import told

SERVICE = f"node1 {KEY} LabSvc::a LabSvc::b\n"
GIVE_UP = RunHelper("go_standby", "give up", "all", "all")


def ops(world: World) -> list[str]:
    return [f"{e.script} {' '.join(e.args)} {e.op}" for _, e in told(world, ScriptBegan)]


def test_a_start_failure_releases_the_whole_group_and_ends_its_acquisition() -> None:
    world = idle("0s fail LabSvc::a start on node2", haresources=SERVICE)
    node = take_over(world, "node2", 20)
    said = lines(world, "node2")
    failed = said.index("Return code 1 from /etc/ha.d/resource.d/LabSvc")
    assert said[failed : failed + 3] == [
        "Return code 1 from /etc/ha.d/resource.d/LabSvc",
        "Giving up resources due to failure of LabSvc::a",
        f"Releasing resource group: node1 {KEY} LabSvc::a LabSvc::b",
    ]
    assert ops(world)[-4:] == [
        "LabSvc a start",
        "LabSvc b stop",
        "LabSvc a stop",
        f"IPaddr {KEY} stop",
    ]
    assert said[-1] == "mach_down takeover complete for node node1."
    assert [kind for kind, _ in node.bodies()] == ["resource"]


def test_half_a_minute_after_a_start_failure_the_node_hands_over_what_is_foreign() -> None:
    world = idle("0s fail LabSvc::a start on node2", haresources=SERVICE)
    node = take_over(world, "node2", 20)
    assert [job.kind for job in jobs_of(world, "node2")] == ["hb_standby"]
    run(world, 30)
    assert lines(world, "node2")[-1] == "Going standby [foreign]."
    assert node.bodies()[-1] == ("ask_resources", {"rsc_hold": "foreign", "info": "me"})
    assert not list(jobs_of(world, "node2"))


def test_a_standby_says_which_command_has_failed_and_goes_on() -> None:
    two = SERVICE + "node2 Delay::0\n"
    world = idle("0s fail LabSvc::a start on node1", haresources=two)
    helper(world, "node1", RunHelper("go_standby", "acquire", "all", "all"))
    run(world)
    said = lines(world)
    wrong = f"/usr/share/heartbeat/ResourceManager takegroup {KEY}"
    assert f"{wrong} exited with return code 1" in said
    assert "Acquiring resource group: node2 Delay::0" in said


def test_a_stop_is_tried_eleven_times_a_second_apart_and_then_the_node_reboots() -> None:
    world = idle(haresources="node1 LabSvc::b\n", site=with_disk())
    take_over(world, "node1")
    _fail(world, "node1", "LabSvc", "stop")
    helper(world, "node1", GIVE_UP)
    run(world, 15)
    said = lines(world, "node1", 5)
    assert said.count("Running /etc/ha.d/resource.d/LabSvc b stop") == 11
    assert said.count("Retrying failed stop operation [LabSvc::b]") == 10
    assert said[-2:] == [
        "Resource STOP failure. Reboot required!",
        "Killing heartbeat ungracefully!",
    ]
    begins = [at for at, e in told(world, ScriptBegan, after=5) if e.op == "stop"]
    gaps = [b - a for a, b in pairwise(begins)]
    assert all(1.0 < gap < 1.4 for gap in gaps)
    assert host(world, "node1").kills[0][1] == "all"
    asked, off = told(world, RebootAsked)[0][0], told(world, NodePoweredOff)[0]
    assert off[1].how == "reboot"
    assert 0 < off[0] - asked < 0.1
    assert not host(world, "node1").letters[1:]  # the helper was killed before it could report


def test_a_rebooted_node_boots_again_with_nothing_held() -> None:
    world = idle(haresources="node1 LabSvc::b\n", pins={"node1/power2/boot": 5 * SECOND})
    take_over(world, "node1")
    _fail(world, "node1", "LabSvc::b", "stop")
    helper(world, "node1", GIVE_UP)
    run(world, 30)
    off, booted = told(world, NodePoweredOff)[0][0], told(world, NodeBooted)[0][0]
    assert booted == pytest.approx(off + 5)
    node = world.hub.state.nodes["node1"]
    assert node.on
    assert not node.services


def test_a_stop_that_fails_a_few_times_goes_through_in_the_end() -> None:
    world = idle("6s fail LabSvc::b stop on node1 3 times", haresources=SERVICE)
    take_over(world, "node1", 7)
    helper(world, "node1", GIVE_UP)
    run(world, 20)
    assert len(told(world, ScriptRetry)) == 3
    assert not told(world, RebootAsked)
    assert lines(world)[-1] == "all HA resource release completed (standby)."


def test_a_stop_that_fails_of_what_does_not_run_avoids_the_reboot() -> None:
    world = idle("0s fail LabSvc::b stop on node1", haresources=SERVICE)
    run(world, 1)
    helper(world, "node1", GIVE_UP)
    run(world, 30)
    said = lines(world)
    first = said.index("Resource script for LabSvc::b probably not LSB-compliant.")
    assert said[first + 1 : first + 3] == [
        "it (LabSvc::b) MUST succeed on a stop when already stopped",
        "Machine reboot narrowly avoided!",
    ]
    assert "Running /etc/ha.d/resource.d/LabSvc a stop" in said[first:]


def test_a_status_that_fails_makes_a_running_resource_start_again() -> None:
    world = idle("6s fail Filesystem status on node1")
    take_over(world, "node1", 7)
    take_over(world, "node1")
    assert "Filesystem /data is already mounted." in lines(world, "node1", 7)
    assert len(told(world, DiskMounted)) == 1


def test_a_whole_group_can_be_made_to_fail() -> None:
    world = idle(f"0s fail group {KEY} start on node2", haresources=SERVICE)
    take_over(world, "node2")
    assert "Giving up resources due to failure of " + KEY in lines(world, "node2")


def test_a_fault_of_a_script_ends_with_its_time() -> None:
    world = idle("0s fail LabSvc start on node1 for 3s", haresources="node1 LabSvc::b\n")
    run(world, 4)
    take_over(world, "node1")
    assert world.hub.state.nodes["node1"].services == ["LabSvc::b"]


def test_a_slow_script_takes_longer_by_what_the_fault_says() -> None:
    times = {}
    for extra in ("", "0s slow LabSvc 3s on node1"):
        world = idle(*filter(None, [extra]), haresources="node1 LabSvc::b\n")
        take_over(world, "node1", 20)
        times[extra] = told(world, ScriptEnded)[0][0] - told(world, ScriptBegan)[0][0]
    plain, slow = times.values()
    assert slow - plain == pytest.approx(3)


def test_a_pinned_duration_is_the_whole_of_it_also_under_a_fault() -> None:
    pins = {"node1/LabSvc b status1/duration": 70_000}
    world = idle("0s slow LabSvc 3s on node1", haresources="node1 LabSvc::b\n", pins=pins)
    take_over(world, "node1")
    assert told(world, ScriptEnded)[0][0] - told(world, ScriptBegan)[0][0] == pytest.approx(0.07)


def test_a_pinned_exit_code_makes_a_start_fail() -> None:
    world = idle(haresources="node1 LabSvc::b\n", pins={"node1/LabSvc b start1/rc": 5})
    take_over(world, "node1")
    assert "Return code 5 from /etc/ha.d/resource.d/LabSvc" in lines(world)
    assert not world.hub.state.nodes["node1"].services


def test_a_script_that_hangs_holds_its_helper_for_ever() -> None:
    site = with_disk(more='[script]\nLabSvc = {{ hangs = ["start"] }}\n')
    world = idle(haresources="node1 LabSvc::b\n", site=site)
    node = take_over(world, "node1", 3600)
    assert not node.exits
    assert len(list(jobs_of(world, "node1"))) == 3


def test_a_site_may_have_a_script_that_lies_fails_or_is_missing() -> None:
    more = """[script]
Liar = {{ lies = "running" }}
Broken = {{ fails = ["start"] }}
Gone = {{ missing = true }}
"""
    for name, said in (
        ("Liar", None),
        ("Broken", "Return code 1 from /etc/ha.d/resource.d/Broken"),
        ("Gone", "Cannot locate resource script Gone"),
    ):
        world = idle(haresources=f"node1 {name}\n", site=with_disk(more=more))
        take_over(world, "node1")
        assert ("start" in [e.op for _, e in told(world, ScriptBegan)]) == (name == "Broken")
        assert said is None or said in lines(world)


def test_exit_codes_of_status_are_those_of_agents_and_of_init_scripts() -> None:
    world = idle(haresources=GROUP.strip() + " httpd\n")
    take_over(world, "node1")
    codes = {e.script: e.code for _, e in told(world, ScriptEnded) if e.op == "status"}
    assert codes == {"IPaddr": 7, "Filesystem": 7, "httpd": 3}
    assert "Running /etc/init.d/httpd  start" in lines(world)


def _fail(world: World, node: str, script: str, op: str) -> None:
    """Break a script from now on."""
    world.hub.state.nodes[node].troubles.append(TroubleState(0, "fail", script, op))
