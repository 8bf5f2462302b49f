"""Experiments: many runs over a grid of configurations, faults and seeds, and their statistics."""

from hasim.experiment.mistaken import false_takeovers
from hasim.experiment.rows import COLUMNS, PHASE_COLUMNS, Measure, rows_of
from hasim.experiment.statistics import (
    false_takeover_rate,
    labels_of,
    quantiles,
    share,
    wilson,
)
from hasim.experiment.sweep import Plan, Point, swept

__all__ = [
    "COLUMNS",
    "PHASE_COLUMNS",
    "Measure",
    "Plan",
    "Point",
    "false_takeover_rate",
    "false_takeovers",
    "labels_of",
    "quantiles",
    "rows_of",
    "share",
    "swept",
    "wilson",
]
