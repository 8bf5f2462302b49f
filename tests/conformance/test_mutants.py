"""Every mutant of the simulator is caught by a recording; the simulator itself passes the bars."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, partial
from pathlib import Path

import pytest

from hasim.conform import Recording, compare_events, load_recording, replay_of
from hasim.conform.runs import simulated_events
from hasim.conform.runs import trace_of as trace_of_replay
from hasim.events import LinkDead
from hasim.units import SECOND
from tests.conformance.mutants import MUTANTS
from tests.protocol import test_liveness, test_resources
from tests.world import test_scripts_kernel

DATA = Path(__file__).parent.parent / "data" / "recordings"

#: Most wrong events, most that are not exact, most bad pins.
BARS: dict[str, tuple[int, int, int]] = {
    "03b-primary-joins-on": (2, 15, 0),
    "03c-primary-joins-off": (4, 5, 0),
    "05a-pull-public": (43, 73, 0),
    "06a-power-off": (6, 42, 0),
    "08c-isolate-heal-both": (75, 137, 1),
    "10c-hang-8s": (15, 97, 2),
    "12a-backup-then-primary-lose-ping": (46, 73, 0),
    "16a-standby-takeover": (39, 47, 0),
    "16f-standby-peer-absent": (0, 0, 0),
    "17a-aa-power-off": (31, 38, 1),
    "18b-start-fails-takeover": (33, 36, 0),
    "18c-stop-fails": (45, 171, 2),
    "20-initdead-30": (0, 0, 0),
}
#: The recordings that catch a mutant.
CATCHERS: dict[str, tuple[str, ...]] = {
    "packets wake the master": (
        "10c-hang-8s",
        "06a-power-off",
    ),
    "no RQSTDELAY": (
        "06a-power-off",
        "08c-isolate-heal-both",
    ),
    "deadtime own instead of announced": ("10c-hang-8s",),
    "standby reply within 5 s": ("16f-standby-peer-absent",),
    "no restart at heal": (
        "08c-isolate-heal-both",
        "10c-hang-8s",
    ),
    "restart 1 s after heal": (
        "10c-hang-8s",
        "08c-isolate-heal-both",
    ),
    "restart sleeps D": ("10c-hang-8s",),
    "script queue waits for nobody": ("10c-hang-8s",),
    "initdead ignored": (
        "20-initdead-30",
        "16f-standby-peer-absent",
    ),
    "limits not strict": (
        "10c-hang-8s",
        "18b-start-fails-takeover",
    ),
    "late heartbeats are never late": (
        "10c-hang-8s",
        "08c-isolate-heal-both",
    ),
    "ipfail delay 2K + 1 s": (
        "10c-hang-8s",
        "06a-power-off",
    ),
    "ipfail delay 1K": (
        "05a-pull-public",
        "06a-power-off",
    ),
    "ipfail counts at the event": (
        "05a-pull-public",
        "06a-power-off",
    ),
    "claims kept in a standby": ("16a-standby-takeover",),
    "takeover without own groups": (
        "10c-hang-8s",
        "16f-standby-peer-absent",
    ),
    "mach_down unheard": (
        "10c-hang-8s",
        "08c-isolate-heal-both",
    ),
    "no failback": (
        "06a-power-off",
        "03b-primary-joins-on",
    ),
    "failback in spite of off": (
        "18c-stop-fails",
        "03c-primary-joins-off",
    ),
    "loop-back in order": (
        "17a-aa-power-off",
        "12a-backup-then-primary-lose-ping",
    ),
    "no inflation at restart": ("10c-hang-8s",),
    "stop tried 5 times": ("18c-stop-fails",),
    "standby at once after a failed start": ("18b-start-fails-takeover",),
    "no takeover": (
        "03b-primary-joins-on",
        "06a-power-off",
    ),
    "own groups whatever the other claims": (
        "06a-power-off",
        "03b-primary-joins-on",
    ),
    "shutdown steps at once": (
        "10c-hang-8s",
        "08c-isolate-heal-both",
    ),
    "no answers of ping nodes": (
        "10c-hang-8s",
        "05a-pull-public",
    ),
    "gaps not noticed": (
        "16a-standby-takeover",
        "05a-pull-public",
    ),
}
#: No recording of the selection shows the difference (all nodes there announce one deadtime, no
#: outside client is compared, no failback is put off): the test of the law catches these.
LAWS: dict[str, Callable[[], None]] = {
    "link limit from the own node": partial(
        test_liveness.test_links_die_by_the_limit_of_the_last_node_of_the_table, 3, LinkDead
    ),
    "no inflation at start": partial(
        test_liveness.test_a_starting_node_announces_two_seconds_more_than_its_deadtime, "3.0.6"
    ),
    "no ARP announced": partial(
        test_scripts_kernel.test_an_address_is_announced_for_a_while, "IPaddr", 10, 0.5
    ),
    "failback retried after 5 s": (
        test_resources.test_a_failback_that_cannot_be_yet_is_tried_each_second
    ),
}


@cache
def _recording(name: str) -> Recording:
    return load_recording(DATA / f"{name}.01.json.gz")


def figures(name: str) -> tuple[int, int, int]:
    """Replay a recording, without telling any tie, and count what disagrees."""
    recording = _recording(name)
    replay = replay_of(recording)
    end = round(recording.duration * SECOND)
    world, pins = replay.watched()
    world.run(end)
    events = simulated_events(recording, trace_of_replay(replay, world))
    result = compare_events(recording, events, pins.fared(replay.unknown, end))
    return result.counts["wrong"], result.events - result.counts["exact"], result.bad_pins


def misses(name: str) -> bool:
    """Tell whether a recording misses a bar."""
    return any(n > bar for n, bar in zip(figures(name), BARS[name], strict=True))


@pytest.mark.parametrize("name", sorted(BARS))
def test_the_simulator_itself_passes(name: str) -> None:
    assert not misses(name), figures(name)


@pytest.mark.parametrize("mutant", sorted(CATCHERS))
def test_a_mutant_is_caught_by_each_recording_named(
    mutant: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    MUTANTS[mutant](monkeypatch)
    assert [name for name in CATCHERS[mutant] if not misses(name)] == []


@pytest.mark.parametrize("mutant", sorted(LAWS))
def test_a_mutant_that_no_recording_shows_breaks_the_test_of_its_law(
    mutant: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    LAWS[mutant]()
    MUTANTS[mutant](monkeypatch)
    with pytest.raises(AssertionError):
        LAWS[mutant]()


def test_every_mutant_is_caught() -> None:
    assert len(MUTANTS) > 30
    assert set(CATCHERS) | set(LAWS) == set(MUTANTS)
    assert not set(CATCHERS) & set(LAWS)
