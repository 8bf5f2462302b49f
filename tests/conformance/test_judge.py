"""All recordings and the judge, where they are at hand beside the project."""

from __future__ import annotations

import importlib.util
from collections.abc import Iterable
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from hasim.conform import Recording, Report, check, not_conditionable, replay_of
from hasim.conform.align import align
from hasim.conform.judge import raw_recordings, run_folders
from hasim.conform.runs import simulated_events, trace_of
from hasim.units import SECOND

pytestmark = pytest.mark.slow

MEMBERSHIP = frozenset(
    "client-start comm-up daemon-up link-dead link-up node-dead node-status partition-return "
    "restart-seen status-local".split()
)
GIVES_UP = frozenset(
    "client-exit config-unchanged fence-ask reboot-asked rm-kill shutdown-begin"
    " shutdown-delayed".split()
)


@pytest.fixture(scope="module")
def report(shared: Path) -> Report:
    return check([str(shared / "traces")], str(shared / "conform"), tests="AD", jobs=2)


@pytest.fixture(scope="module")
def raw(shared: Path) -> list[Recording]:
    return raw_recordings(run_folders([shared / "traces"]), shared / "conform")


def _bound() -> ModuleType:
    spec = importlib.util.spec_from_file_location("bound", Path(__file__).with_name("bound.py"))
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_every_recording_that_can_be_conditioned_is_replayed_within_the_bars(
    report: Report,
) -> None:
    assert len(report.results) >= 430
    assert report.missed == (), report.figures


def test_the_judge_sees_every_run_and_no_more_odd_pins_than_before(report: Report) -> None:
    """Facts are left or missing where a replay decides otherwise than the recording.

    Both bounds lie above what the judge allows, 5 % of the runs each.
    """
    assert report.verdict is not None
    a = report.verdict["A"]
    assert a["runs"] == len(report.results)
    assert not a["absent"]
    assert a["bad_pins"] <= 0.34 * a["runs"]
    assert a["overfull"] <= 0.07 * a["runs"]


def test_the_judge_finds_ties_at_deadtime_as_often_early_as_recorded(report: Report) -> None:
    assert report.verdict is not None
    early = report.verdict["A"]["early"]
    assert sum(v["n"] for v in early.values()) > 80
    assert all(v["p"] >= 0.001 for v in early.values()), early


def test_the_judge_counts_no_fewer_exact_events_than_before(report: Report) -> None:
    """Sequences are equal in fewer runs since those with fencing and stops are among them."""
    assert report.verdict is not None
    a = report.verdict["A"]
    assert a["exact"] >= 0.78
    assert a["wrong"] <= 0.165
    assert a["equal"] >= 0.20


def test_the_judge_finds_the_lines_of_the_recordings_and_few_others(report: Report) -> None:
    assert report.verdict is not None
    d = report.verdict["D"]
    assert d["recall"] >= 0.97
    assert d["precision"] >= 0.98


def test_links_and_nodes_alone_agree_until_somebody_gives_up(raw: list[Recording]) -> None:
    """Membership as it was compared before there were resources or fencing; no tie is told."""
    runs = [r for r in raw if not not_conditionable(r)]
    same = events = odd = 0
    for recording in runs:
        gives_up = [e["t"] for e in recording.events if e["kind"] in GIVES_UP]
        # Which way a stopped daemon goes on is a tie of its own, and not told here.
        gives_up += [f["t"] for f in recording.pins["faults"] if f["do"] == "stop_signal"]
        end = min([*gives_up, recording.duration]) - 0.6
        replay = replay_of(recording)
        world = replay.world()
        world.run(round(end * SECOND))
        made = simulated_events(recording, trace_of(replay, world))
        both = align(_membership(recording.events, end), _membership(made, end))
        lost = len(both.missing) + len(both.extra)
        same, odd, events = same + (not lost), odd + lost, events + len(both.pairs) + lost
    assert len(runs) >= 430
    assert events > 13_000
    assert same >= 0.90 * len(runs)
    assert odd <= 0.006 * events


def _membership(events: Iterable[dict[str, Any]], end: float) -> list[dict[str, Any]]:
    return [e for e in events if e["role"] == "mcp" and e["kind"] in MEMBERSHIP and e["t"] < end]


def test_no_replay_could_meet_equal_sequences_in_most_runs(raw: list[Recording]) -> None:
    """Own links and ping links alone, without any peer, differ between starts told the same."""
    figures = _bound().bound(raw)
    assert figures["lives"] > 900
    assert figures["lives met"] < 0.80
    assert figures["runs met"] < 0.65
