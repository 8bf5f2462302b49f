"""Which line of receipt belongs to which line of sending, where nobody knows how clocks differ.

The difference of two clocks is found by voting: that under which most messages that were sent have
a receipt. From there it is followed in both directions of time, for clocks drift. What then has no
receipt votes once more: one of the clocks may have been set in between.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from hasim.units import DAY, SECOND, Micros

__all__ = ["GRAIN", "LATENCY", "Bound", "Flow", "followed"]

#: Stamps are of a second each.
GRAIN: Micros = SECOND
#: A message is told of at the other end within so much.
LATENCY: Micros = 3 * SECOND
#: Differences beyond this are no matter of clocks.
_FARTHEST: Micros = 400 * DAY
#: A clock that nobody sets drifts by less than so many microseconds a second.
_DRIFT_PPM = 200
_TRIED_MAX = 600
#: So many senders of a kind vote for all differences, then more of them for the best of these.
_BALLOTS = ((40, 60), (200, 60))
#: To set a clock takes so many messages that say so.
_VOTES_MIN = 3
_ROUNDS_MAX = 8
#: Less than one in so many of the messages that were found say nothing of clocks.
_SHARE_MIN = 50
#: So many differences are followed, to see which explains most.
_GUESSES_MAX = 4


class Flow(NamedTuple):
    """One kind of message in one direction: when it was sent and received, by each one's clock.

    `forth` is True for what the first of the two nodes sent.
    """

    forth: bool
    sent: tuple[Micros, ...]
    heard: tuple[Micros, ...]


class Bound(NamedTuple):
    """What one message says: at `at` of the first clock the other is ahead by at most `edge`.

    Or by at least so much, where not `upper`. `shown` is what the other clock showed.
    """

    at: Micros
    shown: Micros
    edge: Micros
    upper: bool


def followed(flows: Sequence[Flow]) -> list[Bound]:
    """Return what the messages say whose sending and receipt were found, in order of time."""
    out: list[Bound] = []
    left = [flow for flow in flows if flow.sent and flow.heard]
    for found in range(_ROUNDS_MAX):
        tracks = [_tracked(left, guess) for guess in _voted(left, _VOTES_MIN if found else 1)]
        # With equal votes the smaller difference comes first, and the first of equals is taken.
        bounds, left = max(tracks, key=lambda track: len(track[0]), default=([], left))
        if len(bounds) * _SHARE_MIN < len(out) or not bounds:
            break
        out += bounds
    return sorted([*out, *_beside(left, sorted(out))])


def _beside(left: Sequence[Flow], bounds: Sequence[Bound]) -> Iterator[Bound]:
    """Yield what fits the difference that the message before it or the one behind it shows.

    After a long silence clocks may have drifted or been set: which, such a message decides.
    """
    by_first = sorted(bounds)
    by_second = sorted(bounds, key=lambda bound: bound.shown)
    for flow in left:
        known = by_first if flow.forth else by_second
        times = [bound.at if flow.forth else bound.shown for bound in known]
        taken: set[int] = set()
        for s in flow.sent:
            i = bisect_left(times, s)
            for near in known[max(i - 1, 0) : i + 1]:
                about = near.edge - GRAIN if near.upper else near.edge + GRAIN
                k = _receipt(flow, s, _Ahead(about - GRAIN, about + GRAIN, s), taken)
                if k is not None:
                    taken.add(k)
                    yield _bound(flow, s, flow.heard[k])
                    break


# ---- voting -------------------------------------------------------------------------------------


def _voted(flows: Sequence[Flow], least: int) -> list[Micros]:
    """Return the differences under which most lines of sending have one of receipt."""
    tried = _tried(flows)
    for voters, chosen in _BALLOTS:
        some = [flow._replace(sent=_spread(flow.sent, voters)) for flow in flows]
        votes = {g: sum(1 for flow in some for _ in _pairs(flow, g)) for g in tried}
        tried = sorted(tried, key=lambda g: (-votes[g], abs(g), g))[:chosen]
    out: list[Micros] = []
    for guess in tried:
        if votes[guess] < least or len(out) == _GUESSES_MAX:
            break
        if all(abs(guess - other) > 2 * LATENCY for other in out):
            out.append(guess)
    return out


def _tried(flows: Sequence[Flow]) -> list[Micros]:
    """Return differences that are worth a vote.

    The rarest messages go first: they are the least likely to be taken for each other.
    """
    tried: dict[Micros, None] = {}
    for flow in sorted(flows, key=lambda one: len(one.sent) * len(one.heard)):
        room = max(_TRIED_MAX // max(len(flows), 1), 20)
        if len(flow.sent) * len(flow.heard) <= room:
            couples = [(s, r) for s in flow.sent for r in flow.heard]
        else:
            senders = _spread(flow.sent, 20)
            couples = [
                (s, r) for s in senders for r in _nearest(flow.heard, s, room // len(senders))
            ]
        for s, r in couples:
            # Half a second is what a message takes, more or less.
            guess = (1 if flow.forth else -1) * (r - s) // SECOND * SECOND
            if abs(guess) <= _FARTHEST:
                tried.setdefault(guess)
        if len(tried) >= _TRIED_MAX:
            break
    return list(tried)


def _spread(times: Sequence[Micros], most: int) -> tuple[Micros, ...]:
    """Return at most so many, evenly from all of them."""
    if len(times) <= most:
        return tuple(times)
    return tuple(times[i * len(times) // most] for i in range(most))


def _nearest(times: Sequence[Micros], to: Micros, most: int) -> Sequence[Micros]:
    i = bisect_left(times, to)
    begin = max(0, min(i - most // 2, len(times) - most))
    return times[begin : begin + most]


def _pairs(flow: Flow, ahead: Micros) -> Iterator[tuple[Micros, Micros]]:
    """Pair what was sent with the first receipt that fits, by a clock that is so much ahead."""
    ahead = ahead if flow.forth else -ahead
    heard = flow.heard
    i = 0
    for s in flow.sent:
        i = max(i, bisect_left(heard, s + ahead - 2 * GRAIN))
        if i == len(heard):
            break
        if heard[i] <= s + ahead + LATENCY:
            yield s, heard[i]
            i += 1


# ---- following ----------------------------------------------------------------------------------


class _Message(NamedTuple):
    """A line of sending: when, by the clock of the first node as far as it is guessed."""

    at: Micros
    flow: int
    number: int


def _tracked(flows: Sequence[Flow], guess: Micros) -> tuple[list[Bound], list[Flow]]:
    """Follow a difference in both directions of time; return what fits, and what is left."""
    sent = sorted(
        _Message(s if flow.forth else s - guess, i, k)
        for i, flow in enumerate(flows)
        for k, s in enumerate(flow.sent)
    )
    votes = sorted(s if flow.forth else s - guess for flow in flows for s, _ in _pairs(flow, guess))
    begin = bisect_left(sent, (votes[len(votes) // 2],)) if votes else 0
    taken: list[set[int]] = [set() for _ in flows]
    heard: list[set[int]] = [set() for _ in flows]
    bounds: list[Bound] = []
    for way in (sent[begin:], sent[:begin][::-1]):
        ahead = _Ahead(guess - 2 * GRAIN, guess + LATENCY, way[0].at if way else 0)
        for message in way:
            flow, s = flows[message.flow], flows[message.flow].sent[message.number]
            ahead.drift(message.at)
            k = _receipt(flow, s, ahead, heard[message.flow])
            if k is not None:
                taken[message.flow].add(message.number)
                heard[message.flow].add(k)
                bounds.append(_bound(flow, s, flow.heard[k]))
                ahead.narrow(bounds[-1])
    left = [
        Flow(
            flow.forth,
            tuple(s for k, s in enumerate(flow.sent) if k not in taken[i]),
            tuple(r for k, r in enumerate(flow.heard) if k not in heard[i]),
        )
        for i, flow in enumerate(flows)
    ]
    return bounds, [flow for flow in left if flow.sent and flow.heard]


class _Ahead:
    """By how much the second clock is ahead, as a message at `at` finds it: bounds."""

    __slots__ = ("_at", "high", "low")

    def __init__(self, low: Micros, high: Micros, at: Micros) -> None:
        self.low, self.high, self._at = low, high, at

    def drift(self, at: Micros) -> None:
        slack = abs(at - self._at) * _DRIFT_PPM // 1_000_000
        self.low, self.high, self._at = self.low - slack, self.high + slack, at

    def narrow(self, bound: Bound) -> None:
        if bound.upper:
            self.high = min(self.high, bound.edge)
            self.low = min(self.low, self.high - GRAIN)
        else:
            self.low = max(self.low, bound.edge)
            self.high = max(self.high, self.low + GRAIN)


def _receipt(flow: Flow, sent: Micros, ahead: _Ahead, taken: set[int]) -> int | None:
    """Return the receipt nearest to where it is expected, as an index; None where none is near."""
    low, high = (ahead.low, ahead.high) if flow.forth else (-ahead.high, -ahead.low)
    expected = sent + (low + high) // 2
    best: int | None = None
    for k in range(bisect_left(flow.heard, sent + low - GRAIN), len(flow.heard)):
        if flow.heard[k] > sent + high + 2 * GRAIN:
            break
        near = best is None or abs(flow.heard[k] - expected) < abs(flow.heard[best] - expected)
        if k not in taken and near:
            best = k
    return best


def _bound(flow: Flow, sent: Micros, heard: Micros) -> Bound:
    """A message is sent before it is received; either stamp may be short of a second."""
    if flow.forth:
        return Bound(sent, heard, heard - sent + GRAIN, upper=True)
    return Bound(heard, sent, sent - heard - GRAIN, upper=False)
