"""Traces as text: logs in the daemon's formats, a summary, the judge's events."""

from __future__ import annotations

from hasim.render.clock import Stamp, WallClock, stamp
from hasim.render.judge import canonical_events
from hasim.render.log import Format, log_lines
from hasim.render.summary import Section, summary

__all__ = [
    "Format",
    "Section",
    "Stamp",
    "WallClock",
    "canonical_events",
    "log_lines",
    "stamp",
    "summary",
]
