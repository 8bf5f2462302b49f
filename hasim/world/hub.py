"""What every thing of a world stands on: its data, its draws, its trace, and the other things."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from hasim.config import HaConfig, Haresources
from hasim.draws import Draws
from hasim.events import Event
from hasim.protocol import (
    Answer,
    Letter,
    Message,
    Request,
    RunHelper,
    RunScript,
    RunStonith,
    Silence,
)
from hasim.site import Latency, Site
from hasim.trace import Recorder, Source
from hasim.units import SECOND, Micros
from hasim.world.client_records import UNSAID, Birth, ClientState
from hasim.world.kernel import Kernel, Slot, Thing
from hasim.world.records import JobState, NodeState, WorldState
from hasim.world.topology import Topology

__all__ = ["Carrier", "Clients", "Fences", "Host", "Hub", "Jobs", "Lan", "Watchdog"]


class Host(Protocol):
    """A node's daemon as the rest of the world sees it."""

    state: NodeState

    def arrive(self, medium: int, message: Message) -> None:
        """A packet reaches the node's socket."""

    def echo(self, medium: int, message: Message) -> None:
        """The node hears what it has sent itself."""

    def fifo(self, now: Micros, letter: Letter) -> None:
        """A script writes to the FIFO."""

    def helper_exited(self, now: Micros, kind: str, origin: str) -> None:
        """A helper process has exited; its signal wakes the master."""

    def stonith_exited(self, now: Micros, peer: str, pid: int, code: int) -> None:
        """A child that worked the STONITH device has exited."""

    def signed_on(self, now: Micros, client: ClientState, name: str, kept: bool) -> None:
        """A client signs on, which wakes the master."""

    def request(self, now: Micros, request: Request) -> None:
        """A client asks for something."""

    def client_exited(
        self, now: Micros, command: str, pid: int, code: int | None, signal: int | None
    ) -> None:
        """A respawn client has ended."""

    def killed(self, now: Micros, role: str, cause: int) -> None:
        """SIGKILL for the master or for every process."""

    def stop(self, now: Micros, cause: int | None) -> None:
        """SIGTERM for the master."""

    def reload(self, now: Micros, cause: int | None, changed: bool = False) -> None:
        """SIGHUP for the master."""


class Carrier(Protocol):
    """The media as a sender sees them."""

    def emit(self, node: str, medium: int, message: Message, now: Micros) -> None:
        """Put a message on one medium of a node."""


class Jobs(Protocol):
    """Where a daemon's child processes come to life."""

    def run_script(
        self, node: NodeState, now: Micros, output: RunScript, cause: int | None
    ) -> None:
        """Fork a child that runs harc."""

    def run_helper(
        self, node: NodeState, now: Micros, output: RunHelper, cause: int | None
    ) -> None:
        """Fork a helper of the master."""

    def run_stonith(
        self, node: NodeState, now: Micros, output: RunStonith, cause: int | None
    ) -> None:
        """Fork a child that works the STONITH device."""

    def reboot(self, node: str, now: Micros, cause: int | None) -> None:
        """A node reboots at once."""


class Fences(Protocol):
    """The STONITH devices as a node's child sees them."""

    def request(self, now: Micros, job: JobState, victim: str) -> None:
        """Ask the node's device to reset a victim; the job is told what came of it."""

    def status(self, node: str) -> bool:
        """Tell whether the node's device answers."""


class Clients(Protocol):
    """The respawn clients as the daemon sees them."""

    def start(
        self,
        node: NodeState,
        now: Micros,
        command: str,
        late: bool,
        cause: int | None,
        birth: Birth = UNSAID,
    ) -> None:
        """Fork a client."""

    def refused(self, node: str, now: Micros, pid: int, cause: int | None) -> None:
        """The daemon refuses the sign-on of a process."""

    def stop(self, node: NodeState, now: Micros, command: str, cause: int | None) -> None:
        """Send SIGTERM to a client."""

    def tell(self, node: str, now: Micros, message: Message, cause: int | None) -> None:
        """Hand a message to every client of a node."""

    def answer(self, node: str, now: Micros, answer: Answer, cause: int | None) -> None:
        """Answer a client's request."""

    def daemon_gone(self, node: str) -> None:
        """The daemon has been killed: the channels are dead."""

    def killed(
        self, node: str, now: Micros, signal: int, cause: int | None, program: str = "ipfail"
    ) -> None:
        """A signal ends every process of a program on a node."""

    def touch(self, node: str) -> None:
        """A node has been hung or thawed."""

    def end_all(self, node: str) -> None:
        """A node has lost its power."""


