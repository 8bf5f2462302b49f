"""Children of the daemon that are killed, stopped, continued one by one (semantics 6.6)."""

from __future__ import annotations

from hasim import events as ev
from hasim.events import Event
from hasim.units import SECOND, Micros
from hasim.world import boot
from hasim.world.hub import Hub
from hasim.world.records import ChildState, DaemonState, NodeState

__all__ = ["NEVER", "killed", "set_going"]

#: When a child begins to work that never will.
NEVER: Micros = 1 << 62
_SIGKILL = 9
_NAMES = {"fifo": "HBFIFO", "read": "HBREAD", "write": "HBWRITE"}


def _medium(hub: Hub, node: NodeState, device: str) -> int:
    """Return the first medium of a device."""
    devices = [medium.device for medium in hub.configs[node.name].media]
    return devices.index(device)


def set_going(
    hub: Hub, node: NodeState, daemon: DaemonState, role: str, device: str, going: bool, now: Micros
) -> None:
    """Stop an I/O child (SIGSTOP), or let it go on (SIGCONT).

    What reaches the socket of a stopped reader, or is handed to a stopped writer, waits.
    """
    children = daemon.readers if role == "read" else daemon.writers
    child = children[_medium(hub, node, device)]
    if not child.gone:
        child.ready = False
        child.ready_at = now if going else NEVER


def killed(
    hub: Hub, node: NodeState, daemon: DaemonState, role: str, device: str, signal: int, now: Micros
) -> bool:
    """A child has died of a signal, and its master hears of it at once.

    Version 3.0.6 starts a child of the FIFO anew, and both children of a medium; 2.0.8 restarts
    as a whole.  New children run the race of a start again (semantics 2.1).

    Returns
    -------
    bool
        The daemon has to restart.
    """
    name = _NAMES[role]
    pid = daemon.fifo_pid
    if role != "fifo":
        medium = _medium(hub, node, device)
        child = (daemon.readers if role == "read" else daemon.writers)[medium]
        if child.gone:
            return False
        pid = child.pid
    exited = ev.ProcessExited(node.name, name, pid, None, signal)
    daemon.cause = node.last_truth = hub.truth(now, exited, daemon.cause, node.name)
    lines: list[Event] = [ev.ChildKilled(name, pid, signal)]
    if hub.dialect == "2.0.8":
        boot.say(hub, node, now, daemon.pid, [*lines, ev.CoreProcessDied()])
        if role != "fifo":
            _gone(child)
        return True
    if role == "fifo":
        daemon.fifo_pid = boot.take_pids(node, 1)
        lines.append(ev.FifoRestart())
    else:
        lines += _reopened(hub, node, daemon, role, medium, now)
    boot.say(hub, node, now, daemon.pid, lines)
    return False


def _gone(child: ChildState) -> None:
    child.ready, child.ready_at, child.gone = False, NEVER, True


def _reopened(
    hub: Hub, node: NodeState, daemon: DaemonState, role: str, medium: int, now: Micros
) -> list[Event]:
    """Kill the other child of a medium, open it again and fork both anew (recorded order)."""
    twin = (daemon.writers if role == "read" else daemon.readers)[medium]
    opened = boot.opened(hub.configs[node.name].media[medium], hub.dialect)
    other = "write" if role == "read" else "read"
    lines: list[Event] = [
        ev.CommRestart(_NAMES[role], medium),
        *(event for event in opened if isinstance(event, ev.MediumClosed)),
        ev.ChildKilled(_NAMES[other], twin.pid, _SIGKILL),
        ev.CommBothDied(medium),
        *opened,
        ev.CommRestarted(),
    ]
    daemon.sockets[medium] = []  # what nobody has read is lost with the old socket
    device = hub.configs[node.name].media[medium].device
    counted = f"io-again {device}"
    number = node.counts[counted] = node.counts.get(counted, 0) + 1
    name = f"{node.name}/boot{daemon.boot}/io-again{number}"
    late = hub.site.daemon.io_late_per_mille * 1000
    for child in (daemon.writers[medium], daemon.readers[medium]):
        child.pid = boot.take_pids(node, 1)
        wait = hub.draws.chance(f"{name}/{child.role} {device}", late)
        child.ready = False
        child.ready_at = now + (SECOND + boot.RACE_LAG if wait else 0)
    return lines
