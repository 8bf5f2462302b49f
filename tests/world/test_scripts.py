"""What harc, mach_down, ResourceManager and the master's helpers do when all goes well."""

from __future__ import annotations

import pytest

from hasim.events import ScriptBegan, ScriptEnded, ScriptRun
from hasim.protocol import Letter, RunHelper, RunScript
from hasim.units import MS, SECOND
from tests.world.fakes import (
    GROUP,
    KEY,
    OWN,
    helper,
    host,
    idle,
    lines,
    run,
    script,
    take_over,
)
from tests.world.support import HA_CF, told

ACQUIRED = [
    f"Acquiring resource group: node1 {KEY} Filesystem::/dev/sdb1::/data::ext3",
    " Resource is stopped",
    f"Running /etc/ha.d/resource.d/IPaddr {KEY} start",
    "Using calculated netmask for 10.0.0.200: 255.255.255.0",
    "eval ifconfig eth0:0 10.0.0.200 netmask 255.255.255.0 broadcast 10.0.0.255",
    " Success",
    " Resource is stopped",
    "Running /etc/ha.d/resource.d/Filesystem /dev/sdb1 /data ext3 start",
    "Running start for /dev/sdb1 on /data",
    " Success",
]
RELEASED = [
    f"Releasing resource group: node1 {KEY} Filesystem::/dev/sdb1::/data::ext3",
    "Running /etc/ha.d/resource.d/Filesystem /dev/sdb1 /data ext3 stop",
    "Running stop for /dev/sdb1 on /data",
    "Trying to unmount /data",
    "unmounted /data successfully",
    " Success",
    f"Running /etc/ha.d/resource.d/IPaddr {KEY} stop",
    "ifconfig eth0:0 down",
    " Success",
]
TWO = GROUP + "node2 10.0.0.201/24/eth0 Delay::1\n"


def resp(body: tuple[tuple[str, str], ...]) -> RunScript:
    return RunScript("ip-request-resp", "node1", None, body)


def test_a_takeover_acquires_every_group_of_the_dead_node_and_reports() -> None:
    world = idle()
    peer = take_over(world, "node2")
    assert lines(world, "node2") == [
        "Running /etc/ha.d//rc.d/status status",
        f"Taking over resource group {KEY}",
        *ACQUIRED,
        "/usr/share/heartbeat/mach_down: nice_failback: foreign resources acquired",
        "mach_down takeover complete for node node1.",
    ]
    assert peer.bodies() == [("resource", {"rsc_hold": "foreign", "info": "mach_down"})]
    assert [what[1:] for what in peer.exits] == [("status", "node1")]
    assert peer.letters[0][0] <= peer.exits[0][0]


def test_a_status_that_is_not_death_makes_harc_exit_at_once() -> None:
    world = idle()
    script(world, "node2", RunScript("status", "node1", "active"))
    run(world)
    assert lines(world, "node2") == ["Running /etc/ha.d//rc.d/status status"]
    assert host(world, "node2").exits == [(28_800, "status", "node1")]


def test_a_member_that_runs_is_skipped() -> None:
    world = idle()
    take_over(world, "node2")
    before = len(told(world, ScriptRun))
    take_over(world, "node2")
    assert lines(world, "node2", 5).count(" Running OK") == 2
    assert len(told(world, ScriptRun)) == before


def test_a_release_stops_from_right_to_left_without_asking_for_status() -> None:
    world = idle()
    take_over(world, "node1")
    helper(world, "node1", RunHelper("go_standby", "give up", "all", "all"))
    run(world)
    assert lines(world, "node1", 5) == [
        "give up all HA resources (standby).",
        *RELEASED,
        "all HA resource release completed (standby).",
    ]
    assert not [e for _, e in told(world, ScriptBegan, after=5) if e.op == "status"]


def test_a_standby_tells_that_it_is_done_just_before_it_exits() -> None:
    world = idle()
    node = helper(world, "node1", RunHelper("go_standby", "acquire", "foreign", "local"))
    run(world)
    assert lines(world) == [
        "acquire foreign HA resources (standby).",
        "foreign HA resource acquisition completed (standby).",
    ]
    assert node.bodies() == [("ask_resources", {"rsc_hold": "local", "info": "done"})]
    assert node.letters[0][0] == node.exits[0][0]
    assert node.exits[0][1:] == ("go_standby", "")


