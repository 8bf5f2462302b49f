"""What a caller of a sweep asks for, as a checked plan."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from itertools import pairwise, product
from typing import Any

from hasim.config import HaConfig
from hasim.errors import ConfigError, NotBuiltError, Problem
from hasim.experiment import COLUMNS, Measure, Plan, Point
from hasim.faults import Fault
from hasim.model.asked import asked
from hasim.scenario import Scenario, Simulable
from hasim.site.tables import shown
from hasim.units import SECOND, Micros, duration_text, micros
from hasim.version import VERSION

__all__ = ["Faults", "Scenarios", "Seeds", "planned"]

#: One schedule, as a run takes it; or several, with or without labels.
Faults = str | Sequence[str | Fault] | Sequence[Sequence[str | Fault]] | Mapping[str, Any]
Scenarios = str | Scenario | Sequence[str | Scenario]
Seeds = int | Iterable[int]

_TIMES = ("keepalive", "deadtime", "warntime", "initdead", "deadping", "conn_logd_time")


@dataclass(slots=True)
class _Asking:
    """A sweep while it is checked: all that is wrong, and the points that the daemon refuses."""

    model: Simulable
    skip: bool
    problems: list[Problem] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    models: dict[tuple[tuple[str, str], ...], Simulable | None] = field(default_factory=dict)

    def wrong(self, where: str, text: str, remedy: str = "") -> None:
        """Note a problem, once."""
        problem = Problem(where, None, "ERROR", text, remedy)
        if problem not in self.problems:
            self.problems.append(problem)

    def changed(self, change: Mapping[str, str]) -> Simulable | None:
        """Return the model with directives changed; None where the daemon would refuse it."""
        key = tuple(change.items())
        if key not in self.models:
            self.models[key] = self._change(change)
        return self.models[key]

    def _change(self, change: Mapping[str, str]) -> Simulable | None:
        try:
            changed: Simulable = self.model.changed(change) if change else self.model
            return changed
        except ConfigError as x:
            point = " ".join(f"{name}={value}" for name, value in change.items())
            told = [p for p in x.problems if p.level == "ERROR" and not _says_nothing(p)]
            if self.skip and not any(p.line is None for p in told):
                self.refused.append(f"{point}: {told[0].text}")
                return None
            for p in told:
                self.wrong(f"grid point {point}", p.text, _remedy(p))
        return None


def _says_nothing(problem: Problem) -> bool:
    return problem.text.startswith("Heartbeat not started")


def _remedy(problem: Problem) -> str:
    """Return what to do about a point that the daemon refuses."""
    rest = "every other directive stays as the file has it: "
    if problem.text.startswith("Initial dead time"):
        return f"{problem.remedy}; {rest}give initdead as well, or leave such points out"
    if problem.text.startswith("Dead time"):
        return f"{problem.remedy}; give other values, or leave such points out (skip_refused)"
    return problem.remedy


def planned(
    model: Simulable,
    ha_cf: Mapping[str, Any],
    *,
    faults: Faults | None,
    scenario: Scenarios | None,
    seeds: Seeds,
    until: str | int | float | None,
    start: Mapping[str, str | int | float] | None,
    pin: Mapping[str, Mapping[str, str] | str] | None,
    points: Sequence[Mapping[str, Any]] | None,
    skip_refused: bool,
    spread: str | int | float | None,
    also: Measure | None,
) -> tuple[Plan, dict[str, Any]]:
    """Return a sweep's plan, and where its table comes from.

    Raises
    ------
    ConfigError
        With every problem of what is asked for, whichever point of the grid has it.
    """
    asking = _Asking(model, skip_refused)
    numbers = _seeds(seeds, asking)
    wide = _spread(spread, asking)
    grid = [*_grid(ha_cf, points, asking)]
    several = [*_scenarios(scenario, asking)]
    schedules = [*_schedules(faults, asking)]
    found = []
    for change, (name, base), (label, schedule) in product(grid, several, schedules):
        full = {**base.change, **change}
        changed = asking.changed(full)
        if changed is None:
            continue
        plain = replace(base, change={})
        try:
            wanted, _ = asked(changed, plain, schedule, until, start, pin, None)
            wanted.require_built()
            wanted.require_dialect(model.dialect)
        except ConfigError as x:
            asking.problems += (p for p in x.problems if p not in asking.problems)
            continue
        except NotBuiltError as x:
            asking.wrong("--fault", str(x))
            continue
        labels = _labels(change, changed)
        labels |= {} if label is None else {"fault": label}
        labels |= {} if name is None else {"scenario": name}
        found.append(Point(labels, full, wanted))
    if not asking.problems and not found:
        asking.wrong(
            "sweep", "the daemon would refuse every point of the grid", *asking.refused[:1]
        )
    if asking.problems:
        raise ConfigError(asking.problems)
    told = _provenance(model, found, numbers, asking) | {"spread": duration_text(wide)}
    return Plan(model, tuple(found), numbers, also, wide), told


def _provenance(
    model: Simulable, points: Sequence[Point], seeds: Sequence[int], asking: _Asking
) -> dict[str, Any]:
    horizons = {p.scenario.until for p in points}
    texts = ["derived" if h is None else duration_text(h) for h in horizons]
    return {
        "version": VERSION,
        "model": model.name,
        "dialect": model.dialect,
        "files": dict(model.digests),
        "edits": dict(model.edits),
        "points": len(points),
        "refused": list(asking.refused),
        "faults": [*dict.fromkeys("; ".join(map(str, p.scenario.faults)) for p in points)],
        "scenarios": [*dict.fromkeys(p.scenario.name for p in points if p.scenario.name)],
        "until": sorted(texts),
        "seeds": _told(seeds),
    }


def _told(seeds: Sequence[int]) -> str:
    """Return seeds as a text: a range where they are one."""
    if len(seeds) > 1 and all(b - a == 1 for a, b in pairwise(seeds)):
        return f"{seeds[0]}..{seeds[-1]}"
    return " ".join(map(str, seeds))


def _spread(spread: str | int | float | None, asking: _Asking) -> Micros:
    try:
        return 0 if spread is None else micros(spread)
    except ValueError as x:
        asking.wrong("spread", str(x))
        return 0


def _seeds(seeds: object, asking: _Asking) -> Sequence[int]:
    if isinstance(seeds, int) and not isinstance(seeds, bool):
        if seeds < 1:
            asking.wrong("seeds", f"{seeds} seeds are none", "give at least 1")
        return range(seeds)
    if isinstance(seeds, range) and seeds:
        return seeds
    given = [*seeds] if isinstance(seeds, Iterable) and not isinstance(seeds, str) else [seeds]
    for seed in given:
        if isinstance(seed, bool) or not isinstance(seed, int):
            asking.wrong("seeds", f"{shown(seed)} is no seed", "seeds are whole numbers")
    if not given:
        asking.wrong("seeds", "there are no seeds", "give at least one")
    if len(set(map(repr, given))) < len(given):
        asking.wrong("seeds", "a seed is given twice", "the same run twice tells nothing new")
    return tuple(seed for seed in given if isinstance(seed, int))


def _written(value: object, directive: str, asking: _Asking) -> str:
    """Return a value as ``ha.cf`` has it."""
    if isinstance(value, bool):
        return "on" if value else "off"
    if isinstance(value, (int, float)):
        text = f"{value:.6f}"
        return text.rstrip("0").rstrip(".")
    if isinstance(value, str) and value.strip():
        return value.strip()
    asking.wrong(directive, f"{shown(value)} is no value of a directive", "write deadtime=[5, 10]")
    return ""


def _grid(ha_cf: Mapping[str, Any], points: object, asking: _Asking) -> Iterator[dict[str, str]]:
    """Yield the directives of each point, in the order of the grid."""
    axes = []
    for directive, given in ha_cf.items():
        values = [given] if isinstance(given, (str, int, float)) else given
        if not isinstance(values, Iterable) or not (listed := [*values]):
            asking.wrong(directive, f"{shown(given)} holds no values", "write deadtime=[5, 10]")
            continue
        texts = [_written(value, directive, asking) for value in listed]
        if len(set(texts)) < len(texts):
            asking.wrong(directive, "a value is given twice", "each value is a point of its own")
        axes.append([(directive, text) for text in texts])
    given_points = [{}] if points is None else points
    if not isinstance(given_points, Sequence) or not all(
        isinstance(point, Mapping) for point in given_points
    ):
        text = f"{shown(points)} is no list of points"
        asking.wrong("points", text, "write points=[{'deadtime': 10, 'initdead': 60}]")
        return
    for point in given_points:
        own = {str(name): _written(value, str(name), asking) for name, value in point.items()}
        for name in (name for name in own if name in ha_cf):
            asking.wrong(name, "it is swept, and the points give it as well", "give it once")
        for chosen in product(*axes):
            yield {**own, **dict(chosen)}


def _labels(change: Mapping[str, str], changed: Simulable) -> dict[str, float | str]:
    """Return the values of directives as a table has them: times in seconds."""
    config: HaConfig = next(iter(changed.configs.values()))
    times = {f.name for f in fields(config)} & {*_TIMES}
    return {
        name: getattr(config, name) / SECOND if name in times else text
        for name, text in change.items()
    }


def _scenarios(given: object, asking: _Asking) -> Iterator[tuple[str | None, Scenario]]:
    """Yield each scenario, with its name where several are swept."""
    if given is None:
        yield None, Scenario(file="--fault")
        return
    alone = isinstance(given, (str, Scenario)) or not isinstance(given, Iterable)
    names = []
    listed: list[Any] = [given] if alone else [*given]  # type: ignore[misc]
    for one in listed:
        try:
            found, _ = asked(asking.model, one, None, None, None, None, None)
        except ConfigError as x:
            asking.problems += (p for p in x.problems if p not in asking.problems)
            continue
        names.append(found.name)
        yield (None if alone else found.name), found
    if len(set(names)) < len(names):
        asking.wrong("--scenario", "a scenario is given twice", "each is a point of its own")


def _schedules(given: object, asking: _Asking) -> Iterator[tuple[str | None, Any]]:
    """Yield each schedule of faults, with its label where several are swept."""
    if isinstance(given, Mapping):
        if not given:
            asking.wrong("--fault", "there is no schedule", "give at least one")
        yield from ((str(label), schedule) for label, schedule in given.items())
        return
    listed = [*given] if isinstance(given, Iterable) and not isinstance(given, str) else None
    if not listed or any(isinstance(one, (str, Fault)) for one in listed):
        yield None, given if listed is None else listed
        return
    labels = []
    for schedule in listed:
        lines = [*schedule] if isinstance(schedule, Iterable) else [schedule]
        labels.append("; ".join(map(str, lines)) or "none")
        yield labels[-1], lines
    if len(set(labels)) < len(labels):
        asking.wrong("--fault", "a schedule is given twice", "each is a point of its own")


# Labels that a directive, a scenario or a schedule gives a column must not be columns of the rows.
assert not {*_TIMES, "fault", "scenario"} & {*COLUMNS}
