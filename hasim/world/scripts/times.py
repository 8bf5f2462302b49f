"""How long scripts take: measured on the real ones, or as the site says (semantics 19.2).

Durations of one run share the load of the machine: one factor per run, times an independent one
each. Split and spreads are those of 456 recorded runs: the factor of a run is 0.67 / 1.0 / 1.65
(5 % / 50 % / 95 %), what remains 0.60 / 1.0 / 2.3 for calls of scripts and 0.53 / 1.0 / 2.7 for
what shells do in between.
"""

from __future__ import annotations

from collections.abc import Mapping

from hasim.units import MS, SECOND, Micros
from hasim.world.hub import Hub

__all__ = ["DURATIONS", "FIXED", "GAPS", "LOAD", "call_time", "gap_time"]

#: Load of the machine in a run, parts in a thousand, 5 % / 50 % / 95 %: below 1 in the median, for
#: the first acquisition after a start finds a quieter machine than the average call.
LOAD = (600, 900, 1550)
_CALL_LOW, _CALL_HIGH = 60, 230
_GAP_LOW, _GAP_HIGH = 53, 270
#: Medians of what shells and forks need between the points of a process.
GAPS: Mapping[str, Micros] = {
    "harc line": 14 * MS,
    "harc exit": 18 * MS,
    "harc exit after work": 8 * MS,
    "answer line": 17 * MS,
    "takeover exit": 15 * MS,
    "mach_down line": 67 * MS,
    "mach_down next": 10 * MS,
    "mach_down end": 12_400,
    "group line from harc": 29 * MS,
    "group line from mach_down": 29 * MS,
    "group line from helper": 50 * MS,
    "first status": 19_500,
    "next status": 13 * MS,
    "run line": 17 * MS,
    "first stop line": 24 * MS,
    "next stop line": 17_500,
    "script": 6_500,
    "failed line": 3 * MS,
    "failed next": 7 * MS,
    "retry line": 12 * MS,
    "last status": 18 * MS,
    "reboot line": 4 * MS,
    "kill line": 9 * MS,
    "kill": 14 * MS,
    "reboot": 38 * MS,
    "reboot off": 27 * MS,
    "standby line": 37 * MS,
    "standby late": 40 * MS,
    "standby exit": 10 * MS,
    "helper line": 5_700,
    "helper done": 14 * MS,
    "helper exit": 500,
    "own empty": 25 * MS,
    "own status": 65 * MS,
    "own next": 20 * MS,
    "own line": 5 * MS,
    "init status": 108 * MS,
    "init next": 18 * MS,
    "init end": 2 * MS,
    "request status": 40 * MS,
    "operator": 35 * MS,
    "fence line": 12 * MS,
    "fence request": 6_500,
    "plugin line": 4 * MS,
    "fence answer": 2 * MS,
    "fence failed": 200,
    "fence exit": 2 * MS,
    "check exit": 5 * MS,
    "check external": 13 * MS,
}
#: Medians of calls of resource scripts, where the site says nothing.
DURATIONS: Mapping[str, Mapping[str, Micros]] = {
    "IPaddr": {"start": 179 * MS, "stop": 76 * MS, "status": 77 * MS},
    "IPaddr2": {"start": 179 * MS, "stop": 76 * MS, "status": 77 * MS},
    "Filesystem": {"start": 143 * MS, "stop": 213 * MS, "status": 99 * MS},
}
#: What sleeps and waits add to a gap, whatever the load.
FIXED: Mapping[str, Micros] = {
    "retry line": SECOND,
    "standby late": 30 * SECOND,
    "plugin line": SECOND,  # an external plugin of STONITH sleeps before it says what came of it
    "check external": SECOND,
}
_DELAY: Micros = 10 * SECOND


def _load(hub: Hub) -> int:
    return hub.draws.spread("load", *LOAD)


def _shaped(hub: Hub, name: str, median: Micros, low: int, high: int) -> Micros:
    part = hub.draws.spread(name, median * low // 100, median, median * high // 100)
    return part * _load(hub) // 1000


def gap_time(hub: Hub, node: str, key: str, name: str) -> Micros:
    """Return the unpinned time of a step between two points of a process.

    Where the site gives a time for ``harc``, it is that of a whole run without work.
    """
    if key in ("harc line", "harc exit"):
        given = hub.site.given_time(node, "harc", "run")
        if given is not None:
            whole = given.pick(hub.draws.u64(name) >> 32)
            return whole * 2 // 5 if key == "harc line" else whole * 3 // 5
    return FIXED.get(key, 0) + _shaped(hub, name, GAPS[key], _GAP_LOW, _GAP_HIGH)


def call_time(
    hub: Hub, node: str, script: str, op: str, args: tuple[str, ...], name: str
) -> Micros:
    """Return how long one call of a resource script takes; `name` is the name of the draw.

    A pinned time is the whole time. ``Delay`` sleeps for its arguments (semantics 8.5).
    """
    pinned = hub.draws.pinned(name)
    if pinned is not None:
        return pinned
    given = hub.site.given_time(node, script, op)
    if given is not None:
        return given.pick(hub.draws.u64(name) >> 32)
    own = DURATIONS.get(script, DURATIONS["IPaddr"])
    took = _shaped(hub, name, own.get(op, own["status"]), _CALL_LOW, _CALL_HIGH)
    return took + (_delay(args, op) if script == "Delay" else 0)


def _delay(args: tuple[str, ...], op: str) -> Micros:
    """Return how long Delay sleeps: ``Delay::START::STOP``, seconds; the stop as the start."""
    seconds = [int(a) if a.isascii() and a.isdigit() else None for a in args[:2]]
    start = _DELAY if not seconds or seconds[0] is None else seconds[0] * SECOND
    stop = start if len(seconds) < 2 or seconds[1] is None else seconds[1] * SECOND
    return {"start": start, "stop": stop}.get(op, 0)
