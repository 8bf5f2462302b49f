"""Media: one thing for each medium and direction, sleeping until its next delivery."""

from __future__ import annotations

from bisect import insort
from typing import NamedTuple

from hasim.config import Medium
from hasim.protocol import Message
from hasim.units import Micros
from hasim.world.hub import Hub
from hasim.world.records import Flight, MediumState, Tap
from hasim.world.topology import Path

__all__ = ["MediumThing", "Route", "Wires"]

_PPM = 1000


class Route(NamedTuple):
    """An open way to a socket; `back` is the way of the answer where the other end is pinged.

    `nic` is the interface that the echo request leaves by.
    """

    node: str
    medium: int
    there: Path
    stream: str
    back: Path | None = None
    stream_back: str = ""
    nic: str = ""


class MediumThing:
    """What one node has sent on one medium and has not arrived yet."""

    __slots__ = ("hub", "state")

    def __init__(self, hub: Hub, state: MediumState) -> None:
        self.hub = hub
        self.state = state

    @property
    def deadline(self) -> Micros | None:
        """The arrival of the first packet in the air."""
        flights = self.state.flights
        return flights[0].arrive if flights else None

    def fire(self, now: Micros) -> None:
        """Deliver everything that arrives now."""
        flights = self.state.flights
        while flights and flights[0].arrive <= now:
            flight = flights.pop(0)
            self.hub.hosts[flight.node].arrive(flight.medium, flight.message)


