"""Complaints of the main loop about timers that were served late (semantics 4.8)."""

from __future__ import annotations

from hasim.events import DispatchLate, DispatchLateNote
from hasim.protocol.core import Core
from hasim.units import MS, Micros

__all__ = ["AUDIT", "MSGFREE", "SIGNALS", "STATUS", "complain"]

STATUS, SIGNALS = "send local status", "check for signals"
MSGFREE, AUDIT = "update msgfree count", "client audit"
_TICK: Micros = 10 * MS
_SOURCE = "Gmain_timeout_dispatch"
#: Where each timer lies in memory: of no meaning, and another in every life of the real daemon.
_ADDRESSES = {
    STATUS: "0x5581c0a414a0",
    SIGNALS: "0x5581c0a416e0",
    MSGFREE: "0x5581c0a419f0",
    AUDIT: "0x5581c0a41c30",
}


def _limit(core: Core, what: str) -> Micros:
    """Return how late a timer may be served without a word."""
    match what:
        case "update msgfree count":
            return core.config.deadtime
        case "client audit":
            return 5000 * MS
        case _:
            return 10 * MS + core.config.keepalive // 2


def complain(core: Core, now: Micros, what: str, due: Micros) -> None:
    """Say that a timer comes late, if it comes later than its limit.

    Both instants are shown as ticks of the daemon's clock.
    """
    reading = core.setting.reading
    delay = reading(now) - reading(due)
    limit = _limit(core, what)
    if delay > limit:
        core.tell(DispatchLate(_SOURCE, what, delay // MS, limit // MS, _ADDRESSES[what]))
        core.tell(DispatchLateNote(_SOURCE, reading(now) // _TICK, reading(due) // _TICK))
