from __future__ import annotations

from pathlib import Path

import pytest

import hasim


@pytest.fixture(scope="session")
def model(webdata: Path) -> hasim.Model:
    """The cluster of the founding document: a disk, an address, and no STONITH."""
    return hasim.load(webdata)


@pytest.fixture(scope="session")
def fenced(model: hasim.Model) -> hasim.Model:
    """The same with its power switch in use."""
    return model.with_(stonith_host="* apcmaster 192.168.60.9 apc apc")
