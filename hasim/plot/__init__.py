"""Figures of runs and tables, drawn by matplotlib.

Every function takes its data and an optional ``ax``, returns the axes, and shows nothing. Without
``ax`` it makes a figure; how figures look is set for them alone.
"""

from __future__ import annotations

from hasim.plot.breakdown import breakdown
from hasim.plot.conformance import conformance
from hasim.plot.detection import detection
from hasim.plot.interactive import interactive
from hasim.plot.latency import latency
from hasim.plot.matrix import matrix
from hasim.plot.messages import messages
from hasim.plot.saving import SUFFIXES, save
from hasim.plot.timeline import timeline
from hasim.plot.topology import topology

__all__ = [
    "SUFFIXES",
    "breakdown",
    "conformance",
    "detection",
    "interactive",
    "latency",
    "matrix",
    "messages",
    "save",
    "timeline",
    "topology",
]
