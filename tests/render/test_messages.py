"""Pictures of messages: structure, whatever the pixels."""

from __future__ import annotations

import shutil
from pathlib import Path
from xml.etree.ElementTree import Element

import pytest

import hasim
from hasim import events as ev
from hasim.errors import HasimError
from hasim.render import messages_svg
from hasim.run import Run
from hasim.trace import Header, Trace
from hasim.units import SECOND
from tests.render.seen import SVG, classes, crossing, cut_off, of_class, parsed, tooltips, words
from tests.run.handmade import Told, acquired, trace


@pytest.fixture(scope="module")
def killed(webdata: Path) -> Run:
    return hasim.load(webdata).run(scenario="test5-kill-9", packets=True)


@pytest.fixture(scope="module")
def delayed(webdata: Path) -> Run:
    """One cable of node1 is slow while it hands over, and once node2 hangs."""
    faults = [
        "3m delay 900ms node1:eth0 out for 1m",
        "3m3s standby node1",
        "3m8s hang node2 for 3s",
    ]
    return hasim.load(webdata).run(faults, until="5m", packets=True)


def heads(root: Element) -> list[str]:
    """Names over the lifelines, from left to right; the same stand below them."""
    names = [
        words(group)[0] for group in root.iter(f"{SVG}g") if of_group(group, "headbox", "rect")
    ]
    half = len(names) // 2
    assert names[:half] == names[half:]
    return names[:half]


def of_group(group: Element, name: str, kind: str) -> list[Element]:
    """Children of a group that have a class."""
    return [e for e in group.findall(f"{SVG}{kind}") if name in classes(e)]


def types(root: Element) -> list[str]:
    return [words(group)[0] for group in of_class(root, "message") if words(group)]


def test_each_node_has_a_line_with_its_name_above_and_below(killed: Run) -> None:
    root = parsed(killed.messages("5m25s", "5m35s"))
    assert heads(root) == ["node1", "node2"]
    assert [t.split(":")[0] for t in tooltips(root, "lifeline")] == ["node1", "node2"]
    assert "stopped" in tooltips(root, "lifeline")[0]


def test_messages_are_labelled_with_their_type_in_order(killed: Run) -> None:
    root = parsed(killed.messages("5m28s", "5m32s"))
    assert types(root) == ["stonith", "resource", "resource", "num_ping_nodes"]
    first = [t for t in tooltips(root, "message") if "stonith" in t]
    assert first == [
        "5m28s993ms node2: stonith, generation 3, seqno 178; "
        "eth1: lost to node1; eth0: lost to node1"
    ]


def test_what_is_lost_ends_in_a_cross_and_has_no_head(killed: Run) -> None:
    root = parsed(killed.messages("5m28s", "5m32s"))
    (stonith,) = [g for g in of_class(root, "message") if words(g) == ["stonith"]]
    assert len(of_class(stonith, "cross", "path")) == 2
    assert of_class(stonith, "tip", "path") == []
    assert "lost" in words(root)
    before = parsed(killed.messages("2m", "2m10s"))
    assert of_class(before, "cross", "path") == []
    assert len(of_class(before, "tip", "path")) > 10
    assert "lost" not in words(before)


def test_each_medium_has_its_look_and_the_key_names_it(killed: Run) -> None:
    root = parsed(killed.messages("5m28s", "5m32s"))
    (stonith,) = [g for g in of_class(root, "message") if words(g) == ["stonith"]]
    assert len(of_class(stonith, "m0")) == len(of_class(stonith, "m1")) == 1
    assert {"on eth0", "on eth1"} <= set(words(root))


def test_heartbeats_are_grey_and_have_no_label(killed: Run) -> None:
    root = parsed(killed.messages("2m", "2m4s"))
    beats = of_class(root, "faint-message")
    assert len(beats) >= 4
    assert all(words(beat) == [] for beat in beats)
    assert all(of_class(beat, "faint") for beat in beats)
    assert not any("one arrow" in w for w in words(root))


