"""Properties that a run must keep, judged from the facts of its trace."""

from hasim.monitors.groups import called, devices_of, is_shareable, member
from hasim.monitors.properties import (
    LIVENESS,
    NODES_AGREE,
    PROPERTIES,
    QUIET,
    SERVED_ONCE,
    Monitor,
    Property,
    judge,
)
from hasim.monitors.violation import Violation

__all__ = [
    "LIVENESS",
    "NODES_AGREE",
    "PROPERTIES",
    "QUIET",
    "SERVED_ONCE",
    "Monitor",
    "Property",
    "Violation",
    "called",
    "devices_of",
    "is_shareable",
    "judge",
    "member",
]
