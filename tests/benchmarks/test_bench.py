"""The benchmark measures what it says; how fast the machine is, no test judges."""

from __future__ import annotations

from itertools import count

import pytest

from tests.benchmarks import bench


def test_the_table_gives_rates_from_span_and_cpu_time() -> None:
    figure = bench.Figure("quiet", cpu_s=0.5, simulated_s=3600.0, records=1000)
    rows = bench.table([figure], baseline_s=1e-6)
    assert rows.splitlines()[-1] == "| quiet | 0.500 | 7,200 | 1,000 | 139 |"


def test_an_event_of_bare_simpy_costs_the_time_of_its_loop_shared_out() -> None:
    ticks = count()
    assert bench.bare_simpy(10, clock=lambda: float(next(ticks))) == 0.1


def test_a_case_is_timed_from_its_run_alone() -> None:
    ticks = count()
    figures = bench.measure(bench.CASES[:1], rounds=2, clock=lambda: float(next(ticks)))
    assert [(f.case, f.cpu_s, f.simulated_s) for f in figures] == [("start-alone", 1.0, 240.0)]
    assert figures[0].records > 0


@pytest.mark.slow
def test_every_case_runs() -> None:
    figures = bench.measure(bench.CASES, rounds=1)
    assert [f.case for f in figures] == [case.name for case in bench.CASES]
    assert all(f.records > 0 and f.cpu_s > 0 for f in figures)