@pytest.mark.parametrize(
    ("share", "keys"),
    [("all", ["IPaddr", "Delay"]), ("local", ["IPaddr"]), ("foreign", ["Delay"]), ("none", [])],
)
def test_a_standby_works_on_the_groups_of_its_set(share: str, keys: list[str]) -> None:
    world = idle(haresources="node1 10.0.0.200\nnode2 Delay::1\n")
    helper(world, "node1", RunHelper("go_standby", "acquire", share, share))
    run(world)
    assert [e.script for _, e in told(world, ScriptBegan) if e.op == "start"] == keys


def test_a_shutdown_releases_the_groups_of_all_nodes_in_the_order_of_the_file() -> None:
    world = idle(haresources=TWO)
    node = helper(world, "node2", RunHelper("hb_giveup_resources"))
    run(world, 30)
    stopped = [e.script for _, e in told(world, ScriptBegan)]
    assert stopped == ["Filesystem", "IPaddr", "Delay", "IPaddr"]
    assert lines(world, "node2")[0] == "Giving up all HA resources."
    assert lines(world, "node2")[-1] == "All HA resources relinquished."
    assert [x for _, x in node.letters] == [
        Letter("shutdone", None, "dead", (), node.letters[0][1].tag)
    ]


def test_own_groups_are_asked_for_and_acquired_later() -> None:
    world = idle()
    node = helper(world, "node1", OWN)
    run(world)
    assert lines(world) == [" Resource is stopped", "Local Resource acquisition completed."]
    wanted = {"ipaddr": KEY, "ok": "OK", "weown": "yes"}
    held = {"rsc_hold": "none", "rtype": "full", "isstable": "1", "info": "req_our_resources()"}
    assert node.bodies() == [("ip-request-resp", wanted), ("resource", held)]
    assert node.letters[0][1].dest == "node1"


def test_a_node_without_groups_has_nothing_to_ask_for() -> None:
    world = idle()
    node = helper(world, "node2", OWN)
    run(world)
    empty = "No local resources [/usr/share/heartbeat/ResourceManager listkeys node2] to acquire."
    assert lines(world, "node2") == [empty]
    assert [kind for kind, _ in node.bodies()] == ["resource"]


def test_an_own_group_that_runs_is_not_asked_for() -> None:
    world = idle()
    take_over(world, "node1")
    node = helper(world, "node1", OWN)
    run(world)
    assert [kind for kind, _ in node.bodies()] == ["resource", "resource"]


def test_the_answer_to_a_request_acquires_its_group() -> None:
    world = idle()
    node = script(world, "node1", resp((("ipaddr", KEY), ("ok", "OK"), ("weown", "yes"))))
    run(world)
    assert lines(world) == [
        "Running /etc/ha.d//rc.d/ip-request-resp ip-request-resp",
        f"received ip-request-resp {KEY} OK yes",
        *ACQUIRED,
    ]
    assert not node.letters


def test_an_answer_for_another_node_acquires_nothing() -> None:
    world = idle()
    script(world, "node1", resp((("ipaddr", KEY), ("dest", "node2"), ("weown", "yes"))))
    run(world)
    assert lines(world) == ["Running /etc/ha.d//rc.d/ip-request-resp ip-request-resp"]


@pytest.mark.parametrize("held", [True, False])
def test_a_legacy_request_makes_a_holder_give_up_and_answer(held: bool) -> None:
    world = idle(ha_cf=HA_CF.replace("auto_failback on", "auto_failback legacy"))
    if held:
        take_over(world, "node2")
    node = script(world, "node2", RunScript("ip-request", "node1", None, (("ipaddr", KEY),)))
    run(world)
    assert node.bodies() == [
        ("ip-request-resp", {"ipaddr": KEY, "ok": "OK", "weown": "yes" if held else "no"})
    ]
    assert node.letters[0][1].dest == "node1"
    assert (RELEASED[0] in lines(world, "node2")) == held


