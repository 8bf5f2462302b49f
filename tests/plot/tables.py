"""Tables as a sweep makes them, with values that are easy to check."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import pandas as pd

PHASES = ("detect", "decide", "fence", "release", "start", "arp")
GROUP = "192.168.60.200/24/eth0"


def row(seed: int, phases: Iterable[float], **more: Any) -> dict[str, Any]:
    parts = dict(zip((f"{p}_s" for p in PHASES), phases, strict=True))
    return {
        "seed": seed, "group": GROUP, "outage_s": sum(parts.values()), "open": False, **parts,
        "before": "node1", "after": "node2", "reason": "node1 lost power", "outages": 1,
        "down_s": sum(parts.values()), "false_takeovers": 0, "late": 0, "violated": "",
        "digest": "0", **more,
    }  # fmt: skip


def table(rows: Iterable[Mapping[str, Any]], *swept: str) -> pd.DataFrame:
    """Rows with the columns that were swept in front."""
    made = pd.DataFrame(list(rows))
    rest = [name for name in made.columns if name not in swept]
    return made[[*swept, *rest]]


def sweep_table() -> pd.DataFrame:
    """Four deadtimes and two keepalives, ten seeds each."""
    rows = [
        row(
            seed,
            (dead - 1 + seed / 10, 0.1, 0.0, 0.0, 2.0 + seed / 20, 0.0),
            deadtime=float(dead),
            keepalive=float(keep),
            false_takeovers=int(dead == 5 and seed < 3),
        )
        for dead in (5, 10, 20, 30)
        for keep in (1, 2)
        for seed in range(10)
    ]
    return table(rows, "deadtime", "keepalive")


def empty_table() -> pd.DataFrame:
    return sweep_table().iloc[:0]
