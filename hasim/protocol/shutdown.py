"""Stopping, restarting, reloading (semantics 6.1 to 6.5)."""

from __future__ import annotations

from hasim.events import (
    AuthReread,
    ConfigUnchanged,
    EmergencyTimeout,
    ShutdownDelayed,
    ShutdownInProgress,
    ShutdownUncommunicative,
    ShutdownUnderway,
)
from hasim.protocol.claims import word
from hasim.protocol.core import Core
from hasim.protocol.holding import send_held, stable
from hasim.protocol.outputs import Exit, KillChildren, RunHelper, StopClient
from hasim.protocol.watchdog import close_watchdog, tickle
from hasim.units import SECOND, Micros

__all__ = [
    "EMERGENCY",
    "RESTART_INFLATION",
    "STEP",
    "comm_is_up",
    "emergency",
    "end",
    "give_up",
    "given_up",
    "next_phase",
    "reload",
    "retry",
    "stop_next_client",
]

#: From the end of the release to the first step, and from the last client to the last step.
STEP: Micros = SECOND
EMERGENCY: Micros = 3600 * SECOND
#: How much longer a deadtime a node announces while it restarts (semantics 4.1).
RESTART_INFLATION: Micros = 30 * SECOND


def end(core: Core, now: Micros, how: str) -> None:
    """Begin to stop (`how` is ``stop``) or to restart; also on a second SIGTERM (semantics 6.1)."""
    s = core.state.shutdown
    if s.asked == "quick" and how == "restart":
        return  # it comes anew anyway, with what it holds
    if not s.asked or how == "stop":
        s.asked = how
    if core.state.comm != "up":
        core.tell(ShutdownUncommunicative())
        return
    core.send_status(now)
    give_up(core, now)
    if s.emergency_due is None:
        s.emergency_due = now + EMERGENCY
        core.stirred = True


def comm_is_up(core: Core, now: Micros) -> None:
    """A shutdown that was asked for before communication came up begins now.

    It has begun already where the death of the last peer let it, and communication came up by that.
    """
    s = core.state.shutdown
    if s.asked in ("stop", "restart") and not s.begun:
        end(core, now, s.asked)


def retry(core: Core, now: Micros) -> None:
    """Begin a shutdown that had to wait, if it may begin now (semantics 6.2)."""
    if core.state.shutdown.waits:
        give_up(core, now)


def give_up(core: Core, now: Micros) -> None:
    """Give all resources up, or wait until nothing is under way (semantics 6.2)."""
    s, r = core.state.shutdown, core.resources
    if not stable(core):
        if not s.waits:
            s.waits = True
            core.tell(ShutdownDelayed())
        return
    s.waits = False
    if s.begun:
        core.tell(ShutdownUnderway())
        return
    s.begun = True
    close_watchdog(core)
    if not core.config.manages:
        core.tell(ShutdownInProgress(core.setting.pid))
        given_up(core, now)  # nothing is held, and no shutdone is sent (semantics 13)
        return
    r.mine, r.rstate = 0, "SHUTDOWN"
    send_held(core, now, False, "shutdown")
    core.tell(ShutdownInProgress(core.setting.pid))
    core.run_helper(RunHelper("hb_giveup_resources"))


def given_up(core: Core, now: Micros) -> None:
    """All resources are given up: the clients are next (semantics 6.3)."""
    _plan(core, now, "clients")


def _plan(core: Core, now: Micros, phase: str) -> None:
    s = core.state.shutdown
    s.phase, s.phase_due = phase, now + STEP
    core.stirred = True


def next_phase(core: Core, now: Micros) -> None:
    """Take the step that is due."""
    state, s = core.state, core.state.shutdown
    s.phase_due = None
    if s.phase == "clients":
        core.send_status(now)
        stop_next_client(core, now)
        return
    tickle(core)
    core.out.append(KillChildren())
    keep = word(core.resources.mine) if s.asked == "quick" else "none"
    restart = {"stop": "", "restart": "exec", "quick": "quick"}[s.asked]
    core.out.append(Exit(restart, keep))
    state.status_due = state.msgfree_due = None


def stop_next_client(core: Core, now: Micros) -> None:
    """Stop the respawn clients in reverse order; then, a second later, the children (6.3).

    One that does not run is named as well; it does not hold up the next.
    """
    state = core.state
    for command, life in reversed(state.clients.items()):
        if not life.stopped:
            life.stopped = True
            core.out.append(StopClient(command))
        if life.running:
            return
    if state.shutdown.asked == "restart":
        state.deadtime = core.config.deadtime + RESTART_INFLATION
    core.send_status(now)
    _plan(core, now, "children")


def emergency(core: Core) -> None:
    """An hour has not been enough: everything is killed (semantics 6.1)."""
    core.tell(EmergencyTimeout())
    core.out += [KillChildren(), Exit()]


def reload(core: Core, now: Micros, changed: str) -> None:
    """SIGHUP: `changed` is ``config``, ``keys`` or empty (semantics 6.5)."""
    s = core.state.shutdown
    if changed == "config":
        if not s.asked:
            s.asked, s.phase = "quick", "clients"
            stop_next_client(core, now)
    else:
        core.tell(AuthReread() if changed == "keys" else ConfigUnchanged())
