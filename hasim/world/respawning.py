"""Starting clients: whom they run as, and a fork that takes long (semantics 6.7, 13)."""

from __future__ import annotations

from hasim.config import CRM_SIGNS_ON, HaConfig, crm_children, numbers_of, user_of
from hasim.events import DispatchLong
from hasim.protocol.api import client_name
from hasim.trace import Source
from hasim.units import MS, Micros
from hasim.world.client_records import Birth
from hasim.world.hub import Hub
from hasim.world.records import DaemonState, NodeState

__all__ = ["DISPATCH_MOST", "FORK_LONG", "birth_of", "complain", "fork_long"]

#: The dispatch of SIGCHLD that forks a client of a cluster manager, in 2.0.8: longer than the new
#: client needs to its sign-on (semantics 13; how long it was is not known).
FORK_LONG = (60 * MS, 150 * MS)
#: A dispatch that takes longer is complained about (semantics 4.8, 13).
DISPATCH_MOST: Micros = 10 * MS
_SIGCHLD = "SIGCHLD"
#: Where a source of the main loop lies in the daemon's memory.
_HEAP = (0x8080, 0x80FF)


def birth_of(config: HaConfig, command: str) -> Birth:
    """Return what ha.cf starts a command as."""
    user, program = user_of(config, command), client_name(command)
    signs_on = not config.manages and program in CRM_SIGNS_ON
    children = crm_children(program, config.crm, config.dialect)
    return Birth(user, *numbers_of(config, user), signs_on, children)


def fork_long(hub: Hub, node: NodeState, daemon: DaemonState, now: Micros, command: str) -> None:
    """Keep the master busy: it serves nothing before the fork is done."""
    program = client_name(command)
    name = f"{node.name}/{program}{node.counts[f'client {program}']}/fork"
    daemon.forking = now
    daemon.held = daemon.wake_at = now + hub.draws.between(name, *FORK_LONG)


def complain(hub: Hub, node: NodeState, daemon: DaemonState, now: Micros) -> None:
    """The fork is done: say how long it took."""
    assert daemon.forking is not None
    took, daemon.forking = now - daemon.forking, None
    page = hub.draws.between(f"{node.name}/boot{daemon.boot}/source {_SIGCHLD}", *_HEAP)
    long = DispatchLong(
        "G_SIG_dispatch", _SIGCHLD, took // MS, DISPATCH_MOST // MS, f"{page << 12:#x}"
    )
    hub.record(now, Source(node.name, "heartbeat", daemon.pid), long, daemon.forked)
