"""Every notebook runs, says what it says in the repository, and is in step with its source."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path
from typing import Any

import pytest

from tests.notebooks.execution import FOLDER, SOURCES, executed

IDS = [path.stem for path in SOURCES]
#: Needed to execute them, in the extra `notebooks`.
NEEDED = ("ipykernel", "jupytext", "nbclient")
absent = [name for name in NEEDED if importlib.util.find_spec(name) is None]


def committed(source: Path) -> Any:
    import json

    return json.loads(source.with_suffix(".ipynb").read_text(encoding="utf-8"))


def source_cells(source: Path) -> list[str]:
    """The code of a percent source, cell by cell."""
    parts = re.split(r"^# %%(.*)\n", source.read_text(encoding="utf-8"), flags=re.MULTILINE)
    pairs = zip(parts[1::2], parts[2::2], strict=True)
    return [body.strip("\n") for head, body in pairs if "[markdown]" not in head]


def test_there_are_eight_notebooks_and_each_has_been_executed() -> None:
    assert [path.stem[:2] for path in SOURCES] == [f"{n:02d}" for n in range(1, 9)]
    assert sorted(path.stem for path in FOLDER.glob("*.ipynb")) == IDS


@pytest.mark.parametrize("source", SOURCES, ids=IDS)
def test_what_is_committed_is_in_step_with_its_source(source: Path) -> None:
    book = committed(source)
    code = ["".join(cell["source"]) for cell in book["cells"] if cell["cell_type"] == "code"]
    assert code == source_cells(source)
    assert [cell["id"] for cell in book["cells"]][:2] == ["cell-01", "cell-02"]


@pytest.mark.parametrize("source", SOURCES, ids=IDS)
def test_no_cell_that_is_committed_failed_or_warned(source: Path) -> None:
    counts = []
    for cell in committed(source)["cells"]:
        if cell["cell_type"] != "code":
            continue
        counts.append(cell["execution_count"])
        for output in cell["outputs"]:
            assert output["output_type"] != "error"
            assert output.get("name") != "stderr", output["text"]
    assert counts == list(range(1, len(counts) + 1))
    assert source.with_suffix(".ipynb").stat().st_size < 1_000_000


@pytest.mark.parametrize("source", SOURCES, ids=IDS)
def test_a_notebook_is_a_lesson(source: Path) -> None:
    text = source.read_text(encoding="utf-8")
    assert "**You will learn**" in text
    assert "**Time**" in text
    assert "Exercises" in text
    assert "interactive(" in text


@pytest.mark.slow
@pytest.mark.skipif(bool(absent), reason=f"without {', '.join(absent)}: the extra notebooks")
@pytest.mark.parametrize("source", SOURCES, ids=IDS)
def test_a_notebook_executes_without_an_error_or_a_warning(
    source: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In quick mode; its own assertions hold the numbers of its text."""
    monkeypatch.setenv("HASIM_QUICK", "1")
    monkeypatch.setenv("PYTHONWARNINGS", "error::UserWarning:hasim")
    book = executed(source)
    for cell in book.cells:
        for output in cell.get("outputs", ()):
            assert output["output_type"] != "error"
            assert output.get("name") != "stderr", output["text"]
