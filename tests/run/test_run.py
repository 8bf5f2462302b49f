"""A run as a user holds it."""

from __future__ import annotations

from pathlib import Path

import pytest

import hasim
from hasim.model import Model
from hasim.run import Run
from hasim.units import SECOND


def test_the_log_of_one_node_is_a_part_of_the_merged_log(lost: Run) -> None:
    merged = list(lost.log())
    own = list(lost.log("node2"))
    assert own == [line for line in merged if " node2 " in line[:30]]
    assert 0 < len(own) < len(merged)
    assert len(list(lost.log(format="ha-log"))) == len(merged)


def test_the_log_of_a_node_that_is_not_there_is_an_error(lost: Run) -> None:
    with pytest.raises(hasim.HasimError, match="did you mean 'node1'"):
        lost.log("node11")


def test_a_run_shows_its_digest_in_one_line(lost: Run) -> None:
    assert "\n" not in repr(lost)
    assert lost.digest in repr(lost)
    assert lost.digest == lost.trace.digest()
    assert lost._repr_html_().startswith("<pre>")


def test_a_saved_run_is_read_back_equal(lost: Run, tmp_path: Path) -> None:
    file = tmp_path / "run.jsonl"
    lost.save(file)
    back = hasim.load_run(file)
    assert back.trace == lost.trace
    assert (back.digest, back.seed, back.until) == (lost.digest, lost.seed, lost.until)
    assert list(back.log("node2")) == list(lost.log("node2"))
    assert str(back.why("node2 node node1: is dead")) == str(lost.why("node2 node node1: is dead"))
    with pytest.raises(hasim.HasimError, match="read back"):
        back.at("1s")


def test_a_file_that_is_no_run_is_an_error_with_its_name(tmp_path: Path) -> None:
    broken = tmp_path / "x.jsonl"
    broken.write_bytes(b"\xff\xfe")
    for path in (broken, tmp_path / "absent.jsonl", tmp_path):
        with pytest.raises(hasim.ConfigError, match="cannot be read"):
            hasim.load_run(path)
    broken.write_text("{}\n")
    with pytest.raises(hasim.ConfigError, match=r"x\.jsonl:1"):
        hasim.load_run(broken)


def test_an_early_end_stands_first_and_keeps_its_reason_on_disk(
    model: Model, tmp_path: Path
) -> None:
    run = model.run(scenario="heal")
    assert run.ended is not None
    assert run.end < run.until
    first = run.summary().splitlines()[0]
    assert first.startswith("THE RUN ENDED EARLY")
    assert run.ended in first
    assert all(span.end <= run.end for span in run.spans("status"))
    run.save(tmp_path / "run.jsonl")
    assert hasim.load_run(tmp_path / "run.jsonl").ended == run.ended


def test_a_missed_expectation_makes_a_run_not_ok(model: Model) -> None:
    text = 'until = "10s"\n[expect]\nlog.node1 = ["Local status now set to", "pigs fly"]\n'
    run = model.run(scenario=hasim.model.parse_scenario(text))
    assert not run.ok
    assert [m.text for m in run.expectations] == ["pigs fly"]
    assert "expectation missed: node1 does not log 'pigs fly'" in run.summary()
    assert "1 expectations missed" in repr(run)


def test_expectations_of_a_scenario_that_was_changed_are_not_judged(model: Model) -> None:
    run = model.run(["1s isolate node1"], scenario="start-alone")
    assert run.ok
    assert any("not judged" in n for n in run.notes)
    plain = model.run(scenario="start-alone")
    assert not any("not judged" in n for n in plain.notes)


def test_faults_are_added_to_those_of_a_scenario(model: Model) -> None:
    run = model.run(["6m cut node2:eth0"], scenario="power-loss")
    assert run.trace.header.faults == ("5m power-off node1", "6m cut node2:eth0")


def test_a_single_line_is_a_fault_too(model: Model) -> None:
    run = model.run("1s cut node1:eth0", until="2s")
    assert run.trace.header.faults == ("1s cut node1:eth0",)


def test_every_problem_of_what_is_asked_is_told_at_once(model: Model) -> None:
    with pytest.raises(hasim.ConfigError) as caught:
        model.run(
            ["x", "5m cut node7:eth0"],
            scenario="heall",
            until="9q",
            start={"node3": "1s", "node1": "?"},
            change={"deadtme": "3"},
        )
    said = str(caught.value)
    for part in ("did you mean 'heal'", "'x'", "node7", "'9q'", "node3", "'?'", "'deadtime'"):
        assert part in said


def test_the_front_of_the_package_knows_its_names() -> None:
    assert all(hasattr(hasim, name) for name in hasim.__all__)
    assert set(hasim.__all__) <= set(dir(hasim))
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        _ = hasim.nothing  # type: ignore[attr-defined]


def test_a_start_in_seconds_is_a_start(model: Model) -> None:
    run = model.run(start={"node2": 2}, until="5s")
    assert next(iter(run.records)).at >= 2 * SECOND
