from __future__ import annotations

from pathlib import Path

import pytest

import hasim
from hasim.model import Model
from hasim.run import Run


@pytest.fixture(scope="session")
def model(webdata: Path) -> Model:
    """The founding cluster."""
    return hasim.load(webdata)


@pytest.fixture(scope="session")
def lost(model: Model) -> Run:
    """node1 loses power after five minutes."""
    return model.run(["5m power-off node1"], until="7m", seed=3)
