"""The command ``hasim conform``: the comparison itself lives in the library."""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module
from typing import Any

__all__ = ["conform_command"]


def conform_command(recordings: Sequence[str], judge: str | None, json: bool) -> int:
    """Replay recordings, judge them, and return the exit code."""
    conform: Any = import_module("hasim.conform")
    report = "json" if json else "text"
    return int(conform.command(list(recordings), judge, report))
