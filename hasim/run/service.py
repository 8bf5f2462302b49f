"""When a service was there for its users: a query over the spans of a trace.

A group's service can be read and written on a node while all of this is true at once:

- the group stands there: its addresses are up, its file systems are mounted, and every other
  script of it has started (and has not begun to stop);
- it has stood there for the recovery time of its address (``[service]`` of the site);
- the outside client that probes its address hears that node; where nobody probes it, being up
  counts as being heard;
- the node does not hang: its kernel would answer pings, but nobody would serve;
- the path to its disks works: the switch they are on has power, and one cable of the node leads
  there;
- its disks are not corrupt.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from hasim.config import Group, Haresources
from hasim.monitors import called, devices_of, member
from hasim.scenario import Simulable
from hasim.site import Site
from hasim.trace import GroupParts, Kind, Span, Trace
from hasim.units import Micros

__all__ = [
    "Facts",
    "Interval",
    "Service",
    "Serving",
    "groups_of",
    "overlap",
    "parts_of",
    "services_of",
    "without",
]

#: From when (included) to when (not included).
Interval = tuple[Micros, Micros]


@dataclass(frozen=True, slots=True)
class Service:
    """What users reach through one group.

    Parameters
    ----------
    name : str
        Key of the group; of a trace without a model the address.
    addresses, directories, scripts : tuple of str
        What the group consists of: addresses without mask, mount points, and every other resource
        as its script with its arguments.
    disks : tuple of str
        Names and devices of the disks behind the directories.
    clients : tuple of str
        Outside clients that probe one of the addresses.
    recovery_us : int
        How long the application needs after the last resource has started.
    calls : tuple of str
        Every resource as its script is called: name and arguments, joined by blanks.
    """

    name: str
    addresses: tuple[str, ...] = ()
    directories: tuple[str, ...] = ()
    scripts: tuple[str, ...] = ()
    disks: tuple[str, ...] = ()
    clients: tuple[str, ...] = ()
    recovery_us: Micros = 0
    calls: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Serving:
    """A node served from when to when; `open` where it still did at the end."""

    node: str
    begin: Micros
    end: Micros
    open: bool


def overlap(one: Sequence[Interval], other: Sequence[Interval]) -> list[Interval]:
    """Return when both of two lists of intervals hold; each is in order and without overlaps."""
    out = []
    i = j = 0
    while i < len(one) and j < len(other):
        (a, b), (c, d) = one[i], other[j]
        if max(a, c) < min(b, d):
            out.append((max(a, c), min(b, d)))
        if b < d:
            i += 1
        else:
            j += 1
    return out


def _apart(intervals: Sequence[Interval]) -> list[Interval]:
    """Return intervals in order, those that overlap made one."""
    out: list[Interval] = []
    for a, b in sorted(intervals):
        if out and a < out[-1][1]:
            out[-1] = out[-1][0], max(b, out[-1][1])
        else:
            out.append((a, b))
    return out


def without(one: Sequence[Interval], other: Iterable[Interval]) -> list[Interval]:
    """Return when the first list of intervals holds and the second does not."""
    left = list(one)
    for c, d in other:
        cut = []
        for a, b in left:
            cut += [(x, y) for x, y in ((a, min(b, c)), (max(a, d), b)) if x < y]
        left = cut
    return sorted(left)


def _service(parts: GroupParts, site: Site | None, clients: tuple[str, ...]) -> Service:
    members = [member(call) for call in parts.calls]
    addresses = tuple(name for kind, name in members if kind == "address")
    recovery = max((site.recovery_us(a) for a in addresses), default=0) if site else 0
    return Service(
        parts.key,
        addresses,
        tuple(name for kind, name in members if kind == "directory"),
        tuple(name for kind, name in members if kind == "script"),
        parts.disks,
        clients,
        recovery,
        parts.calls,
    )


def groups_of(haresources: Mapping[str, Haresources]) -> dict[str, Group]:
    """Return every group by its key, as the first node that has it writes it."""
    out: dict[str, Group] = {}
    for table in haresources.values():
        for group in table.groups:
            if group.key:
                out.setdefault(group.key, group)
    return out


def parts_of(haresources: Mapping[str, Haresources], site: Site) -> tuple[GroupParts, ...]:
    """Return what every group consists of, its disks by their devices and their names."""
    out = []
    for key, group in groups_of(haresources).items():
        calls = tuple(called(r.script, r.args) for r in group.resources)
        disks = []
        for device in devices_of(calls):
            names = (d.name for d in site.disks.values() if device in d.seen_as.values())
            disks += [device, *names]
        out.append(GroupParts(key, calls, tuple(dict.fromkeys(disks))))
    return tuple(out)


def services_of(trace: Trace, model: Simulable | None) -> tuple[Service, ...]:
    """Return the services of a model, in the order of haresources; else those a trace shows.

    The header of a trace names its groups. One that names none shows addresses only: each is a
    service of its own.
    """
    if model is not None:
        hosts = model.site.hosts.values()
        out = []
        for parts in parts_of(model.haresources, model.site):
            addresses = [name for kind, name in map(member, parts.calls) if kind == "address"]
            clients = tuple(host.name for host in hosts if host.probes in addresses)
            out.append(_service(parts, model.site, clients))
        return tuple(out)
    heard = trace.spans("answer")

    def clients_of(addresses: Sequence[str]) -> tuple[str, ...]:
        return tuple(dict.fromkeys(s.who for s in heard if s.what in addresses))

    found = [s.what.partition("/")[0] for s in trace.spans("address")] + [s.what for s in heard]
    if trace.header.groups:
        groups = [
            (g, [n for k, n in map(member, g.calls) if k == "address"]) for g in trace.header.groups
        ]
        return tuple(_service(group, None, clients_of(names)) for group, names in groups)
    return tuple(
        Service(address, (address,), clients=clients_of([address]))
        for address in dict.fromkeys(found)
    )


class Facts:
    """The spans of a trace, each kind worked out once, and what follows from them for services."""

    def __init__(self, trace: Trace, site: Site | None = None) -> None:
        self.trace = trace
        self.site = site
        self._spans: dict[Kind, list[Span]] = {}
        self._standing: dict[tuple[Service, str], list[Interval]] = {}

    def spans(self, kind: Kind) -> list[Span]:
        """Return the spans of a kind."""
        if kind not in self._spans:
            self._spans[kind] = self.trace.spans(kind)
        return self._spans[kind]

    @property
    def nodes(self) -> list[str]:
        """Names of the nodes."""
        return [clock.node for clock in self.trace.header.clocks]

    def _of(self, kind: Kind, who: str, what: str | None, bare: bool = False) -> list[Interval]:
        return [
            (s.begin, s.end)
            for s in self.spans(kind)
            if s.who == who
            and (what is None or what == (s.what.partition("/")[0] if bare else s.what))
        ]

    def parts(self, service: Service, node: str) -> list[tuple[str, list[Interval]]]:
        """Return the members of a group, each with when it was up, mounted or started on a node."""
        parts = [(a, self._of("address", node, a, bare=True)) for a in service.addresses]
        parts += [(d, self._of("mount", node, d)) for d in service.directories]
        parts += [(s, self._of("script", node, s)) for s in service.scripts]
        return parts

    def standing(self, service: Service, node: str) -> list[Interval]:
        """Return when a whole group stood on a node; a group of nothing never stands."""
        known = self._standing.get((service, node))
        if known is None:
            parts = [_apart(times) for _, times in self.parts(service, node)]
            known = parts[0] if parts else []
            for part in parts[1:]:
                known = overlap(known, part)
            self._standing[service, node] = known
        return known

    def recovered(self, service: Service, node: str) -> list[Interval]:
        """Return when a group stood on a node and its application had recovered."""
        wait = service.recovery_us
        return [(a + wait, b) for a, b in self.standing(service, node) if a + wait < b]

    def heard(self, client: str, service: Service, node: str) -> list[Interval]:
        """Return when a client heard a node at an address of the service."""
        return [
            (s.begin, s.end)
            for s in self.spans("answer")
            if s.who == client and s.what in service.addresses and s.value == node
        ]

    def _cut_off(self, service: Service, node: str) -> list[Interval]:
        """Return when the path from a node to a disk of the service was down."""
        if self.site is None:
            return []
        out: list[Interval] = []
        for disk in self.site.disks.values():
            if disk.path == "direct" or disk.name not in service.disks:
                continue
            out += self._of("part", disk.path, disk.path)
            nics = [n for n in self.site.nodes[node].nics.values() if n.on == disk.path]
            cuts = [self._of("part", f"{node}:{nic.name}", None) for nic in nics]
            together = _apart(cuts[0]) if cuts else []
            for cut in cuts[1:]:
                together = overlap(together, _apart(cut))
            out += together
        return out

    def _corrupt(self, service: Service) -> list[Interval]:
        return [
            (s.begin, s.end)
            for s in self.spans("part")
            if s.value == "corrupt" and s.what in service.disks
        ]

    def serving(self, service: Service, client: str | None) -> list[Serving]:
        """Return which node served when, in order; as `client` sees it where there is one."""
        out: list[Serving] = []
        for node in self.nodes:
            found = self.recovered(service, node)
            if client is not None:
                found = overlap(found, _apart(self.heard(client, service, node)))
            bad = self._of("hang", node, node) + self._cut_off(service, node)
            found = without(found, bad + self._corrupt(service))
            out += (Serving(node, a, b, b >= self.trace.end) for a, b in found)
        return sorted(out, key=lambda s: (s.begin, s.end))

    def lost_by(self, service: Service, node: str, client: str | None, at: Micros) -> str:
        """Say why a node that has served until an instant no longer did."""
        # What is deepest is said first: a node without power does not answer either.
        if any(a == at for a, _ in self._of("hang", node, node)):
            return f"{node} hangs"
        if any(a == at for a, _ in self._corrupt(service)):
            return "the file system is corrupt"
        if any(s.who == node and s.value == "off" and s.begin == at for s in self.spans("power")):
            return f"{node} is without power"
        if any(a == at for a, _ in self._cut_off(service, node)):
            return f"{node} does not reach its disk"
        if any(b == at for _, b in self.standing(service, node)):
            return f"the group is no longer complete on {node}"
        return f"{node} is no longer heard" if client is not None else f"{node} no longer serves"
