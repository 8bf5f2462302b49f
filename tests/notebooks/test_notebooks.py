"""Notebooks say what their sources say, tell the truth, and can be taught from."""

from __future__ import annotations

import re
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

if any(find_spec(name) is None for name in ("jupytext", "nbclient", "ipykernel")):
    pytest.skip("the extra notebooks is not installed", allow_module_level=True)

from tests.notebooks import books

SIZE_MAX = 600_000
ROOT = books.FOLDER.parent


def texts(book: Any) -> list[str]:
    return [cell.source for cell in book.cells if cell.cell_type == "markdown"]


def outputs(book: Any) -> list[Any]:
    return [output for cell in book.cells for output in cell.get("outputs", ())]


def test_every_notebook_has_a_source_and_every_source_its_notebook() -> None:
    assert len(books.NAMES) >= 8
    assert sorted(path.stem for path in books.FOLDER.glob("*.ipynb")) == books.NAMES


@pytest.mark.parametrize("name", books.NAMES)
def test_a_notebook_has_the_cells_of_its_source(name: str) -> None:
    wanted, there = books.source(name), books.committed(name)
    for cell in there.cells:
        cell.pop("outputs", None), cell.pop("execution_count", None)
    for cell in wanted.cells:
        cell.pop("outputs", None), cell.pop("execution_count", None)
    assert there.cells == wanted.cells
    assert there.metadata == wanted.metadata


@pytest.mark.parametrize("name", books.NAMES)
def test_a_notebook_was_executed_from_its_beginning_to_its_end(name: str) -> None:
    cells = [cell for cell in books.committed(name).cells if cell.cell_type == "code"]
    assert [cell.execution_count for cell in cells] == [*range(1, len(cells) + 1)]


@pytest.mark.parametrize("name", books.NAMES)
def test_a_notebook_holds_pictures_and_text_and_nothing_that_goes_stale(name: str) -> None:
    path = books.FOLDER / f"{name}.ipynb"
    assert path.stat().st_size < SIZE_MAX
    found = outputs(books.committed(name))
    kinds = {kind for output in found for kind in output.get("data", {})}
    assert kinds <= {"text/plain", "text/html", "image/png"}
    assert "image/png" in kinds
    assert [o for o in found if o.output_type == "error" or o.get("name") == "stderr"] == []
    text = path.read_text(encoding="utf-8")
    assert re.findall(r"<\w[\w.]* object at 0x|\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d+Z", text) == []


@pytest.mark.parametrize("name", books.NAMES)
def test_a_lesson_opens_with_its_aims_asks_and_ends_with_where_to_go_on(name: str) -> None:
    book = books.committed(name)
    first, *_, last = texts(book)
    assert first.startswith(f"# {int(name[:2])}. ")
    assert "**You will learn**" in first
    assert re.search(r"\*\*Time\*\*: .*minutes", first)
    whole = "\n".join(texts(book))
    assert whole.count("**Question.**") >= 1
    assert whole.count("<details><summary>") == whole.count("</details>") >= 2
    assert "## Exercises" in whole
    assert last.startswith("## Where to go on")
    code = "\n".join(cell.source for cell in book.cells if cell.cell_type == "code")
    assert code.count("hasim.plot.interactive(") == 1
    assert code.count("\nassert ") + code.count("    assert ") >= 3


@pytest.mark.parametrize("name", books.NAMES)
def test_the_links_of_a_notebook_lead_to_files(name: str) -> None:
    links = re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", "\n".join(texts(books.source(name))))
    assert links
    local = [link for link in links if not link.startswith("https://")]
    assert [link for link in local if not (books.FOLDER / link).exists()] == []


def test_the_index_names_every_notebook() -> None:
    index = (ROOT / "docs" / "notebooks.md").read_text(encoding="utf-8")
    assert [name for name in books.NAMES if f"](../notebooks/{name}.ipynb)" not in index] == []


@pytest.mark.slow
@pytest.mark.parametrize("name", books.NAMES)
def test_a_notebook_executes_without_complaint_and_says_what_it_said(name: str) -> None:
    fresh, kept = books.executed(name, quick=True), books.committed(name)
    complaints = [o.text for o in outputs(fresh) if o.get("name") == "stderr"]
    assert complaints == []
    assert books.told(fresh) == books.told(kept)


@pytest.mark.slow
def test_a_cell_that_raises_fails_its_notebook(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "wrong.py").write_text("# %%\nassert 1 == 2, 'the text is wrong'\n")
    monkeypatch.setattr(books, "FOLDER", tmp_path)
    with pytest.raises(Exception, match="the text is wrong"):
        books.executed("wrong", quick=True)
