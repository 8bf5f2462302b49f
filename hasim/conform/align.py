"""Which simulated event stands for which recorded one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from hasim.conform.vocabulary import JOB_ROLES, Name, name_of

__all__ = ["Alignment", "align"]

#: Events farther apart than this (seconds) do not stand for each other.
_FAR = 10.0
_Events = list[dict[str, Any]]
_Job = tuple[Name, ...]


@dataclass(slots=True)
class Alignment:
    """Two runs laid side by side.

    Attributes
    ----------
    pairs : list
        Recorded and simulated event of one name, by time of the recorded one.
    missing, extra : list
        Events that only the recording, or only the simulation has.
    differing : tuple of (str, str)
        Node and role of the sequences of events that are not equal, order included.
    """

    pairs: list[tuple[dict[str, Any], dict[str, Any]]] = field(default_factory=list)
    missing: _Events = field(default_factory=list)
    extra: _Events = field(default_factory=list)
    differing: tuple[tuple[str, str], ...] = ()


def align(recorded: Sequence[dict[str, Any]], simulated: Sequence[dict[str, Any]]) -> Alignment:
    """Lay two runs side by side.

    Events of one name are paired in order, so that the times differ least where one side has more
    of them.  Of roles with many processes, whole processes that show the same are paired first.
    """
    result = Alignment()
    one, other = _split(recorded), _split(simulated)
    differing = []
    for group in sorted(one.keys() | other.keys()):
        a, b = one.get(group, []), other.get(group, [])
        if group[1] in JOB_ROLES:
            equal = _pair_jobs(a, b, result)
        else:
            equal = [name_of(e) for e in a] == [name_of(e) for e in b]
            _pair(a, b, result)
        if not equal:
            differing.append(group)
    result.differing = tuple(differing)
    result.pairs.sort(key=lambda p: (p[0]["t"], p[1]["t"]))
    return result


def _split(events: Sequence[dict[str, Any]]) -> dict[tuple[str, str], _Events]:
    groups: dict[tuple[str, str], _Events] = defaultdict(list)
    for event in events:
        groups[str(event["node"]), str(event["role"])].append(event)
    return groups


def _pair_jobs(a: _Events, b: _Events, result: Alignment) -> bool:
    ours, theirs = _jobs(a), _jobs(b)
    left: list[_Events] = [[], []]
    for what in sorted(ours.keys() | theirs.keys()):
        mine, yours = ours.get(what, []), theirs.get(what, [])
        chosen = _nearest([job[0]["t"] for job in mine], [job[0]["t"] for job in yours])
        for i, j in chosen:
            result.pairs += list(zip(mine[i], yours[j], strict=True))
        used, taken = {i for i, _ in chosen}, {j for _, j in chosen}
        left[0] += [e for i, job in enumerate(mine) if i not in used for e in job]
        left[1] += [e for j, job in enumerate(yours) if j not in taken for e in job]
    for side in left:
        side.sort(key=lambda e: float(e["t"]))
    _pair(left[0], left[1], result)
    return not left[0] and not left[1]


def _jobs(events: _Events) -> dict[_Job, list[_Events]]:
    jobs: dict[str, _Events] = defaultdict(list)
    for event in events:
        jobs[str(event.get("job"))].append(event)
    found: dict[_Job, list[_Events]] = defaultdict(list)
    for job in jobs.values():
        found[tuple(name_of(e) for e in job)].append(job)
    return found


def _pair(a: _Events, b: _Events, result: Alignment) -> None:
    ours, theirs = _named(a), _named(b)
    for name in sorted(ours.keys() | theirs.keys()):
        mine, yours = ours.get(name, []), theirs.get(name, [])
        times = [e["t"] for e in mine], [e["t"] for e in yours]
        chosen = [(i, j) for i, j in _nearest(*times) if abs(times[0][i] - times[1][j]) <= _FAR]
        result.pairs += [(mine[i], yours[j]) for i, j in chosen]
        used, taken = {i for i, _ in chosen}, {j for _, j in chosen}
        result.missing += [e for i, e in enumerate(mine) if i not in used]
        result.extra += [e for j, e in enumerate(yours) if j not in taken]


def _named(events: _Events) -> dict[Name, _Events]:
    found: dict[Name, _Events] = defaultdict(list)
    for event in events:
        found[name_of(event)].append(event)
    return found


def _nearest(a: list[float], b: list[float]) -> list[tuple[int, int]]:
    """Pair two ascending lists in order: all of the shorter, with the least sum of distances."""
    if len(a) > len(b):
        return [(i, j) for j, i in _nearest(b, a)]
    if len(a) == len(b):
        return [(i, i) for i in range(len(a))]
    # best[i][j]: the first i of a among the first j of b
    inf = float("inf")
    best = [[0.0] * (len(b) + 1)] + [[inf] * (len(b) + 1) for _ in a]
    for i, t in enumerate(a, 1):
        for j in range(i, len(b) + 1):
            best[i][j] = min(best[i][j - 1], best[i - 1][j - 1] + abs(t - b[j - 1]))
    pairs, j = [], len(b)
    for i in range(len(a), 0, -1):
        while best[i][j] == best[i][j - 1]:
            j -= 1
        pairs.append((i - 1, j - 1))
        j -= 1
    return pairs[::-1]
