"""What would a true simulation score?  The simulator judged against itself.

    python tests/conformance/selfplay.py JUDGE RECORDINGS

Free runs take the place of the recordings: the recorded faults and facts, random draws for the
rest.  Replays are told what the recordings tell.  One fact is told with an error: the instant of
"status up" is stamped when the line arrives, so a busy machine stamps it late.  How late follows
from the recordings themselves: the first heartbeat leaves a keepalive after the true instant and
cannot be early, yet in one start of twenty it comes 20 ms "too early".  The free runs get that
error.
"""

from __future__ import annotations

import dataclasses
import sys
from collections.abc import Sequence
from pathlib import Path

from hasim.config import parse_time
from hasim.conform import (
    Agreement,
    Recording,
    compare_events,
    pool,
    replay_of,
    replayed,
    scope_end,
)
from hasim.conform.judge import raw_recordings, run_folders
from hasim.conform.replay import us
from hasim.conform.runs import simulated_events
from hasim.conform.scope import KINDS
from hasim.draws import Draws
from hasim.world import World

__all__ = ["selfplay", "stamp_errors"]

_NEAR = 0.05


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


def selfplay(recordings: Sequence[Recording]) -> dict[str, float]:
    """Return the pooled figures of free runs as recordings, replayed."""
    errors = stamp_errors(recordings)
    draws, results = Draws(0), list[Agreement]()
    for i, recording in enumerate(r for r in recordings if r.conditionable):
        replay, end = replay_of(recording), scope_end(recording)
        name = f"{recording.name}/{recording.run}"
        pins = dict(replay.pins)
        for k, key in enumerate(p for p in replay.pins if p.endswith("/up")):
            late = errors[draws.below(name, len(errors), k)]
            pins[key] = max(1000, pins[key] - late)
        world = World.build(
            replay.configs, replay.site, seed=i, pins=pins, agenda=replay.agenda, start={}
        )
        world.run(us(end) + 1)
        made = [e for e in simulated_events(replay, world) if e["kind"] in KINDS]
        kept = [e for e in recording.events if e["kind"] not in KINDS]  # they end the scope
        events = tuple(sorted([*made, *kept], key=lambda e: float(e["t"])))
        actual = dataclasses.replace(recording, events=events)
        results.append(compare_events(actual, replayed(recording)[0]))
    return pool(results)


if __name__ == "__main__":
    judge, *paths = sys.argv[1:]
    folders = run_folders([Path(p) for p in paths])
    for name, value in selfplay(raw_recordings(folders, Path(judge))).items():
        sys.stdout.write(f"{name}: {value:.4g}\n")
