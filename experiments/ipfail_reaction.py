"""How long does ipfail need to move the service from a node that has lost the public network?

node1's public cable is pulled; heartbeats go on over the crossover cable. ipfail moves the
service to the node that sees more ping nodes, by a conversation in which each step waits for the
next wake of a daemon. What do the keepalive and the number of ping nodes do to that?
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd

import hasim
from hasim.experiment import Experiment, command, stacked, texts_of, timed

# --- scenarios -----------------------------------------------------------------------------------

MODEL = Path(__file__).resolve().parent.parent / "models" / "webdata"
SCENARIOS = ["30s cut node1:eth0"]
KEEPALIVES = [0.5, 1, 2]
PINGS = [1, 2, 3]


# --- runs ----------------------------------------------------------------------------------------


def with_pings(count: int) -> hasim.Model:
    """Return the founding cluster with so many ping nodes on the public network."""
    texts = texts_of(hasim.load(MODEL))
    names = [f"192.168.60.{i}" for i in range(2, count + 1)]
    pings = "".join(f"ping {name}\n" for name in names)
    hosts = "".join(f'[host."{name}"]\non = "lan"\npower = "utility"\n' for name in names)
    site = texts["site.toml"].replace("[host.client]", f"{hosts}[host.client]")
    ha_cf = texts["ha.cf"].replace("respawn", f"{pings}respawn")
    return hasim.load({**texts, "ha.cf": ha_cf, "site.toml": site})


def main(quick: bool = False, jobs: int | None = 1) -> pd.DataFrame:
    """Return a row for each run."""
    tables = {
        count: with_pings(count).sweep(
            points=[{"deadtime": 10, "deadping": 10}],
            keepalive=[1] if quick else KEEPALIVES,
            faults=SCENARIOS,
            seeds=3 if quick else 100,
            until="100s",
            spread="2s",
            jobs=jobs,
        )
        for count in ([1, 3] if quick else PINGS)
    }
    return stacked({str(count): table for count, table in tables.items()}, "ping nodes")


def summary(rows: pd.DataFrame) -> pd.DataFrame:
    """Return quantiles of the outage."""
    return timed(rows, ["keepalive", "ping nodes"])


# --- figure --------------------------------------------------------------------------------------


def figure(rows: pd.DataFrame) -> Any:
    """Draw where the time of the median outage goes."""
    title = "ipfail moves the service (deadping 10 s): where the time goes"
    return hasim.plot.breakdown(rows, by=["keepalive", "ping nodes"], title=title)


EXPERIMENT = Experiment("ipfail_reaction", __doc__, main, summary, figure)

if __name__ == "__main__":
    raise SystemExit(command(EXPERIMENT))
