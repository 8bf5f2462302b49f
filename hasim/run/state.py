"""The state of a run at an instant: run again to that instant, and looked at."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

from hasim.errors import nearest
from hasim.protocol.claims import word
from hasim.units import Micros, duration_text
from hasim.world import Snapshot, World

__all__ = ["IpfailView", "NodeView", "PeerView", "Rewinder", "State", "Views"]

_T = TypeVar("_T")
# So many snapshots are kept; the one in the middle goes first.
_KEPT = 8


class Views(Mapping[str, _T], Generic[_T]):
    """Named parts, by item and, where the name allows it, by attribute: ``peers.node2``."""

    __slots__ = ("_parts", "_what")

    def __init__(self, what: str, parts: Mapping[str, _T]) -> None:
        self._what = what
        self._parts = dict(parts)

    def __getitem__(self, name: str) -> _T:
        try:
            return self._parts[name]
        except KeyError:
            raise KeyError(f"no {self._what} {name!r}{nearest(name, self._parts)}") from None

    def __getattr__(self, name: str) -> _T:
        parts: dict[str, _T] = {} if name.startswith("_") else self._parts
        if name not in parts:
            raise AttributeError(f"no {self._what} {name!r}{nearest(name, parts)}")
        return parts[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._parts)

    def __len__(self) -> int:
        return len(self._parts)

    def __dir__(self) -> list[str]:
        return [*super().__dir__(), *(name for name in self._parts if name.isidentifier())]

    def __repr__(self) -> str:
        return repr(self._parts)


@dataclass(frozen=True, slots=True)
class PeerView:
    """What a node believes of another one, or of a ping node.

    `links` maps each device to ``up`` or ``dead``.
    """

    status: str
    links: Views[str]


@dataclass(frozen=True, slots=True)
class IpfailView:
    """The ipfail process of a node.

    Parameters
    ----------
    doing : str
        ``starting``, ``watching``, ``counting`` (it waits for an answer of the daemon),
        ``delaying`` (it will give up unless it is stopped), ``sleeping`` (the ten seconds before
        it asks again), ``ended``.
    gives_up : str
        What it will give up after the delay: ``all``, ``foreign``; empty otherwise.
    gives_up_at : int or None
        When, in microseconds of the run.
    """

    pid: int
    doing: str
    gives_up: str = ""
    gives_up_at: Micros | None = None


@dataclass(frozen=True, slots=True)
class NodeView:
    """A node at an instant.

    Parameters
    ----------
    power : str
        ``on``, ``off`` or ``booting``.
    hung : bool
        True while its processes stand still.
    daemon : str or None
        Where the daemon is: ``parent``, ``master``, ``opened``, ``announced``, ``running``,
        ``orphaned``; None where there is none.
    pid, generation : int or None
        Of the master process; the last generation used is kept when the daemon is gone.
    status : str or None
        The node's own status, None without a master process.
    comm : str or None
        ``waiting``, ``asked`` or ``up`` (semantics 5.2).
    peers : Views of PeerView
        Every other row of the node table.
    holds : str or None
        What the node claims: ``none``, ``local``, ``foreign``, ``all``.
    rstate, standby : str or None
        Where its resource machine and its standby stand (semantics 5.4, 7.2).
    ipfail : IpfailView or None
        Its ipfail process, if there is one.
    addresses, mounts, services : tuple of str
        What its kernel has in truth, whatever the daemon claims: service addresses with their
        masks, mount points, and other resources that run.
    """

    name: str
    power: str
    hung: bool
    daemon: str | None
    pid: int | None
    generation: int | None
    status: str | None
    comm: str | None
    peers: Views[PeerView]
    holds: str | None = None
    rstate: str | None = None
    standby: str | None = None
    ipfail: IpfailView | None = None
    addresses: tuple[str, ...] = ()
    mounts: tuple[str, ...] = ()
    services: tuple[str, ...] = ()


class State:
    """All nodes of a run at an instant: ``state.node2``, ``state["node2"]``, ``state.nodes``."""

    __slots__ = ("at", "nodes")

    def __init__(self, at: Micros, nodes: Views[NodeView]) -> None:
        self.at = at
        self.nodes = nodes

    def __getitem__(self, name: str) -> NodeView:
        return self.nodes[name]

    def __getattr__(self, name: str) -> NodeView:
        if name in ("at", "nodes"):
            raise AttributeError(name)
        return getattr(self.nodes, name)  # type: ignore[no-any-return]

    def __dir__(self) -> list[str]:
        return [*super().__dir__(), *(name for name in self.nodes if name.isidentifier())]

    def __repr__(self) -> str:
        rows = []
        for name, node in self.nodes.items():
            peers = ", ".join(f"{peer} {view.status}" for peer, view in node.peers.items())
            daemon = f"{node.status}, sees {peers}" if node.status else (node.daemon or "no daemon")
            hung = ", hung" if node.hung else ""
            has = [*node.addresses, *node.mounts, *node.services]
            here = f", has {', '.join(has)}" if has else ""
            rows.append(f"  {name}: power {node.power}{hung}, {daemon}{here}")
        return "\n".join([f"<State at {duration_text(self.at)}", *rows]) + ">"


def _view(world: World, name: str) -> NodeView:
    node = world.hub.state.nodes[name]
    daemon = node.daemon
    master = daemon.master if daemon is not None else None
    power = "off" if not node.on else "on" if node.boot_due is None else "booting"
    peers = {}
    for peer in master.peers.values() if master is not None else ():
        if peer.name != name:
            links = {link.device: "up" if link.up else "dead" for link in peer.links}
            peers[peer.name] = PeerView(peer.status, Views("link", links))
    return NodeView(
        name,
        power,
        bool(node.hung),
        None if daemon is None else daemon.stage,
        None if daemon is None else daemon.pid or None,
        node.storage.generation,
        None if master is None else master.status,
        None if master is None else master.comm,
        Views("peer", peers),
        None if master is None else word(master.resources.mine),
        None if master is None else master.resources.rstate,
        None if master is None else master.resources.standby,
        _ipfail(world, name),
        tuple(node.addresses),
        tuple(node.mounts),
        tuple(node.services),
    )


def _ipfail(world: World, name: str) -> IpfailView | None:
    """Return the ipfail process of a node: the youngest, should an old one linger."""
    found = [c for c in world.hub.state.clients if c.node == name and c.ipfail is not None]
    if not found:
        return None
    client = found[-1]
    state = client.ipfail
    assert state is not None
    if state.phase != "main":
        doing = "starting" if state.phase == "start" else state.phase
    elif state.sleep_due is not None:
        doing = "sleeping"
    elif state.waiting is not None:
        doing = "counting"
    else:
        doing = "watching" if state.giveup_due is None else "delaying"
    gives_up = "" if state.giveup_due is None else state.giveup_set
    return IpfailView(client.pid, doing, gives_up, state.giveup_due)


class Rewinder:
    """Runs a world again to any instant, from the nearest snapshot before it.

    Parameters
    ----------
    build : callable
        Makes the world anew.
    last : tuple of int and World
        The last instant of the run, and the world as it was left then: for it nothing is run again.
    """

    __slots__ = ("_build", "_last", "_snapshots")

    def __init__(self, build: Callable[[], World], last: tuple[Micros, World]) -> None:
        self._build, self._last = build, last
        self._snapshots: list[tuple[Micros, Snapshot]] = []

    def at(self, at: Micros) -> State:
        """Return the state at an instant, all that happens at it included."""
        if at == self._last[0]:
            return _state(self._last[1], at)
        place = bisect_right(self._snapshots, at, key=lambda pair: pair[0])
        known = self._snapshots[place - 1][1] if place else None
        world = self._build() if known is None else World.resume(known)
        world.run(at + 1)
        if not place or self._snapshots[place - 1][0] != at:
            self._snapshots.insert(place, (at, world.snapshot()))
            if len(self._snapshots) > _KEPT:
                del self._snapshots[_KEPT // 2]
        return _state(world, at)

    def walk(self, instants: Iterable[Micros]) -> Iterator[State]:
        """Yield the states at instants that grow, from one run through all of them."""
        world = self._build()
        for at in instants:
            world.run(at + 1)
            yield _state(world, at)


def _state(world: World, at: Micros) -> State:
    nodes = {name: _view(world, name) for name in world.hub.state.nodes}
    return State(at, Views("node", nodes))
