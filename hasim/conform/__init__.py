"""Does the simulation agree with the real daemon?  Conditioned replays of recordings."""

from __future__ import annotations

from hasim.conform.compare import Agreement, Odd, compare_events, pool
from hasim.conform.recording import Recording, load_recording, save_recording
from hasim.conform.replay import Replay, replay_of
from hasim.conform.report import BARS, Report, check
from hasim.conform.runs import replayed
from hasim.conform.scope import KINDS, in_scope, scope_end

__all__ = [
    "BARS",
    "KINDS",
    "Agreement",
    "Odd",
    "Recording",
    "Replay",
    "Report",
    "check",
    "compare_events",
    "in_scope",
    "load_recording",
    "pool",
    "replay_of",
    "replayed",
    "save_recording",
    "scope_end",
]
