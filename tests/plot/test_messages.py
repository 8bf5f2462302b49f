"""Messages: an arrow for each copy, crosses for what is lost, the same things as the picture."""

from __future__ import annotations

from collections import Counter

import pytest

import hasim.plot
from hasim.errors import HasimError
from hasim.model import Model
from hasim.render.exchange import Exchange
from hasim.render.talk import talk_of
from hasim.render.telling import Telling
from hasim.run import Run
from tests.plot.seen import figure_of, labels, patches, texts

S = 1_000_000


def test_every_copy_of_every_message_is_an_arrow_or_ends_in_a_cross(healed: Run) -> None:
    ax = hasim.plot.messages(healed, "6m58s", "7m1s")
    talk = talk_of(healed.trace, 418 * S, 421 * S, violations=healed.violations)
    sent = [item for item in talk.items if isinstance(item, Exchange)]
    assert sent
    wanted = Counter(f"{c.medium} to {n}" for e in sent for c in e.copies for n, _ in c.reached)
    lost = Counter(f"{c.medium} lost to {n}" for e in sent for c in e.copies for n in c.lost)
    found = Counter(label.partition(":")[0] for label in labels(ax) if label.startswith("eth"))
    assert found == wanted + lost
    assert lost
    crosses = [line for line in ax.lines if line.get_marker() == "x"]
    assert len(crosses) == sum(lost.values())


def test_what_nodes_decide_stands_at_their_lines_from_top_to_bottom(healed: Run) -> None:
    ax = hasim.plot.messages(healed, "5m25s", "5m35s")
    talk = talk_of(healed.trace, 325 * S, 335 * S, violations=healed.violations)
    told = [item.title for item in talk.items if isinstance(item, Telling)]
    dots = [line for line in ax.lines if str(line.get_label())[1:] in told]
    assert [str(dot.get_label())[1:] for dot in dots] == told
    heights = [float(dot.get_ydata()[0]) for dot in dots]
    assert heights == sorted(heights)
    assert {"declares node1 dead", "/webdata mounted", "takes over from node1"} <= set(texts(ax))


def test_times_stand_at_the_left_and_grow_downwards(healed: Run) -> None:
    ax = hasim.plot.messages(healed, "5m25s", "5m35s")
    told = [label.get_text() for label in ax.get_yticklabels()]
    assert "5:28.993" in told
    assert told == sorted(told)
    assert ax.get_ylim()[0] > ax.get_ylim()[1]


def test_faults_and_violations_go_across_and_their_time_is_shaded(healed: Run) -> None:
    ax = hasim.plot.messages(healed, "6m58s", "7m8s")
    assert {"7m restore node1:eth0", "3", "4"} <= set(texts(ax))
    (shade,) = patches(ax, "_shade")
    assert shade.get_height() > 0
    assert any(text.startswith("at-most-one-mounter") for text in texts(ax))


def test_media_differ_in_colour_and_in_dashes(healed: Run) -> None:
    ax = hasim.plot.messages(healed, "7m2s", "7m3s")
    arrows = {
        str(a.get_label()).split()[0]: a.arrow_patch
        for a in ax.texts
        if str(a.get_label()).startswith("_eth") and "resource" in str(a.get_label())
    }
    one, two = arrows["_eth0"], arrows["_eth1"]
    assert one.get_edgecolor() != two.get_edgecolor()
    assert one.get_linestyle() != two.get_linestyle()


def test_nodes_and_kinds_choose_and_unknown_ones_are_refused(healed: Run) -> None:
    ax = hasim.plot.messages(healed, "7m2s", "7m3s", kinds=["resource"])
    assert not [label for label in labels(ax) if "num_ping_nodes" in label]
    with pytest.raises(HasimError, match="no node 'node3'"):
        hasim.plot.messages(healed, nodes=["node3"])
    with pytest.raises(HasimError, match="is empty"):
        hasim.plot.messages(healed, "7m", "6m")


def test_without_packets_the_figure_says_so_and_draws_decisions(model: Model) -> None:
    run = model.run(scenario="heal")
    told = texts(hasim.plot.messages(run, "5m25s", "5m35s"))
    assert any(text.startswith("Packets were not recorded") for text in told)
    assert "declares node1 dead" in told


def test_a_window_in_which_nothing_happens_is_drawn_all_the_same(calm: Run, nothing: Run) -> None:
    ax = hasim.plot.messages(calm, "3m10s", "3m10.001s")
    assert "Nothing is sent or decided in this window." in texts(ax)
    figure_of(hasim.plot.messages(nothing)).canvas.draw()
