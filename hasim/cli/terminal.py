"""What a person at a terminal sees besides the text: colours, and how far the work is.

In a pipe nothing of this exists: the bytes are those of the plain text. ``NO_COLOR`` and
``TERM=dumb`` switch colours off, ``FORCE_COLOR`` switches them on wherever output goes.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Collection, Iterable, Iterator, Sequence
from types import TracebackType
from typing import TYPE_CHECKING, TextIO

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

__all__ = ["Bar", "coloured", "paint_log", "paint_remark", "paint_result"]

#: Work that is over sooner needs no bar; microseconds.
_PATIENCE = 2_000_000
_NODES = ("cyan", "magenta", "blue", "green")
_LEVELS = {
    "WARN": "yellow",
    "WARNING": "yellow",
    "ERROR": "bold red",
    "CRIT": "bold red",
    "EMERG": "bold red",
    "warning": "yellow",
    "error": "bold red",
    "advice": "cyan",
}
_LEVEL = re.compile(r"(?<=[ \[])(WARN|WARNING|ERROR|CRIT|EMERG|warning|error|advice)(?=: )")
#: First words of the tables of a summary: the line is a head.
_HEADS = ("node ", "group ", "outage of ", "violated ")
#: First words of what need not be read each time.
_ASIDES = ("assumed: ", "note: ")


def coloured(stream: TextIO) -> bool:
    """Tell whether what is written to a stream may be coloured."""
    if os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("FORCE_COLOR"):
        return True
    return stream.isatty() and os.environ.get("TERM", "dumb") not in ("", "dumb", "unknown")


def _painted(text: str, style: str) -> str:
    from rich.color import ColorSystem
    from rich.style import Style

    return Style.parse(style).render(text, color_system=ColorSystem.STANDARD)


def paint_log(lines: Iterable[str], nodes: Sequence[str]) -> Iterator[str]:
    """Yield the lines of a log, names of nodes and grave levels in colour where they may be."""
    if not coloured(sys.stdout):
        yield from lines
        return
    colours = {node: _painted(node, _NODES[i % len(_NODES)]) for i, node in enumerate(nodes)}
    names = re.compile(rf"(?<![\w.-])({'|'.join(map(re.escape, nodes))})(?![\w-])")
    for line in lines:
        grave = _LEVEL.sub(lambda hit: _painted(hit[0], _LEVELS[hit[0]]), line, count=1)
        yield names.sub(lambda hit: colours[hit[0]], grave)


def _marked(line: str, bad: Collection[str]) -> str:
    line = _LEVEL.sub(lambda hit: _painted(hit[0], _LEVELS[hit[0]]), line, count=1)
    for word in bad:
        line = re.sub(rf"(?<![\w-]){re.escape(word)}(?![\w-])", _painted(word, "bold red"), line)
    return line


def _remarked(line: str, bad: Collection[str]) -> str:
    if line.startswith(_HEADS):
        return _painted(line, "bold")
    return _painted(line, "dim") if line.startswith(_ASIDES) else _marked(line, bad)


def paint_remark(text: str, bad: Collection[str] = ()) -> str:
    """Return what goes to standard error: heads of tables, grave levels and `bad` words stand out.

    Parameters
    ----------
    text : str
        One or more lines.
    bad : collection of str
        Words that are bad news: properties that are violated.
    """
    if not coloured(sys.stderr):
        return text
    return "\n".join(_remarked(line, bad) for line in text.split("\n"))


def paint_result(lines: Iterable[str], bad: Collection[str] = ()) -> Iterator[str]:
    """Yield what goes to standard output, severities and `bad` words in colour where they may be.

    Parameters
    ----------
    lines : iterable of str
        Findings, or a verdict.
    bad : collection of str
        Words that are bad news: properties that are violated.
    """
    if not coloured(sys.stdout):
        yield from lines
        return
    yield from (_marked(line, bad) for line in lines)


class Bar:
    """A bar on standard error, from the second second on, and only on a terminal.

    Parameters
    ----------
    what : str
        What is counted: ``"runs"``.
    quiet : bool
        Show nothing at all.
    """

    def __init__(self, what: str, quiet: bool = False) -> None:
        from hasim.budget import Budget

        self._what = what
        self._wanted = not quiet and sys.stderr.isatty() and os.environ.get("TERM") != "dumb"
        self._begun = Budget(_PATIENCE)
        self._bar: Progress | None = None
        self._task: TaskID | None = None

    def __enter__(self) -> Bar:
        return self

    def show(self, done: int, of: int) -> None:
        """Show how much is done of how much."""
        if not self._wanted or not self._begun.spent():
            return
        if self._bar is None or self._task is None:
            self._bar = _bar(self._what)
            self._task = self._bar.add_task(self._what, total=of)
            self._bar.start()
        self._bar.update(self._task, completed=done, total=of)

    def __exit__(
        self, kind: type[BaseException] | None, x: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._bar is not None:
            self._bar.stop()


def _bar(what: str) -> Progress:
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TaskProgressColumn,
        TextColumn,
        TimeRemainingColumn,
    )

    count = TaskProgressColumn() if what == "simulating" else MofNCompleteColumn()
    columns = TextColumn(what), BarColumn(), count, TimeRemainingColumn()
    return Progress(*columns, console=Console(stderr=True), transient=True)
