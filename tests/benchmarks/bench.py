"""How fast are runs? ``python -m tests.benchmarks.bench [--rounds N] [--only CASE]``."""

from __future__ import annotations

import argparse
import os
import platform
import statistics
import sys
import time
from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass
from pathlib import Path

import simpy

import hasim
from hasim.units import DAY, HOUR, SECOND, Micros

__all__ = ["CASES", "Case", "Figure", "bare_simpy", "main", "measure", "table"]

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
    """What a case cost: median CPU seconds, simulated seconds, records in the trace."""

    case: str
    cpu_s: float
    simulated_s: float
    records: int


CASES = (
    Case("start-alone", scenario="start-alone"),
    Case("heal", scenario="heal"),
    Case("quiet-hour", span_us=HOUR),
    Case("quiet-day", span_us=DAY),
    Case("lossy-hour", faults=("1m lose 10% node1:eth1",), span_us=HOUR),
)


def measure(
    cases: Sequence[Case], rounds: int, clock: Callable[[], float] = time.process_time
) -> list[Figure]:
    """Run every case `rounds` times, interleaved, each round with another seed."""
    model = hasim.load(WEBDATA)
    costs: dict[str, list[float]] = {case.name: [] for case in cases}
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
            costs[case.name].append(clock() - begun)
            records[case.name] = len(run.trace.records)
            until_us = case.span_us
            if case.scenario is not None:
                until_us = model.scenarios[case.scenario].until or 0
            spans[case.name] = until_us
    return [
        Figure(
            case=case.name,
            cpu_s=statistics.median(costs[case.name]),
            simulated_s=spans[case.name] / SECOND,
            records=records[case.name],
        )
        for case in cases
    ]


def bare_simpy(events: int = 200_000, clock: Callable[[], float] = time.process_time) -> float:
    """Return the CPU seconds of one ``yield env.timeout(1)`` of an otherwise idle process."""

    def tick(env: simpy.Environment) -> Generator[simpy.Event, object, None]:
        for _ in range(events):
            yield env.timeout(1)

    env = simpy.Environment()
    env.process(tick(env))
    begun = clock()
    env.run()
    return (clock() - begun) / events


def table(figures: Sequence[Figure], baseline_s: float) -> str:
    """Return the figures as the rows of a Markdown table.

    The last column is the cost of a simulated second in events of bare SimPy.
    """
    rows = [
        "| case | CPU s | simulated s per CPU s | records | bare SimPy events per simulated s |",
        "|---|---|---|---|---|",
    ]
    rows += [
        f"| {f.case} | {f.cpu_s:.3f} | {f.simulated_s / f.cpu_s:,.0f} "
        f"| {f.records:,} | {f.cpu_s / f.simulated_s / baseline_s:,.0f} |"
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
    baseline = statistics.median(bare_simpy() for _ in range(options.rounds))
    print(f"bare SimPy: {baseline * 1e6:.2f} us per event\n")
    print(table(measure(wanted, options.rounds), baseline))
    return 0


if __name__ == "__main__":
    sys.exit(main())
