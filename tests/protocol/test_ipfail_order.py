"""In which order and rhythm ipfail handles what comes while it is busy (semantics 11.1, 11.3)."""

from __future__ import annotations

import copy
import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hasim.protocol import Message
from hasim.protocol.ipfail import Ipfail, IpfailState
from hasim.units import MS, SECOND
from tests.protocol.ipfail_bench import (
    GATEWAY,
    Bench,
    asks,
    joins,
    link,
    message,
    resource,
    status,
)

#: A kind of message that ipfail has no use for.
USELESS = message("starting")


def told(*words: str) -> list[str]:
    return [f"Status update: Node b now has status {word}" for word in words]


def spoken_of(bench: Bench) -> list[str]:
    return [s for s in bench.said if s.startswith("Status update: Node b")]


def test_what_comes_during_a_count_is_handled_right_after_it_and_in_order() -> None:
    bench = Bench().running()
    bench.tell(status(GATEWAY, "dead"), link("b", "eth0", "dead"), status("b", "up"))
    assert bench.said == [f"Status update: Node {GATEWAY} now has status dead"]
    bench.serve()
    assert bench.heard()[1:] == [
        f"Found ping node {GATEWAY}!",
        "NS: We are still alive!",
        "Link Status update: Link b/eth0 now has status dead",
    ]
    bench.serve()
    assert bench.said[-2:] == ["Checking remote count of ping nodes.", *told("up")]


@pytest.mark.parametrize(("single", "requests"), [(False, 3), (True, 12)])
def test_a_burst_of_three_deaths_costs_three_counts_in_a_row(single: bool, requests: int) -> None:
    bench = Bench(single=single).running()
    bench.alive[GATEWAY] = False
    bench.tell(status(GATEWAY, "dead"), link("b", "eth0", "dead"), link(GATEWAY, GATEWAY, "dead"))
    bench.tell(message("you_are_dead"))
    assert bench.serve_all() == requests
    assert [s for s in bench.said if "dead. :<" in s or "told" in s] == [
        "NS: We are dead. :<",
        "We are dead. :<",
        "We are dead. :<",
        "Giving up because we were told that we have less ping nodes.",
    ]


def test_what_it_has_no_use_for_leaves_what_lies_behind_it_to_the_next_tick() -> None:
    bench = Bench().running()
    bench.tell(link("b", "eth0", "dead"), status("b", "up"), USELESS, status("b", "active"))
    bench.until(200 * MS)
    bench.serve()
    assert spoken_of(bench) == told("up")
    bench.until(SECOND - 1)
    assert spoken_of(bench) == told("up")
    bench.until(SECOND)
    assert spoken_of(bench) == told("up", "active")


def test_one_useless_message_a_tick() -> None:
    bench = Bench()
    bench.take(bench.machine.started(0))
    bench.tell(USELESS, status("b", "up"), USELESS, status("b", "active"), status("b", "dead"))
    bench.serve_all()
    for words in ((), (), ("up",), ("up", "active", "dead"), ("up", "active", "dead")):
        assert spoken_of(bench) == told(*words)
        bench.wait(1)


def test_a_new_message_has_everything_worked_off_before_it() -> None:
    bench = Bench()
    bench.take(bench.machine.started(0))
    bench.tell(USELESS, status("b", "up"))
    bench.serve_all()
    bench.until(300 * MS)
    bench.tell(status("b", "active"))
    # The useless one ends the first round; the new one is still unread, so there is another.
    assert spoken_of(bench) == told("up", "active")


def test_what_comes_while_giveup_asks_waits_for_the_tick() -> None:
    bench = Bench().running()
    bench.until(200 * MS)
    bench.tell(message("you_are_dead"))
    bench.until(2200 * MS)
    bench.tell(message("abort_giveup"))
    bench.until(2600 * MS)
    bench.serve()
    assert bench.said[-1] == "giveup timeout has been destroyed."
    bench.until(3 * SECOND - 1)
    assert bench.said[-1] == "giveup timeout has been destroyed."
    bench.until(3 * SECOND)
    assert bench.said[-1] == "No giveup timer to abort."


def test_a_tick_that_is_due_during_a_count_comes_after_it_and_starts_a_new_rhythm() -> None:
    bench = Bench().running()
    bench.until(800 * MS)
    bench.tell(link("b", "eth0", "dead"), USELESS, status("b", "up"), USELESS, status("b", "dead"))
    bench.until(1300 * MS)
    bench.serve()
    assert spoken_of(bench) == []
    bench.until(1300 * MS)
    assert spoken_of(bench) == told("up")
    bench.until(2300 * MS - 1)
    assert spoken_of(bench) == told("up")
    bench.until(2300 * MS)
    assert spoken_of(bench) == told("up", "dead")


