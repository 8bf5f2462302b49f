"""The STONITH device as the master uses it: checks, resets, retries (semantics 9)."""

from __future__ import annotations

from hasim.events import ChildExited, FenceRetry, FenceStatusFailed, FenceStatusNote
from hasim.protocol import resources
from hasim.protocol.core import Core
from hasim.protocol.state import FenceDue
from hasim.units import SECOND, Micros

__all__ = ["CHECK_PERIOD", "RETRY_AFTER", "check", "child_ended", "due", "next_due"]

#: A reset that failed is tried again so long after its child has exited, for ever (semantics 9).
RETRY_AFTER: Micros = 5 * SECOND
#: The device is checked again so long after a check has ended.
CHECK_PERIOD: Micros = 3600 * SECOND


def check(core: Core) -> None:
    """Let a child ask the device for its status, where there is one (at comm-up, and hourly)."""
    if core.config.stonith is not None:
        core.run_stonith()


def next_due(core: Core) -> Micros | None:
    """Return when the next retry or check is due."""
    state = core.state.fencing
    dues = [r.due for r in state.retries]
    if state.check_due is not None:
        dues.append(state.check_due)
    return min(dues, default=None)


def due(core: Core, now: Micros) -> None:
    """Do what is due.

    Whether the node has come back meanwhile is not looked at: it is reset all the same.
    """
    state = core.state.fencing
    ready = [r for r in state.retries if r.due <= now]
    if ready:
        state.retries = [r for r in state.retries if r.due > now]
        for retry in ready:
            core.run_stonith(retry.peer)
    if state.check_due is not None and state.check_due <= now:
        state.check_due = None
        core.run_stonith()


def child_ended(core: Core, now: Micros, peer: str, pid: int, code: int) -> None:
    """A child has exited: take over from the node it has reset, or try again.

    Parameters
    ----------
    peer : str
        The node that was to be reset; empty for a check of the device.
    code : int
        0 for success; 100 where the device does not know the node, else 1.
    """
    if not core.state.shutdown.asked:
        core.tell(ChildExited(f"STONITH {peer}" if peer else "STONITH-stat", pid, code))
    if not peer:
        _checked(core, now, code)
    elif code == 0:
        resources.take_over(core, now, peer)
        core.state.peers[peer].heard = True
    else:
        core.tell(FenceRetry(peer))
        core.state.fencing.retries.append(FenceDue(now + RETRY_AFTER, peer))
    core.stirred = True


def _checked(core: Core, now: Micros, code: int) -> None:
    if code:
        core.tell(FenceStatusFailed())
        core.tell(FenceStatusNote())
    core.state.fencing.check_due = now + CHECK_PERIOD
