"""Masters without a kernel: one fed by hand, or several and a list of packets in the air."""

from __future__ import annotations

from bisect import insort
from collections.abc import Callable, Sequence
from typing import NamedTuple

from hasim.catalogue import line_of
from hasim.config import HaConfig, parse_ha_cf
from hasim.events import DispatchLate, DispatchLateNote, Event
from hasim.protocol import (
    Auth,
    Exit,
    Happened,
    Letter,
    Master,
    Message,
    Output,
    RunHelper,
    RunScript,
    RunStonith,
    Send,
    Setting,
    StartClient,
    StopClient,
    TellClients,
    claims,
    dialect,
)
from hasim.units import MS, SECOND, Micros
from tests.protocol import scripts

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
    keep: str | None = None,
    creep: int = 0,
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
        creep=creep,
        pid=100,
    )
    return Master.boot(setting, generation, {e.name: digit for e in config.table}, keep)


def lines_of(version: str, events: Sequence[Event]) -> list[str]:
    """Return the log lines of some events, debug lines left out."""
    lines = (line_of(event, version) for event in events)
    return [line.text for line in lines if line is not None and line.level != "debug"]


class Fed:
    """Node ``a`` alone with a test that plays everybody else; `up` at instant 0."""

    def __init__(self, version: str = "3.0.6", ha_cf: str = HA_CF, **options: object) -> None:
        self.version = version
        self.master = machine("a", ha_cf, version, **options)  # type: ignore[arg-type]
        self.out: list[Output] = [*self.master.announce_init(0), *self.master.start(0)]
        self.now: Micros = 0
        self.events: list[Event] = []
        #: what children were forked for that work a STONITH device: nodes, empty for a check
        self.fences: list[str] = []

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
        fresh = [o.message for o in self.out if isinstance(o, Send) and not o.again]
        assert all(m.sent_at == self.now for m in fresh), "a message bears its own instant"
        happened = (o.event for o in self.out if isinstance(o, Happened))
        # A test that leaves wakes out means no stall.
        found = [e for e in happened if not isinstance(e, (DispatchLate, DispatchLateNote))]
        self.events += found
        self.fences += [o.peer for o in self.out if isinstance(o, RunStonith)]
        return lines_of(self.version, found)

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

    def helpers(self) -> list[RunHelper]:
        return [o for o in self.out if isinstance(o, RunHelper)]

    def told(self) -> list[tuple[str, str | None]]:
        """Type and status of what the clients are told by the last wake."""
        return [(o.message.type, o.message.status) for o in self.out if isinstance(o, TellClients)]

    def exit(self, at: float, kind: str, *letters: Letter, origin: str = "") -> list[str]:
        """A helper writes its letters and exits, which wakes the master."""
        for letter in letters:
            self.master.fifo(letter)
        self.master.child_exited(kind, origin)
        return self.wake(at)

    def settled(self, mine: str = "all", theirs: str = "none", at: float = 1.5) -> list[str]:
        """Go on from :meth:`join` to a quiet pair in which each holds what is said.

        The peer has packets 3 and 4; the next is number 5.
        """
        self.join()
        r = self.master.state.resources
        r.mine, r.rstate, r.other_stable = claims.bits(mine), "STABLE", True
        r.theirs, r.announced = claims.bits(theirs), True
        self.master.state.helpers, self.master.state.queue = 0, []
        return self.hear(
            at, self.packet(3), self.packet(4, "resource", rsc_hold=theirs, rtype="full")
        )

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


