"""Who holds what: the resource state machine (semantics 5.3 to 5.10).

``local`` are the groups whose preferred owner is this node, ``foreign`` all others.  What a node
claims is told to the other in ``resource`` messages; a claim is no proof that a script has run.
"""

from __future__ import annotations

from hasim.events import (
    AcquireOwnNone,
    AcquiringFrom,
    AutoFailbackDelayed,
    BothOwn,
    DeadGaveUp,
    DisksUnprotected,
    Event,
    MachDownDone,
    NoOneOwns,
    NoStonithDevice,
    ResourceInState,
    ShutdownNotice,
    StandbyCancelled,
    StartingDuringTakeover,
    StartingInState,
    TakeoverCancelled,
    TransitionLocal,
    TransitionRemote,
)
from hasim.protocol import shutdown, standby
from hasim.protocol.claims import ALL, FOREIGN, LOCAL, RSTATES, bits
from hasim.protocol.core import Core
from hasim.protocol.holding import announce, send_held, stable
from hasim.protocol.messages import Message
from hasim.protocol.outputs import RunHelper, RunScript, Silence
from hasim.protocol.state import Peer
from hasim.units import SECOND, Micros

__all__ = [
    "FAILBACK_RETRY",
    "RQSTDELAY",
    "acquire_own",
    "check_request_delay",
    "hear",
    "helper_done",
    "recover",
    "start",
    "take_over",
    "try_failback",
]

#: How long a node waits for the other to say that it is stable (semantics 5.6).
RQSTDELAY: Micros = 10 * SECOND
FAILBACK_RETRY: Micros = SECOND
_QUEUED = ("ip-request", "ip-request-resp", "hb_takeover")


def start(core: Core, now: Micros) -> None:
    """Begin to deal with resources: communication has come up (semantics 5.2)."""
    r = core.resources
    if all(p.status != "dead" for p in core.state.peers.values()):
        r.foreign_done = True
    if core.nice:
        r.rstate = "STARTING"
        core.send(now, "starting")
    else:
        acquire_own(core, now, force=True)


def hear(core: Core, now: Micros, message: Message) -> None:
    """Take in a message about resources, the node's own included (semantics 5.5, 5.3, 7)."""
    own = message.origin == core.state.name
    if not core.config.manages:
        return
    match message.type:
        case "starting" | "resource" | "shutdone":
            _process(core, now, message, own)
            if message.type == "shutdone":
                _after_shutdone(core, now, message.origin, own)
        case "ask_resources":
            standby.ask(core, now, message)
        case "ip-request" if own:
            return
        case kind if kind in _QUEUED:
            if kind == "ip-request-resp" and core.state.shutdown.asked:
                return
            core.queue_script(RunScript(kind, message.origin, message.status, message.body))


# ---- the messages starting, resource, shutdone ------------------------------------------------


def _process(core: Core, now: Micros, message: Message, own: bool) -> None:
    r = core.resources
    shutdown.retry(core, now)
    if not core.nice:
        return
    if r.quick:
        r.rstate = "STABLE"
    match message.type:
        case "starting":
            new = r.rstate if own else _starting(core, now)
        case "resource":
            new = _resource(core, now, message, own)
        case _:
            new = _shutdone(core, now, own)
    if new is None:
        return
    r.rstate = new
    if new == "RSCRCVD":
        core.quiet_until = 0
        if r.takeover_from is None:
            r.takeover_from = now
    _audit(core)
    shutdown.retry(core, now)


def _starting(core: Core, now: Micros) -> str | None:
    """The other node has come up and knows nothing yet."""
    r = core.resources
    new = r.rstate
    if new == "STARTING":
        new = "BOTHSTARTING"
        r.foreign_done = True
        announce(core, "HB_R_BOTHSTARTING")
    elif new not in ("RSCRCVD", "STABLE", "SHUTDOWN"):
        core.tell(StartingInState(RSTATES.index(new)))
        return None
    r.other_stable = False
    if r.takeover:
        core.tell(StartingDuringTakeover())
    send_held(core, now, new == "STABLE")
    return new


