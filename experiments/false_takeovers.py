"""How often is a healthy node taken for dead because heartbeats get lost by chance?

For ten minutes what node1 sends gets lost with a probability, on both cables independently;
nothing else is wrong. With a deadtime of 10 s a takeover is a mistake. A shorter keepalive sends
more heartbeats in the same time, and all of them must get lost.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd

import hasim
from hasim.experiment import Experiment, command, rated, shares, texts_of

# --- scenarios -----------------------------------------------------------------------------------

MODEL = Path(__file__).resolve().parent.parent / "models" / "webdata"
LOSSES = [30, 40, 50, 60, 70, 80, 90]
KEEPALIVES = [0.5, 1, 2]
SCENARIOS = {
    str(loss): [f"60s lose {loss}% node1:{nic} out" for nic in ("eth0", "eth1")] for loss in LOSSES
}


# --- runs ----------------------------------------------------------------------------------------


def main(quick: bool = False, jobs: int | None = 1) -> pd.DataFrame:
    """Return a row for each run of ten minutes; without ipfail, which would move the group."""
    texts = texts_of(hasim.load(MODEL))
    lines = [line for line in texts["ha.cf"].split("\n") if not line.startswith("respawn")]
    model = hasim.load({**texts, "ha.cf": "\n".join(lines)}).with_(deadtime=10, warntime=5)
    wanted = ["50", "90"] if quick else [*SCENARIOS]
    rows = model.sweep(
        keepalive=[1, 2] if quick else KEEPALIVES,
        faults={name: SCENARIOS[name] for name in wanted},
        seeds=2 if quick else 30,
        until="11m",
        spread="2s",
        jobs=jobs,
    )
    rows = rows.rename(columns={"fault": "loss"})
    return rows.astype({"loss": float})


def summary(rows: pd.DataFrame) -> pd.DataFrame:
    """Return in which share of the ten minutes there is a false takeover."""
    table = rated(rows, ["keepalive", "loss"], {"a false takeover": "false_takeovers"})
    late = rows.groupby(["keepalive", "loss"], sort=False)["late"].mean().reset_index()
    late["late"] = late["late"].round(1)
    return table.merge(late.rename(columns={"late": "late heartbeats, mean"}))


# --- figure --------------------------------------------------------------------------------------


def figure(rows: pd.DataFrame) -> Any:
    """Draw the share of runs with a false takeover against the loss."""
    title = "A healthy node is taken for dead within ten minutes (deadtime 10 s)"
    return shares(rows, against="loss", of="false_takeovers", lines="keepalive", title=title)


EXPERIMENT = Experiment("false_takeovers", __doc__, main, summary, figure)

if __name__ == "__main__":
    raise SystemExit(command(EXPERIMENT))