class Wires:
    """All media of a world: routes over the topology, and what happens to packets on them."""

    def __init__(self, hub: Hub, states: list[MediumState]) -> None:
        self.hub = hub
        self.things = {(s.node, s.medium): MediumThing(hub, s) for s in states}
        for entity, thing in enumerate(self.things.values()):
            hub.add(thing, "medium", entity)
        self.routes: dict[tuple[str, int], tuple[Route, ...]] = {}
        #: kind of the media that ping
        self.pings = {
            (n, m): kind
            for n, m in self.things
            if (kind := hub.configs[n].media[m].kind).startswith("ping")
        }
        #: does a node hear on this medium what it sends there?
        self.own = {key: self._loops(*key) for key in self.things}
        self.rebuild()

    def _loops(self, node: str, medium: int) -> bool:
        config = self.hub.configs[node].media[medium]
        own = self.hub.topology.addresses.get(config.peer or "") == f"{node}:{config.device}"
        return config.kind == "bcast" or (config.kind == "mcast" and bool(config.loop)) or own

    def rebuild(self) -> None:
        """Work out all routes again, after something physical has changed."""
        for node, medium in self.things:
            self.routes[node, medium] = tuple(
                self._routes(node, self.hub.configs[node].media[medium])
            )

    def _routes(self, node: str, medium: Medium) -> list[Route]:
        if medium.kind.startswith("ping"):
            return self._ping_routes(node, medium)
        nic = self.hub.site.nodes[node].nics.get(medium.device)
        if nic is None:
            return []
        out = []
        for end in self.hub.topology.neighbours(f"{node}:{nic.name}"):
            other, _, device = end.partition(":")
            listener = self._listener(other, device, end, medium)
            if listener is not None:
                path = self.hub.topology.path(f"{node}:{nic.name}", end)
                if path is not None:
                    name = f"{node}/{self.hub.configs[node].media.index(medium)}>{end}/latency"
                    out.append(Route(other, listener, path, name))
        return out

    def _listener(self, other: str, device: str, end: str, medium: Medium) -> int | None:
        """Return the medium of another node that hears what is sent on this one."""
        if other not in self.hub.configs:
            return None
        if medium.kind == "ucast" and self.hub.topology.addresses.get(medium.peer or "") != end:
            return None
        for i, m in enumerate(self.hub.configs[other].media):
            same = (m.kind, m.port, m.group) == (medium.kind, medium.port, medium.group)
            if m.device == device and same:
                return i
        return None

    def _ping_routes(self, node: str, medium: Medium) -> list[Route]:
        index = self.hub.configs[node].media.index(medium)
        topology, out = self.hub.topology, []
        for host in medium.hosts:
            for nic in self.hub.site.nodes[node].nics.values():
                end = f"{node}:{nic.name}"
                if host in topology.neighbours(end):
                    there, back = topology.path(end, host), topology.path(host, end)
                    if there is not None and back is not None:
                        name = f"{node}/{index}>{host}/latency"
                        out.append(
                            Route(
                                node,
                                index,
                                there,
                                name,
                                back,
                                f"{node}/{index}>{node}/latency back",
                                nic.name,
                            )
                        )
                    break
        return out

    # ---- sending --------------------------------------------------------------------------------

    def emit(self, node: str, medium: int, message: Message, now: Micros) -> None:
        """Put a message on one medium of a node.

        On a ping medium a status makes an echo request; its answer comes back as a status of the
        ping node (semantics 3.2).  A bcast is heard by its sender too, at once; so is what a
        ucast sends to its own address.
        """
        kind = self.pings.get((node, medium))
        if kind is not None:
            if message.type == "status":
                self._ping(node, medium, message, now, kind)
            return
        thing = self.things[node, medium]
        n, thing.state.sent = thing.state.sent, thing.state.sent + 1
        for route in self.routes[node, medium]:
            arrive = self._arrival(route.there, route.stream, n, now, "")
            if arrive is not None:
                self._fly(thing, Flight(arrive, n, route.node, route.medium, message))
                if self.hub.state.tap_us:
                    self._tap(Tap(now, route.node, route.medium, message))
                if route.there.duplicate and self._fate(route.there.duplicate, n, "duplicate"):
                    self._fly(thing, Flight(arrive, n, route.node, route.medium, message))
        if self.own[node, medium]:
            self.hub.hosts[node].echo(medium, message)

    def _tap(self, tap: Tap) -> None:
        """Keep a packet for a replay that is still to come; older ones are forgotten."""
        state = self.hub.state
        while state.tapped and state.tapped[0].at < tap.at - state.tap_us:
            state.tapped.pop(0)
        state.tapped.append(tap)

    def _ping(self, node: str, medium: int, message: Message, now: Micros, kind: str) -> None:
        thing = self.things[node, medium]
        n, thing.state.sent = thing.state.sent, thing.state.sent + 1
        name = self.hub.configs[node].media[medium].device
        for route in self.routes[node, medium]:
            assert route.back is not None
            replugged = self.hub.state.nodes[node].replugged
            if route.nic in replugged:
                replugged.remove(route.nic)
                continue
            there = self._arrival(route.there, route.stream, n, now, "")
            if there is None:
                continue
            arrive = self._arrival(route.back, route.stream_back, n, there, " back")
            if arrive is not None:
                body = (("info", kind),)
                answer = Message("NS_st", name, 0, 0, None, "ping", 0, now, None, body, message.tag)
                self._fly(thing, Flight(arrive, n, node, medium, answer))

    def _arrival(self, path: Path, stream: str, n: int, now: Micros, way: str) -> Micros | None:
        """Return when a packet arrives, None if it is lost; its fate hangs on its number alone."""
        if path.lose and self._fate(path.lose, n, f"lose{way}"):
            return None
        latency = path.latency
        if latency.lo_us == latency.hi_us:
            return now + latency.lo_us + path.extra_us
        return now + latency.pick(self.hub.draws.u64(stream, n) >> 32) + path.extra_us

    def _fate(self, shares: tuple[tuple[str, int], ...], n: int, what: str) -> bool:
        draws = self.hub.draws
        return any(draws.chance(f"{cable}/{what}", share * _PPM, n) for cable, share in shares)

    def _fly(self, thing: MediumThing, flight: Flight) -> None:
        """A cable keeps the order of its packets."""
        flights = thing.state.flights
        if flights and flights[-1].arrive > flight.arrive:
            if flights[-1].node == flight.node:
                flight = flight._replace(arrive=flights[-1].arrive)
            insort(flights, flight, key=lambda f: (f.arrive, f.n, f.node))
        else:
            flights.append(flight)
        if flights[0] is flight:
            self.hub.touch(thing)
