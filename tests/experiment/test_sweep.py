"""``Model.sweep``: a grid of runs as a table, and the laws that it obeys."""

from __future__ import annotations

import json
import pickle
from collections.abc import Mapping
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal

import hasim
from hasim.errors import ConfigError, HasimError
from hasim.experiment import COLUMNS, PHASE_COLUMNS, moved_by
from hasim.run import Run

OFF = ["60s power-off node1"]
UNTIL = "100s"


@pytest.fixture(scope="module")
def model(webdata: Path) -> hasim.Model:
    return hasim.load(webdata)


@pytest.fixture(scope="module")
def table(model: hasim.Model) -> pd.DataFrame:
    return model.sweep(deadtime=[5, 10], faults=OFF, seeds=12, until=UNTIL, jobs=1)


def end_of_run(run: Run, group: str) -> Mapping[str, Any]:
    return {"end_s": run.end / 1_000_000, "known": group}


def test_rows_are_in_the_order_of_the_grid_then_of_the_seeds(table: pd.DataFrame) -> None:
    assert [*table.columns] == ["deadtime", *COLUMNS]
    assert table["deadtime"].tolist() == [5.0] * 12 + [10.0] * 12
    assert table["seed"].tolist() == [*range(12), *range(12)]
    assert {str(table[name].dtype) for name in ("outage_s", *PHASE_COLUMNS)} == {"float64"}


def test_a_row_is_what_the_same_run_alone_shows(model: hasim.Model, table: pd.DataFrame) -> None:
    run = model.with_(deadtime=10).run(OFF, seed=7, until=UNTIL)
    row = table[(table["deadtime"] == 10) & (table["seed"] == 7)].iloc[0]
    outage = run.outage[0]
    assert row["digest"] == run.digest
    assert row["outage_s"] == outage.duration_us / 1e6
    assert (row["before"], row["after"], row["reason"]) == ("node1", "node2", outage.reason)
    assert [row[name] * 1e6 for name in PHASE_COLUMNS] == pytest.approx([*outage.breakdown])


def test_the_phases_of_every_outage_sum_to_it(table: pd.DataFrame) -> None:
    summed = table[[*PHASE_COLUMNS]].sum(axis=1)
    assert summed.tolist() == pytest.approx(table["outage_s"].tolist(), abs=1e-9)
    assert (table["outages"] == 1).all()
    assert (table["down_s"] == table["outage_s"]).all()


def test_the_table_is_the_same_whoever_works(model: hasim.Model, table: pd.DataFrame) -> None:
    asked: dict[str, Any] = {"deadtime": [5, 10], "faults": OFF, "seeds": 12, "until": UNTIL}
    two = model.sweep(jobs=2, **asked)
    assert two.to_csv() == table.to_csv()
    with ThreadPoolExecutor(2) as threads:
        assert_frame_equal(model.sweep(executor=threads, **asked), table)
    with ProcessPoolExecutor(1, get_context("spawn")) as others:
        assert_frame_equal(model.sweep(executor=others, **asked), table)


@pytest.mark.filterwarnings("default")  # what Dask warns of is its own
def test_dask_may_do_the_work(model: hasim.Model, table: pd.DataFrame) -> None:
    distributed = pytest.importorskip("distributed")
    with distributed.Client(processes=False, dashboard_address=None) as client:
        found = model.sweep(
            deadtime=[5, 10], faults=OFF, seeds=12, until=UNTIL, executor=client.get_executor()
        )
    assert_frame_equal(found, table)


@settings(max_examples=4, deadline=None)
@given(
    st.lists(st.sampled_from([6, 7, 8, 30]), min_size=1, max_size=2, unique=True),
    st.sets(st.integers(0, 11), min_size=1, max_size=3),
)
def test_a_row_does_not_change_with_what_else_is_swept(
    model: hasim.Model, table: pd.DataFrame, others: list[int], seeds: set[int]
) -> None:
    chosen = sorted(seeds)
    found = model.sweep(deadtime=[*others, 5], faults=OFF, seeds=chosen, until=UNTIL, jobs=1)
    mine = found[found["deadtime"] == 5].reset_index(drop=True)
    known = table[(table["deadtime"] == 5) & table["seed"].isin(chosen)].reset_index(drop=True)
    mine.attrs = known.attrs = {}
    assert_frame_equal(mine, known)


