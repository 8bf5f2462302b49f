"""``--report``, ``--perfetto``, ``--mermaid``, ``--tables``: what they write and refuse."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import hasim
from tests.cli.conftest import Cli

ALONE = ("run", "models/webdata", "--scenario", "start-alone", "--quiet")


@pytest.fixture(autouse=True)
def _at_home(monkeypatch: pytest.MonkeyPatch, webdata: Path) -> None:
    monkeypatch.chdir(webdata.parent.parent)


def test_the_report_of_a_run_is_written_and_named_on_standard_error(
    cli: Cli, tmp_path: Path
) -> None:
    folder = tmp_path / "a" / "b"
    done = cli(*ALONE, "--report", str(folder))
    assert done.code == 0
    assert done.err == f"report: {folder / 'report.html'}\n"
    run = hasim.load("models/webdata").run(scenario="start-alone")
    assert done.out.splitlines() == list(run.log())
    run.report(tmp_path / "same")
    for name in ("report.html", "run.jsonl.gz"):
        assert (folder / name).read_bytes() == (tmp_path / "same" / name).read_bytes()


def test_a_report_goes_with_json_on_standard_output(cli: Cli, tmp_path: Path) -> None:
    done = cli(*ALONE, "--json", "--report", str(tmp_path))
    assert all(json.loads(line) for line in done.out.splitlines())
    assert (tmp_path / "report.html").is_file()


@pytest.mark.parametrize(
    ("command", "flag"),
    [("run", "--report"), ("run", "--tables"), ("matrix", "--report"), ("check", "--report")],
)
def test_a_folder_that_cannot_be_made_is_refused_before_anything_runs(
    cli: Cli, tmp_path: Path, command: str, flag: str
) -> None:
    (tmp_path / "file").write_text("")
    for name in (str(tmp_path / "file"), str(tmp_path / "file" / "x"), ""):
        done = cli(command, "models/webdata", flag, name)
        assert (done.code, done.out) == (2, "")
        assert f"{flag}: ERROR: nothing can be written into" in done.err
        assert "Traceback" not in done.err


def test_perfetto_and_tables_are_those_of_the_run(cli: Cli, tmp_path: Path) -> None:
    trace, tables = tmp_path / "p.json", tmp_path / "tables"
    done = cli(*ALONE, "--perfetto", str(trace), "--tables", str(tables))
    assert (done.code, done.err) == (0, "")
    run = hasim.load("models/webdata").run(scenario="start-alone")
    assert trace.read_text() == run.perfetto()
    names = {"held.csv", "log.csv", "outages.csv", "records.csv", "violations.csv"}
    assert {p.name for p in tables.iterdir()} == names


def test_tables_may_be_parquet(cli: Cli, tmp_path: Path) -> None:
    pytest.importorskip("pyarrow", reason="pyarrow is not installed")
    done = cli(*ALONE, "--tables", str(tmp_path), "--table-format", "parquet")
    assert done.code == 0
    assert {p.suffix for p in tmp_path.iterdir()} == {".parquet"}


def test_parquet_without_its_library_is_refused_before_anything_runs(
    cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    done = cli(*ALONE, "--tables", str(tmp_path), "--table-format", "parquet")
    assert (done.code, done.out) == (2, "")
    assert "parquet needs pyarrow" in done.err


def test_a_mermaid_diagram_has_the_window_and_packets(cli: Cli, tmp_path: Path) -> None:
    file = tmp_path / "a.mmd"
    done = cli(*ALONE, "--mermaid", str(file), "--window", "2m..2m3s")
    assert (done.code, done.err) == (0, "")
    run = hasim.load("models/webdata").run(scenario="start-alone", packets=True)
    assert file.read_text() == run.mermaid("2m", "2m3s")


def test_a_mermaid_diagram_of_too_much_is_refused(cli: Cli, tmp_path: Path) -> None:
    file = tmp_path / "a.mmd"
    done = cli("run", "models/webdata", "--scenario", "heal", "-q", "--mermaid", str(file))
    assert (done.code, done.out) == (2, "")
    assert "--messages FILE.svg" in done.err
    assert not file.exists()


@pytest.mark.parametrize("flag", ["--perfetto", "--mermaid"])
def test_a_file_that_cannot_be_written_is_refused(cli: Cli, tmp_path: Path, flag: str) -> None:
    for name in (str(tmp_path), str(tmp_path / "none" / "a.json")):
        done = cli(*ALONE, flag, name)
        assert (done.code, done.out) == (2, "")
        assert f"{flag}: ERROR: nothing can be written to" in done.err


def test_a_window_that_is_none_is_refused_for_a_diagram_too(cli: Cli, tmp_path: Path) -> None:
    done = cli(*ALONE, "--mermaid", str(tmp_path / "a.mmd"), "--window", "soon")
    assert (done.code, done.out) == (2, "")
    assert "'soon' is no window" in done.err


def test_a_matrix_has_a_report(cli: Cli, tmp_path: Path) -> None:
    flags = ("--kinds", "power-off node", "--phases", "settled", "--instants", "1", "--no-pairs")
    done = cli("matrix", "models/webdata", *flags, "--jobs", "1", "-q", "--report", str(tmp_path))
    assert done.err.splitlines()[-1] == f"report: {tmp_path / 'report.html'}"
    assert "takes over in" in (tmp_path / "report.html").read_text()


def test_a_search_and_its_replay_have_reports(cli: Cli, tmp_path: Path) -> None:
    results, one, two = (str(tmp_path / name) for name in ("results", "one", "two"))
    flags = ("--examples", "30", "--jobs", "1", "--results", results, "-q")
    done = cli("check", "models/webdata", *flags, "--report", one)
    assert done.code == 1
    assert done.err == f"report: {one}/report.html\n"
    page = Path(one, "report.html").read_text()
    assert "30 schedules were tried" in page
    assert Path(one, "scenario-1.toml").is_file()
    done = cli("replay", f"{results}/latest", "--report", two)
    assert done.code == 1
    again = Path(two, "report.html").read_text()
    assert "are still violated" in again
    assert "as it was" in again
