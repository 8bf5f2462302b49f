"""A run as tables."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pandas as pd
import pytest

from hasim.errors import ConfigError, HasimError
from hasim.model import Model
from hasim.run import Run
from hasim.run.frames import TABLES, write_frames


@pytest.fixture(scope="module")
def heal(model: Model) -> Run:
    return model.run(scenario="heal")


def test_outages_have_the_phases_that_sum_to_them(lost: Run) -> None:
    table = lost.table("outages")
    assert len(table) == len(lost.outage) == 1
    row = table.iloc[0]
    one = lost.outage[0]
    assert row["group"] == one.service
    assert row["outage_s"] == pytest.approx(one.duration_us / 1e6)
    phases = ["detect_s", "decide_s", "fence_s", "release_s", "start_s", "arp_s"]
    assert sum(row[phase] for phase in phases) == pytest.approx(row["outage_s"])
    assert (row["before"], row["after"], bool(row["open"])) == ("node1", "node2", False)


def test_an_outage_that_lasts_has_nobody_after_it(heal: Run) -> None:
    row = heal.table("outages").iloc[0]
    assert bool(row["open"]) is True
    assert pd.isna(row["after"])


def test_held_and_violations_say_what_the_run_says(heal: Run) -> None:
    held = heal.table("held")
    spans = heal.held("192.168.60.200/24/eth0")
    assert list(held["node"]) == [span.who for span in spans]
    assert list(held["begin_s"]) == pytest.approx([span.begin / 1e6 for span in spans])
    assert list(held["open"]) == [span.open for span in spans]
    violated = heal.table("violations")
    assert list(violated["property"]) == [v.property for v in heal.violations]
    first = violated.iloc[0]
    assert tuple(map(int, first["evidence"].split())) == heal.violations[0].evidence


def test_the_log_has_its_lines_and_the_records_are_all_there(heal: Run) -> None:
    log = heal.table("log")
    assert list(log["line"]) == list(heal.log(debug=True))
    assert set(log["node"]) == {"node1", "node2"}
    assert "WARN" in set(log["level"])
    records = heal.table("records")
    assert list(records["seq"]) == [r.seq for r in heal.records]
    assert list(records["at_us"]) == [r.at for r in heal.records]
    died = records[records["event"] == "NodeDead"].iloc[0]
    assert json.loads(died["fields"]) == {"peer": "node1"}
    assert died["sentence"] == "node1 is declared dead."
    caused = records[records["cause"].notna()]
    assert (caused["cause"] < caused["seq"]).all()


def test_empty_tables_have_the_same_columns_and_types(model: Model, heal: Run) -> None:
    calm = model.run(until="30s", start={})
    for name in TABLES:
        empty, full = calm.table(name), heal.table(name)
        assert list(empty.columns) == list(full.columns)
        assert list(empty.dtypes) == list(full.dtypes)
    assert len(calm.table("outages")) == 0


def test_times_are_seconds_and_provenance_goes_with_each_table(heal: Run) -> None:
    for made in heal.tables().values():
        assert made.attrs["hasim"]["digest"] == heal.digest
        assert made.attrs["hasim"]["scenario"] == "heal"
        for column in made.columns:
            if column.endswith("_s"):
                assert made[column].dtype == "float64"


def test_an_unknown_table_is_named_with_the_nearest(heal: Run) -> None:
    with pytest.raises(HasimError, match="no table 'outage'; did you mean 'outages'"):
        heal.table("outage")
    with pytest.raises(HasimError, match="there are held, outages"):
        heal.table("zzz")


@pytest.mark.parametrize("format", ["csv", "parquet"])
def test_tables_are_read_back_from_files(heal: Run, tmp_path: Path, format: str) -> None:
    if format == "parquet":
        pytest.importorskip("pyarrow", reason="pyarrow is not installed")
    write_frames(heal.tables(), tmp_path / "deep" / "er", format)
    names = {p.name for p in (tmp_path / "deep" / "er").iterdir()}
    assert names == {f"{name}.{format}" for name in TABLES}
    file = tmp_path / "deep" / "er" / f"outages.{format}"
    back = pd.read_csv(file) if format == "csv" else pd.read_parquet(file)
    assert list(back["outage_s"]) == pytest.approx(list(heal.table("outages")["outage_s"]))
    if format == "parquet":
        assert back.attrs["hasim"]["digest"] == heal.digest


def test_the_same_run_gives_the_same_csv(heal: Run, model: Model, tmp_path: Path) -> None:
    write_frames(heal.tables(), tmp_path / "a", "csv")
    write_frames(model.run(scenario="heal").tables(), tmp_path / "b", "csv")
    for name in TABLES:
        one, two = (tmp_path / x / f"{name}.csv" for x in "ab")
        assert one.read_bytes() == two.read_bytes()


def test_what_cannot_be_written_is_said(
    heal: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(HasimError, match="'xls' is no format of tables; there are csv, parquet"):
        write_frames({}, tmp_path, "xls")
    (tmp_path / "file").write_text("")
    with pytest.raises(ConfigError, match="no tables can be written"):
        write_frames(heal.tables(), tmp_path / "file", "csv")
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(HasimError, match="parquet needs pyarrow"):
        write_frames({"held": heal.table("held")}, tmp_path, "parquet")
