"""The monitors say the same of a recording as of the simulation that follows it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import pytest

from hasim.conform import Recording, load_recording, replay_of, replayed
from hasim.conform.facts import OBSERVABLE, verdict_of
from hasim.conform.judge import raw_recordings, run_folders
from hasim.monitors import Violation
from hasim.run import Run
from hasim.run.service import parts_of
from hasim.scenario import Scenario
from hasim.search import KNOWN, known_behaviour
from hasim.site.devices import fencible
from hasim.trace import Trace
from hasim.units import SECOND

DATA = Path(__file__).parent.parent / "data"
RECORDINGS = sorted(DATA.glob("recordings/*.json.gz"))
FOUND = sorted(DATA.glob("found/*.json.gz"))


def properties(violations: Iterable[Violation]) -> list[str]:
    return sorted({v.property for v in violations})


def both(recording: Recording) -> tuple[tuple[Violation, ...], tuple[Violation, ...]]:
    """What is said of the recording, and of its replay."""
    replay = replay_of(recording)
    return verdict_of(recording.events, replay), verdict_of(replayed(recording).events, replay)


@pytest.mark.parametrize("path", [*RECORDINGS, *FOUND], ids=lambda p: p.name.split(".")[0])
def test_a_recording_and_its_replay_violate_the_same(path: Path) -> None:
    recorded, simulated = both(load_recording(path))
    assert properties(recorded) == properties(simulated)
    for one, other in zip(recorded, simulated, strict=True):
        assert abs(one.at - other.at) < 1.2 * SECOND
        assert (one.until is None) == (other.until is None)


def test_some_recordings_violate_what_can_be_seen_and_most_do_not() -> None:
    bad = {}
    for path in (*RECORDINGS, *FOUND):
        recording = load_recording(path)
        if found := verdict_of(recording.events, replay_of(recording)):
            bad[recording.name] = properties(found)
    assert bad["09a-kill-master"] == ["at-most-one-mounter", "at-most-one-vip-holder"]
    assert bad["18k-slow-start-takeover-return"] == ["resources-in-order"]
    assert "06c-power-off-stonith" not in bad
    assert {name for names in bad.values() for name in names} == set(OBSERVABLE)
    assert len(bad) < len(RECORDINGS) / 3


def test_a_node_that_has_told_nothing_is_not_fenced_as_recorded() -> None:
    """Predicted by a search, then recorded: both nodes serve although STONITH works."""
    recording = load_recording(DATA / "found" / "08k-isolate-at-start-stonith.01.json.gz")
    (gave_up,) = {e["kind"] for e in recording.events if e["kind"] in ("dead-gave-up", "fence-ask")}
    assert gave_up == "dead-gave-up"
    assert known(recording) == {"held-nothing-so-not-fenced"}


def test_a_node_back_during_a_takeover_gets_what_is_being_started_as_recorded() -> None:
    """Predicted by a search, then recorded: the last service is started on both nodes."""
    recording = load_recording(DATA / "found" / "18k-slow-start-takeover-return.01.json.gz")
    started = [
        (e["node"], e["args"]["args"])
        for e in recording.events
        if e["kind"] == "rsc-end" and e["args"]["op"] == "start" and e["t"] > 30
    ]
    assert {("node1", "b"), ("node2", "b")} <= set(started)
    assert not any(e["kind"] == "rsc-begin" and e["t"] > 56 for e in recording.events)
    assert known(recording) == {"released-while-being-started"}


def test_a_standby_while_the_own_group_still_starts_leaves_it_on_both_as_recorded() -> None:
    """Predicted by a search, then recorded: an order of the operator's alone is enough."""
    recording = load_recording(DATA / "found" / "16k-standby-during-acquisition.01.json.gz")
    began = [
        (e["node"], e["args"]["op"])
        for e in recording.events
        if e["kind"] == "rsc-begin" and e["args"]["args"] == "b" and e["args"]["op"] != "status"
    ]
    assert began == [("node1", "stop"), ("node2", "start"), ("node1", "start")]
    assert known(recording) == {"released-while-being-started"}


def test_a_node_whose_peer_dies_before_it_is_active_may_serve_nothing_as_recorded() -> None:
    """Predicted by a matrix, then recorded: its own group is nobody's, and nobody is amiss."""
    recording = load_recording(DATA / "found" / "06k-power-off-before-active.01.json.gz")
    for events in (recording.events, replayed(recording).events):
        kinds = [e["kind"] for e in events if e["node"] == "node1" and e["t"] > 6]
        assert kinds.count("acquire-own-done") == 2
        assert "comm-up" in kinds
        assert kinds.index("mach-down-complete") < kinds.index("comm-up")
        assert not {"resp", "group-acquire", "vip-up", "mount"} & set(kinds)


def test_the_return_of_the_peer_does_not_start_what_was_asked_for_in_vain_as_recorded() -> None:
    recording = load_recording(DATA / "found" / "06l-power-off-before-active-return.06.json.gz")
    kinds = [(e["node"], e["kind"]) for e in recording.events if e["t"] > 6]
    assert ("node1", "acquire-own-done") in kinds
    assert ("node2", "standby-acquired") in kinds
    assert not any(kind in ("group-acquire", "resp") for _, kind in kinds)
    assert not any(
        e["kind"] == "rsc-begin" and "start" in e["args"].values() for e in recording.events
    )


def known(recording: Recording) -> set[str]:
    """The names of what a replay's violations are known as."""
    replay, run = replay_of(recording), replayed(recording)
    violations = verdict_of(run.events, replay)
    end = round(recording.duration * SECOND)
    fenced = fencible(replay.site, replay.configs)
    groups = parts_of(replay.haresources, replay.site)
    header = replace(run.trace.header, fencible=fenced, groups=groups)
    asked = Run(Trace(header, run.trace.records), None, Scenario(), 0, end)
    names = [found.name for v in violations if (found := known_behaviour(asked, v))]
    assert len(names) == len(violations)
    return set(names)


def test_every_known_behaviour_names_recordings_that_are_there() -> None:
    here = {path.name.split(".")[0] for path in (*RECORDINGS, *FOUND)}
    for behaviour in KNOWN:
        assert here & set(behaviour.recordings), behaviour.name


@pytest.mark.slow
@pytest.mark.conformance
def test_two_recordings_of_each_scenario_violate_the_same_as_their_replays(shared: Path) -> None:
    folders = [f for f in run_folders([shared / "traces"]) if f.name in ("01", "02")]
    differing, judged = [], 0
    for recording in raw_recordings(folders, shared / "conform"):
        if recording.conditionable:
            judged += 1
            recorded, simulated = both(recording)
            if properties(recorded) != properties(simulated):
                names = properties(recorded), properties(simulated)
                differing.append((recording.name, recording.run, *names))
    assert judged > 150
    assert len(differing) <= judged * 0.02, differing
