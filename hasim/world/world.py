"""A world: configurations on hardware, under a schedule of faults, from one seed."""

from __future__ import annotations

import copy
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from hasim.config import HaConfig, Haresources
from hasim.draws import Draws, TypicalDraws
from hasim.events import PacketReceived, PacketSent
from hasim.site import Site
from hasim.trace import Recorder, RecorderState
from hasim.units import MS, Micros
from hasim.world.clients import Clients
from hasim.world.daemon import DaemonThing
from hasim.world.fencing import Fences
from hasim.world.hub import Hub
from hasim.world.jobs import Processes
from hasim.world.lan import Lan
from hasim.world.machine import MachineThing
from hasim.world.packets import RecordedDaemon, RecordedWires
from hasim.world.player import PlayerThing
from hasim.world.power import Power
from hasim.world.records import (
    Action,
    ClockState,
    DiskState,
    MediumState,
    NodeState,
    Storage,
    WorldState,
)
from hasim.world.softdog import WatchdogThing
from hasim.world.topology import Topology
from hasim.world.wire import Wires

__all__ = ["TICK_JITTER", "Snapshot", "World"]

#: A reading of the tick counter is late by up to so much (semantics 2.2; recordings: the phase of
#: a wake creeps through part of a tick and falls back).
TICK_JITTER: Micros = 3 * MS
_PACKETS = (PacketReceived, PacketSent)


@dataclass(frozen=True)
class Snapshot:
    """A world at rest between two instants, as plain comparable data.

    Two snapshots are equal iff their worlds have the same past and will have the same future.
    """

    state: WorldState
    recorder: RecorderState
    seed: int
    pins: dict[str, int]
    typical: bool
    configs: dict[str, HaConfig]
    haresources: dict[str, Haresources]
    site: Site
    packets: bool = False


class World:
    """Everything of one run, alive.

    Build one with :meth:`build` (or :meth:`resume`), move it with :meth:`run`, read its trace from
    ``recorder``.
    """

    def __init__(
        self,
        configs: Mapping[str, HaConfig],
        haresources: Mapping[str, Haresources],
        site: Site,
        draws: Draws,
        state: WorldState,
        recorder: Recorder,
        packets: bool = False,
    ) -> None:
        self.packets = packets
        self.draws = draws
        self.recorder = recorder
        self.hub = hub = Hub(configs, haresources, site, draws, state, recorder, TICK_JITTER)
        told = (r.seq for r in reversed(recorder.records) if not isinstance(r.event, _PACKETS))
        hub.last_record = next(told, None)
        self.wires = (RecordedWires if packets else Wires)(hub, state.media)
        hub.carrier = self.wires
        hub.lan = Lan(hub)
        jobs = Processes(hub)
        hub.jobs = jobs
        clients = Clients(hub)
        hub.clients = clients
        self.machines: dict[str, MachineThing] = {}
        for entity, node in enumerate(state.nodes.values()):
            daemon = (RecordedDaemon if packets else DaemonThing)(hub, node)
            hub.hosts[node.name] = daemon
            hub.add(daemon, "daemon", entity)
            machine = self.machines[node.name] = MachineThing(hub, node, daemon, jobs)
            hub.add(machine, "node", entity)
            hub.add(WatchdogThing(hub, node, machine), "watchdog", entity)
        power = Power(hub, self.machines, self.wires)
        hub.fences = fences = Fences(hub, self.machines, jobs, power)
        hub.add(PlayerThing(hub, self.machines, power, fences), "fault", 0)

    @classmethod
    def build(
        cls,
        configs: Mapping[str, HaConfig],
        site: Site,
        *,
        seed: int = 0,
        pins: Mapping[str, int] | None = None,
        agenda: Iterable[Action] = (),
        start: Mapping[str, Micros] | None = None,
        typical: bool = False,
        packets: bool = False,
        haresources: Mapping[str, Haresources] | None = None,
    ) -> World:
        """Return a world at instant 0: nodes powered and booted, no daemon running yet.

        Parameters
        ----------
        configs : mapping
            Configuration of each node.
        site : Site
            The hardware; its ``heartbeat`` is the dialect.
        agenda : iterable of Action
            What is done to the world, in any order.
        start : mapping of str to int, optional
            When each node's daemon is started first, in microseconds; a node left out never
            starts by itself.  Without it all start at 0.
        typical : bool
            What is not pinned takes its typical value instead of a random one.
        haresources : mapping, optional
            Resource groups as each node has them; without it there are none.
        packets : bool
            Record every packet on every medium, and every copy that reaches a socket; nothing
            else changes.
        """
        draws = TypicalDraws(seed, pins) if typical else Draws(seed, pins)
        nodes = {}
        for name in configs:
            machine = site.nodes[name]
            clock = ClockState(machine.clock.offset_us, machine.clock.drift_ppm)
            due = 0 if start is None else start.get(name)
            known = machine.generation is not None
            storage = Storage(machine.generation, uuid=known, fifo=known)
            nodes[name] = NodeState(
                name, machine.first_pid, start_due=due, clock=clock, storage=storage
            )
        media = [
            MediumState(n, i) for n, config in configs.items() for i in range(len(config.media))
        ]
        ordered = sorted(agenda, key=lambda a: (a.at, a.cause))
        state = WorldState(0, Topology(site).state, nodes, media, ordered)
        spans = [int(a.args[3]) for a in ordered if a.verb == "replay"]
        state.tap_us = max(spans, default=0)
        state.disks = {name: DiskState() for name in site.disks}
        groups = dict.fromkeys(configs, Haresources(())) if haresources is None else haresources
        return cls(configs, groups, site, draws, state, Recorder(), packets)

    @property
    def now(self) -> Micros:
        """The present instant."""
        return self.hub.kernel.now

    @property
    def fired(self) -> int:
        """How many kernel events there have been."""
        return self.hub.kernel.fired

    def run(self, until: Micros) -> None:
        """Let everything happen that is due before `until`."""
        self.hub.kernel.run(until)

    def snapshot(self) -> Snapshot:
        """Return the world as plain data; the world itself goes on untouched."""
        state = copy.deepcopy(self.hub.state)
        state.now = self.now
        records = self.recorder.state()
        configs = dict(self.hub.configs)
        draws = self.draws
        typical = isinstance(draws, TypicalDraws)
        return Snapshot(
            state,
            records,
            draws.seed,
            dict(draws.pins),
            typical,
            configs,
            dict(self.hub.haresources),
            self.hub.site,
            self.packets,
        )

    @classmethod
    def resume(cls, snapshot: Snapshot) -> World:
        """Return a world that continues where the snapshot was taken, to the same records."""
        state = copy.deepcopy(snapshot.state)
        recorder = Recorder(snapshot.recorder)
        draws = (TypicalDraws if snapshot.typical else Draws)(snapshot.seed, snapshot.pins)
        return cls(
            snapshot.configs,
            snapshot.haresources,
            snapshot.site,
            draws,
            state,
            recorder,
            snapshot.packets,
        )
