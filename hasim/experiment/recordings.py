"""Recorded latencies of the real daemon, and simulated runs of the same configurations.

A small file holds, of some recordings (Heartbeat 3.0.6 in a laboratory), the configuration, when
what was injected, and what was measured: from a loss of power to the death that was declared and to
the service on the other node; from the start of a node that is alone to its service. Simulated runs
are told the configuration, the injections and the load of the machine, and nothing else.

How long scripts take follows the load average at the end of a run, as its power 0.435 (log-log
regression over the second halves of 270 runs of the campaign's other scenarios, correlation 0.66);
what remains has a standard deviation of 0.27 in the logarithm, and 0.30 in the scenarios that are
compared here, which took no part. At the median load of the campaign the factor is the median of
:data:`hasim.world.scripts.times.LOAD`; that level was chosen with these scenarios in sight, after
the one of the regression had made simulated takeovers 0.2 s too slow.
"""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hasim import events as ev
from hasim.config import parse_ha_cf
from hasim.conform.recording import Recording
from hasim.conform.replay import replay_of
from hasim.draws import Draws
from hasim.errors import ConfigError, HasimError, Problem
from hasim.trace import Record
from hasim.units import SECOND
from hasim.world.scripts.times import LOAD

if TYPE_CHECKING:
    import pandas as pd

__all__ = [
    "Latencies",
    "extract",
    "inside",
    "laboratory",
    "recorded",
    "recorded_points",
    "simulated",
]

#: Median load average of the campaign, the exponent of the load, and the 5 % and 95 % points of
#: what remains, in parts per thousand.
_USUAL, _EXPONENT, _REST = 6.3, 0.435, (640, 1560)
_DIRECTIVES = ("keepalive", "deadtime", "initdead")


@dataclass(frozen=True, slots=True)
class Latencies:
    """What was measured in a run, in seconds.

    Parameters
    ----------
    death_s : float or None
        From the loss of power to the death of that node; None where no power was lost.
    served_s : float
        From the loss of power, or from the start, until address and file system are there.
    """

    death_s: float | None
    served_s: float


# ---- from recordings to the small file ----------------------------------------------------------


def extract(folders: Iterable[Path]) -> dict[str, Any]:
    """Return the content of the small file, from the folders of recorded scenarios."""
    found = {}
    for folder in sorted(folders):
        runs, scenario = [], {}
        for run in sorted(path for path in folder.iterdir() if path.is_dir()):
            told = json.loads((run / "scenario.json").read_text(encoding="utf-8"))
            with gzip.open(run / "trace.jsonl.gz", "rt", encoding="utf-8") as stream:
                lines = [json.loads(line) for line in stream]
            scenario, faults = told["scenario"], _injected(told["injected"])
            told_s = _measured(lines, faults)
            exogenous = {"faults": faults, "boots": _boots(lines), "load": told["load"][1]}
            runs.append({"run": run.name, **exogenous, **told_s})
        kept = ("ha_cf", "haresources", "schedule", "duration", "topology")
        found[folder.name] = {"scenario": {key: scenario[key] for key in kept}, "runs": runs}
    return found


