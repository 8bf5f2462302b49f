"""Pictures of a run as files: ``--timeline``, ``--messages`` and ``--window``.

SVG is drawn by :mod:`hasim.render`, PNG and PDF by :mod:`hasim.plot`.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any, NamedTuple

from hasim.errors import ConfigError, HasimError, Problem
from hasim.files import put_bytes
from hasim.run import Run
from hasim.units import micros

__all__ = ["Pictures", "bounds", "check_pictures", "obstacle", "write_file", "write_pictures"]


class Pictures(NamedTuple):
    """Files to draw a run into, and the part of the run that they show: ``60s..2m``."""

    timeline: str | None = None
    messages: str | None = None
    window: str | None = None


def bounds(window: str | None) -> tuple[str | None, str | None]:
    """Return the two ends of a window; one that is not given is chosen by the picture.

    Raises
    ------
    ConfigError
        For what is no window.
    """
    if window is None:
        return None, None
    begin, dots, end = (part.strip() for part in window.partition(".."))
    remedy = "write two durations since the start, as 60s..2m; one of them may be left out"
    if not dots or not (begin or end):
        text = f"{window[:60]!r} is no window"
        raise ConfigError([Problem("--window", None, "ERROR", text, remedy)])
    for part in (begin, end):
        try:
            micros(part or "0s")
        except ValueError as x:
            raise ConfigError([Problem("--window", None, "ERROR", str(x), remedy)]) from None
    return begin or None, end or None


def _files(pictures: Pictures) -> list[tuple[str, str]]:
    """Return flag and file of each picture that is asked for."""
    flags = (("--timeline", pictures.timeline), ("--messages", pictures.messages))
    return [(flag, file) for flag, file in flags if file is not None]


def obstacle(file: str) -> str | None:
    """Return why a file cannot become a picture, as far as that can be seen beforehand."""
    path = Path(os.path.realpath(file))
    try:
        if not file or path.is_dir():
            return "it is a folder"
        if path.exists() and not path.is_file():
            return "it is no regular file"
        return None if path.parent.is_dir() else f"there is no folder {str(path.parent)!r}"
    except (OSError, ValueError) as x:
        return (x.strerror if isinstance(x, OSError) else None) or str(x)


def _suffix(file: str) -> str:
    from hasim.plot.saving import suffix_of  # only where a picture is asked for

    return suffix_of(file)


def check_pictures(pictures: Pictures) -> None:
    """Complain, before anything is run, about files and windows that cannot be meant.

    Raises
    ------
    ConfigError
        With every problem.
    """
    asked = _files(pictures)
    problems = []
    for flag, file in asked:
        reason = obstacle(file)
        if reason is not None:
            text = f"no picture can be written to {file[:200]!r}: {reason}"
            problems.append(Problem(flag, None, "ERROR", text, "name a file in an existing folder"))
            continue
        try:
            _suffix(file)
        except HasimError as x:
            remedy = "name a file that ends in .svg, .png or .pdf"
            problems.append(Problem(flag, None, "ERROR", str(x), remedy))
    if len(asked) == 2 and os.path.realpath(asked[0][1]) == os.path.realpath(asked[1][1]):
        text = f"--timeline writes to {asked[0][1][:200]!r} as well"
        problems.append(Problem("--messages", None, "ERROR", text, "name two files"))
    if pictures.window is not None and not asked:
        remedy = "give --timeline FILE or --messages FILE as well"
        problems.append(Problem("--window", None, "ERROR", "there is no picture", remedy))
    if problems:
        raise ConfigError(problems)
    bounds(pictures.window)


def write_file(flag: str, file: str, data: bytes) -> None:
    """Write a file that is there whole or not at all.

    Raises
    ------
    ConfigError
        Where it cannot be written; whatever stood there before still does.
    """
    try:
        put_bytes(file, data)
    except OSError as x:
        reason = f"{file[:200]!r} cannot be written: {x.strerror or x}"
        remedy = "name a file in a folder that may be written"
        raise ConfigError([Problem(flag, None, "ERROR", reason, remedy)]) from None


def _drawn(run: Run, flag: str, suffix: str, begin: str | None, end: str | None) -> bytes:
    """Return a picture as the bytes of its file."""
    if suffix == ".svg":
        draw = run.timeline if flag == "--timeline" else run.messages
        return draw(begin, end).encode()
    import matplotlib as mpl
    from matplotlib import pyplot as plt

    from hasim.plot.saving import encoded

    mpl.use("agg")  # a file is wanted, and no window
    figure = run.plot.timeline if flag == "--timeline" else run.plot.messages
    ax: Any = figure(begin, end)
    try:
        return encoded(ax, suffix)
    finally:
        plt.close(ax.figure)


def write_pictures(run: Run, pictures: Pictures) -> None:
    """Draw a run into the files that are asked for.

    Raises
    ------
    ConfigError
        For a file that cannot be written.
    HasimError
        For a window that lies outside the run.
    """
    begin, end = bounds(pictures.window)
    drawn = [
        (flag, file, _drawn(run, flag, _suffix(file), begin, end))
        for flag, file in _files(pictures)
    ]
    for flag, file, data in drawn:
        write_file(flag, file, data)
