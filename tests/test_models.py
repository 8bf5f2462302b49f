"""Every model of the project loads, and each of its scenarios runs as it says it does."""

from __future__ import annotations

from pathlib import Path

import pytest

import hasim

ROOT = Path(__file__).resolve().parent.parent
MODELS = sorted(p for p in (ROOT / "models").iterdir() if p.is_dir())
SCENARIOS = [(m, s.stem) for m in MODELS for s in sorted((m / "scenarios").glob("*.toml"))]


@pytest.mark.parametrize("folder", MODELS, ids=lambda p: p.name)
def test_a_model_knows_all_scenarios_of_its_folder(folder: Path) -> None:
    model = hasim.load(folder)
    assert sorted(model.scenarios) == [s for m, s in SCENARIOS if m == folder]


@pytest.mark.parametrize(
    ("folder", "scenario"), SCENARIOS, ids=[f"{m.name}/{s}" for m, s in SCENARIOS]
)
def test_a_scenario_runs_to_its_end_and_meets_its_expectations(folder: Path, scenario: str) -> None:
    model = hasim.load(folder)
    run = model.run(scenario=scenario, seed=0)
    expect = model.scenarios[scenario].expect
    assert expect is not None, "a scenario says what it shows"
    for node, wanted in expect.log.items():
        lines = iter(run.log(node))
        for text in wanted:
            assert any(text in line for line in lines), f"{node}: {text!r} is missing or too early"
    assert run.ok
    assert run.warnings == (), "every pin is asked for"
