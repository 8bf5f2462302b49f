"""The LAN as outside clients see it: who answers at a service address, and through which ARP entry.

A client is a host of the site with ``probes``: it sends something to that address all the time.
What it sees changes only when the world does, or when its ARP entry runs out; so nothing is
probed, and each change is worked out when it happens.

The entry behaves as Linux has it for traffic that confirms nothing (a ping): it is used as long as
it is valid, whether answers come or not. An entry learned from an announcement is checked after
5 s, one that was confirmed after its *reachable time* (15 to 45 s, drawn) and 5 s more. The check
is three unicast requests a second apart: an answer confirms it, else the entry is thrown away 3 s
after the first. Without an entry the client asks by broadcast every second. Everybody who holds
the address answers; the first answer wins, and a second one within a second is ignored. An
announcement (gratuitous ARP) replaces an entry that points elsewhere, and leaves an equal one as
it is.

Recordings agree: after a takeover without announcement, or where the announcer gives the address
up again, clients stay deaf for 8 to 27 s until their entry has run out.

Losses: an announcement may be lost on a cable that loses packets; a service that answers most of
the time counts as one that answers, so loss below 100 % silences nobody. Clients are on the
address's switch, or hear nothing: there is no router.
"""

from __future__ import annotations

from collections.abc import Iterator

from hasim.events import ServiceAnswered, ServiceSilent
from hasim.trace import Source
from hasim.units import MS, SECOND, Micros
from hasim.world.hub import Hub
from hasim.world.lan_records import ViewState
from hasim.world.topology import Path

__all__ = ["CHECK_DELAY", "CHECK_LAG", "PROBES", "REACHABLE", "RETRANS", "Lan"]

#: A confirmed entry is taken for good so long: Linux draws it around base_reachable_time, 30 s.
REACHABLE = (15 * SECOND, 45 * SECOND)
#: delay_first_probe_time: how long an entry in doubt is used before it is checked.
CHECK_DELAY: Micros = 5 * SECOND
#: The delay begins with the client's next packet and ends on a coarse timer (recorded: 7 cases).
CHECK_LAG = (40 * MS, 240 * MS)
#: Requests of one check, and the time between two (ucast_solicit, retrans_time).
PROBES = 3
RETRANS: Micros = SECOND
#: Order of the clients' process among processes of its class: after all others.
_ENTITY = (1 << 32) - 1
_PPM = 1000
_ALL = 1000


