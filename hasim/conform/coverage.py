"""What of the recordings is not compared, and why: this table is printed with every report."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fnmatch import fnmatchcase
from typing import Any

from hasim.conform.recording import Recording

__all__ = ["LEFT_OUT", "UNBUILT_KINDS", "built", "left_out", "not_conditionable", "unbuilt"]

_CHILD = "the death of a single child of the daemon is not simulated"
#: Scenarios that are not replayed, by pattern of their name.
LEFT_OUT: tuple[tuple[str, str], ...] = (
    ("09d-*", _CHILD),
    ("09e-*", _CHILD),
    ("09f-*", _CHILD),
    ("09h-*", _CHILD),
    ("10h-*", "stopping single processes by a signal is not simulated"),
)
#: Kinds of the vocabulary, by role and kind, that are left out of every recording.
UNBUILT_KINDS: Mapping[tuple[str, str], str] = {}
_LOSS = "which packets were lost is not recorded"


def left_out(recording: Recording) -> str | None:
    """Return why a recording is not simulated at all, or None where it is."""
    for pattern, reason in LEFT_OUT:
        if fnmatchcase(recording.name, pattern):
            return reason
    return None


def not_conditionable(recording: Recording) -> str | None:
    """Return why a recording cannot be replayed: packets lost at random."""
    return None if recording.conditionable else _LOSS


def unbuilt(event: Mapping[str, Any]) -> bool:
    """Return whether an event is of a kind that is left out."""
    return (event["role"], event["kind"]) in UNBUILT_KINDS


def built(events: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the events that are compared."""
    return [e for e in events if not unbuilt(e)]
