"""A figure with sliders: what a notebook is told, with ipywidgets and without."""

from __future__ import annotations

import importlib.util
from typing import Any

import pytest
from matplotlib import pyplot as plt
from matplotlib.axes import Axes

from hasim.errors import HasimError
from hasim.plot import interactive

PNG = b"\x89PNG\r\n"
WIDGET = "application/vnd.jupyter.widget-view+json"
drawn: list[tuple[int, str]] = []
needs_widgets = pytest.mark.skipif(
    importlib.util.find_spec("ipywidgets") is None, reason="ipywidgets is not installed"
)


def figure(length: int = 2, colour: str = "blue") -> Axes:
    """Draw a line, and write down of what."""
    drawn.append((length, colour))
    if length > 8:
        raise HasimError("a length of <9> is refused")
    _, ax = plt.subplots()
    ax.plot([0, length], [0, 1], color=colour)
    return ax


@pytest.fixture(autouse=True)
def _nothing_drawn() -> None:
    drawn.clear()


def test_its_picture_is_that_of_the_defaults_and_leaves_no_figure_open() -> None:
    figures = plt.get_fignums()
    one = interactive(figure, length=[1, 2, 9], colour=["blue", "red"])
    assert one.picture().startswith(PNG)
    assert drawn == [(2, "blue")]
    assert plt.get_fignums() == figures
    assert repr(one) == "<interactive figure: length=2, colour='blue'>"


def test_the_same_values_give_the_same_bytes_and_others_give_others() -> None:
    one = interactive(figure, length=[1, 2], colour=["blue"])
    assert one.picture() == one.picture(length=2)
    assert one.picture() != one.picture(length=1)


def test_a_parameter_without_a_slider_keeps_its_default() -> None:
    interactive(figure, length=[1, 2]).picture(length=1)
    assert drawn == [(1, "blue")]


def test_without_ipywidgets_a_notebook_is_told_the_picture(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(interactive.__globals__, "find_spec", lambda name: None)
    one = interactive(figure, length=[1, 2])
    data, metadata = one._repr_mimebundle_()
    assert set(data) == {"text/plain", "image/png"}
    assert data["image/png"].startswith(PNG)
    assert metadata["image/png"]["width"] == 750
    with pytest.raises(HasimError, match=r"hasim\[notebooks\]"):
        one.sliders()


@needs_widgets
def test_with_ipywidgets_a_notebook_is_told_both() -> None:
    data, _ = interactive(figure, length=[1, 2])._repr_mimebundle_(include=None, exclude=None)
    assert {WIDGET, "image/png", "text/plain"} <= set(data)
    assert data["text/plain"] == "<interactive figure: length=2>"


def parts_of(one: Any) -> tuple[list[Any], Any, Any]:
    *sliders, said, image = one.sliders().children
    return sliders, said, image


@needs_widgets
def test_a_slider_that_moves_draws_anew() -> None:
    (length, colour), _, image = parts_of(
        interactive(figure, length=[1, 2], colour=["blue", "red"])
    )
    assert (length.value, colour.value) == (2, "blue")
    before = bytes(image.value)
    length.value = 1
    colour.value = "red"
    assert drawn[-2:] == [(1, "blue"), (1, "red")]
    assert bytes(image.value).startswith(PNG)
    assert bytes(image.value) != before


@needs_widgets
def test_what_is_refused_is_said_below_and_the_figure_stays() -> None:
    (length,), said, image = parts_of(interactive(figure, length=[2, 9]))
    before = bytes(image.value)
    length.value = 9
    assert said.value == "<pre>a length of &lt;9&gt; is refused</pre>"
    assert bytes(image.value) == before
    length.value = 2
    assert said.value == ""


@pytest.mark.parametrize(
    ("values", "complaint"),
    [
        ({}, "give each parameter"),
        ({"lenght": [1]}, "no parameter 'lenght' with a default; did you mean 'length'"),
        ({"length": [1, 3]}, "the default 2 is none of its values"),
    ],
)
def test_a_slider_that_makes_no_sense_is_refused_at_once(
    values: dict[str, list[int]], complaint: str
) -> None:
    with pytest.raises(HasimError, match=complaint):
        interactive(figure, **values)
    assert drawn == []