class Lan:
    """All outside clients of a world, as one thing of the kernel.

    Without a client nothing is worked out and nothing recorded.
    """

    __slots__ = ("hub", "views")

    def __init__(self, hub: Hub) -> None:
        self.hub = hub
        self.views = hub.state.lan.views
        for name, host in hub.site.hosts.items():
            if host.probes is not None and name not in self.views:
                phase = hub.draws.between(f"{name}/arp/phase", 0, RETRANS - 1)
                self.views[name] = ViewState(name, host.probes, asked_at=phase)
        if self.views:
            hub.add(self, "client", _ENTITY)

    @property
    def deadline(self) -> Micros | None:
        """The next end of an entry, or the next broadcast that will be answered."""
        instants = ((view.fail_at, view.ask_due) for view in self.views.values())
        due = [at for pair in instants for at in pair if at is not None]
        return min(due, default=None)

    def fire(self, now: Micros) -> None:
        """Throw away entries whose check failed, and hear the answers to broadcasts."""
        for view in self.views.values():
            if view.fail_at is not None and view.fail_at <= now:
                view.end = view.fail_at = None
                view.asked_at = view.ask_due = now
            if view.ask_due is not None and view.ask_due <= now:
                view.ask_due = None
                self._ask(view, now)
            self._look(view, now, view.cause)

    # ---- what the world tells -------------------------------------------------------------------

    def changed(self, now: Micros, cause: int | None) -> None:
        """Look again: an address came or went, a cable, a switch, power changed.

        `cause` is the record of that change.
        """
        for view in self.views.values():
            self._look(view, now, cause)
        if self.views:
            self.hub.touch(self)

    def announce(
        self, now: Micros, node: str, address: str, nic: str, cause: int | None = None
    ) -> None:
        """A node sends one packet of gratuitous ARP.

        Parameters
        ----------
        address : str
            The address, with or without its mask.
        nic : str
            Where it goes out: a NIC or an alias of one (``eth0:0``).
        """
        end, bare = _end(node, nic), _bare(address)
        if end not in self.hub.topology.state.wires:
            return
        lan = self.hub.state.lan
        n, lan.announced = lan.announced, lan.announced + 1
        for view in self.views.values():
            if view.address == bare and self._near(view, end):
                path = self.hub.topology.path(end, view.host)
                if path is not None and not self._lost(path, n):
                    if view.end != end:
                        self._learn(view, end, now, confirmed=False)
                    self._look(view, now, cause)
        if self.views:
            self.hub.touch(self)

    # ---- entries --------------------------------------------------------------------------------

    def _learn(self, view: ViewState, end: str, now: Micros, *, confirmed: bool) -> None:
        """Point the entry to a NIC; one that an answer has not confirmed is in doubt at once."""
        view.learned += 1
        name = f"{view.host}/arp{view.learned}"
        delay = CHECK_DELAY + self.hub.draws.between(f"{name}/lag", *CHECK_LAG)
        view.period_us = delay + self.hub.draws.between(f"{name}/reachable", *REACHABLE)
        view.end, view.probe_at = end, now + (view.period_us if confirmed else delay)
        view.fail_at = view.ask_due = None

    def _ask(self, view: ViewState, now: Micros) -> None:
        """Ask by broadcast, and learn from the first answer, if there is one."""
        first = self._first(view)
        if first is not None:
            self._learn(view, first, now, confirmed=True)

    def _first(self, view: ViewState) -> str | None:
        """Return whose answer to a broadcast arrives first."""
        draws, topology = self.hub.draws, self.hub.topology
        best: tuple[Micros, str] | None = None
        for end in self._holders(view):
            took = 0
            for way, path in (
                ("request", topology.path(view.host, end)),
                ("answer", topology.path(end, view.host)),
            ):
                assert path is not None
                name = f"{view.host}/arp{view.learned + 1}/{way} {end}"
                took += path.latency.pick(draws.u64(name) >> 32) + path.extra_us
            if best is None or took < best[0]:
                best = took, end
        return best[1] if best else None

    def _look(self, view: ViewState, now: Micros, cause: int | None) -> None:
        """Work out what a client sees from now on, and record it if that has changed."""
        if self.hub.topology.power_causes(view.host):
            # Nobody looks; a client that comes back has an empty cache.
            view.off, view.end, view.fail_at, view.ask_due = True, None, None, None
            return
        if view.off:
            view.off, view.asked_at = False, now
            self._ask(view, now)
        by = None
        if view.end is None:
            view.ask_due = None
            if any(True for _ in self._holders(view)):
                missed = max(0, now - view.asked_at)
                view.ask_due = view.asked_at + -(-missed // RETRANS) * RETRANS
        elif self._answers(view, view.end):
            by = view.end.partition(":")[0]
            _confirm(view, now)
        elif view.fail_at is None:
            view.fail_at = _next_check(view, now) + PROBES * RETRANS
        if by != view.by:
            self._saw(view, now, by, cause)

    def _saw(self, view: ViewState, now: Micros, by: str | None, cause: int | None) -> None:
        if by is None:
            assert view.by is not None
            event: ServiceAnswered | ServiceSilent = ServiceSilent(view.address, view.by)
        else:
            event = ServiceAnswered(view.address, by)
        view.by = by
        view.cause = self.hub.record(now, Source(None, view.host, None), event, cause)

    # ---- who answers ----------------------------------------------------------------------------

    def _near(self, view: ViewState, end: str) -> bool:
        topology = self.hub.topology
        return topology.switch_of(end) == topology.switch_of(view.host)

    def _holders(self, view: ViewState) -> Iterator[str]:
        """Yield the NICs that would answer a broadcast, in the order of the nodes."""
        for name, node in self.hub.state.nodes.items():
            for address, alias in node.addresses.items():
                end = _end(name, alias)
                if _bare(address) == view.address and self._answers(view, end):
                    yield end

    def _answers(self, view: ViewState, end: str) -> bool:
        """Return whether a NIC has the address and hears and reaches the client.

        The kernel answers, so a hang of the node's processes does not matter.
        """
        node = self.hub.state.nodes[end.partition(":")[0]]
        held = (_end(node.name, n) for a, n in node.addresses.items() if _bare(a) == view.address)
        wires = self.hub.topology.state.wires
        if not node.on or end not in wires or not self._near(view, end) or end not in held:
            return False
        return self._open(view.host, end) and self._open(end, view.host)

    def _open(self, sender: str, receiver: str) -> bool:
        path = self.hub.topology.path(sender, receiver)
        return path is not None and all(share < _ALL for _, share in path.lose)

    def _lost(self, path: Path, n: int) -> bool:
        draws = self.hub.draws
        return any(draws.chance(f"{cable}/lose arp", share * _PPM, n) for cable, share in path.lose)


def _end(node: str, nic: str) -> str:
    """Return the end of a cable that a NIC or an alias of it is."""
    return f"{node}:{nic.partition(':')[0]}"


def _bare(address: str) -> str:
    return address.partition("/")[0]


def _next_check(view: ViewState, now: Micros) -> Micros:
    """Return the first request of the next check of an entry."""
    late = max(0, now - view.probe_at)
    return view.probe_at + -(-late // max(view.period_us, 1)) * view.period_us


def _confirm(view: ViewState, now: Micros) -> None:
    """The entry's owner answers again: a check that was to fail may still be answered."""
    if view.fail_at is None:
        return
    begun = view.fail_at - PROBES * RETRANS
    late = max(0, now - begun)
    if late <= (PROBES - 1) * RETRANS:
        view.fail_at = None
        if late:
            view.probe_at = begun + -(-late // RETRANS) * RETRANS + view.period_us
