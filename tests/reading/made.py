"""Simulated runs whose logs are read."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import hasim
from hasim.run import Run

__all__ = ["simulated"]

ROOT = Path(__file__).resolve().parent.parent.parent


@cache
def simulated(scenario: str, dialect: str, seed: int = 0) -> Run:
    """Run a scenario of the founding cluster."""
    model = hasim.load(ROOT / "models" / "webdata", dialect=dialect)
    return model.run(scenario=scenario, seed=seed)