def test_the_same_seed_draws_the_same_at_every_point(table: pd.DataFrame) -> None:
    """Common random numbers: the scripts of a seed take as long whatever the deadtime."""
    short, long = (table[table["deadtime"] == d] for d in (5, 10))
    assert short["start_s"].nunique() == 12
    assert short["start_s"].tolist() == pytest.approx(long["start_s"].tolist(), abs=0.02)


def test_schedules_and_scenarios_are_swept_when_several_are_given(model: hasim.Model) -> None:
    faults = {"power": OFF, "nothing": []}
    found = model.sweep(faults=faults, seeds=[3], until=UNTIL, jobs=1)
    assert found["fault"].tolist() == ["power", "nothing"]
    assert found["outage_s"].isna().tolist() == [False, True]
    listed = model.sweep(faults=[OFF, ["60s cut node1:eth1"]], seeds=1, until=UNTIL, jobs=1)
    assert listed["fault"].tolist() == ["60s power-off node1", "60s cut node1:eth1"]
    scenarios = model.sweep(scenario=["power-loss", "start-alone"], seeds=1, jobs=1)
    assert scenarios["scenario"].tolist() == ["power-loss", "start-alone"]
    one = model.sweep(scenario="power-loss", seeds=1, jobs=1)
    assert "scenario" not in one.columns
    assert one["digest"][0] == model.run(scenario="power-loss").digest == scenarios["digest"][0]


def test_a_swept_directive_wins_over_the_change_of_a_scenario(model: hasim.Model) -> None:
    run = model.run(OFF, until=UNTIL, change={"keepalive": "1", "deadtime": "7"})
    scenario = hasim.Scenario(
        faults=run.scenario.faults, change={"keepalive": "1"}, until=run.until
    )
    found = model.sweep(scenario=scenario, deadtime=[7], seeds=1, jobs=1)
    assert found["digest"][0] == run.digest


def test_directives_may_change_together(model: hasim.Model) -> None:
    points = [{"deadtime": 130, "initdead": 200}, {"deadtime": "2500ms", "keepalive": 0.5}]
    found = model.sweep(points=points, seeds=1, until="20s", jobs=1)
    assert found["deadtime"].tolist() == [130.0, 2.5]
    assert found["keepalive"].tolist()[1] == 0.5


def test_words_and_numbers_that_are_no_times_stay_words(model: hasim.Model) -> None:
    found = model.sweep(auto_failback=[True, "legacy"], udpport=[694], seeds=1, until="5s", jobs=1)
    assert found["auto_failback"].tolist() == ["on", "legacy"]
    assert found["udpport"].tolist() == ["694", "694"]


def test_a_user_may_measure_more(model: hasim.Model) -> None:
    found = model.sweep(seeds=11, until="5s", also=end_of_run, jobs=2)
    assert [*found.columns[-2:]] == ["end_s", "known"]
    assert found["end_s"].tolist() == [5.0] * 11
    with pytest.raises(HasimError, match="give a function of a module"):
        model.sweep(seeds=11, until="5s", also=lambda run, group: {}, jobs=2)


def test_starts_and_faults_may_be_put_out_of_step_the_same_at_every_point(
    model: hasim.Model,
) -> None:
    asked: dict[str, Any] = {"faults": OFF, "seeds": 6, "until": UNTIL, "jobs": 1}
    found = model.sweep(deadtime=[5, 10], spread="2s", **asked)
    still = model.sweep(deadtime=[5], **asked)
    assert found["detect_s"][:6].std() > 2 * still["detect_s"].std()
    base = model.run(OFF, until=UNTIL).scenario
    one = moved_by(2_000_000, base, model.nodes, 4)
    assert one.faults[0].at - 60_000_000 == (one.until or 0) - 100_000_000
    assert one.start is not None
    assert 0 < one.start["node1"] != one.start["node2"]
    again = [model.with_(deadtime=d).run(scenario=one, seed=4).digest for d in (5, 10)]
    assert again == [found["digest"][4], found["digest"][10]]
    alone = hasim.Scenario(start={"node2": 5_000_000})
    assert [*(moved_by(1000, alone, model.nodes, 0).start or {})] == ["node2"]
    assert "is not a duration" in problems(model, spread="wide")


