"""Does the simulation agree with the real daemon?  Conditioned replays, and free runs."""

from __future__ import annotations

from hasim.conform.beside import beside
from hasim.conform.compare import Agreement, Odd, compare_events, pool
from hasim.conform.coverage import not_conditionable
from hasim.conform.pairs import Beside, Pair
from hasim.conform.recording import Recording, load_recording, save_recording
from hasim.conform.replay import Replay, replay_of
from hasim.conform.report import BARS, FREE_RUNS, Report, check
from hasim.conform.runs import Replayed, replayed
from hasim.conform.text import report_json, report_lines, report_tables, write_document

__all__ = [
    "BARS",
    "FREE_RUNS",
    "Agreement",
    "Beside",
    "Odd",
    "Pair",
    "Recording",
    "Replay",
    "Replayed",
    "Report",
    "beside",
    "check",
    "compare_events",
    "load_recording",
    "not_conditionable",
    "pool",
    "replay_of",
    "replayed",
    "report_json",
    "report_lines",
    "report_tables",
    "save_recording",
    "write_document",
]
