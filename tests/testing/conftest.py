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


@pytest.fixture(autouse=True)
def draws_know_no_other_modules(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep Hypothesis from drawing numbers that stand in modules which happen to be imported.

    It likes them as examples, and which there are depends on the tests that ran before.
    """
    from hypothesis.internal.conjecture import providers

    if hasattr(providers, "_get_local_constants"):
        monkeypatch.setattr(providers, "_get_local_constants", providers.Constants)
        monkeypatch.setattr(providers, "CONSTANTS_CACHE", providers.LRUCache(1024))
