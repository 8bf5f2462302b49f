"""The command as a process: exit codes, broken pipes, defects, speed of the help."""

from __future__ import annotations

import os
import re
import resource
import subprocess
import sys
from pathlib import Path

import pytest

import hasim
from hasim.cli import entry, main
from tests.cli.conftest import Cli

COMMANDS = (
    "run", "why", "check", "replay", "matrix", "init", "lint", "models", "conform", "completion",
)  # fmt: skip


def process(*arguments: str, cwd: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    path = str(Path(hasim.__file__).parent.parent)
    return subprocess.run(
        [sys.executable, "-m", "hasim", *arguments],
        cwd=cwd,
        env={**os.environ, "PYTHONPATH": path, **environment},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_the_version_is_that_of_the_package(cli: Cli) -> None:
    assert cli("--version").out == f"hasim {hasim.__version__}\n"
    project = (Path(hasim.__file__).parent.parent / "pyproject.toml").read_text()
    assert f'version = "{hasim.__version__}"' in project


@pytest.mark.parametrize("command", COMMANDS)
def test_the_help_of_every_command_has_an_example(cli: Cli, command: str) -> None:
    done = cli(command, "--help")
    assert done.code == 0
    assert re.search(rf"^ +hasim {command}", done.out, re.MULTILINE)
    assert "\\b" not in done.out


def test_the_help_names_every_command_and_costs_little(webdata: Path) -> None:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = process("--help", cwd=webdata)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert done.returncode == 0
    assert all(command in done.stdout for command in COMMANDS)
    spent = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    assert spent < 0.6, "0.3 s on an idle machine"


def test_the_help_loads_nothing_of_the_simulation(webdata: Path) -> None:
    program = "import sys, hasim.cli; sys.stdout.write(' '.join(sys.modules))"
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=webdata.parent.parent,
        capture_output=True,
        text=True,
        check=True,
    )
    loaded = done.stdout.split()
    assert "hasim.cli.app" in loaded
    heavy = ("simpy", "networkx", "numpy", "matplotlib", "hasim.world", "hasim.config")
    assert [name for name in heavy if name in loaded] == []


def test_a_reader_that_goes_away_is_no_defect(webdata: Path) -> None:
    for flags in ([], ["--json"]):
        command = [sys.executable, "-m", "hasim", "run", str(webdata), "--scenario", "heal", *flags]
        with subprocess.Popen(
            command,
            cwd=webdata.parent.parent,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        ) as child:
            assert child.stdout is not None
            assert child.stderr is not None
            child.stdout.close()
            err = child.stderr.read()
        assert child.returncode == 0
        assert "Traceback" not in err
        assert "Broken" not in err
        assert "digest" in err


def test_nothing_is_coloured_in_a_pipe_or_where_colour_is_refused(webdata: Path) -> None:
    for environment in ({}, {"NO_COLOR": "1", "TERM": "xterm-256color"}):
        done = process("models", cwd=webdata.parent.parent, **environment)
        assert done.returncode == 0
        assert "\x1b" not in done.stdout + done.stderr


def test_a_defect_writes_its_traceback_to_a_file_and_names_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken(**_: object) -> None:
        raise ZeroDivisionError("of the test")

    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(entry, "app", broken)
    assert main(["run"]) == 70
    shown = capsys.readouterr().err
    assert "ZeroDivisionError: of the test" in shown
    assert "Traceback (most" not in shown
    (file,) = tmp_path.iterdir()
    assert file.name in shown
    assert "Traceback (most recent call last)" in file.read_text()


def test_an_interrupt_is_no_defect(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def interrupted(**_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(entry, "app", interrupted)
    assert main([]) == 130
    assert capsys.readouterr().err == "interrupted\n"


def test_bad_input_of_a_process_is_exit_code_2(tmp_path: Path) -> None:
    for arguments in (("runn",), ("run",), ("run", "nowhere"), ("models", "nowhere")):
        done = process(*arguments, cwd=tmp_path)
        assert done.returncode == 2, done.stderr
        assert "Traceback" not in done.stderr
        assert done.stdout == ""
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("closed", [">&-", "2>&-", ">&- 2>&-"])
def test_a_closed_stream_is_no_defect(webdata: Path, tmp_path: Path, closed: str) -> None:
    for words in (f"run {webdata} --scenario start-alone", "run nowhere", "--help"):
        path = str(Path(hasim.__file__).parent.parent)
        done = subprocess.run(
            ["sh", "-c", f"'{sys.executable}' -m hasim {words} {closed}"],
            cwd=tmp_path,
            env={**os.environ, "PYTHONPATH": path},
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        assert done.returncode == (2 if "nowhere" in words else 0)
        assert "Traceback" not in done.stderr
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full")
@pytest.mark.parametrize(
    "words", ["run {} --scenario start-alone --quiet", "models {}/..", "--help"]
)
def test_a_full_disk_is_told_and_no_defect(webdata: Path, tmp_path: Path, words: str) -> None:
    path = str(Path(hasim.__file__).parent.parent)
    done = subprocess.run(
        ["sh", "-c", f"'{sys.executable}' -m hasim {words.format(webdata)} >/dev/full"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": path},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert (done.returncode, done.stderr) == (
        2,
        "standard output cannot be written: No space left on device\n",
    )
    assert list(tmp_path.iterdir()) == []
