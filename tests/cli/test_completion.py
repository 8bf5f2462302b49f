"""What a shell is told while a command is typed, asked as the shells ask."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from hasim.cli import main
from tests.cli.conftest import Cli

Ask = Callable[..., list[str]]


@pytest.fixture
def proposed(
    webdata: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Ask:
    """Ask as bash does: the words, the last of them unfinished."""
    monkeypatch.chdir(webdata.parent.parent)

    def ask(*words: str) -> list[str]:
        monkeypatch.setenv("_HASIM_COMPLETE", "complete_bash")
        monkeypatch.setenv("COMP_WORDS", "\n".join(["hasim", *words]))
        monkeypatch.setenv("COMP_CWORD", str(len(words)))
        assert main([]) == 0
        return capsys.readouterr().out.split("\n")[:-1]

    return ask


CASES = {
    "commands": (["re"], ["replay", "read"]),
    "flags": (["run", "models/webdata", "--scen"], ["--scenario"]),
    "models": (["run", "models/w"], ["models/webdata"]),
    "folders below which there are models": (["run", "mod"], ["models/cts", "models/webdata"]),
    "folders without a model": (["run", "hasim/rend"], ["hasim/render/"]),
    "scenarios": (
        ["run", "models/webdata", "--scenario", "power"],
        ["power-loss-stonith", "power-loss"],
    ),
    "nodes": (["run", "models/webdata", "--node", ""], ["node1", "node2"]),
    "versions": (["lint", "models/webdata", "--dialect", "3"], ["3.0.6"]),
    "directives": (["check", "models/webdata", "--set", "deadt"], ["deadtime="]),
    "properties": (["check", "x", "--property", "at-most-one-m"], ["at-most-one-mounter"]),
    "liveness": (["check", "x", "--property", "nodes"], ["nodes-agree"]),
    "rules": (["lint", "--explain", "one-me"], ["one-medium"]),
    "families": (["matrix", "x", "--families", "power,ha"], ["power,hang"]),
    "phases": (["matrix", "x", "--phases", "settl"], ["settled"]),
    "verbs": (["run", "x", "--fault", '"90s po'], ["90s power-off", "90s power-on"]),
    "cables": (
        ["run", "models/webdata", "--fault", '"5m lose 10% node2:'],
        ["5m lose 10% node2:eth0", "5m lose 10% node2:eth1"],
    ),
    "what can be cut": (
        ["run", "models/webdata", "--fault", '"5m cut d'],
        ["5m cut disk web"],
    ),
    "what can be killed": (
        ["run", "models/webdata", "--fault", '"5m kill node1 read:e'],
        ["5m kill node1 read:eth1", "5m kill node1 read:eth0"],
    ),
    "optional words": (
        ["run", "models/webdata", "--fault", '"5m standby node1 f'],
        ["5m standby node1 foreign", "5m standby node1 failback"],
    ),
    "nothing of a verb that is none": (["run", "models/webdata", "--fault", '"5m burn n'], []),
    "nothing of a model that is none": (["run", "nowhere", "--scenario", ""], []),
    "nothing beyond the end": (["run", "models/webdata", "--fault", '"5m heal node1 n'], []),
}


@pytest.mark.parametrize(("words", "expected"), CASES.values(), ids=CASES)
def test_a_shell_is_told_what_may_follow(
    proposed: Ask, words: list[str], expected: list[str]
) -> None:
    assert [line for line in proposed(*words) if line] == expected


def test_without_a_time_a_fault_line_begins_with_one(proposed: Ask) -> None:
    assert "5m power-off" in proposed("run", "models/webdata", "--fault", "")


def test_a_model_that_is_broken_has_no_proposals(proposed: Ask, tmp_path: Path) -> None:
    (tmp_path / "ha.cf").write_text("nonsense\n")
    assert proposed("run", str(tmp_path), "--scenario", "") in ([], [""])


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_the_script_of_a_shell_is_one_that_shell_can_read(cli: Cli, shell: str) -> None:
    done = cli("completion", shell)
    assert (done.code, done.err) == (0, "")
    assert f"_HASIM_COMPLETE=complete_{shell}" in done.out
    program = shutil.which(shell)
    if program is not None:
        subprocess.run([program, "-n"], input=done.out, text=True, check=True, timeout=60)


def test_a_shell_that_is_not_known_is_bad_input(cli: Cli) -> None:
    assert cli("completion", "tcsh").code == 2


@pytest.mark.skipif(shutil.which("bash") is None, reason="no bash")
def test_bash_completes_a_scenario_with_the_script(cli: Cli, webdata: Path, tmp_path: Path) -> None:
    program = tmp_path / "hasim"
    program.write_text(f'#!/bin/sh\nexec {sys.executable} -m hasim "$@"\n')
    program.chmod(0o755)
    (tmp_path / "script").write_text(cli("completion", "bash").out)
    ask = (
        "source script; COMP_WORDS=(hasim run webdata --scenario pow); COMP_CWORD=4;"
        '_hasim_completion hasim; printf "%s\\n" "${COMPREPLY[@]}"'
    )
    (tmp_path / "webdata").symlink_to(webdata)
    root = str(webdata.parent.parent)
    path = f"{tmp_path}:{os.environ['PATH']}"
    done = subprocess.run(
        ["bash", "--norc", "-c", ask],
        cwd=tmp_path,
        env={**os.environ, "PATH": path, "PYTHONPATH": root},
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert done.stdout.split() == ["power-loss-stonith", "power-loss"]
