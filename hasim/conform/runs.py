"""Replaying a recording and putting the result into the canonical vocabulary."""

from __future__ import annotations

from typing import Any

from hasim.conform.recording import Recording
from hasim.conform.replay import Replay, replay_of, us
from hasim.conform.scope import in_scope, scope_end
from hasim.render import canonical_events
from hasim.trace import Clock, Header, Trace
from hasim.world import World

__all__ = ["PinReport", "replayed", "simulated_events"]


class PinReport(dict[str, Any]):
    """How the pins of a replay fared: ``left`` over, ``missing``, and names of ``other`` draws."""


def simulated_events(replay: Replay, world: World) -> list[dict[str, Any]]:
    """Return the canonical events of a replayed world."""
    clocks = tuple(Clock(node, 0, 0) for node in replay.configs)
    header = Header("", "3.0.6", clocks=clocks)
    return list(canonical_events(Trace(header, world.recorder.records)))


def replayed(recording: Recording) -> tuple[list[dict[str, Any]], PinReport]:
    """Replay a recording up to the end of its scope; return the events in scope, and the pins.

    A pin is left over if its daemon life began within the scope and the replay never asked for
    it; scripts' pins beyond those that ran are not counted, for which ones run is a decision.
    """
    end = scope_end(recording)
    replay = replay_of(recording)
    world = replay.world()
    world.run(us(end) + 1)
    events = in_scope(simulated_events(replay, world), end)
    asked = world.draws.used
    lives = {f"{n}/boot{state.starts}" for n, state in world.hub.state.nodes.items()}
    begun = {
        f"{life.partition('/')[0]}/boot{k}"
        for life in lives
        for k in range(1, int(life.rpartition("boot")[2]) + 1)
    }
    left = [
        name
        for name in replay.pins
        if "/boot" in name and _life(name) in begun and name not in asked
    ]
    return events, PinReport(left=len(left), missing=0, other=[])


def _life(name: str) -> str:
    node, boot, *_ = name.split("/")
    return f"{node}/{boot}"
