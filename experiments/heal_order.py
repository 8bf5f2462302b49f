"""After a partition, in which order should the cables be plugged in again?

node1 is cut off for two minutes, both nodes serve, then its cables are restored: both at once,
the crossover first or the public one first. Nodes that hear each other again notice that both
hold everything, and restart. The group has an address only, for a disk would be ruined by then.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd

import hasim
from hasim.experiment import Experiment, command, stacked, texts_of, timed
from hasim.run import Run

# --- scenarios -----------------------------------------------------------------------------------

MODEL = Path(__file__).resolve().parent.parent / "models" / "webdata"
CUT = ["60s cut node1:eth0", "60s cut node1:eth1"]
SCENARIOS = {
    "both at once": [*CUT, "180s restore node1:eth0", "180s restore node1:eth1"],
    "crossover first": [*CUT, "180s restore node1:eth1", "240s restore node1:eth0"],
    "public first": [*CUT, "180s restore node1:eth0", "240s restore node1:eth1"],
}
FAILBACK = ["on", "off"]


# --- runs ----------------------------------------------------------------------------------------


def after_the_heal(run: Run, group: str) -> Mapping[str, Any]:
    """Return how long the service is away after the first cable is back, and who has it then."""
    healed = min(fault.at for fault in run.scenario.faults if fault.verb == "restore")
    lost = [o for o in run.outage.of(group) if o.end > healed]
    away = sum(o.end - max(o.begin, healed) for o in lost)
    holders = [span.who for span in run.held(group) if span.open]
    return {"away_s": away / 1e6, "at last": " ".join(holders) or "nobody"}


def main(quick: bool = False, jobs: int | None = 1) -> pd.DataFrame:
    """Return a row for each run."""
    texts = texts_of(hasim.load(MODEL))
    texts["haresources"] = "node1 192.168.60.200/24/eth0\n"
    model, tables = hasim.load(texts).with_(deadtime=10, keepalive=1), {}
    for failback in FAILBACK:
        tables[failback] = model.with_(auto_failback=failback).sweep(
            faults=SCENARIOS,
            seeds=3 if quick else 100,
            until="7m",
            spread="2s",
            also=after_the_heal,
            jobs=jobs,
        )
    return stacked(tables, "auto_failback")


def summary(rows: pd.DataFrame) -> pd.DataFrame:
    """Return how long the service is away after the heal, and who has it at last."""
    by = ["fault", "auto_failback"]
    last = rows.groupby(by, sort=False)["at last"].agg(_told).reset_index()
    return timed(rows, by, "away_s").merge(last)


def _told(nodes: pd.Series[str]) -> str:
    return ", ".join(f"{node} {count}" for node, count in nodes.value_counts().items())


# --- figure --------------------------------------------------------------------------------------


def figure(rows: pd.DataFrame) -> Any:
    """Draw how long the service is away after the heal."""
    return hasim.plot.latency(
        rows,
        against="fault",
        lines="auto_failback",
        of="away_s",
        title="After a partition: time without service from the first cable on",
    )


EXPERIMENT = Experiment("heal_order", __doc__, main, summary, figure)

if __name__ == "__main__":
    raise SystemExit(command(EXPERIMENT))
