"""The founding cluster, as it is and with fencing and watchdogs."""

from __future__ import annotations

from pathlib import Path

import pytest

import hasim
from hasim.model import Model


@pytest.fixture(scope="session")
def model(webdata: Path) -> Model:
    """Neither node can be fenced."""
    return hasim.load(webdata)


@pytest.fixture(scope="session")
def safe(model: Model) -> Model:
    """A power switch with a feed of its own resets either node, and both have a watchdog."""
    return model.with_(stonith_host="* apcmaster pdu", watchdog="/dev/watchdog")
