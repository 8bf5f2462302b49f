"""Free runs: many seeds under the recorded injections, for outcome classes and latencies."""

from __future__ import annotations

import dataclasses
import gzip
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from pathlib import Path

from hasim.conform.judge import run_lines
from hasim.conform.recording import Recording
from hasim.conform.replay import replay_of
from hasim.conform.runs import free_events

__all__ = ["Batch", "batches", "run_batch", "run_batches"]


@dataclass(frozen=True)
class Batch:
    """Free runs under the injections of one recording, to be written to one file."""

    recording: Recording
    seeds: tuple[int, ...]
    path: Path


def batches(recordings: Sequence[Recording], runs: int, root: Path) -> list[Batch]:
    """Return the batches that give each scenario `runs` free runs.

    Seeds count from 0 and take the scenario's recordings in turn.
    """
    by: dict[str, list[Recording]] = defaultdict(list)
    for recording in recordings:
        by[recording.name].append(recording)
    found = []
    for name, alike in by.items():
        for i, recording in enumerate(alike):
            seeds = tuple(range(i, runs, len(alike)))
            if seeds:
                path = root / f"{name}.{recording.run}.free.jsonl.gz"
                found.append(Batch(_injections_only(recording), seeds, path))
    return found


def _injections_only(recording: Recording) -> Recording:
    """Return a recording without anything that a free run must not know."""
    pins = {k: recording.pins[k] for k in ("conditionable", "faults", "boots")}
    pins |= {"lives": [], "jobs": [], "scripts": []}
    return dataclasses.replace(recording, pins=pins, events=(), packets=())


def run_batch(batch: Batch) -> int:
    """Make the runs of a batch and write them; return how many there were."""
    recording = batch.recording
    replay = replay_of(recording)
    text = []
    for seed in batch.seeds:
        header = {"scenario": recording.name, "run": recording.run, "seed": seed, "mode": "free"}
        text.append(run_lines(header, free_events(recording, replay, seed)))
    batch.path.write_bytes(gzip.compress("".join(text).encode(), compresslevel=1, mtime=0))
    return len(batch.seeds)


def run_batches(work: Iterable[Batch], pool: Executor | None) -> Iterator[int]:
    """Run batches, in processes of their own where there is a pool; yield the runs of each."""
    yield from map(run_batch, work) if pool is None else pool.map(run_batch, work)
