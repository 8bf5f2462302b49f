"""The document of the experiments: its tables are those that were made."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from experiments.publish import DOCUMENT, NAMES, PICTURES, RESULTS, draw, marked
from hasim.experiment import markdown

SIZE_MAX = 150_000


def between(text: str, name: str) -> str:
    _, _, rest = text.partition(f"<!-- begin {name} -->\n")
    return rest.partition(f"<!-- end {name} -->")[0]


def test_every_experiment_is_in_the_document() -> None:
    folder = Path(__file__).resolve().parents[2] / "experiments"
    assert sorted(NAMES) == sorted(p.stem for p in folder.glob("*.py") if p.stem != "publish")


@pytest.mark.parametrize("name", NAMES)
def test_the_table_of_the_document_is_the_one_that_was_made(name: str) -> None:
    table = pd.read_csv(RESULTS / f"{name}.csv", keep_default_na=False)
    shown = between(DOCUMENT.read_text(encoding="utf-8"), name)
    assert markdown(table) in shown
    assert "s of CPU time" in shown


@pytest.mark.parametrize("name", NAMES)
def test_the_figure_of_an_experiment_is_shown_and_small(name: str) -> None:
    picture = PICTURES / f"{name}.png"
    assert f"(pictures/experiments/{picture.name})" in DOCUMENT.read_text(encoding="utf-8")
    assert 5_000 < picture.stat().st_size < SIZE_MAX


def test_only_what_lies_between_the_marks_changes() -> None:
    text = "a\n<!-- begin x -->\nold\n<!-- end x -->\nb\n"
    new = marked(text, "x", "new")
    assert new == "a\n<!-- begin x -->\n\nnew\n\n<!-- end x -->\nb\n"
    assert marked(new, "x", "new") == new
    with pytest.raises(SystemExit, match="no marks for y"):
        marked(text, "y", "new")


def test_a_figure_is_written_in_few_colours_and_the_same_each_time(tmp_path: Path) -> None:
    from matplotlib.figure import Figure

    sizes = []
    for i in range(2):
        figure = Figure(figsize=(4, 3))
        figure.subplots().plot([1, 2, 3])
        draw(figure, tmp_path / f"{i}.png")
        sizes.append((tmp_path / f"{i}.png").read_bytes())
    assert sizes[0] == sizes[1]
    assert len(sizes[0]) < 20_000
