"""Handing resources over on request: the standby protocol (semantics 7)."""

from __future__ import annotations

from hasim.events import (
    StandbyAcquire,
    StandbyAcquired,
    StandbyAsk,
    StandbyBusy,
    StandbyCan,
    StandbyError,
    StandbyIgnored,
    StandbyOtherDone,
    StandbyReleased,
    StandbyTimeout,
    StandbyUnsupported,
)
from hasim.protocol import shutdown
from hasim.protocol.claims import STANDBY, bits, turned
from hasim.protocol.core import Core
from hasim.protocol.holding import announce, send_held
from hasim.protocol.messages import Message
from hasim.protocol.outputs import RunHelper
from hasim.units import SECOND, Micros

__all__ = ["REPLY_WITHIN", "WORK_WITHIN", "ask", "check_deadline", "go"]

#: How long the asker waits for an answer, and each side for the other's scripts (semantics 7.2).
REPLY_WITHIN: Micros = 10 * SECOND
WORK_WITHIN: Micros = 3600 * SECOND


def check_deadline(core: Core, now: Micros) -> bool:
    """Cancel a standby whose deadline has passed; looked at with every message (semantics 7.3).

    Tell whether that is so: a shutdown may have waited for it.
    """
    r = core.resources
    if r.standby_until is None or now <= r.standby_until:
        return False
    r.standby, r.standby_until, r.other_stable = "NOT", None, True
    outer, core.context = core.context, None
    core.tell(StandbyTimeout())
    core.context = outer
    return True


def ask(core: Core, now: Micros, message: Message) -> None:
    """Process an ``ask_resources`` message (semantics 7.2)."""
    r = core.resources
    asked, info, origin = message.get("rsc_hold"), message.get("info"), message.origin
    own = origin == core.state.name
    if not core.nice:
        core.tell(StandbyUnsupported())
        return
    if r.rstate == "SHUTDOWN":
        return
    if info == "me" and r.standby_until is not None:
        left = -((now - r.standby_until) // SECOND)
        core.tell(StandbyBusy(origin, left))
        return
    match r.standby, info, own:
        case "NOT", _, _ if not r.other_stable:
            core.tell(StandbyIgnored(info, origin, "Other side is"))
        case "NOT", _, _ if r.rstate != "STABLE":
            core.tell(StandbyIgnored(info, origin, "local resources"))
        case "NOT", "me", True:
            r.other_stable, r.standby_set = False, asked
            core.tell(StandbyAsk(origin, asked))
            r.standby, r.standby_until = "ME", now + REPLY_WITHIN
        case "NOT", "me", False:
            r.other_stable, r.standby_set = False, asked
            core.tell(StandbyAsk(origin, asked))
            r.standby, r.standby_until = "OTHER", now + WORK_WITHIN
            core.send(now, "ask_resources", body=(("rsc_hold", asked), ("info", "other")))
        case "ME", "other", False:
            r.standby_until = now + WORK_WITHIN
            core.tell(StandbyCan(origin, asked))
            go(core, now, giving=True, of=asked, said=asked)
        case "ME", "done", True:
            core.tell(StandbyReleased(asked))
            r.standby, r.standby_until = "DONE", now + WORK_WITHIN
            r.mine &= ~bits(asked)
        case "OTHER", "done", False:
            core.tell(StandbyAcquire(asked, origin))
            r.standby, r.standby_until = "DONE", now + WORK_WITHIN
            go(core, now, giving=False, of=asked, said=asked)
        case "OTHER", "other", True:
            pass  # the own answer, heard back
        case "DONE", "done", _:
            _finish(core, now, asked, own)
        case _:
            core.tell(StandbyError(info, origin, STANDBY.index(r.standby)))
    shutdown.retry(core, now)


def _finish(core: Core, now: Micros, asked: str, own: bool) -> None:
    r = core.resources
    r.standby, r.standby_until = "NOT", None
    if own:
        core.tell(StandbyAcquired(asked))
        if core.config.auto_failback == "on":
            r.local_done = True
            announce(core, "auto_failback")
        r.mine |= bits(turned(asked))
    else:
        core.tell(StandbyOtherDone(asked))
    send_held(core, now, True)


def go(core: Core, now: Micros, *, giving: bool, of: str, said: str) -> None:
    """Fork the helper that releases or acquires the set `of`, as the giver names it.

    The giver drops its claim before the first script runs (semantics 6.3, 7.2).  `said` is the set
    that the helper will name when it is done.
    """
    r = core.resources
    if giving:
        r.other_stable = False
        r.mine &= ~bits(of)
        send_held(core, now, False, "standby")
        core.run_helper(RunHelper("go_standby", "give up", of, said))
    else:
        core.run_helper(RunHelper("go_standby", "acquire", turned(of), said))
