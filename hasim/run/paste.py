"""What happened in a run, told so that it can be run again: as Python to paste, as a scenario."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields, replace
from typing import Protocol

from hasim.faults import Fault
from hasim.monitors import Violation
from hasim.scenario import Expect, Scenario, Simulable
from hasim.units import Micros, duration_text

__all__ = ["classes_of", "python_of", "recorded"]

#: What makes a scenario more than faults and a horizon: ``model.run`` cannot be told these.
_MORE = ("audits", "settled", "heartbeat")
_SHOW = ("print(run.summary())",)
_NONE = ["schedule = []"]


class _Ran(Protocol):
    """What of a run is told: a :class:`hasim.run.Run`."""

    @property
    def model(self) -> Simulable | None: ...
    @property
    def scenario(self) -> Scenario: ...
    @property
    def until(self) -> Micros: ...
    @property
    def violations(self) -> tuple[Violation, ...]: ...


def python_of(
    model: Simulable,
    scenario: Scenario,
    seed: int,
    *,
    imports: Sequence[str] = (),
    then: Sequence[str] = _SHOW,
) -> str:
    """Return code to paste that runs a scenario again.

    Parameters
    ----------
    model : Model
        The cluster, its edits applied.
    scenario : Scenario
        What happens; what it changes is left out where the model has been changed so already.
    seed : int
        Seed of the run.
    imports, then : sequence of str
        Further import lines, and lines at the end; without any the summary is printed.
    """
    faults = scenario.faults
    needed = ["import hasim", *imports]
    if names := classes_of(faults):
        needed.append(f"from hasim.faults import {', '.join(names)}")
    lines = [*sorted(needed, key=lambda line: (line.startswith("from"), line)), ""]
    lines += ["schedule = [", *(f"    {fault!r}," for fault in faults), "]"] if faults else _NONE
    lines.append(f"model = {model.python()}")
    change = {k: v for k, v in scenario.change.items() if model.edits.get(k) != v}
    lines += _call(scenario, seed, change)
    return "\n".join([*lines, *then]) + "\n"


def _call(scenario: Scenario, seed: int, change: Mapping[str, str]) -> list[str]:
    beside: dict[str, object] = {"seed": seed}
    if any(getattr(scenario, name) for name in _MORE):
        inside = {"faults": "tuple(schedule)"}
        for name in ("start", "until", *_MORE, "pin"):
            value = getattr(scenario, name)
            if value or (name == "start" and value is not None):
                inside[name] = repr(dict(value) if isinstance(value, Mapping) else value)
        said = ", ".join(f"{name}={value}" for name, value in inside.items())
        lines, first = [f"scenario = hasim.Scenario({said})"], "scenario=scenario"
    else:
        lines, first = [], "schedule"
        if scenario.until is not None:
            beside["until"] = duration_text(scenario.until)
        if scenario.start is not None:
            beside["start"] = {n: duration_text(at) for n, at in scenario.start.items()}
        if scenario.pin:
            beside["pin"] = dict(scenario.pin)
    if change:
        beside["change"] = dict(change)
    said = ", ".join(f"{name}={value!r}" for name, value in beside.items())
    return [*lines, f"run = model.run({first}, {said})"]


def classes_of(faults: Sequence[Fault]) -> list[str]:
    """Return the names of the classes that the ``repr`` of some faults needs, sorted."""
    found = set()
    for fault in faults:
        found.add(type(fault).__name__)
        values = (getattr(fault, field.name) for field in fields(fault))
        found |= {type(v).__name__ for v in values if hasattr(v, "__dataclass_fields__")}
    return sorted(found)


def recorded(run: _Ran, title: str = "") -> Scenario:
    """Return the scenario of a run with its horizon, its edits, and what was violated.

    As a file of ``scenarios/`` it expects what the run has shown.
    """
    violated = dict.fromkeys(v.property for v in run.violations)
    change = run.scenario.change if run.model is None else run.model.edits
    return replace(
        run.scenario,
        title=title or run.scenario.title,
        until=run.until,
        expect=Expect(violated=tuple(violated)),
        change=dict(change),
    )
