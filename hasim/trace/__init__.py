"""The trace of a run: its only output, of which all else is a function."""

from __future__ import annotations

from hasim.trace.record import Clock, GroupParts, Header, Record, Source
from hasim.trace.recorder import Recorder, RecorderState
from hasim.trace.spans import Kind, Span, spans
from hasim.trace.trace import Projection, Trace

__all__ = [
    "Clock",
    "GroupParts",
    "Header",
    "Kind",
    "Projection",
    "Record",
    "Recorder",
    "RecorderState",
    "Source",
    "Span",
    "Trace",
    "spans",
]
