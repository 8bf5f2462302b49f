"""Wording where a cluster manager is enabled (semantics 13)."""

from __future__ import annotations

from hasim import events as ev
from hasim.catalogue.entry import heartbeat

__all__ = ["ENTRIES"]

ENTRIES = (
    heartbeat(ev.ResourcesFileExists, "WARN", "File {path} exists."),
    heartbeat(
        ev.ResourcesFileUnused,
        "WARN",
        old="This file is not used because crm is enabled",
        new="This file is not used because pacemaker is enabled",
    ),
    heartbeat(ev.CcmReason, "ERROR", "REASON: {reason:rest}", tag="ccm"),
    heartbeat(ev.CcmExit, "ERROR", "Initialization failed. Exit", tag="ccm"),
)
