"""Between the wires and a daemon's master: I/O children, sockets, echoes, and what wakes it."""

from __future__ import annotations

from hasim.protocol import Message
from hasim.units import Micros
from hasim.world import children
from hasim.world.acting import Acting
from hasim.world.records import ChildState, DaemonState

__all__ = ["Sockets"]


class Sockets(Acting):
    """The daemon of a node as far as packets reach its master."""

    __slots__ = ("ring",)

    #: serial media of the node where there are several, else none: they make a ring
    ring: tuple[int, ...]

    def _start_children(self, daemon: DaemonState, now: Micros) -> None:
        """Let the I/O children whose time has come begin to work."""
        for medium in range(len(daemon.writers)):
            self._start_children_of(daemon, medium, now)
        everybody: list[ChildState] = [*daemon.writers, *daemon.readers]
        due = (c.ready_at for c in everybody if not c.ready and c.ready_at < children.NEVER)
        daemon.stage_due = min(due, default=None)

    def _start_children_of(self, daemon: DaemonState, medium: int, now: Micros) -> None:
        writer, reader = daemon.writers[medium], daemon.readers[medium]
        if not writer.ready and writer.ready_at <= now:
            writer.ready = True
            unsent, daemon.unsent[medium] = daemon.unsent[medium], []
            for message in unsent:
                self.hub.carrier.emit(self.state.name, medium, message, now)
        if not reader.ready and reader.ready_at <= now:
            reader.ready = True
            self._empty_socket(daemon, medium)

    def _empty_socket(self, daemon: DaemonState, medium: int) -> None:
        """Hand over to the master what waited in the kernel."""
        waiting, daemon.sockets[medium] = daemon.sockets[medium], []
        if self.machine is not None:
            for message in waiting:
                self.machine.deliver(medium, message)

    def arrive(self, medium: int, message: Message) -> None:
        """A packet reaches this node's socket; a running read child hands it on at once."""
        daemon = self.state.daemon
        if daemon is None or not daemon.readers:
            return
        still = self.state.hung or daemon.stopped or daemon.scans_at is not None
        if still or self.machine is None or not daemon.readers[medium].ready:
            daemon.sockets[medium].append(message)
        else:
            self.machine.state.inboxes[medium].append(message)
            if self.ring and medium in self.ring:
                self._forward(medium, message)

    def _forward(self, medium: int, message: Message) -> None:
        """Pass on what came in on a serial port to the other ones (semantics 1.2, 3.1).

        The read child does that at once, with what is not this node's own and has hops left: at
        first as many as there are nodes, and hopfudge.
        """
        name = self.state.name
        config = self.hub.configs[name]
        left = message.ttl or len(config.nodes) + config.hopfudge
        if message.origin == name or left <= 1:
            return
        for other in self.ring:
            if other != medium:
                onward = message._replace(ttl=left - 1)
                self.hub.carrier.emit(name, other, onward, self.hub.kernel.now)

    def echo(self, medium: int, message: Message) -> None:
        """A medium that loops back has heard this node itself; the read child brings it in."""
        daemon = self.state.daemon
        if daemon is not None and daemon.readers:
            daemon.echoes.append((medium, message))

    def _hear_echoes(self, daemon: DaemonState) -> None:
        """Hand over what the node has heard of itself."""
        echoes, daemon.echoes = daemon.echoes, []
        for medium, message in echoes:
            Sockets.arrive(self, medium, message)

    def _wake(self, now: Micros) -> None:
        daemon = self.state.daemon
        if daemon is not None and daemon.stage == "running":
            daemon.wake_at = now
            self.hub.touch(self)
