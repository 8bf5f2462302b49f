"""``hasim sweep``: quantiles on standard output, every row as CSV, Parquet or JSON."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pandas as pd
import pytest

import hasim
from tests.cli.conftest import Cli

WEB = "models/webdata"
SMALL = (WEB, "--seeds", "3", "--until", "90s", "--jobs", "1")
OFF = ("--fault", "60s power-off node1")


@pytest.fixture(autouse=True)
def _at_home(monkeypatch: pytest.MonkeyPatch, webdata: Path) -> None:
    monkeypatch.chdir(webdata.parent.parent)


def test_the_table_has_a_line_for_each_point(cli: Cli) -> None:
    done = cli("sweep", *SMALL, "--set", "deadtime=5,10", *OFF)
    head, *rows = done.out.splitlines()
    assert done.code == 0
    assert head.split()[:2] == ["deadtime", "runs"]
    assert [row.split()[:2] for row in rows] == [["5", "3"], ["10", "3"]]
    assert "\x1b" not in done.out
    assert not any(line.endswith(" ") for line in done.out.splitlines())


def test_csv_on_standard_output_is_the_table_of_the_library(cli: Cli, webdata: Path) -> None:
    done = cli("sweep", *SMALL, "--set", "deadtime=5,10", *OFF, "--csv", "-", "--quiet")
    found = hasim.load(webdata).sweep(
        deadtime=[5, 10], faults=[OFF[1]], seeds=3, until="90s", jobs=1
    )
    assert done.out == found.to_csv(index=False)
    assert done.err == ""
    assert pd.read_csv(io.StringIO(done.out))["digest"].tolist() == found["digest"].tolist()


def test_files_are_written_whole_and_replace_what_was_there(cli: Cli, tmp_path: Path) -> None:
    pytest.importorskip("pyarrow")
    rows, columns = tmp_path / "rows.csv", tmp_path / "rows.parquet"
    rows.write_text("old")
    done = cli("sweep", *SMALL, *OFF, "--csv", str(rows), "--parquet", str(columns))
    assert done.code == 0
    assert "median" in done.out
    assert pd.read_csv(rows)["outage_s"].tolist() == pd.read_parquet(columns)["outage_s"].tolist()
    assert sorted(p.name for p in tmp_path.iterdir()) == ["rows.csv", "rows.parquet"]


def test_json_is_an_object_for_each_row(cli: Cli) -> None:
    done = cli("sweep", *SMALL, "--json")
    rows = [json.loads(line) for line in done.out.splitlines()]
    assert [row["seed"] for row in rows] == [0, 1, 2]
    assert rows[0]["outage_s"] is None
    assert "before" in rows[0]


def test_each_fault_may_be_a_schedule_of_its_own(cli: Cli) -> None:
    done = cli("sweep", *SMALL, *OFF, "--fault", "60s cut node1:eth1", "--each", "--csv", "-")
    found = pd.read_csv(io.StringIO(done.out))
    assert found["fault"].unique().tolist() == ["60s power-off node1", "60s cut node1:eth1"]


def test_a_comma_within_a_value_has_a_backslash(cli: Cli) -> None:
    done = cli("sweep", *SMALL, "--set", r"apiauth=ipfail uid=hacluster\,root", "--csv", "-")
    assert "ipfail uid=hacluster,root" in done.out


def test_a_violated_property_is_exit_code_1(cli: Cli) -> None:
    done = cli("sweep", *SMALL, "--set", "deadtime=5", "--fault", "60s isolate node1")
    assert done.code == 1
    assert done.out.splitlines()[1].split()[-1] == "3"


def test_points_that_were_left_out_are_told(cli: Cli) -> None:
    done = cli("sweep", *SMALL, "--set", "deadtime=3,5", "--skip-refused")
    assert done.code == 0
    assert "left out: deadtime=3: Dead time [3000] is too small" in done.err


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (("--set", "deadtime=3,5"), "grid point deadtime=3"),
        (("--set", "dedtime=3"), "did you mean 'deadtime'"),
        (("--set", "deadtime=5,5"), "a value is given twice"),
        (("--set", "deadtime="), "no value of a directive"),
        (("--set", "jobs=3"), "no directive 'jobs'"),
        (("--seeds", "0"), "0 seeds are none"),
        (("--jobs", "0"), "a whole number from 1 on"),
        (("--csv", "nowhere/rows.csv"), "there is no such folder"),
        (("--csv", "-", "--json"), "exclude each other"),
        (("--scenario", "heel"), "no scenario 'heel'"),
        (("--until", "soon"), "is not a duration"),
    ],
)
def test_what_cannot_be_done_is_exit_code_2_and_a_sentence(
    cli: Cli, asked: tuple[str, ...], said: str
) -> None:
    done = cli("sweep", WEB, "--seeds", "1", "--jobs", "1", *asked)
    assert (done.code, done.out) == (2, "")
    assert said in done.err


def test_a_folder_that_cannot_be_written_to_leaves_nothing_behind(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "rows.csv").mkdir()
    done = cli("sweep", *SMALL, "--csv", str(tmp_path / "rows.csv"))
    assert done.code == 2
    assert "cannot be written" in done.err
    assert [p.name for p in tmp_path.iterdir()] == ["rows.csv"]


def test_fault_help_lists_the_verbs(cli: Cli) -> None:
    assert "power-off" in cli("sweep", WEB, "--fault", "help").out
