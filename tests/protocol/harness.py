"""Masters without a kernel: one fed by hand, or several and a list of packets in the air."""

from __future__ import annotations

from bisect import insort
from collections.abc import Callable, Sequence
from typing import NamedTuple

from hasim.catalogue import line_of
from hasim.config import HaConfig, parse_ha_cf
from hasim.events import Event
from hasim.protocol import (
    Auth,
    Happened,
    Master,
    Message,
    Output,
    Restart,
    RunScript,
    Send,
    Setting,
    dialect,
)
from hasim.units import MS, SECOND, Micros

__all__ = ["HA_CF", "Cluster", "Fed", "config_of", "seconds"]

TICK = 10 * MS
HA_CF = """\
keepalive 1
warntime 3
deadtime 5
initdead 10
bcast eth0
bcast eth1
auto_failback on
node a b
"""


def config_of(ha_cf: str, version: str) -> HaConfig:
    config, problems = parse_ha_cf(ha_cf, dialect=version)
    assert config is not None, problems
    return config


def seconds(value: float) -> Micros:
    return round(value * 1000) * MS


def machine(
    name: str,
    ha_cf: str,
    version: str,
    *,
    generation: int = 1,
    digit: int = 0,
    rexmit: Micros = 100 * MS,
    accepted: frozenset[Auth] = frozenset(),
    auth: Auth | None = None,
    late_us: Callable[[Micros], Micros] = lambda at: 0,
) -> Master:
    config = config_of(ha_cf, version)
    setting = Setting(
        name=name,
        config=config,
        dialect=dialect(version),
        auth=auth,
        accepted=accepted,
        reading=lambda at: (at + late_us(at)) // TICK * TICK,
        rexmit_delay=lambda peer, number: rexmit,
    )
    return Master.boot(setting, generation, {e.name: digit for e in config.table})


class Fed:
    """Node ``a`` alone with a test that plays everybody else; `up` at instant 0."""

    def __init__(self, version: str = "3.0.6", ha_cf: str = HA_CF, **options: object) -> None:
        self.version = version
        self.master = machine("a", ha_cf, version, **options)  # type: ignore[arg-type]
        self.out: list[Output] = [*self.master.announce_init(0), *self.master.start(0)]
        self.now: Micros = 0
        self.events: list[Event] = []

    def packet(
        self,
        seqno: int,
        type_: str = "status",
        origin: str = "b",
        generation: int = 1,
        status: str | None = "active",
        dest: str | None = None,
        deadtime: Micros = 5 * SECOND,
        auth: Auth | None = None,
        **body: object,
    ) -> Message:
        """Return a message as another node would make it; of a status unless a type is given."""
        fields = tuple((k, str(v)) for k, v in body.items())
        said, limit = (status, deadtime) if type_ in ("status", "NS_st") else (None, 0)
        return Message(type_, origin, generation, seqno, dest, said, limit, self.now, auth, fields)

    def hear(self, at: float, *messages: Message, medium: int = 0) -> list[str]:
        """Deliver messages on a medium, wake the master, and return the log lines of this wake."""
        for message in messages:
            self.master.deliver(medium, message)
        return self.wake(at)

    def wake(self, at: float) -> list[str]:
        self.now = seconds(at)
        self.out = list(self.master.wake(self.now))
        found = [o.event for o in self.out if isinstance(o, Happened)]
        self.events += found
        return [line.text for e in found if (line := line_of(e, self.version)) is not None]

    def run(self, until: float) -> list[str]:
        """Wake the master at each of its deadlines up to an instant; return the log lines."""
        said: list[str] = []
        while (due := self.master.deadline) is not None and due <= seconds(until):
            said += self.wake(due / SECOND)
        return said

    def sent(self, type_: str) -> list[Message]:
        """Messages of a type among the outputs of the last wake."""
        return [o.message for o in self.out if isinstance(o, Send) and o.message.type == type_]

    def scripts(self) -> list[str]:
        return [o.script for o in self.out if isinstance(o, RunScript)]

    def join(self) -> list[str]:
        """Bring communication up with ``b``: its packets 1 and 2 are heard at 0.5 s and 1 s."""
        said = self.hear(0.5, self.packet(1))
        return said + self.hear(1, self.packet(2, "repnodes", dest="a", nodelist="a b"))


class Flying(NamedTuple):
    arrive: Micros
    n: int
    node: str
    medium: int
    message: Message


Passes = Callable[[Micros, str, str, int, Message], bool]


