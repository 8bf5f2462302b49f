"""Experiments: many runs over a grid of configurations, faults and seeds, and their statistics."""

from hasim.experiment.closed_form import Detection, detection_closed_form
from hasim.experiment.figures import panels, shares
from hasim.experiment.measures import death, first_service, moves
from hasim.experiment.mistaken import false_takeovers
from hasim.experiment.recordings import inside, laboratory, recorded, recorded_points
from hasim.experiment.rows import COLUMNS, PHASE_COLUMNS, Measure, rows_of
from hasim.experiment.script import (
    Experiment,
    command,
    markdown,
    rated,
    stacked,
    texts_of,
    timed,
)
from hasim.experiment.statistics import (
    false_takeover_rate,
    labels_of,
    quantiles,
    share,
)
from hasim.experiment.sweep import Plan, Point, moved_by, swept
from hasim.statistics import wilson

__all__ = [
    "COLUMNS",
    "PHASE_COLUMNS",
    "Detection",
    "Experiment",
    "Measure",
    "Plan",
    "Point",
    "command",
    "death",
    "detection_closed_form",
    "false_takeover_rate",
    "false_takeovers",
    "first_service",
    "inside",
    "labels_of",
    "laboratory",
    "markdown",
    "moved_by",
    "moves",
    "panels",
    "quantiles",
    "rated",
    "recorded",
    "recorded_points",
    "rows_of",
    "share",
    "shares",
    "stacked",
    "swept",
    "texts_of",
    "timed",
    "wilson",
]
