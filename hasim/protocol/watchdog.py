"""The master's side of its watchdog: open, tickle, close (semantics 10)."""

from __future__ import annotations

from hasim.protocol.core import Core
from hasim.protocol.outputs import CloseWatchdog, OpenWatchdog, Tickle
from hasim.units import MS, SECOND, Micros

__all__ = ["close_watchdog", "open_watchdog", "tickle", "watchdog_limit"]

#: How much longer than the deadtime the watchdog waits at least.
_MARGIN: Micros = 10 * MS


def watchdog_limit(deadtime: Micros) -> Micros:
    """Return the time of a watchdog: the deadtime and 10 ms, in whole seconds, rounded up."""
    return -(-(deadtime + _MARGIN) // SECOND) * SECOND


def open_watchdog(core: Core) -> None:
    """Open it at the start, with the node's own deadtime."""
    device = core.config.watchdog
    if device is not None:
        core.out.append(OpenWatchdog(device, watchdog_limit(core.config.deadtime)))


def tickle(core: Core) -> None:
    """Feed it: an own status has been read, or the last phase of a shutdown begins."""
    if core.config.watchdog is not None:
        core.out.append(Tickle())


def close_watchdog(core: Core) -> None:
    """Close it properly, before any resource is stopped: long stops are not guarded."""
    if core.config.watchdog is not None:
        why = core.why if core.context is None else core.context
        core.out.append(CloseWatchdog(why, core.medium))
