"""Timelines: structure of the picture, whatever its pixels."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

import hasim
from hasim import events as ev
from hasim.errors import HasimError
from hasim.monitors import judge
from hasim.render import timeline_svg
from hasim.run import Run
from hasim.trace import Header, Trace
from hasim.units import SECOND
from tests.conftest import ROOT
from tests.render.seen import (
    crossing,
    cut_off,
    of_class,
    parsed,
    row,
    tooltip,
    tooltips,
    words,
)
from tests.run.handmade import Told, acquired, power_lost, trace
from tests.trace.sample import HEADER, sample


@pytest.fixture(scope="module")
def killed(webdata: Path) -> Run:
    """All processes of a node are killed, its resources stay: two mount the disk."""
    return hasim.load(webdata).run(scenario="test5-kill-9")


@pytest.fixture(scope="module")
def both() -> Trace:
    """The second node starts the group while the first has it."""
    told: list[Told] = [
        *acquired("node1", 10),
        (50, None, ev.FaultInjected(0, "50s isolate node1 for 20s")),
        *acquired("node2", 60),
        (70, None, ev.FaultHealed(0, "50s isolate node1 for 20s")),
        (75, None, ev.FaultInjected(1, "75s standby node2")),
        *power_lost("node1", 80),
    ]
    return trace(*told)


def test_the_bands_are_those_of_the_nodes_and_of_what_is_around_them(killed: Run) -> None:
    root = parsed(killed.timeline())
    headings = [words(band)[0] for band in of_class(root, "rows")]
    assert headings == ["node1", "node2", "hardware", "who answers", "outage"]
    labels = [words(r)[0] for r in of_class(of_class(root, "rows")[0], "row")]
    assert labels == [
        "daemon",
        "link node2:eth0",
        "link node2:eth1",
        "sees 192.168.60.1",
        "sees node2",
        "192.168.60.200/24",
        "/webdata",
    ]


def test_every_outage_of_the_run_has_a_bar_with_its_length(killed: Run) -> None:
    root = parsed(killed.timeline())
    told = tooltips(row(root, "192.168.60.200/24/eth0", "outage"), "bar")
    assert len(told) == len(killed.outage) == 1
    assert told == ["192.168.60.200/24/eth0: outage of 1m29s931ms, from 5m30s68ms to the end"]
    only = parsed(timeline_svg(killed.trace, violations=killed.violations))
    assert "outage" not in [words(band)[0] for band in of_class(only, "rows")]


def test_bars_tell_their_state_in_words_and_in_a_tooltip(killed: Run) -> None:
    root = parsed(killed.timeline())
    dead = row(root, "sees node1", "node2")
    assert tooltips(dead, "bar") == [
        "node2: sees node1 active, from 1s923ms to 5m28s993ms",
        "node2: sees node1 dead, from 5m28s993ms to the end",
    ]
    assert "dead" in words(dead)
    answers = row(root, "192.168.60.200", "who answers")
    assert words(answers) == ["192.168.60.200", "node1", "node2"]


def test_violations_are_said_shaded_labelled_and_explained(killed: Run) -> None:
    root = parsed(killed.timeline())
    said = words(root)
    for violation in killed.violations:
        assert violation.sentence in said
        assert str(violation) in said
        assert violation.property in said
        assert str(violation) in tooltips(root, "violation")
    (shade,) = of_class(root, "alarm", "rect")
    rows = of_class(root, "band", "rect")
    assert float(shade.get("height", "")) >= sum(float(r.get("height", "")) for r in rows)


def test_the_rows_that_take_part_in_a_violation_are_outlined_and_no_others(killed: Run) -> None:
    root = parsed(killed.timeline())
    outlined = [
        (words(band)[0], words(found)[0])
        for band in of_class(root, "rows")
        for found in of_class(band, "row")
        if of_class(found, "part", "rect")
    ]
    wanted = ["192.168.60.200/24", "/webdata"]
    assert outlined == [(node, label) for node in ("node1", "node2") for label in wanted]


def test_a_row_whose_end_is_the_evidence_is_outlined_although_nothing_is_there(
    webdata: Path,
) -> None:
    model = hasim.load(webdata.parent / "cts")
    run = model.run(["2m55s fail Filesystem start on node2"], scenario="standby")
    assert [v.property for v in run.violations] == ["every-group-served-once"]
    root = parsed(run.timeline())
    found = row(root, "192.168.60.200/24", "node1")
    assert len(of_class(found, "part", "rect")) == 1
    assert of_class(row(root, "192.168.60.201/24", "node2"), "part", "rect") == []


def test_without_violations_nothing_is_shaded_or_outlined(killed: Run) -> None:
    root = parsed(timeline_svg(killed.trace))
    assert [of_class(root, name, "rect") for name in ("alarm", "part", "cry")] == [[], [], []]
    assert not [w for w in words(root) if "at-most-one" in w]


def test_faults_are_discs_orders_are_squares_and_ends_are_hollow(both: Trace) -> None:
    root = parsed(timeline_svg(both))
    assert tooltips(root, "fault") == [
        "fault 1: 50s isolate node1 for 20s",
        "1m10s: fault 1 ends (50s isolate node1 for 20s)",
    ]
    assert tooltips(root, "order") == ["order 2: 75s standby node2"]
    rects = {kind: of_class(root, kind)[0].find("{*}rect") for kind in ("fault", "order")}
    assert rects["fault"] is not None
    assert rects["order"] is not None
    assert rects["fault"].get("rx") == "7.5"
    assert rects["order"].get("rx") is None
    assert len(of_class(root, "healed", "rect")) == 1
    legend = [words(entry)[1] for entry in of_class(root, "legend")]
    assert legend == ["50s isolate node1 for 20s", "75s standby node2"]


def test_the_legend_says_what_lies_outside_the_window(both: Trace) -> None:
    root = parsed(timeline_svg(both, begin=60 * SECOND, end=70 * SECOND))
    assert [words(entry)[1] for entry in of_class(root, "legend")] == [
        "50s isolate node1 for 20s (before what is shown)",
        "75s standby node2 (after what is shown)",
    ]
    assert tooltips(root, "fault") == ["1m10s: fault 1 ends (50s isolate node1 for 20s)"]
    assert of_class(root, "order") == []


def test_only_what_the_window_shows_is_drawn(both: Trace) -> None:
    root = parsed(timeline_svg(both, begin=0, end=20 * SECOND))
    assert [words(band)[0] for band in of_class(root, "rows")] == ["node1", "node2", "who answers"]
    assert [words(r)[0] for r in of_class(of_class(root, "rows")[1], "row")] == ["daemon"]


def test_a_violation_that_comes_back_has_one_lane(both: Trace) -> None:
    found = [v for v in judge(both.records) if v.property == "at-most-one-vip-holder"]
    again = [found[0], *found]
    root = parsed(timeline_svg(both, violations=again))
    bars = of_class(root, "cry", "rect")
    assert len(bars) == 2
    assert len({bar.get("y") for bar in bars}) == 1
    assert words(root).count("at-most-one-vip-holder") == 1


def test_of_many_violations_the_first_are_shown_and_the_rest_counted(both: Trace) -> None:
    (found, *_) = judge(both.records)
    many = [hasim.monitors.Violation(found.at, f"p{i}", f"Is {i}.", ()) for i in range(11)]
    root = parsed(timeline_svg(both, violations=many))
    assert len(of_class(root, "cry", "rect")) == 8
    assert "... and 3 more violations" in words(root)
    assert "... and 9 more violations, see below" in words(root)
    assert crossing(root) == []


def test_states_too_short_to_be_told_apart_become_one_with_their_number() -> None:
    flips = [ev.LinkDead("node2", "eth0"), ev.LinkUp("node2", "eth0")] * 20
    told: list[Told] = [(50 + i / 100, "node1", event) for i, event in enumerate(flips)]
    root = parsed(timeline_svg(trace(*told, until=3600)))
    link = row(root, "link node2:eth0")
    assert len(of_class(link, "bar")) == 2
    assert tooltip(of_class(link, "many-bar")[0]).startswith("39 states, from 50s to 50s390ms")


@pytest.mark.parametrize("until", [0, 60])
def test_an_empty_trace_is_drawn(until: int) -> None:
    root = parsed(timeline_svg(trace(until=until)))
    assert [words(band)[0] for band in of_class(root, "rows")] == (
        [] if until == 0 else ["node1", "node2"]
    )
    root = parsed(timeline_svg(Trace(Header("0", "3.0.6"), [])))
    assert "The trace holds no states." in words(root)


def test_a_trace_read_back_gives_the_same_picture(killed: Run, tmp_path: Path) -> None:
    killed.save(tmp_path / "run.jsonl")
    again = hasim.load_run(tmp_path / "run.jsonl")
    assert again.model is None
    assert again.timeline(title="x") == killed.timeline(title="x")


def test_the_heading_is_the_title_else_the_scenario(killed: Run) -> None:
    assert words(parsed(killed.timeline()))[0].startswith("Founding document")
    assert words(parsed(timeline_svg(killed.trace)))[0] == "test5-kill-9"
    assert words(parsed(killed.timeline(title="<b> & more")))[0] == "<b> & more"
    assert words(parsed(timeline_svg(trace())))[0] == "A run"


def test_a_picture_can_be_read_aloud_and_stands_alone(killed: Run) -> None:
    svg = killed.timeline()
    root = parsed(svg)
    assert root.get("role") == "img"
    title, description = root[0], root[1]
    assert root.get("aria-labelledby") == f"{title.get('id')} {description.get('id')}"
    assert "5m kill node1 all" in (description.text or "")
    assert "node1 and node2 mount web" in (description.text or "")
    assert "prefers-color-scheme:dark" in svg
    for outside in ("href", "url(http", "@import", "@font-face", "<script", "<image"):
        assert outside not in svg


def test_two_pictures_in_one_page_share_no_identity(killed: Run) -> None:
    one, other = killed.timeline(), killed.timeline("5m", "6m")
    ids = [{e.get("id") for e in parsed(svg).iter() if e.get("id")} for svg in (one, other)]
    assert len(ids[0]) == 5
    assert not ids[0] & ids[1]
    assert one == killed.timeline()


@pytest.mark.parametrize("width", [479, 20_001, -1])
def test_a_width_without_room_is_refused(killed: Run, width: int) -> None:
    with pytest.raises(HasimError, match=f"cannot be {width} pixels wide"):
        killed.timeline(width=width)


@pytest.mark.parametrize("width", [480, 1000, 2400])
def test_no_text_crosses_another_or_leaves_the_picture(killed: Run, width: int) -> None:
    root = parsed(killed.timeline(width=width))
    assert root.get("width") == str(width)
    assert crossing(root) == []
    assert cut_off(root) == []


def test_names_that_look_like_markup_stay_names() -> None:
    evil = "<script>&\"'\x00"
    told: list[Told] = [
        (1, evil, ev.LinkUp(evil, evil)),
        (2, None, ev.DiskMounted(evil, evil, evil)),
        (3, None, ev.FaultInjected(0, evil)),
    ]
    root = parsed(timeline_svg(trace(*told), title=evil))
    said = evil.replace("\x00", "\ufffd")
    assert of_class(root, "rows")[2] is not None
    assert words(of_class(root, "rows")[2])[0] == said
    assert [words(e)[1] for e in of_class(root, "legend")] == [said]


def test_evidence_that_the_trace_does_not_hold_outlines_nothing() -> None:
    violation = hasim.monitors.Violation(5 * SECOND, "p", "It is so.", (999,))
    root = parsed(timeline_svg(sample(), violations=[violation]))
    assert of_class(root, "alarm", "rect") != []
    assert of_class(root, "part", "rect") == []
    assert HEADER.scenario in words(root)[0]


def test_the_bytes_do_not_depend_on_the_order_of_sets() -> None:
    program = (
        "import hasim, hashlib, sys;"
        "r = hasim.load('models/cts').run(scenario='split-brain', packets=True);"
        "both = r.timeline() + r.messages('2m50s', '3m40s');"
        "sys.stdout.write(hashlib.sha256(both.encode()).hexdigest())"
    )
    found = set()
    for seed in ("1", "2"):
        env = {**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": str(ROOT)}
        done = subprocess.run(
            [sys.executable, "-c", program], cwd=ROOT, env=env, capture_output=True, text=True
        )
        assert done.returncode == 0, done.stderr
        found.add(done.stdout)
    assert len(found) == 1
