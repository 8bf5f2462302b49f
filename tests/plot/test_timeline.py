"""The timeline: bars where the states are, marks, outages, violations, windows."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib import pyplot as plt

import hasim.plot
from hasim.errors import HasimError
from hasim.model import Model
from hasim.render.bars import Plot, merged
from hasim.render.timeline import bands_of
from hasim.render.window import Known, window_of
from hasim.run import Run
from hasim.trace import Trace
from tests.plot.seen import figure_of, labels, patches, row_at, texts
from tests.render.test_pictures import FAULT
from tests.trace.sample import HEADER, sample

S = 1_000_000


def test_every_outage_of_the_run_is_a_bar_in_seconds(model: Model) -> None:
    run = model.run(scenario="test2-public-cable")
    ax = hasim.plot.timeline(run, begin=0, end=run.end / S)
    bars = [p for p in patches(ax) if " outage of " in str(p.get_label())]
    found = [(bar.get_x(), bar.get_width()) for bar in bars]
    assert len(found) == len(run.outage) == 2
    for (x, width), outage in zip(found, run.outage, strict=True):
        assert x == pytest.approx(outage.begin / S)
        assert width == pytest.approx(outage.duration_us / S)
    assert {row_at(ax, bar.get_y() + bar.get_height() / 2) for bar in bars} == {
        "192.168.60.200/24/eth0"
    }


@settings(max_examples=10)
@given(st.lists(FAULT, max_size=4))
def test_the_bars_are_those_of_the_picture_whatever_happens(
    model: Model, faults: list[str]
) -> None:
    run = model.run(faults, until="5m")
    ax = hasim.plot.timeline(run)
    known = Known(run.trace)
    window = window_of(known, run.violations)
    assert ax.get_xlim() == (window.begin / S, window.end / S)
    plot = Plot(window, 0, 400)
    shown = [
        (bar.title, bar.begin / S, (bar.end - bar.begin) / S)
        for band in bands_of(known, run.outage)
        for row in band.rows
        for bar in merged(row.bars, plot)
        if bar.style != "many"
    ]
    drawn = {(str(p.get_label()), p.get_x(), p.get_width()) for p in patches(ax)}
    apart = [b for b in shown if (f"_{b[0]}", b[1], b[2]) in drawn]
    # What is too short to be told apart is merged, at another width in other pairs.
    assert all(b in apart for b in shown if b[2] > (window.end - window.begin) / S / 100)
    plt.close("all")


def test_faults_are_marks_with_numbers_and_the_lines_stand_below(healed: Run) -> None:
    ax = hasim.plot.timeline(healed)
    marks = {t.get_text(): t.get_position()[0] for t in ax.texts if t.get_text().isdigit()}
    assert marks == {"1": 300.0, "2": 300.0, "3": 420.0, "4": 420.0}
    told = texts(ax)
    assert {"5m cut node1:eth1", "7m restore node1:eth0"} <= set(told)
    (falls,) = [c for c in ax.collections if c.get_label() == "_falls"]
    assert sorted({path.vertices[0][0] for path in falls.get_paths()}) == [300.0, 420.0]


def test_violations_are_bars_shade_the_rows_and_frame_the_evidence(healed: Run) -> None:
    ax = hasim.plot.timeline(healed)
    bars = patches(ax, "_violation ")
    spans = [(v.at / S, v.until / S) for v in healed.violations if v.until]
    assert [(b.get_x(), b.get_x() + b.get_width()) for b in bars] == [
        (pytest.approx(a), pytest.approx(b)) for a, b in spans
    ]
    (shade,) = patches(ax, "_shade")
    assert shade.get_x() == pytest.approx(spans[0][0])
    assert shade.get_width() == pytest.approx(spans[0][1] - spans[0][0])
    framed = [row_at(ax, p.get_y() + p.get_height() / 2) for p in patches(ax, "_part")]
    assert framed == ["192.168.60.200/24", "/webdata"] * 2
    bold = [t.get_text() for t in ax.get_yticklabels() if t.get_fontweight() == "bold"]
    assert {"node1", "violated", "192.168.60.200/24"} <= set(bold)
    assert "daemon" not in bold
    assert "node1 and node2 mount web at the same time." in texts(ax)


def test_of_a_trace_alone_violations_are_those_that_are_given(healed: Run) -> None:
    ax = hasim.plot.timeline(healed.trace)
    assert patches(ax, "_violation ") == patches(ax, "_shade") == []
    assert "outage" not in [t.get_text() for t in ax.get_yticklabels()]
    ax = hasim.plot.timeline(healed.trace, violations=healed.violations[:1])
    assert len(patches(ax, "_violation ")) == 1


def test_the_look_tells_states_apart_without_colour(healed: Run) -> None:
    ax = hasim.plot.timeline(healed)
    by = {str(p.get_label()).split(",")[0]: p for p in patches(ax)}
    dead = by["_node1: link node2:eth0 dead"]
    good = by["_node1: link node2:eth0 up"]
    assert dead.get_hatch()
    assert not good.get_hatch()
    assert good.get_height() < dead.get_height() / 2
    assert {"as it should be", "dead, cut, corrupt, no answer", "what node2 has"} <= set(texts(ax))


def test_a_window_is_that_of_the_picture_and_a_wrong_one_is_refused(healed: Run) -> None:
    ax = hasim.plot.timeline(healed, begin="5m", end="6m30s")
    assert ax.get_xlim() == (300.0, 390.0)
    for begin, end in (("6m", "5m"), ("1h", None), ("soon", None)):
        with pytest.raises(HasimError):
            hasim.plot.timeline(healed, begin=begin, end=end)
    with pytest.raises(HasimError, match="a run or a trace is wanted, not str"):
        hasim.plot.timeline("heal")


def test_axes_that_are_given_are_used_and_their_figure_keeps_its_size(healed: Run) -> None:
    fig, (one, two) = plt.subplots(1, 2, figsize=(12, 5))
    assert hasim.plot.timeline(healed, two) is two
    assert tuple(fig.get_size_inches()) == (12, 5)
    assert len(one.get_children()) < 15
    assert figure_of(hasim.plot.timeline(healed)).get_size_inches()[0] == 7.5


def test_titles_may_hold_dollars_and_other_scripts(healed: Run) -> None:
    ax = hasim.plot.timeline(healed, title="$5 and $x_1^ \\frac 日本")
    figure_of(ax).canvas.draw()
    assert "$5 and $x_1^ \\frac \ufffd\ufffd" in texts(ax)


def test_runs_in_which_nothing_is_to_be_seen_are_drawn_all_the_same(
    calm: Run, nothing: Run
) -> None:
    for data in (calm, nothing, Trace(HEADER, ()), sample()):
        ax = hasim.plot.timeline(data)
        figure_of(ax).canvas.draw()
    ax = hasim.plot.timeline(Trace(replace(HEADER, clocks=()), ()))
    assert "The trace holds no states." in texts(ax)


def test_a_run_has_its_figures_as_methods(healed: Run) -> None:
    ax = healed.plot.timeline("5m", "6m")
    assert ax.get_xlim() == (300.0, 360.0)
    assert healed.plot.breakdown().get_title(loc="left") == "Where the time of an outage goes"
    assert repr(healed.plot) == "<figures of a run: breakdown, messages, timeline, topology>"
    assert labels(healed.plot.topology("6m"), "_node ") == ["node1", "node2"]
