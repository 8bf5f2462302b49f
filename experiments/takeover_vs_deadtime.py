"""How long does a takeover take after a loss of power, and what do deadtime and keepalive do to it?

node1 loses its power at any time of the heartbeats. The outage ends when the client is served by
node2. The real daemon was recorded in a laboratory with deadtimes of 1 to 10 s and a keepalive of
200 ms; what was measured there stands beside simulated runs of the same configurations.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd

import hasim
from hasim.experiment import (
    Experiment,
    command,
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
SCENARIOS = ["30s power-off node1"]
#: Deadtimes, and how long a run is that has one of them.
HORIZONS = {(1, 1.5, 2, 3, 4, 5, 7, 10): "48s", (15, 20, 30, 45, 60): "98s"}
KEEPALIVES = [0.5, 1, 2]
LABORATORY = "19-deadtime"


# --- runs ----------------------------------------------------------------------------------------


def main(quick: bool = False, jobs: int | None = 1) -> pd.DataFrame:
    """Return a row for each run; points that the daemon refuses are left out."""
    model, parts = hasim.load(MODEL), []
    for deadtimes, until in HORIZONS.items():
        rows = model.sweep(
            keepalive=[2] if quick else KEEPALIVES,
            deadtime=[d for d in deadtimes if d in (5, 10, 30)] if quick else deadtimes,
            faults=SCENARIOS,
            seeds=4 if quick else 200,
            until=until,
            spread="2s",
            skip_refused=True,
            jobs=jobs,
        )
        parts.append(rows)
    founding = pd.concat(parts).sort_values(["keepalive", "deadtime"], kind="stable")
    lab = laboratory(RECORDED, LABORATORY, 3 if quick else 200)
    lab = lab.rename(columns={"served_s": "outage_s"}).assign(open=False)
    return stacked({"founding document": founding, "laboratory": lab}, "cluster")


def summary(rows: pd.DataFrame) -> pd.DataFrame:
    """Return quantiles of the outage; in the laboratory also how many recorded ones are inside."""
    table = timed(rows, ["cluster", "keepalive", "deadtime"])
    lab = rows[rows["cluster"] == "laboratory"]
    points = recorded_points(RECORDED, LABORATORY, "deadtime", "outage_s")
    table["recorded within 5 % to 95 %"] = ""
    for i, at in table[table["cluster"] == "laboratory"]["deadtime"].items():
        table.loc[i, "recorded within 5 % to 95 %"] = inside(
            points, lab, "deadtime", at, "outage_s"
        )
    return table


# --- figure --------------------------------------------------------------------------------------


def figure(rows: pd.DataFrame) -> Any:
    """Draw the outage against the deadtime, and the laboratory with what was recorded there."""
    axes = panels(2)
    parts = dict([*rows.groupby("cluster", sort=False)])
    hasim.plot.latency(
        parts["founding document"],
        axes[0],
        against="deadtime",
        lines="keepalive",
        title="Outage after a loss of power: founding document",
    )
    hasim.plot.latency(
        parts["laboratory"],
        axes[1],
        against="deadtime",
        lines=[],
        recorded=recorded_points(RECORDED, LABORATORY, "deadtime", "outage_s"),
        title="Laboratory (keepalive 200 ms): simulated and recorded",
    )
    return axes


EXPERIMENT = Experiment("takeover_vs_deadtime", __doc__, main, summary, figure)

if __name__ == "__main__":
    raise SystemExit(command(EXPERIMENT))
