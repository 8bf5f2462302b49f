"""Make the compact selection in tests/data/recordings from raw recordings.

    python tests/conformance/selection.py JUDGE RECORDINGS

Only what the comparison needs is kept: events in scope, the exogenous facts of daemon starts and of
harc, and when packets were emitted.
"""

from __future__ import annotations

import dataclasses
import sys
from pathlib import Path

from hasim.conform import Recording, in_scope, save_recording, scope_end
from hasim.conform.judge import raw_recordings, run_folders

#: One scenario of each kind that links and nodes can show; two runs of each.
CHOSEN = (
    "01a-alone-primary", "02a-both", "02b-backup-3s-later", "03a-backup-joins", "05a-pull-public",
    "06a-power-off", "06e-power-cycle-quick", "07b-only-link-cut", "08c-isolate-heal-both",
    "09a-kill-master", "10b-hang-4s", "10c-hang-8s", "11a-ping-dies", "19-deadtime-04",
    "19-keepalive-2", "20-initdead-30", "20-initdead-too-small", "21c-oneway-eth1",
    "23b-ping-group", "25a-ucast",
)  # fmt: skip
RUNS = ("01", "02")
TARGET = Path(__file__).parent.parent / "data" / "recordings"


def compact(recording: Recording) -> Recording:
    """Return a recording without what lies outside the scope of the comparison."""
    end = scope_end(recording)
    pins = {k: recording.pins[k] for k in ("conditionable", "faults", "boots", "lives")}
    pins["faults"] = [f for f in pins["faults"] if f["t"] < end]
    pins["lives"] = [x for x in pins["lives"] if x["t0"] < end]
    pins["jobs"] = [
        j for j in recording.pins["jobs"] if j["name"] == "harc" and j["what"] == "status"
    ]
    packets = tuple((round(t, 4), n) for t, n in recording.packets if t < end)
    scenario = {**recording.scenario, "duration": end}
    events = tuple(in_scope(recording.events, end))
    return dataclasses.replace(
        recording, scenario=scenario, pins=pins, packets=packets, events=events
    )


def main(judge: str, recordings: str) -> None:
    """Write the selection anew."""
    TARGET.mkdir(parents=True, exist_ok=True)
    folders = [
        f for f in run_folders([Path(recordings)]) if f.parent.name in CHOSEN and f.name in RUNS
    ]
    for recording in raw_recordings(folders, Path(judge)):
        save_recording(compact(recording), TARGET / f"{recording.name}.{recording.run}.json.gz")


if __name__ == "__main__":
    main(*sys.argv[1:])
