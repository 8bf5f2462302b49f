"""What can go wrong with a model: every fault of its hardware, processes, scripts and operators.

A space lists *choices*, each a fault without its time. A schedule picks some of them and gives each
an instant and a duration. Instants and durations come from a mixture: round ones, sums of the
cluster's own deadlines to the microsecond and a tick beside them, and free milliseconds. Where
something is decided at a deadline, the interesting instants are there.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from hasim.draws import Draws
from hasim.errors import HasimError, nearest
from hasim.faults import (
    Cable,
    ClockDrift,
    ClockStep,
    Cut,
    Delay,
    Duplicate,
    Fail,
    Fault,
    Forge,
    Hang,
    Isolate,
    Kill,
    KillRole,
    Lose,
    PowerOff,
    Replay,
    Share,
    Slow,
    Standby,
    StonithMode,
    StonithPort,
    Stop,
    Takeover,
    is_built,
    lasting,
    moved,
)
from hasim.scenario import Simulable
from hasim.site.devices import device_of
from hasim.units import HOUR, MINUTE, MS, SECOND, Micros

__all__ = ["DEFAULT_FAMILIES", "FAMILIES", "Choice", "Space"]

#: Families of faults, each with what it stands for.
FAMILIES: Mapping[str, str] = {
    "network": "cables cut both ways or one way, nodes isolated, loss, delay, duplicates",
    "power": "nodes, feeds, switches, pinged hosts and STONITH devices without power",
    "process": "the master, its children and ipfail killed; all of Heartbeat killed",
    "hang": "a node, or its master process alone, stands still",
    "script": "resource scripts that fail to start or to stop, or are slow",
    "operator": "stop, standby and takeover, at any time",
    "stonith": "a STONITH device that fails, hangs or is cut off",
    "clock": "wall clocks stepped or drifting",
    "lies": "a status that says stopped, a STONITH device that says done",
    "attack": "packets forged without the key, or replayed",
}
#: What a search tries unless told otherwise. Nothing is safe against a device that lies.
DEFAULT_FAMILIES = tuple(name for name in FAMILIES if name not in ("attack", "lies"))

_TICK: Micros = 10 * MS


@dataclass(frozen=True, slots=True)
class Choice:
    """A fault without its time.

    Parameters
    ----------
    kind : str
        What kind of fault it is: verb and, where it matters, what of.
    family : str
        One of :data:`FAMILIES`.
    fault : Fault
        The fault, at 0 and for a second.
    """

    kind: str
    family: str
    fault: Fault

    def make(self, at: Micros, duration: Micros) -> Fault:
        """Return the fault at an instant, for a duration if it is one that lasts."""
        return lasting(moved(self.fault, at), duration)


class Space:
    """Every schedule that a search of a model may try.

    Parameters
    ----------
    model : Model
        The cluster.
    families : iterable of str
        Which families of faults; :data:`DEFAULT_FAMILIES` if not given.
    window : int, optional
        Faults begin from 0 to this instant, in microseconds; six deadtimes and a minute if not
        given, or the initial dead time and two of them where that is more.

    Raises
    ------
    HasimError
        For a family that does not exist, with the nearest that does.
    """

    def __init__(
        self,
        model: Simulable,
        families: Iterable[str] | None = None,
        window: Micros | None = None,
    ) -> None:
        self.families = tuple(DEFAULT_FAMILIES if families is None else dict.fromkeys(families))
        for name in self.families:
            if name not in FAMILIES:
                known = f"; there are {', '.join(FAMILIES)}"
                raise HasimError(f"no family of faults {name!r}{nearest(name, FAMILIES) or known}")
        self.kinds: dict[str, list[Choice]] = {}
        able = [choice for choice in _choices(model) if choice.family in self.families]
        for choice in able:
            if is_built(choice.fault):
                self.kinds.setdefault(choice.kind, []).append(choice)
        #: Kinds with a fault that this version does not simulate.
        self.unbuilt = tuple(dict.fromkeys(c.kind for c in able if not is_built(c.fault)))
        if not self.kinds:
            raise HasimError(f"this model has nothing for faults of {', '.join(self.families)}")
        #: Every choice, in the order of the kinds.
        self.choices = tuple(choice for kind in self.kinds.values() for choice in kind)
        self._kind = {choice.fault: choice.kind for choice in self.choices}
        deadlines = _deadlines(model)
        initdead = max(config.initdead for config in model.configs.values())
        deadtime = max(config.deadtime for config in model.configs.values())
        self.window = window or max(6 * deadtime + MINUTE, initdead + 2 * deadtime)
        self.instants = _mixture(_round_instants(self.window), _sums(deadlines, self.window))
        self.durations = _mixture(_ROUND_DURATIONS, _near(deadlines))
        self.longest = max(max(group) for group in self.durations)

    def at(self, code: int) -> Micros:
        """Return the instant of a whole number; 0 is the simplest, see :attr:`codes`."""
        return _pick(self.instants, code, self.window)

    def lasting(self, code: int) -> Micros:
        """Return the duration of a whole number; 0 is the simplest."""
        return _pick(self.durations, code, self.longest) or SECOND

    @property
    def codes(self) -> int:
        """How many whole numbers, from 0, stand for different instants and durations."""
        return 3 * max(self.window, self.longest) // MS

    def fault(self, choice: int, at: int, duration: int) -> Fault:
        """Return a fault from three whole numbers: a choice by its place, and two codes."""
        picked = self.choices[choice % len(self.choices)]
        return picked.make(self.at(at), self.lasting(duration))

    def kind_of(self, fault: Fault) -> str:
        """Return the kind of a fault of this space; of any other its verb."""
        return self._kind.get(lasting(moved(fault, _NOW), _LONG), fault.verb)

    def schedule(self, seed: int, index: int, most: int = 5) -> tuple[Fault, ...]:
        """Return schedule number `index` of a seed: a pure function of the space and these.

        A schedule is drawn from some families only (each is there with a chance of a half), so
        that rare combinations of few kinds come up as well as mixtures of all. Kinds are equally
        likely, then the choices of a kind.

        Parameters
        ----------
        most : int
            The largest number of faults; the smallest is one.
        """
        draws, stream = Draws(seed), f"schedule{index}"
        swarm = [f for f in self.families if draws.chance(f"{stream}/family/{f}", 500_000)]
        kinds = [k for k, c in self.kinds.items() if c[0].family in swarm] or [*self.kinds]
        # One fault as often as two; each further one half as often.
        count = 1
        while count < most and draws.chance(f"{stream}/more", 600_000, count):
            count += 1
        out = []
        for i in range(count):
            kind = self.kinds[kinds[draws.below(f"{stream}/kind", len(kinds), i)]]
            choice = kind[draws.below(f"{stream}/choice", len(kind), i)]
            at = self.at(draws.below(f"{stream}/at", self.codes, i))
            duration = self.lasting(draws.below(f"{stream}/duration", self.codes, i))
            out.append(choice.make(at, duration))
        return tuple(sorted(out, key=lambda fault: fault.at))


# ---- choices ------------------------------------------------------------------------------------

_NOW, _LONG = 0, SECOND


def _choices(model: Simulable) -> Iterator[Choice]:
    for node in model.configs:
        yield from _network(model, node)
    yield from _power(model)
    for node in model.configs:
        yield from _processes(model, node)
    for node in model.configs:
        yield from _scripts(model, node)
    yield from _stonith(model)
    for node in model.configs:
        yield from _operator(node)
        yield from _clock(node)
        yield from _attack(model, node)


def _network(model: Simulable, node: str) -> Iterator[Choice]:
    def of(kind: str, fault: Fault) -> Choice:
        return Choice(kind, "network", fault)

    nics = model.site.nodes[node].nics
    for cable in (Cable(node, nic) for nic in nics):
        yield of("cut", Cut(_NOW, cable, "both", _LONG))
        yield of("cut one way", Cut(_NOW, cable, "in", _LONG))
        yield of("cut one way", Cut(_NOW, cable, "out", _LONG))
        for share in (100, 300, 700):
            yield of("lose", Lose(_NOW, share, cable, "both", _LONG))
        for extra in (200 * MS, 2 * SECOND, model.configs[node].deadtime):
            yield of("delay", Delay(_NOW, extra, cable, "both", _LONG))
        yield of("duplicate", Duplicate(_NOW, 500, cable, "both", _LONG))
    if nics:
        yield of("isolate", Isolate(_NOW, node, _LONG))


def _power(model: Simulable) -> Iterator[Choice]:
    site = model.site
    parts = [("node", name) for name in model.configs]
    parts += [("feed", name) for name in site.feed_names]
    parts += [("switch", s.name) for s in site.switches.values() if s.power is not None]
    pinged = {a for c in model.configs.values() for m in c.media for a in m.hosts}
    # A client that only looks on is nobody's loss: without it an outage cannot be told.
    parts += [("host", h) for h, host in site.hosts.items() if h in pinged or not host.probes]
    for what, name in parts:
        yield Choice(f"power-off {what}", "power", PowerOff(_NOW, name, _LONG))


def _processes(model: Simulable, node: str) -> Iterator[Choice]:
    config = model.configs[node]
    devices = [m.device for m in config.media if not m.kind.startswith("ping")]
    killed: list[tuple[KillRole, str | None]] = [("all", None), ("master", None), ("fifo", None)]
    for device in dict.fromkeys(devices):
        killed += [("read", device), ("write", device)]
    if any(client.command.split()[0].endswith("/ipfail") for client in config.respawn):
        killed.append(("ipfail", None))
    for role, medium in killed:
        yield Choice(f"kill {role}", "process", Kill(_NOW, node, role, medium))
    yield Choice("hang", "hang", Hang(_NOW, node, "all", _LONG))
    yield Choice("hang master", "hang", Hang(_NOW, node, "master", _LONG))


def _scripts(model: Simulable, node: str) -> Iterator[Choice]:
    groups = model.haresources[node].groups if node in model.haresources else ()
    for text in dict.fromkeys(r.text for g in groups if g.key for r in g.resources):
        for times in (1, None):
            yield Choice("fail start", "script", Fail(_NOW, text, "start", node, times, _LONG))
            yield Choice("fail stop", "script", Fail(_NOW, text, "stop", node, times, _LONG))
        yield Choice("fail status", "lies", Fail(_NOW, text, "status", node, None, _LONG))
        for extra in (5 * SECOND, MINUTE):
            yield Choice("slow", "script", Slow(_NOW, text, extra, node, _LONG))


def _stonith(model: Simulable) -> Iterator[Choice]:
    meant = (device_of(model.site, config) for config in model.configs.values())
    for device in {d.name: d for d in meant if d is not None}.values():
        name, port = device.name, StonithPort(device.name)
        if name not in model.site.stonith:
            continue  # it needs no hardware
        yield Choice("stonith fail", "stonith", StonithMode(_NOW, name, "fail", _LONG))
        yield Choice("stonith hang", "stonith", StonithMode(_NOW, name, "hang", _LONG))
        yield Choice("stonith lie", "lies", StonithMode(_NOW, name, "lie", _LONG))
        if device.on is not None:
            yield Choice("cut stonith", "stonith", Cut(_NOW, port, "both", _LONG))
        if device.power is not None:
            yield Choice("power-off stonith", "power", PowerOff(_NOW, port, _LONG))


def _operator(node: str) -> Iterator[Choice]:
    yield Choice("stop", "operator", Stop(_NOW, node))
    shares: tuple[Share, ...] = ("all", "local", "foreign", "failback")
    for share in shares:
        yield Choice("standby", "operator", Standby(_NOW, node, share))
        yield Choice("takeover", "operator", Takeover(_NOW, node, share))


def _clock(node: str) -> Iterator[Choice]:
    for by in (5 * SECOND, -5 * SECOND, HOUR, -HOUR):
        yield Choice("clock step", "clock", ClockStep(_NOW, node, by, _LONG))
    for ppm in (200, -200):
        yield Choice("clock drift", "clock", ClockDrift(_NOW, node, ppm, _LONG))


def _attack(model: Simulable, node: str) -> Iterator[Choice]:
    nics = model.site.nodes[node].nics
    media = [m for m in model.configs[node].media if not m.kind.startswith("ping")]
    for cable in (Cable(node, m.device) for m in media if m.device in nics):
        for peer in (name for name in model.configs if name != node):
            for kind in ("status", "shutdone", "ask_resources", "resource", "starting"):
                yield Choice("forge", "attack", Forge(_NOW, kind, peer, cable))
            for span in (5 * SECOND, MINUTE, 5 * MINUTE):
                yield Choice("replay", "attack", Replay(_NOW, span, peer, cable))


# ---- instants and durations ---------------------------------------------------------------------

_ROUND_DURATIONS = tuple(n * SECOND for n in (1, 2, 5, 10, 15, 20, 30, 60, 120))


def _deadlines(model: Simulable) -> tuple[Micros, ...]:
    """Return the times after which this cluster decides something, the shortest first."""
    found = {10 * SECOND}
    for c in model.configs.values():
        found |= {c.keepalive, c.warntime, c.deadtime, c.deadping, c.initdead}
    return tuple(sorted(d for d in found if d > 0))


def _round_instants(window: Micros) -> tuple[Micros, ...]:
    """Return whole halves of a minute first, then whole tens of seconds."""
    halves = [*range(30 * SECOND, window, 30 * SECOND)]
    tens = [t for t in range(0, window, 10 * SECOND) if t not in halves]
    return (*halves, *tens) or (0,)


def _sums(deadlines: Sequence[Micros], window: Micros) -> tuple[Micros, ...]:
    """Return sums of deadlines from a minute on, with a tick before and after each."""
    exact = {60 * SECOND}
    for many in (1, 2, 3):
        exact |= {60 * SECOND + sum(some) for some in combinations(deadlines, many)}
    return tuple(t for e in sorted(exact) for t in (e, e - _TICK, e + _TICK) if 0 <= t < window)


def _near(deadlines: Sequence[Micros]) -> tuple[Micros, ...]:
    exact = {*deadlines, *(a + b for a, b in combinations(deadlines, 2))}
    return tuple(t for e in sorted(exact) for t in (e, e - _TICK, e + _TICK) if t > 0)


def _mixture(*parts: Sequence[Micros]) -> tuple[tuple[Micros, ...], ...]:
    return tuple(tuple(part) for part in parts if part)


def _pick(parts: Sequence[Sequence[Micros]], code: int, limit: Micros) -> Micros:
    """Return a time: of each part of the mixture, or (the last third) any millisecond."""
    which, place = code % (len(parts) + 1), code // (len(parts) + 1)
    if which == len(parts):
        return place * MS % limit
    return parts[which][place % len(parts[which])]