def test_an_idle_process_needs_no_tick() -> None:
    bench = Bench().running()
    assert bench.machine.deadline is None
    bench.tell(status("b", "up"), USELESS)
    assert bench.machine.deadline is None


def test_what_came_while_it_stood_still_is_read_when_it_goes_on() -> None:
    bench = Bench().running()
    bench.now = 5 * SECOND
    for one in (status("b", "dead"), status("b", "active")):
        bench.machine.deliver(one)
    assert bench.machine.deadline == 0
    bench.take(bench.machine.fire(bench.now))
    bench.serve()
    assert spoken_of(bench) == told("dead", "active")


def test_a_delay_that_ran_out_during_a_count_ends_after_it() -> None:
    bench = Bench().running()
    bench.tell(message("you_are_dead"))
    bench.until(1900 * MS)
    bench.tell(link("b", "eth0", "dead"))
    bench.until(2400 * MS)
    assert "giveup() called (timeout worked)" not in bench.said
    bench.serve()
    bench.until(2400 * MS)
    assert bench.said[-1] == "giveup() called (timeout worked)"


# ---- laws ---------------------------------------------------------------------------------------

MESSAGES = st.sampled_from(
    [
        status("b", "dead"),
        status("b", "active"),
        message("NS_st", GATEWAY, "ping"),
        link("b", "eth0", "dead"),
        link("b", "eth0", "up"),
        joins("b"),
        asks(0),
        asks(1),
        asks(2),
        message("you_are_dead"),
        message("abort_giveup"),
        resource("1"),
        resource("0"),
        USELESS,
    ]
)
STEPS = st.lists(
    MESSAGES | st.sampled_from(["serve", "flap", "transit"]) | st.integers(1, 3000), max_size=60
)


def play(bench: Bench, step: Message | str | int) -> None:
    """Let one step happen: a message, an answer, a change of the world, or so many ms."""
    if isinstance(step, Message):
        bench.tell(step)
    elif isinstance(step, int):
        bench.until(bench.now + step * MS)
    elif step == "flap":
        bench.alive[GATEWAY] = not bench.alive[GATEWAY]
    elif step == "transit":
        words = bench.words
        words["resources"] = "local" if words["resources"] == "transition" else "transition"
    elif bench.machine.state.waiting is not None:
        bench.serve()


@given(STEPS, st.booleans())
def test_a_process_taken_apart_and_put_together_goes_on_the_same(
    steps: list[Message | str | int], single: bool
) -> None:
    one, other = Bench(single=single).running(), Bench(single=single).running()
    for step in steps:
        play(one, step)
        play(other, step)
        frozen: IpfailState = pickle.loads(pickle.dumps(other.machine.state))
        assert frozen == other.machine.state
        other.machine = Ipfail(other.setting, copy.deepcopy(frozen))
        assert (one.said, one.sent, one.machine.state) == (
            other.said,
            other.sent,
            other.machine.state,
        )


@given(STEPS, st.booleans())
def test_nothing_is_lost_and_nothing_overtakes(
    steps: list[Message | str | int], single: bool
) -> None:
    bench = Bench(single=single).running()
    given_: list[str] = []
    for number, step in enumerate(steps):
        if isinstance(step, Message) and step.type == "status":
            word = f"{step.status}"
            step = step._replace(origin=f"n{number}")
            given_.append(f"Status update: Node n{number} now has status {word}")
        play(bench, step)
    # Whatever is still put aside is worked off within a tick for each useless message.
    bench.serve_all()
    bench.wait(30 + 25 * len(steps))
    assert [s for s in bench.said if s.startswith("Status update: Node n")] == given_


@given(STEPS)
def test_a_delay_is_always_twice_keepalive_after_its_line(steps: list[Message | str | int]) -> None:
    bench = Bench().running()
    due = None
    for step in steps:
        before = len(bench.said)
        play(bench, step)
        for line in bench.said[before:]:
            if line.startswith("Delayed giveup"):
                due = bench.machine.state.giveup_due
                break
        if bench.machine.state.giveup_due is not None:
            assert bench.machine.state.giveup_due == due
            assert due <= bench.now + 2 * SECOND


@given(STEPS)
def test_every_count_sends_at_most_one_message_and_asks_only_the_other_side(
    steps: list[Message | str | int],
) -> None:
    bench = Bench().running()
    for step in steps:
        play(bench, step)
    counted = sum(r.what == "node list" for r in bench.requests)
    fired = bench.said.count("giveup() called (timeout worked)")
    assert len(bench.sent) <= counted + fired
    assert all((dest is None) == (kind == "ask_resources") for kind, dest, _ in bench.sent)
