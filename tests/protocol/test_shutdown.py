"""Stopping, restarting, reloading (semantics 6.1 to 6.5, 18.1)."""

from __future__ import annotations

import pytest

from hasim.events import NodeDead, ShutdownInProgress
from hasim.protocol import Exit, KillChildren, Letter, RunHelper, StopClient
from hasim.units import SECOND
from tests.protocol.harness import HA_CF, Cluster, Fed, seconds

BOTH = pytest.mark.parametrize("version", ["2.0.8", "3.0.6"])
OFF = HA_CF.replace("auto_failback on", "auto_failback off")
RESPAWN = HA_CF + "respawn hacluster /bin/one\nrespawn hacluster /bin/two\n"
DELAYED = "Shutdown delayed until current resource activity finishes."
BEGUN = "Heartbeat shutdown in progress. (100)"
UNDERWAY = "Heartbeat shutdown already underway."


def settled(version: str = "3.0.6", ha_cf: str = HA_CF, mine: str = "all") -> Fed:
    fed = Fed(version, ha_cf)
    fed.settled(mine)
    fed.master.state.peers["b"].limit = 3 * 3600 * SECOND
    fed.master.state.deadtime, fed.master.state.pop_due = 5 * SECOND, None
    return fed


def statuses(fed: Fed) -> list[tuple[str | None, int]]:
    return [(m.status, m.deadtime // SECOND) for m in fed.sent("status")]


# ---- giving up ----------------------------------------------------------------------------------


@BOTH
def test_a_stop_tells_status_and_empty_claim_before_it_releases(version: str) -> None:
    fed = settled(version)
    fed.master.signal("TERM")
    assert fed.wake(2.1) == [BEGUN]
    assert len(fed.sent("status")) == 2  # the one of the second, which was due, and this one
    claim = fed.sent("resource")[0]
    assert (claim.get("rsc_hold"), claim.get("isstable")) == ("none", "0")
    assert claim.get("info") == "shutdown"
    assert fed.helpers() == [RunHelper("hb_giveup_resources")]
    assert fed.master.state.resources.rstate == "SHUTDOWN"


@BOTH
def test_after_the_release_clients_and_then_children_end_a_second_apart(version: str) -> None:
    fed = settled(version, RESPAWN)
    fed.master.signal("TERM")
    fed.wake(2.1)
    fed.exit(3.1, "hb_giveup_resources", Letter("shutdone", status="dead"))
    assert [m.status for m in fed.sent("shutdone")] == ["dead"]
    fed.run(4)
    assert not [o for o in fed.out if isinstance(o, StopClient)]
    fed.wake(4.1)
    assert [o for o in fed.out if isinstance(o, StopClient)] == [StopClient("/bin/two")]
    fed.master.client_ended("/bin/two", 7, 0, None)
    fed.wake(4.4)
    assert [o for o in fed.out if isinstance(o, StopClient)] == [StopClient("/bin/one")]
    fed.master.client_ended("/bin/one", 7, 0, None)
    fed.wake(4.8)
    assert statuses(fed) == [("active", 5)]
    fed.run(5.7)
    assert not [o for o in fed.out if isinstance(o, Exit)]
    fed.wake(5.8)
    assert [o for o in fed.out if isinstance(o, Exit | KillChildren)] == [KillChildren(), Exit()]
    assert fed.master.deadline is None


def test_a_client_that_does_not_run_is_named_and_holds_up_nobody() -> None:
    fed = settled(ha_cf=RESPAWN)
    fed.master.client_ended("/bin/two", 7, 100, None)
    fed.wake(1.6)
    fed.master.signal("TERM")
    fed.wake(2.1)
    fed.exit(3.1, "hb_giveup_resources", Letter("shutdone", status="dead"))
    fed.wake(4.1)
    stops = [o for o in fed.out if isinstance(o, StopClient)]
    assert stops == [StopClient("/bin/two"), StopClient("/bin/one")]
    fed.master.client_ended("/bin/one", 7, 0, None)
    fed.wake(4.5)
    assert not [o for o in fed.out if isinstance(o, StopClient)]
    assert fed.master.state.shutdown.phase == "children"


@BOTH
@pytest.mark.parametrize("state", ["STARTING", "BOTHSTARTING", "RSCRCVD"])
def test_a_stop_waits_while_the_node_itself_starts(version: str, state: str) -> None:
    fed = settled(version)
    fed.master.state.resources.rstate = state
    fed.master.signal("TERM")
    assert fed.wake(2.1) == [DELAYED]
    fed.master.signal("TERM")
    assert fed.wake(2.2) == []  # it is said once
    assert fed.helpers() == []


@pytest.mark.parametrize("reason", ["helper", "standby", "deadline", "takeover", "other"])
def test_a_stop_waits_while_anything_is_under_way(reason: str) -> None:
    fed = settled()
    r, state = fed.master.state.resources, fed.master.state
    state.helpers = int(reason == "helper")
    r.standby, r.takeover = "ME" if reason == "standby" else "NOT", reason == "takeover"
    r.other_stable = reason != "other"
    r.standby_until = seconds(60) if reason == "deadline" else None
    state.signals.append(("TERM", None))
    assert fed.wake(2.1) == [DELAYED]
    r.standby, r.takeover, r.other_stable, r.standby_until = "NOT", False, True, None
    state.helpers = 1
    assert BEGUN in fed.exit(2.2, "req_our_resources")


@BOTH
def test_a_second_stop_repeats_the_call(version: str) -> None:
    fed = settled(version)
    fed.master.signal("TERM")
    fed.wake(2.1)
    fed.master.signal("TERM")
    assert fed.wake(2.2) == [DELAYED]
    assert fed.exit(3.1, "hb_giveup_resources", Letter("shutdone", status="dead")) == [UNDERWAY]
    fed.master.signal("TERM")
    assert fed.wake(3.2) == [UNDERWAY]
    assert sum(isinstance(e, ShutdownInProgress) for e in fed.events) == 1


def test_an_hour_later_everything_is_killed() -> None:
    fed = settled()
    fed.master.state.resources.takeover = True
    fed.master.signal("TERM")
    fed.wake(2.1)
    fed.run(3602)
    assert not [o for o in fed.out if isinstance(o, Exit)]
    said = fed.wake(3602.1)
    assert said[-1] == "Emergency Shutdown: Attempting to kill everything ourselves"
    assert [o for o in fed.out if isinstance(o, Exit | KillChildren)] == [KillChildren(), Exit()]


@BOTH
def test_before_communication_a_stop_waits_for_it(version: str) -> None:
    fed = Fed(version)
    fed.master.signal("TERM")
    assert fed.wake(0.2) == ["Shutdown delayed until Communication is up."]
    said = fed.join()
    assert said[-1] == DELAYED  # a node that is STARTING is not stable
    fed.exit(1.2, "status", origin="b")
    assert BEGUN not in fed.hear(1.5, fed.packet(3, "starting"))
    claim = fed.packet(4, "resource", rsc_hold="all", rtype="full", isstable="1")
    assert BEGUN in fed.hear(2, claim)


# ---- the log of both sides ----------------------------------------------------------------------


@BOTH
def test_a_clean_stop_of_the_holder_reads_like_this_on_both_sides(version: str) -> None:
    cluster = Cluster(version=version)
    cluster.run(20.3)
    cluster.signal("a", "TERM")
    cluster.run(40)
    assert cluster.text("a", 20.3) == (
        "20.30 info: Heartbeat shutdown in progress. (100)\n"
        "21.50 WARN: 1 lost packet(s) for [b] [34:36]\n"
        "21.50 info: No pkts missing from b!\n"
    )
    assert cluster.text("b", 20.3) == (
        "21.12 info: Received shutdown notice from 'a'.\n"
        "21.12 info: Resources being acquired from a.\n"
        "21.32 info: Standby resource acquisition done [all].\n"
        "21.52 info: mach_down takeover complete.\n"
        "27.62 WARN: node a: is dead\n"
        "27.62 info: Dead node a gave up resources.\n"
        "27.62 info: Link a:eth0 dead.\n"
        "27.62 info: Link a:eth1 dead.\n"
    )
    work = [(at / SECOND, node, job) for at, node, job in cluster.jobs if at > seconds(20)]
    assert work[:4] == [
        (20.3, "a", "hb_giveup_resources"),
        (21.12, "b", "acquire local"),
        (21.12, "b", "req_our_resources"),
        (21.32, "b", "mach_down"),
    ]
    assert cluster.claims() == {"b": (3, 0)}
    assert [(node, how) for _, node, how in cluster.ends] == [("a", "")]


@BOTH
def test_who_holds_all_only_notes_that_the_other_has_gone(version: str) -> None:
    cluster = Cluster(OFF, version, starts=[("a", 0.0), ("b", 30.12)])
    cluster.run(50.3)
    cluster.signal("b", "TERM")
    cluster.run(70)
    assert cluster.lines("a", 50)[:3] == [
        "Received shutdown notice from 'b'.",
        "Resources being acquired from b.",
        "mach_down takeover complete.",
    ]
    work = {(node, job) for at, node, job in cluster.jobs if at > seconds(50)}
    assert ("a", "acquire local") not in work
    assert cluster.claims() == {"a": (3, 0)}


def test_a_stop_of_a_node_that_is_alone_waits_for_nobody() -> None:
    cluster = Cluster(starts=[("a", 0.0)])
    cluster.run(30.3)
    cluster.signal("a", "TERM")
    cluster.run(40)
    assert cluster.lines("a", 30) == [BEGUN]
    assert cluster.ends == [(seconds(32.9), "a", "")]


@BOTH
def test_of_two_that_stop_together_the_second_waits_and_nobody_takes_over(version: str) -> None:
    cluster = Cluster(version=version)
    cluster.run(20.7)
    cluster.signal("b", "TERM")
    cluster.run(20.71)
    cluster.signal("a", "TERM")
    cluster.run(50)
    last = [
        "Received shutdown notice from '{}'.",
        "Resource takeover cancelled - shutdown in progress.",
    ]
    assert cluster.lines("a", 20.7) == [DELAYED, BEGUN, last[0].format("b"), last[1]]
    assert cluster.lines("b", 20.7) == [BEGUN, last[0].format("a"), last[1]]
    assert {job for at, _, job in cluster.jobs if at > seconds(20)} == {"hb_giveup_resources"}
    assert cluster.told(NodeDead) == []


# ---- restart ------------------------------------------------------------------------------------


@BOTH
def test_a_restart_announces_thirty_seconds_more_in_its_last_phase(version: str) -> None:
    fed = settled(version)
    fed.master.state.restart_due = seconds(2)
    assert BEGUN in fed.run(2)
    assert {limit for _, limit in statuses(fed)} == {5}
    fed.exit(2.6, "hb_giveup_resources", Letter("shutdone", status="dead"))
    fed.run(3.5)
    fed.wake(3.6)
    assert [limit for _, limit in statuses(fed)] == [5, 35]
    fed.run(4.6)
    assert [o for o in fed.out if isinstance(o, Exit)] == [Exit("exec")]


@BOTH
@pytest.mark.parametrize("ha_cf", [HA_CF, OFF])
def test_after_a_heal_both_restart_one_after_the_other_and_share_anew(
    version: str, ha_cf: str
) -> None:
    cluster = Cluster(ha_cf, version)
    cluster.passes = lambda at, *rest: not seconds(20) <= at < seconds(31)
    cluster.run(80)
    begun = {node: at for at, node, _ in cluster.told(ShutdownInProgress)}
    relinquished = {node: at / SECOND for at, node, job in cluster.jobs if "giveup" in job}
    assert begun["a"] >= relinquished["b"] + 0.6
    assert [(node, how) for _, node, how in cluster.ends] == [("b", "exec"), ("a", "exec")]
    assert cluster.lives == {"a": 2, "b": 2}
    assert cluster.claims() == {"a": (1, 1), "b": (1, 1)}
    taken = [at for at, _, job in cluster.jobs if job == "req_our_resources"]
    assert taken[-1] >= seconds(50)  # ten seconds after they are active again, not before
    assert len(cluster.told(NodeDead)) == (4 if version == "3.0.6" else 2)


def test_a_stop_beats_a_restart_that_is_under_way() -> None:
    fed = settled()
    fed.master.state.restart_due = seconds(2)
    fed.run(2)
    fed.master.signal("TERM")
    fed.wake(2.2)
    fed.exit(2.6, "hb_giveup_resources", Letter("shutdone", status="dead"))
    fed.run(5)
    assert [o for o in fed.out if isinstance(o, Exit)] == [Exit("")]


# ---- reload -------------------------------------------------------------------------------------


@BOTH
@pytest.mark.parametrize(
    ("what", "said"),
    [("HUP", "Configuration unchanged."), ("HUP keys", "Rereading authentication file.")],
)
def test_a_reload_without_a_new_configuration_only_says_so(
    version: str, what: str, said: str
) -> None:
    fed = settled(version)
    fed.master.signal(what)
    assert fed.wake(2.1) == [said]
    assert fed.master.state.shutdown.asked == ""


@BOTH
def test_a_new_configuration_restarts_quickly_and_keeps_what_is_held(version: str) -> None:
    fed = settled(version, RESPAWN)
    fed.master.signal("HUP config")
    fed.wake(2.1)
    assert [o for o in fed.out if isinstance(o, StopClient)] == [StopClient("/bin/two")]
    for at, command in ((2.3, "/bin/two"), (2.5, "/bin/one")):
        fed.master.client_ended(command, 7, 0, None)
        fed.wake(at)
    assert fed.helpers() == []
    fed.run(3.5)
    assert [o for o in fed.out if isinstance(o, Exit)] == [Exit("quick", "all")]


@BOTH
def test_the_peer_of_a_quick_restart_notices_a_restart_and_no_more(version: str) -> None:
    cluster = Cluster(RESPAWN, version)
    cluster.run(20.3)
    cluster.signal("a", "HUP config")
    cluster.run(60)
    assert [(node, how) for _, node, how in cluster.ends] == [("a", "quick")]
    assert cluster.lines("b", 20.3) == [
        "Heartbeat restart on node a",
        "Status update for node a: status init",
        "Status update for node a: status up",
        "Status update for node a: status active",
        "remote resource transition completed.",
    ]
    said = cluster.lines("a", 20.3)
    assert "remote resource transition completed." in said
    assert not [job for at, _, job in cluster.jobs if at > seconds(20) and job != "status"]
    assert cluster.claims() == {"a": (1, 1), "b": (1, 1)}


def test_after_a_quick_restart_a_node_is_stable_from_the_first_message_on() -> None:
    cluster = Cluster(RESPAWN, starts=[("a", 0.0), ("b", 0.12)])
    cluster.run(20.3)
    cluster.signal("a", "HUP config")
    while cluster.lives["a"] < 2 or cluster.masters["a"].state.comm != "up":
        cluster.run(cluster.now / SECOND + 0.1)
    assert cluster.masters["a"].state.resources.rstate == "STABLE"


def test_a_reload_before_communication_does_not_give_up_when_it_comes() -> None:
    fed = Fed()
    fed.master.signal("HUP config")
    fed.wake(0.2)
    assert DELAYED not in fed.join()
    fed.run(1.2)
    assert [o for o in fed.out if isinstance(o, Exit)] == [Exit("quick", "none")]


def test_a_reload_on_the_way_down_changes_nothing() -> None:
    fed = settled()
    fed.master.signal("TERM")
    fed.wake(2.1)
    fed.master.signal("HUP config")
    fed.wake(2.2)
    assert fed.master.state.shutdown.asked == "stop"
    assert fed.master.state.shutdown.phase == ""


# ---- which of two ways down ---------------------------------------------------------------------


def test_a_child_without_which_the_old_daemon_cannot_be_makes_it_restart() -> None:
    """A core process has died (semantics 6.4, 6.6)."""
    fed = settled("2.0.8")
    fed.master.signal("CORE")
    assert fed.wake(2.1) == [BEGUN]
    assert fed.master.state.shutdown.asked == "restart"


def test_a_restart_does_not_stop_a_reload_that_keeps_the_resources() -> None:
    """Semantics 6.5: the new process comes at once, with what the old one held."""
    fed = settled(ha_cf=RESPAWN)
    fed.master.signal("HUP config")
    fed.wake(2.1)
    fed.master.signal("CORE")
    assert fed.wake(2.2) == []
    assert fed.helpers() == []
    assert (fed.master.state.shutdown.asked, fed.master.state.resources.mine) == ("quick", 3)


def test_under_a_cluster_manager_the_line_of_a_shutdown_names_the_process_too() -> None:
    ha_cf = HA_CF.replace("auto_failback on\n", "crm yes\n")
    fed = Fed("2.0.8", ha_cf)
    fed.join()
    fed.master.signal("TERM")
    assert BEGUN in fed.wake(1.6)
