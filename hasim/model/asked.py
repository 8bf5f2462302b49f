"""What a caller asks for, as one checked scenario."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from hasim.config import edit_ha_cf
from hasim.errors import ConfigError, Problem, nearest
from hasim.faults import Fault, parse_fault
from hasim.model.check import check_scenario
from hasim.scenario import Scenario, Simulable
from hasim.units import Micros, micros

__all__ = ["asked"]


def _named(name: str, model: Simulable, problems: list[Problem]) -> Scenario:
    scenarios = model.scenarios
    if name in scenarios:
        return scenarios[name]
    text = f"no scenario {name[:100]!r} in the model {model.name}{nearest(name, scenarios)}"
    known = f"scenarios: {', '.join(scenarios)}" if scenarios else "this model has no scenarios"
    problems.append(Problem("--scenario", None, "ERROR", text, known))
    return Scenario()


def _time(value: str | int | float, where: str, problems: list[Problem]) -> Micros | None:
    try:
        return micros(value)
    except ValueError as x:
        problems.append(Problem(where, None, "ERROR", str(x)))
        return None


def _faults(faults: Sequence[str | Fault] | str | None, problems: list[Problem]) -> list[Fault]:
    out = []
    for fault in [faults] if isinstance(faults, str) else faults or ():
        if isinstance(fault, str):
            try:
                out.append(parse_fault(fault))
            except ConfigError as x:
                problems += x.problems
        else:
            out.append(fault)
    return out


def _misfits(change: Mapping[str, str], model: Simulable) -> list[Problem]:
    out = []
    for directive, value in change.items():
        if not value.strip():
            text, remedy = f"{directive[:100]!r} is given no value", "write --set deadtime=10"
            out.append(Problem("--set", None, "ERROR", text, remedy))
            continue
        try:
            edit_ha_cf("", {directive: value}, dialect=model.dialect)
        except ValueError as x:
            out.append(Problem("--set", None, "ERROR", str(x)))
    return out


def asked(
    model: Simulable,
    scenario: str | Scenario,
    faults: Sequence[str | Fault] | str | None,
    until: str | int | float | None,
    start: Mapping[str, str | int | float] | None,
    pin: Mapping[str, Mapping[str, str] | str] | None,
    change: Mapping[str, str] | None,
) -> tuple[Scenario, tuple[str, ...]]:
    """Return a scenario with everything that is asked for beside it, and notes about that.

    Raises
    ------
    ConfigError
        With every problem: times and faults that cannot be read, names the model does not have.
    """
    problems: list[Problem] = []
    if isinstance(scenario, str):
        scenario = _named(scenario, model, problems)
    base = scenario
    extra = _faults(faults, problems)
    if extra:
        scenario = replace(scenario, faults=(*base.faults, *extra))
    if until is not None:
        scenario = replace(scenario, until=_time(until, "--until", problems))
    if start is not None:
        starts = {node: _time(at, f"start of {node}", problems) for node, at in start.items()}
        known = {node: at for node, at in starts.items() if at is not None}
        scenario = replace(scenario, start=known)
    if pin is not None:
        scenario = replace(scenario, pin={**base.pin, **pin})
    problems += (p for p in check_scenario(scenario, model) if p not in problems)
    if change:
        problems += _misfits(change, model)
        scenario = replace(scenario, change={**base.change, **change})
    notes: tuple[str, ...] = ()
    if scenario != base and base.expect is not None:
        scenario = replace(scenario, expect=None)
        notes = (f"the expectations of {base.name} are not judged: it was changed for this run",)
    if problems:
        raise ConfigError(problems)
    return scenario, notes
