"""The topology: every part, its state at an instant, single points of failure."""

from __future__ import annotations

from pathlib import Path

import networkx as nx
import pytest

import hasim.plot
from hasim.errors import HasimError
from hasim.model import Model
from hasim.plot.places import places_of
from hasim.run import Run, load_run
from hasim.world.graph import graph_of
from tests.plot.seen import figure_of, labels, texts


def boxes_of(ax: object) -> dict[str, object]:
    """The boxes of parts by the names of their parts."""
    boxed = [t for t in ax.texts if t.get_bbox_patch()]  # type: ignore[attr-defined]
    found = {str(t.get_label()): t for t in boxed}
    return {name.partition(" ")[2]: t for name, t in found.items() if name.startswith("_")}


def test_every_part_and_every_connection_of_the_site_is_drawn(model: Model) -> None:
    ax = model.topology.plot()
    graph = graph_of(model.site)
    kinds = nx.get_node_attributes(graph, "kind")
    told = labels(ax)
    assert {f"{kind} {name}" for name, kind in kinds.items()} <= set(told)
    wires = {d["wire"] for *_, d in graph.edges(data=True) if d["kind"] == "wire"}
    assert {label.removeprefix("wire ") for label in told if label.startswith("wire ")} == wires
    arrows = {label for label in told if label.startswith(("power ", "plug "))}
    assert "power feed utility -> feed outlet1" in arrows
    assert "power feed outlet1 -> node1" in arrows
    assert "plug stonith pdu -> feed outlet2" in arrows
    # A feed of others is written into their boxes.
    assert "lan\non utility" in texts(ax)


@pytest.mark.parametrize("which", ["model", "pair"])
def test_no_two_boxes_overlap_and_the_places_are_the_same_each_time(
    which: str, request: pytest.FixtureRequest
) -> None:
    graph = graph_of(request.getfixturevalue(which).site)
    sizes = dict.fromkeys(graph, (60.0, 24.0))
    places = places_of(graph, sizes, 500)
    assert places == places_of(graph, sizes, 500)
    assert set(places.at) == set(graph)
    at = [*places.at.values()]
    for i, (x, y) in enumerate(at):
        assert 30 <= x <= places.width - 30
        assert 12 <= y <= places.height - 12
        assert all(abs(x - a) >= 60 or abs(y - b) >= 24 for a, b in at[:i])


def test_the_model_the_graph_and_a_run_give_the_same_figure(model: Model, calm: Run) -> None:
    told = [labels(hasim.plot.topology(data)) for data in (model, model.topology, calm)]
    assert told[0] == told[1] == told[2]


def test_single_points_of_failure_have_a_frame_and_a_sentence(model: Model) -> None:
    ax = hasim.plot.topology(model)
    framed = {
        name
        for name, text in boxes_of(ax).items()
        if text.get_bbox_patch().get_linewidth() == 2.4  # type: ignore[attr-defined]
    }
    assert framed == {"lan", "192.168.60.1", "feed utility"}
    assert set(model.single_points()) <= set(texts(ax))


def test_what_is_broken_at_an_instant_is_told_with_its_faults(model: Model) -> None:
    faults = ["1m cut node1:eth0 for 1m", "70s isolate node1", "80s lose 30% node2:eth1 in"]
    run = model.run([*faults, "90s power-off outlet2"], until="4m")
    early = boxes_of(hasim.plot.topology(run, at="59s"))
    assert early["node1:eth0"].get_text() == "eth0\n192.168.60.11"  # type: ignore[attr-defined]
    ax = hasim.plot.topology(run, at="100s")
    said = {name: text.get_text() for name, text in boxes_of(ax).items()}  # type: ignore[attr-defined]
    assert said["node1:eth0"].endswith("cut by 1, 2")
    assert said["node1:eth1"].endswith("cut by 2")
    assert said["node2:eth1"].endswith("loses 30 % (in) by 3")
    assert said["node2"] == "node2\noff by 4"
    assert said["node1"] == "node1"
    assert {"70s isolate node1", "1m10s isolate node1"} & set(texts(ax))
    late = boxes_of(hasim.plot.topology(run, at="130s"))
    assert late["node1:eth0"].get_text().endswith("cut by 2")  # type: ignore[attr-defined]


def test_a_cut_cable_is_dashed_and_crossed(model: Model) -> None:
    run = model.run(["1m cut node1:eth0"], until="2m")
    ax = hasim.plot.topology(run, at="90s")
    (wire,) = [line for line in ax.lines if line.get_label() == "_wire node1:eth0"]
    assert wire.get_linestyle() == "--"
    assert len([line for line in ax.lines if line.get_marker() == "x"]) == 1


def test_bad_questions_are_told_as_such(model: Model, calm: Run, tmp_path: Path) -> None:
    with pytest.raises(HasimError, match="only a run has instants"):
        hasim.plot.topology(model, at="1m")
    with pytest.raises(HasimError, match="10m lies outside the run, which lasts 4m"):
        hasim.plot.topology(calm, at="10m")
    with pytest.raises(HasimError, match="a model or a run is wanted, not int"):
        hasim.plot.topology(3)
    with pytest.raises(HasimError, match="this graph belongs to no model"):
        hasim.plot.topology(model.topology.subgraph(["node1"]))
    calm.save(tmp_path / "run.jsonl")
    with pytest.raises(HasimError, match="nothing to draw: this run was read back"):
        hasim.plot.topology(load_run(tmp_path / "run.jsonl"))


def test_a_title_is_taken_and_the_figure_can_be_drawn(pair: Model) -> None:
    ax = hasim.plot.topology(pair, title="Two groups")
    figure_of(ax).canvas.draw()
    assert "Two groups" in texts(ax)
