"""The canonical vocabulary: which events are decisions, and what makes two events equal."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

__all__ = ["JOB_ROLES", "OUTCOME_KINDS", "Name", "decisions", "is_decision", "name_of"]

#: Roles of many processes, told apart by their job.
JOB_ROLES = frozenset({"helper", "queue", "script"})
#: Kinds that only show progress, are sampled or exogenous, by role; all others are decisions.
_PROGRESS = frozenset(
    {
        *(("mcp", kind) for kind in (
            "auth-failed", "banner", "config-note", "config-valid", "config-warning", "core-exit",
            "core-kill", "disks-unprotected", "dispatch-late", "dispatch-late-note",
            "fence-check-exit", "fifo-created", "first-generation", "late", "lost",
            "medium-closed", "medium-open",
            "pacemaker-support", "partition-note", "partition-warning", "recovered",
            "restarting", "rexmit-refused", "timeout-null", "ucast-option", "version",
        )),
        *(("helper", kind) for kind in (
            "client-exec", "emergency-kill", "fence-check", "fence-plugin-error", "reload-command",
        )),
        ("script", "agent"),
    }
)  # fmt: skip
_OUTSIDE = frozenset({"client", "lab", "proc"})
#: Measurements and counts; they do not name an event.
_SOFT = frozenset({"ms", "n"})
#: What outcome classes and latencies are made of; nothing else of a free run is kept.
OUTCOME_KINDS = frozenset(
    {
        "acquire-from", "comm-up", "daemon-up", "fault", "link-dead", "mount", "node-dead",
        "partition-return", "power-off", "rsc-end", "shutdown-complete", "standby-ask", "umount",
        "vip-down", "vip-up",
    }
)  # fmt: skip

#: Node, role, kind, arguments.
Name = tuple[str, str, str, tuple[tuple[str, str], ...]]


def is_decision(event: Mapping[str, Any]) -> bool:
    """Return whether an event is compared: a decision of a kind that is simulated."""
    role, kind = str(event["role"]), str(event["kind"])
    return role not in _OUTSIDE and (role, kind) not in _PROGRESS


def decisions(events: Iterable[dict[str, Any]], end: float) -> list[dict[str, Any]]:
    """Return the compared events before `end` (seconds)."""
    return [e for e in events if e["t"] < end and is_decision(e)]


def name_of(event: Mapping[str, Any]) -> Name:
    """Return what must be equal in two equal events."""
    args = tuple(sorted((k, str(v)) for k, v in event["args"].items() if k not in _SOFT))
    return str(event["node"]), str(event["role"]), str(event["kind"]), args
