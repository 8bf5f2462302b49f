"""What a caller asks for, as one checked scenario."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from hasim.config import edit_ha_cf
from hasim.errors import ConfigError, Problem, nearest
from hasim.faults import Fault, parse_fault
from hasim.model.check import check_scenario
from hasim.scenario import Scenario, Simulable, parse_scenario
from hasim.site.tables import shown
from hasim.units import Micros, micros

__all__ = ["asked"]


def _named(name: str, model: Simulable, problems: list[Problem]) -> Scenario:
    scenarios = model.scenarios
    if name in scenarios:
        return scenarios[name]
    if name.endswith(".toml"):
        return _in_file(name, problems)
    text = f"no scenario {name[:100]!r} in the model {model.name}{nearest(name, scenarios)}"
    known = f"scenarios: {', '.join(scenarios)}" if scenarios else "this model has no scenarios"
    problems.append(Problem("--scenario", None, "ERROR", text, known))
    return Scenario()


def _in_file(name: str, problems: list[Problem]) -> Scenario:
    """Read a scenario that lies outside the model, as a search saves them."""
    try:
        return parse_scenario(Path(name).read_bytes(), name, Path(name).stem)
    except OSError as x:
        text = f"cannot be read: {x.strerror or x}"
        problems.append(
            Problem(name, None, "ERROR", text, "give a scenario of the model, or a file")
        )
    except ConfigError as x:
        problems += x.problems
    return Scenario()


def _time(value: object, where: str, problems: list[Problem]) -> Micros | None:
    if not isinstance(value, (str, int, float)):
        text = f"{shown(value)} is not a duration (try '30s')"
        problems.append(Problem(where, None, "ERROR", text))
        return None
    try:
        return micros(value)
    except ValueError as x:
        problems.append(Problem(where, None, "ERROR", str(x)))
        return None


def _faults(faults: object, problems: list[Problem]) -> list[Fault]:
    out = []
    given = [faults] if isinstance(faults, str) else faults or ()
    if not isinstance(given, Iterable):
        text, remedy = f"{shown(faults)} is no list of faults", "write ['60s cut node1:eth0']"
        problems.append(Problem("--fault", None, "ERROR", text, remedy))
        return []
    lines = list(given)
    for fault in lines:
        try:
            out.append(_fault(fault, len(lines) > 1))
        except ConfigError as x:
            problems += x.problems
    return out


def _fault(fault: object, several: bool) -> Fault:
    """Return a fault that is a line or was built by hand; the latter is held against its line."""
    if isinstance(fault, str):
        return parse_fault(fault, f"--fault {shown(fault)}" if several else "--fault")
    if not isinstance(fault, Fault):
        text = f"{shown(fault)} is neither a fault line nor a fault"
        raise ConfigError([Problem("--fault", None, "ERROR", text, "write '60s cut node1:eth0'")])
    try:
        same = parse_fault(str(fault), f"--fault {shown(fault)}") == fault
    except (ArithmeticError, LookupError, TypeError, ValueError):
        same = False
    if not same:
        text = f"{shown(fault)} has a field that no fault line could give"
        remedy = "at and durations are whole microseconds from 0 on; see hasim.faults"
        raise ConfigError([Problem("--fault", None, "ERROR", text, remedy)])
    return fault


def _misfits(change: Mapping[str, object], model: Simulable) -> list[Problem]:
    out = []
    for directive, value in change.items():
        if not isinstance(value, str):
            text = f"{directive[:100]} = {shown(value)}: a text is needed"
            out.append(Problem("--set", None, "ERROR", text, "put it in quotes"))
            continue
        if not value.strip():
            text, remedy = f"{directive[:100]!r} is given no value", "write --set deadtime=10"
            out.append(Problem("--set", None, "ERROR", text, remedy))
            continue
        try:
            edit_ha_cf("", {directive: value}, dialect=model.dialect)
        except ValueError as x:
            out.append(Problem("--set", None, "ERROR", str(x)))
    return out


def _tables(given: Mapping[str, object]) -> None:
    """Refuse what is no mapping, and pins that are neither texts nor tables of texts."""
    for name, value in given.items():
        if value is None or isinstance(value, Mapping):
            continue
        text = f"{name} = {shown(value)}: names and values are needed, a mapping"
        raise ConfigError([Problem(name, None, "ERROR", text)])
    pins = given["pin"]
    for name, value in pins.items() if isinstance(pins, Mapping) else ():
        values = value.values() if isinstance(value, Mapping) else [value]
        if not all(isinstance(v, str) for v in values):
            text = f"{shown(name)} = {shown(value)}: a text is needed"
            raise ConfigError([Problem("pin", None, "ERROR", text, "put it in quotes: '1s'")])


def _scenario(scenario: object) -> Scenario:
    if isinstance(scenario, Scenario):
        return scenario
    text = f"{shown(scenario)} is neither the name of a scenario nor a scenario"
    raise ConfigError([Problem("--scenario", None, "ERROR", text)])


def _strangers(nodes: Sequence[str], model: Simulable) -> list[Problem]:
    known = f"known: {', '.join(model.configs)}"
    return [
        Problem(
            "start",
            None,
            "ERROR",
            f"no node {shown(node)} in this model{nearest(str(node), model.configs)}",
            known,
        )
        for node in nodes
    ]


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
    _tables({"start": start, "pin": pin, "change": change})
    if isinstance(scenario, str):
        scenario = _named(scenario, model, problems)
    base = scenario = _scenario(scenario)
    extra = _faults(faults, problems)
    if extra:
        scenario = replace(scenario, faults=(*base.faults, *extra))
    if until is not None:
        scenario = replace(scenario, until=_time(until, "--until", problems))
    if start is not None:
        starts = {node: _time(at, f"start of {node}", problems) for node, at in start.items()}
        unknown = [node for node in starts if node not in model.configs]
        problems += _strangers(unknown, model)
        starts = {node: at for node, at in starts.items() if node not in unknown}
        known = {node: at for node, at in starts.items() if at is not None}
        scenario = replace(scenario, start=known)
    if pin is not None:
        scenario = replace(scenario, pin={**base.pin, **pin})
    wrong = _misfits(change, model) if change else []
    sound = None if wrong else change
    problems += (p for p in check_scenario(scenario, model, sound) if p not in problems)
    problems += wrong
    if change:
        scenario = replace(scenario, change={**base.change, **change})
    notes: tuple[str, ...] = ()
    if scenario != base and base.expect is not None:
        scenario = replace(scenario, expect=None)
        notes = (f"the expectations of {base.name} are not judged: it was changed for this run",)
    if problems:
        raise ConfigError(problems)
    return scenario, notes
