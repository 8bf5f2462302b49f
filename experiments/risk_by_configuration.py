"""Which configuration is safest when anything may break?

Schedules of two faults are drawn from everything that hasim's search may try: power, cables,
hangs, killed processes, failing scripts. The same schedules strike each configuration. After the
last fault an operator mends what does not mend itself. How often is a disk mounted twice, and how
long are users without the service?
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd

import hasim
from hasim.draws import Draws
from hasim.experiment import Experiment, command, rated, shares, stacked, timed
from hasim.scenario import Scenario
from hasim.search.phases import mended
from hasim.search.space import Space

# --- scenarios -----------------------------------------------------------------------------------

MODEL = Path(__file__).resolve().parent.parent / "models" / "webdata"
CONFIGURATIONS = {
    "as it is": {},
    "without ipfail": {"respawn": ""},
    "one medium": {"bcast": "eth1"},
    "watchdog": {"watchdog": "/dev/watchdog"},
    "STONITH": {"stonith_host": "* apcmaster pdu"},
    "STONITH and watchdog": {"stonith_host": "* apcmaster pdu", "watchdog": "/dev/watchdog"},
}
BEGIN_S, WINDOW_S = 180, 240


def drawn(model: hasim.Model, count: int) -> list[Scenario]:
    """Return schedules of two faults each, and what an operator mends after them."""
    # What every configuration has: none lacks the medium of the one with the fewest.
    space, out = Space(model.changed(CONFIGURATIONS["one medium"])), []
    for number in range(count):
        draws, faults = Draws(number), []
        for i in range(2):
            choice = space.choices[draws.below("choice", len(space.choices), i)]
            at = (BEGIN_S + draws.below("at", WINDOW_S, i)) * 1_000_000
            lasting = space.lasting(draws.below("lasting", space.codes, i))
            faults.append(choice.make(at, min(lasting, 120_000_000)))
        schedule = sorted(faults, key=lambda fault: fault.at)
        scenario = mended(model, schedule)
        out.append(replace(scenario, name=f"schedule {number}", until=900_000_000, settled=None))
    return out


SCENARIOS = drawn


# --- runs ----------------------------------------------------------------------------------------


def main(quick: bool = False, jobs: int | None = 1) -> pd.DataFrame:
    """Return a row for each run."""
    base = hasim.load(MODEL).with_(deadtime=10, initdead=60)
    schedules, tables = SCENARIOS(base, 4 if quick else 150), {}
    for name in ["as it is", "STONITH"] if quick else CONFIGURATIONS:
        tables[name] = base.changed(CONFIGURATIONS[name]).sweep(
            scenario=schedules, seeds=[0], jobs=jobs
        )
    rows = stacked(tables)
    rows["dual_mount"] = rows["violated"].str.contains("at-most-one-mounter")
    rows["lost"] = rows["down_s"] > 0
    rows["long"] = rows["down_s"] > 60
    return rows


def summary(rows: pd.DataFrame) -> pd.DataFrame:
    """Return how often the disk is mounted twice, and how long users are without the service."""
    by = ["configuration"]
    told = {
        "both mount the disk": "dual_mount",
        "users lose the service": "lost",
        "for more than a minute": "long",
    }
    return rated(rows, by, told).merge(timed(rows, by, "down_s").drop(columns="runs"))


# --- figure --------------------------------------------------------------------------------------


def figure(rows: pd.DataFrame) -> Any:
    """Draw the risks of each configuration."""
    return shares(
        rows,
        against="configuration",
        of=["dual_mount", "lost", "long"],
        names=["both mount the disk", "users lose the service", "for more than a minute"],
        title="Two random faults within four minutes: what comes of them",
    )


EXPERIMENT = Experiment("risk_by_configuration", __doc__, main, summary, figure)

if __name__ == "__main__":
    raise SystemExit(command(EXPERIMENT))
