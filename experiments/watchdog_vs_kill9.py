"""What keeps a disk from being mounted twice after Heartbeat was killed by kill -9?

The daemon is gone, its resources are not: the node serves on, while its peer declares it dead and
takes over. A watchdog reboots the node when nobody feeds it, after one deadtime; a STONITH device
resets it before the takeover. Is the watchdog in time?
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd

import hasim
from hasim.experiment import Experiment, command, rated, shares, stacked, timed

# --- scenarios -----------------------------------------------------------------------------------

MODEL = Path(__file__).resolve().parent.parent / "models" / "webdata"
SCENARIOS = ["60s kill node1 all"]
WATCHDOG = {"watchdog": "/dev/watchdog"}
CONFIGURATIONS = {
    "nothing": {},
    "watchdog": WATCHDOG,
    "watchdog, keepalive 200 ms": {**WATCHDOG, "keepalive": "200ms"},
    "watchdog, keepalive 200 ms, deadtime 29.99 s": {
        **WATCHDOG, "keepalive": "200ms", "deadtime": "29990ms",
    },
    "STONITH": {"stonith_host": "* apcmaster pdu"},
}  # fmt: skip


# --- runs ----------------------------------------------------------------------------------------


def main(quick: bool = False, jobs: int | None = 1) -> pd.DataFrame:
    """Return a row for each run."""
    model, tables = hasim.load(MODEL), {}
    for name in ["nothing", "STONITH"] if quick else CONFIGURATIONS:
        tables[name] = model.with_(**CONFIGURATIONS[name]).sweep(
            faults=SCENARIOS, seeds=3 if quick else 200, until="2m30s", spread="2s", jobs=jobs
        )
    rows = stacked(tables)
    rows["dual_mount"] = rows["violated"].str.contains("at-most-one-mounter")
    rows["dual_address"] = rows["violated"].str.contains("at-most-one-vip-holder")
    return rows


def summary(rows: pd.DataFrame) -> pd.DataFrame:
    """Return how often both nodes have the address or the disk, and the outage."""
    by = ["configuration"]
    told = {"both mount the disk": "dual_mount", "both have the address": "dual_address"}
    return rated(rows, by, told).merge(timed(rows, by).drop(columns="runs"))


# --- figure --------------------------------------------------------------------------------------


def figure(rows: pd.DataFrame) -> Any:
    """Draw the shares of runs in which both nodes hold something."""
    names = ["both mount the disk", "both have the address"]
    title = "After kill -9 of Heartbeat on the node that serves"
    return shares(
        rows, against="configuration", of=["dual_mount", "dual_address"], names=names, title=title
    )


EXPERIMENT = Experiment("watchdog_vs_kill9", __doc__, main, summary, figure)

if __name__ == "__main__":
    raise SystemExit(command(EXPERIMENT))
