"""Traces as text and pictures: logs in the daemon's formats, a summary, timelines, messages."""

from __future__ import annotations

from hasim.render.clock import Stamp, WallClock, stamp
from hasim.render.judge import canonical_events
from hasim.render.log import Format, log_lines
from hasim.render.mermaid import mermaid_text
from hasim.render.messages import messages_svg
from hasim.render.perfetto import perfetto_json
from hasim.render.summary import Section, summary
from hasim.render.timeline import timeline_svg

__all__ = [
    "Format",
    "Section",
    "Stamp",
    "WallClock",
    "canonical_events",
    "log_lines",
    "mermaid_text",
    "messages_svg",
    "perfetto_json",
    "stamp",
    "summary",
    "timeline_svg",
]