def _resource(core: Core, now: Micros, message: Message, own: bool) -> str | None:
    r = core.resources
    new = r.rstate
    if new in ("STARTING", "BOTHSTARTING"):
        new = "RSCRCVD"
        if core.config.auto_failback == "off":
            r.foreign_done = True
            announce(core, "T_RESOURCES")
    elif new == "INIT":
        core.tell(ResourceInState(0))
        return None
    claim = bits(message.get("rsc_hold"))
    full = message.get("rtype") == "full" or not claim
    if own:
        return _own_claim(core, claim if full else r.mine | claim, message.get("info"), new)
    r.theirs = claim if full else r.theirs | claim
    stable = message.get("isstable")
    if stable == "1" and not r.other_stable:
        core.tell(TransitionRemote())
        r.other_stable = True
        send_held(core, now, new == "STABLE")
        try_failback(core, now)
    elif stable == "0":
        r.other_stable = False
    if new not in ("STABLE", "SHUTDOWN") and r.other_stable:
        core.tell(TransitionRemote())
        acquire_own(core, now)
        new = r.rstate = "STABLE"
        send_held(core, now, True)
        try_failback(core, now)
        r.foreign_done = True
        if core.config.auto_failback == "off" and r.theirs & FOREIGN:
            r.local_done = True
        announce(core, "T_RESOURCES(them)")
    return new


def _own_claim(core: Core, claim: int, info: str, new: str) -> str:
    """Hear the own claim, as a helper or the master itself has just sent it."""
    r = core.resources
    r.mine = claim
    if r.mine & LOCAL:
        r.local_done = True
        announce(core, "T_RESOURCES(us)")
    if info == "mach_down":
        core.tell(MachDownDone())
        r.takeover = False
        r.mine |= FOREIGN
        r.failback_due = r.other_stable = r.foreign_done = True
        announce(core, "mach_down")
    return "SHUTDOWN" if info == "shutdown" else new


def _shutdone(core: Core, now: Micros, own: bool) -> str:
    r = core.resources
    if own:
        r.mine = 0
        return "SHUTDOWN"
    r.other_stable = True
    r.theirs = 0
    if r.mine != ALL and not core.state.shutdown.asked:
        r.standby = "DONE"
        lacking = {LOCAL: "foreign", FOREIGN: "local"}.get(r.mine, "all")
        # The helper reports the set of the last standby, not the one it works on (semantics 18.1).
        standby.go(core, now, giving=False, of=lacking, said=r.standby_set)
    return r.rstate


def _after_shutdone(core: Core, now: Micros, origin: str, own: bool) -> None:
    if own:
        shutdown.given_up(core, now)
        return
    core.state.peers[origin].has_resources = False
    core.tell(ShutdownNotice(origin))
    take_over(core, now, origin)


# ---- acquiring, failing back ------------------------------------------------------------------


def acquire_own(core: Core, now: Micros, *, force: bool = False) -> None:
    """Acquire the node's own groups (semantics 5.6)."""
    r, state = core.resources, core.state
    if state.shutdown.asked:
        return
    held = bool(r.theirs & FOREIGN or r.mine & LOCAL)
    if core.nice and not force and held and r.standby == "NOT":
        core.tell(AcquireOwnNone())
        return
    r.mine |= LOCAL
    r.alone = all(p.status != "active" for p in _others(core))
    core.run_helper(RunHelper("req_our_resources", legacy_peer=not (core.nice or r.alone)))


def check_request_delay(core: Core, now: Micros) -> None:
    """The other node has not said in ten seconds that it is stable: acquire (semantics 5.6)."""
    r = core.resources
    if r.rstate != "RSCRCVD" or r.takeover_from is None or not core.nice:
        return
    if core.age(now, r.takeover_from) <= RQSTDELAY:
        return
    r.rstate = "STABLE"
    acquire_own(core, now)
    core.tell(TransitionLocal())
    send_held(core, now, True)
    _audit(core)


def try_failback(core: Core, now: Micros) -> None:
    """Give foreign groups back if that is due and the other can take them (semantics 5.8)."""
    r = core.resources
    due = r.failback_due and bool(r.mine & FOREIGN) and core.config.auto_failback == "on"
    if not due or core.state.shutdown.asked:
        r.failback_due = False
        return
    if r.standby != "NOT" or not r.other_stable or r.rstate != "STABLE":
        core.tell(AutoFailbackDelayed())
        r.failback_at = now + FAILBACK_RETRY
        return
    r.failback_due = False
    core.send(now, "ask_resources", body=(("rsc_hold", "foreign"), ("info", "me")))


