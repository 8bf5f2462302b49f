"""Simulated runs whose logs are read."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from itertools import count, islice
from pathlib import Path

import hasim
from hasim.run import Run

__all__ = ["long_log", "simulated"]

ROOT = Path(__file__).resolve().parent.parent.parent


@cache
def simulated(scenario: str, dialect: str, seed: int = 0) -> Run:
    """Run a scenario of the founding cluster."""
    model = hasim.load(ROOT / "models" / "webdata", dialect=dialect)
    return model.run(scenario=scenario, seed=seed)


def long_log(lines: int, dialect: str = "3.0.6") -> Iterator[bytes]:
    """Yield the lines of a debug file of any length, hardly any of them twice the same."""
    run = simulated("heal", dialect)
    kept = list(run.log(format="ha-log", debug=True))
    pid = re.compile(r"(?<=\[)\d+(?=\])|(?<=process )\d+|(?<=interval )\d+")
    numbers = count(1000)

    def shown(line: str) -> bytes:
        return pid.sub(lambda _: str(next(numbers) % 4_000_000), line).encode() + b"\n"

    endless = (shown(line) for _ in count() for line in kept)
    return islice(endless, lines)
