"""Who claims what: messages starting, resource, shutdone, acquiring, failing back (semantics 5)."""

from __future__ import annotations

import pytest

from hasim.events import AutoFailbackDelayed
from hasim.protocol import Letter, Message, RunHelper, RunScript
from tests.protocol.harness import HA_CF, Cluster, Fed, seconds

BOTH = pytest.mark.parametrize("version", ["2.0.8", "3.0.6"])
OFF = HA_CF.replace("auto_failback on", "auto_failback off")
LEGACY = HA_CF.replace("auto_failback on", "auto_failback legacy")
REMOTE = "remote resource transition completed."
NONE = "Local Resource acquisition completed. (none)"
OURS = "Both machines own our resources!"
THEIRS = "Both machines own foreign resources!"


def held(fed: Fed, n: int, share: str, stable: str = "", info: str = "") -> Message:
    body = {"rsc_hold": share, "rtype": "full", "isstable": stable, "info": info}
    return fed.packet(n, "resource", **{k: v for k, v in body.items() if v})


def joined(version: str = "3.0.6", ha_cf: str = HA_CF) -> Fed:
    """Return a node that has come up beside ``b`` and says starting; b's next packet is 3."""
    fed = Fed(version, ha_cf)
    fed.join()
    return fed


def claims_of(fed: Fed) -> list[tuple[str, str, str]]:
    """What the last wake has told the other node."""
    return [(m.get("rsc_hold"), m.get("isstable"), m.get("info")) for m in fed.sent("resource")]


# ---- the table of states ------------------------------------------------------------------------


@BOTH
def test_with_communication_a_node_says_that_it_starts(version: str) -> None:
    fed = joined(version)
    assert fed.master.state.resources.rstate == "STARTING"
    assert len(fed.sent("starting")) == 1
    assert claims_of(fed) == []


@BOTH
def test_two_that_start_answer_each_other_and_the_ten_seconds_begin(version: str) -> None:
    fed = joined(version)
    assert fed.hear(1.5, fed.packet(3, "starting")) == []
    r = fed.master.state.resources
    assert (r.rstate, r.takeover_from) == ("BOTHSTARTING", seconds(1.5))
    assert claims_of(fed) == [("none", "0", "")]


@BOTH
@pytest.mark.parametrize("before", ["STARTING", "BOTHSTARTING"])
def test_any_claim_of_the_other_ends_the_starting(version: str, before: str) -> None:
    fed = joined(version)
    fed.master.state.resources.rstate = before
    fed.hear(1.5, held(fed, 3, "none", "0"))
    assert fed.master.state.resources.rstate == "RSCRCVD"


def test_the_own_claim_ends_the_starting_too() -> None:
    fed = joined()
    fed.master.fifo(Letter("resource", body=(("rsc_hold", "local"), ("rtype", "full"))))
    fed.wake(1.5)
    r = fed.master.state.resources
    assert (r.rstate, r.takeover_from) == ("RSCRCVD", seconds(1.5))


@BOTH
@pytest.mark.parametrize("before", ["STARTING", "BOTHSTARTING", "RSCRCVD"])
def test_a_stable_peer_lets_the_node_acquire_at_once(version: str, before: str) -> None:
    fed = joined(version)
    fed.master.state.resources.rstate = before
    said = fed.hear(1.5, held(fed, 3, "local", "1"))
    assert said == [REMOTE, REMOTE, "Initial resource acquisition complete (T_RESOURCES(us))"]
    assert fed.master.state.resources.rstate == "STABLE"
    assert fed.helpers() == [RunHelper("req_our_resources")]
    # The answer to the peer's stability goes out before the node's own.
    assert claims_of(fed) == [("none", "0", ""), ("local", "1", "")]


def test_a_stable_peer_that_holds_everything_leaves_nothing_to_acquire() -> None:
    fed = joined()
    assert fed.hear(1.5, held(fed, 3, "all", "1")) == [REMOTE, REMOTE, NONE]
    assert fed.helpers() == []
    assert fed.master.state.resources.mine == 0


