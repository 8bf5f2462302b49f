"""``hasim check`` and ``hasim replay``: verdicts, results, exit codes, bad input."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from hasim.cli import main

ARGUMENTS = ["--examples", "20", "--jobs", "1", "--property", "at-most-one-mounter"]


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture(scope="module")
def done(webdata: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which a search has been made."""
    folder = tmp_path_factory.mktemp("search")
    before = Path.cwd()
    os.chdir(folder)
    try:
        assert main(["check", str(webdata), *ARGUMENTS, "-q"]) == 1
    finally:
        os.chdir(before)
    return folder


def test_a_search_that_finds_something_ends_with_1_and_says_what(
    webdata: Path, here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["check", str(webdata), *ARGUMENTS]) == 1
    said = capsys.readouterr()
    assert said.out.startswith("20 schedules were tried; violated: at-most-one-mounter.\n")
    assert "hasim replay results/latest" in said.err


def test_a_search_that_finds_nothing_ends_with_0(
    webdata: Path, here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code = main(["check", str(webdata), "--examples", "3", "--jobs", "1", "--families", "clock"])
    assert code == 0
    assert capsys.readouterr().out.startswith("None of 3 schedules violated")
    assert main(["replay", "results/latest"]) == 0


def test_json_is_the_verdict_and_nothing_else(
    webdata: Path, here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["check", str(webdata), *ARGUMENTS, "--json", "-q"]) == 1
    said = capsys.readouterr()
    verdict = json.loads(said.out)
    assert said.err == ""
    assert [found["property"] for found in verdict["found"]] == ["at-most-one-mounter"]
    assert verdict["schedules"] == 20
    assert verdict == json.loads((here / "results" / "latest" / "verdict.json").read_text())


def test_without_a_place_for_results_nothing_is_written(webdata: Path, here: Path) -> None:
    assert main(["check", str(webdata), *ARGUMENTS, "-q", "--results", ""]) == 1
    assert [*here.iterdir()] == []


def test_a_replay_in_another_process_gives_the_same_bytes(done: Path) -> None:
    for seed in ("0", "4711"):
        ran = subprocess.run(
            [sys.executable, "-m", "hasim", "replay", "results/latest", "--json"],
            cwd=done,
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=False,
        )
        assert ran.returncode == 1, ran.stderr
        (told,) = [json.loads(line) for line in ran.stdout.splitlines()]
        assert told["same"] is True
        assert told["violated"] is True
        verdict = json.loads((done / "results" / "latest" / "verdict.json").read_text())
        assert told["digest"] == verdict["found"][0]["digest"]


def test_a_replay_on_a_model_that_has_changed_says_so(
    done: Path, webdata: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    for name in ("ha.cf", "haresources", "authkeys", "site.toml"):
        (tmp_path / name).write_bytes((webdata / name).read_bytes())
    ha_cf = tmp_path / "ha.cf"
    ha_cf.write_text(ha_cf.read_text() + "watchdog /dev/watchdog\n")
    text = ha_cf.read_text().replace("warntime", "stonith_host * apcmaster pdu\nwarntime")
    ha_cf.write_text(text)
    monkeypatch.chdir(done)
    assert main(["replay", "results/latest", "--model", str(tmp_path)]) == 0
    said = capsys.readouterr()
    assert "holds now" in said.out
    assert "changed since: ha.cf" in said.err


def test_what_failed_is_tried_first_the_next_time(
    done: Path, webdata: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(done)
    arguments = ["--examples", "1", "--jobs", "1", "--families", "clock", "--property"]
    assert main(["check", str(webdata), *arguments, "at-most-one-mounter", "-q"]) == 1
    assert "from the graveyard" in capsys.readouterr().out


def test_a_property_of_ones_own_is_a_function_of_a_module(
    webdata: Path, here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (here / "mine.py").write_text('def short(run):\n    """It is short."""\n    return False\n')
    arguments = ["--examples", "1", "--jobs", "1", "--property", "mine:short", "-q"]
    assert main(["check", str(webdata), *arguments]) == 1
    assert "short: It is short." in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--property", "at-most-one-mouter"], "did you mean 'at-most-one-mounter'"),
        (["--property", "nowhere:nothing"], "write MODULE:FUNCTION"),
        (["--families", "netwrok"], "did you mean 'network'"),
        (["--for", "soon"], "budget: 'soon' is not a duration"),
        (["--examples", "0"], "examples must be a whole number from 1 on"),
        (["--window", "0s"], "window must be longer than nothing"),
        (["--json", "--results", ""], "name one with --results"),
    ],
)
def test_bad_input_ends_with_2_and_says_what_to_do(
    webdata: Path, here: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], said: str
) -> None:
    assert main(["check", str(webdata), "--jobs", "1", "--examples", "1", *arguments]) == 2
    assert said in capsys.readouterr().err
    assert not (here / "results").exists()


def test_a_replay_of_nothing_ends_with_2(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["replay", "results/latest"]) == 2
    assert "a folder that 'hasim check' has written" in capsys.readouterr().err
