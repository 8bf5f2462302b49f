"""What a node does with a packet: the receiver's algorithm (semantics 3.5 to 3.7)."""

from __future__ import annotations

from hasim.events import (
    AuthFailed,
    AuthFailedType,
    BadNode,
    FlowPaused,
    FlowResumed,
    LinkUp,
    LostALot,
    LostPackets,
    NodeListRemoved,
    NothingMissing,
    PacketLostForGood,
    ReplayAttack,
    RestartSeen,
    RexmitFailed,
    RexmitSeqHigh,
)
from hasim.protocol import liveness, resources, shutdown, standby
from hasim.protocol.core import Core
from hasim.protocol.messages import Message
from hasim.protocol.outputs import Send
from hasim.protocol.signature import refusal
from hasim.protocol.state import Link, Peer
from hasim.units import MS, Micros

__all__ = [
    "REXMIT_MOST",
    "REXMIT_PERIOD",
    "REXMIT_THROTTLE",
    "ask_again",
    "distrust",
    "receive",
]

#: A packet is sent again at most once in this time (semantics 3.6).
REXMIT_THROTTLE: Micros = 240 * MS
REXMIT_PERIOD: Micros = 250 * MS
REXMIT_MOST = 50


def receive(core: Core, now: Micros, message: Message, link: Link | None) -> None:
    """Process one copy of a message; `link` is None for the node's own loop-back."""
    cancelled = core.resources.standby_until is not None and standby.check_deadline(core, now)
    peer = core.state.peers.get(message.origin)
    if peer is None:
        core.tell(BadNode(message.origin))
        return
    peer.heard = True
    mine = message.dest is None or message.dest == core.state.name
    verdict = "accept" if mine else "drop"
    if message.seqno:
        verdict = _sequence(core, now, peer, message)
    if verdict != "drop":
        _refresh(core, now, peer, link)
        if verdict == "accept" and mine:
            _dispatch(core, now, peer, message)
    if core.state.comm == "waiting":
        liveness.check_comm_up(core, now)
        if core.state.comm == "up" and message.type == "resource" and verdict == "accept":
            # The message that completes communication is dispatched once more (semantics 3.5).
            _dispatch(core, now, peer, message)
    if cancelled:
        shutdown.retry(core, now)


def distrust(core: Core, message: Message) -> None:
    """Report a packet whose signature does not hold; it is dropped (semantics 1.5, 15.2)."""
    auth, setting = message.auth, core.setting
    assert auth is not None
    if not core.config.log_badpack:
        return
    known = next((key for key in setting.accepted if key.number == auth.number), None)
    if known is None:
        core.tell(AuthFailedType(auth.number))
    elif setting.dialect.netstring:
        for event in refusal(message, known, setting.wall_second(message.origin, message.sent_at)):
            core.tell(event)
    else:
        core.tell(AuthFailed(message.origin))


def _refresh(core: Core, now: Micros, peer: Peer, link: Link | None) -> None:
    if link is not None:
        link.stamp = now
        if not link.up:
            link.up = True
            core.tell(LinkUp(peer.name, link.device))
            liveness.tell_link(core, now, peer, link)


def _sequence(core: Core, now: Micros, peer: Peer, message: Message) -> str:
    """Return ``accept``, ``duplicate`` or ``drop`` (semantics 3.5, steps 3 to 6)."""
    seqno, restarted = message.seqno, False
    if message.generation != peer.generation or (
        message.type == "status" and peer.status == "dead"
    ):
        if message.generation < peer.generation:
            core.tell(ReplayAttack(peer.name, message.generation, peer.generation))
            return "drop"
        if message.type == "status":
            if message.generation == peer.generation:
                if seqno <= peer.status_seq:
                    return "drop"
                liveness.partition_return(core, now, peer)
            else:
                if peer.generation:
                    core.tell(RestartSeen(peer.name))
                _forget(peer)
                core.stirred = True
                peer.generation = message.generation
            restarted = True
    last = peer.last_seq
    if last is None or seqno == last + 1:
        peer.last_seq = seqno
        if not peer.missing and seqno % 10 == peer.ack_digit:
            core.send(now, "NS_ackmsg", dest=peer.name, body=(("ackseq", str(seqno)),))
        return "accept"
    if seqno == last:
        return "duplicate"
    if seqno > last:
        _gap(core, now, peer, last, seqno)
        return "accept"
    if seqno in peer.missing:
        del peer.missing[seqno]
        core.stirred = True
        if not peer.missing:
            core.tell(NothingMissing(peer.name))
        return "accept"
    if restarted:
        peer.last_seq = seqno
        peer.missing.clear()
        core.stirred = True
        return "accept"
    return "drop"


