r"""The distribution of the time from a loss of power to the declaration of death, in closed form.

A daemon looks only when something wakes it (semantics 2.2). In a quiet cluster that is the timer of
its own heartbeats, each keepalive *K*, and a timer of half a second, which starts together with the
other and creeps: it comes later by *r*, some half a millisecond in a second. After a while *c* lies
between the two. At any time the wakes make a pattern that repeats after the least common multiple
*P* of *K* and 500 ms.

A heartbeat that arrives between two wakes is heard at the second one, *a*. The node is declared
dead at the first wake *w* that scans for timeouts and finds ``w - a > deadtime``; scans are at
least 250 ms apart. Both follow from the pattern alone: for each gap *i* of it, of length
:math:`g_i`, there is one waiting time :math:`h_i = w - a`. The power fails at any instant of the
keepalive that follows the last heartbeat, and nodes do not start in step, so

.. math:: T = latency + q + h_i - u

where gap *i* has the probability :math:`g_i / P`, and, independent of each other, *q* is uniform in
:math:`[0, g_i)` and *u* in :math:`[0, K)`. Given the gap, *T* is a difference of two uniform
variables, a trapezoid, with a distribution function that is quadratic in pieces. The law is the
mixture of these over all gaps, and over creeps and distances *c*.

A *tie* is a wake exactly one deadtime after another, as all deadtimes have that are multiples of
500 ms. The daemon compares readings of its clock in ticks of 10 ms, strictly. A wake of the
half-second timer has crept by a tick meanwhile with probability :math:`\min(1, r D / 10 ms)`, and
then the node is dead at once; else one tie in twenty reads as more than the deadtime, by the jitter
of readings, and the others wait for the next scan.

Not in the formula: lost packets, delays that change, and other things that wake a daemon, such as a
script that ends. That is why it is held against simulated runs with a tolerance.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import gcd

from hasim.errors import HasimError
from hasim.site import Daemon, Latency
from hasim.units import MS, SECOND, Micros, micros

__all__ = ["Detection", "detection_closed_form"]

_TICK: Micros = 10 * MS
_HALF: Micros = 500 * MS
_SCAN_SPACING: Micros = 250 * MS
#: How likely a wake exactly one deadtime later already is later, as the clocks read: readings are
#: late by up to 3 ms, and a tick has 10: a sixth of the quotient.
_TIE = 0.05
#: Distances between the timers are looked at in these steps.
_STEP: Micros = 20 * MS
#: A pattern with more wakes than this is no help.
_MOST = 2_000


@dataclass(frozen=True, slots=True)
class _Part:
    """One gap of the pattern: how likely, how long, and how long after its end the death comes."""

    weight: float
    gap_s: float
    wait_s: float


@dataclass(frozen=True, slots=True)
class Detection:
    """A distribution of detection times: a mixture of trapezoids.

    Parameters
    ----------
    keepalive_s : float
        Seconds between heartbeats.
    parts : tuple
        The gaps of the pattern.
    """

    keepalive_s: float
    parts: tuple[_Part, ...]

    def cdf(self, time_s: float) -> float:
        """Return the probability that a death is declared within some seconds."""
        return sum(p.weight * self._one(time_s - p.wait_s, p.gap_s) for p in self.parts)

    def _one(self, x: float, gap: float) -> float:
        """Return the probability that ``q - u <= x``: the share of a rectangle below a line."""
        keepalive = self.keepalive_s

        def below(t: float) -> float:
            return max(0.0, t) ** 2 / 2

        area = below(x + keepalive) - below(x) - below(x + keepalive - gap) + below(x - gap)
        return area / (gap * keepalive)

    def quantile(self, q: float) -> float:
        """Return the time in seconds within which a share `q` of deaths is declared.

        Raises
        ------
        HasimError
            For a share that is not between 0 and 1.
        """
        if not 0 <= q <= 1:
            raise HasimError(f"{q!r} is no quantile: it lies between 0 and 1")
        low, high = self.least, self.most
        for _ in range(60):
            middle = (low + high) / 2
            low, high = (middle, high) if self.cdf(middle) < q else (low, middle)
        return high

    @property
    def least(self) -> float:
        """The shortest time in seconds."""
        return min(p.wait_s for p in self.parts) - self.keepalive_s

    @property
    def most(self) -> float:
        """The longest time in seconds."""
        return max(p.wait_s + p.gap_s for p in self.parts)

    @property
    def mean(self) -> float:
        """The expected time in seconds."""
        return sum(p.weight * (p.wait_s + p.gap_s / 2) for p in self.parts) - self.keepalive_s / 2


def detection_closed_form(
    keepalive: str | int | float,
    deadtime: str | int | float,
    *,
    latency: str | int | float = 0,
    uptime: str | int | float | None = None,
    creep: Latency | None = None,
) -> Detection:
    """Return the distribution of the time from a loss of power to the declaration of death.

    Parameters
    ----------
    keepalive, deadtime : str or number
        As in ``ha.cf``: seconds, or texts such as ``"500ms"``.
    latency : str or number
        How long a heartbeat is under way; 0 if not given.
    uptime : str or number, optional
        How long the daemon that decides has run, which says how far its timers have crept apart;
        without it long enough for every distance to be alike.
    creep : Latency, optional
        By how many microseconds in a second the half-second timer creeps, as ``creep`` of a site;
        what a site has that says nothing, if not given.

    Raises
    ------
    HasimError
        For what is no duration, a deadtime that the daemon refuses, and a keepalive whose pattern
        of wakes is too long to be looked at.

    Examples
    --------
    >>> law = detection_closed_form(keepalive=2, deadtime=30)
    >>> [round(law.quantile(q), 1) for q in (0.05, 0.5, 0.95)]
    [28.4, 29.3, 30.3]
    """
    try:
        period, limit, way = micros(keepalive), micros(deadtime), micros(latency)
        ran = None if uptime is None else micros(uptime)
    except ValueError as x:
        raise HasimError(str(x)) from None
    if not period or limit <= 2 * period:
        raise HasimError(f"the daemon refuses keepalive {keepalive} with deadtime {deadtime}")
    if gcd(_HALF, period) * _MOST < _HALF + period:
        raise HasimError(f"keepalive {keepalive}: the pattern of wakes is too long")
    slopes = _deciles(Daemon().creep if creep is None else creep)
    if ran is None:
        crept = [(slope, apart) for slope in slopes for apart in range(0, _HALF, _STEP)]
    else:
        crept = [(slope, slope * ran // SECOND // _TICK * _TICK % _HALF) for slope in slopes]
    weights: dict[tuple[Micros, Micros], float] = {}
    for slope, apart in crept:
        slip = min(1.0, slope * limit / SECOND / _TICK)
        for weight, gap, wait in _pattern(period, limit, apart, slip):
            weights[gap, wait] = weights.get((gap, wait), 0.0) + weight / len(crept)
    parts = (
        _Part(weight, gap / SECOND, (wait + way) / SECOND)
        for (gap, wait), weight in weights.items()
    )
    return Detection(period / SECOND, tuple(parts))


def _deciles(latency: Latency) -> list[Micros]:
    """Return ten values that stand for a spread, each for a tenth of it."""
    return [latency.pick((2 * i + 1 << 32) // 20) for i in range(10)]


def _pattern(
    period: Micros, limit: Micros, apart: Micros, slip: float
) -> Iterator[tuple[float, Micros, Micros]]:
    """Yield each gap of a pattern of wakes: how likely, how long, from its end to the death."""
    length = _HALF * period // gcd(_HALF, period)
    begin = -(-(4 * SECOND) // length) * length
    until = begin + 2 * length + limit + 2 * SECOND
    own = {*range(0, until, period)}
    wakes = sorted(own | {*range(apart, until, _HALF)})
    scans = _scans(wakes)
    for i in range(bisect_left(wakes, begin), len(wakes)):
        heard, gap = wakes[i], wakes[i] - wakes[i - 1]
        if heard >= begin + length:
            break
        n = bisect_left(scans, heard + limit)
        if scans[n] != heard + limit:
            yield gap / length, gap, scans[n] - heard
            continue
        crept = slip if apart and heard not in own and scans[n] not in own else 0.0
        at_once = crept + (1 - crept) * _TIE
        yield at_once * gap / length, gap, limit
        yield (1 - at_once) * gap / length, gap, scans[n + 1] - heard


def _scans(wakes: Sequence[Micros]) -> list[Micros]:
    """Return the wakes that scan: those far enough from the scan before."""
    out = [wakes[0]]
    for at in wakes:
        if at - out[-1] >= _SCAN_SPACING:
            out.append(at)
    return out
