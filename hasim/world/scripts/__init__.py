"""The scripts of a node: harc, ResourceManager, helpers of the master, agents of resources.

A process is plain data, :class:`~hasim.world.records.JobState`: steps that one interpreter takes
one by one (:mod:`hasim.world.jobs`).
"""

from __future__ import annotations

__all__: list[str] = []
