"""Fixtures and settings that every test shares."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

os.environ["MPLBACKEND"] = "Agg"

ROOT = Path(__file__).resolve().parent.parent

settings.register_profile("dev", deadline=None, max_examples=50)
settings.register_profile(
    "ci",
    deadline=None,
    derandomize=True,
    max_examples=100,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.register_profile(
    "nightly",
    deadline=None,
    max_examples=2000,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci" if "CI" in os.environ else "dev"))


@pytest.fixture(scope="session")
def shared() -> Path:
    """Folder with the recordings and reference documents; tests that need it skip without it.

    It is ``../shared`` next to the project, or what the variable HASIM_SHARED names.
    """
    path = Path(os.environ.get("HASIM_SHARED", ROOT.parent / "shared"))
    if not path.is_dir():
        pytest.skip(f"no reference folder at {path} (set HASIM_SHARED)")
    return path


@pytest.fixture(scope="session")
def webdata() -> Path:
    """Folder of the model of the founding document's cluster."""
    return ROOT / "models" / "webdata"
