"""The end of a daemon: children are killed, then it exits or begins anew (semantics 6.3, 6.4)."""

from __future__ import annotations

from hasim import events as ev
from hasim.events import Event
from hasim.units import MS, SECOND, Micros
from hasim.world import boot
from hasim.world.hub import Hub
from hasim.world.records import DaemonState, NodeState

__all__ = ["CHILDREN_GONE", "exited", "kill_children", "rest_of", "say_restart"]

#: From the killing lines to the last exit of a child, 5 % / 50 % / 95 % (recorded).
CHILDREN_GONE = (1 * MS, 5 * MS, 20 * MS)
_SIGTERM = 15
#: The children stand in a table of so many slots by process number, read from its end: the order
#: of 164 of 193 recorded stops (semantics 6.3).
_SLOTS = 131


def kill_children(hub: Hub, node: NodeState, daemon: DaemonState, now: Micros) -> None:
    """Tell every child to end; they go one by one."""
    children = {daemon.fifo_pid: "HBFIFO"}
    children |= {c.pid: "HBWRITE" for c in daemon.writers if not c.gone}
    children |= {c.pid: "HBREAD" for c in daemon.readers if not c.gone}
    order = sorted(children, key=lambda pid: -(pid % _SLOTS))
    lines: list[Event] = [ev.CoreKilling(children[pid], pid, _SIGTERM) for pid in order]
    boot.say(hub, node, now, daemon.pid, lines)
    name = f"{node.name}/boot{daemon.boot}"
    first = hub.draws.below(f"{name}/first-exit", len(order))
    daemon.core = order[first:] + order[:first]
    daemon.stage, daemon.wake_at = "ending", None
    daemon.stage_due = now + hub.draws.spread(f"{name}/children-gone", *CHILDREN_GONE)


def exited(hub: Hub, node: NodeState, daemon: DaemonState, now: Micros) -> None:
    """The last child has gone: the master says so and ends."""
    left = len(daemon.core)
    lines: list[Event] = [ev.CoreExited(pid, left - i) for i, pid in enumerate(daemon.core)]
    boot.say(hub, node, now, daemon.pid, [*lines, ev.ShutdownComplete(node.name)])
    gone = ev.DaemonExited(node.name, daemon.pid, "restarted" if daemon.then else "stopped")
    daemon.cause = node.last_truth = hub.truth(now, gone, daemon.cause, node.name)
    daemon.core = []


def say_restart(hub: Hub, node: NodeState, daemon: DaemonState, now: Micros) -> None:
    """Print what a restart says before it begins anew (semantics 6.4, 6.5)."""
    lines: list[Event] = [ev.RestartTriggered(), ev.Restarting()]
    if daemon.then == "quick":
        lines.append(ev.RestartResources(daemon.keep or "none"))
    boot.say(hub, node, now, daemon.pid, [*lines, ev.RestartExec()])


def rest_of(hub: Hub, node: NodeState, daemon: DaemonState) -> Micros:
    """Return how long a restart sleeps before it begins anew (semantics 6.4)."""
    if daemon.then == "quick":
        return 0
    return (-(-hub.configs[node.name].deadtime // SECOND) + 1) * SECOND
