"""``hasim matrix``: the table on standard output, or an object or a line for each cell."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import pytest

import hasim
from hasim.search import BADNESS, PHASES
from tests.cli.conftest import Cli

WEB = "models/webdata"
SMALL = ("--kinds", "kill all", "--phases", "settled", "--instants", "1", "--jobs", "1")


@pytest.fixture(autouse=True)
def _at_home(monkeypatch: pytest.MonkeyPatch, webdata: Path) -> None:
    monkeypatch.chdir(webdata.parent.parent)


def test_the_table_is_the_one_of_the_library_and_a_violated_property_is_exit_code_1(
    cli: Cli, webdata: Path
) -> None:
    done = cli("matrix", WEB, *SMALL, "--no-pairs")
    found = hasim.load(webdata).matrix(
        kinds=["kill all"], phases=["settled"], instants=1, pairs=False, jobs=1
    )
    assert done.code == 1
    assert done.out == f"{found}\n"
    assert "\x1b" not in done.out
    assert "WARN" in done.err


def test_where_nothing_is_violated_the_exit_code_is_0(cli: Cli) -> None:
    asked = ("--families", "process,hang", "--kinds", "kill ipfail")
    done = cli("matrix", WEB, *asked, *SMALL[2:], "--no-pairs", "--quiet")
    assert (done.code, done.err) == (0, "")
    assert "no loss in any phase:" in done.out
    assert "  process: kill ipfail (all 2)\n" in done.out


def test_json_is_an_object_for_each_cell_and_nothing_else(cli: Cli) -> None:
    done = cli("matrix", WEB, *SMALL, "--json")
    cells: list[dict[str, Any]] = [json.loads(line) for line in done.out.splitlines()]
    assert [cell["part"] for cell in cells] == ["base", "single", "single", "pair"]
    assert [cell["event"] for cell in cells] == [
        *("no fault", "kill node1 all", "kill node2 all"),
        "kill all + kill all",
    ]
    keys = "part phase family kinds event duration_us runs worst outcomes"
    assert {tuple(cell) for cell in cells} == {tuple(keys.split())}
    for cell in cells:
        assert cell["worst"] == cell["outcomes"][0]["outcome"] in BADNESS
        assert cell["phase"] in PHASES
        assert cell["runs"] == sum(outcome["runs"] for outcome in cell["outcomes"])
    killed = cells[1]["outcomes"][0]
    assert killed["violated"] == ["at-most-one-mounter", "at-most-one-vip-holder"]
    assert killed["example"] == {"faults": ["1m kill node1 all"], "seed": 0}
    assert "pairs of kinds, a kind with itself included: 1 of 1, 2 runs" in done.err


def test_csv_has_a_head_and_a_line_for_each_cell(cli: Cli) -> None:
    done = cli("matrix", WEB, "--kinds", "power-off node", *SMALL[2:], "--no-pairs", "--csv")
    rows = list(csv.DictReader(done.out.splitlines()))
    assert [row["event"] for row in rows] == [
        "no fault",
        *("power-off node1", "power-off node1 for 15s"),
        *("power-off node2", "power-off node2 for 15s"),
    ]
    assert [row["worst"] for row in rows] == [
        *("continues", "takes over", "takes over", "continues", "continues")
    ]
    long = rows[1]
    assert (long["part"], long["family"], long["duration_us"]) == ("single", "power", "264000000")
    assert 28_000_000 < int(long["low_us"]) == int(long["high_us"]) < 35_000_000
    assert long["faults"] == "1m power-off node1 for 4m24s"


def test_edits_and_the_version_reach_the_cluster(cli: Cli, webdata: Path) -> None:
    flags = ("--set", "deadtime=12", "--set", "warntime=5", "--dialect", "3.0.6", "--seed", "2")
    asked = ("--kinds", "power-off node", *SMALL[2:], "--no-pairs", "--json")
    lines = cli("matrix", WEB, *asked, *flags).out.splitlines()
    model = hasim.load(webdata, dialect="3.0.6").with_(deadtime="12", warntime="5")
    cell = next(c for c in map(json.loads, lines) if c["event"] == "power-off node1 for 6s")
    (seen,) = cell["outcomes"]
    assert seen["example"]["seed"] == 2
    run = model.run(seen["example"]["faults"], seed=2)
    assert seen["low_us"] == run.outage[0].duration_us < 18_000_000


@pytest.mark.parametrize(
    ("flags", "complaint"),
    [
        (("--kinds", "kil all"), "did you mean 'kill all'"),
        (("--phases", "setled"), "did you mean 'settled'"),
        (("--families", "power,x"), "no family of faults 'x'"),
        (("--instants", "0"), "instants must be a whole number"),
        (("--for", "soon"), "--for: 'soon' is not a duration"),
        (("--set", "deadtime"), "'deadtime' is given no value"),
        (("--set", "deedtime=3"), "did you mean 'deadtime'"),
        (("--json", "--csv"), "--json and --csv exclude each other"),
    ],
)
def test_bad_input_is_exit_code_2_and_a_sentence(
    cli: Cli, flags: tuple[str, ...], complaint: str
) -> None:
    done = cli("matrix", WEB, *flags)
    assert (done.code, done.out) == (2, "")
    assert complaint in done.err


def test_on_a_terminal_it_is_a_table_with_the_same_words(
    cli: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    monkeypatch.setenv("COLUMNS", "120")
    done = cli("matrix", WEB, *SMALL, "--quiet")
    assert done.code == 1
    (row,) = [line for line in done.out.splitlines() if "kill node1 all" in line and "│" in line]
    assert "dual mount" in row
    assert "pairs of kinds, settled" in done.out
    assert " 1  kill all M" in done.out
    assert "single faults: 2 of 1 kinds" in done.out
