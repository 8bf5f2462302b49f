"""A recording's exogenous facts under the names of our draws, and how they fared in a replay."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from hasim.config import HaConfig
from hasim.conform.injections import booted, command_times, us
from hasim.conform.recording import Recording
from hasim.units import SECOND, Micros

__all__ = ["JOBS", "Watched", "is_fact", "pins_of"]

#: Processes whose gaps a recording tells.
JOBS = (
    "harc", "mach_down", "ResourceManager", "hb_standby", "req_our_resources", "go_standby",
    "hb_giveup_resources", "stonith",
)  # fmt: skip
_LIFE = r".+/boot\d+/(validated|version|up|io-start/(read|write) .+)"
_STEP = rf".+/({'|'.join(JOBS)})\d+"
_POINT = rf"{_STEP}/\d+ (line|\S+ (start|stop|status))"
_CALL = r".+/\S+( .*)? (start|stop|status)\d+"
_FACT = re.compile(
    rf"{_LIFE}|.+/power\d+/boot|.+/operator\d+/0 operator|{_STEP}/exit|{_POINT}"
    rf"|{_CALL}/duration|{_CALL}/rc|.+/stonith\d+/latency"
)
#: Facts that a recording tells of every process it saw to its end; others may be unknown.
_TOLD = re.compile(rf".+/boot\d+/up|{_POINT}|{_CALL}/duration")
#: No script takes so long to call the next one (seconds): both were stamped at the same instant,
#: and the recording counts from an earlier one.
_STALLED = 3.0
_CALLED = frozenset({"ResourceManager", "mach_down"})
#: What makes a node acquire its own groups, and how long that takes at least where it has some and
#: where it has none (seconds).
_ORDERS = frozenset({"acquire-from", "dead-gave-up", "transition-local", "transition-remote"})
_LEAST = {"acquire-own-done": 0.035, "acquire-own-empty": 0.010}
#: It takes no longer than this.
_LONGEST = 2.0
#: After a failed start hb_standby sleeps so long, and shows within so many seconds more.
_SLEEP, _AWAKE = 30.0, 3.0


def is_fact(name: str) -> bool:
    """Return whether a draw of this name stands for a fact that recordings tell."""
    return _FACT.fullmatch(name) is not None


class Watched(dict[str, int]):
    """Pins that remember which of them were asked for, and what was asked for in vain."""

    def __init__(self, pins: Mapping[str, int], clock: Callable[[], Micros]) -> None:
        super().__init__(pins)
        self.clock = clock
        self.used: set[str] = set()
        self.missed: dict[str, Micros] = {}

    def get(self, name: str, default: Any = None) -> Any:
        """Return a pin, and note that it was asked for."""
        value = super().get(name, default)
        if value is None:
            self.missed.setdefault(name, self.clock())
        else:
            self.used.add(name)
        return value

    def fared(self, known: frozenset[str], end: Micros) -> dict[str, Any]:
        """Return how many pins are ``left`` over, how many facts ``missing``, and ``other`` names.

        Parameters
        ----------
        known : frozenset of str
            Names of facts that the recording has, but without a value; these miss nothing.
        end : int
            Up to when facts can be missing, in microseconds.
        """
        missing = [
            name
            for name, at in self.missed.items()
            if at < end and name not in known and _TOLD.fullmatch(name)
        ]
        return {
            "left": len(self.keys() - self.used),
            "missing": len(missing),
            "other": sorted(p for p in self if not is_fact(p)),
        }


def pins_of(
    recording: Recording, configs: Mapping[str, HaConfig]
) -> tuple[dict[str, int], frozenset[str]]:
    """Return the recorded coins and durations, and the names of facts without a value."""
    pins: dict[str, int] = {}
    unknown: set[str] = set()
    for node, config in configs.items():
        _lives(recording, node, config, pins)
        for k, (cause, end) in enumerate(booted(recording, node), 2):
            pins[f"{node}/power{k}/boot"] = end - cause
    pins |= command_times(recording)
    _jobs(recording, pins, unknown)
    for call in recording.pins["scripts"]:
        words = " ".join((call["rsc"], *call["args"], call["op"]))
        name = f"{call['node']}/{words}{call['k']}"
        if call["duration"] is None:
            unknown.add(f"{name}/duration")
        else:
            pins[f"{name}/duration"] = us(call["duration"])
        if call["op"] != "status" and call["rc"] is not None:
            pins[f"{name}/rc"] = int(call["rc"])
    for request in recording.pins.get("stonith", ()):
        name = f"{request['node']}/stonith{request['k']}/latency"
        if request["latency"] is None:
            unknown.add(name)
        else:
            pins[name] = us(request["latency"])
    return pins, frozenset(unknown)


def _lives(recording: Recording, node: str, config: HaConfig, pins: dict[str, int]) -> None:
    begun = sorted(
        [us(f["t"]) for f in recording.pins["faults"] if f["do"] == "start" and f["node"] == node]
        + [end for _, end in booted(recording, node)]
        + _restarts(recording, node, config)
    )
    lives = [life for life in recording.pins["lives"] if life["node"] == node]
    for number, life in enumerate(lives, 1):
        name = f"{node}/boot{number}"
        validated = us(life["validated"] if life["validated"] is not None else life["version"])
        start = max((t for t in begun if t <= validated), default=0)
        pins[f"{name}/validated"] = max(0, validated - start)
        spoke = max(validated, start, us(life["version"]))
        pins[f"{name}/version"] = spoke - max(validated, start)
        pins[f"{name}/up"] = us(life["t0"]) - spoke
        for medium in config.media:
            for role in ("write", "read"):
                late = _late(life, medium.kind, medium.device, role)
                if late is not None:
                    pins[f"{name}/io-start/{role} {medium.device}"] = SECOND * late


def _restarts(recording: Recording, node: str, config: HaConfig) -> list[Micros]:
    """Return when the daemon began anew after the sleep of each of its restarts (semantics 6.4)."""
    rest = (-(-config.deadtime // SECOND) + 1) * SECOND
    return [
        us(e["t"]) + rest
        for e in recording.events
        if e["kind"] == "restart-exec" and e["node"] == node
    ]


def _late(life: Mapping[str, Any], kind: str, device: str, role: str) -> int | None:
    if kind.startswith("ping"):
        return life["ping_late"] if role == "read" and life["ping_late"] is not None else 0
    value = life["io"].get(device, {}).get(role)
    return None if value is None else int(value)


def _jobs(recording: Recording, pins: dict[str, int], unknown: set[str]) -> None:
    firsts = _late_standbys(recording) | _acquisitions(recording)
    for job in recording.pins["jobs"]:
        if job["name"] not in JOBS:
            continue
        name = f"{job['node']}/{job['name']}{job['k']}"
        for i, (label, gap) in enumerate(job["gaps"]):
            if i == 0:
                gap = firsts.get((job["node"], job["name"], job["k"]), gap)
                if job["name"] in _CALLED and gap is not None and gap > _STALLED:
                    gap = 0.0
            if gap is None:
                unknown.add(f"{name}/{i} {label}")
            else:
                pins[f"{name}/{i} {label}"] = max(0, us(gap))
        if job["duration"] is not None:
            pins[f"{name}/exit"] = us(job["duration"])


_Firsts = dict[tuple[str, str, int], float | None]


def _late_standbys(recording: Recording) -> _Firsts:
    """Return how long after the release of a group that failed to start its standby showed.

    A recording counts from the last sign of any script; the sleep counts from this release.
    """
    found: _Firsts = {}
    for node in recording.nodes:
        mine = [e for e in recording.events if e["node"] == node]
        lines = [e["t"] for e in mine if e["kind"] == "going-standby"]
        failed = [e["t"] for e in mine if e["kind"] == "rm-giveup"]
        ends = [e["t"] for e in mine if e["kind"] == "rsc-end"]
        for k, t in enumerate(lines, 1):
            begun = [f for f in failed if t - f > _SLEEP]
            released = [e for e in ends if begun and begun[-1] < e < t - _SLEEP]
            if released and t - released[-1] < _SLEEP + _AWAKE:
                found[node, "hb_standby", k] = t - released[-1]
    return found


def _acquisitions(recording: Recording) -> _Firsts:
    """Return how long each acquisition of own groups took whose fork the recording did not see.

    A recording counts from the last line that could have ordered it, which may come after the fork.
    """
    unseen = {
        (job["node"], job["k"])
        for job in recording.pins["jobs"]
        if job["name"] == "req_our_resources" and str(job.get("after")).startswith("line")
    }
    found: _Firsts = {}
    for node in recording.nodes:
        orders, k = list[float](), 0
        for event in recording.events:
            if event["node"] != node:
                continue
            if event["kind"] in _ORDERS:
                orders.append(event["t"])
            elif event["kind"] in _LEAST:
                k += 1
                latest = event["t"] - _LEAST[event["kind"]]
                begun = [t for t in orders if event["t"] - _LONGEST < t <= latest]
                if (node, k) in unseen:
                    gap = event["t"] - begun[-1] if begun else None
                    found[node, "req_our_resources", k] = gap
    return found