def test_progress_is_told_to_the_end(model: hasim.Model) -> None:
    seen: list[tuple[int, int]] = []
    model.sweep(seeds=12, until="1s", jobs=1, progress=lambda done, of: seen.append((done, of)))
    assert seen == [(10, 12), (12, 12)]


def test_the_table_says_where_it_comes_from(model: hasim.Model, table: pd.DataFrame) -> None:
    told = table.attrs["hasim"]
    assert (told["model"], told["seeds"], told["until"]) == ("webdata", "0..11", ["1m40s"])
    assert told["faults"] == ["1m power-off node1"]
    assert told["files"] == dict(model.digests)
    assert json.loads(json.dumps(told)) == told


def test_a_table_survives_parquet(table: pd.DataFrame, tmp_path: Path) -> None:
    pytest.importorskip("pyarrow")
    table.to_parquet(tmp_path / "t.parquet", index=False)
    back = pd.read_parquet(tmp_path / "t.parquet")
    assert back.attrs == table.attrs
    assert_frame_equal(back, table, check_dtype=False)


# ---- what is refused ----------------------------------------------------------------------------


def problems(model: hasim.Model, **asked: Any) -> str:
    with pytest.raises(ConfigError) as caught:
        model.sweep(**{"jobs": 1, **asked})
    return str(caught.value)


def test_points_that_the_daemon_refuses_are_named_before_anything_runs(model: hasim.Model) -> None:
    said = problems(model, deadtime=[3, 5, 200], faults="60s cut node9:eth0", seeds=10**9)
    assert "grid point deadtime=3: ERROR: Dead time [3000] is too small" in said
    assert "grid point deadtime=200: ERROR: Initial dead time [120000] is smaller" in said
    assert "give initdead as well" in said
    assert "no node 'node9'" in said
    assert "deadtime=5" not in said


def test_refused_points_may_be_left_out_and_are_told(model: hasim.Model) -> None:
    asked: dict[str, Any] = {"until": "1s", "seeds": 1, "jobs": 1, "skip_refused": True}
    found = model.sweep(deadtime=[3, 5], **asked)
    assert found["deadtime"].tolist() == [5.0]
    assert found.attrs["hasim"]["refused"] == [
        "deadtime=3: Dead time [3000] is too small compared to keeplive [2000]"
    ]
    assert "would refuse every point" in problems(model, deadtime=[3], skip_refused=True)
    # What no daemon could read is a mistake, whoever is patient.
    assert "did you mean 'deadtime'" in problems(model, dedtime=[3], skip_refused=True)


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"deadtime": []}, "holds no values"),
        ({"deadtime": [5, "5"]}, "a value is given twice"),
        ({"deadtime": [None]}, "no value of a directive"),
        ({"seeds": 0}, "0 seeds are none"),
        ({"seeds": [1, 1]}, "a seed is given twice"),
        ({"seeds": [1.5]}, "1.5 is no seed"),
        ({"seeds": "7"}, "no seed"),
        ({"seeds": []}, "there are no seeds"),
        ({"scenario": ["heal", "heel"]}, "no scenario 'heel'"),
        ({"scenario": ["heal", "heal"]}, "a scenario is given twice"),
        ({"faults": {}}, "there is no schedule"),
        ({"faults": [OFF, OFF]}, "a schedule is given twice"),
        ({"faults": [[], ["61 fooo"]]}, "unknown verb 'fooo'"),
        ({"faults": 7}, "is no list of faults"),
        ({"until": "soon"}, "is not a duration"),
        ({"points": 7}, "is no list of points"),
        ({"points": [{"deadtime": 5}], "deadtime": [6]}, "the points give it as well"),
    ],
)
def test_what_cannot_be_swept_is_refused_with_a_sentence(
    model: hasim.Model, asked: dict[str, Any], said: str
) -> None:
    assert said in problems(model, **asked)


@pytest.mark.parametrize("jobs", [0, -1, True, 1.5])
def test_jobs_is_a_whole_number(model: hasim.Model, jobs: Any) -> None:
    with pytest.raises(HasimError, match="a whole number from 1 on"):
        model.sweep(seeds=1, until="1s", jobs=jobs)


def test_a_plan_is_small_enough_to_be_sent_with_every_piece(model: hasim.Model) -> None:
    assert len(pickle.dumps(model)) < 100_000
