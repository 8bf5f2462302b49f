"""Which recordings cannot be replayed, and why: every report says so."""

from __future__ import annotations

from hasim.conform.recording import Recording

__all__ = ["not_conditionable"]

_LOSS = "which packets were lost is not recorded"


def not_conditionable(recording: Recording) -> str | None:
    """Return why a recording cannot be replayed: packets lost at random."""
    return None if recording.conditionable else _LOSS
