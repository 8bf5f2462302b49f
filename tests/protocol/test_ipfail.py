"""ipfail, one process: its start, its rules, its delay (semantics 11.1, 11.2)."""

from __future__ import annotations

import pytest

from hasim.events import IpfailFire
from hasim.protocol import Answer
from hasim.protocol.ipfail import NO_RESPAWN, Quit
from hasim.protocol.messages import Request
from hasim.units import MS, SECOND
from tests.protocol.ipfail_bench import (
    GATEWAY,
    Bench,
    asks,
    joins,
    link,
    message,
    status,
)

ASK = ["Asking other side for ping node count.", "Message [num_ping] sent."]
FOUND = f"Found ping node {GATEWAY}!"
TOLD = "Giving up because we were told that we have less ping nodes."
DELAY = "Delayed giveup in 2 seconds."
DESTROYED = "giveup timeout has been destroyed."
OVERRIDE = ["Detected existing delay timer, overriding", DESTROYED]
BALANCED = ["Ping node count is balanced.", "Abort message sent."]
FIRE = "giveup() called (timeout worked)"


def victim() -> Bench:
    """Return a process in its main loop whose ping node is dead."""
    bench = Bench().running()
    bench.alive[GATEWAY] = False
    return bench


# ---- start --------------------------------------------------------------------------------------


def test_the_start_of_3_0_6_says_its_lines_in_the_recorded_order() -> None:
    bench = Bench()
    bench.take(bench.machine.started(0))
    bench.serve_all()
    assert bench.said == [
        "PID=77",
        "Signing in with heartbeat",
        "[We are a]",
        "auto_failback -> 1 (on)",
        "Setting message filter mode",
        "Starting node walk",
        f"Cluster node: {GATEWAY}: status: ping",
        "Cluster node: b: status: active",
        "[They are b]",
        "Cluster node: a: status: active",
        "Setting message signal",
        "Waiting for messages...",
    ]


def test_the_start_of_3_0_6_costs_six_requests() -> None:
    bench = Bench()
    bench.take(bench.machine.started(0))
    assert bench.serve_all() == 6
    assert [r.what for r in bench.requests] == [
        "resources", "parameter", "parameter", "filter", "node list", "signal"
    ]  # fmt: skip


@pytest.mark.parametrize("pings", [(), (GATEWAY,), ("g", "h", "i")])
def test_the_start_of_2_0_8_costs_six_requests_and_two_for_every_node(
    pings: tuple[str, ...],
) -> None:
    bench = Bench(pings, single=True)
    bench.take(bench.machine.started(0))
    assert bench.serve_all() == 6 + 2 * (2 + len(pings))
    assert bench.machine.state.other == "b"
    assert bench.said[-1] == "Waiting for messages..."


def test_auto_failback_off_is_said_and_kept() -> None:
    bench = Bench(failback="off")
    bench.take(bench.machine.started(0))
    bench.serve_all()
    assert "auto_failback -> 0 (off)" in bench.said
    assert not bench.machine.state.auto_failback


def test_without_managed_resources_it_leaves_for_good() -> None:
    bench = Bench()
    bench.words["resources"] = ""
    bench.take(bench.machine.started(0))
    bench.serve()
    assert bench.said[-1] == "No managed resources"
    assert bench.end == Quit(NO_RESPAWN)
    assert bench.machine.deadline is None


def test_under_legacy_failback_it_leaves_for_good() -> None:
    bench = Bench(failback="legacy")
    bench.take(bench.machine.started(0))
    bench.serve_all()
    assert bench.said[-2:] == ["[We are a]", "auto_failback set to incompatible legacy option."]
    assert bench.end == Quit(NO_RESPAWN)


def test_the_last_other_node_of_the_list_is_the_other_side() -> None:
    bench = Bench()
    bench.take(bench.machine.started(0))
    while bench.machine.state.step != "walk":
        bench.serve()
    request = bench.machine.state.waiting
    assert request is not None
    rows = (("c", "normal", "up"), ("a", "normal", "up"), ("d", "normal", "up"))
    bench.take(bench.machine.answered(0, Answer(request, rows)))
    assert bench.machine.state.other == "d"
    assert [s for s in bench.said if "They are" in s] == ["[They are c]", "[They are d]"]


# ---- events and messages ------------------------------------------------------------------------


def test_the_death_of_a_node_is_only_counted() -> None:
    bench = Bench().running()
    bench.tell(status("b", "dead"))
    bench.serve_all()
    assert bench.said == [
        "Status update: Node b now has status dead",
        FOUND,
        "NS: We are still alive!",
    ]
    assert not bench.sent


def test_the_death_of_the_only_ping_node_is_only_counted() -> None:
    bench = victim()
    bench.tell(status(GATEWAY, "dead"))
    bench.serve_all()
    assert bench.said[1:] == ["NS: We are dead. :<"]
    assert not bench.sent


