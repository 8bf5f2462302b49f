"""What a node does about the resources of one that has died (semantics 5.7, 5.10, 18.2)."""

from __future__ import annotations

import pytest

from hasim.events import NodeDead
from hasim.protocol import (
    Happened,
    Letter,
    Message,
    RunHelper,
    RunScript,
    Send,
    Silence,
    TellClients,
    liveness,
)
from tests.protocol.harness import HA_CF, Cluster, Fed, seconds

BOTH = pytest.mark.parametrize("version", ["2.0.8", "3.0.6"])
PING = HA_CF + "ping 10.0.0.254\n"
OFF = HA_CF.replace("auto_failback on", "auto_failback off")
OWN = RunHelper("req_our_resources")
MACH_DOWN = RunScript("status", "b", "dead")
TAKES = ["No STONITH device configured.", "Shared disks are not protected."]
TAKEN = "Resources being acquired from b."


def notices(fed: Fed) -> list[str]:
    return [m.get("result") for m in fed.sent("stonith")]


def dies(mine: str, theirs: str, version: str = "3.0.6", **state: object) -> tuple[Fed, list[str]]:
    """Return a node whose settled peer has just died, and what it said of it."""
    fed = Fed(version)
    fed.settled(mine, theirs)
    for name, value in state.items():
        setattr(fed.master.state.resources, name, value)
    said = fed.run(7)
    assert said[0] == "node b: is dead"
    assert said[-1] == "Link b:eth0 dead."
    return fed, said[1:-1]


# ---- what the dead has claimed decides ----------------------------------------------------------


@BOTH
@pytest.mark.parametrize("mine", ["none", "local", "all"])
@pytest.mark.parametrize("theirs", ["local", "foreign", "all"])
def test_who_claimed_anything_would_have_to_be_fenced(mine: str, theirs: str, version: str) -> None:
    fed, said = dies(mine, theirs, version, other_stable=False)
    assert said == [*TAKES, TAKEN]
    assert notices(fed) == ["n_stnth"]
    assert [o for o in fed.out if isinstance(o, RunScript | RunHelper)] == [MACH_DOWN, OWN]
    r = fed.master.state.resources
    assert (r.mine, r.theirs, r.takeover, r.other_stable) == (3, 0, True, True)
    assert r.failback_due


@BOTH
def test_who_claimed_nothing_leaves_what_one_does_not_hold(version: str) -> None:
    fed, said = dies("local", "none", version)
    assert said == ["Dead node b gave up resources.", TAKEN]
    assert notices(fed) == ["unneeded"]
    assert [o for o in fed.out if isinstance(o, RunScript | RunHelper)] == [MACH_DOWN, OWN]


def test_who_holds_the_foreign_groups_acquires_only_its_own() -> None:
    fed, said = dies("foreign", "none")
    assert said == ["Dead node b gave up resources."]
    assert [o for o in fed.out if isinstance(o, RunScript | RunHelper)] == [OWN]


def test_who_holds_nothing_acquires_its_own_twice_over() -> None:
    fed, said = dies("none", "none")
    assert said == ["Dead node b gave up resources.", TAKEN]
    assert fed.helpers() == [OWN, OWN]


def test_who_holds_all_has_nothing_to_do_for_one_that_gave_up() -> None:
    fed, said = dies("all", "none", other_stable=False)
    assert said == ["Dead node b gave up resources."]
    assert fed.scripts() == []
    assert fed.helpers() == []
    assert fed.master.state.resources.other_stable


@BOTH
def test_who_was_never_heard_might_hold_anything(version: str) -> None:
    fed = Fed(version)
    said = fed.run(10.5)
    assert [line for line in said if line in TAKES] == TAKES
    assert notices(fed) == ["n_stnth"]


def test_a_second_death_without_a_word_between_counts_as_not_heard() -> None:
    fed, _ = dies("local", "none")
    peer = fed.master.state.peers["b"]
    assert not peer.heard
    peer.status = "active"
    assert fed.run(7.5)[1:3] == TAKES


def test_the_warnings_have_the_silence_as_their_reason() -> None:
    fed, _ = dies("local", "all")
    told = [o for o in fed.out if isinstance(o, Happened)]
    assert [o.why for o in told[:4]] == [Silence("b", None)] * 4


def test_a_death_by_a_late_packet_has_that_packet_as_its_reason() -> None:
    fed = Fed("3.0.6")
    fed.settled("local", "local")
    fed.run(6.4)
    late = fed.packet(5)
    fed.hear(6.7, late)
    told = [o.why for o in fed.out if isinstance(o, Happened)]
    assert NodeDead("b") in fed.events
    assert told == [late] * len(told)


