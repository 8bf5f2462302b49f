"""The matrix: the cells of the table, in colours and words."""

from __future__ import annotations

import pytest

import hasim.plot
from hasim.errors import HasimError
from hasim.model import Model
from hasim.render.palette import OUTCOMES
from hasim.search import BADNESS, Matrix
from tests.plot.seen import figure_of, texts


@pytest.fixture(scope="module")
def found(model: Model) -> Matrix:
    kinds = ["power-off node", "kill all", "isolate"]
    phases = ["settled", "takeover"]
    return model.matrix(kinds=kinds, phases=phases, pairs=False, instants=1, jobs=1)


def test_every_cell_has_its_colour_and_its_words(found: Matrix) -> None:
    ax = found.plot()
    rows = found.rows()
    codes = [mesh.get_array().ravel().tolist() for mesh in ax.collections]
    order = list(OUTCOMES)
    assert [[order[code] for code in row] for row in codes] == [list(r.worst) for r in rows]
    told = [t.get_text().replace("\n", " ") for t in ax.texts]
    wanted = [" ".join(cell) for row in rows for cell in row.cells if cell]
    assert told == wanted
    assert [t.get_text() for t in ax.get_xticklabels()] == list(found.phases)
    assert "dual mount" in told
    edges = [mesh.get_coordinates()[:, 0, 1].tolist() for mesh in ax.collections]
    assert all(top < bottom for top, bottom in edges)
    assert edges == sorted(edges)


def test_bad_cells_are_told_in_bold_and_the_legend_names_what_is_there(found: Matrix) -> None:
    ax = hasim.plot.matrix(found)
    bold = {t.get_text() for t in ax.texts if t.get_fontweight() == "bold"}
    assert bold
    assert all(text.startswith(("dual", "stuck")) for text in bold)
    assert {"continues", "takes over", "dual mount"} <= set(texts(ax))
    assert "restarts" not in texts(ax)


def test_rows_may_be_chosen_by_family_and_by_harm(found: Matrix) -> None:
    few = hasim.plot.matrix(found, families=["power"])
    assert len(few.collections) < len(hasim.plot.matrix(found).collections)
    told = [t.get_text() for t in few.get_yticklabels()]
    assert "power" in told
    assert "network" not in told
    bad = hasim.plot.matrix(found, bad=True)
    assert len(bad.collections) == sum(
        any(kind.startswith("dual") for kind in row.worst) for row in found.rows()
    )
    with pytest.raises(HasimError, match="no family 'netwrk' in this matrix; did you mean"):
        hasim.plot.matrix(found, families=["netwrk"])


def test_a_matrix_in_which_nothing_is_bad_gives_axes_that_say_so(model: Model) -> None:
    calm = model.matrix(kinds=["kill ipfail"], phases=["settled"], pairs=False, instants=1, jobs=1)
    ax = hasim.plot.matrix(calm, bad=True)
    figure_of(ax).canvas.draw()
    assert "nothing to draw: no fault violates a property" in texts(ax)
    with pytest.raises(HasimError, match="a matrix is wanted, not str"):
        hasim.plot.matrix("matrix")


def test_every_outcome_of_a_search_has_a_look() -> None:
    named = [kind for kind in BADNESS if kind in OUTCOMES]
    assert [kind for kind in OUTCOMES if kind in BADNESS] == named
    assert set(OUTCOMES) - set(BADNESS) == {"", "property"}


def test_a_notebook_shows_the_words_on_the_same_colours(found: Matrix) -> None:
    shown = found._repr_html_()
    assert "background:#b84e00;color:#ffffff" in shown
    assert '<th style="text-align:left">takeover</th>' in shown
    assert shown.count("<tr>") == len(found.rows()) + 1
    assert "<details><summary>What the words mean" in shown
