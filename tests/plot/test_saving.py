"""Figures as files: the same bytes each time, and clear words for what cannot be."""

from __future__ import annotations

from pathlib import Path

import pytest
from matplotlib import pyplot as plt

import hasim.plot
from hasim.errors import HasimError
from hasim.run import Run

BEGINS = {".pdf": b"%PDF", ".png": b"\x89PNG", ".svg": b"<?xml"}


@pytest.mark.parametrize("suffix", hasim.plot.SUFFIXES)
def test_the_same_run_gives_the_same_bytes(healed: Run, tmp_path: Path, suffix: str) -> None:
    files = [tmp_path / f"{name}{suffix}" for name in "ab"]
    for file in files:
        hasim.plot.save(hasim.plot.timeline(healed), file)
    one, two = (file.read_bytes() for file in files)
    assert one == two
    assert one.startswith(BEGINS[suffix])
    assert b"Date" not in one


def test_axes_arrays_and_figures_can_be_saved(tmp_path: Path) -> None:
    fig, axes = plt.subplots(2)
    for i, drawn in enumerate((fig, axes, axes[0], list(axes))):
        hasim.plot.save(drawn, tmp_path / f"{i}.PNG")
    assert len({file.read_bytes() for file in tmp_path.iterdir()}) == 1


def test_axes_of_a_subfigure_save_the_whole_figure(tmp_path: Path) -> None:
    fig = plt.figure()
    ax = fig.subfigures(1, 2)[0].subplots()
    hasim.plot.save(ax, tmp_path / "a.png")
    hasim.plot.save(fig, tmp_path / "b.png")
    assert (tmp_path / "a.png").read_bytes() == (tmp_path / "b.png").read_bytes()


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("a.jpg", "the suffix '.jpg'; a figure is a file that ends in .pdf, .png, .svg"),
        ("a", "no suffix"),
        ("a.sgv", "did you mean '.svg'"),
        ("nowhere/a.png", "cannot be written: No such file or directory"),
    ],
)
def test_files_that_cannot_be_meant_are_told(tmp_path: Path, name: str, told: str) -> None:
    ax = plt.subplots()[1]
    with pytest.raises(HasimError, match=told):
        hasim.plot.save(ax, tmp_path / name)
    assert list(tmp_path.iterdir()) == []


def test_what_is_no_figure_is_refused(tmp_path: Path) -> None:
    for drawn in ("figure", [], None):
        with pytest.raises(HasimError, match="axes or a figure are wanted"):
            hasim.plot.save(drawn, tmp_path / "a.png")