class Cluster:
    """Several masters, a list of packets in the air, and a predicate that says which arrive."""

    def __init__(
        self,
        ha_cf: str = HA_CF,
        version: str = "3.0.6",
        starts: Sequence[tuple[str, float]] = (("a", 0.0), ("b", 0.12)),
        latency: Micros = 200,
        digits: int = 0,
        pings: Sequence[str] = (),
    ) -> None:
        self.version, self.latency, self.pings = version, latency, pings
        self.masters: dict[str, Master] = {}
        self.starts = sorted((seconds(at), name) for name, at in starts)
        self.ha_cf, self.digits = ha_cf, digits
        self.air: list[Flying] = []
        self.exits: list[tuple[Micros, str]] = []
        self.log: list[tuple[Micros, str, Event]] = []
        self.restarts: list[tuple[Micros, str, str]] = []
        self.again: list[tuple[Micros, str, int]] = []
        self.passes: Passes = lambda at, sender, reader, medium, message: True
        self.frozen: set[str] = set()
        self.now: Micros = 0
        self.n = 0

    # ---- running --------------------------------------------------------------------------------

    def due(self) -> tuple[Micros, int, str] | None:
        """What comes first: a start, an arrival, an exit, or the wake of a master."""
        found = [(at, 0, name) for at, name in self.starts[:1]]
        found += [(f.arrive, 1, "") for f in self.air[:1]]
        found += [(at, 2, name) for at, name in self.exits[:1]]
        for name, master in self.masters.items():
            if name not in self.frozen and (at := master.deadline) is not None:
                found.append((max(at, self.now), 3, name))
        return min(found, default=None)

    def run(self, until: float) -> None:
        while (due := self.due()) is not None and due[0] < seconds(until):
            self.now, kind, name = due
            if kind == 0:
                self.starts.pop(0)
                self._start(name)
            elif kind == 1:
                flight = self.air.pop(0)
                if flight.node in self.masters:
                    self.masters[flight.node].deliver(flight.medium, flight.message)
            else:
                if kind == 2:
                    self.exits.pop(0)
                    self.masters[name].child_exited()
                self._carry_out(name, self.masters[name].wake(self.now))
                while name in self.masters and self.masters[name].has_mail:
                    self._carry_out(name, self.masters[name].read_on(self.now))
        self.now = seconds(until)

    def stop(self, name: str) -> None:
        """The daemon of a node is gone at once."""
        del self.masters[name]
        self.exits = [e for e in self.exits if e[1] != name]

    def _start(self, name: str, generation: int = 1) -> None:
        master = machine(name, self.ha_cf, self.version, generation=generation, digit=self.digits)
        self.masters[name] = master
        self._carry_out(name, master.announce_init(self.now))
        self._carry_out(name, master.start(self.now))

    def start_again(self, name: str, generation: int) -> None:
        self._start(name, generation)

    def _carry_out(self, name: str, outputs: Sequence[Output]) -> None:
        for output in outputs:
            match output:
                case Send():
                    if output.again:
                        self.again.append((self.now, name, output.message.seqno))
                    self._emit(name, output.message)
                case Happened():
                    self.log.append((self.now, name, output.event))
                case RunScript():
                    insort(self.exits, (self.now + 30 * MS, name))
                case Restart():
                    self.restarts.append((self.now, name, output.reason))
                    self.stop(name)
                    return

    def _emit(self, name: str, message: Message) -> None:
        for medium, entry in enumerate(self.masters[name].setting.config.media):
            if entry.kind == "ping":
                if message.type == "status" and entry.device in self.pings:
                    answer = Message("NS_st", entry.device, 0, 0, None, "ping", 0, self.now, None)
                    if self.passes(self.now, name, entry.device, medium, answer):
                        self._fly(name, medium, answer)
                continue
            self.masters[name].deliver(medium, message)
            for other in self.masters:
                if other != name and self.passes(self.now, name, other, medium, message):
                    self._fly(other, medium, message)

    def _fly(self, node: str, medium: int, message: Message) -> None:
        self.n += 1
        insort(self.air, Flying(self.now + self.latency, self.n, node, medium, message))

    # ---- what came of it ------------------------------------------------------------------------

    def told(self, *kinds: type[Event], node: str | None = None) -> list[tuple[float, str, Event]]:
        """Events of some kinds: seconds, node, event."""
        return [
            (at / SECOND, who, event)
            for at, who, event in self.log
            if isinstance(event, kinds or Event) and node in (None, who)
        ]

    def text(self, node: str, after: float = 0.0) -> str:
        """Return the log of a node as it would write it, debug lines left out."""
        out = []
        for at, who, event in self.log:
            line = line_of(event, self.version)
            if who == node and line is not None and line.level != "debug" and at >= seconds(after):
                out.append(f"{at / SECOND:.2f} {line.level}: {line.text}\n")
        return "".join(out)
