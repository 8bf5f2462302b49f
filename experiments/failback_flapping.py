"""What does auto_failback cost when the preferred owner flaps?

node1 loses its power three times, for a minute each, ten minutes apart. With auto_failback the
service goes back to it each time, which is a second outage; without it the service stays where it
is, and the next loss of power of node1 costs nothing.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd

import hasim
from hasim.experiment import Experiment, command, moves, quantiles, rated, timed

# --- scenarios -----------------------------------------------------------------------------------

MODEL = Path(__file__).resolve().parent.parent / "models" / "webdata"
SCENARIOS = [f"{at}m power-off node1 for 60s" for at in (2, 12, 22)]
FAILBACK = ["on", "off", "legacy"]


# --- runs ----------------------------------------------------------------------------------------


def main(quick: bool = False, jobs: int | None = 1) -> pd.DataFrame:
    """Return a row for each run."""
    rows = hasim.load(MODEL).sweep(
        auto_failback=["on", "off"] if quick else FAILBACK,
        faults=SCENARIOS,
        seeds=2 if quick else 100,
        until="30m",
        spread="2s",
        also=moves,
        jobs=jobs,
    )
    rows["dual_mount"] = rows["violated"].str.contains("at-most-one-mounter")
    return rows


def summary(rows: pd.DataFrame) -> pd.DataFrame:
    """Return how often the service moves, how often it is lost, and for how long in all."""
    by = ["auto_failback"]
    told = quantiles(rows, by, "moves", q=[0.5])[[*by, "q50"]].rename(columns={"q50": "moves"})
    lost = quantiles(rows, by, "outages", q=[0.5])[[*by, "q50"]].rename(columns={"q50": "outages"})
    mounted = rated(rows, by, {"both mount the disk": "dual_mount"}).drop(columns="runs")
    return told.merge(lost).merge(timed(rows, by, "down_s")).merge(mounted)


# --- figure --------------------------------------------------------------------------------------


def figure(rows: pd.DataFrame) -> Any:
    """Draw the time without service."""
    title = "Three losses of power of node1 within half an hour: time without service"
    return hasim.plot.latency(rows, against="auto_failback", of="down_s", title=title)


EXPERIMENT = Experiment("failback_flapping", __doc__, main, summary, figure)

if __name__ == "__main__":
    raise SystemExit(command(EXPERIMENT))