@pytest.mark.parametrize("word", ["init", "up", "active"])
def test_another_status_of_a_node_is_only_said(word: str) -> None:
    bench = Bench().running()
    bench.tell(status("b", word))
    assert bench.said == [f"Status update: Node b now has status {word}"]
    assert not bench.requests


def test_a_ping_node_that_comes_up_makes_it_ask() -> None:
    bench = Bench().running()
    bench.tell(message("NS_st", GATEWAY, "ping"))
    bench.serve_all()
    assert bench.said == [
        f"Status update: Node {GATEWAY} now has status ping",
        "A ping node just came up.",
        FOUND,
        *ASK,
    ]
    assert bench.sent == [("num_ping_nodes", "b", {"num_ping": "1"})]


def test_a_dead_link_with_ping_nodes_left_makes_it_ask_and_check() -> None:
    bench = Bench().running()
    bench.tell(link("b", "eth0", "dead"))
    bench.serve_all()
    assert bench.said == [
        "Link Status update: Link b/eth0 now has status dead",
        FOUND,
        *ASK,
        "Checking remote count of ping nodes.",
    ]
    assert bench.sent == [("num_ping_nodes", "b", {"num_ping": "1"})]


def test_a_dead_link_without_ping_nodes_makes_it_ask_with_nothing() -> None:
    bench = victim()
    bench.tell(link("b", "eth0", "dead"))
    bench.serve_all()
    assert bench.said[1:] == ["We are dead. :<", *ASK]
    assert bench.sent == [("num_ping_nodes", "b", {"num_ping": "0"})]


def test_a_link_that_comes_up_is_only_said() -> None:
    bench = Bench().running()
    bench.tell(link("a", "eth0", "up"))
    assert bench.said == ["Link Status update: Link a/eth0 now has status up"]
    assert not bench.requests


def test_the_join_of_the_other_ipfail_makes_it_ask() -> None:
    bench = Bench().running()
    bench.tell(joins("b"))
    bench.serve_all()
    assert bench.said == ["Got join message from another ipfail client. (b)", FOUND, *ASK]


def test_other_joins_and_leavings_are_nothing_to_it() -> None:
    bench = Bench().running()
    bench.tell(joins("a"), joins("b", "cl_status"), joins("b", what="leave"))
    assert not bench.said
    assert not bench.requests


def test_every_ping_node_counts() -> None:
    bench = Bench(("g", "h", "i")).running()
    bench.alive["h"] = False
    bench.tell(link("b", "eth0", "dead"))
    bench.serve_all()
    assert bench.sent == [("num_ping_nodes", "b", {"num_ping": "2"})]


# ---- verdicts -----------------------------------------------------------------------------------


def test_with_more_ping_nodes_it_tells_the_other_side() -> None:
    bench = Bench().running()
    bench.tell(asks(0))
    bench.serve_all()
    assert bench.said == [
        "Got asked for num_ping.",
        FOUND,
        "Telling other node that we have more visible ping nodes.",
        "Sending you_are_dead.",
        "Message [you_are_dead] sent.",
    ]
    assert bench.sent == [("you_are_dead", "b", {})]


def test_with_fewer_ping_nodes_it_gives_up_after_the_delay() -> None:
    bench = victim()
    bench.tell(asks(1))
    bench.serve_all()
    assert bench.said == [
        "Got asked for num_ping.",
        "Giving up because we have less visible ping nodes.",
        DELAY,
    ]
    assert bench.machine.state.giveup_set == "all"


def test_when_told_it_gives_up_after_the_delay() -> None:
    bench = Bench().running()
    bench.tell(message("you_are_dead"))
    assert bench.said == [TOLD, DELAY]
    assert not bench.requests


def test_balanced_under_auto_failback_gives_up_the_foreign_resources() -> None:
    bench = Bench().running()
    bench.tell(asks(1))
    assert bench.serve_all() == 2
    assert bench.said[2:] == [*BALANCED, "Giving up foreign resources (auto_failback).", DELAY]
    assert bench.machine.state.giveup_set == "foreign"
    assert bench.sent == [("abort_giveup", "b", {})]


def test_balanced_without_auto_failback_moves_nothing() -> None:
    bench = Bench(failback="off").running()
    bench.tell(asks(1))
    assert bench.serve_all() == 1
    assert bench.said[2:] == BALANCED
    assert bench.machine.state.giveup_due is None


def test_balanced_during_a_transition_moves_nothing() -> None:
    bench = Bench().running()
    bench.words["resources"] = "transition"
    bench.tell(asks(1))
    assert bench.serve_all() == 2
    assert bench.said[2:] == BALANCED
    assert bench.machine.state.giveup_due is None


def test_balanced_while_the_own_timer_runs_only_aborts_it() -> None:
    bench = Bench().running()
    bench.tell(message("you_are_dead"), asks(1))
    bench.forget()
    assert bench.serve_all() == 1
    assert bench.said == [FOUND, *BALANCED, "Aborted delayed giveup (3)", DESTROYED]
    assert bench.machine.state.giveup_due is None


