"""What would a true simulation score?  The simulator judged against itself.

    python tests/conformance/selfplay.py JUDGE RECORDINGS

Free runs take the place of the recordings: the recorded injections, random draws for the rest.
Replays are told the same facts of these runs as recordings tell, under the same names.  One fact is
told with an error: the instant of "status up" is stamped when the line arrives, so a busy machine
stamps it late.  How late follows from the recordings themselves: the first heartbeat leaves a
keepalive after the true instant and cannot be early, yet in one start of twenty it comes 20 ms "too
early".  The free runs get that error.
"""

from __future__ import annotations

import dataclasses
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from hasim.config import parse_time
from hasim.conform import Agreement, Recording, Replay, compare_events, pool, replay_of
from hasim.conform.injections import us
from hasim.conform.judge import raw_recordings, run_folders
from hasim.conform.pins import is_fact
from hasim.conform.runs import simulated_events, trace_of
from hasim.draws import Draws
from hasim.units import SECOND
from hasim.world import World

__all__ = ["Told", "selfplay", "stamp_errors"]

_NEAR = 0.05


class Told(Draws):
    """Draws that remember the facts among them."""

    __slots__ = ("_told_so_far", "load")

    def __init__(self, seed: int, pins: Mapping[str, int]) -> None:
        super().__init__(seed, pins)
        self._told_so_far: dict[str, int] = {}
        self.load = 1000

    @property
    def facts(self) -> dict[str, int]:
        """All facts; what scripts took is stretched by the load of the machine."""
        return {
            name: value if "/boot" in name else value * self.load // 1000
            for name, value in self._told_so_far.items()
        }

    def _told(self, name: str, value: int) -> int:
        if is_fact(name):
            self._told_so_far[name] = value
        return value

    def pinned(self, name: str) -> int | None:
        """Return the pinned value, which is told as well."""
        value = super().pinned(name)
        return value if value is None else self._told(name, value)

    def chance(self, stream: str, ppm: int, index: int = 0) -> bool:
        """Return the coin; that of a child is told in seconds."""
        value = super().chance(stream, ppm, index)
        if "/io-start/" in stream and not stream.endswith("/kept waiting"):
            self._told(stream, SECOND * value)
        return value

    def between(self, name: str, lo: int, hi: int) -> int:
        """Return the draw."""
        return self._told(name, super().between(name, lo, hi))

    def spread(self, name: str, low: int, median: int, high: int) -> int:
        """Return the draw."""
        value = super().spread(name, low, median, high)
        if name == "load":
            self.load = value
        return self._told(name, value)


def stamp_errors(recordings: Sequence[Recording]) -> list[int]:
    """Return how many microseconds early each first heartbeat came, in ascending order."""
    found = []
    for recording in recordings:
        keepalive = _keepalive(recording)
        for life in recording.pins["lives"]:
            due = life["t0"] + keepalive
            near = [t for t, n in recording.packets if n == life["node"] and abs(t - due) < _NEAR]
            if near:
                found.append(max(0, us(due - min(near))))
    return sorted(found)


def _keepalive(recording: Recording) -> float:
    lines = (line.split() for line in recording.scenario["ha_cf"].splitlines())
    text = next(words[1] for words in lines if words[:1] == ["keepalive"])
    return (parse_time(text) or 0) / 1e6


def _played(recording: Recording, replay: Replay, seed: int) -> tuple[Recording, dict[str, int]]:
    """Return a free run in the place of a recording, and the facts that it tells."""
    world = replay.free(seed)
    draws = Told(seed, world.draws.pins)
    world.draws = world.hub.draws = draws
    world.run(us(recording.duration))
    events = tuple(simulated_events(recording, trace_of(replay, world)))
    lives = [
        {**life, "t0": event["t"]}
        for life, event in zip(
            [{"node": e["node"]} for e in events if e["kind"] == "daemon-up"],
            [e for e in events if e["kind"] == "status-local" and e["args"]["s"] == "up"],
            strict=False,
        )
    ]
    pins = {**recording.pins, "lives": lives}
    return dataclasses.replace(recording, events=events, pins=pins), draws.facts


def selfplay(recordings: Sequence[Recording]) -> dict[str, float]:
    """Return the pooled figures of free runs as recordings, replayed."""
    errors = stamp_errors(recordings)
    draws, results = Draws(0), list[Agreement]()
    able = [r for r in recordings if r.conditionable]
    for seed, recording in enumerate(able):
        replay = replay_of(recording)
        actual, facts = _played(recording, replay, seed)
        name = f"{recording.name}/{recording.run}"
        for k, key in enumerate(p for p in facts if p.endswith("/up")):
            facts[key] += errors[draws.below(name, len(errors), k)]
        boots = {k: v for k, v in replay.pins.items() if k.endswith("/boot")}
        told = dataclasses.replace(replay, pins={**boots, **facts})
        world: World = told.world()
        world.run(us(recording.duration))
        made = simulated_events(recording, trace_of(told, world))
        results.append(compare_events(actual, made))
    return pool(results)


if __name__ == "__main__":
    judge, *paths = sys.argv[1:]
    folders = run_folders([Path(p) for p in paths])
    for name, value in selfplay(raw_recordings(folders, Path(judge))).items():
        sys.stdout.write(f"{name}: {value:.4g}\n")
