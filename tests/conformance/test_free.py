"""Free runs."""

from __future__ import annotations

import dataclasses
import gzip
import json
from pathlib import Path

from hasim.conform.free import batches, run_batch
from hasim.conform.replay import replay_of
from hasim.conform.vocabulary import OUTCOME_KINDS
from hasim.units import MS
from tests.conformance.made import event, fault, life, recording

START = [fault(0, 0.0, "start"), fault(1, 0.1, "start", "node2"), fault(2, 9.0, "cl_status")]


def test_seeds_are_shared_out_over_a_scenarios_recordings_alike(tmp_path: Path) -> None:
    alike = [dataclasses.replace(recording(), run=f"{i:02}") for i in range(3)]
    found = batches(alike, 10, tmp_path)
    assert [b.seeds for b in found] == [(0, 3, 6, 9), (1, 4, 7), (2, 5, 8)]
    assert len({b.path for b in found}) == 3


def test_a_free_run_knows_nothing_but_the_injections(tmp_path: Path) -> None:
    told = recording([event(1.0, "node1", "mcp", "comm-up")], lives=[life("node1", 1.0)])
    (batch,) = batches([told], 1, tmp_path)
    assert batch.recording.events == ()
    assert batch.recording.pins["lives"] == []


def test_a_node_that_starts_alone_starts_sooner_than_two_together() -> None:
    def median(faults: list[dict[str, object]]) -> int:
        replay = replay_of(dataclasses.replace(recording(faults=faults)))
        starts = [replay.free(seed).draws.pins["node1/boot1/validated"] for seed in range(99)]
        return sorted(starts)[49]

    together = median([fault(0, 0.0, "start"), fault(1, 0.9, "start", "node2")])
    alone = median([fault(0, 0.0, "start")])
    apart = median([fault(0, 0.0, "start"), fault(1, 1.1, "start", "node2")])
    assert alone == apart
    assert 160 * MS < alone < 200 * MS < 240 * MS < together < 300 * MS


def test_a_batch_writes_runs_with_every_injection_in_order(tmp_path: Path) -> None:
    made = dataclasses.replace(recording(faults=START))
    (batch,) = batches([made], 2, tmp_path)
    assert run_batch(batch) == 2
    first = batch.path.read_bytes()
    lines = [json.loads(line) for line in gzip.decompress(first).splitlines()]
    heads = [line for line in lines if "schema" in line]
    assert [(h["mode"], h["seed"], h["run"]) for h in heads] == [
        ("free", 0, "01"),
        ("free", 1, "01"),
    ]
    events = [line for line in lines if "schema" not in line]
    faults = [e["args"]["do"] for e in events if e["kind"] == "fault"]
    assert faults == ["start", "start", "cl_status"] * 2
    assert {e["kind"] for e in events} <= OUTCOME_KINDS
    assert sum(e["kind"] == "daemon-up" for e in events) == 4
    run_batch(batch)
    assert batch.path.read_bytes() == first
