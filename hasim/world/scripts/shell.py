"""A process that takes a step: what it may say, do and put off."""

from __future__ import annotations

from typing import Protocol

from hasim import events as ev
from hasim.config import Haresources
from hasim.events import Event
from hasim.protocol import Letter
from hasim.trace import Source
from hasim.units import Micros
from hasim.world.boot import take_pids
from hasim.world.hub import Hub
from hasim.world.records import JobState, NodeState, Step

__all__ = ["Owner", "Shell", "Steps", "later", "line"]


#: Steps of a process, in order.
Steps = list[tuple[Step, ...]]


class Owner(Protocol):
    """Where processes live."""

    hub: Hub

    def fork(
        self, node: NodeState, now: Micros, kind: str, todo: Steps, cause: int | None
    ) -> JobState:
        """Bring a process to life whose numbers are counted by its kind."""

    def wake(self, job: JobState, now: Micros) -> None:
        """Let a process that waits go on."""

    def helpers_killed(self, node: str) -> None:
        """Every process called heartbeat is killed, forked helpers too."""

    def end_kind(self, node: str, kind: str, origin: str) -> None:
        """End the processes of a kind and origin."""

    def daemon_forked(self, node: str) -> None:
        """The init script has started the daemon: its next instant has changed."""

    def reboot(self, node: str, now: Micros, cause: int | None) -> None:
        """A node reboots at once, without stopping anything."""


def line(key: str, program: str, event: Event) -> tuple[Step, ...]:
    """Return the step that writes a line of a program after a gap of this kind."""
    values: list[Step] = [getattr(event, name) for name in ev.field_types(type(event))]
    return ("line", key, program, type(event).__name__, *values)


def later(key: str, act: str, *args: Step) -> tuple[Step, ...]:
    """Return the step that acts after a gap of this kind, without showing anything itself."""
    return ("pause", key, act, *args)


class Shell:
    """One step of one process at one instant."""

    __slots__ = ("hub", "job", "node", "now", "owner")

    def __init__(self, owner: Owner, job: JobState, now: Micros) -> None:
        self.owner = owner
        self.hub = owner.hub
        self.job = job
        self.node: NodeState = owner.hub.state.nodes[job.node]
        self.now = now

    @property
    def groups(self) -> Haresources:
        """The resource groups as this node has them."""
        return self.hub.haresources.get(self.node.name, Haresources(()))

    @property
    def legacy(self) -> bool:
        """Whether the node has auto_failback legacy, and with it no nice_failback."""
        return self.hub.configs[self.node.name].auto_failback == "legacy"

    def say(self, program: str, event: Event, pid: int | None = None) -> None:
        """Write a line; what follows is caused by it."""
        source = Source(self.node.name, program, self.job.pid if pid is None else pid)
        self.job.cause = self.hub.record(self.now, source, event, self.job.cause)

    def truth(self, event: Event, pid: int | None = None) -> int:
        """Record a physical fact that the process brings about."""
        source = Source(self.node.name, "kernel", pid)
        self.job.cause = self.hub.record(self.now, source, event, self.job.cause)
        return self.job.cause

    def push(self, *steps: tuple[Step, ...]) -> None:
        """Take these steps next, before what was still to come."""
        self.job.todo[:0] = steps

    def fork(self, kind: str, todo: Steps, wait: bool = True) -> None:
        """Fork a child; its first gap counts from this process's last point.  Wait for its end."""
        job = self.job
        child = self.owner.fork(self.node, self.now, kind, todo, job.cause)
        child.point_at = child.mark_at = job.mark_at
        if wait:
            child.parent, job.awaited = job.number, child.number
        self.owner.wake(child, self.now)

    def leave(self, kind: str, origin: str, todo: Steps) -> None:
        """Leave a process of its own in the background, known by its origin."""
        child = self.owner.fork(self.node, self.now, kind, todo, self.job.cause)
        child.origin = origin
        self.owner.wake(child, self.now)

    def write(self, type_: str, *, dest: str | None = None, status: str | None = None,
              body: tuple[tuple[str, str], ...] = ()) -> None:  # fmt: skip
        """Write a message to the FIFO of the node's daemon."""
        letter = Letter(type_, dest, status, body, self.job.cause)
        self.hub.hosts[self.node.name].fifo(self.now, letter)

    def pids(self, count: int) -> int:
        """Return the first of so many fresh process numbers."""
        return take_pids(self.node, count)
