"""How far the wall clocks of nodes are apart: bounds from messages that both ends tell of.

A message is sent before it is received. Where a line of one node tells of the sending and a line
of the other of the receipt, their stamps bound the difference of the two clocks from one side;
messages in the other direction bound it from the other. The difference may drift, and jump where
one of the clocks was set.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

from hasim import events as ev
from hasim.events import Event
from hasim.reading.matching import Flow, followed
from hasim.reading.stretches import Stretch, fitted
from hasim.units import DAY, SECOND, Micros, date_of, duration_text

__all__ = ["Message", "Skew", "estimated", "heard_by", "sent_by", "wall_text"]

#: A clock that was set left a silence in its node's log, or nearly so long a one.
_NEARLY: Micros = 5 * SECOND

#: What was sent: a kind of message, its sender, and what else both ends tell of it.
Message = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class Skew:
    """The clock of a node against that of another, both as their lines show them.

    A node has one, or one for each stretch of time, where the difference has jumped or its drift
    has changed.

    Parameters
    ----------
    node, against : str
        `node` shows `offset_us` more than `against` at the same instant.
    offset_us : int
        The estimate: the middle of the bounds where both are known. Of a drifting clock: when
        `against` shows `at_us`.
    low_us, high_us : int or None
        Bounds; None where no message tells. Without any, nothing is known and the clocks are taken
        for equal.
    pairs : int
        Messages that both ends tell of.
    odd : int
        Those that contradict the bounds.
    given : bool
        True where the user has told it.
    drift_ppb : int
        By how much the clock of `node` is faster, in nanoseconds a second.
    at_us : int
        See `offset_us`; microseconds since 1970.
    since_us : int or None
        What the clock of `node` shows where the stretch begins; None for the first one.
    """

    node: str
    against: str
    offset_us: Micros
    low_us: Micros | None = None
    high_us: Micros | None = None
    pairs: int = 0
    odd: int = 0
    given: bool = False
    drift_ppb: int = 0
    at_us: Micros = 0
    since_us: Micros | None = None

    @property
    def uncertainty_us(self) -> Micros | None:
        """Half the distance of the bounds; None where one is missing."""
        if self.low_us is None or self.high_us is None:
            return None
        return (self.high_us - self.low_us) // 2

    def __str__(self) -> str:
        size = duration_text(abs(self.offset_us) // 1000 * 1000)
        where = "ahead of" if self.offset_us > 0 else "behind"
        apart = f"{size} {where}" if self.offset_us else "as"
        told = f"the clock of {self.node} is {apart} that of {self.against}"
        if self.since_us is not None:
            told = f"from {wall_text(self.since_us)} on {told}"
        if self.given:
            return f"{told}, as told"
        if not self.pairs:
            return f"{told}: assumed, no message of the one is told of by the other"
        if self.drift_ppb:
            a_day = duration_text(abs(self.drift_ppb) * DAY // SECOND // 1_000_000 * 1000)
            verb = "gains" if self.drift_ppb > 0 else "loses"
            told += f" at {wall_text(self.at_us)}, and {verb} {a_day} a day"
        if self.uncertainty_us is None:
            bound = "at most" if self.low_us is None else "at least"
            edge = self.high_us if self.low_us is None else self.low_us
            assert edge is not None
            how = f"{bound} {duration_text(edge // 1000 * 1000)}: all messages go one way"
        else:
            how = f"+-{duration_text(self.uncertainty_us // 1000 * 1000)}"
        odd = f", {self.odd} contradict" if self.odd else ""
        return f"{told} ({how}, {self.pairs} messages{odd})"


def wall_text(at: Micros) -> str:
    """Return an instant in microseconds since 1970 as a date and a time of day."""
    days, rest = divmod(at // SECOND, DAY // SECOND)
    year, month, day = date_of(days)
    hour, minute = rest // 3600, rest // 60 % 60
    return f"{year:04}-{month:02}-{day:02} {hour:02}:{minute:02}:{rest % 60:02}"


def sent_by(event: Event, node: str) -> list[Message]:
    """Return the messages that a line tells its node has sent just then."""
    match event:
        case ev.LocalStatus(status=status):
            return [("status", node, status)]
        case ev.StandbyAsk(by=by, set=group):
            return [("ask" if by == node else "can", node, group)]
        case ev.StandbyReleased(set=group):
            return [("released", node, group)]
        case ev.StandbyAcquired(set=group):
            return [("acquired", node, group)]
        case ev.GiveupDone():
            return [("shutdown", node, "")]
        case ev.GenerationSet():
            return [("start", node, "")]
        case ev.IpfailTelling():
            return [("fewer", node, "")]
        case ev.IpfailAsk():
            return [("count", node, "")]
    return []


def heard_by(event: Event, node: str, others: Iterable[str]) -> list[Message]:
    """Return the messages that a node tells to have received; of any of `others` if need be."""
    match event:
        case ev.NodeStatus(peer=peer, status=status):
            return [("status", peer, status)]
        case ev.StandbyAsk(by=by, set=group):
            return [] if by == node else [("ask", by, group)]
        case ev.StandbyCan(peer=peer, set=group):
            return [("can", peer, group)]
        case ev.StandbyAcquire(peer=peer, set=group):
            return [("released", peer, group)]
        case ev.ShutdownNotice(peer=peer):
            return [("shutdown", peer, "")]
        case ev.RestartSeen(peer=peer):
            return [("start", peer, "")]
        case ev.StandbyOtherDone(set=group):
            return [("acquired", other, group) for other in others]
        case ev.IpfailTold():
            return [("fewer", other, "") for other in others]
        case ev.IpfailAsked():
            return [("count", other, "") for other in others]
    return []


_Times = dict[Message, list[Micros]]


def estimated(lines: Mapping[str, Sequence[tuple[Micros, Event]]]) -> list[Skew]:
    """Return the skews of every node but the first, against the nearest one that has messages.

    Parameters
    ----------
    lines : mapping
        Of every node its lines: readings of its own clock, in order, and events.
    """
    nodes = list(lines)
    sent: dict[str, _Times] = {}
    heard: dict[str, _Times] = {}
    for node in nodes:
        others = [other for other in nodes if other != node]
        sent[node], heard[node] = _times(lines[node], node, others)
    known, out = nodes[:1], []
    rest = nodes[1:]
    while rest:
        tried = [_between(a, b, sent, heard, lines) for b in rest for a in known]
        best = max(tried, key=lambda skews: sum(skew.pairs for skew in skews))
        out += best
        known.append(best[0].node)
        rest.remove(best[0].node)
    return out


def _times(
    lines: Iterable[tuple[Micros, Event]], node: str, others: Sequence[str]
) -> tuple[_Times, _Times]:
    sent: _Times = defaultdict(list)
    heard: _Times = defaultdict(list)
    for at, event in lines:
        for message in sent_by(event, node):
            sent[message].append(at)
        for message in heard_by(event, node, others):
            heard[message].append(at)
    return sent, heard


def _between(
    a: str,
    b: str,
    sent: Mapping[str, _Times],
    heard: Mapping[str, _Times],
    lines: Mapping[str, Sequence[tuple[Micros, Event]]],
) -> list[Skew]:
    """Bound by how much the clock of `b` is ahead of that of `a`."""
    flows = [*_flows(sent[a], heard[b], a, forth=True), *_flows(sent[b], heard[a], b, forth=False)]
    bounds = followed(flows)
    boots = _boots(lines[a]), _boots(lines[b])
    cuts = {
        *(sum(bound.at < boot for bound in bounds) for boot in boots[0]),
        *(sum(bound.shown < boot for bound in bounds) for boot in boots[1]),
    }
    found = fitted(bounds, sorted(cuts)) if bounds else []
    parts = _believed(
        found, _Clock(_stamps(lines[a]), boots[0]), _Clock(_stamps(lines[b]), boots[1])
    )
    return [
        Skew(
            b, a, one.offset, one.low, one.high, one.pairs, one.odd,
            drift_ppb=one.ppb, at_us=one.begin, since_us=since,
        )
        for since, one in parts
    ] or [Skew(b, a, 0)]  # fmt: skip


def _flows(sent: _Times, heard: _Times, sender: str, forth: bool) -> list[Flow]:
    return [
        Flow(forth, tuple(sorted(sent[m])), tuple(sorted(heard[m])))
        for m in sorted(sent.keys() & heard.keys())
        if m[1] == sender
    ]


def _stamps(lines: Sequence[tuple[Micros, Event]]) -> list[Micros]:
    return [at for at, _ in lines]


class _Clock(NamedTuple):
    """What the lines of a node show of its clock: their stamps, and those at which it boots."""

    stamps: Sequence[Micros]
    boots: Sequence[Micros]


def _boots(lines: Sequence[tuple[Micros, Event]]) -> list[Micros]:
    return [at for at, event in lines if isinstance(event, ev.BootSeen)]


def _believed(
    found: Sequence[Stretch], a: _Clock, b: _Clock
) -> list[tuple[Micros | None, Stretch]]:
    """Return stretches with where they begin, by the second clock; doubtful ones are left out.

    Where the difference has jumped, one of the machines has booted in between, or its clock was set
    forward: its node's log must show a silence of that length. (A clock that is set back is seen by
    its own lines, and mended there.)
    """
    out: list[tuple[Micros | None, Stretch]] = []
    for one in found:
        since = None
        while out and (since := _set_at(out[-1][1], one, a, b)) is None:
            if one.pairs <= out[-1][1].pairs:
                break
            out.pop()
        if not out or since is not None:
            out.append((since, one))
    return out


def _set_at(old: Stretch, new: Stretch, a: _Clock, b: _Clock) -> Micros | None:
    """Return what the second clock showed where one was set; None where nothing allows it."""
    ahead = old.offset + (old.end - old.begin) * old.ppb // 1_000_000_000
    jump = new.offset - ahead
    # By the time of the new stretch: what one of them shows where it boots.
    booted = [at for at in b.boots if old.last - abs(jump) < at <= new.shown]
    booted += [at + new.offset for at in a.boots if old.end - abs(jump) < at <= new.begin]
    if booted:
        return max(booted)
    if new.begin < old.end or new.shown < old.last:
        return None
    if jump > 0:
        silence = _silence(b.stamps, old.last, new.shown)
        return silence[1] if silence[1] - silence[0] >= jump - _NEARLY else None
    silence = _silence(a.stamps, old.end, new.begin)
    return silence[0] + ahead + SECOND if silence[1] - silence[0] >= -jump - _NEARLY else None


def _silence(stamps: Sequence[Micros], begin: Micros, end: Micros) -> tuple[Micros, Micros]:
    """Return the longest silence between two lines."""
    inside = stamps[bisect_left(stamps, begin) : bisect_right(stamps, end)]
    pairs = pairwise(inside)
    return max(pairs, key=lambda pair: pair[1] - pair[0], default=(begin, begin))