def test_many_heartbeats_are_drawn_as_one_arrow_and_the_picture_says_so(killed: Run) -> None:
    root = parsed(killed.messages("4m50s", "5m30s"))
    said = [words(group)[0] for group in of_class(root, "series")]
    assert "all lost: 15 heartbeats, 1 acknowledgement" in said
    assert "Heartbeats that follow one another are drawn as one arrow, with their number." in words(
        root
    )


def test_decisions_stand_beside_the_line_of_their_node(killed: Run) -> None:
    root = parsed(killed.messages("5m28s", "5m32s"))
    events = {words(g)[0]: g for g in of_class(root, "event")}
    assert {"declares node1 dead", "takes over from node1", "/webdata mounted"} <= set(events)
    dots = {g.find(f"{SVG}circle").get("cx") for g in events.values()}  # type: ignore[union-attr]
    assert len(dots) == 1
    early = parsed(killed.messages("4m59s", "5m1s"))
    assert "daemon ends (killed)" in [words(g)[0] for g in of_class(early, "event")]


def test_faults_and_violations_go_across_all_lines(killed: Run) -> None:
    root = parsed(killed.messages("4m59s", "5m40s"))
    assert [words(g)[1] for g in of_class(root, "fault")] == ["5m kill node1 all"]
    assert tooltips(root, "violation") == [str(v) for v in killed.violations]
    assert len(of_class(root, "alarm", "rect")) == 1
    calm = parsed(messages_svg(killed.trace, 299 * SECOND, 340 * SECOND))
    assert of_class(calm, "alarm", "rect") == []
    assert of_class(calm, "violation") == []


def test_a_fault_before_the_window_is_told(killed: Run) -> None:
    assert "Before that: 5m kill node1 all." in words(parsed(killed.messages("5m28s", "5m32s")))


def test_later_things_stand_lower_and_a_slow_packet_falls_to_its_arrival(delayed: Run) -> None:
    root = parsed(delayed.messages("2m59s", "3m10s", kinds=["ask_resources", "resource"]))
    heights = [float(g.find(f"{SVG}circle").get("cy", "")) for g in of_class(root, "event")]  # type: ignore[union-attr]
    assert heights == sorted(heights)
    first = next(g for g in of_class(root, "message") if words(g) == ["ask_resources"])
    falls = [
        float(w.get("y2", "")) - float(w.get("y1", "")) for w in of_class(first, "wire", "line")
    ]
    assert min(falls) == pytest.approx(3)
    assert max(falls) > 50
    assert "900ms" in tooltips(root, "message")[0]


def test_a_node_that_hangs_has_a_hatched_line(delayed: Run) -> None:
    root = parsed(delayed.messages("3m7s", "3m12s"))
    hatched = [g for g in of_class(root, "lifeline") if g.find(f"{SVG}rect") is not None]
    assert len(hatched) == 1
    assert "hung, from 3m8s to 3m11s" in (hatched[0].findtext(f"{SVG}title") or "")


def test_pings_have_a_line_of_their_own_when_they_are_asked_for(delayed: Run) -> None:
    assert "192.168.60.1" not in heads(parsed(delayed.messages("2m", "2m10s")))
    root = parsed(delayed.messages("2m", "2m8s", kinds=["NS_st"]))
    assert heads(root) == ["node1", "node2", "192.168.60.1"]
    senders = {t.split(":")[0].split()[1] for t in tooltips(root, "faint-message")}
    assert senders == {"node1", "node2", "192.168.60.1"}


def test_lines_and_messages_can_be_chosen(delayed: Run) -> None:
    root = parsed(delayed.messages("2m59s", "3m10s", kinds=["resource"]))
    assert set(types(root)) == {"resource"}
    assert of_class(root, "faint-message") == []
    root = parsed(delayed.messages("2m59s", "3m10s", nodes=["node2", "node1"]))
    assert heads(root) == ["node2", "node1"]
    alone = parsed(delayed.messages("2m59s", "3m10s", nodes="node2", kinds="resource"))
    assert heads(alone) == ["node2"]
    assert of_class(alone, "message") == []


