"""How many media do heartbeats need: one, two, or one and a serial cable?

With one medium a single cut is a partition: both nodes take everything, and the disk is mounted
twice. A second medium of another kind keeps the nodes together; a second one over the same switch
would not.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd

import hasim
from hasim.experiment import Experiment, command, rated, shares, stacked, texts_of

# --- scenarios -----------------------------------------------------------------------------------

MODEL = Path(__file__).resolve().parent.parent / "models" / "webdata"
SCENARIOS = {
    "crossover cable": ["60s cut node1:eth1 for 2m"],
    "public cable": ["60s cut node1:eth0 for 2m"],
    "public switch": ["60s power-off lan for 2m"],
    "both cables": ["60s cut node1:eth0 for 2m", "60s cut node1:eth1 for 2m"],
}
MEDIA = {
    "eth0": "bcast eth0",
    "eth1": "bcast eth1",
    "eth0 and eth1": "bcast eth1\nbcast eth0",
    "eth0 and serial": "serial /dev/ttyS0\nbcast eth0",
    "eth0, eth1 and serial": "serial /dev/ttyS0\nbcast eth1\nbcast eth0",
}


# --- runs ----------------------------------------------------------------------------------------


def with_media(lines: str) -> hasim.Model:
    """Return the founding cluster with other heartbeat media."""
    texts = texts_of(hasim.load(MODEL))
    ha_cf = texts["ha.cf"].replace("bcast eth1\nbcast eth0", lines)
    site = texts["site.toml"].replace("[node.node1]", '[switch.tty]\nlatency = "1ms"\n[node.node1]')
    for nic in ('address = "10.0.0.1/24" }', 'address = "10.0.0.2/24" }'):
        site = site.replace(nic, f'{nic}\nnic."/dev/ttyS0" = {{ on = "tty" }}')
    return hasim.load({**texts, "ha.cf": ha_cf, "site.toml": site}).with_(deadtime=10)


def main(quick: bool = False, jobs: int | None = 1) -> pd.DataFrame:
    """Return a row for each run."""
    wanted = ["eth1", "eth0 and eth1", "eth0 and serial"] if quick else [*MEDIA]
    tables = {
        name: with_media(MEDIA[name]).sweep(
            faults=SCENARIOS, seeds=2 if quick else 20, until="5m", spread="2s", jobs=jobs
        )
        for name in wanted
    }
    rows = stacked(tables, "media")
    rows["dual_mount"] = rows["violated"].str.contains("at-most-one-mounter")
    rows["lost"] = rows["open"] | (rows["down_s"] > 0)
    return rows


def summary(rows: pd.DataFrame) -> pd.DataFrame:
    """Return how often the disk is mounted twice, and how often users lose anything."""
    told = {"both mount the disk": "dual_mount", "users lose the service": "lost"}
    return rated(rows, ["fault", "media"], told)


# --- figure --------------------------------------------------------------------------------------


def figure(rows: pd.DataFrame) -> Any:
    """Draw the share of runs in which the disk is mounted twice."""
    title = "Both nodes mount the disk, by what breaks for two minutes (deadtime 10 s)"
    return shares(rows, against="fault", of="dual_mount", lines="media", title=title)


EXPERIMENT = Experiment("media", __doc__, main, summary, figure)

if __name__ == "__main__":
    raise SystemExit(command(EXPERIMENT))