# ---- the delay ----------------------------------------------------------------------------------


def test_after_twice_keepalive_it_asks_for_standby() -> None:
    bench = Bench().running()
    bench.tell(message("you_are_dead"))
    bench.forget()
    bench.until(2 * SECOND - 1)
    assert not bench.said
    bench.until(2 * SECOND)
    assert bench.said == [FIRE]
    bench.serve()
    assert bench.said == [FIRE, "Message [ask_resources] sent.", DESTROYED]
    assert bench.sent == [("ask_resources", None, {"rsc_hold": "all", "info": "me"})]


def test_a_new_verdict_replaces_the_set_and_restarts_the_delay() -> None:
    bench = Bench().running()
    bench.tell(asks(1))
    bench.serve_all()
    bench.until(SECOND)
    bench.forget()
    bench.tell(message("you_are_dead"))
    assert bench.said == [TOLD, DELAY, *OVERRIDE]
    bench.until(3 * SECOND - 1)
    assert FIRE not in bench.said
    bench.until(3 * SECOND)
    bench.serve()
    assert bench.sent == [("ask_resources", None, {"rsc_hold": "all", "info": "me"})]


def test_the_words_of_the_delay_are_whole_seconds() -> None:
    bench = Bench()
    bench.words["keepalive"] = "700ms"
    bench.running()
    bench.tell(message("you_are_dead"))
    assert bench.said == [TOLD, "Delayed giveup in 1 seconds."]
    assert bench.machine.state.giveup_due == 1400 * MS


def test_a_timer_slips_by_what_the_setting_says() -> None:
    bench = Bench().running()
    object.__setattr__(bench.setting, "slip", lambda number: number * 3 * MS)
    bench.tell(message("you_are_dead"), message("you_are_dead"))
    assert bench.machine.state.giveup_due == 2 * SECOND + 6 * MS


def test_the_tag_of_an_abort_counts_the_timers_of_the_process() -> None:
    bench = Bench().running()
    for _ in range(2):
        bench.tell(message("you_are_dead"), message("abort_giveup"))
    bench.tell(message("you_are_dead"), message("you_are_dead"), message("abort_giveup"))
    aborted = [s for s in bench.said if s.startswith("Aborted")]
    assert aborted == [f"Aborted delayed giveup ({tag})" for tag in (3, 4, 6)]


def test_an_abort_without_a_timer_is_said() -> None:
    bench = Bench().running()
    bench.tell(message("abort_giveup"))
    assert bench.said == ["No giveup timer to abort."]


def test_an_aborted_delay_never_fires() -> None:
    bench = Bench().running()
    bench.tell(message("you_are_dead"), message("abort_giveup"))
    bench.wait(60)
    assert FIRE not in bench.said


# ---- requests -----------------------------------------------------------------------------------


def test_a_count_costs_one_request_in_3_0_6() -> None:
    bench = Bench(("g", "h")).running()
    bench.tell(status("b", "dead"))
    assert bench.serve_all() == 1


def test_a_count_costs_one_request_and_one_for_every_node_in_2_0_8() -> None:
    bench = Bench(("g", "h"), single=True).running()
    bench.alive["g"] = False
    bench.tell(link("b", "eth0", "dead"))
    assert bench.serve_all() == 1 + 4
    assert [(r.what, r.arg) for r in bench.requests] == [
        ("node list", ""),
        ("node status", "g"),
        ("node status", "h"),
        ("node status", "b"),
        ("node status", "a"),
    ]
    assert bench.sent == [("num_ping_nodes", "b", {"num_ping": "1"})]


def test_an_answer_that_nobody_waits_for_is_ignored() -> None:
    bench = Bench().running()
    bench.take(bench.machine.answered(0, Answer(Request("ipfail", "resources"), "all")))
    bench.tell(status("b", "dead"))
    bench.take(bench.machine.answered(0, Answer(Request("ipfail", "resources"), "all")))
    assert bench.machine.state.waiting == Request("ipfail", "node list")


# ---- causes -------------------------------------------------------------------------------------


def test_the_first_line_of_a_handler_names_what_it_is_about() -> None:
    bench = Bench().running()
    bench.tell(link("b", "eth0", "dead", tag=41), status("b", "up", tag=42))
    bench.serve_all()
    why = [h.why for h in bench.happened]
    assert why == [41, None, None, None, None, 42]


def test_the_end_of_the_delay_follows_from_the_line_that_announced_it() -> None:
    bench = Bench().running()
    bench.tell(message("you_are_dead", tag=5))
    bench.machine.state.armed = 12
    bench.until(2 * SECOND)
    fired = [h for h in bench.happened if isinstance(h.event, IpfailFire)]
    assert [h.why for h in fired] == [12]


def test_what_it_finds_unread_at_a_tick_starts_its_delay_then() -> None:
    bench = Bench().running()
    bench.machine.deliver(message("you_are_dead"))
    bench.until(bench.now)
    assert bench.machine.state.giveup_due == bench.now + 2 * SECOND
