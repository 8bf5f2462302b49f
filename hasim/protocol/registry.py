"""Who is signed on with the daemon's API: sign-on, refusal, leaving, audit (semantics 13, 15.2).

A name is registered once.  The semantics leave open:

- what the daemon's word for a failed authorisation is: here :data:`UNAUTHORISED`;
- what it prints for the name in ``cannot add client(...)``: the excerpt of the founding document
  (2.0.7) has none there, which is taken for the older version, and the name for the newer;
- when the registration of a dead client goes.  Recorded is only ipfail's, which goes with the
  process.  Here that is so for all, but for two: a client of a cluster manager in 2.0.8 keeps it
  until the wake after the one that starts it anew (semantics 13), and one whose channel a child of
  its own holds open keeps it until the audit that comes every nine seconds.
"""

from __future__ import annotations

from hasim.config import may_sign_on
from hasim.events import (
    ClientAuditDied,
    ClientDuplicate,
    ClientUnaddable,
    ClientUnauthorised,
    Event,
)
from hasim.protocol import crm
from hasim.protocol.core import Core
from hasim.protocol.outputs import RefuseClient
from hasim.protocol.state import Registration
from hasim.units import Micros

__all__ = [
    "UNAUTHORISED",
    "Join",
    "audit",
    "hang_up",
    "leave",
    "owns",
    "process_ended",
    "sign_on",
]

UNAUTHORISED = "client failed authorization"

#: Name of the client, process, user (empty: not to be checked), does a child keep its channel,
#: record behind it.
Join = tuple[str, int, str, bool, int | None]


def sign_on(core: Core, now: Micros, join: Join) -> None:
    """Register a client and say so to the other nodes' clients of that name, or refuse it."""
    name, pid, user, kept, why = join
    state = core.state
    if user and not may_sign_on(core.config, name, user):
        _refuse(core, pid, why, ClientUnauthorised(name, pid, UNAUTHORISED))
        return
    if name in state.signed_on:
        shown = "" if core.setting.dialect.version == "2.0.8" else name
        _refuse(core, pid, why, ClientDuplicate(name, pid), ClientUnaddable(shown))
        return
    state.signed_on.append(name)
    state.registered[name] = Registration(pid, kept)
    _tell_peers(core, now, name, "join", "signon")


def _refuse(core: Core, pid: int, why: int | None, *said: Event) -> None:
    core.why = why
    for event in said:
        core.tell(event)
    core.why = None
    core.out.append(RefuseClient(pid))


def _tell_peers(core: Core, now: Micros, client: str, status: str, info: str) -> None:
    body = (("st", status), ("from_id", client), ("to_id", client), ("info", info))
    core.send(now, "hbapi-clstat", body=body)


def leave(core: Core, now: Micros, name: str, info: str) -> None:
    """Remove a registration, if there is one."""
    if name in core.state.signed_on:
        core.state.signed_on.remove(name)
        core.state.registered.pop(name, None)
        _tell_peers(core, now, name, "leave", info)


def owns(core: Core, name: str, pid: int) -> bool:
    """Tell whether the registration of that name is that of this process."""
    found = core.state.registered.get(name)
    return found is not None and found.pid in (0, pid)


def process_ended(core: Core, now: Micros, command: str, name: str, pid: int) -> None:
    """The process of a client has ended: its registration goes now, soon, or by the audit."""
    if not owns(core, name, pid):
        return
    registration = core.state.registered[name]
    if core.state.shutdown.asked:
        leave(core, now, name, "died")
    elif registration.kept:
        registration.dead = True
    elif crm.hasty(core, command):
        core.state.hangups.append(name)
    else:
        leave(core, now, name, "died")


def hang_up(core: Core, now: Micros, names: list[str]) -> None:
    """The loop comes to channels that were found closed before this wake."""
    for name in names:
        leave(core, now, name, "died")


def audit(core: Core, now: Micros) -> None:
    """Look for clients whose process is no more, every nine seconds."""
    for name, registration in [*core.state.registered.items()]:
        if registration.dead:
            core.tell(ClientAuditDied(registration.pid))
            leave(core, now, name, "died")
