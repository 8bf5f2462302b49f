"""Liveness, late heartbeats, partitions, communication up (semantics 4, 5.2, 12)."""

from __future__ import annotations

from hasim.events import (
    ClockJumpedBack,
    CommUp,
    DeadtimeMayBeSmall,
    DelnodelistDebug,
    LateHeartbeat,
    LinkDead,
    LocalStatus,
    NodeDead,
    NodeStatus,
    NoLocalHeartbeat,
    PartitionFaqUrl,
    PartitionReturn,
    PartitionSeeFaq,
    PartitionSeeUrl,
)
from hasim.protocol import fencing, resources, shutdown
from hasim.protocol.core import SCAN_SPACING, START_INFLATION, Core
from hasim.protocol.messages import Message
from hasim.protocol.outputs import RunScript, Silence, StartClient
from hasim.protocol.state import ClientLife, Link, Peer
from hasim.protocol.watchdog import tickle
from hasim.units import MS, SECOND, Micros

__all__ = [
    "PARTITION_RESTART",
    "REQNODES_RETRY",
    "check_comm_up",
    "comm_now_up",
    "hear_node_list",
    "hear_status",
    "mark_dead",
    "partition_return",
    "retry_reqnodes",
    "scan",
    "set_local_status",
    "start_client",
    "tell_link",
]

REQNODES_RETRY: Micros = SECOND
PARTITION_RESTART: Micros = 2 * SECOND
#: Ages within this of a limit are compared by readings; others are clear without them.
_NEAR: Micros = 50 * MS


def scan(core: Core, now: Micros) -> None:
    """Look for nodes and links that have been silent too long (semantics 4.2).

    Links are judged after all nodes, by the limit left over from the last node of the table.
    Once all nodes have been heard each has its own limit, also while the node list is asked for:
    recorded against semantics 4.1, which lets initdead hold until communication is up.
    """
    state = core.state
    if now - state.last_scan < SCAN_SPACING:
        return
    state.last_scan = now
    if state.clock_back:
        state.clock_back = False
        core.tell(ClockJumpedBack())
        return
    if now < core.quiet_until:
        return
    initdead = core.config.initdead
    limit: Micros = 0
    said, clear = len(core.out), list[Micros]()
    for peer in state.peers.values():
        limit = initdead if state.comm == "waiting" else peer.limit
        if peer.status != "dead" and peer.stamp is not None:
            clear.append(peer.stamp + limit - _NEAR)
            if _older(core, now, peer.stamp, limit):
                mark_dead(core, now, peer, Silence(peer.name, None))
    for peer in state.peers.values():
        if peer.name == state.name:
            continue
        for link in peer.links:
            if link.up:
                clear.append(link.stamp + limit - _NEAR)
                if _older(core, now, link.stamp, limit):
                    link.up = False
                    core.tell(LinkDead(peer.name, link.device), Silence(peer.name, link.device))
                    tell_link(core, now, peer, link)
    check_comm_up(core, now)
    resources.check_request_delay(core, now)
    if state.comm == "up" and len(core.out) == said and state.resources.rstate != "RSCRCVD":
        # Stamps only grow: before that no scan finds anything, unless an event changes the picture.
        core.quiet_until = min(clear, default=0)


def _older(core: Core, now: Micros, stamp: Micros, limit: Micros) -> bool:
    """Tell whether a stamp is strictly older than a limit, in ticks as the daemon reads them."""
    age = now - stamp
    if age < limit - _NEAR:
        return False
    return age > limit + _NEAR or core.age(now, stamp) > limit


def mark_dead(core: Core, now: Micros, peer: Peer, why: Silence | None) -> None:
    """Declare a node dead (semantics 4.5)."""
    core.tell(NodeDead(peer.name), why)
    if peer.name == core.state.name:
        core.tell(NoLocalHeartbeat(), why)
        shutdown.end(core, now, "restart")
        return
    peer.status = "dead"
    resources.recover(core, now, peer, why)
    peer.heard = False
    peer.last_seq = None
    if core.setting.dialect.rexmit_to_dead:
        return
    peer.missing.clear()
    core.stirred = True


def hear_status(core: Core, now: Micros, peer: Peer, message: Message) -> None:
    """Take in an accepted status of a node or an answer of a ping node (semantics 4.6, 4.7)."""
    if not peer.ping and message.seqno < peer.status_seq and _older_second(core, peer, message):
        return
    peer.status_sent = message.sent_at
    if not peer.ping:
        peer.status_seq = max(peer.status_seq, message.seqno)
        if message.deadtime and message.deadtime != peer.limit:
            peer.limit = message.deadtime
            core.quiet_until = 0
    previous, peer_is_self = peer.stamp, peer.name == core.state.name
    peer.stamp = now
    if peer_is_self:
        tickle(core)
    # Nothing is late unless a whole warntime has passed; a keepalive is far below that.
    if previous is not None and now - previous > core.config.warntime - _NEAR:
        _judge_lateness(core, now, peer, core.age(now, previous))
    if message.status != peer.status and message.status is not None:
        peer.status = message.status
        if not peer_is_self:
            core.tell(NodeStatus(peer.name, message.status))
            core.tell_clients(message)
            if not peer.ping:
                core.queue_script(RunScript("status", peer.name, message.status))


