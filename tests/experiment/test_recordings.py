"""Recorded latencies of the real daemon, and simulated runs of the same configurations."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from experiments.data.extract import text_of
from hasim.errors import ConfigError, HasimError
from hasim.experiment import laboratory, recorded, recorded_points

RECORDED = Path(__file__).resolve().parents[2] / "experiments" / "data" / "recorded.json"
DEADTIMES, INITDEADS = "19-deadtime", "20-initdead"


def test_the_recordings_are_those_of_the_sweeps_over_deadtime_and_initdead() -> None:
    found = recorded(RECORDED, DEADTIMES)
    assert sorted(set(found["deadtime"])) == [1, 2, 4, 6, 10]
    assert len(found) == 25
    assert set(found["keepalive"]) == {0.2}
    assert (found["death_s"] < found["served_s"]).all()
    alone = recorded(RECORDED, INITDEADS)
    assert len(alone) == 25
    assert alone["death_s"].isna().all()
    assert (alone["served_s"] > alone["initdead"]).all()


def test_points_of_a_figure_have_two_columns() -> None:
    found = recorded_points(RECORDED, DEADTIMES, "deadtime", "outage_s")
    assert [*found.columns] == ["deadtime", "outage_s"]


def test_simulated_runs_have_the_columns_of_recorded_ones_and_repeat() -> None:
    found = laboratory(RECORDED, "19-deadtime-02", 6)
    assert [*found.drop(columns="seed").columns] == [*recorded(RECORDED, DEADTIMES).columns]
    assert found["run"].tolist() == ["01", "02", "03", "04", "05", "01"]
    assert (found["death_s"] < found["served_s"]).all()
    assert found.equals(laboratory(RECORDED, "19-deadtime-02", 6))


def test_scripts_take_longer_on_a_loaded_machine() -> None:
    """Of these recordings the third was made at a load of 13, the first at one of 4."""
    found = laboratory(RECORDED, "19-deadtime-04", 30)
    took = (found["served_s"] - found["death_s"]).groupby(found["run"]).median()
    assert took["03"] > 1.3 * took["01"]


def test_what_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(HasimError, match="no recorded scenario matches"):
        recorded(RECORDED, "99")
    (tmp_path / "x.json").write_text("{}")
    with pytest.raises(ConfigError, match="no recorded latencies"):
        recorded(tmp_path / "x.json", ".*")
    with pytest.raises(ConfigError, match="no recorded latencies"):
        recorded(tmp_path / "nowhere.json", ".*")


# ---- against the recordings ---------------------------------------------------------------------


@pytest.fixture(scope="module")
def simulated() -> pd.DataFrame:
    return laboratory(RECORDED, f"{DEADTIMES}|{INITDEADS}", 60)


def within(simulated: pd.DataFrame, names: str) -> int:
    """How many recorded latencies lie between the 5 % and 95 % quantiles of their configuration."""
    hits = 0
    for name, real in recorded(RECORDED, names).groupby("recording"):
        mine = simulated[simulated["recording"] == name]["served_s"]
        hits += int(real["served_s"].between(*mine.quantile([0.05, 0.95])).sum())
    return hits


@pytest.mark.conformance
@pytest.mark.slow
@pytest.mark.parametrize("names", [DEADTIMES, INITDEADS])
def test_recorded_latencies_lie_within_the_band_of_simulated_ones(
    simulated: pd.DataFrame, names: str
) -> None:
    """22.5 of 25 would be expected; of independent ones fewer than 18 are seen once in 400."""
    assert within(simulated, names) >= 18


@pytest.mark.conformance
@pytest.mark.slow
def test_the_pooled_ranks_of_recorded_latencies_pass_the_judge(
    simulated: pd.DataFrame, shared: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(str(shared))
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    from conform import compare  # type: ignore[import-not-found]

    items: list[dict[str, Any]] = []
    for real in recorded(RECORDED, f"{DEADTIMES}|{INITDEADS}").itertuples():
        mine = simulated[simulated["recording"] == real.recording]
        for kind in ("death_s", "served_s"):
            value = getattr(real, kind)
            if value == value:
                told = {"kind": kind, "scenario": real.recording, "run": real.run, "window": 0}
                items.append({**told, "value": value, "sims": sorted(mine[kind])})
    assert len(items) == 75
    verdict = compare.test_c(items)
    assert verdict["pass"], verdict


@pytest.mark.conformance
def test_the_small_file_is_what_the_recordings_say(shared: Path) -> None:
    assert text_of(shared / "traces") == RECORDED.read_text(encoding="utf-8")
    assert json.loads(RECORDED.read_text(encoding="utf-8"))["about"]
