"""Properties and their monitors; the registry names each once.

A monitor sees records one by one, of a run or of a trace read back, and judges facts: what a daemon
believes does not count, unless the property is about that. It keeps no time of its own and raises
nothing. What it must know of the cluster stands in the header of the trace.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Protocol

from hasim.errors import HasimError, nearest
from hasim.monitors.attack import only_authentic_messages
from hasim.monitors.exclusive import one_mounter, one_vip_holder
from hasim.monitors.fencing import fenced_before_takeover, no_write_by_fenced_node
from hasim.monitors.order import resources_in_order
from hasim.monitors.violation import Violation
from hasim.trace import Header, Record

__all__ = [
    "LIVENESS",
    "NODES_AGREE",
    "PROPERTIES",
    "QUIET",
    "SERVED_ONCE",
    "Monitor",
    "Property",
    "judge",
]


class Monitor(Protocol):
    """What watches one property."""

    def see(self, record: Record) -> None:
        """Take the next record."""

    def violations(self) -> list[Violation]:
        """Return what was seen so far; what lasts has no end yet."""


@dataclass(frozen=True, slots=True)
class Property:
    """A property by name: what it says, and what makes a monitor for it."""

    name: str
    sentence: str
    watch: Callable[[Header | None], Monitor]


#: Properties that are judged only at the instants that a scenario names (:mod:`hasim.run.audit`,
#: :mod:`hasim.run.settled`): what a fault is meant to do to a service is no violation.
SERVED_ONCE = "every-group-served-once"
NODES_AGREE = "nodes-agree"
QUIET = "no-endless-restart"

#: These by name, each with what it says.
LIVENESS: Mapping[str, str] = MappingProxyType(
    {
        SERVED_ONCE: "Every group is served by one node, whole.",
        NODES_AGREE: "Every node runs its daemon, and all believe what is true of each other.",
        QUIET: "Nothing restarts any more.",
    }
)

#: Every property that each run is judged by, by name: nothing bad happens, at any instant.
PROPERTIES: Mapping[str, Property] = MappingProxyType(
    {
        p.name: p
        for p in (
            Property(
                "at-most-one-mounter", "No two nodes mount a disk at the same time.", one_mounter
            ),
            Property(
                "at-most-one-vip-holder",
                "No two powered nodes have a service address up at the same time.",
                one_vip_holder,
            ),
            Property(
                "fenced-before-takeover",
                "Where a node can be fenced or has a watchdog, no other node starts a group on a "
                "disk that it still mounts.",
                fenced_before_takeover,
            ),
            Property(
                "no-write-by-fenced-node",
                "A node that a device says it has fenced mounts nothing until it has lost power.",
                no_write_by_fenced_node,
            ),
            Property(
                "only-authentic-messages",
                "Nothing follows from a packet that is forged or replayed.",
                only_authentic_messages,
            ),
            Property(
                "resources-in-order",
                "No resource starts on a node before all that stand before it in its group, none "
                "is stopped before all that stand behind it.",
                resources_in_order,
            ),
        )
    }
)


def judge(
    records: Iterable[Record],
    properties: Iterable[str] | None = None,
    header: Header | None = None,
) -> tuple[Violation, ...]:
    """Return every violation of some properties, or of all, in order of time.

    Parameters
    ----------
    records : iterable of Record
        Records in order.
    properties : iterable of str, optional
        Names of :data:`PROPERTIES`; all of them if not given.
    header : Header, optional
        What the trace was made of. Without it nothing is known of groups and of fencing: the
        properties that are about those then find nothing.

    Raises
    ------
    HasimError
        For a property that does not exist, with the nearest that does.
    """
    names = list(PROPERTIES if properties is None else dict.fromkeys(properties))
    for name in names:
        if name not in PROPERTIES:
            known = f"; there are {', '.join(PROPERTIES)}"
            raise HasimError(f"no property {name!r}{nearest(name, PROPERTIES) or known}")
    monitors = [PROPERTIES[name].watch(header) for name in names]
    for record in records:
        for monitor in monitors:
            monitor.see(record)
    found = [v for monitor in monitors for v in monitor.violations()]
    return tuple(sorted(found, key=lambda v: (v.at, v.property, v.evidence)))
