"""Runs and tables that several figures are drawn of."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest
from matplotlib import pyplot as plt

import hasim
from hasim.model import Model
from hasim.run import Run
from tests.plot.tables import sweep_table

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(autouse=True)
def _closed() -> Iterator[None]:
    """No figure outlives its test."""
    yield
    plt.close("all")


@pytest.fixture(scope="session")
def model() -> Model:
    return hasim.load(ROOT / "models" / "webdata")


@pytest.fixture(scope="session")
def pair() -> Model:
    """Both nodes have a group of their own."""
    return hasim.load(ROOT / "models" / "cts")


@pytest.fixture(scope="session")
def healed(model: Model) -> Run:
    """Two nodes do not hear each other for two minutes, and both mount the disk."""
    return model.run(scenario="heal", packets=True)


@pytest.fixture(scope="session")
def calm(model: Model) -> Run:
    """Nothing happens."""
    return model.run(until="4m")


@pytest.fixture(scope="session")
def nothing(model: Model) -> Run:
    """A run of a microsecond."""
    return model.run(until="1us")


@pytest.fixture
def swept() -> pd.DataFrame:
    return sweep_table()
