"""How long does a cluster need from its start to the service, and what has initdead to do with it?

A node that starts alone waits out its initial dead time before it believes that its peer is dead.
Two nodes that start together hear each other and do not wait for that. The real daemon was
recorded in a laboratory, alone, with an initdead of 4 to 30 s.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd

import hasim
from hasim.experiment import (
    Experiment,
    command,
    first_service,
    inside,
    laboratory,
    panels,
    recorded_points,
    stacked,
    timed,
)

# --- scenarios -----------------------------------------------------------------------------------

ROOT = Path(__file__).resolve().parent
MODEL = ROOT.parent / "models" / "webdata"
RECORDED = ROOT / "data" / "recorded.json"
#: When nodes start, and how long a run is.
SCENARIOS = {
    "node1 alone": ({"node1": 0}, "140s"),
    "both nodes": ({"node1": 0, "node2": 0}, "30s"),
}
LABORATORY = "20-initdead-[0-9]"
INITDEADS = [10, 12, 15, 20, 25, 30, 40, 50, 60, 80, 100, 120]


# --- runs ----------------------------------------------------------------------------------------


def main(quick: bool = False, jobs: int | None = 1) -> pd.DataFrame:
    """Return a row for each run; ``service_s`` is the time from the first start to the service."""
    model = hasim.load(MODEL).with_(deadtime=10, keepalive=1)
    tables = {
        name: model.sweep(
            initdead=[10, 30, 120] if quick else INITDEADS,
            start=start,
            seeds=3 if quick else 200,
            until=until,
            spread="1s",
            also=first_service,
            jobs=jobs,
        )
        for name, (start, until) in SCENARIOS.items()
    }
    lab = laboratory(RECORDED, LABORATORY, 3 if quick else 200)
    tables["laboratory, alone"] = lab.rename(columns={"served_s": "service_s"})
    return stacked(tables, "start")


def summary(rows: pd.DataFrame) -> pd.DataFrame:
    """Return quantiles of the time to the service, and how many recorded ones are inside."""
    table = timed(rows, ["start", "initdead"], "service_s")
    lab = rows[rows["start"] == "laboratory, alone"]
    points = recorded_points(RECORDED, LABORATORY, "initdead", "service_s")
    table["recorded within 5 % to 95 %"] = ""
    for i, at in table[table["start"] == "laboratory, alone"]["initdead"].items():
        table.loc[i, "recorded within 5 % to 95 %"] = inside(
            points, lab, "initdead", at, "service_s"
        )
    return table


# --- figure --------------------------------------------------------------------------------------


def figure(rows: pd.DataFrame) -> Any:
    """Draw the time to the service against initdead, and the laboratory with its recordings."""
    axes = panels(2)
    at_home = rows["start"] != "laboratory, alone"
    hasim.plot.latency(
        rows[at_home],
        axes[0],
        against="initdead",
        lines="start",
        of="service_s",
        title="From the start of the daemon to the service: founding document",
    )
    hasim.plot.latency(
        rows[~at_home],
        axes[1],
        against="initdead",
        lines=[],
        of="service_s",
        recorded=recorded_points(RECORDED, LABORATORY, "initdead", "service_s"),
        title="Laboratory, node1 alone: simulated and recorded",
    )
    return axes


EXPERIMENT = Experiment("takeover_vs_initdead", __doc__, main, summary, figure)

if __name__ == "__main__":
    raise SystemExit(command(EXPERIMENT))
