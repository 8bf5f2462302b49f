"""Every model of the project loads, and each of its scenarios runs as it says it does."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

import hasim
from hasim.config import DIALECTS
from hasim.run import simulate
from hasim.scenario import parse_scenario

ROOT = Path(__file__).resolve().parent.parent
MODELS = sorted(p for p in (ROOT / "models").iterdir() if p.is_dir())
SCENARIOS = [(m, s.stem) for m in MODELS for s in sorted((m / "scenarios").glob("*.toml"))]

SEEDS = range(8)


def versions(folder: Path, scenario: str) -> list[str]:
    """The versions of Heartbeat that a scenario is meant for."""
    text = (folder / "scenarios" / f"{scenario}.toml").read_text(encoding="utf-8")
    only = parse_scenario(text).heartbeat
    return [d for d in DIALECTS if only in (None, d)]


CASES = [(m, s, d) for m, s in SCENARIOS for d in versions(m, s)]


@pytest.mark.parametrize("folder", MODELS, ids=lambda p: p.name)
def test_a_model_knows_all_scenarios_of_its_folder(folder: Path) -> None:
    model = hasim.load(folder)
    assert sorted(model.scenarios) == sorted(s for m, s in SCENARIOS if m == folder)


@pytest.mark.parametrize(
    ("folder", "scenario", "dialect"), CASES, ids=[f"{m.name}/{s}-{d}" for m, s, d in CASES]
)
def test_a_scenario_runs_to_its_end_and_meets_its_expectations(
    folder: Path, scenario: str, dialect: str
) -> None:
    model = hasim.load(folder, dialect)
    expect = model.scenarios[scenario].expect
    assert expect is not None, "a scenario says what it shows"
    assert expect.log or expect.holds
    for seed in SEEDS:
        run = model.run(scenario=scenario, seed=seed)
        assert [str(miss) for miss in run.expectations] == [], f"seed {seed}"
        assert run.warnings == (), "every pin is asked for"


@pytest.mark.parametrize(
    ("folder", "scenario"), SCENARIOS, ids=[f"{m.name}/{s}" for m, s in SCENARIOS]
)
def test_a_scenario_that_never_meets_an_expectation_says_so(folder: Path, scenario: str) -> None:
    model = hasim.load(folder)
    expect = model.scenarios[scenario].expect
    assert expect is not None
    asked = replace(
        model.scenarios[scenario],
        expect=replace(expect, log={"node1": ("a line that no daemon writes",)}),
    )
    assert not simulate(model, asked).ok
