"""What reading costs: memory that does not grow with the file, and lines a second."""

from __future__ import annotations

import time
import tracemalloc
from pathlib import Path

import pytest

from hasim.reading import stream
from tests.reading.made import long_log

#: Lines a second of one core, on any machine of these years.
LINES_LEAST = 50_000


def memory_of(path: Path) -> tuple[int, int]:
    """Return lines and the most memory that reading them took."""
    tracemalloc.start()
    try:
        counts, told = stream(str(path))
        for _ in told:
            pass
        return counts.lines, tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def log_of(folder: Path, lines: int) -> Path:
    path = folder / f"ha-debug.{lines}"
    with path.open("wb") as file:
        file.writelines(long_log(lines))
    return path


def test_memory_does_not_grow_with_the_file(tmp_path: Path) -> None:
    memory_of(log_of(tmp_path, 1_000))  # what is built once
    _, small = memory_of(log_of(tmp_path, 40_000))
    lines, large = memory_of(log_of(tmp_path, 160_000))
    assert lines == 160_000
    # Caches of lines are bounded, and fuller after more of them; kept events would be 100 MB.
    assert large < 1.5 * small + 3_000_000


@pytest.mark.slow
def test_a_core_reads_so_many_lines_a_second(tmp_path: Path) -> None:
    path = log_of(tmp_path, 500_000)
    begun = time.process_time()
    counts, told = stream(str(path))
    for _ in told:
        pass
    rate = counts.lines / (time.process_time() - begun)
    print(f"{rate:,.0f} lines a second")  # noqa: T201
    assert counts.share == 1.0
    assert rate >= LINES_LEAST
