"""Bugs planted in the daemon's machines: membership, fencing, resources, standby, ipfail.

Each is a function of a :class:`pytest.MonkeyPatch`, made by :func:`around` from what it does to one
function of the package; nothing in the package knows of them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import wraps
from typing import Any

from hasim.events import RestartSeen
from hasim.protocol import fencing, liveness, receive, resources, standby
from hasim.protocol.ipfail_rules import IpfailRules
from hasim.protocol.outputs import RunHelper, RunStonith, Silence
from tests.conformance.mutants import Mutant, Patch

__all__ = [
    "around",
    "claims_of_the_silent_forgotten",
    "deadtime_halved",
    "deadtime_since_change",
    "death_never_declared",
    "fencing_failure_ignored",
    "fencing_not_awaited",
    "fencing_skipped",
    "gives_up_unasked",
    "ipfail_backwards",
    "ipfail_both",
    "ipfail_never",
    "link_dead_for_good",
    "link_death_kills_node",
    "old_generation_accepted",
    "old_numbers_accepted",
    "peers_restart_taken_for_return",
    "start_without_asking",
    "takes_at_the_question",
]

Made = Callable[..., Any]


def around(owner: Any, name: str) -> Callable[[Callable[[Made], Made]], Mutant]:
    """Plant something in the place of a function, made of what is there."""

    def decorate(make: Callable[[Made], Made]) -> Mutant:
        @wraps(make)
        def plant(patch: Patch) -> None:
            patch.setattr(owner, name, make(getattr(owner, name)))

        return plant

    return decorate


# ---- membership ---------------------------------------------------------------------------------


@around(liveness, "mark_dead")
def death_never_declared(mark_dead: Made) -> Made:
    """A node stays alive for the others however long it is silent."""

    def mark(core: Any, now: int, peer: Any, why: Any) -> None:
        if peer.ping or peer.name == core.state.name or not peer.heard:
            mark_dead(core, now, peer, why)

    return mark


@around(liveness, "hear_status")
def deadtime_halved(hear_status: Made) -> Made:
    """A node is dead after half the deadtime that it announces."""

    def hear(core: Any, now: int, peer: Any, message: Any) -> None:
        hear_status(core, now, peer, message)
        if not peer.ping and message.deadtime:
            peer.limit = message.deadtime // 2

    return hear


@around(liveness, "hear_status")
def deadtime_since_change(hear_status: Made) -> Made:
    """The deadtime counts from the last change of a status, not from the last heartbeat."""

    def hear(core: Any, now: int, peer: Any, message: Any) -> None:
        stamp, status = peer.stamp, peer.status
        hear_status(core, now, peer, message)
        if peer.name != core.state.name and peer.status == status and stamp is not None:
            peer.stamp = stamp

    return hear


@around(liveness, "tell_link")
def link_death_kills_node(tell_link: Made) -> Made:
    """A node is dead as soon as one of its links is."""

    def tell(core: Any, now: int, peer: Any, link: Any) -> None:
        tell_link(core, now, peer, link)
        if not link.up and not peer.ping and peer.status != "dead":
            liveness.mark_dead(core, now, peer, Silence(peer.name, link.device))

    return tell


@around(receive, "_refresh")
def link_dead_for_good(refresh: Made) -> Made:
    """A link that has died never comes up again."""

    def fresh(core: Any, now: int, peer: Any, link: Any) -> None:
        if link is None or link.up or core.state.comm != "up":
            refresh(core, now, peer, link)

    return fresh


@around(receive, "_sequence")
def peers_restart_taken_for_return(sequence: Made) -> Made:
    """The new life of a node is answered by a restart of one's own, as a return is."""

    def judge(core: Any, now: int, peer: Any, message: Any) -> Any:
        if 0 < peer.generation < message.generation and message.type == "status":
            liveness.partition_return(core, now, peer)
        return sequence(core, now, peer, message)

    return judge


# ---- authentication and order of packets --------------------------------------------------------


@around(receive, "_sequence")
def old_generation_accepted(sequence: Made) -> Made:
    """Any other generation than the last one heard is taken for a restart."""

    def judge(core: Any, now: int, peer: Any, message: Any) -> Any:
        if message.type == "status" and 0 < message.generation < peer.generation:
            core.tell(RestartSeen(peer.name))
            receive._forget(peer)
            peer.generation = message.generation
        return sequence(core, now, peer, message)

    return judge


