"""Logs of the real daemon: read line by line, merged by true time, made into a trace."""

from hasim.reading.assembled import Progress, Reading, read, stream
from hasim.reading.calls import STARTS
from hasim.reading.counts import Counts, Fate, Unknown
from hasim.reading.facts import INFERRED
from hasim.reading.lines import Told
from hasim.reading.merging import Step
from hasim.reading.peers import absent
from hasim.reading.skew import Skew, wall_text

__all__ = [
    "INFERRED",
    "STARTS",
    "Counts",
    "Fate",
    "Progress",
    "Reading",
    "Skew",
    "Step",
    "Told",
    "Unknown",
    "absent",
    "read",
    "stream",
    "wall_text",
]
