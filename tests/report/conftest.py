"""Runs and reports that the tests of reports share."""

from __future__ import annotations

from pathlib import Path

import pytest

import hasim
from hasim.model import Model
from hasim.report import run_page
from hasim.run import Run
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
