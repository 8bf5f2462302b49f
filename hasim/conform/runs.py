"""Replaying a recording and putting the result into the canonical vocabulary."""

from __future__ import annotations

import re
from typing import Any

from hasim.conform.recording import Recording
from hasim.conform.replay import Replay, replay_of, us
from hasim.conform.scope import in_scope, scope_end
from hasim.render import canonical_events
from hasim.trace import Clock, Header, Trace
from hasim.world import World

__all__ = ["replayed", "simulated_events"]

#: Names of the draws that stand for facts of a recording.
_FACT = re.compile(r".+/boot\d+/(validated|version|up|io-start/(read|write) .+)|.+/harc\d+/line")


def simulated_events(replay: Replay, world: World) -> list[dict[str, Any]]:
    """Return the canonical events of a replayed world."""
    clocks = tuple(Clock(node, 0, 0) for node in replay.configs)
    header = Header("", "3.0.6", clocks=clocks)
    return list(canonical_events(Trace(header, world.recorder.records)))


def replayed(recording: Recording) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    """Replay a recording up to the end of its scope; return the events in scope, and the pins.

    The second value says how the pins fared: how many are ``left`` over (their daemon life began
    within the scope and the replay never asked for them), how many lives began whose start is
    ``missing`` among them, and the names of ``other`` draws than the recording's facts.  Scripts'
    pins beyond those that ran are not counted, for which ones run is a decision.
    """
    end = scope_end(recording)
    replay = replay_of(recording)
    world = replay.world()
    world.run(us(end) + 1)
    events = in_scope(simulated_events(replay, world), end)
    nodes, asked = world.hub.state.nodes, world.draws.used
    begun = [f"{n}/boot{k}" for n, s in nodes.items() for k in range(1, s.starts + 1)]
    told = [p for p in replay.pins if _life(p) in begun]
    return events, {
        "left": sum(p not in asked for p in told),
        "missing": sum(f"{life}/up" not in replay.pins for life in begun),
        "other": [p for p in replay.pins if not _FACT.fullmatch(p)],
    }


def _life(pin: str) -> str:
    node, boot, *_ = pin.split("/")
    return f"{node}/{boot}"
