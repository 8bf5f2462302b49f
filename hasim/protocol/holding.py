"""What a node claims to hold: telling it, and whether anything is under way (semantics 5.4)."""

from __future__ import annotations

from hasim.events import InitialAcquisition
from hasim.protocol.claims import word
from hasim.protocol.core import Core
from hasim.units import Micros

__all__ = ["announce", "send_held", "stable"]


def stable(core: Core) -> bool:
    """Tell whether nothing is under way, here or on the other node as far as known (5.4)."""
    r, state = core.resources, core.state
    if state.shutdown.asked and r.rstate == "INIT":
        return True
    return (
        r.other_stable
        and not r.takeover
        and r.standby == "NOT"
        and r.standby_until is None
        and state.helpers == 0
        and r.rstate in ("STABLE", "SHUTDOWN", "INIT")
    )


def send_held(core: Core, now: Micros, stable: bool, info: str = "") -> None:
    """Tell the other node, and oneself, what this node claims (semantics 5.4)."""
    body = [
        ("rsc_hold", word(core.resources.mine)),
        ("rtype", "full"),
        ("isstable", "1" if stable else "0"),
    ]
    if info:
        body.append(("info", info))
    core.send(now, "resource", body=tuple(body))


def announce(core: Core, reason: str) -> None:
    """Say once in the life of the process that the first acquisition is complete."""
    r = core.resources
    if r.local_done and r.foreign_done and not r.announced:
        r.announced = True
        core.tell(InitialAcquisition(reason))
