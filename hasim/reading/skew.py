"""How far the wall clocks of nodes are apart: bounds from messages that both ends tell of.

A message is sent before it is received. Where a line of one node tells of the sending and a line
of the other of the receipt, their stamps bound the difference of the two clocks from one side;
messages in the other direction bound it from the other. Which lines belong together is found by
voting: the difference under which most of them do.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from hasim import events as ev
from hasim.events import Event
from hasim.units import SECOND, Micros, duration_text

__all__ = ["Message", "Skew", "estimated", "heard_by", "sent_by"]

#: A message is told of at the other end within so much; the stamps are of a second each.
_LATENCY: Micros = 3 * SECOND
_GRAIN: Micros = SECOND
#: Differences beyond this are no matter of clocks.
_FARTHEST: Micros = 400 * 86_400 * SECOND
_LINES_MAX = 120
_TRIED_MAX = 600

#: What was sent: a kind of message, its sender, and what else both ends tell of it.
Message = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class Skew:
    """The clock of a node against that of another, both as their lines show them.

    Parameters
    ----------
    node, against : str
        `node` shows `offset_us` more than `against` at the same instant.
    offset_us : int
        The estimate: the middle of the bounds where both are known.
    low_us, high_us : int or None
        Bounds; None where no message tells. Without any, nothing is known and the clocks are taken
        for equal.
    pairs : int
        Messages that both ends tell of.
    odd : int
        Those that contradict the bounds: the clock has drifted, or was set.
    given : bool
        True where the user has told it.
    """

    node: str
    against: str
    offset_us: Micros
    low_us: Micros | None = None
    high_us: Micros | None = None
    pairs: int = 0
    odd: int = 0
    given: bool = False

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
        if self.given:
            return f"{told}, as told"
        if not self.pairs:
            return f"{told}: assumed, no message of the one is told of by the other"
        if self.uncertainty_us is None:
            bound = "at most" if self.low_us is None else "at least"
            edge = self.high_us if self.low_us is None else self.low_us
            assert edge is not None
            how = f"{bound} {duration_text(edge // 1000 * 1000)}: all messages go one way"
        else:
            how = f"+-{duration_text(self.uncertainty_us // 1000 * 1000)}"
        odd = f", {self.odd} contradict: it has drifted or was set" if self.odd else ""
        return f"{told} ({how}, {self.pairs} messages{odd})"


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
    """Return the skew of every node but the first, against the nearest one that has messages.

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
        tried = [_between(a, b, sent, heard) for b in rest for a in known]
        best = max(tried, key=lambda skew: skew.pairs)
        out.append(best)
        known.append(best.node)
        rest.remove(best.node)
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


def _between(a: str, b: str, sent: Mapping[str, _Times], heard: Mapping[str, _Times]) -> Skew:
    """Bound by how much the clock of `b` is ahead of that of `a`."""
    to_b = _common(sent[a], heard[b], a)
    to_a = _common(sent[b], heard[a], b)
    guess = _voted(to_b, to_a)
    if guess is None:
        return Skew(b, a, 0)
    highs = [r - s + _GRAIN for s, r in _pairs(to_b, guess)]
    lows = [s - r - _GRAIN for s, r in _pairs(to_a, -guess)]
    return _bounded(a, b, lows, highs)


def _common(sent: _Times, heard: _Times, sender: str) -> list[tuple[list[Micros], list[Micros]]]:
    return [
        (sorted(sent[m])[:_LINES_MAX], sorted(heard[m])[:_LINES_MAX])
        for m in sorted(sent.keys() & heard.keys())
        if m[1] == sender
    ]


_Common = list[tuple[list[Micros], list[Micros]]]


def _voted(to_b: _Common, to_a: _Common) -> Micros | None:
    """Return the difference under which most lines of sending have one of receipt."""
    tried: dict[Micros, None] = {}
    # The rarest messages first: they are the least likely to be taken for each other.
    for times, sign in sorted(
        [(t, 1) for t in to_b] + [(t, -1) for t in to_a],
        key=lambda found: len(found[0][0]) * len(found[0][1]),
    ):
        for s in times[0]:
            for r in times[1]:
                # Half a second is what a message takes, more or less.
                guess = sign * (r - s) // SECOND * SECOND
                if abs(guess) <= _FARTHEST and len(tried) < _TRIED_MAX:
                    tried.setdefault(guess)
    best: tuple[int, Micros] | None = None
    for guess in tried:
        votes = len(_pairs(to_b, guess)) + len(_pairs(to_a, -guess))
        if votes and (best is None or (votes, -abs(guess)) > (best[0], -abs(best[1]))):
            best = votes, guess
    return None if best is None else best[1]


def _pairs(times: _Common, ahead: Micros) -> list[tuple[Micros, Micros]]:
    """Pair what was sent with the first receipt that fits, by a clock that is so much ahead."""
    out = []
    for sent, heard in times:
        i = 0
        for s in sent:
            i = max(i, bisect_left(heard, s + ahead - 2 * _GRAIN))
            if i == len(heard):
                break
            if heard[i] <= s + ahead + _LATENCY:
                out.append((s, heard[i]))
                i += 1
    return out


def _bounded(a: str, b: str, lows: list[Micros], highs: list[Micros]) -> Skew:
    pairs = len(lows) + len(highs)
    if not lows or not highs:
        low, high = max(lows, default=None), min(highs, default=None)
        # A message takes about as long as the stamps are coarse.
        edge = high - _GRAIN if high is not None else low + _GRAIN if low is not None else 0
        return Skew(b, a, edge, low, high, pairs)
    low, high = max(lows), min(highs)
    odd = 0
    if low > high:
        # Contradictions: keep the bounds that most messages agree with.
        edges = sorted({*lows, *highs})
        agreed = [sum(x <= e for x in lows) + sum(x >= e for x in highs) for e in edges]
        best = edges[agreed.index(max(agreed))]
        low = max((x for x in lows if x <= best), default=best)
        high = min((x for x in highs if x >= best), default=best)
        odd = pairs - max(agreed)
    return Skew(b, a, (low + high) // 2, low, high, pairs, odd)
