"""How well can any replay do?  A bound from the recordings alone.

    python tests/conformance/bound.py JUDGE RECORDINGS

Daemon lives are grouped by everything a conditioned replay is told of their start: the media, the
keepalive, the coin of each I/O child, whether the ping children were late.  Of each life only its
own links and its ping links are looked at, in the order in which they come up, and in which
half second: nothing of this depends on the peer.  A replay gives one answer to one question; the
best it can do is the answer most lives of the group gave (chosen here with hindsight).
"""

from __future__ import annotations

import math
import sys
from collections import Counter, defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from hasim.conform import Recording
from hasim.conform.judge import raw_recordings, run_folders

__all__ = ["bound"]

_WINDOW = 3.0


def bound(recordings: Sequence[Recording]) -> dict[str, float]:
    """Return how many lives and runs there are, and the shares that one answer a group can meet."""
    groups: dict[Any, Counter[Any]] = defaultdict(Counter)
    runs = []
    for recording in recordings:
        if not recording.conditionable:
            continue
        end, keys = recording.duration, []
        for life in recording.pins["lives"]:
            if life["t0"] + _WINDOW < end:
                key = _told(recording, life)
                groups[key][_shown(recording, life)] += 1
                keys.append(key)
        runs.append(keys)
    share = {k: max(c.values()) / c.total() for k, c in groups.items()}
    lives = sum(c.total() for c in groups.values())
    return {
        "lives": float(lives),
        "runs": float(len(runs)),
        "lives met": sum(max(c.values()) for c in groups.values()) / lives,
        "runs met": sum(math.prod(share[k] for k in keys) for keys in runs) / len(runs),
    }


def _told(recording: Recording, life: dict[str, Any]) -> Any:
    wanted = ("bcast", "ucast", "ping", "ping_group", "keepalive")
    lines = recording.scenario["ha_cf"].splitlines()
    media = tuple(line for line in lines if line.split()[:1] and line.split()[0] in wanted)
    coins = tuple(sorted((m, c["write"], c["read"]) for m, c in life["io"].items()))
    return media, coins, life["ping_late"]


def _shown(recording: Recording, life: dict[str, Any]) -> Any:
    node, start = life["node"], life["t0"]
    return tuple(
        (e["args"]["medium"], int((e["t"] - start + 0.1) * 2))
        for e in recording.events
        if e["node"] == node
        and e["kind"] == "link-up"
        and start - 0.1 <= e["t"] < start + _WINDOW
        and (e["args"]["peer"] == node or e["args"]["peer"] not in recording.nodes)
    )


if __name__ == "__main__":
    judge, *paths = sys.argv[1:]
    found = raw_recordings(run_folders([Path(p) for p in paths]), Path(judge))
    sys.stdout.write("".join(f"{k}: {v:.4g}\n" for k, v in bound(found).items()))
