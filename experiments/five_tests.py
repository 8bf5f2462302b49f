"""How long are users without the service in each of the five tests of the founding document?

The document pulls cables and plugs by hand and reads off what happens. Here each test is run many
times, at any time of the heartbeats, on the cluster as it is and with a STONITH device.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd

import hasim
from hasim.experiment import Experiment, command, rated, stacked, timed

# --- scenarios -----------------------------------------------------------------------------------

MODEL = Path(__file__).resolve().parent.parent / "models" / "webdata"
SCENARIOS = {
    "1 graceful stop": ["60s stop node1"],
    "2 public cable": ["60s cut node1:eth0"],
    "3 loss of power": ["60s power-off node1"],
    "4 all cables": ["60s isolate node1"],
    "5 kill -9": ["60s kill node1 all"],
}
CONFIGURATIONS: dict[str, dict[str, str]] = {
    "as it is": {},
    "with STONITH": {"stonith_host": "* apcmaster pdu"},
}


# --- runs ----------------------------------------------------------------------------------------


def main(quick: bool = False, jobs: int | None = 1) -> pd.DataFrame:
    """Return a row for each run."""
    model, tables = hasim.load(MODEL), {}
    for name, change in CONFIGURATIONS.items():
        tables[name] = model.with_(**change).sweep(
            faults=SCENARIOS, seeds=3 if quick else 200, until="4m", spread="2s", jobs=jobs
        )
    rows = stacked(tables)
    rows["dual_mount"] = rows["violated"].str.contains("at-most-one-mounter")
    return rows


def summary(rows: pd.DataFrame) -> pd.DataFrame:
    """Return outages, and how often both nodes mount the disk."""
    by = ["configuration", "fault"]
    return timed(rows, by).merge(rated(rows, by, {"both mount the disk": "dual_mount"}))


# --- figure --------------------------------------------------------------------------------------


def figure(rows: pd.DataFrame) -> Any:
    """Draw where the time of the median outage goes."""
    title = "The five tests: where the time of the outage goes"
    return hasim.plot.breakdown(rows, by=["fault", "configuration"], title=title)


EXPERIMENT = Experiment("five_tests", __doc__, main, summary, figure)

if __name__ == "__main__":
    raise SystemExit(command(EXPERIMENT))
