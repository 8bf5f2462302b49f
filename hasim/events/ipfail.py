"""Lines of ipfail (semantics 11)."""

from __future__ import annotations

from dataclasses import dataclass

from hasim.events.base import Event

__all__ = [
    "IpfailAbortSent",
    "IpfailAborted",
    "IpfailAsk",
    "IpfailAsked",
    "IpfailAutoFailback",
    "IpfailBalanced",
    "IpfailCheck",
    "IpfailClusterNode",
    "IpfailDead",
    "IpfailDelay",
    "IpfailFailback",
    "IpfailFewer",
    "IpfailFilter",
    "IpfailFire",
    "IpfailFound",
    "IpfailJoin",
    "IpfailLegacy",
    "IpfailLink",
    "IpfailNoResources",
    "IpfailNoTimer",
    "IpfailNodeAlive",
    "IpfailNodeDead",
    "IpfailOtherStable",
    "IpfailOtherUnstable",
    "IpfailPid",
    "IpfailPingUp",
    "IpfailSendingDead",
    "IpfailSent",
    "IpfailSignal",
    "IpfailSigningIn",
    "IpfailStatus",
    "IpfailTelling",
    "IpfailTheyAre",
    "IpfailTimerDestroyed",
    "IpfailTimerOverridden",
    "IpfailTold",
    "IpfailWaiting",
    "IpfailWalk",
    "IpfailWeAre",
]


@dataclass(frozen=True, slots=True)
class IpfailStatus(Event):
    """Node status event."""

    says = "ipfail hears that {peer} is {status}."
    peer: str
    status: str


@dataclass(frozen=True, slots=True)
class IpfailLink(Event):
    """Link status event."""

    says = "ipfail hears that the link {peer}/{medium} is {status}."
    peer: str
    medium: str
    status: str


@dataclass(frozen=True, slots=True)
class IpfailNodeAlive(Event):
    """Count above zero."""

    says = "ipfail sees ping nodes after the death of a node."


@dataclass(frozen=True, slots=True)
class IpfailNodeDead(Event):
    """Count of zero; nothing follows."""

    says = "ipfail sees no ping node after the death of a node."


@dataclass(frozen=True, slots=True)
class IpfailDead(Event):
    """Count of zero; the peer is asked."""

    says = "ipfail sees no ping node after the death of a link."


@dataclass(frozen=True, slots=True)
class IpfailAsk(Event):
    """Sends num_ping_nodes."""

    says = "ipfail asks the other side for its count of ping nodes."


@dataclass(frozen=True, slots=True)
class IpfailCheck(Event):
    """After a link's death with ping nodes left."""

    says = "ipfail checks the count of the other side."


@dataclass(frozen=True, slots=True)
class IpfailPingUp(Event):
    """Ping node status event."""

    says = "A ping node has come up."


@dataclass(frozen=True, slots=True)
class IpfailTelling(Event):
    """Verdict: more."""

    says = "ipfail tells the other node that we see more ping nodes."


@dataclass(frozen=True, slots=True)
class IpfailFewer(Event):
    """Verdict: fewer."""

    says = "ipfail gives up because we see fewer ping nodes."


@dataclass(frozen=True, slots=True)
class IpfailTold(Event):
    """Verdict: told."""

    says = "ipfail gives up because it was told that we see fewer ping nodes."


@dataclass(frozen=True, slots=True)
class IpfailBalanced(Event):
    """Verdict: balanced."""

    says = "Both nodes see the same number of ping nodes."


@dataclass(frozen=True, slots=True)
class IpfailFailback(Event):
    """Balanced under auto_failback on."""

    says = "ipfail gives up the foreign resources."


@dataclass(frozen=True, slots=True)
class IpfailDelay(Event):
    """The delay of twice keepalive."""

    says = "ipfail will give up in {seconds} s."
    seconds: int


@dataclass(frozen=True, slots=True)
class IpfailAborted(Event):
    """The timer was running."""

    says = "ipfail no longer gives up."
    tag: int


@dataclass(frozen=True, slots=True)
class IpfailNoTimer(Event):
    """abort_giveup without a timer."""

    says = "ipfail has no timer to abort."


@dataclass(frozen=True, slots=True)
class IpfailFire(Event):
    """The timer fires."""

    says = "The delay of ipfail is over."


@dataclass(frozen=True, slots=True)
class IpfailNoResources(Event):
    """Exit 100."""

    says = "ipfail ends because heartbeat manages no resources."


@dataclass(frozen=True, slots=True)
class IpfailLegacy(Event):
    """Exit 100."""

    says = "ipfail ends because auto_failback is legacy."


@dataclass(frozen=True, slots=True)
class IpfailPid(Event):
    """Debug."""

    says = "ipfail runs as process {pid}."
    pid: int


@dataclass(frozen=True, slots=True)
class IpfailSigningIn(Event):
    """Debug."""

    says = "ipfail signs in with heartbeat."


@dataclass(frozen=True, slots=True)
class IpfailWeAre(Event):
    """Debug."""

    says = "ipfail runs on {node}."
    node: str


@dataclass(frozen=True, slots=True)
class IpfailTheyAre(Event):
    """Debug."""

    says = "The other node of ipfail is {node}."
    node: str


@dataclass(frozen=True, slots=True)
class IpfailAutoFailback(Event):
    """Debug."""

    says = "ipfail learns that auto_failback is {word}."
    value: int
    word: str


@dataclass(frozen=True, slots=True)
class IpfailFilter(Event):
    """Debug."""

    says = "ipfail sets its message filter."


@dataclass(frozen=True, slots=True)
class IpfailWalk(Event):
    """Debug."""

    says = "ipfail begins to list the nodes."


@dataclass(frozen=True, slots=True)
class IpfailClusterNode(Event):
    """Debug."""

    says = "ipfail lists {peer} as {status}."
    peer: str
    status: str


@dataclass(frozen=True, slots=True)
class IpfailSignal(Event):
    """Debug."""

    says = "ipfail sets its message signal."


@dataclass(frozen=True, slots=True)
class IpfailWaiting(Event):
    """Debug."""

    says = "ipfail waits for messages."


@dataclass(frozen=True, slots=True)
class IpfailJoin(Event):
    """Debug."""

    says = "The ipfail of {peer} joins."
    peer: str


@dataclass(frozen=True, slots=True)
class IpfailAsked(Event):
    """Debug."""

    says = "ipfail is asked for its count of ping nodes."


@dataclass(frozen=True, slots=True)
class IpfailFound(Event):
    """Debug."""

    says = "ipfail finds the ping node {peer}."
    peer: str


@dataclass(frozen=True, slots=True)
class IpfailSent(Event):
    """Debug."""

    says = "ipfail has sent {what}."
    what: str


@dataclass(frozen=True, slots=True)
class IpfailSendingDead(Event):
    """Debug."""

    says = "ipfail sends you_are_dead."


@dataclass(frozen=True, slots=True)
class IpfailAbortSent(Event):
    """Debug."""

    says = "ipfail has sent abort_giveup."


@dataclass(frozen=True, slots=True)
class IpfailOtherStable(Event):
    """Debug."""

    says = "ipfail hears that the other side is stable."


@dataclass(frozen=True, slots=True)
class IpfailOtherUnstable(Event):
    """Debug."""

    says = "ipfail hears that the other side is unstable."


@dataclass(frozen=True, slots=True)
class IpfailTimerDestroyed(Event):
    """Debug."""

    says = "The timer of ipfail is gone."


@dataclass(frozen=True, slots=True)
class IpfailTimerOverridden(Event):
    """Debug."""

    says = "The timer of ipfail is started anew."
