"""Properties of a user's own, as :func:`hasim.search.check` takes them: functions of a run.

They are about what users of a service see and whom a daemon may believe dead, which depends on what
was done to the cluster: they look at the faults of the scenario, and are silent where a fault makes
it hard to say.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from hasim import events as ev
from hasim.faults import Cable, Cut, Delay, Fault, Hang, Isolate, Lose, PowerOff
from hasim.model import Model
from hasim.monitors import Violation
from hasim.run import Run
from hasim.run.service import Interval, overlap, without
from hasim.units import SECOND, Micros

__all__ = [
    "believed_restarts_have_happened",
    "client_hears_the_holder",
    "only_the_silent_are_declared_dead",
    "served_while_a_node_is_well",
]

#: A client hears a node that has got the address within this time.
HEARD: Micros = 5 * SECOND
#: Somebody serves again within this time where one node is well.
SERVED: Micros = 90 * SECOND


def client_hears_the_holder(run: Run) -> Iterator[Violation]:
    """Where nothing is broken, clients hear the node that has had the address for five seconds."""
    broken = [(a, b + HEARD) for _, a, b in _lasting(run)]
    for host in _model(run).site.hosts.values():
        held = [s for s in run.spans("address") if s.what.partition("/")[0] == host.probes]
        heard = [(s.begin, s.end) for s in run.spans("answer") if s.who == host.name]
        for span in held:
            others = [(s.begin, s.end + HEARD) for s in held if s.who != span.who]
            for a, b in without([(span.begin + HEARD, span.end)], [*broken, *others, *heard]):
                if a < b:
                    text = f"{host.name} does not hear {span.who}, which has {host.probes}."
                    yield Violation(a, "client-hears-the-holder", text, (), b)


def served_while_a_node_is_well(run: Run) -> Iterator[Violation]:
    """Somebody serves again within 90 s while one node runs and only the other one has faults."""
    lost = [(s.begin, run.end) for s in run.spans("part") if s.value == "corrupt"]
    for node in _model(run).configs:
        active = [
            (s.begin, s.end) for s in run.spans("local") if (s.who, s.value) == (node, "active")
        ]
        faults = [(a, b) for fault, a, b in _lasting(run) if _node_of(run, fault) in (node, None)]
        for outage in run.outage:
            mine = overlap(without(active, faults + lost), [(outage.begin, outage.end)])
            for a, b in mine:
                if b - a > SERVED:
                    text = f"Nobody serves {outage.service} although {node} is well."
                    yield Violation(a + SERVED, "served-while-a-node-is-well", text, (), b)


def only_the_silent_are_declared_dead(run: Run) -> Iterator[Violation]:
    """No node is declared dead that can be heard, nor before its dead time has passed.

    A node that was never heard has the initial dead time.
    """
    configs = _model(run).configs
    since: dict[str, Micros] = {}
    for record in run.records:
        match record.event:
            case ev.DaemonStarted(node=node):
                since[node] = record.at
            case ev.NodeDead(peer=peer) if peer in configs and peer != record.source.node:
                node = record.source.node or ""
                config, begin = configs[node], since[node]
                enough = config.keepalive + 2 * SECOND
                ways = overlap(_audible(run, node, peer), [(begin, record.at)])
                heard = [b for a, b in ways if b - a >= enough]
                limit = config.deadtime if heard else config.initdead
                silent = record.at - max(heard, default=begin)
                if silent < limit - enough:
                    text = f"{node} declares {peer} dead after {silent // SECOND} s of silence."
                    name = "only-the-silent-are-declared-dead"
                    yield Violation(record.at, name, text, (record.seq,), record.at)


def believed_restarts_have_happened(run: Run) -> Iterator[Violation]:
    """No node takes another one for restarted more often than that has been started again."""
    starts: dict[str, int] = {}
    known: dict[tuple[str | None, str], int] = {}
    for record in run.records:
        match record.event:
            case ev.DaemonStarted(node=node):
                starts[node] = starts.get(node, 0) + 1
            case ev.RestartSeen(peer=peer):
                pair = record.source.node, peer
                if known.get(pair, 1) == starts[peer]:
                    text = f"{pair[0]} takes {peer} for restarted, which it is not."
                    name = "believed-restarts-have-happened"
                    yield Violation(record.at, name, text, (record.seq,), record.at)
                known[pair] = starts[peer]


def _model(run: Run) -> Model:
    assert isinstance(run.model, Model)
    return run.model


def _lasting(run: Run) -> Iterator[tuple[Fault, Micros, Micros]]:
    """Yield every fault that lasts, from when to when."""
    for fault in run.scenario.faults:
        if fault.duration is not None:
            yield fault, fault.at, fault.at + fault.duration


def _node_of(run: Run, fault: Fault) -> str | None:
    """Return the only node that a fault is about."""
    target = getattr(fault, "target", None)
    if isinstance(target, Cable):
        return target.node
    node = target if isinstance(fault, PowerOff) else getattr(fault, "node", None)
    return node if node in _model(run).configs else None


def _audible(run: Run, node: str, peer: str) -> list[Interval]:
    """Return when both ran and at least one way between them was whole."""
    nodes, whole = _model(run).site.nodes, list[Interval]()
    for one in nodes[node].nics.values():
        for two in nodes[peer].nics.values():
            ends, switch = [Cable(node, one.name), Cable(peer, two.name)], one.on
            if two.on == switch:
                bad = [(a, b) for f, a, b in _lasting(run) if _troubles(f, ends, switch)]
                whole += without([(0, run.end)], bad)
    return overlap(overlap(_joined(whole), _running(run, node)), _running(run, peer))


def _troubles(fault: Fault, ends: Iterable[Cable], switch: str) -> bool:
    """Tell whether a fault makes a way between two ends less than reliable."""
    match fault:
        case Cut(target=target) | Lose(target=target) | Delay(target=target):
            return target in ends
        case Isolate(node=node):
            return any(end.node == node for end in ends)
        case PowerOff(target=target):
            return target == switch
    return False


def _running(run: Run, node: str) -> list[Interval]:
    """Return when a node's daemon ran and did not stand still."""
    alive = _joined((s.begin, s.end) for s in run.spans("local") if s.who == node)
    still = [(a, b) for f, a, b in _lasting(run) if isinstance(f, Hang) and f.node == node]
    return without(alive, still)


def _joined(intervals: Iterable[Interval]) -> list[Interval]:
    out = list[Interval]()
    for a, b in sorted(intervals):
        if out and a <= out[-1][1]:
            out[-1] = (out[-1][0], max(b, out[-1][1]))
        else:
            out.append((a, b))
    return out
