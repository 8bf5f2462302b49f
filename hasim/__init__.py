"""A discrete-event simulator of Linux-HA Heartbeat clusters in haresources mode.

>>> import hasim
>>> model = hasim.load("models/webdata")
>>> run = model.run(["5m power-off node1"], until="7m")
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from hasim.version import VERSION as __version__

if TYPE_CHECKING:
    from hasim import experiment, lint, plot
    from hasim.errors import ConfigError, HasimError, NotBuiltError
    from hasim.lint import Finding
    from hasim.model import Model, load
    from hasim.run import Run, load_run
    from hasim.run.logs import read_logs
    from hasim.scenario import Scenario
    from hasim.world import World

__all__ = [
    "ConfigError",
    "Finding",
    "HasimError",
    "Model",
    "NotBuiltError",
    "Run",
    "Scenario",
    "World",
    "__version__",
    "experiment",
    "lint",
    "load",
    "load_run",
    "plot",
    "read_logs",
]

# Where each name lives: imported when it is first asked for, so that `import hasim` is light.
_HOMES = {
    "ConfigError": "hasim.errors",
    "Finding": "hasim.lint",
    "HasimError": "hasim.errors",
    "Model": "hasim.model",
    "NotBuiltError": "hasim.errors",
    "Run": "hasim.run",
    "Scenario": "hasim.scenario",
    "World": "hasim.world",
    "load": "hasim.model",
    "load_run": "hasim.run",
    "read_logs": "hasim.run.logs",
}
# Packages that are names of their own.
_PACKAGES = frozenset({"experiment", "lint", "plot"})


def __getattr__(name: str) -> Any:
    if name not in _HOMES and name not in _PACKAGES:
        raise AttributeError(f"module 'hasim' has no attribute {name!r}")
    if name in _PACKAGES:
        value: Any = import_module(f"hasim.{name}")
    else:
        value = getattr(import_module(_HOMES[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
