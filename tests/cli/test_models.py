"""``hasim models`` and ``hasim init``."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

import hasim
from hasim.cli.models import models_command
from tests.cli.conftest import Cli


def test_the_models_are_listed_with_their_scenarios(cli: Cli, webdata: Path) -> None:
    done = cli("models", str(webdata.parent))
    rows = [line.split("\t") for line in done.out.splitlines()]
    rows = [row for row in rows if row[0] == str(webdata)]
    known = hasim.load(webdata).scenarios
    assert done.code == 0
    assert rows[0] == [str(webdata), "-", "Two nodes serve one file system and one address."]
    assert [(r[1], r[2]) for r in rows[1:]] == [(n, s.title) for n, s in known.items()]


def test_the_list_as_json_holds_the_same(cli: Cli, webdata: Path) -> None:
    rows = [
        json.loads(line)
        for line in cli("models", str(webdata.parent), "--json").out.split("\n")
        if line
    ]
    rows = [row for row in rows if row["model"] == str(webdata)]
    assert [r["scenario"] for r in rows] == [None, *hasim.load(webdata).scenarios]


def test_on_a_terminal_the_list_is_a_table(
    webdata: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert models_command(str(webdata.parent), False, pretty=True) == 0
    shown = capsys.readouterr().out
    assert "┃ scenario" in shown
    assert "power-loss" in shown


def test_a_broken_model_is_told_and_the_others_are_listed(
    cli: Cli, webdata: Path, tmp_path: Path
) -> None:
    shutil.copytree(webdata, tmp_path / "good")
    (tmp_path / "bad").mkdir()
    (tmp_path / "bad" / "ha.cf").write_text("node a\n")
    (tmp_path / "other").mkdir()
    done = cli("models", str(tmp_path))
    assert done.code == 2
    assert f"{tmp_path}/good\tpower-loss" in done.out
    assert "bad/haresources" in done.err


def test_no_models_and_no_folder_are_told(cli: Cli, tmp_path: Path) -> None:
    assert "no model in" in cli("models", str(tmp_path)).err
    done = cli("models", str(tmp_path / "absent"))
    assert done.code == 2
    assert "cannot be read" in done.err


def test_the_derived_site_can_be_put_into_the_folder_it_is_for(
    cli: Cli, webdata: Path, tmp_path: Path
) -> None:
    for name in ("ha.cf", "haresources", "authkeys"):
        shutil.copy(webdata / name, tmp_path)
    (tmp_path / "authkeys").chmod(0o600)
    bare = hasim.load(tmp_path)
    done = cli("init", str(tmp_path))
    assert (done.code, done.err) == (0, "")
    (tmp_path / "site.toml").write_text(done.out)
    assert hasim.load(tmp_path).site == bare.site
    assert "is there already" in cli("init", str(tmp_path)).err


def test_a_judge_that_is_not_there_is_bad_input(cli: Cli, tmp_path: Path) -> None:
    done = cli("conform", str(tmp_path), "--judge", str(tmp_path / "nobody"))
    assert done.code == 2
    assert done.err.startswith(f"--judge {tmp_path / 'nobody'}: ERROR: no such folder")