class Lan(Protocol):
    """What outside clients see of service addresses."""

    def announce(self, now: Micros, node: str, address: str, nic: str, cause: int | None) -> None:
        """A node sends a gratuitous ARP for an address, written with its mask."""

    def changed(self, now: Micros, cause: int | None) -> None:
        """Something has changed: an address, a cable, a power supply."""


class Watchdog(Protocol):
    """A node's watchdog device as its daemon and its machine see it."""

    def open(self, now: Micros, limit_us: Micros, cause: int | None) -> bool:
        """Arm it; False where there is none."""

    def feed(self, now: Micros) -> None:
        """Let its time begin anew."""

    def close(self, now: Micros, magic: bool, cause: int | None) -> None:
        """The one who holds it lets it go, properly or not."""

    def gone(self) -> None:
        """The machine has lost its power."""


class Hub:
    """Shared services of one world; things hold the hub, never each other."""

    def __init__(
        self,
        configs: Mapping[str, HaConfig],
        haresources: Mapping[str, Haresources],
        site: Site,
        draws: Draws,
        state: WorldState,
        recorder: Recorder,
        tick_jitter_us: Micros,
    ) -> None:
        #: as each daemon reads it at its next start
        self.configs = dict(configs)
        self.haresources = haresources
        self.site = site
        self.draws = draws
        self.state = state
        self.recorder = recorder
        self.tick_jitter_us = tick_jitter_us
        self.kernel = Kernel(state.now)
        self.topology = Topology(site, state.topology)
        self.hosts: dict[str, Host] = {}
        self.watchdogs: dict[str, Watchdog] = {}
        self.slots: dict[int, Slot] = {}
        self.last_record: int | None = None
        #: record behind the end of a process, while a host is told of that end
        self.ended_by: int | None = None
        self.carrier: Carrier
        self.jobs: Jobs
        self.clients: Clients
        self.fences: Fences
        self.lan: Lan

    @property
    def dialect(self) -> str:
        """The version whose behaviour and wording is simulated."""
        return self.site.heartbeat

    # ---- things ---------------------------------------------------------------------------------

    def add(self, thing: Thing, order: str, entity: int) -> None:
        """Bring a thing to life."""
        self.slots[id(thing)] = self.kernel.add(thing, order, entity)

    def touch(self, thing: object) -> None:
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

    def time(self, name: str, latency: Latency) -> Micros:
        """Return a time of the site by its named draw, or as it is pinned."""
        pinned = self.draws.pinned(name)
        return latency.pick(self.draws.u64(name) >> 32) if pinned is None else pinned

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
        if peer is not None and peer.last_truth is not None and self._mute(node, silence, peer):
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

    def _mute(self, node: str, silence: Silence, peer: NodeState) -> bool:
        """Tell whether a node sends nothing, or something has happened to it since it was heard."""
        daemon, own = peer.daemon, self.state.nodes[node].daemon
        if daemon is None or daemon.stage != "running" or peer.hung or daemon.stopped:
            return True
        known = None if own is None or own.master is None else own.master.peers.get(peer.name)
        if known is None or peer.last_truth is None:
            return False
        heard = [k.stamp for k in known.links if silence.device in (None, k.device)]
        return self.recorder.records[peer.last_truth].at > max(heard, default=0)

    def _hosts_of(self, name: str) -> tuple[str, ...]:
        """Return the hosts behind a ping node of that name: itself, or the members of a group."""
        for config in self.configs.values():
            for medium in config.media:
                if medium.device == name and medium.kind.startswith("ping"):
                    return medium.hosts
        return ()
