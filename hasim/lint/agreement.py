"""Rules about what must be the same on all nodes: files of one node against those of the first."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from hasim.config import HaConfig, Medium
from hasim.lint.rule import Hit, Rule, rule
from hasim.lint.subject import Place, Subject, View
from hasim.units import duration_text

__all__ = ["AGREEMENT_RULES"]

_TIMES = ("keepalive", "warntime", "deadtime", "initdead", "deadping")


def _pairs(subject: Subject, *directives: str) -> Iterator[tuple[View, HaConfig, View, HaConfig]]:
    """Yield the first node with each other one whose ha.cf is another file."""
    first, *others = subject.views
    one = first.sure(*directives)
    for view in others:
        other = view.sure(*directives)
        if one and other and view.ha_cf != first.ha_cf:
            yield first, one, view, other


@rule(
    "nodes-differ",
    "warning",
    "The nodes have different lists of nodes",
    why="Packets of a node that ha.cf does not have are dropped as those of a stranger. One side "
    "then believes the other dead, and takes over what it holds.",
    source="semantics 3.5, bad node in message",
    remedy="give both nodes the same node directives",
)
def _nodes(subject: Subject) -> Iterator[Hit]:
    for first, one, view, other in _pairs(subject, "node"):
        odd = [n for n in (*one.nodes, *other.nodes) if (n in one.nodes) != (n in other.nodes)]
        if odd:
            text = f"{', '.join(odd[:5])}: a node on {_one_of(first, one, view, odd[0])} only"
            yield Hit(view.at("node"), text, node=view.node)


def _one_of(first: View, one: HaConfig, view: View, name: str) -> str | None:
    return first.node if name in one.nodes else view.node


def _ears(medium: Medium) -> tuple[str, object]:
    """Return what two media must have in common to hear each other."""
    kind = "udp" if medium.kind in ("bcast", "ucast") else medium.kind
    number = medium.baud if medium.kind == "serial" else medium.port
    return kind, (number, medium.group)


@rule(
    "media-differ",
    "warning",
    "A medium of one node has no counterpart on the other",
    why="Media must match in kind, port, group and speed to carry heartbeats. One that does not is "
    "a way that one counts on and does not have.",
    source="semantics 1.1 and 1.2",
    remedy="make the media of both nodes match; only names of devices and addresses may differ",
)
def _media(subject: Subject) -> Iterator[Hit]:
    for first, _, view, _ in _pairs(subject, "media", "udpport", "baud"):
        for own, there in ((view, first), (first, view)):
            heard = {_ears(m) for m in there.heartbeats}
            for medium in own.heartbeats:
                if _ears(medium) not in heard:
                    number = medium.baud if medium.kind == "serial" else medium.port
                    what = "baud" if medium.kind == "serial" else "port"
                    text = f"{medium.kind} {medium.device} ({what} {number}): {there.node} has no "
                    yield Hit(own.on_line(medium.line), f"{text}such medium", node=own.node)


@rule(
    "times-differ",
    "advice",
    "The nodes have different times",
    why="A peer is judged by the deadtime that it announces, ping nodes and links by one's own: "
    "with different times the nodes do not agree who is dead, and the order of events in a failure "
    "is another one on each.",
    source="semantics 4.1 and 4.4",
    remedy="give both nodes the same keepalive, warntime, deadtime, initdead and deadping",
)
def _times(subject: Subject) -> Iterator[Hit]:
    for first, one, view, other in _pairs(subject, *_TIMES):
        for name in _TIMES:
            here, there = getattr(other, name), getattr(one, name)
            given = one.is_given(name) or other.is_given(name)
            if here != there and given:
                text = (
                    f"{name} is {duration_text(here)}, but {duration_text(there)} on {first.node}"
                )
                yield Hit(view.at(name), text, node=view.node)


def _differ(
    directives: tuple[str, ...], value: Callable[[HaConfig], object], subject: Subject
) -> Iterator[Hit]:
    for first, one, view, other in _pairs(subject, *directives):
        if value(one) != value(other):
            text = f"{directives[0]} is {value(other)}, but {value(one)} on {first.node}"
            yield Hit(view.at(*directives), text, node=view.node)


@rule(
    "auto-failback-differs",
    "advice",
    "The nodes have different values of auto_failback",
    why="Whether a group goes home is decided by the node that has it: with on here and off there "
    "the outcome depends on who is asked. A node with legacy does not speak the protocol of the "
    "others at all, and they wait for its answers.",
    source="semantics 5.8",
    remedy="write the same value on both nodes",
)
def _failback(subject: Subject) -> Iterator[Hit]:
    yield from _differ(("auto_failback", "nice_failback"), lambda c: c.auto_failback, subject)


@rule(
    "managers-differ",
    "warning",
    "One node runs a cluster manager and the other does not",
    why="Under crm or pacemaker the daemon sends no messages about resources and takes none. The "
    "other node acts as if it were alone with its haresources.",
    source="semantics 13",
    remedy="write the same crm or pacemaker line on both nodes, or none",
)
def _managers(subject: Subject) -> Iterator[Hit]:
    yield from _differ(("crm", "pacemaker"), lambda c: "off" if c.manages else "on", subject)


@rule(
    "ping-nodes-differ",
    "advice",
    "The nodes have different ping nodes",
    why="ipfail compares numbers: how many ping nodes each node reaches. The one with the shorter "
    "list has fewer in the best of times, and is told to give up.",
    source="semantics 11.2",
    remedy="write the same ping and ping_group directives on both nodes",
)
def _pings(subject: Subject) -> Iterator[Hit]:
    for first, one, view, other in _pairs(subject, "ping", "ping_group"):
        here, there = (sorted((m.device, m.hosts) for m in v.pings) for v in (view, first))
        if here != there:
            names = ", ".join(other.ping_nodes[:5]) or "nobody"
            text = f"{view.node} pings {names}, but {first.node} "
            text += ", ".join(one.ping_nodes[:5]) or "nobody"
            yield Hit(view.at("ping", "ping_group"), text, node=view.node)


@rule(
    "authkeys-differ",
    "warning",
    "A node does not accept what its peer signs",
    why="Every packet fails authentication. Both nodes believe that they are alone: after initdead "
    "each takes every group and every disk.",
    source="semantics 12.3, different keys",
    remedy="copy authkeys from one node to the other; to roll keys, add the new one on both first",
)
def _authkeys(subject: Subject) -> Iterator[Hit]:
    first, *others = subject.views
    for view in others:
        if not (first.keys and view.keys and view.authkeys and view.authkeys != first.authkeys):
            continue
        one, other = first.keys.signing, view.keys.signing
        place = Place(view.authkeys.file, other.line)
        if not first.keys.accepts(other):
            text = f"{first.node} does not accept key {other.number}, which {view.node} signs with"
            yield Hit(place, text, node=view.node)
        elif not view.keys.accepts(one):
            text = f"{view.node} does not accept key {one.number}, which {first.node} signs with"
            yield Hit(place, text, node=view.node)


@rule(
    "haresources-differs",
    "warning",
    "The nodes have different haresources",
    why="Each node starts and gives up what its own file says. A group that only one node has is "
    "not taken over; one with two owners is started by both.",
    source="Heartbeat's Getting Started: haresources must be identical; semantics 5.4",
    remedy="copy haresources from one node to the other",
)
def _haresources(subject: Subject) -> Iterator[Hit]:
    first, *others = subject.views
    known = {g.text for g in first.groups}
    for view in others:
        if not (first.haresources and view.haresources and first.manages and view.manages):
            continue
        own = {g.text for g in view.groups}
        for group in view.groups:
            if group.text not in known:
                text = f"{first.node} has no such group: {group.text[:80]}"
                yield Hit(view.group_at(group), text, node=view.node)
        for group in first.groups:
            if group.text not in own:
                text = f"{view.node} has no such group: {group.text[:80]}"
                yield Hit(first.group_at(group), text, node=first.node)


AGREEMENT_RULES: tuple[Rule, ...] = (
    _nodes,
    _media,
    _times,
    _failback,
    _managers,
    _pings,
    _authkeys,
    _haresources,
)
