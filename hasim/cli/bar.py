"""A bar that shows how far many runs are."""

from __future__ import annotations

from types import TracebackType
from typing import TYPE_CHECKING

from hasim.search.budget import Budget
from hasim.units import SECOND

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

__all__ = ["Bar"]

#: Work that is over sooner needs no bar.
_PATIENCE = 2 * SECOND


class Bar:
    """A bar on standard error, from the second second on."""

    def __init__(self, wanted: bool) -> None:
        self._wanted = wanted
        self._begun = Budget(_PATIENCE)
        self._bar: Progress | None = None
        self._task: TaskID | None = None

    def __enter__(self) -> Bar:
        return self

    def show(self, done: int, of: int) -> None:
        """Show how many runs were made of how many."""
        if not self._wanted or not self._begun.spent():
            return
        if self._bar is None or self._task is None:
            self._bar, self._task = _bar(of)
            self._bar.start()
        self._bar.update(self._task, completed=done)

    def __exit__(
        self, kind: type[BaseException] | None, x: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._bar is not None:
            self._bar.stop()


def _bar(of: int) -> tuple[Progress, TaskID]:
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeRemainingColumn,
    )

    columns = TextColumn("runs"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn()
    bar = Progress(*columns, console=Console(stderr=True), transient=True)
    return bar, bar.add_task("runs", total=of)
