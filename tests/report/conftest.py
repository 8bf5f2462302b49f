"""Runs and reports that the tests of reports share."""

from __future__ import annotations

from pathlib import Path

import pytest

import hasim
from hasim.model import Model
from hasim.report import run_page
from hasim.run import Run
from hasim.search import Hits, Matrix
from tests.report.seen import Page, read


@pytest.fixture(scope="session")
def model(webdata: Path) -> Model:
    """The founding cluster."""
    return hasim.load(webdata)


@pytest.fixture(scope="session")
def heal(model: Model) -> Run:
    """A split-brain: two properties are violated, and users lose service."""
    return model.run(scenario="heal")


@pytest.fixture(scope="session")
def page(heal: Run) -> Page:
    """The report of the split-brain, read."""
    return read(run_page(heal))


@pytest.fixture(scope="session")
def hits(model: Model) -> Hits:
    """A short search that finds something."""
    return model.check(examples=30, jobs=1)


@pytest.fixture(scope="session")
def matrix(model: Model) -> Matrix:
    """A small matrix in which something is violated."""
    kinds = ["power-off node", "kill all", "cut"]
    return model.matrix(kinds=kinds, phases=["settled", "takeover"], instants=1, jobs=1)
