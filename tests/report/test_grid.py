"""The report of a matrix: its table can be looked into."""

from __future__ import annotations

import shlex
from pathlib import Path

import pytest

from hasim.cli import main
from hasim.model import Model
from hasim.search import Matrix
from hasim.search.outcome import BADNESS
from hasim.search.reported import look_of
from tests.report.seen import Element, Page, read


@pytest.fixture(scope="module")
def page(matrix: Matrix, tmp_path_factory: pytest.TempPathFactory) -> Page:
    file = matrix.report(tmp_path_factory.mktemp("matrix"))
    return read(file.read_text(encoding="utf-8"))


def rows(page: Page, section: str) -> list[list[Element]]:
    """The rows of the table of a section that have cells."""
    found = [e for e in page.section(section) if e.name == "tr"]
    cells = [[c for c in row if c.name == "td" and "cell" in c.classes] for row in found]
    return [row for row in cells if row]


def test_the_table_has_the_rows_and_outcomes_of_the_matrix(page: Page, matrix: Matrix) -> None:
    shown = rows(page, "singles")
    made = matrix.rows()
    assert len(shown) == len(made)
    for row, told in zip(shown, made, strict=True):
        for cell, lines, worst in zip(row, told.cells, told.worst, strict=True):
            assert [e.text() for e in cell if e.name == "span"] == [*lines]
            assert f"o-{look_of(worst)}" in cell.classes


def test_a_cell_tells_its_schedule_its_seed_and_what_is_violated(
    page: Page, matrix: Matrix
) -> None:
    tips = [c.attributes["data-tip"] for row in rows(page, "singles") for c in row]
    cell = next(cell for cell in matrix.singles if cell.worst == "dual mount")
    seen = cell.tallies[0].example
    tip = next(tip for tip in tips if seen.outcome.sentence in tip)
    assert tip.startswith("dual mount")
    for fault in seen.faults:
        assert str(fault) in tip
    assert f"seed {seen.seed}" in tip


def test_families_keep_the_order_of_the_matrix(page: Page, matrix: Matrix) -> None:
    heads = [e.text() for e in page.section("singles") if e.attributes.get("scope") == "rowgroup"]
    assert heads == [*dict.fromkeys(row.family for row in matrix.rows() if row.family)]


def test_the_triangle_has_a_letter_for_each_pair(page: Page, matrix: Matrix) -> None:
    shown = rows(page, "pairs")
    assert [len(row) for row in shown] == [1, 2, 3]
    letters = "\n".join(matrix.triangle_lines())
    for row in shown:
        for cell in row:
            assert cell.text() in letters
            assert " + " in cell.attributes["data-tip"].split("\n")[0]


def test_each_outcome_in_which_something_is_lost_can_be_seen_again(
    page: Page, matrix: Matrix, capsys: pytest.CaptureFixture[str]
) -> None:
    lost = [c for c in matrix.cells if c.kinds and c.worst != BADNESS[0]]
    commands = [e.text() for e in page.section("samples") if e.name == "pre"]
    assert len(commands) == len(lost)
    # The worst stand first: the command of the first gives what its cell says.
    words = shlex.split(commands[0])
    assert words[0] == "hasim"
    assert main(words[1:]) == 1
    assert "at-most-one-" in capsys.readouterr().err


def test_the_verdict_counts_the_cells_that_violate_a_property(page: Page, matrix: Matrix) -> None:
    bad = sum(cell.bad for cell in matrix.cells)
    verdict = page.section("verdict")
    assert f"{bad} of {len(matrix.cells)} cells violate a property" in verdict.text()
    looks = [e.text() for e in verdict if e.name == "li"]
    assert looks == [kind for kind in BADNESS if kind in {c.worst for c in matrix.cells}]


def test_coverage_legend_and_phases_are_told(page: Page, matrix: Matrix) -> None:
    words = page.text
    for line in (*matrix.coverage(), *matrix.sentences().values()):
        assert line in words
    assert "continues: users lose nothing by the fault" in words


def test_two_reports_of_a_matrix_are_equal_and_no_key_is_in_them(
    matrix: Matrix, page: Page, tmp_path: Path, model: Model
) -> None:
    assert matrix.report(tmp_path).read_text(encoding="utf-8") == page.html
    keys = {key for c in model.configs.values() for _, key in c.authkeys.methods.values() if key}
    assert keys
    assert not [key for key in keys if key in page.html]
