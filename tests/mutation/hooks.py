"""The conftest.py of a copy of the project whose code is mutated: see measure.py.

Cheap tests come first, so that a mutant dies early.  Where the variable MUTANTS names several, all
of them are put in place of what they were made of.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from functools import cache
from importlib import import_module
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


def put_in_place(mutants: Iterable[str]) -> None:
    for name in mutants:
        module, _, mutant = name.rpartition(".")
        function = mutant.rpartition("__mutmut_")[0]
        table = vars(import_module(module))[f"mutants_{function}__mutmut"]
        table["_mutmut_orig"] = table[mutant]


put_in_place(os.environ.get("MUTANTS", "").split())
