"""The command line of ``hasim conform``."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from hasim.cli.conforming import conform_command
from hasim.conform import save_recording
from hasim.conform.text import BEGIN, END
from hasim.errors import ConfigError
from tests.conformance.made import event, fault, life, recording


def saved(tmp_path: Path) -> str:
    told = [event(0.5, "node1", "mcp", "daemon-up", gen="1")]
    made = recording(told, faults=[fault(0, 0.1, "start")], lives=[life("node1", 0.55)])
    save_recording(made, tmp_path / "made.01.json.gz")
    return str(tmp_path)


def test_all_bad_options_are_complained_about_at_once(tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as caught:
        conform_command(
            ["x"], str(tmp_path / "no"), False, tests="AE", runs=0, jobs=-1, write="nowhere"
        )
    text = str(caught.value)
    for name in ("--judge", "--tests AE", "--runs 0", "--jobs -1", "--write nowhere"):
        assert name in text


def test_a_recording_is_compared_and_the_document_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    document = tmp_path / "doc.md"
    document.write_text(f"{BEGIN}\n{END}\n")
    conform_command([saved(tmp_path)], None, True, write=str(document))
    data = json.loads(capsys.readouterr().out)
    assert [r["recording"] for r in data["runs"]] == ["made/01"]
    assert "1 recordings replayed" in document.read_text()


def test_only_the_scenarios_that_match_are_replayed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert conform_command([saved(tmp_path)], None, False, only="other*") == 1
    assert "conform: missed" in capsys.readouterr().out


def test_processes_at_work_do_not_change_the_figures(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = saved(tmp_path)
    shown = []
    for jobs in (1, 2):
        conform_command([folder], None, True, jobs=jobs)
        shown.append(capsys.readouterr().out)
    assert shown[0] == shown[1]