def _injected(injected: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    out = []
    for i, one in enumerate(injected):
        args = {key: value for key, value in one["args"].items() if key != "node"}
        told = {"i": i, "t": one["t"], "done": one["done"], "do": one["do"]}
        out.append({**told, "node": one["args"].get("node"), "args": args})
    return out


def _boots(lines: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return when power came and went."""
    nodes = (line for line in lines if line["src"] == "node" and line["ev"].startswith("power"))
    return [{key: line[key] for key in ("ev", "node", "t")} for line in nodes]


def _measured(
    lines: Sequence[Mapping[str, Any]], faults: Sequence[Mapping[str, Any]]
) -> dict[str, Any]:
    begin, node = _begin(faults)
    after = [line for line in lines if line["t"] > begin]
    up = [ln["t"] for ln in after if ln["src"] == "vip" and ln["ev"] == "up" and _on(ln, node)]
    mounted = [
        ln["t"] for ln in after if ln["src"] == "mount" and ln["ev"] == "mount" and _on(ln, node)
    ]
    dead = [
        ln["t"]
        for ln in after
        if ln["src"] == "log" and re.fullmatch(r"node node\d: is dead", ln["text"])
    ]
    is_loss = node is not None
    return {
        "death_s": round(dead[0] - begin, 4) if is_loss else None,
        "served_s": round(max(up[0], mounted[0]) - begin, 4),
    }


def _begin(faults: Sequence[Mapping[str, Any]]) -> tuple[float, str | None]:
    """Return the instant from which on is measured, and which node has lost its power then."""
    for fault in faults:
        if fault["do"] == "power_off":
            return float(fault["t"]), str(fault["node"])
    return min(float(fault["t"]) for fault in faults), None


def _on(line: Mapping[str, Any], lost: str | None) -> bool:
    return bool(line["node"] != lost)


# ---- from the small file to tables --------------------------------------------------------------


@lru_cache(maxsize=4)
def _read(path: Path) -> dict[str, Any]:
    try:
        content: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))["scenarios"]
    except (OSError, ValueError, KeyError, TypeError) as x:
        problem = Problem(str(path), None, "ERROR", f"no recorded latencies: {x}")
        raise ConfigError([problem]) from None
    return content


def _wanted(path: Path, names: str) -> Iterator[tuple[str, dict[str, Any], dict[str, float]]]:
    """Yield the scenarios whose name matches, with the directives of their configuration."""
    hits = 0
    for name, told in _read(path).items():
        if re.match(names, name):
            hits += 1
            text = told["scenario"]["ha_cf"]
            config, problems = parse_ha_cf(text, name, local="node1", dialect="3.0.6")
            if config is None:
                raise ConfigError(problems)
            yield name, told, {d: getattr(config, d) / SECOND for d in _DIRECTIVES}
    if not hits:
        raise HasimError(f"{path}: no recorded scenario matches {names!r}")


def recorded(path: str | Path, names: str) -> pd.DataFrame:
    """Return what was measured, a row for each recorded run.

    Parameters
    ----------
    names : str
        Regular expression for the beginning of the names of scenarios, such as ``19-deadtime``.

    Returns
    -------
    pandas.DataFrame
        ``recording run keepalive deadtime initdead death_s served_s``, in seconds.

    Raises
    ------
    HasimError
        For a file that cannot be read, and where no name matches.
    """
    import pandas as pd

    return pd.DataFrame(
        [
            {"recording": name, "run": run["run"], **times,
             "death_s": run["death_s"], "served_s": run["served_s"]}
            for name, told, times in _wanted(Path(path), names)
            for run in told["runs"]
        ]
    )  # fmt: skip


def recorded_points(path: str | Path, names: str, against: str, of: str) -> pd.DataFrame:
    """Return what was measured as points of a figure: the column `against`, and ``served_s``."""
    return recorded(path, names)[[against, "served_s"]].rename(columns={"served_s": of})


def inside(points: pd.DataFrame, rows: pd.DataFrame, at: str, value: Any, of: str) -> str:
    """Return how many recorded times lie between the 5 % and 95 % quantiles of simulated ones.

    Parameters
    ----------
    points : DataFrame
        What was recorded, see :func:`recorded_points`.
    rows : DataFrame
        The simulated runs.
    at, value : str and object
        The rows and points are those in which the column `at` has that value.
    of : str
        The column of the times.
    """
    low, high = rows[rows[at] == value][of].quantile([0.05, 0.95])
    times = points[points[at] == value][of]
    return f"{times.between(low, high).sum()} of {len(times)}"


def laboratory(path: str | Path, names: str, runs: int = 200, loaded: bool = True) -> pd.DataFrame:
    """Return what simulated runs of the recorded configurations show, as :func:`recorded` does.

    Parameters
    ----------
    runs : int
        So many runs of each scenario; they take the instants and the loads of its recorded runs in
        turn.
    loaded : bool
        Whether they are told the load; else it is drawn as for any run.

    Returns
    -------
    pandas.DataFrame
        The same columns, and ``seed``; ``run`` is the recorded run whose instants were used.
    """
    import pandas as pd

    rows = []
    for name, told, times in _wanted(Path(path), names):
        for seed in range(runs):
            one = told["runs"][seed % len(told["runs"])]
            found = simulated(name, told["scenario"], one, seed, loaded)
            told_s = {"death_s": found.death_s, "served_s": found.served_s}
            rows.append({"recording": name, "run": one["run"], **times, "seed": seed, **told_s})
    return pd.DataFrame(rows)


def simulated(
    name: str, scenario: Mapping[str, Any], run: Mapping[str, Any], seed: int, loaded: bool = True
) -> Latencies:
    """Run freely under recorded injections and load, and measure what was measured there."""
    from hasim.conform.runs import trace_of

    pins = {"faults": run["faults"], "boots": run["boots"], "lives": [], "jobs": [], "scripts": []}
    replay = replay_of(Recording(name, run["run"], {"name": name, **scenario}, pins, ()))
    world = replay.free(seed)
    if loaded:
        factor = int(LOAD[1] * (run["load"] / _USUAL) ** _EXPONENT)
        low, high = (factor * part // 1000 for part in _REST)
        world.draws.pins["load"] = Draws(seed).spread("laboratory/load", low, factor, high)
    world.run(int(scenario["duration"] * SECOND))
    return _seen(trace_of(replay, world).records, *_begin(run["faults"]))


def _seen(records: Sequence[Record], begin: float, lost: str | None) -> Latencies:
    death = up = mounted = None
    for record in records:
        at, event = record.at / SECOND, record.event
        if at <= begin:
            continue
        match event:
            case ev.NodeDead(peer=peer) if peer == lost and death is None:
                death = at
            case ev.AddressUp(node=node) if node != lost and up is None:
                up = at
            case ev.DiskMounted(node=node) if node != lost and mounted is None:
                mounted = at
    if up is None or mounted is None:
        return Latencies(None, float("nan"))
    return Latencies(None if death is None else death - begin, max(up, mounted) - begin)
