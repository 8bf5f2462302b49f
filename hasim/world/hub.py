"""What every thing of a world stands on: its data, its draws, its trace, and the other things."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from hasim.config import HaConfig
from hasim.draws import Draws
from hasim.events import Event, RunEnded
from hasim.protocol import Message, Silence
from hasim.site import Site
from hasim.trace import Recorder, Source
from hasim.units import SECOND, Micros
from hasim.world.kernel import Kernel, Slot, Thing
from hasim.world.records import NodeState, WorldState
from hasim.world.topology import Topology

__all__ = ["Carrier", "Host", "Hub", "Jobs"]


class Host(Protocol):
    """A node's daemon as the rest of the world sees it."""

    state: NodeState

    def arrive(self, medium: int, message: Message) -> None:
        """A packet reaches the node's socket."""

    def echo(self, medium: int, message: Message) -> None:
        """The node hears what it has sent itself."""

    def helper_exited(self, now: Micros) -> None:
        """A helper process has exited; its signal wakes the master."""

    def client_signed_on(self, now: Micros, client: str) -> None:
        """A client has signed on, which wakes the master."""


class Carrier(Protocol):
    """The media as a sender sees them."""

    def emit(self, node: str, medium: int, message: Message, now: Micros) -> None:
        """Put a message on one medium of a node."""


class Jobs(Protocol):
    """Where a daemon's child processes come to life."""

    def run_script(self, node: NodeState, now: Micros, script: str, cause: int | None) -> None:
        """Fork a child that runs harc."""

    def start_client(self, node: NodeState, now: Micros, command: str, cause: int | None) -> None:
        """Fork a respawn client."""


class Hub:
    """Shared services of one world; things hold the hub, never each other."""

    def __init__(
        self,
        configs: Mapping[str, HaConfig],
        site: Site,
        draws: Draws,
        state: WorldState,
        recorder: Recorder,
        tick_jitter_us: Micros,
    ) -> None:
        self.configs = configs
        self.site = site
        self.draws = draws
        self.state = state
        self.recorder = recorder
        self.tick_jitter_us = tick_jitter_us
        self.kernel = Kernel(state.now)
        self.topology = Topology(site, state.topology)
        self.hosts: dict[str, Host] = {}
        self.slots: dict[int, Slot] = {}
        self.last_record: int | None = None
        self.carrier: Carrier
        self.jobs: Jobs

    @property
    def dialect(self) -> str:
        """The version whose behaviour and wording is simulated."""
        return self.site.heartbeat

    # ---- things ---------------------------------------------------------------------------------

    def add(self, thing: Thing, order: str, entity: int) -> None:
        """Bring a thing to life."""
        self.slots[id(thing)] = self.kernel.add(thing, order, entity)

    def touch(self, thing: Thing) -> None:
        """Let a thing's process look at its deadline again."""
        slot = self.slots.get(id(thing))
        if slot is not None:
            slot.touch()

    def remove(self, thing: Thing) -> None:
        """End a thing's process."""
        slot = self.slots.pop(id(thing), None)
        if slot is not None:
            slot.end()

    # ---- records --------------------------------------------------------------------------------

    def record(self, now: Micros, source: Source, event: Event, cause: int | None) -> int:
        """Append to the trace; return the number of the record."""
        self.last_record = self.recorder.emit(now, source, event, cause)
        return self.last_record

    def truth(self, now: Micros, event: Event, cause: int | None, node: str | None = None) -> int:
        """Record a physical fact."""
        return self.record(now, Source(node, "kernel", None), event, cause)

    def end(self, now: Micros, reason: str) -> None:
        """End the run here: what comes next is not simulated."""
        self.state.ended = reason
        self.truth(now, RunEnded(reason), self.last_record)
        self.kernel.stop()

    def wall_second(self, node: str, now: Micros) -> int:
        """Return the whole seconds since 1970 that a node's wall clock shows."""
        shift = self.state.nodes[node].clock.ahead(now)
        days = self.site.epoch_at.toordinal() - 719_163
        epoch = self.site.epoch_at
        seconds = days * 86_400 + epoch.hour * 3600 + epoch.minute * 60 + epoch.second
        return seconds + (now + shift) // SECOND

    def why_silent(self, node: str, silence: Silence) -> int | None:
        """Return the record of the latest physical cause that keeps a peer from being heard."""
        found: list[int] = []
        blocked: list[int] = []
        troubled: list[int] = []
        peer = self.state.nodes.get(silence.peer)
        if peer is not None and (peer.daemon is None or peer.hung) and peer.last_truth is not None:
            found.append(peer.last_truth)
        for nic in self.site.nodes[node].nics.values():
            end = f"{node}:{nic.name}"
            if silence.device in (None, nic.name) or silence.peer == silence.device:
                for other in self.topology.neighbours(end):
                    if other.partition(":")[0] == silence.peer or other in self._hosts_of(
                        silence.peer
                    ):
                        for one, two in ((other, end), (end, other)):
                            blocked += self.topology.blockers(one, two)
                            troubled += self.topology.troubles(one, two)
        # A cut explains a silence better than loss does.
        found += (self.state.causes[c] for c in blocked if c in self.state.causes)
        if not found:
            found += (self.state.causes[c] for c in troubled if c in self.state.causes)
        return max(found, default=None)

    def _hosts_of(self, name: str) -> tuple[str, ...]:
        """Return the hosts behind a ping node of that name: itself, or the members of a group."""
        for config in self.configs.values():
            for medium in config.media:
                if medium.device == name and medium.kind.startswith("ping"):
                    return medium.hosts
        return ()