class Leaving(NamedTuple):
    at: Micros
    n: int
    node: str
    output: RunScript | RunHelper | StopClient


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
        self.exits: list[Leaving] = []
        self.takes = dict(scripts.TAKES)
        self.keeps: dict[str, str] = {}
        self.jobs: list[tuple[Micros, str, str]] = []
        self.lives: dict[str, int] = {}
        self.groups: dict[str, tuple[str, ...]] = {"a": ("10.0.0.200",)}
        self.log: list[tuple[Micros, str, Event]] = []
        self.ends: list[tuple[Micros, str, str]] = []
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
        found += [(e.at, 2, e.node) for e in self.exits[:1]]
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
                    self._leave(self.exits.pop(0))
                self._wake(name)
        self.now = seconds(until)

    def _wake(self, name: str) -> None:
        self._carry_out(name, self.masters[name].wake(self.now))
        while name in self.masters and self.masters[name].has_mail:
            self._carry_out(name, self.masters[name].read_on(self.now))

    def stop(self, name: str) -> None:
        """The daemon of a node is gone at once."""
        del self.masters[name]
        self.exits = [e for e in self.exits if e.node != name]

    def _start(self, name: str, generation: int | None = None) -> None:
        self.lives[name] = self.lives.get(name, 0) + 1 if generation is None else generation
        master = self.masters[name] = machine(
            name,
            self.ha_cf,
            self.version,
            generation=self.lives[name],
            digit=self.digits,
            keep=self.keeps.pop(name, None),
        )
        self._carry_out(name, master.announce_init(self.now))
        self._carry_out(name, master.start(self.now))

    def start_again(self, name: str, generation: int) -> None:
        self._start(name, generation)

    def signal(self, name: str, what: str) -> None:
        """Send a signal to a master, which wakes it."""
        self.masters[name].signal(what)
        self._wake(name)

    def write(self, name: str, letter: Letter) -> None:
        """Write to the FIFO of a node, as a command does."""
        self.masters[name].fifo(letter)

    def standby(self, name: str, share: str = "all") -> None:
        self.write(name, Letter("ask_resources", body=(("rsc_hold", share), ("info", "me"))))

    def claims(self) -> dict[str, tuple[int, int]]:
        """What each node claims, and what it thinks that the other does."""
        held = {n: m.state.resources for n, m in self.masters.items()}
        return {n: (r.mine, r.theirs) for n, r in held.items()}

    def _carry_out(self, name: str, outputs: Sequence[Output]) -> None:
        for output in outputs:
            match output:
                case Send():
                    if output.again:
                        self.again.append((self.now, name, output.message.seqno))
                    else:
                        assert output.message.sent_at == self.now
                    self._emit(name, output.message)
                case Happened():
                    self.log.append((self.now, name, output.event))
                case RunScript() | RunHelper():
                    self._fork(name, output)
                case StartClient():
                    self.masters[name].client_signed_on(output.command.rpartition("/")[2])
                case StopClient():
                    if self.masters[name].state.clients[output.command].running:
                        self._fork(name, output)
                case Exit():
                    self.ends.append((self.now, name, output.restart))
                    config = self.masters[name].setting.config
                    self.stop(name)
                    rest = -(-config.deadtime // SECOND) * SECOND + SECOND
                    if output.restart == "quick":
                        self.keeps[name], rest = output.keep, 10 * MS
                    if output.restart:
                        insort(self.starts, (self.now + rest, name))
                    return

    def _fork(self, name: str, output: RunScript | RunHelper | StopClient) -> None:
        took = 500 * MS
        if not isinstance(output, StopClient):
            self.jobs.append((self.now, name, what := scripts.what(output)))
            took = self.takes.get(what, 200 * MS)
        self.n += 1
        insort(self.exits, Leaving(self.now + took, self.n, name, output))

    def _leave(self, leaving: Leaving) -> None:
        """A script has come to its end: what it has written comes before the news of its exit."""
        _, _, name, output = leaving
        master = self.masters[name]
        match output:
            case StopClient(command):
                master.client_ended(command, 7, 0, None)
                return
            case RunScript(kind, origin):
                pass
            case RunHelper(kind):
                origin = ""
        mine, nice = master.state.resources.mine, master.setting.config.auto_failback != "legacy"
        for letter in scripts.letters(name, output, mine, self.groups.get(name, ()), nice):
            master.fifo(letter)
        master.child_exited(kind, origin)

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

    def lines(self, node: str, after: float = 0.0) -> list[str]:
        """Return the log of a node without times and levels, debug lines left out."""
        found = [e for at, who, e in self.log if who == node and at >= seconds(after)]
        return lines_of(self.version, found)