# ---- who must know, in which order --------------------------------------------------------------


def test_clients_learn_of_a_death_before_anything_is_taken() -> None:
    fed = Fed()
    fed.settled("local", "all")
    fed.master.client_signed_on("ipfail")
    fed.run(6.6)
    fed.wake(7)
    kinds: list[str] = []
    for output in fed.out:
        match output:
            case TellClients(Message(type="status", origin="b", status=status)):
                kinds.append(f"tell {status}")
            case Send(message) if message.type == "stonith":
                kinds.append("stonith")
            case RunScript(script) | RunHelper(script):
                kinds.append(script)
    assert kinds == ["tell dead", "stonith", "status", "req_our_resources"]


def test_a_dead_ping_node_runs_one_script_and_leaves_a_standby_alone() -> None:
    fed = Fed(ha_cf=PING)
    fed.hear(0.4, fed.packet(0, "NS_st", origin="10.0.0.254", status="ping"), medium=2)
    fed.settled("all", "none")
    r = fed.master.state.resources
    r.standby, r.standby_until = "ME", seconds(60)
    said: list[str] = []
    for n, at in enumerate(range(2, 7), 5):
        said += fed.hear(at, fed.packet(n)) + fed.run(at + 0.5)
    assert said == ["node 10.0.0.254: is dead", "Link 10.0.0.254:10.0.0.254 dead."]
    assert (r.standby, r.failback_due) == ("ME", False)


# ---- in the midst of something ------------------------------------------------------------------


@BOTH
@pytest.mark.parametrize("phase", ["ME", "OTHER", "DONE"])
def test_a_standby_under_way_is_cancelled_first(version: str, phase: str) -> None:
    fed = Fed(version)
    fed.settled("local", "local")
    r = fed.master.state.resources
    r.standby, r.standby_until, r.other_stable = phase, seconds(3600), False
    assert fed.run(7)[:5] == [
        "node b: is dead",
        "Cancelling pending standby operation",
        *TAKES,
        TAKEN,
    ]
    assert (r.standby, r.standby_until) == ("NOT", None)


def test_a_cancelled_standby_of_the_holder_of_all_makes_it_stable_again() -> None:
    fed, said = dies("all", "none", standby="OTHER", other_stable=False)
    assert said == ["Cancelling pending standby operation", "Dead node b gave up resources."]
    assert fed.master.state.resources.other_stable


@pytest.mark.parametrize("rstate", ["STABLE", "SHUTDOWN"])
def test_a_node_that_stops_does_not_take_over(rstate: str) -> None:
    fed = Fed()
    fed.settled("local", "local")
    fed.master.state.shutdown.asked, fed.master.state.shutdown.begun = "stop", True
    fed.master.state.resources.rstate = rstate
    assert fed.run(7) == ["node b: is dead", "Link b:eth0 dead."]
    assert fed.scripts() == []
    assert fed.sent("stonith") == []


def test_a_node_that_stops_before_communication_gives_up_at_the_death() -> None:
    """State INIT counts as stable on the way down; the own claim completes communication."""
    fed = Fed()
    fed.master.signal("TERM")
    assert fed.wake(0.2) == ["Shutdown delayed until Communication is up."]
    assert fed.run(10.6) == [
        "node b: is dead",
        "Comm_now_up(): updating status to active",
        "Local status now set to: 'active'",
        "Heartbeat shutdown in progress. (100)",
    ]
    assert [h.kind for h in fed.helpers()] == ["hb_giveup_resources"]
    assert fed.master.state.resources.rstate == "SHUTDOWN"


# ---- sequences ----------------------------------------------------------------------------------


@BOTH
def test_a_crash_of_the_holder_reads_like_this(version: str) -> None:
    cluster = Cluster(version=version)
    cluster.run(20.3)
    cluster.stop("a")
    cluster.run(40)
    assert cluster.text("b", 20.3) == (
        "25.62 WARN: node a: is dead\n"
        "25.62 WARN: No STONITH device configured.\n"
        "25.62 WARN: Shared disks are not protected.\n"
        "25.62 info: Resources being acquired from a.\n"
        "25.62 info: Link a:eth0 dead.\n"
        "25.62 info: Link a:eth1 dead.\n"
        "25.82 info: mach_down takeover complete.\n"
    )
    assert cluster.claims() == {"b": (3, 0)}