@pytest.mark.parametrize("state", ["RSCRCVD", "STABLE", "SHUTDOWN"])
def test_a_peer_that_starts_is_told_what_is_held(state: str) -> None:
    fed = Fed()
    fed.settled("all")
    r = fed.master.state.resources
    r.rstate = state
    assert fed.hear(2, fed.packet(5, "starting")) == []
    assert claims_of(fed) == [("all", "1" if state == "STABLE" else "0", "")]
    assert (r.rstate, r.other_stable) == (state, False)


@pytest.mark.parametrize(("state", "number"), [("INIT", 0), ("BOTHSTARTING", 2)])
def test_starting_in_a_wrong_state_is_an_error_and_no_more(state: str, number: int) -> None:
    fed = joined()
    fed.master.state.resources.rstate = state
    said = fed.hear(1.5, fed.packet(3, "starting"))
    assert said == [f"Received 'starting' message in state {number}"]
    assert claims_of(fed) == []


def test_a_claim_before_the_start_is_an_error_and_no_more() -> None:
    fed = joined()
    fed.master.state.resources.rstate = "INIT"
    said = fed.hear(1.5, held(fed, 3, "all", "1"))
    assert said == ["resource message received in state 0"]
    assert fed.master.state.resources.theirs == 0


def test_a_peer_that_starts_during_a_takeover_is_wondered_at() -> None:
    fed = Fed()
    fed.settled("all")
    fed.master.state.resources.takeover = True
    said = fed.hear(2, fed.packet(5, "starting"))
    assert said == ["T_STARTING received during takeover."]
    assert claims_of(fed) == [("all", "1", "")]


@BOTH
def test_before_communication_is_up_claims_are_lost(version: str) -> None:
    fed = Fed(version)
    fed.hear(0.5, fed.packet(1), fed.packet(2, "starting"), held(fed, 3, "all", "1"))
    assert fed.sent("resource") == []
    assert fed.master.state.resources.theirs == 0


def test_a_claim_that_is_not_full_adds_and_none_takes_all() -> None:
    fed = Fed()
    fed.settled("none", "local")
    r = fed.master.state.resources
    fed.hear(2, fed.packet(5, "resource", rsc_hold="foreign"))
    assert r.theirs == 3
    fed.hear(2.5, fed.packet(6, "resource", rsc_hold="none"))
    assert r.theirs == 0


def test_stability_is_unchanged_by_a_claim_that_does_not_speak_of_it() -> None:
    fed = Fed()
    fed.settled("local", "local")
    r = fed.master.state.resources
    fed.hear(2, held(fed, 5, "local", "0"))
    assert not r.other_stable
    fed.hear(2.5, held(fed, 6, "local"))
    assert not r.other_stable
    assert fed.hear(3, held(fed, 7, "local", "1")) == [REMOTE]
    assert r.other_stable
    assert fed.hear(3.5, held(fed, 8, "local", "1")) == []


# ---- ten seconds, acquiring ---------------------------------------------------------------------


@BOTH
def test_after_more_than_ten_seconds_a_node_acquires_of_itself(version: str) -> None:
    fed = joined(version)
    fed.hear(1.5, held(fed, 3, "none", "0"))
    said = []
    for n, at in enumerate(range(2, 12), 4):
        said += fed.hear(at, fed.packet(n)) + fed.run(at + 0.5)
    assert said == []  # at 11.5 the ten seconds are over to the tick, and that is not enough
    assert fed.hear(12, fed.packet(20)) == [
        "6 lost packet(s) for [b] [13:20]",
        "local resource transition completed.",
        "Initial resource acquisition complete (T_RESOURCES(us))",
    ]
    assert fed.helpers() == [RunHelper("req_our_resources")]
    assert claims_of(fed) == [("local", "1", "")]


def test_one_tick_more_than_ten_seconds_is_enough() -> None:
    fed = joined()
    fed.hear(1.5, held(fed, 3, "none", "0"))
    fed.master.state.peers["b"].limit = seconds(60)
    fed.run(11.2)
    assert "local resource transition completed." in fed.wake(11.51)


def test_what_the_other_holds_already_is_not_acquired() -> None:
    fed = joined()
    fed.hear(1.5, held(fed, 3, "foreign", "0"))
    fed.master.state.peers["b"].limit = seconds(60)
    said = fed.run(12)
    assert said[:2] == [NONE, "local resource transition completed."]


