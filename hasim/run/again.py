"""How to run something again from the command line."""

from __future__ import annotations

import shlex
from collections.abc import Mapping

from hasim.folder.sources import TEXTS
from hasim.scenario import Scenario, Simulable
from hasim.units import Micros, duration_text

__all__ = ["command_of", "needs_file"]


def _named(model: Simulable, scenario: Scenario) -> bool:
    """Return whether it is a scenario of the model's folder as it stands there."""
    return bool(scenario.name) and model.scenarios.get(scenario.name) == scenario


def needs_file(model: Simulable, scenario: Scenario) -> bool:
    """Return whether flags cannot say what happens: then the command names a scenario file."""
    more = scenario.start is not None or scenario.pin or scenario.audits
    return not _named(model, scenario) and bool(more or scenario.settled is not None)


def command_of(
    model: Simulable,
    scenario: Scenario,
    seed: int,
    until: Micros,
    file: str,
    change: Mapping[str, str] | None = None,
) -> str:
    """Return the command that runs a scenario again; empty for a model that has no folder.

    Parameters
    ----------
    model : Model
        The cluster.
    until : int
        The horizon, in microseconds.
    file : str
        Where the scenario is saved, for one that flags cannot say.
    change : mapping, optional
        Directives that differ from the folder; if not given, the edits of the model.
    """
    if str(model.path) == TEXTS:
        return ""
    words = ["hasim", "run", str(model.path), "--dialect", model.dialect]
    edits = dict(model.edits if change is None else change)
    whole = _named(model, scenario) or needs_file(model, scenario)
    if whole:
        words += ["--scenario", scenario.name if _named(model, scenario) else file]
        edits = {k: v for k, v in edits.items() if scenario.change.get(k) != v}
    words += [word for name, value in edits.items() for word in ("--set", f"{name}={value}")]
    if whole:
        return shlex.join([*words, "--seed", str(seed)])
    words += [word for fault in scenario.faults for word in ("--fault", str(fault))]
    return shlex.join([*words, "--seed", str(seed), "--until", duration_text(until)])
