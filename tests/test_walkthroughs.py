"""Lessons, how-tos and their like: what they say to do is done, and prints what they show."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from hasim.cli import main
from tests.walkthrough import Block, blocks, differs, followed, steps

ROOT = Path(__file__).resolve().parent.parent
FOLDERS = ("tutorial", "howto", "explanation", "reference")
DOCUMENTS = sorted(path for name in FOLDERS for path in ROOT.glob(f"docs/{name}/*.md"))
#: These start many processes or search long.
SLOW = ("compare.md", "deadtime.md", "hardware.md", "property-test.md")
UPDATE = os.environ.get("HASIM_UPDATE_DOCS") == "1"


@pytest.mark.parametrize(
    "path",
    [
        pytest.param(
            path,
            id=path.relative_to(ROOT / "docs").as_posix(),
            marks=[pytest.mark.slow] if path.name in SLOW else [],
        )
        for path in DOCUMENTS
    ],
)
def test_a_document_that_is_followed_prints_what_it_shows(
    path: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    # What prints in another way there: pytest, for one, shortens nothing where CI is set.
    for name in ("CI", "BUILD_NUMBER", "FORCE_COLOR", "HYPOTHESIS_PROFILE", "NO_COLOR"):
        monkeypatch.delenv(name, raising=False)
    (tmp_path / "models").symlink_to(ROOT / "models")

    def run(arguments: list[str]) -> str:
        capsys.readouterr()
        assert main(arguments) in (0, 1, 2)
        shown = capsys.readouterr()
        return shown.out + shown.err

    text = path.read_text(encoding="utf-8")
    wrong, done = [], 0
    for step, printed in followed(text, tmp_path, run):
        if UPDATE and "..." not in step.shown:
            place = text.index(f"$ {step.command}\n", done) + len(step.command) + 3
            old = "".join(f"{line}\n" for line in step.shown)
            assert text.startswith(old, place)
            new = "".join(f"{line.rstrip()}\n" for line in printed)
            text, done = text[:place] + new + text[place + len(old) :], place + len(new)
        elif why := differs(step.shown, printed):
            wrong.append((step.command, why))
    if UPDATE:
        path.write_text(text, encoding="utf-8")
    assert wrong == []


def test_a_console_is_commands_and_what_they_print() -> None:
    (block,) = blocks("```console\n$ a \\\n    b\none\n$ c\n```\n")
    assert block == Block("console", "", "$ a \\\n    b\none\n$ c\n")
    assert steps(block) == [("a b", ["one"]), ("c", [])] or steps(block)[0].command == "a b"


@pytest.mark.parametrize(
    ("shown", "printed", "why"),
    [
        (["a", "b"], ["a", "b"], ""),
        (["a", "..."], ["a", "b", "c"], ""),
        (["...", "c"], ["a", "b", "c"], ""),
        (["a", "c"], ["a", "b", "c"], "c"),
        (["a"], ["a", "b"], "more was printed: b"),
        (["...", "x"], ["a"], "x"),
        (["1 passed in ..."], ["1 passed in 3.1s"], ""),
        (["1 passed in ..."], ["2 passed in 3.1s"], "1 passed in ..."),
    ],
)
def test_three_dots_stand_for_any_lines(shown: list[str], printed: list[str], why: str) -> None:
    assert differs(shown, printed) == why