def test_the_queue_acquires_a_group_after_the_helpers_have_gone() -> None:
    fed = joined()
    fed.hear(1.5, held(fed, 3, "none", "1"))
    fed.master.state.helpers = 1  # scripts of the start are over
    letter = Letter("ip-request-resp", "a", body=(("ipaddr", "10.0.0.200"), ("ok", "OK")))
    fed.master.state.queue.clear()
    fed.master.fifo(letter)
    fed.wake(1.6)
    assert fed.scripts() == []
    fed.exit(1.7, "req_our_resources")
    assert [o for o in fed.out if isinstance(o, RunScript)] == [
        RunScript("ip-request-resp", "a", None, letter.body)
    ]


@BOTH
def test_two_nodes_that_start_together_wait_ten_seconds_and_share(version: str) -> None:
    cluster = Cluster(version=version)
    cluster.run(20)
    work = [(at / 1e6, node, job) for at, node, job in cluster.jobs if job != "status"]
    assert work == [
        (11.62, "b", "req_our_resources"),
        (12.0, "a", "req_our_resources"),
        (12.1, "a", "ip-request-resp"),
    ]
    assert cluster.claims() == {"a": (1, 1), "b": (1, 1)}


# ---- failing back -------------------------------------------------------------------------------


@BOTH
def test_a_node_that_starts_alone_reads_like_this(version: str) -> None:
    cluster = Cluster(version=version, starts=[("a", 0.0)])
    cluster.run(30)
    assert cluster.text("a", 10) == (
        "10.50 WARN: node b: is dead\n"
        "10.50 info: Comm_now_up(): updating status to active\n"
        "10.50 info: Local status now set to: 'active'\n"
        "10.50 WARN: No STONITH device configured.\n"
        "10.50 WARN: Shared disks are not protected.\n"
        "10.50 info: Resources being acquired from b.\n"
        "10.70 info: mach_down takeover complete.\n"
        "10.70 info: Initial resource acquisition complete (mach_down)\n"
        "21.00 info: Local Resource acquisition completed. (none)\n"
        "21.00 info: local resource transition completed.\n"
    )
    assert cluster.claims() == {"a": (3, 0)}


JOINS = {
    "on": (
        [
            REMOTE,
            REMOTE,
            NONE,
            "b wants to go standby [foreign]",
            "standby: acquire [foreign] resources from b",
            "Standby resource acquisition done [foreign].",
            "Initial resource acquisition complete (auto_failback)",
            REMOTE,
        ],
        [
            REMOTE,
            "b wants to go standby [foreign]",
            "standby: a can take our foreign resources",
            "Local standby process completed [foreign].",
            "1 lost packet(s) for [a] [12:14]",
            REMOTE,
            "No pkts missing from a!",
            "Other node completed standby takeover of foreign resources.",
        ],
        {"a": (1, 1), "b": (1, 1)},
    ),
    "off": (
        [REMOTE, REMOTE, NONE, "Initial resource acquisition complete (T_RESOURCES(them))"],
        [REMOTE],
        {"a": (0, 3), "b": (3, 0)},
    ),
}


@BOTH
@pytest.mark.parametrize("failback", ["on", "off"])
def test_a_node_that_joins_the_holder_of_all_reads_like_this(version: str, failback: str) -> None:
    cluster = Cluster(HA_CF if failback == "on" else OFF, version, [("b", 0.0), ("a", 30.12)])
    cluster.run(50)
    joiner, holder, claims = JOINS[failback]
    said = cluster.lines("a", 30)
    assert said[said.index("Local status now set to: 'active'") + 1 :] == joiner
    said = cluster.lines("b", 30)
    assert said[said.index("Status update for node a: status active") + 1 :] == holder
    assert cluster.claims() == claims


