"""Make the compact selection in tests/data/recordings from raw recordings.

    python tests/conformance/selection.py JUDGE RECORDINGS

What a full replay and the comparison need is kept: scenario, exogenous facts, decisions, and when
packets were emitted.
"""

from __future__ import annotations

import dataclasses
import sys
from pathlib import Path
from typing import Any

from hasim.conform import Recording, save_recording
from hasim.conform.judge import raw_recordings, run_folders
from hasim.conform.pins import JOBS
from hasim.conform.vocabulary import is_decision

#: One run of each kind of scenario that can be replayed.
CHOSEN = (
    "01a-alone-primary", "02a-both", "02b-backup-3s-later", "02d-both-failback-off",
    "03a-backup-joins", "03b-primary-joins-on", "03c-primary-joins-off", "04a-stop-primary-on",
    "04d-stop-both-together", "05a-pull-public", "05b-pull-public-off", "05g-short-outage",
    "06a-power-off", "06b-power-off-failback-off", "06c-power-off-stonith", "06e-power-cycle-quick",
    "07b-only-link-cut", "08c-isolate-heal-both", "08e-isolate-stonith", "09a-kill-master",
    "09c-killall", "10b-hang-4s", "10c-hang-8s", "10g-hang-20s-stonith", "11a-ping-dies",
    "12a-backup-then-primary-lose-ping", "13a-kill-ipfail", "14b-stonith-fails-then-works",
    "14e-stonith-hangs", "16a-standby-takeover", "16c-takeover-by-backup",
    "16f-standby-peer-absent", "17a-aa-power-off", "17c-aa-failback-off", "18a-start-fails-primary",
    "18b-start-fails-takeover", "18c-stop-fails", "18e-slow-stop", "19-deadtime-04",
    "19-keepalive-2", "20-initdead-30", "20-initdead-too-small", "21a-oneway-from-primary",
    "22a-legacy", "23a-three-pings", "23b-ping-group", "24c-backup-dies-during-takeover",
    "25a-ucast", "25d-reload", "25f-wrong-key",
)  # fmt: skip
RUNS = ("01",)
TARGET = Path(__file__).parent.parent / "data" / "recordings"
#: What is needed of each kind of exogenous fact.
_FACTS = {
    "faults": ("i", "t", "done", "node", "do", "args"),
    "boots": ("node", "t", "ev"),
    "lives": ("node", "validated", "version", "t0", "io", "ping_late"),
    "jobs": ("node", "name", "k", "after", "gaps", "duration"),
    "stonith": ("node", "k", "latency"),
    "scripts": ("node", "rsc", "args", "op", "k", "duration", "rc"),
}


def compact(recording: Recording) -> Recording:
    """Return a recording with nothing but what replay and comparison read."""
    pins: dict[str, Any] = {"conditionable": recording.conditionable}
    for kind, keys in _FACTS.items():
        rows = recording.pins[kind]
        if kind == "jobs":
            rows = [job for job in rows if job["name"] in JOBS]
        if rows or kind != "stonith":
            pins[kind] = [{k: row[k] for k in keys} for row in rows]
    # Beside decisions: what a device did, from which the boots of its victims count.
    kept = (e for e in recording.events if is_decision(e) or e["kind"] == "stonith-answer")
    events = tuple(kept)
    return dataclasses.replace(recording, pins=pins, events=events)


def main(judge: str, recordings: str) -> None:
    """Write the selection anew."""
    TARGET.mkdir(parents=True, exist_ok=True)
    for old in TARGET.glob("*.json.gz"):
        old.unlink()
    folders = [
        f for f in run_folders([Path(recordings)]) if f.parent.name in CHOSEN and f.name in RUNS
    ]
    for recording in raw_recordings(folders, Path(judge)):
        save_recording(compact(recording), TARGET / f"{recording.name}.{recording.run}.json.gz")


if __name__ == "__main__":
    main(*sys.argv[1:])
