"""Moving a state in time: what a quiet cluster looks like a common period of its timers later.

In a cluster in which nothing happens only two things move: instants, and counts of packets.  The
state classes name both (``TIMES``, ``COUNTS``), and :func:`shift` moves them together.  That the
result equals what the full simulation reaches is the licence for leaving quiet time out.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from typing import Any, NamedTuple, TypeVar, cast

from hasim.protocol import Link, MasterState, Message, Peer
from hasim.units import Micros
from hasim.world.records import Action, Flight, JobState, MediumState, WorldState

__all__ = ["shift"]

_State = TypeVar("_State")

#: Instants that lie behind and stay there: when a life, a child, a clock's drift began.
_BEGINNINGS = frozenset({"begun_at", "ready_at", "since", "up_at"})
#: Fields of a peer that count the packets of the node which keeps the table, not the peer's own.
_OF_THE_READER = frozenset({"acked"})
#: Numbers in the body of a message: whose packets they count, by type of the message.
_ACKS = {"NS_ackmsg": "dest", "NS_rexmit": "dest", "NS_nak_rexmit": "origin"}
_NUMBERS = frozenset({"ackseq", "firstseq", "lastseq"})


class _Motion(NamedTuple):
    by_us: Micros
    counts: Mapping[str, int]
    reader: str = ""
    #: numbers of the processes that will never take another step
    stuck: frozenset[int] = frozenset()

    def of(self, name: str | None) -> int:
        return self.counts.get(name or "", 0)


def shift(state: _State, by_us: Micros, counts: Mapping[str, int]) -> _State:
    """Return a copy of a state, moved in time; the state itself stays as it is.

    Parameters
    ----------
    state : dataclass, or list, dict or tuple of such
        A world, a node, a daemon, a master: any of the classes of the state.
    by_us : int
        How far instants move, in microseconds.
    counts : mapping of str to int
        How far counts of packets move: ``"node1"`` for the sequence numbers of a node,
        ``"node1/0"`` for what it has sent on its first medium. Those left out stay.

    Notes
    -----
    What stays: beginnings (``up_at``), the schedule of faults, what is remembered of a peer or link
    that is not heard, when packets were sent again, when ARP entries were last confirmed, and a
    script that hangs for ever with those that wait for it.  For a state in which timers of one
    shot are running, or packets are in the air, the result is the same state at another time, but
    not what the simulation would reach; nor is it where timers creep (``creep`` of the site).
    """
    return cast(_State, _moved(state, _Motion(by_us, counts)))


def _moved(value: object, motion: _Motion) -> object:
    match value:
        case Message():
            return _message(value, motion)
        case Flight():
            sent = motion.of(f"{motion.reader}/sent")
            message, arrive = _message(value.message, motion), value.arrive + motion.by_us
            return value._replace(arrive=arrive, n=value.n + sent, message=message)
        case Action():
            return value
        case list():
            return [_moved(x, motion) for x in value]
        case dict():
            return {k: _moved(x, motion) for k, x in value.items()}
        case tuple() if not hasattr(value, "_fields"):
            return tuple(_moved(x, motion) for x in value)
        case _ if is_dataclass(value) and not isinstance(value, type):
            return _fields_moved(value, motion)
        case _:
            return value


def _fields_moved(value: Any, motion: _Motion) -> object:
    """Return a copy of a dataclass with its instants and counts moved."""
    unheard = (isinstance(value, Peer) and (value.status == "dead" or not value.heard)) or (
        isinstance(value, Link) and not value.up
    )
    still = isinstance(value, JobState) and value.number in motion.stuck
    times = () if unheard or still else getattr(value, "TIMES", ())
    counts = () if unheard else getattr(value, "COUNTS", ())
    inner = motion
    if isinstance(value, MasterState):
        inner = motion._replace(reader=value.name)
    elif isinstance(value, MediumState):
        medium = f"{value.node}/{value.medium}"
        found = {**motion.counts, f"{medium}/sent": motion.of(medium)}
        inner = motion._replace(counts=found, reader=medium)
    elif isinstance(value, WorldState):
        inner = motion._replace(stuck=_stuck(value.jobs))
    out = {}
    for field in fields(value):
        name, old = field.name, getattr(value, field.name)
        if name in times and old is not None and name not in _BEGINNINGS:
            out[name] = old + motion.by_us
        elif name in counts and old is not None:
            out[name] = old + motion.of(_counted(value, name, inner))
        elif unheard and name != "links":
            out[name] = _copied(old)
        else:
            out[name] = _special(value, name, old, inner)
    return type(value)(**out)


def _stuck(jobs: list[JobState]) -> frozenset[int]:
    """Return the processes that hang for ever, and those that wait for them."""
    parents = {job.number: job.parent for job in jobs}
    out: set[int] = set()
    for job in jobs:
        if job.todo and job.todo[0][0] == "never":
            number = job.number
            while number in parents:
                out.add(number)
                number = parents[number]
    return frozenset(out)


def _counted(value: Any, name: str, motion: _Motion) -> str:
    """Return whose packets a field counts."""
    if isinstance(value, MediumState):
        return motion.reader
    if isinstance(value, Peer) and value.ping:
        return ""  # its answers carry no numbers, and it acknowledges nothing
    return motion.reader if name in _OF_THE_READER else str(value.name)


def _special(value: Any, name: str, old: Any, motion: _Motion) -> object:
    """Move what is keyed by a number of a packet, or holds its instant in a pair."""
    if isinstance(value, MasterState) and name == "history":
        by = motion.of(value.name)
        return {n + by: _message(m, motion) for n, m in old.items()}
    if isinstance(value, MasterState) and name == "resent":
        return dict(old)
    if isinstance(value, Peer) and name == "missing":
        return {n + motion.of(value.name): due + motion.by_us for n, due in old.items()}
    return _moved(old, motion)


def _copied(value: Any) -> object:
    return value.copy() if isinstance(value, (list, dict)) else value


def _message(message: Message, motion: _Motion) -> Message:
    number = message.seqno + motion.of(message.origin) if message.seqno else 0
    body = message.body
    whose = _ACKS.get(message.type)
    if whose is not None:
        by = motion.of(message.dest if whose == "dest" else message.origin)
        body = tuple((k, str(int(v) + by) if k in _NUMBERS else v) for k, v in body)
    return message._replace(seqno=number, sent_at=message.sent_at + motion.by_us, body=body)