def test_a_failback_that_cannot_be_yet_is_tried_each_second() -> None:
    fed = Fed()
    fed.settled("all", "none")
    r = fed.master.state.resources
    r.failback_due, r.other_stable, r.standby = True, False, "DONE"
    fed.master.state.peers["b"].limit = seconds(60)
    fed.hear(2, held(fed, 5, "none", "1"))
    fed.run(4.6)
    delayed = [e for e in fed.events if isinstance(e, AutoFailbackDelayed)]
    assert len(delayed) == 3
    r.standby = "NOT"
    assert fed.run(5) == ["a wants to go standby [foreign]"]
    assert not r.failback_due


@pytest.mark.parametrize("without", ["due", "foreign", "on", "running"])
def test_a_failback_needs_all_of_its_reasons(without: str) -> None:
    fed = Fed(ha_cf=OFF if without == "on" else HA_CF)
    fed.settled("local" if without == "foreign" else "all", "none")
    r = fed.master.state.resources
    r.failback_due, r.other_stable = without != "due", False
    if without == "running":
        fed.master.state.shutdown.asked = fed.master.state.shutdown.phase = "stop"
    assert fed.hear(2, held(fed, 5, "none", "1"))[:1] == [REMOTE]
    assert fed.sent("ask_resources") == []
    assert not r.failback_due


# ---- the audit ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("mine", "theirs", "said"),
    [
        ("local", "local", []),
        ("all", "none", []),
        ("none", "all", []),
        ("local", "foreign", [OURS, "No one owns foreign resources!"]),
        ("foreign", "local", [THEIRS, "No one owns our local resources!"]),
        ("all", "all", [OURS, THEIRS]),
        ("none", "local", ["No one owns our local resources!"]),
        ("none", "foreign", ["No one owns foreign resources!"]),
        ("none", "none", ["No one owns our local resources!", "No one owns foreign resources!"]),
    ],
)
def test_claims_that_contradict_or_lack_are_errors(mine: str, theirs: str, said: list[str]) -> None:
    assert [line for line in Fed().settled(mine, theirs) if "own" in line] == said


@pytest.mark.parametrize("reason", ["helper", "standby", "other", "takeover", "RSCRCVD"])
def test_nobody_is_missed_while_something_is_under_way(reason: str) -> None:
    fed = Fed()
    fed.settled("none", "none")
    r = fed.master.state.resources
    fed.master.state.helpers = int(reason == "helper")
    r.standby = "DONE" if reason == "standby" else "NOT"
    r.takeover, r.other_stable = reason == "takeover", reason != "other"
    r.rstate = "RSCRCVD" if reason == "RSCRCVD" else "STABLE"
    r.takeover_from = seconds(2)
    stability = "0" if reason == "other" else ""
    assert "No one owns" not in str(fed.hear(2, held(fed, 5, "none", stability)))


# ---- legacy -------------------------------------------------------------------------------------


@BOTH
def test_legacy_asks_for_its_own_and_knows_no_claims(version: str) -> None:
    """A peer that is only up cannot hold anything: the node answers itself (recorded: 22a)."""
    cluster = Cluster(LEGACY, version)
    cluster.run(20)
    assert cluster.claims()["b"][1] == 0
    work = [job for _, node, job in cluster.jobs if job != "status" and node == "a"]
    assert work == ["req_our_resources", "ip-request-resp"]
    assert "transition" not in cluster.text("a") + cluster.text("b")


@BOTH
def test_legacy_asks_an_active_peer_for_what_it_may_hold(version: str) -> None:
    cluster = Cluster(LEGACY, version, starts=(("a", 40.12), ("b", 0.0)))
    cluster.run(60)
    work = [(node, job) for at, node, job in cluster.jobs if job != "status" and at > seconds(40)]
    assert work == [
        ("a", "req_our_resources"),
        ("b", "ip-request"),
        ("a", "ip-request-resp"),
    ]


@BOTH
def test_legacy_takes_over_from_the_dead_and_asks_for_its_own_again(version: str) -> None:
    cluster = Cluster(LEGACY, version)
    cluster.run(20.3)
    cluster.stop("a")
    cluster.run(30)
    assert cluster.lines("b", 20)[:4] == [
        "node a: is dead",
        "No STONITH device configured.",
        "Shared disks are not protected.",
        "Resources being acquired from a.",
    ]
    assert [job for at, _, job in cluster.jobs if at > seconds(20)] == [
        "mach_down",
        "req_our_resources",
    ]


