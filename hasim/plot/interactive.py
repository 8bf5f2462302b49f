"""A figure that is drawn anew when a slider moves, and stands still where there are no sliders."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from html import escape
from importlib import import_module
from importlib.util import find_spec
from inspect import signature
from typing import Any

from hasim.errors import HasimError, nearest
from hasim.plot.saving import encoded, figure_of
from hasim.plot.style import WIDTH

__all__ = ["Interactive", "interactive"]

_PIXELS = round(WIDTH * 100)


class Interactive:
    """A figure with a slider for each parameter of what draws it; see :func:`interactive`.

    In a notebook its last line shows it. It tells the notebook two things: the sliders, and the
    figure that they begin with, as a picture. Where the sliders cannot be shown (without
    ipywidgets, on a page, in a notebook that is only read), the picture is.
    """

    def __init__(
        self, draw: Callable[..., Any], values: Mapping[str, list[Any]], start: Mapping[str, Any]
    ) -> None:
        self._draw, self._values, self._start = draw, values, start
        self._sliders: Any = None

    def picture(self, **values: Any) -> bytes:
        """Return the figure as PNG, for some values, the first ones for all others."""
        from matplotlib import pyplot as plt

        drawn = self._draw(**{**self._start, **values})
        data = encoded(drawn, ".png")
        plt.close(figure_of(drawn))
        return data

    def sliders(self) -> Any:
        """Return the widget of ipywidgets: a slider for each parameter over the figure.

        Raises
        ------
        HasimError
            Where ipywidgets is not installed.
        """
        if find_spec("ipywidgets") is None:
            raise HasimError("sliders need ipywidgets: pip install 'hasim[notebooks]'")
        if self._sliders is None:
            self._sliders = self._made(import_module("ipywidgets"))
        return self._sliders

    def _made(self, widgets: Any) -> Any:
        image = widgets.Image(value=self.picture(), format="png", width=_PIXELS)
        said = widgets.HTML()
        sliders = {
            name: widgets.SelectionSlider(
                options=values, value=self._start[name], description=name, continuous_update=False,
                style={"description_width": "initial"},
            )
            for name, values in self._values.items()
        }  # fmt: skip

        def moved(change: Any) -> None:
            wanted = {name: slider.value for name, slider in sliders.items()}
            try:
                image.value, said.value = self.picture(**wanted), ""
            except HasimError as x:
                said.value = f"<pre>{escape(str(x))}</pre>"

        for slider in sliders.values():
            slider.observe(moved, names="value")
        return widgets.VBox([*sliders.values(), said, image])

    def _repr_mimebundle_(self, **wanted: Any) -> tuple[dict[str, Any], dict[str, Any]]:
        data: dict[str, Any] = {"text/plain": repr(self), "image/png": self.picture()}
        if find_spec("ipywidgets") is not None:
            bundle = self.sliders()._repr_mimebundle_()
            data = {**(bundle[0] if isinstance(bundle, tuple) else bundle), **data}
        return data, {"image/png": {"width": _PIXELS}}

    def __repr__(self) -> str:
        names = ", ".join(f"{name}={value!r}" for name, value in self._start.items())
        return f"<interactive figure: {names}>"


def interactive(draw: Callable[..., Any], **values: Iterable[Any]) -> Interactive:
    """Draw a figure with sliders; each chooses one of the values of a parameter.

    Parameters
    ----------
    draw : callable
        Takes the parameters by name, and returns the Axes of a new figure, as the functions of
        this package do. Its defaults are where the sliders begin.
    **values : iterable
        Parameter to the values that it may have, in their order.

    Returns
    -------
    Interactive
        As the last line of a cell: sliders where a notebook can show them, else the figure with
        the defaults.

    Raises
    ------
    HasimError
        For no values at all, and for a parameter without a default that is one of its values.

    Notes
    -----
    A :class:`hasim.HasimError` that is raised by `draw`, such as that of a configuration that the
    daemon refuses, is shown below the sliders. The figure then stays as it was.

    Examples
    --------
    >>> def outage(deadtime=30, seed=0):
    ...     run = model.with_(deadtime=deadtime).run(["5m power-off node1"], seed=seed)
    ...     return run.plot.breakdown()
    >>> interactive(outage, deadtime=[5, 10, 30], seed=range(10))
    <interactive figure: deadtime=30, seed=0>
    """
    known = {
        name: parameter.default
        for name, parameter in signature(draw).parameters.items()
        if parameter.default is not parameter.empty
    }
    if not values:
        raise HasimError("give each parameter that is to have a slider its values")
    lists = {name: list(some) for name, some in values.items()}
    for name, some in lists.items():
        if name not in known:
            hint = nearest(name, known)
            raise HasimError(f"what draws has no parameter {name!r} with a default{hint}")
        if known[name] not in some:
            raise HasimError(f"{name}: the default {known[name]!r} is none of its values")
    return Interactive(draw, lists, {name: known[name] for name in lists})