def _older_second(core: Core, peer: Peer, message: Message) -> bool:
    """Tell whether a status was stamped in an earlier second than the last one (semantics 3.6).

    One of the same second counts although it was overtaken: a node that has been heard ``active``
    on one medium can be ``up`` again for an instant by what comes late on another.
    """
    second = core.setting.wall_second
    return second(peer.name, message.sent_at) < second(peer.name, peer.status_sent)


def _judge_lateness(core: Core, now: Micros, peer: Peer, interval: Micros) -> None:
    over = core.setting.dialect.late_kills and interval > core.config.deadtime
    if over or interval > core.config.warntime:
        core.tell(LateHeartbeat(peer.name, interval // MS, over))
        if over and peer.name != core.state.name:
            mark_dead(core, now, peer, None)


def partition_return(core: Core, now: Micros, peer: Peer) -> None:
    """A dead node of the same generation speaks: say so and restart in 2 s (semantics 12.2)."""
    for event in (
        PartitionReturn(peer.name),
        PartitionSeeUrl(),
        DeadtimeMayBeSmall(),
        PartitionSeeFaq(),
        PartitionFaqUrl(),
    ):
        core.tell(event)
    core.send_status(now)
    if not core.config.manages:
        return  # ccm and its like merge what they hold (semantics 13)
    if core.state.restart_due is None and not core.state.shutdown.asked:
        core.state.restart_due = now + PARTITION_RESTART
        core.stirred = True


def check_comm_up(core: Core, now: Micros) -> None:
    """Communication is up when every node has been heard or is dead (semantics 5.2)."""
    state = core.state
    if state.comm != "waiting":
        return
    for peer in state.peers.values():
        if not peer.heard and peer.status != "dead":
            return
    state.comm = "asked"
    _ask_for_nodes(core, now)


def retry_reqnodes(core: Core, now: Micros) -> None:
    """No answer to the request for the node list: ask the next live peer."""
    core.state.reqnodes_due = None
    if core.state.comm == "asked":
        _ask_for_nodes(core, now)


def _ask_for_nodes(core: Core, now: Micros) -> None:
    state = core.state
    live = [
        p.name
        for p in state.peers.values()
        if not p.ping and p.name != state.name and p.status != "dead"
    ]
    if not live:
        comm_now_up(core, now)
        return
    at = live.index(state.asked) + 1 if state.asked in live else 0
    state.asked = live[at % len(live)]
    state.reqnodes_due = now + REQNODES_RETRY
    core.stirred = True
    core.send(now, "reqnodes", dest=state.asked)


def hear_node_list(core: Core, now: Micros) -> None:
    """The peer's node list has come: communication is up."""
    core.tell(DelnodelistDebug())
    if core.state.comm == "asked":
        comm_now_up(core, now)


def comm_now_up(core: Core, now: Micros) -> None:
    """Become active and start the clients, once in the life of the process (semantics 5.2)."""
    state = core.state
    state.comm, state.reqnodes_due = "up", None
    core.tell(CommUp())
    set_local_status(core, now, "active")
    if core.config.manages:
        resources.start(core, now)
        fencing.check(core)
    for respawn in core.config.respawn:
        start_client(core, now, respawn.command)
    shutdown.comm_is_up(core, now)


def start_client(
    core: Core, now: Micros, command: str, *, late: bool = False, slow: bool = False
) -> None:
    """Fork a respawn client; the announced deadtime is inflated for that instant (4.1, 5.2)."""
    state = core.state
    life = state.clients.get(command)
    if life is None:
        state.clients[command] = ClientLife(now)
    else:
        life.since, life.running = now, True
    if state.pop_due is not None:
        core.out.append(StartClient(command, late, slow))
        return
    state.deadtime = core.config.deadtime + START_INFLATION
    core.send_status(now)
    core.out.append(StartClient(command, late, slow))
    state.deadtime = core.config.deadtime
    core.send_status(now)


def tell_link(core: Core, now: Micros, peer: Peer, link: Link) -> None:
    """Tell the clients that a link has come up or died (semantics 4.4)."""
    name, status = core.state.name, "up" if link.up else "dead"
    body = (("node", peer.name), ("ifname", link.device))
    core.tell_clients(Message("ifstat", name, 0, 0, name, status, 0, now, None, body))


def set_local_status(core: Core, now: Micros, status: str) -> None:
    """Change the own status: it is sent, then logged."""
    core.state.status = status
    core.send_status(now)
    core.tell(LocalStatus(status))
