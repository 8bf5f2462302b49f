"""The same scenario and seed give the same run: in another process, with other string hashes."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

import hasim

ROOT = Path(__file__).resolve().parent.parent
SCENARIOS = ("start-alone", "heal", "test1-graceful-stop", "test2-public-cable")
PROGRAM = """
import sys
import hasim

model = hasim.load(sys.argv[1])
run = model.run(scenario=sys.argv[2], seed=int(sys.argv[3]))
sys.stdout.write(run.digest)
"""


def digest_in_a_new_process(scenario: str, seed: int, hash_seed: int) -> str:
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, "models/webdata", scenario, str(seed)],
        cwd=ROOT,
        env={**os.environ, "PYTHONHASHSEED": str(hash_seed)},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_two_processes_with_different_string_hashes_give_equal_digests(scenario: str) -> None:
    first = digest_in_a_new_process(scenario, seed=7, hash_seed=1)
    second = digest_in_a_new_process(scenario, seed=7, hash_seed=2)
    assert len(first) >= 16
    assert first == second


def test_two_runs_in_one_process_give_equal_digests(webdata: Path) -> None:
    model = hasim.load(webdata)
    runs = [model.run(scenario="start-alone", seed=7) for _ in range(2)]
    assert runs[0].digest == runs[1].digest


def test_another_seed_gives_another_digest(webdata: Path) -> None:
    model = hasim.load(webdata)
    digests = {model.run(scenario="start-alone", seed=seed).digest for seed in range(4)}
    assert len(digests) == 4


def test_who_watches_a_run_changes_nothing() -> None:
    model = hasim.load(ROOT / "models" / "webdata")
    seen: list[tuple[int, int]] = []
    watched = model.run(scenario="heal", packets=True, progress=lambda *at: seen.append(at))
    alone = model.run(scenario="heal", packets=True)
    assert watched.trace == alone.trace
    assert watched.trace.digest("packets") == alone.trace.digest("packets")
    assert seen == sorted(seen)
    assert seen[0][0] == 0
    assert 100 <= len(seen) == seen[0][1]
