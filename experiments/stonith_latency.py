"""What does fencing add to a takeover, and what does a device that does not work do to it?

A node that is fenced is off for certain before its resources are taken; so its peer waits for the
device. The device needs from 2 to 30 s, or it fails twice, fails always, hangs, or lies: it says
that the node is off, and it is not. node1 loses its power, or all its cables while it serves on.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd

import hasim
from hasim.experiment import Experiment, command, rated, stacked, texts_of, timed

# --- scenarios -----------------------------------------------------------------------------------

MODEL = Path(__file__).resolve().parent.parent / "models" / "webdata"
SCENARIOS = {"loss of power": ["60s power-off node1"], "all cables": ["60s isolate node1"]}
DEVICES: dict[str, tuple[str, list[str]]] = {
    "2 s": ('reboot = "2s"', []),
    "8 s": ('reboot = "8s"', []),
    "30 s": ('reboot = "30s"', []),
    "fails twice": ('reboot = "8s"\nfails = 2', []),
    "always fails": ('reboot = "8s"', ["0s stonith pdu fail"]),
    "hangs": ('reboot = "8s"', ["0s stonith pdu hang"]),
    "lies": ('reboot = "8s"', ["0s stonith pdu lie"]),
}


# --- runs ----------------------------------------------------------------------------------------


def with_device(line: str) -> hasim.Model:
    """Return the founding cluster with a power switch that is as a line of the site says."""
    texts = texts_of(hasim.load(MODEL))
    slow = texts["site.toml"].replace('off = "3s"', 'off = "1s"')
    site = slow.replace('reboot = "8s"', line)
    return hasim.load({**texts, "site.toml": site}).with_(
        stonith_host="* apcmaster pdu", deadtime=10
    )


def main(quick: bool = False, jobs: int | None = 1) -> pd.DataFrame:
    """Return a row for each run."""
    tables = {}
    for name in ["8 s", "always fails"] if quick else DEVICES:
        line, mode = DEVICES[name]
        tables[name] = with_device(line).sweep(
            faults={label: [*mode, *faults] for label, faults in SCENARIOS.items()},
            seeds=3 if quick else 100,
            until="4m",
            spread="2s",
            jobs=jobs,
        )
    rows = stacked(tables, "device")
    rows["dual_mount"] = rows["violated"].str.contains("at-most-one-mounter")
    return rows


def summary(rows: pd.DataFrame) -> pd.DataFrame:
    """Return outages, and how often both nodes mount the disk."""
    by = ["fault", "device"]
    return timed(rows, by).merge(rated(rows, by, {"both mount the disk": "dual_mount"}))


# --- figure --------------------------------------------------------------------------------------


def figure(rows: pd.DataFrame) -> Any:
    """Draw where the time of the median outage goes."""
    title = "A takeover that waits for a STONITH device (deadtime 10 s)"
    return hasim.plot.breakdown(rows, by=["fault", "device"], title=title)


EXPERIMENT = Experiment("stonith_latency", __doc__, main, summary, figure)

if __name__ == "__main__":
    raise SystemExit(command(EXPERIMENT))