@BOTH
@pytest.mark.parametrize("ha_cf", [HA_CF, OFF])
def test_a_crash_and_restart_within_deadtime_leaves_the_foreign_groups_to_nobody(
    version: str, ha_cf: str
) -> None:
    """Semantics 5.10 E: it is never declared dead, and comes back for its own groups only."""
    cluster = Cluster(ha_cf, version)
    cluster.run(20.3)
    cluster.stop("a")
    cluster.start_again("a", generation=2)
    cluster.run(40)
    assert cluster.lines("b", 20.3) == [
        "Heartbeat restart on node a",
        "Status update for node a: status init",
        "Status update for node a: status up",
        "Status update for node a: status active",
        "remote resource transition completed.",
    ]
    assert cluster.told(NodeDead) == []
    assert cluster.claims() == {"a": (1, 1), "b": (1, 1)}
    work = [(node, job) for at, node, job in cluster.jobs if at > seconds(20.3)]
    assert ("a", "req_our_resources") in work
    assert ("b", "mach_down") not in work


def test_groups_of_both_that_were_held_by_the_restarted_node_are_missed() -> None:
    """It held all; its peer holds nothing: what was the peer's is claimed by nobody."""
    cluster = Cluster(OFF, starts=[("a", 0.0), ("b", 30.12)])
    cluster.run(40.3)
    assert cluster.claims() == {"a": (3, 0), "b": (0, 3)}
    cluster.stop("a")
    cluster.start_again("a", generation=2)
    cluster.run(60)
    assert cluster.claims() == {"a": (1, 0), "b": (0, 1)}
    assert "No one owns our local resources!" in cluster.lines("b", 40)
    assert "No one owns foreign resources!" in cluster.lines("a", 40)


# ---- what a death leaves to be done at that instant ---------------------------------------------


def ordered_to_stop(mine: str) -> Fed:
    """Return a node whose shutdown waits for a standby that its peer has not answered yet."""
    fed = Fed()
    fed.settled(mine, "none")
    fed.master.fifo(Letter("ask_resources", body=(("rsc_hold", "all"), ("info", "me"))))
    fed.wake(2)
    fed.master.signal("TERM")
    assert fed.wake(2.1)[-1] == "Shutdown delayed until current resource activity finishes."
    return fed


def test_a_shutdown_that_waits_for_the_dead_begins_where_all_is_held() -> None:
    """With mine = all the other side counts as stable again (semantics 5.7, step 1)."""
    fed = ordered_to_stop("all")
    said = fed.run(7)
    assert said[:3] == [
        "node b: is dead",
        "Cancelling pending standby operation",
        "Heartbeat shutdown in progress. (100)",
    ]
    assert fed.helpers() == [RunHelper("hb_giveup_resources")]
    assert [m.sent_at for m in fed.sent("resource")] == [fed.now]


def test_where_not_all_is_held_it_goes_on_waiting() -> None:
    fed = ordered_to_stop("local")
    said = fed.run(7)
    assert said[:2] == ["node b: is dead", "Cancelling pending standby operation"]
    assert "Heartbeat shutdown in progress. (100)" not in said
    assert not fed.master.state.resources.other_stable


def test_the_script_for_a_dead_ping_node_is_told_that_it_is_dead() -> None:
    """mach_down looks at the status and at the node (semantics 4.9, 8.2)."""
    fed = Fed(ha_cf=PING)
    answer = fed.packet(0, "NS_st", origin="10.0.0.254", status="ping")
    fed.hear(0.5, answer, medium=2)
    fed.settled("local", "local")
    fed.run(6)
    scripts = [o for o in fed.out if isinstance(o, RunScript)]
    assert [(o.script, o.origin, o.status) for o in scripts] == [("status", "10.0.0.254", "dead")]


def test_what_a_death_by_lateness_makes_a_node_send_bears_that_instant() -> None:
    fed = Fed("3.0.6")
    fed.settled("all", "none")
    fed.run(3)
    said = fed.hear(7.2, fed.packet(5))
    late = "Late heartbeat: Node b: interval 5700 ms (> deadtime)"
    assert said[1:3] == [late, "node b: is dead"]
    assert [m.sent_at for m in fed.sent("stonith")] == [fed.now]


@BOTH
def test_a_node_that_does_not_hear_itself_restarts(version: str) -> None:
    """No local heartbeat (semantics 6.4)."""
    fed = Fed(version)
    fed.settled("local", "local")
    core = fed.master.core
    liveness.mark_dead(core, seconds(1.6), core.me, Silence("a", None))
    assert fed.wake(1.6)[:2] == ["node a: is dead", "No local heartbeat. Forcing restart."]
    assert fed.master.state.shutdown.asked == "restart"
    assert fed.helpers() == [RunHelper("hb_giveup_resources")]