def test_a_legacy_takeover_reports_nothing_to_the_daemon() -> None:
    world = idle(ha_cf=HA_CF.replace("auto_failback on", "auto_failback legacy"))
    node = take_over(world, "node2")
    assert not node.letters
    assert lines(world, "node2")[-1] == "mach_down takeover complete for node node1."
    assert "nice_failback" not in " ".join(lines(world, "node2"))


@pytest.mark.parametrize(
    ("share", "asked"),
    [("all", "all"), ("local", "foreign"), ("foreign", "local"), ("failback", "all")],
)
def test_a_takeover_on_one_node_is_a_standby_on_the_other(share: str, asked: str) -> None:
    world = idle()
    body = (("rsc_hold", share),)
    script(world, "node1", RunScript("hb_takeover", "node1", None, body))
    node = script(world, "node2", RunScript("hb_takeover", "node1", None, body))
    run(world)
    assert lines(world, "node2")[-1] == f"Going standby [{asked}]."
    assert lines(world, "node1") == ["Running /etc/ha.d//rc.d/hb_takeover hb_takeover"]
    assert node.bodies() == [("ask_resources", {"rsc_hold": asked, "info": "me"})]


def test_commands_of_an_operator_write_a_message_and_no_line() -> None:
    world = idle("1s standby node1 failback", "2s takeover node2 local")
    run(world)
    assert host(world, "node1").bodies() == [
        ("ask_resources", {"rsc_hold": "foreign", "info": "me"})
    ]
    assert host(world, "node2").bodies() == [("hb_takeover", {"rsc_hold": "local"})]
    assert not lines(world, "node1")
    assert not host(world, "node1").exits


def test_pinned_gaps_and_durations_are_kept_to_the_microsecond() -> None:
    status = f"node2/IPaddr {KEY} status1/duration"
    pins = {
        "node2/harc1/0 line": 10 * MS,
        "node2/mach_down1/0 line": 50 * MS,
        "node2/ResourceManager1/0 line": 30 * MS,
        "node2/ResourceManager1/1 IPaddr status": 20 * MS,
        status: 100 * MS,
        "node2/ResourceManager1/2 line": 7 * MS,
    }
    world = idle(pins=pins)
    take_over(world, "node2")
    at, _ = told(world, ScriptRun)[0]
    assert round(at * SECOND) == 217 * MS
    assert world.draws.used >= set(pins)


def test_a_line_after_a_child_counts_from_the_line_before_it() -> None:
    pins = {"node2/mach_down1/1 line": 4 * SECOND, "node2/mach_down1/0 line": 0}
    world = idle(pins=pins)
    take_over(world, "node2")
    begun, foreign = (
        r.at
        for r in world.recorder.records
        if r.source.program == "mach_down" and not r.event.truth
        if type(r.event).__name__ in ("TakingOver", "MachDownForeign")
    )
    assert foreign - begun == 4 * SECOND


def test_a_pinned_exit_of_a_helper_is_kept() -> None:
    world = idle(pins={"node2/req_our_resources1/exit": 300 * MS})
    node = helper(world, "node2", OWN)
    run(world)
    assert node.exits == [(300 * MS, "req_our_resources", "")]


def test_a_call_whose_begin_is_not_known_ends_shortly_before_the_pinned_line() -> None:
    pins = {"node1/req_our_resources1/0 line": 200 * MS,
            f"node1/IPaddr {KEY} status1/duration": 100 * MS}  # fmt: skip
    world = idle(pins=pins)
    helper(world, "node1", OWN)
    run(world)
    ended = told(world, ScriptEnded)[0][0]
    assert 0.190 < ended < 0.200


def test_the_old_version_words_its_lines_its_own_way() -> None:
    world = idle(version="2.0.8")
    take_over(world, "node2")
    said = lines(world, "node2")
    assert "Running /etc/ha.d/rc.d/status status" in said
    assert "Using calculated broadcast for 10.0.0.200: 10.0.0.255" in said
    assert (
        "eval /sbin/ifconfig eth0:0 10.0.0.200 netmask 255.255.255.0 broadcast 10.0.0.255" in said
    )
    assert "/usr/lib/heartbeat/mach_down: nice_failback: foreign resources acquired" in said
