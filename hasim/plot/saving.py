"""Figures as files: the same figure gives the same bytes."""

from __future__ import annotations

from io import BytesIO
from os import PathLike
from pathlib import Path
from typing import Any

import numpy as np

from hasim.errors import HasimError, nearest
from hasim.files import put_bytes

__all__ = ["SUFFIXES", "encoded", "figure_of", "save", "suffix_of"]

#: What a file's name may end in.
SUFFIXES = (".pdf", ".png", ".svg")
_NO_DATE: dict[str, dict[str, Any]] = {
    "pdf": {"CreationDate": None, "ModDate": None, "Producer": None, "Creator": None},
    "png": {"Software": None},
    "svg": {"Date": None, "Creator": None},
}


def suffix_of(path: str | PathLike[str]) -> str:
    """Return the suffix of a figure's file, in lower case.

    Raises
    ------
    HasimError
        For one that is no figure's.
    """
    suffix = Path(path).suffix.lower()
    if suffix not in SUFFIXES:
        told = f"the suffix {suffix!r}" if suffix else "no suffix"
        raise HasimError(
            f"{str(path)[:200]!r} has {told}; a figure is a file that ends in "
            f"{', '.join(SUFFIXES)}{nearest(suffix, SUFFIXES) if suffix else ''}"
        )
    return suffix


def figure_of(drawn: Any) -> Any:
    """Return the figure of axes, of several axes, or a figure as it is.

    Raises
    ------
    HasimError
        For anything else.
    """
    from matplotlib.artist import Artist
    from matplotlib.figure import Figure

    if isinstance(drawn, np.ndarray | list | tuple) and len(drawn):
        drawn = np.asarray(drawn, dtype=object).ravel()[0]
    figure: Any = drawn if isinstance(drawn, Figure) else None
    if figure is None and isinstance(drawn, Artist):
        figure = drawn.figure
    while figure is not None and figure.figure is not figure:
        figure = figure.figure
    if figure is None:
        raise HasimError(f"axes or a figure are wanted, not {type(drawn).__name__}")
    return figure


def encoded(drawn: Any, suffix: str) -> bytes:
    """Return a figure as the bytes of a file; the same figure gives the same bytes."""
    import matplotlib as mpl

    kind = suffix.removeprefix(".")
    out = BytesIO()
    settings: Any = {"svg.hashsalt": "hasim", "svg.fonttype": "path", "pdf.fonttype": 42}
    settings |= {"savefig.dpi": 150, "savefig.bbox": None}
    with mpl.rc_context(settings):
        figure_of(drawn).savefig(out, format=kind, metadata=_NO_DATE[kind])
    return out.getvalue()


def save(drawn: Any, path: str | PathLike[str]) -> None:
    """Write a figure as PNG, SVG or PDF, by the suffix of the file.

    Parameters
    ----------
    drawn : Axes, array of Axes, or Figure
        What a function of this package has returned.
    path : str or path
        The file; it is replaced.

    Raises
    ------
    HasimError
        For another suffix, for what is no figure, and for a file that cannot be written.
    """
    suffix = suffix_of(path)
    data = encoded(drawn, suffix)
    try:
        put_bytes(path, data)
    except (OSError, ValueError) as x:
        reason = (x.strerror if isinstance(x, OSError) else None) or str(x)
        raise HasimError(f"{str(path)[:200]!r} cannot be written: {reason}") from None