def _forget(peer: Peer) -> None:
    """A new life of the node: nothing known of the old one holds (semantics 3.5, step 3)."""
    peer.last_seq = None
    peer.status_seq = 0
    peer.has_resources = True
    peer.acked = 0
    peer.stamp = None
    peer.missing.clear()


def _gap(core: Core, now: Micros, peer: Peer, last: int, seqno: int) -> None:
    count = seqno - last - 1
    core.tell(LostPackets(count, peer.name, last, seqno))
    peer.last_seq = seqno
    if count > core.setting.dialect.gap_max:
        core.tell(LostALot())
        peer.missing.clear()
        core.stirred = True
        return
    for number in range(last + 1, seqno):
        peer.missing[number] = now + core.setting.rexmit_delay(peer.name, number)


def ask_again(core: Core, now: Micros) -> None:
    """Ask for every missing packet whose time has come (semantics 3.6)."""
    for peer in core.state.peers.values():
        if not peer.missing:
            continue
        asked = core.setting.dialect.rexmit_to_dead or peer.status in ("up", "active")
        for number, due in list(peer.missing.items()):
            if due <= now and number in peer.missing:
                peer.missing[number] = now + REXMIT_PERIOD
                if not asked:
                    continue
                fields = (("firstseq", str(number)), ("lastseq", str(number)))
                core.send(now, "NS_rexmit", dest=peer.name, body=fields)


def _dispatch(core: Core, now: Micros, peer: Peer, message: Message) -> None:
    match message.type:
        case "status" | "NS_st":
            liveness.hear_status(core, now, peer, message)
        case "NS_ackmsg":
            _hear_ack(core, peer, int(message.get("ackseq")))
        case "NS_rexmit":
            _send_again(core, now, peer, int(message.get("firstseq")), int(message.get("lastseq")))
        case "NS_nak_rexmit":
            _hear_nak(core, peer, int(message.get("firstseq")))
        case "reqnodes":
            _answer_nodes(core, now, message.origin)
        case "repnodes":
            _adopt_nodes(core, now, peer, message.get("nodelist").split())
        case "stonith":
            pass  # a notice
        case _ if core.state.comm != "up":
            pass  # its handlers do not exist yet: the message is lost (semantics 3.5, step 9)
        case "hbapi-clstat" | "num_ping_nodes" | "you_are_dead" | "abort_giveup":
            core.tell_clients(message)
        case _:
            resources.hear(core, now, message)
            core.tell_clients(message)


def _hear_ack(core: Core, peer: Peer, acked: int) -> None:
    peer.acked = max(peer.acked, acked)
    _flow(core)


def _flow(core: Core) -> None:
    """Pause clients when live nodes are far behind, resume them when not (semantics 3.7)."""
    state = core.state
    live = [p for p in state.peers.values() if not p.ping and p.status != "dead"]
    lowest = min((p.acked for p in live), default=state.seqno)
    paused = len(live) > 1 and lowest > 0 and state.seqno - lowest > core.setting.dialect.flow_max
    if paused != state.paused:
        state.paused = paused
        core.tell(FlowPaused() if paused else FlowResumed())


def _send_again(core: Core, now: Micros, peer: Peer, first: int, last: int) -> None:
    state = core.state
    lowest = next(iter(state.history), 1)
    for number in range(first, min(last, first + REXMIT_MOST - 1) + 1):
        if number > state.seqno:
            core.tell(RexmitSeqHigh(number, state.seqno))
            return
        if number < lowest:
            core.tell(RexmitFailed(number, peer.name, "seqno too low"))
            core.send(now, "NS_nak_rexmit", dest=peer.name, body=(("firstseq", str(number)),))
            continue
        sent = state.resent.get(number)
        if number <= peer.acked or (sent is not None and now - sent < REXMIT_THROTTLE):
            continue
        state.resent[number] = now
        core.out.append(Send(state.history[number], again=True))
    for number in [n for n in state.resent if n < lowest]:
        del state.resent[number]


def _hear_nak(core: Core, peer: Peer, number: int) -> None:
    if peer.missing.pop(number, None) is not None:
        core.stirred = True
        core.tell(PacketLostForGood(peer.name, number))


def _answer_nodes(core: Core, now: Micros, origin: str) -> None:
    names = [p.name for p in core.state.peers.values() if not p.ping]
    core.send(now, "repnodes", dest=origin, body=(("nodelist", " ".join(names)),))


def _adopt_nodes(core: Core, now: Micros, peer: Peer, names: list[str]) -> None:
    """Adopt the peer's node list: nodes unknown to it go (semantics 5.2)."""
    state = core.state
    if peer.name != state.name and state.comm == "asked":
        for name in [p.name for p in state.peers.values() if not p.ping]:
            if name not in names and name != state.name:
                del state.peers[name]
                for links in core.medium_links:
                    links.pop(name, None)
                core.tell(NodeListRemoved(name))
    if peer.name != state.name:
        liveness.hear_node_list(core, now)