@around(receive, "_sequence")
def old_numbers_accepted(sequence: Made) -> Made:
    """A packet whose number is long past is taken in all the same."""

    def judge(core: Any, now: int, peer: Any, message: Any) -> Any:
        verdict = sequence(core, now, peer, message)
        same = message.generation == peer.generation and peer.status != "dead"
        return "accept" if verdict == "drop" and same else verdict

    return judge


# ---- fencing ------------------------------------------------------------------------------------


@around(resources, "recover")
def fencing_skipped(recover: Made) -> Made:
    """A dead node is taken over from as if there were no device."""

    def hasty(core: Any, now: int, peer: Any, why: Any) -> None:
        told, core.config = core.config, replace(core.config, stonith=None)
        recover(core, now, peer, why)
        core.config = told

    return hasty


@around(resources, "recover")
def fencing_not_awaited(recover: Made) -> Made:
    """The device is asked to reset a node, and the node is taken over from before it answers."""

    def hasty(core: Any, now: int, peer: Any, why: Any) -> None:
        recover(core, now, peer, why)
        if any(isinstance(out, RunStonith) and out.peer == peer.name for out in core.out):
            resources.take_over(core, now, peer.name, why)

    return hasty


@around(fencing, "child_ended")
def fencing_failure_ignored(child_ended: Made) -> Made:
    """A reset counts as done whatever its exit code says."""

    def ended(core: Any, now: int, peer: str, pid: int, code: int) -> None:
        child_ended(core, now, peer, pid, 0 if peer else code)

    return ended


@around(resources, "recover")
def claims_of_the_silent_forgotten(recover: Made) -> Made:
    """What a node has claimed is forgotten when it falls silent: it seems to have given up."""

    def forgetful(core: Any, now: int, peer: Any, why: Any) -> None:
        if not peer.ping:
            core.resources.theirs, peer.has_resources = 0, False
        recover(core, now, peer, why)

    return forgetful


# ---- resources, standby, shutdown ---------------------------------------------------------------


@around(resources, "start")
def start_without_asking(start: Made) -> Made:
    """A node that joins acquires its groups without hearing what the other one holds."""

    def hasty(core: Any, now: int) -> None:
        start(core, now)
        resources.acquire_own(core, now, force=True)

    return hasty


@around(standby, "ask")
def takes_at_the_question(ask: Made) -> Made:
    """Who is to take a standby's groups acquires them when it is asked, not when it is told."""

    def hasty(core: Any, now: int, message: Any) -> None:
        ask(core, now, message)
        asked, own = message.get("rsc_hold"), message.origin == core.state.name
        if message.get("info") == "me" and not own and core.resources.standby == "OTHER":
            standby.go(core, now, giving=False, of=asked, said=asked)

    return hasty


@around(standby, "ask")
def gives_up_unasked(ask: Made) -> Made:
    """Who wants to go standby releases at once, whether the other one answers or not."""

    def hasty(core: Any, now: int, message: Any) -> None:
        before = core.resources.standby
        ask(core, now, message)
        if before == "NOT" and core.resources.standby == "ME":
            asked = message.get("rsc_hold")
            core.run_helper(RunHelper("go_standby", "give up", asked, asked))

    return hasty


# ---- ipfail -------------------------------------------------------------------------------------


@around(IpfailRules, "_judge")
def ipfail_backwards(judge: Made) -> Made:
    """Who sees more ping nodes gives up."""

    def backwards(self: IpfailRules, now: int) -> None:
        self.state.found, self.state.remote = self.state.remote, self.state.found
        judge(self, now)

    return backwards


@around(IpfailRules, "_delay")
def ipfail_never(delay: Made) -> Made:
    """ipfail finds out that it sees fewer ping nodes, and does nothing."""

    def never(self: IpfailRules, now: int, what: str) -> None:
        """Set no timer."""

    return never


@around(IpfailRules, "_judge")
def ipfail_both(judge: Made) -> Made:
    """ipfail gives up whatever the two counts of ping nodes are, on both sides."""

    def both(self: IpfailRules, now: int) -> None:
        self._delay(now, "all")

    return both
