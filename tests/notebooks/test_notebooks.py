"""Every notebook runs, says what it says in the repository, and is in step with its source."""

from __future__ import annotations

import importlib.util
import json
import re
from pathlib import Path
from typing import Any

import pytest

from tests.notebooks.execution import FOLDER, SOURCES, executed, read, told

ROOT = FOLDER.parent
IDS = [path.stem for path in SOURCES]
SIZE_MAX = 600_000
#: Needed to execute them, in the extra `notebooks`.
NEEDED = ("ipykernel", "jupytext", "nbclient")
absent = [name for name in NEEDED if importlib.util.find_spec(name) is None]
needs_jupyter = pytest.mark.skipif(
    bool(absent), reason=f"without {', '.join(absent)}: the extra notebooks"
)
each = pytest.mark.parametrize("source", SOURCES, ids=IDS)


def committed(source: Path) -> Any:
    return json.loads(source.with_suffix(".ipynb").read_text(encoding="utf-8"))


def outputs(book: Any) -> list[Any]:
    return [output for cell in book["cells"] for output in cell.get("outputs", ())]


def joined(book: Any, kind: str) -> str:
    return "\n".join("".join(c["source"]) for c in book["cells"] if c["cell_type"] == kind)


def source_cells(source: Path) -> list[str]:
    """The code of a percent source, cell by cell."""
    parts = re.split(r"^# %%(.*)\n", source.read_text(encoding="utf-8"), flags=re.MULTILINE)
    pairs = zip(parts[1::2], parts[2::2], strict=True)
    return [body.strip("\n") for head, body in pairs if "[markdown]" not in head]


def test_there_are_eight_notebooks_and_each_has_been_executed() -> None:
    assert [path.stem[:2] for path in SOURCES] == [f"{n:02d}" for n in range(1, 9)]
    assert sorted(path.stem for path in FOLDER.glob("*.ipynb")) == IDS


@each
def test_the_code_that_is_committed_is_that_of_its_source(source: Path) -> None:
    cells = committed(source)["cells"]
    code = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]
    assert code == source_cells(source)


@needs_jupyter
@each
def test_what_is_committed_has_every_cell_of_its_source(source: Path) -> None:
    import nbformat

    there, wanted = nbformat.read(source.with_suffix(".ipynb"), as_version=4), read(source)
    for cell in (*there.cells, *wanted.cells):
        cell.pop("outputs", None)
        cell.pop("execution_count", None)
    assert there.cells == wanted.cells
    assert there.metadata == wanted.metadata


@each
def test_what_is_committed_is_whole_and_holds_nothing_that_goes_stale(source: Path) -> None:
    path, book = source.with_suffix(".ipynb"), committed(source)
    assert path.stat().st_size < SIZE_MAX
    counts = [cell["execution_count"] for cell in book["cells"] if cell["cell_type"] == "code"]
    assert counts == list(range(1, len(counts) + 1))
    found = outputs(book)
    assert [o for o in found if o["output_type"] == "error" or o.get("name") == "stderr"] == []
    kinds = {kind for output in found for kind in output.get("data", {})}
    assert kinds <= {"text/plain", "text/html", "image/png"}
    assert re.findall(r"\bobject at 0x|/tmp/", path.read_text(encoding="utf-8")) == []


@each
def test_a_notebook_is_a_lesson(source: Path) -> None:
    book = committed(source)
    text, code = joined(book, "markdown"), joined(book, "code")
    assert text.startswith(f"# {int(source.stem[:2])}. ")
    assert "**You will learn**" in text
    assert re.search(r"\*\*Time\*\*: .*minutes", text)
    assert "**Question.**" in text
    assert text.count("<details><summary>") == text.count("</details>") >= 2
    assert "## Exercises" in text
    assert "".join(book["cells"][-1]["source"]).startswith("## Where to go on")
    assert code.count("hasim.plot.interactive(") == 1
    assert len(re.findall(r"^ *assert ", code, re.MULTILINE)) >= 3


@each
def test_the_figure_with_sliders_is_there_as_a_picture(source: Path) -> None:
    (cell,) = [c for c in committed(source)["cells"] if "plot.interactive(" in "".join(c["source"])]
    (output,) = cell["outputs"]
    assert set(output["data"]) == {"text/plain", "image/png"}
    assert "".join(output["data"]["text/plain"]).startswith("<interactive figure: ")


@each
def test_the_links_of_a_notebook_lead_to_files(source: Path) -> None:
    links = re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", joined(committed(source), "markdown"))
    local = [link for link in links if not link.startswith("https://")]
    assert local
    assert [link for link in local if not (FOLDER / link).exists()] == []


def test_the_index_names_every_notebook() -> None:
    index = (ROOT / "docs" / "notebooks.md").read_text(encoding="utf-8")
    assert [name for name in IDS if f"](../notebooks/{name}.ipynb)" not in index] == []


@pytest.mark.slow
@needs_jupyter
@each
def test_a_notebook_executes_without_a_warning_and_says_what_it_said(
    source: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In quick mode; its own assertions hold the numbers of its text."""
    monkeypatch.setenv("PYTHONWARNINGS", "error::UserWarning:hasim")
    fresh = executed(source, quick=True)
    assert [o["text"] for o in outputs(fresh) if o.get("name") == "stderr"] == []
    assert told(fresh) == told(committed(source))


@pytest.mark.slow
@needs_jupyter
def test_a_cell_that_raises_fails_its_notebook(tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.py"
    wrong.write_text("# %%\nassert 1 == 2, 'the text is wrong'\n", encoding="utf-8")
    with pytest.raises(Exception, match="the text is wrong"):
        executed(wrong, quick=True)