def helper_done(core: Core, kind: str, origin: str) -> None:
    """Note what the exit of a helper means for the first acquisition (semantics 5.5)."""
    r = core.resources
    if kind == "ip-request-resp" or (kind == "req_our_resources" and r.alone):
        r.local_done = True
        announce(core, kind)
    elif kind == "status" and not core.nice:
        peer = core.state.peers.get(origin)
        if peer is not None and peer.status == "dead":
            r.foreign_done = True
            announce(core, kind)


def _audit(core: Core) -> None:
    """Look for claims that contradict each other, or are missing (semantics 5.9)."""
    r = core.resources
    said: list[Event] = []
    if r.mine & LOCAL and r.theirs & FOREIGN:
        said.append(BothOwn("our"))
    if r.theirs & LOCAL and r.mine & FOREIGN:
        said.append(BothOwn("foreign"))
    if stable(core) and not core.state.shutdown.asked:
        if not (r.mine & LOCAL or r.theirs & FOREIGN):
            said.append(NoOneOwns("local"))
        if not (r.mine & FOREIGN or r.theirs & LOCAL):
            said.append(NoOneOwns("foreign"))
    for event in said:
        core.tell(event)


# ---- the death of a node ----------------------------------------------------------------------


def recover(core: Core, now: Micros, peer: Peer, why: Silence | None) -> None:
    """Decide about the resources of a node that has just died of `why` (semantics 5.7)."""
    r, state = core.resources, core.state
    if r.standby != "NOT" and not peer.ping:
        core.tell(StandbyCancelled(), why)
        r.standby, r.standby_until = "NOT", None
        if not r.other_stable and r.mine == ALL:
            r.other_stable = True
    shutdown.retry(core, now)
    core.tell_clients(_death_notice(core, now, peer))
    if not core.config.manages:
        return
    if peer.ping:
        core.queue_script(RunScript("status", peer.name, "dead"))
        return
    if state.shutdown.asked:
        if r.rstate not in ("SHUTDOWN", "STABLE"):
            shutdown.give_up(core, now)
        return
    r.failback_due = True
    gave_up = r.theirs == 0 if core.nice else not peer.has_resources
    if not (peer.heard and gave_up):
        if core.config.stonith:
            core.run_stonith(peer.name)
            return
        _stonith_notice(core, now, peer.name, "n_stnth")
        core.tell(NoStonithDevice(), why)
        core.tell(DisksUnprotected(), why)
        take_over(core, now, peer.name, why)
        return
    core.tell(DeadGaveUp(peer.name), why)
    _stonith_notice(core, now, peer.name, "unneeded")
    if core.nice:
        if r.mine == ALL:
            r.other_stable = True
            return
        if not r.mine & LOCAL:
            acquire_own(core, now, force=True)
        if not r.mine & FOREIGN:
            take_over(core, now, peer.name, why)


def take_over(core: Core, now: Micros, peer: str, why: Silence | None = None) -> None:
    """Acquire everything that a node has held (semantics 5.7)."""
    r, state = core.resources, core.state
    if state.shutdown.asked:
        core.tell(TakeoverCancelled(), why)
        shutdown.retry(core, now)
        return
    core.tell(AcquiringFrom(peer), why)
    core.queue_script(RunScript("status", peer, "dead"))
    if core.nice:
        r.mine |= FOREIGN
        r.theirs = 0
        r.other_stable = r.takeover = True
    acquire_own(core, now, force=True)


def _stonith_notice(core: Core, now: Micros, peer: str, result: str) -> None:
    core.send(now, "stonith", body=(("node", peer), ("result", result)))


def _death_notice(core: Core, now: Micros, peer: Peer) -> Message:
    """Return the message by which clients on this node learn of a death (semantics 4.5)."""
    name = core.state.name
    return Message("status", peer.name, peer.generation, 0, name, "dead", 0, now, None)


def _others(core: Core) -> list[Peer]:
    name = core.state.name
    return [p for p in core.state.peers.values() if not p.ping and p.name != name]