def test_a_node_that_does_not_exist_is_an_error_and_a_type_that_does_not_is_told(
    delayed: Run,
) -> None:
    with pytest.raises(HasimError, match="no node 'node3' in this run; did you mean 'node"):
        delayed.messages(nodes=["node3"])
    root = parsed(delayed.messages(kinds=["resource", "nonsense"]))
    assert "This run has no messages of the type nonsense." in words(root)


def test_without_packets_decisions_are_drawn_and_the_picture_says_why_there_is_no_more(
    webdata: Path,
) -> None:
    run = hasim.load(webdata).run(["3m standby node1"], until="4m")
    root = parsed(run.messages())
    note = "Packets were not recorded: what nodes decide is shown, and no messages."
    assert note in words(root)
    assert of_class(root, "message") == []
    assert len(of_class(root, "event")) > 15
    recorded = hasim.load(webdata).run(["3m standby node1"], until="4m", packets=True)
    assert note not in words(parsed(recorded.messages()))


def test_of_too_many_things_the_first_are_drawn_and_the_picture_says_where_it_ends() -> None:
    many: list[Told] = [(i / 10, "node1", ev.NodeStatus("node2", f"s{i}")) for i in range(700)]
    root = parsed(messages_svg(trace(*many), 0, None))
    assert len(of_class(root, "event")) == 500
    assert (
        "The picture is full at 49s900ms: 200 things more are left out; give a shorter window."
        in (" ".join(words(root)))
    )


@pytest.mark.parametrize("nodes", [None, ()])
def test_an_empty_trace_is_drawn(nodes: tuple[str, ...] | None) -> None:
    for told in (trace(), trace(until=0), Trace(Header("0", "3.0.6"), [])):
        root = parsed(messages_svg(told, None, None, nodes=nodes))
        assert "Nothing is sent or decided in this window." in words(root)
        assert crossing(root) == []


def test_a_window_outside_the_run_is_refused(killed: Run) -> None:
    with pytest.raises(
        HasimError, match=r"the window 8m\.\.9m lies outside the run, which lasts 7m"
    ):
        killed.messages("8m", "9m")
    with pytest.raises(HasimError, match="'soon' is not a duration"):
        killed.messages("soon")


def test_of_three_nodes_both_others_are_at_the_other_end(webdata: Path, tmp_path: Path) -> None:
    folder = tmp_path / "three"
    shutil.copytree(
        webdata, folder, ignore=shutil.ignore_patterns("expected", "scenarios", "site.toml")
    )
    (folder / "authkeys").chmod(0o600)
    (folder / "ha.cf").write_text((folder / "ha.cf").read_text() + "\nnode node3\n")
    run = hasim.load(folder).run(["4m power-off node1"], until="5m", packets=True)
    root = parsed(run.messages("3m59s", "4m32s"))
    assert heads(root) == ["node1", "node2", "node3"]
    (stonith, *_) = [g for g in of_class(root, "message") if words(g) == ["stonith"]]
    assert len(of_class(stonith, "tip", "path")) == len(of_class(stonith, "cross", "path")) == 2
    assert any("all lost to node1" in words(g)[0] for g in of_class(root, "series"))
    assert crossing(root) == []


def test_names_that_look_like_markup_stay_names() -> None:
    evil = "<script>&\"'\x00"
    told: list[Told] = [
        (1, evil, ev.NodeDead(evil)),
        (2, None, ev.FaultInjected(0, evil)),
        *acquired(evil, 3),
    ]
    root = parsed(messages_svg(trace(*told), None, None, title=evil))
    said = evil.replace("\x00", "\ufffd")
    assert heads(root)[-1] == said
    assert [words(g)[1] for g in of_class(root, "fault")] == [said]


@pytest.mark.parametrize("width", [480, 1000, 2400])
def test_no_text_crosses_another_or_leaves_the_picture(killed: Run, width: int) -> None:
    root = parsed(killed.messages(width=width))
    assert crossing(root) == []
    assert cut_off(root) == []
    with pytest.raises(HasimError, match="pixels wide"):
        killed.messages(width=10)
