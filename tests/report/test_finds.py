"""The report of a search: its verdict, every find with its own run, what was covered."""

from __future__ import annotations

from pathlib import Path

import pytest

import hasim
from hasim.model import Model
from hasim.search import Hits
from hasim.search.known import KNOWN
from tests.report.seen import Page, read


@pytest.fixture(scope="module")
def folder(hits: Hits, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return hits.report(tmp_path_factory.mktemp("search")).parent


@pytest.fixture(scope="module")
def page(folder: Path) -> Page:
    return read((folder / "report.html").read_text(encoding="utf-8"))


def test_the_verdict_has_the_statement_and_leads_to_every_find(page: Page, hits: Hits) -> None:
    verdict = page.section("verdict")
    assert hits.statement() in verdict.text()
    assert "bad" in verdict.classes
    links = [e for e in verdict if e.name == "a"]
    assert [e.text() for e in links] == [str(found.violation) for found in hits.found]
    for link in links:
        assert page.section(link.attributes["href"][1:]).name == "section"


def test_every_find_has_its_schedule_evidence_timeline_messages_and_log(
    page: Page, hits: Hits
) -> None:
    assert len(page.data()) == len(hits.found) > 0
    for number, found in enumerate(hits.found, 1):
        part = page.section(f"find{number}")
        words = part.text()
        for fault in found.scenario.faults:
            assert str(fault) in words
        assert found.violation.sentence in words
        assert found.command(f"scenario-{number}.toml") in words
        assert found.run().digest in words
        pictures = [e for e in part if e.name == "svg" and e.attributes.get("role") == "img"]
        told = [next(t for t in p if t.name == "desc").text() for p in pictures]
        assert told[0].startswith("States of node1, node2 from")
        assert told[1].startswith("Messages between node1, node2 from")
        assert [e for e in part if e.name == "ol" and "log" in e.classes]


def test_the_scenario_beside_it_runs_to_the_same_end(
    folder: Path, hits: Hits, model: Model
) -> None:
    for number, found in enumerate(hits.found, 1):
        run = model.run(scenario=str(folder / f"scenario-{number}.toml"), seed=found.seed)
        assert run.ok
        assert found.property in {v.property for v in run.violations}


def test_coverage_has_every_kind_of_fault(page: Page, hits: Hits) -> None:
    words = page.section("coverage").text()
    for kind in hits.space.kinds:
        assert kind in words
    assert "status of a ping node" in words


def test_two_reports_of_a_search_are_equal_in_every_byte(
    folder: Path, hits: Hits, tmp_path: Path
) -> None:
    again = hits.report(tmp_path)
    assert again.read_bytes() == (folder / "report.html").read_bytes()


def test_where_nothing_is_found_the_report_says_how_far_it_has_looked(
    model: Model, tmp_path: Path
) -> None:
    hits = model.check(examples=3, jobs=1, properties=["no-write-by-fenced-node"])
    page = read(hits.report(tmp_path / "a.html").read_text(encoding="utf-8"))
    verdict = page.section("verdict")
    assert "good" in verdict.classes
    assert "None of 3 schedules violated no-write-by-fenced-node" in verdict.text()
    assert page.data() == []


def test_a_find_that_the_real_daemon_shows_too_says_so(page: Page, hits: Hits) -> None:
    known = [found for found in hits.found if found.known in KNOWN]
    words = page.text
    for found in known:
        assert str(found.known) in words
    assert ("The real daemon does this" in words) == bool(known)


def test_a_search_of_a_model_of_texts_has_a_report_too(webdata: Path, tmp_path: Path) -> None:
    names = ("ha.cf", "haresources", "authkeys", "site.toml")
    texts = {name: (webdata / name).read_text() for name in names}
    hits = hasim.load(texts).check(examples=30, jobs=1, properties=["at-most-one-mounter"])
    page = read(hits.report(tmp_path).read_text(encoding="utf-8"))
    assert len(page.data()) == len(hits.found)