@pytest.mark.parametrize(("dead", "kind", "said"), [
    (True, "status", True), (False, "status", False), (True, "ip-request", False),
])  # fmt: skip
def test_legacy_is_complete_when_the_script_for_a_dead_node_has_run(
    dead: bool, kind: str, said: bool
) -> None:
    """Semantics 5.5: exit of a status helper with a dead node is the foreign half."""
    fed = Fed(ha_cf=LEGACY)
    fed.settled("local", "none")
    r = fed.master.state.resources
    r.local_done, r.foreign_done, r.announced = True, False, False
    fed.master.state.peers["b"].status = "dead" if dead else "active"
    lines = fed.exit(1.6, kind, origin="b")
    assert ("Initial resource acquisition complete (status)" in lines) == said
    assert r.foreign_done == said


def test_legacy_knows_nothing_from_the_script_for_a_node_that_is_gone_from_the_table() -> None:
    fed = Fed(ha_cf=LEGACY)
    fed.settled("local", "none")
    assert fed.exit(1.6, "status", origin="z") == []


@pytest.mark.parametrize("mine", ["local", "foreign", "none"])
def test_a_peer_that_has_stopped_makes_one_acquire_what_one_holds_again(mine: str) -> None:
    """Semantics 5.5, 6.3: the own groups where local is held, and all where nothing is."""
    fed = Fed()
    fed.settled(mine, "all")
    fed.hear(2, fed.packet(5, "shutdone"))
    helpers = [h for h in fed.helpers() if h.kind == "go_standby"]
    assert [(h.act, h.set) for h in helpers] == [("acquire", "all" if mine == "none" else mine)]


def test_without_failback_the_first_claim_heard_completes_the_foreign_half() -> None:
    """Semantics 5.5: auto_failback off: foreign_done, announce("T_RESOURCES")."""
    fed = Fed(ha_cf=OFF)
    fed.join()
    r = fed.master.state.resources
    r.local_done, r.foreign_done = True, False
    said = fed.hear(1.5, held(fed, 3, "none", "0"))
    assert "Initial resource acquisition complete (T_RESOURCES)" in said


def test_a_queued_script_is_told_all_that_its_message_says() -> None:
    """harc puts every field into the environment of the script (semantics 5.3)."""
    fed = Fed()
    fed.settled("local", "local")
    said = fed.packet(5, "hb_takeover", rsc_hold="all")._replace(status="word")
    fed.hear(2, said)
    (script,) = [o for o in fed.out if isinstance(o, RunScript)]
    assert (script.script, script.origin, script.status) == ("hb_takeover", "b", "word")
    assert script.body == said.body


@pytest.mark.parametrize("gave_up", [False, True])
def test_legacy_fences_no_peer_that_has_stopped(gave_up: bool) -> None:
    """Semantics 5.7, step 6: it gave up its resources."""
    fed = Fed(ha_cf=LEGACY + "stonith_host * null a b\n")
    fed.settled("local", "none")
    if gave_up:
        fed.hear(2, fed.packet(5, "shutdone"))
    said = fed.run(7.5)
    assert ("Dead node b gave up resources." in said) == gave_up
    assert ("b" in fed.fences) != gave_up


def test_the_answer_for_an_own_group_completes_the_local_half() -> None:
    """Semantics 5.5: exit of ip-request-resp: local_done, announce(that name)."""
    fed = Fed()
    fed.settled("none", "all")
    r = fed.master.state.resources
    r.local_done, r.foreign_done, r.announced = False, True, False
    said = fed.exit(1.6, "ip-request-resp")
    assert "Initial resource acquisition complete (ip-request-resp)" in said


@pytest.mark.parametrize("ha_cf", [HA_CF, LEGACY], ids=["on", "legacy"])
def test_who_gives_up_is_in_shutdown(ha_cf: str) -> None:
    fed = Fed(ha_cf=ha_cf)
    fed.settled("local", "local")
    fed.master.signal("TERM")
    fed.wake(1.6)
    assert fed.master.state.resources.rstate == "SHUTDOWN"
