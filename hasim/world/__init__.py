"""The physical world on SimPy: power, cables, media, machines, and the daemons they run."""

from __future__ import annotations

from hasim.world.player import VERBS
from hasim.world.records import Action
from hasim.world.world import TICK_JITTER, Snapshot, World

__all__ = ["TICK_JITTER", "VERBS", "Action", "Snapshot", "World"]
