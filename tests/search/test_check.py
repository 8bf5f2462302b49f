"""A search finds what can go wrong, makes it small, and says how far it has looked."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

import hasim
from hasim.faults import Kill, parse_fault
from hasim.model import Model
from hasim.run import Run
from hasim.scenario import parse_scenario
from hasim.search import Found, Hits, check
from hasim.search.store import buried, bury, read_results, write_results
from hasim.search.tell import verdict_lines

MOUNTER = "at-most-one-mounter"


@pytest.fixture(scope="module")
def hits(model: Model) -> Hits:
    """A short search of the founding cluster."""
    return check(model, examples=40, jobs=1)


@pytest.fixture(scope="module")
def found(hits: Hits) -> Found:
    return next(one for one in hits.found if one.property == MOUNTER)


def fine(run: Run) -> None:
    """Nothing to say."""


def two_minutes_at_most(run: Run) -> bool:
    """The run ends within two minutes."""
    return run.end < 120_000_000


def test_without_fencing_the_disk_is_mounted_twice_by_at_most_two_faults(found: Found) -> None:
    assert len(found.faults) <= 2 < len(found.original) + 2
    run = found.run()
    assert [v.property for v in run.violations if v.property == MOUNTER] == [MOUNTER]
    assert run.ok, run.expectations


def test_the_kill_of_the_daemon_is_found_as_a_single_fault(model: Model) -> None:
    hits = check(model, examples=60, jobs=1, families=["process"], properties=[MOUNTER])
    (fault,) = hits.smallest.faults
    assert isinstance(fault, Kill)
    assert fault.role in ("all", "master")
    assert fault.at % 60_000_000 == 0


def test_the_smallest_schedule_cannot_do_without_any_of_its_faults(
    model: Model, found: Found
) -> None:
    for i in range(len(found.faults)):
        left = [*found.faults[:i], *found.faults[i + 1 :]]
        run = model.run(left, seed=found.seed, until="10m")
        assert MOUNTER not in {v.property for v in run.violations}


def test_a_search_is_the_same_with_any_number_of_processes(model: Model, hits: Hits) -> None:
    two = check(model, examples=40, jobs=2)
    assert two.coverage == hits.coverage
    assert [(f.property, f.scenario, f.seed, f.index, f.tries) for f in two.found] == [
        (f.property, f.scenario, f.seed, f.index, f.tries) for f in hits.found
    ]


def test_its_code_pastes_and_shows_the_same_run(found: Found) -> None:
    code = found.python().replace("print(run.summary())", "print(run.digest)")
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == found.run().digest


def test_its_file_is_a_scenario_that_expects_what_was_found(found: Found, tmp_path: Path) -> None:
    found.save(tmp_path / "found.toml")
    scenario = parse_scenario((tmp_path / "found.toml").read_text(), name=found.scenario.name)
    assert scenario == found.scenario
    assert scenario.expect is not None
    assert MOUNTER in (scenario.expect.violated or ())
    again = found.model.run(scenario=str(tmp_path / "found.toml"), seed=found.seed)  # type: ignore[attr-defined]
    assert again.digest == found.run().digest


def test_a_property_of_a_users_own_is_searched_for_and_made_small(model: Model) -> None:
    hits = check(model, examples=3, jobs=1, properties=[two_minutes_at_most, fine])
    (found,) = hits.found
    assert found.property == "two-minutes-at-most"
    assert found.violation.sentence == "The run ends within two minutes."
    assert found.faults == ()


def test_a_function_of_no_module_needs_a_single_process(model: Model) -> None:
    with pytest.raises(hasim.HasimError, match="jobs=1"):
        check(model, examples=4, jobs=2, properties=[lambda run: None])


def test_what_failed_before_is_tried_first(model: Model, hits: Hits, tmp_path: Path) -> None:
    bury(tmp_path, hits)
    graves, said = buried(tmp_path, model)
    assert graves
    assert said == []
    again = check(model, examples=1, jobs=1, families=["clock"], first=graves)
    assert {f.property for f in again.found} == {f.property for f in hits.found}
    assert all(f.index == -1 for f in again.found)


def test_a_grave_that_the_model_has_outgrown_is_left_out(model: Model, tmp_path: Path) -> None:
    file = tmp_path / "graveyard" / "webdata.jsonl"
    file.parent.mkdir()
    lines = [{"seed": 1, "faults": ["1m stop node9"]}, {"seed": 1, "faults": ["1m stop node1"]}]
    file.write_text("".join(json.dumps(line) + "\n" for line in lines) + "no json\n")
    graves, said = buried(tmp_path, model)
    assert [s.faults for s, _ in graves] == [(parse_fault("1m stop node1"),)]
    assert len(said) == 2
    assert "node9" in said[0]


def test_where_nothing_is_found_it_says_what_that_means(safe: Model) -> None:
    hits = check(safe, examples=20, jobs=1, families=["clock"])
    assert hits.ok
    said = hits.statement()
    assert "None of 20 schedules" in said
    assert "fewer than 15 %" in said
    assert "network" in said
    with pytest.raises(hasim.HasimError, match="nothing was found"):
        _ = hits.smallest


@pytest.mark.parametrize(
    "wrong", [{"examples": 0}, {"jobs": True}, {"most": -1}, {"budget": "soon"}]
)
def test_a_number_that_is_none_is_refused(model: Model, wrong: dict[str, object]) -> None:
    with pytest.raises(hasim.HasimError, match=next(iter(wrong))):
        check(model, **wrong)  # type: ignore[arg-type]


def test_results_hold_all_that_is_needed_to_see_it_again(hits: Hits, tmp_path: Path) -> None:
    folder = write_results(tmp_path, hits)
    assert (tmp_path / "latest").resolve() == folder.resolve()
    saved = [*read_results(tmp_path / "latest")]
    assert [s.property for s in saved] == [f.property for f in hits.found]
    for one, found in zip(saved, hits.found, strict=True):
        assert one.digest == found.run().digest
        assert replace(one.scenario, name="") == found.scenario
    first = folder / f"1-{hits.found[0].property}"
    names = sorted(path.name for path in first.iterdir())
    assert names == [
        "evidence.txt", "log.txt", "messages.svg", "replay.py", "scenario.toml", "timeline.svg",
        "trace.jsonl",
    ]  # fmt: skip
    assert hasim.load_run(first / "trace.jsonl").violations == hits.found[0].run().violations
    assert "is dead" in (first / "log.txt").read_text()
    assert list(tmp_path.glob(".*")) == []


def test_the_same_verdict_goes_to_the_same_place(hits: Hits, tmp_path: Path) -> None:
    first = write_results(tmp_path, hits)
    before = {p.name: p.read_bytes() for p in first.rglob("*") if p.is_file()}
    second = write_results(tmp_path, hits)
    assert second == first
    assert {p.name: p.read_bytes() for p in second.rglob("*") if p.is_file()} == before


def test_a_folder_that_is_no_verdict_is_refused(tmp_path: Path) -> None:
    with pytest.raises(hasim.ConfigError, match="cannot be read"):
        [*read_results(tmp_path)]
    (tmp_path / "verdict.json").write_text('{"schema": 1, "found": [{}]}')
    with pytest.raises(hasim.ConfigError, match="no verdict"):
        [*read_results(tmp_path)]
    (tmp_path / "verdict.json").write_text('{"schema": 9, "found": []}')
    with pytest.raises(hasim.ConfigError, match="schema 9"):
        [*read_results(tmp_path)]


def test_the_verdict_names_schedule_evidence_command_and_coverage(hits: Hits, found: Found) -> None:
    text = "\n".join(verdict_lines(hits, "results/latest"))
    assert str(found.violation) in text
    assert "mounts web on /webdata." in text
    assert found.command("x.toml") in text
    assert "kinds of faults:" in text
    assert "standby: " in text


def test_coverage_names_states_that_were_reached_and_those_that_were_not(hits: Hits) -> None:
    coverage = hits.coverage
    assert coverage.schedules == 40
    assert coverage.sampled == 4
    assert "STABLE" in coverage.reached("resources")
    assert {"up", "dead"} == set(coverage.reached("link"))
    assert coverage.lines["NodeDead"]
