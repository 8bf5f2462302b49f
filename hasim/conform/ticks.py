"""What a replay is told after a tie: a few clock readings, and who won a few races.

The daemon counts its limits in ticks of 10 ms.  Where a limit falls on the grid of wakes, a reading
one tick higher or lower decides whether it is reached at this wake or at the next.  A client's
request is served at the wake that made it ask if that is still open, else at the next: two
processors race; so do a daemon that goes on after a stop and the children that read for it.
Nothing that a recording tells says which.  Such outcomes may be told afterwards, a few in a run:
they are counted.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from hasim.conform.align import Alignment
from hasim.conform.injections import us
from hasim.draws import TypicalDraws
from hasim.units import MS, Micros
from hasim.world import World

__all__ = ["MOST_TICKS", "SCANS", "Tick", "TickedDraws", "candidates", "tell"]

#: So many outcomes may be told in one run.
MOST_TICKS = 3
#: Limits that a scan compares with a reading.
SCANS = frozenset({"comm-up", "link-dead", "node-dead", "standby-timeout", "transition-local"})
_TICK: Micros = 10 * MS
#: A wake is found so near to an instant.
_NEAR: Micros = 40 * MS
_WAKE = 0.5
#: A busy machine stamps what it logs so much late.
_CLOSE = 0.15
#: A client that is late or early has lost or won a race within so many seconds before.
_RECENT = 6.0
#: A slow request takes so much longer than others.
_SLOW: Micros = 60 * MS


class Tick(NamedTuple):
    """One outcome told, of what happens on `node` near `at`.

    `what` is ``higher`` or ``lower`` (the reading of a wake, by one tick), ``open`` (the wake is
    still open when the next request comes), ``slow`` (the next request misses the wake that is
    about to come) or ``scan`` (a daemon that is continued scans before it reads).
    """

    at: Micros
    node: str
    what: str


class TickedDraws(TypicalDraws):
    """Typical draws, but for the outcomes that are told."""

    __slots__ = ("_clock", "_starts", "_told")

    def __init__(
        self,
        ticks: Sequence[Tick],
        pins: dict[str, int],
        starts: Callable[[str], Micros],
        clock: Callable[[], Micros],
    ) -> None:
        super().__init__(0)
        self.pins = pins
        self._told = {tick.node: [t for t in ticks if t.node == tick.node] for tick in ticks}
        self._starts = starts
        self._clock = clock

    def below(self, stream: str, n: int, index: int = 0) -> int:
        """Return 0, or for a reading what it is told to be more."""
        if not stream.endswith("/tick"):
            return 0
        what = self._near(stream, index + self._starts(stream.partition("/")[0]))
        return _TICK * (what.count("higher") - what.count("lower"))

    def chance(self, stream: str, ppm: int, index: int = 0) -> bool:
        """Return what is likelier, or that a wake is open if that is told."""
        if stream.endswith("/served at once"):
            at = index + self._starts(stream.partition("/")[0])
            if "open" in self._near(stream, at):
                return True
        if stream.endswith("/scan first"):
            at = index + self._starts(stream.partition("/")[0])
            return "scan" in self._near(stream, at)
        return super().chance(stream, ppm, index)

    def between(self, name: str, lo: int, hi: int) -> int:
        """Return the pinned value or the middle; a slow request takes longer."""
        value = super().between(name, lo, hi)
        if "/request" in name and "slow" in self._near(name, self._clock()):
            value += _SLOW
        return value

    def _near(self, stream: str, at: Micros) -> list[str]:
        told = self._told.get(stream.partition("/")[0], ())
        return [t.what for t in told if abs(t.at - at) <= _NEAR]


def tell(world: World, ticks: Sequence[Tick]) -> None:
    """Let a world that has not begun yet have these outcomes."""

    def starts(node: str) -> Micros:
        daemon = world.hub.state.nodes[node].daemon
        return 0 if daemon is None else daemon.up_at

    draws = TickedDraws(ticks, world.draws.pins, starts, lambda: world.now)
    world.draws = world.hub.draws = draws


def candidates(both: Alignment, asked: Sequence[tuple[Micros, str]]) -> Iterator[Tick]:
    """Yield the outcomes that might mend what differs, those of the earliest difference first.

    `asked` are the instants at which clients on nodes did something, and may have asked for more.
    """
    found: list[tuple[float, Tick]] = []
    for one, other in both.pairs:
        off = other["t"] - one["t"]
        if one["kind"] in SCANS and abs(abs(off) - _WAKE) <= _CLOSE:
            early = {**other, "t": other["t"] - _WAKE}
            tick = _tick(early, "higher") if off > 0 else _tick(other, "lower")
            found.append((one["t"], tick))
        elif abs(off) > _WAKE - _CLOSE and _by_client(one):
            found += _races(other, asked, "open" if off > 0 else "slow")
    for event in both.missing:
        if event["kind"] == "partition-return":
            found.append((0.0, _tick(event, "scan")))
        if event["kind"] in SCANS:
            found.append((event["t"], _tick(event, "higher")))
        elif _by_client(event):
            found += _races(event, asked, "open")
    found += [(e["t"], _tick(e, "lower")) for e in both.extra if e["kind"] in SCANS]
    seen: set[Tick] = set()
    for _, tick in sorted(found):
        if tick not in seen:
            seen.add(tick)
            yield tick


def _by_client(event: Mapping[str, Any]) -> bool:
    return str(event["role"]) == "ipfail" or str(event["kind"]) == "standby-ask"


def _races(
    event: Mapping[str, Any], asked: Sequence[tuple[Micros, str]], what: str
) -> list[tuple[float, Tick]]:
    """Return the requests of which one may have had another outcome."""
    late = us(event["t"])
    return [
        (event["t"], Tick(at, node, what))
        for at, node in asked
        if node == event["node"] and late - us(_RECENT) < at < late
    ]


def _tick(event: Mapping[str, Any], what: str) -> Tick:
    return Tick(us(event["t"]), str(event["node"]), what)
