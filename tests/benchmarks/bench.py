"""How fast are runs? ``python -m tests.benchmarks.bench [--rounds N] [--only CASE]``."""

from __future__ import annotations

import argparse
import os
import platform
import statistics
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import hasim
from hasim.units import HOUR, SECOND, Micros

__all__ = ["CASES", "Case", "Figure", "main", "measure", "table"]

WEBDATA = Path(__file__).resolve().parents[2] / "models" / "webdata"


@dataclass(frozen=True, slots=True)
class Case:
    """Something to run: a scenario of the model, or faults over a span of simulated time."""

    name: str
    scenario: str | None = None
    faults: tuple[str, ...] = ()
    span_us: Micros = 0


@dataclass(frozen=True, slots=True)
class Figure:
    """What a case cost: median wall seconds, simulated seconds, records in the trace."""

    case: str
    wall_s: float
    simulated_s: float
    records: int


CASES = (
    Case("start-alone", scenario="start-alone"),
    Case("heal", scenario="heal"),
    Case("quiet-hour", span_us=HOUR),
    Case("lossy-hour", faults=("1m lose 10% node1:eth1",), span_us=HOUR),
)


def measure(
    cases: Sequence[Case], rounds: int, clock: Callable[[], float] = time.perf_counter
) -> list[Figure]:
    """Run every case `rounds` times, interleaved, each round with another seed."""
    model = hasim.load(WEBDATA)
    walls: dict[str, list[float]] = {case.name: [] for case in cases}
    records: dict[str, int] = {}
    spans: dict[str, Micros] = {}
    for seed in range(rounds):
        for case in cases:
            begun = clock()
            if case.scenario is None:
                until = f"{case.span_us // SECOND}s"
                run = model.run(list(case.faults), seed=seed, until=until)
            else:
                run = model.run(scenario=case.scenario, seed=seed)
            walls[case.name].append(clock() - begun)
            records[case.name] = len(run.trace.records)
            until_us = case.span_us
            if case.scenario is not None:
                until_us = model.scenarios[case.scenario].until or 0
            spans[case.name] = until_us
    return [
        Figure(
            case=case.name,
            wall_s=statistics.median(walls[case.name]),
            simulated_s=spans[case.name] / SECOND,
            records=records[case.name],
        )
        for case in cases
    ]


def table(figures: Sequence[Figure]) -> str:
    """Return the figures as the rows of a Markdown table."""
    rows = [
        "| case | wall s | simulated s per s | records | records per s |",
        "|---|---|---|---|---|",
    ]
    rows += [
        f"| {f.case} | {f.wall_s:.3f} | {f.simulated_s / f.wall_s:,.0f} "
        f"| {f.records:,} | {f.records / f.wall_s:,.0f} |"
        for f in figures
    ]
    return "\n".join(rows)


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print."""
    names = [case.name for case in CASES]
    parser = argparse.ArgumentParser(description="Measure how fast hasim runs.")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--only", choices=names, action="append")
    options = parser.parse_args(arguments)
    if options.rounds < 1:
        parser.error("--rounds must be at least 1")
    wanted = [case for case in CASES if case.name in (options.only or names)]
    build = f"{platform.python_implementation()} {platform.python_version()}"
    print(f"{build}, {platform.machine()}, {os.cpu_count()} CPUs, {options.rounds} rounds\n")
    print(table(measure(wanted, options.rounds)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
