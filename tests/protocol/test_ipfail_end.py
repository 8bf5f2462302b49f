"""ipfail after its delay: need_standby, and how it ends (semantics 11.6, 6.3)."""

from __future__ import annotations

import pytest

from hasim.protocol import Message, Request
from hasim.protocol.ipfail import NEED_STANDBY_SLEEP, Quit
from hasim.units import MS, SECOND
from tests.protocol.ipfail_bench import GATEWAY, Bench, asks, link, message, resource, status

ASK = ["Asking other side for ping node count.", "Message [num_ping] sent."]
FIRE = "giveup() called (timeout worked)"
DESTROYED = "giveup timeout has been destroyed."


def victim() -> Bench:
    """Return a process in its main loop whose ping node is dead."""
    bench = Bench().running()
    bench.alive[GATEWAY] = False
    return bench


# ---- need_standby -------------------------------------------------------------------------------


def needing() -> Bench:
    """Return a process whose timer has fired during a transition."""
    bench = victim()
    bench.tell(message("you_are_dead"))
    bench.words["resources"] = "transition"
    bench.wait(2)
    assert bench.said[-2:] == [FIRE, DESTROYED]
    assert not bench.sent
    bench.forget()
    return bench


def test_need_standby_sleeps_and_compares_when_the_other_side_is_stable() -> None:
    bench = needing()
    bench.tell(resource("0", info="standby"))
    bench.until(5 * SECOND)
    bench.tell(resource("1"))
    assert bench.heard() == ["Other side is unstable.", "Other side is now stable."]
    bench.until(5 * SECOND + NEED_STANDBY_SLEEP - 1)
    assert not bench.requests
    bench.until(5 * SECOND + NEED_STANDBY_SLEEP)
    bench.serve()
    assert bench.said == ASK
    assert bench.sent == [("num_ping_nodes", "b", {"num_ping": "0"})]


def test_need_standby_is_satisfied_once() -> None:
    bench = needing()
    bench.tell(resource("1"))
    bench.wait(10)
    bench.forget()
    bench.tell(resource("1"))
    assert bench.said == ["Other side is now stable."]
    assert bench.machine.state.sleep_due is None


def test_what_comes_during_the_sleep_is_handled_after_it() -> None:
    bench = needing()
    bench.tell(resource("1"))
    bench.until(4 * SECOND)
    bench.tell(status("b", "up"), message("abort_giveup"))
    bench.forget()
    bench.wait(10)
    assert bench.said == [
        *ASK,
        "Status update: Node b now has status up",
        "No giveup timer to abort.",
    ]


@pytest.mark.parametrize(
    "one",
    [resource("1", node="a"), resource("0", node="a"), message("resource", rsc_hold="all")],
    ids=["own stable", "own unstable", "without a word of stability"],
)
def test_resource_messages_that_say_nothing_to_it(one: Message) -> None:
    bench = needing()
    bench.tell(one)
    assert not bench.said
    assert bench.machine.state.sleep_due is None


def test_a_stable_resource_message_with_info_is_passed_over() -> None:
    bench = needing()
    bench.tell(resource("1", info="mach_down"))
    assert not bench.said
    bench.tell(resource("0", info="shutdown"))
    assert bench.said == ["Other side is unstable."]


# ---- the end ------------------------------------------------------------------------------------


def test_sigterm_ends_it_at_its_next_tick() -> None:
    bench = Bench().running()
    bench.until(300 * MS)
    bench.take(bench.machine.terminated(bench.now))
    assert bench.end is None
    bench.until(SECOND - 1)
    assert bench.end is None
    bench.until(SECOND)
    assert bench.end == Quit(0)
    assert [r.what for r in bench.requests] == ["sign off"]
    assert bench.machine.state.phase == "ended"
    assert bench.machine.deadline is None


def test_sigterm_before_it_has_a_handler_kills_it_at_once() -> None:
    bench = Bench()
    bench.take(bench.machine.started(0))
    bench.serve()
    bench.take(bench.machine.terminated(0))
    assert bench.end == Quit(signal=15)
    assert bench.machine.state.phase == "ended"


def test_sigterm_between_handler_and_main_loop_waits_for_the_first_tick() -> None:
    bench = Bench()
    bench.take(bench.machine.started(0))
    while bench.machine.state.step != "signal":
        bench.serve()
    bench.take(bench.machine.terminated(0))
    assert bench.end is None
    bench.serve()
    bench.until(SECOND)
    assert bench.end == Quit(0)


def test_sigterm_while_it_counts_waits_for_the_answer() -> None:
    bench = Bench().running()
    bench.tell(link("b", "eth0", "dead"))
    bench.take(bench.machine.terminated(0))
    bench.until(5 * SECOND)
    assert bench.end is None
    bench.serve()
    bench.until(5 * SECOND)
    assert "Checking remote count of ping nodes." in bench.said
    assert bench.end == Quit(0)


def test_sigterm_cuts_the_sleep_short() -> None:
    bench = needing()
    bench.tell(resource("1"))
    bench.until(4 * SECOND)
    bench.take(bench.machine.terminated(bench.now))
    bench.serve()
    assert bench.sent[-1][0] == "num_ping_nodes"
    bench.until(5 * SECOND)
    assert bench.end == Quit(0)


def test_its_delay_may_still_run_out_between_sigterm_and_tick() -> None:
    bench = Bench().running()
    bench.until(300 * MS)
    bench.tell(message("you_are_dead"))
    bench.until(2200 * MS)
    bench.take(bench.machine.terminated(bench.now))
    bench.wait(5)
    assert bench.sent == [("ask_resources", None, {"rsc_hold": "all", "info": "me"})]
    assert bench.end == Quit(0)


def test_a_tick_that_is_late_starts_the_count_of_ticks_anew() -> None:
    """It came while an answer was waited for; the next follows a whole second later (11.2)."""
    bench = Bench().running()
    bench.now = 300 * MS
    bench.tell(asks(1))
    bench.now = 1400 * MS
    bench.serve_all()
    bench.until(bench.now)
    bench.now = 1500 * MS
    bench.take(bench.machine.terminated(bench.now))
    assert bench.machine.deadline == 2400 * MS


def test_it_signs_off_under_its_own_name() -> None:
    bench = Bench().running()
    bench.take(bench.machine.terminated(bench.now))
    bench.wait(1)
    assert bench.requests == [Request("ipfail", "sign off")]
    assert bench.end == Quit(0)
