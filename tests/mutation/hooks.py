"""The conftest.py of a copy of the project whose code is mutated: see measure.py.

Cheap tests come first, so that a mutant dies early. The test that kills it is written down.
"""

from __future__ import annotations

import json
import os
from functools import cache
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, settings

# An example that fails need not become a small one.
settings.register_profile(
    "mutation",
    deadline=None,
    derandomize=True,
    database=None,
    max_examples=50,
    phases=(Phase.explicit, Phase.generate),
    suppress_health_check=list(HealthCheck),
)


@cache
def seconds() -> dict[str, float]:
    """Return how long each test took when the tests of each function were looked for."""
    file = Path("mutmut-stats.json")
    return dict(json.loads(file.read_text())["duration_by_test"]) if file.exists() else {}


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: (seconds().get(item.nodeid, 0.0), item.nodeid))


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    mutant = os.environ.get("MUTANT_UNDER_TEST", "")
    if report.failed and "__mutmut_" in mutant:
        folder = Path("killers")
        folder.mkdir(exist_ok=True)
        (folder / mutant).write_text(report.nodeid)
