"""The documentation of the rules is made of the rules.

``HASIM_UPDATE_GOLDENS=1 python -m pytest tests/lint/test_docs.py`` writes it anew.
"""

from __future__ import annotations

import os
import re
import shlex
from pathlib import Path
from typing import Any

import pytest
import typer.main

from hasim.cli import main
from hasim.cli.app import app
from hasim.lint import RULES, rule_chapters

ROOT = Path(__file__).resolve().parent.parent.parent
DOCUMENT = ROOT / "docs" / "lint.md"
BEGIN, END = "<!-- rules: written by tests/lint/test_docs.py -->\n", "<!-- end of rules -->\n"
UPDATE = os.environ.get("HASIM_UPDATE_GOLDENS") == "1"


def fenced(language: str) -> list[str]:
    text = DOCUMENT.read_text(encoding="utf-8")
    return re.findall(rf"^```{language}\n(.*?)^```$", text, re.M | re.S)


def test_the_chapters_about_rules_are_up_to_date() -> None:
    text = DOCUMENT.read_text(encoding="utf-8")
    head, _, rest = text.partition(BEGIN)
    old, mark, tail = rest.partition(END)
    assert mark == END
    if UPDATE:
        new = f"{head}{BEGIN}\n{rule_chapters()}\n{END}{tail}"
        DOCUMENT.write_text(new, encoding="utf-8", newline="\n")
        return
    assert old == f"\n{rule_chapters()}\n", "see the first line of this module"


def test_every_rule_has_a_row_and_a_section() -> None:
    text = rule_chapters()
    assert re.findall(r"^\| \[`([a-z0-9-]+)`\]\(#([a-z0-9-]+)\)", text, re.M) == [
        (name, name) for name in RULES
    ]
    assert re.findall(r"^#### ([a-z0-9-]+)$", text, re.M) == list(RULES)


def test_rules_that_the_document_names_exist() -> None:
    text = DOCUMENT.read_text(encoding="utf-8").partition(BEGIN)[0]
    named = {w for w in re.findall(r"`([a-z]+(?:-[a-z]+)+)`", text) if not w.startswith("pre-")}
    assert len(named) > 3
    assert named <= {*RULES}


def test_the_commands_of_the_document_are_ones() -> None:
    commands: Any = typer.main.get_command(app)
    (block,) = fenced("sh")
    for line in block.splitlines():
        name, *words = shlex.split(line)[1:]
        commands.commands[name].make_context(name, words)


def test_the_findings_that_the_document_shows_are_found(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (block,) = fenced("console")
    command, *shown = block.splitlines()
    monkeypatch.chdir(ROOT)
    assert main(shlex.split(command.removeprefix("$ hasim "))) == 1
    assert capsys.readouterr().out.splitlines()[: len(shown)] == shown


def test_the_python_example_of_the_document_runs(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (example,) = fenced("python")
    monkeypatch.chdir(ROOT)
    exec(compile(example, "<example of lint.md>", "exec"), {})
    lines = capsys.readouterr().out.splitlines()
    assert lines[-2:] == ["True", RULES["one-medium"].why]
    assert "shared-disk-without-stonith" in lines[1]
