"""Every packet in the trace, for runs that ask for it: who puts it on a medium, whom it reaches.

A world that records packets has these two in the place of their plain parents.  They do the same
and draw the same; only records are added, and the tag of a message is the record of its latest
step, so that what a node says because of a packet leads back over its arrival and its departure.
"""

from __future__ import annotations

from hasim.events import Event, PacketReceived, PacketSent
from hasim.protocol import Message
from hasim.trace import Source
from hasim.units import Micros
from hasim.world.daemon import DaemonThing
from hasim.world.records import DaemonState
from hasim.world.wire import Wires

__all__ = ["RecordedDaemon", "RecordedWires"]


class RecordedWires(Wires):
    """Media that record each packet put on them.

    One record per packet and medium, whether anybody is there to hear it or not; an echo request
    counts as a packet ``NS_st`` of the node that sends it, to a group of ping nodes as one.
    """

    def emit(self, node: str, medium: int, message: Message, now: Micros) -> None:
        """Put a message on one medium of a node, and record it."""
        ping = (node, medium) in self.pings
        if ping and message.type != "status":
            return
        daemon = self.hub.state.nodes[node].daemon
        assert daemon is not None
        sent = PacketSent(
            node,
            "NS_st" if ping else message.type,
            message.generation,
            None if ping else message.seqno or None,
            self.hub.configs[node].media[medium].device,
        )
        # Not the world's latest record: packets come and go between a fact and what follows it.
        source = Source(node, "heartbeat", daemon.pid)
        seq = self.hub.recorder.emit(now, source, sent, message.tag)
        super().emit(node, medium, message._replace(tag=seq), now)


class RecordedDaemon(DaemonThing):
    """A daemon whose sockets record each copy that reaches them."""

    __slots__ = ()

    def arrive(self, medium: int, message: Message) -> None:
        """A packet reaches this node's socket; one that finds no socket is lost."""
        daemon = self.state.daemon
        if daemon is not None and daemon.readers:
            super().arrive(medium, self._recorded(daemon, medium, message))

    def echo(self, medium: int, message: Message) -> None:
        """A medium that loops back has heard this node itself."""
        daemon = self.state.daemon
        if daemon is not None and daemon.readers:
            super().echo(medium, self._recorded(daemon, medium, message))

    def _recorded(self, daemon: DaemonState, medium: int, message: Message) -> Message:
        device = self.hub.configs[self.state.name].media[medium].device
        source = Source(self.state.name, "heartbeat", daemon.pid)
        event: Event = PacketReceived(
            message.origin,
            message.type,
            message.generation,
            message.seqno or None,
            device,
            message.sent_at,
        )
        seq = self.hub.recorder.emit(self.hub.kernel.now, source, event, message.tag)
        return message._replace(tag=seq)

    def _read(
        self, now: Micros, source: Source, medium: str, why: Message, read: dict[int, int]
    ) -> int | None:
        """Return the record of a packet's arrival, which its tag is."""
        return why.tag
