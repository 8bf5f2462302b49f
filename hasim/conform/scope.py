"""Which recorded events are compared: of links and nodes, up to the first that needs resources."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from hasim.conform.recording import Recording
from hasim.conform.replay import QUIET_VERBS, REPLAYED_VERBS

__all__ = ["KINDS", "in_scope", "scope_end"]

#: Kinds of the canonical vocabulary, role mcp, that links and nodes decide.
KINDS = (
    "client-start", "comm-up", "daemon-up", "late", "link-dead", "link-up", "node-dead",
    "node-status", "partition-return", "restart-seen", "status-local",
)  # fmt: skip
#: Events that only happen because of resources and that change what nodes send from then on.
_NEEDS_RESOURCES = frozenset(
    {
        "shutdown-delayed", "shutdown-begin", "fence-ask", "rm-kill", "rm-stop-failure",
        "reboot-asked", "client-exit", "child-died", "config-unchanged",
    }
)  # fmt: skip
#: A comparison ends in a pause of at least so long, so that no event sits on its edge.
_PAUSE = 1.2


def in_scope(events: Iterable[dict[str, Any]], end: float) -> list[dict[str, Any]]:
    """Return the compared events before `end` (seconds)."""
    return [e for e in events if e["role"] == "mcp" and e["kind"] in KINDS and e["t"] < end]


def scope_end(recording: Recording) -> float:
    """Return up to which second a recording is compared.

    That is the first event that needs resources and bears on membership, or the first fault that
    is not simulated; from there back to the last pause between compared events.
    """
    stops = [e["t"] for e in recording.events if e["kind"] in _NEEDS_RESOURCES]
    for fault in recording.pins["faults"]:
        role = fault["args"].get("role", "master control process")
        known = fault["do"] in REPLAYED_VERBS or fault["do"] in QUIET_VERBS
        if fault["do"] == "kill":
            known = role in ("master control process", "heartbeat: ")
        if fault["do"] == "sh":
            known = "authkeys" in str(fault["args"].get("command", ""))
        if not known:
            stops.append(fault["t"])
    first = min(stops, default=recording.duration)
    times = [e["t"] for e in in_scope(recording.events, first)]
    end = first
    while times and end - times[-1] < _PAUSE:
        end = times.pop()
    return end if end == first or not times else (times[-1] + end) / 2
