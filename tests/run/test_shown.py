"""What notebooks show of a run, its outages and violations, and of a model and a search."""

from __future__ import annotations

from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

import hasim
from hasim.model import Model
from hasim.run import Run
from hasim.run.outage import Outages
from hasim.run.violations import Violations

VOID = {"br", "rect", "line", "path", "circle"}


class Reader(HTMLParser):
    """Texts of cells, and whether every element is closed."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.rows: list[list[str]] = []

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        if tag not in VOID:
            self.open.append(tag)
        if tag == "tr":
            self.rows.append([])
        if tag in ("td", "th"):
            self.rows[-1].append("")

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID:
            assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if "td" in self.open or "th" in self.open:
            self.rows[-1][-1] += data


def rows_of(html: str) -> list[list[str]]:
    reader = Reader()
    reader.feed(html)
    assert reader.open == []
    return reader.rows


@pytest.fixture(scope="module")
def model(webdata: Path) -> Model:
    return hasim.load(webdata)


@pytest.fixture(scope="module")
def healed(model: Model) -> Run:
    return model.run(scenario="heal")


def test_a_run_shows_its_summary_and_a_timeline_that_unfolds(healed: Run) -> None:
    shown = healed._repr_html_()
    rows_of(shown)
    assert shown.startswith("<pre>")
    assert "<details><summary>Timeline</summary><svg " in shown
    assert len(shown) < 60_000
    assert "<script" not in shown


def test_outages_are_a_table_with_their_phases(healed: Run) -> None:
    head, row = rows_of(healed.outage._repr_html_())
    assert head == [
        "service", "from", "to", "lasts", "before", "after",
        "detect", "decide", "fence", "release", "start", "arp", "reason",
    ]  # fmt: skip
    outage = healed.outage[0]
    assert row[:6] == ["192.168.60.200/24/eth0", "5m", "the end", "5m", "node1", "nobody"]
    assert row[-1] == outage.reason
    assert rows_of(healed.outage.breakdown._repr_html_())[0] == head[6:12]
    assert (
        Outages([], ["a<b"])._repr_html_() == "<p>No outage.</p><p>a&lt;b: no client probes it</p>"
    )


def test_violations_are_a_tuple_that_is_shown_as_a_table(healed: Run) -> None:
    found = healed.violations
    assert isinstance(found, Violations)
    assert found == tuple(found)
    rows = rows_of(found._repr_html_())
    assert [row[0] for row in rows] == ["violated", *(v.property for v in found)]
    assert Violations()._repr_html_() == "<p>No property is violated.</p>"


def test_a_model_shows_its_nodes_times_groups_and_weak_points(model: Model) -> None:
    shown = model.with_(deadtime="20")._repr_html_()
    head, one, two = rows_of(shown)
    assert head == ["node", "keepalive", "warntime", "deadtime", "initdead", "prefers the groups"]
    assert one == ["node1", "2s", "10s", "20s", "2m", "192.168.60.200/24/eth0"]
    assert two[-1] == "none"
    assert "Model webdata, Heartbeat 2.0.8, deadtime 20" in shown
    assert "<summary>3 single points of failure</summary>" in shown


def test_hits_show_the_schedules_that_were_found(model: Model) -> None:
    hits = model.check(examples=8, seed=1, jobs=1, properties=["at-most-one-mounter"])
    rows = rows_of(hits._repr_html_())
    assert [row[0] for row in rows[1:]] == [found.property for found in hits.found]
    for row, found in zip(rows[1:], hits.found, strict=True):
        assert row[1] == "".join(map(str, found.scenario.faults))
    none = model.check(examples=1, jobs=1, properties=["at-most-one-mounter"], families=["clock"])
    assert none._repr_html_().startswith("<p>None of 1 schedules violated")
