"""Two ipfail processes and two masters that do nothing but wake: the timing of semantics 11.3.

A master wakes for its half-second timer, its status and its check for signals, each in a phase of
its own, and at the exits of scripts; at a wake it reads what has come and serves one request.
"""

from __future__ import annotations

import heapq
import random
from collections.abc import Callable
from itertools import count

from hasim.catalogue import line_of
from hasim.protocol import Answer, Happened, Message
from hasim.protocol.ipfail import Ipfail, IpfailOutput, IpfailSetting, Quit
from hasim.protocol.messages import Request
from hasim.units import MS, SECOND, Micros
from tests.protocol.ipfail_bench import link, message, status

__all__ = ["Pair"]

PING = "192.168.60.1"
DELTA = 1 * MS
WIRE = 1 * MS


class Side:
    """A node: its ipfail, and the parts of its master that ipfail meets."""

    def __init__(self, name: str, other: str, keepalive: Micros, single: bool, dice: random.Random):
        self.name, self.other, self.keepalive = name, other, keepalive
        self.machine = Ipfail.boot(IpfailSetting(name, single), 1)
        self.ping = "ping"
        self.arrived: list[Message] = []
        self.requests: list[Request] = []
        self.lines: list[tuple[Micros, str]] = []
        periods = (500 * MS, keepalive, keepalive)
        self.timers = [(period, dice.randrange(period)) for period in periods]

    def answer_of(self, request: Request) -> Answer:
        rows = (
            (PING, "ping", self.ping),
            (self.other, "normal", "active"),
            (self.name, "normal", "active"),
        )
        words = {
            "resources": "all",
            "filter": "",
            "signal": "",
            "node status": next((s for n, _, s in rows if n == request.arg), ""),
            "node type": next((k for n, k, _ in rows if n == request.arg), ""),
        }
        if request.what == "node list":
            return Answer(request, rows)
        if request.what == "parameter":
            on = "on" if request.arg == "auto_failback" else f"{self.keepalive // MS}ms"
            return Answer(request, on)
        return Answer(request, words[request.what])


class Pair:
    """Victim and survivor; the victim's public network is pulled."""

    def __init__(self, seed: int, keepalive: Micros, single: bool) -> None:
        self.dice = random.Random(seed)
        self.heap: list[tuple[Micros, int, Callable[[Micros], None]]] = []
        self.order = count()
        self.sides = {
            n: Side(n, o, keepalive, single, self.dice)
            for n, o in (("victim", "survivor"), ("survivor", "victim"))
        }
        self.wants: Micros | None = None
        for side in self.sides.values():
            outputs = side.machine.started(0)
            while side.machine.state.phase != "main":
                waiting = next(o for o in outputs if isinstance(o, Request))
                outputs = side.machine.answered(0, side.answer_of(waiting))

    def at(self, when: Micros, what: Callable[[Micros], None]) -> None:
        heapq.heappush(self.heap, (when, next(self.order), what))

    def pull(self) -> None:
        """Let both scans see it, each at a wake of its node, and run until standby is wanted."""
        start = 10 * SECOND
        for name, side in self.sides.items():
            for period, phase in side.timers:
                for i in range(100 * SECOND // period):
                    self.at(i * period + phase, lambda now, n=name: self.wake(n, now))
        for name in self.sides:
            earliest = start + self.dice.randrange(500 * MS)
            first = min(w for w, _, _ in self.heap if w >= earliest)
            self.at(first, lambda now, n=name: self.scan(n, now))
        self.first = start
        while self.heap and self.wants is None:
            now, _, what = heapq.heappop(self.heap)
            what(now)

    def scan(self, name: str, now: Micros) -> None:
        if name == "victim":
            self.first = now
            self.sides[name].ping = "dead"
            # harc runs for the ping node's death; its exit wakes the master.
            self.at(now + self.dice.randrange(50 * MS, 500 * MS), lambda t: self.wake(name, t))
            for one in (
                status(PING, "dead"),
                link("survivor", "eth0", "dead"),
                link(PING, PING, "dead"),
            ):
                self.tell(name, one, now)
        else:
            self.tell(name, link("victim", "eth0", "dead"), now)

    def tell(self, name: str, one: Message, now: Micros) -> None:
        self.take(name, self.sides[name].machine.told(now, one), now)

    def wake(self, name: str, now: Micros) -> None:
        side = self.sides[name]
        arrived, side.arrived = side.arrived, []
        for one in arrived:
            self.tell(name, one, now)
        if not side.requests:
            return
        request = side.requests.pop(0)
        if request.letter is None:
            outputs = side.machine.answered(now, side.answer_of(request))
            self.take(name, outputs, now)
        elif request.letter.type == "ask_resources":
            self.wants = now
        else:
            letter = request.letter
            sent = message(letter.type, name, **dict(letter.body))
            self.at(now + WIRE, lambda _: self.sides[side.other].arrived.append(sent))

    def take(self, name: str, outputs: list[IpfailOutput], now: Micros) -> None:
        side = self.sides[name]
        for output in outputs:
            if isinstance(output, Happened):
                line = line_of(output.event, "3.0.6")
                assert line is not None
                side.lines.append((now, line.text))
            elif not isinstance(output, Quit):
                self.at(now + DELTA, lambda _, r=output: side.requests.append(r))
        due = side.machine.deadline
        if due is not None:
            self.at(max(now, due), lambda t: self.look(name, t))

    def look(self, name: str, now: Micros) -> None:
        due = self.sides[name].machine.deadline
        if due is not None and due <= now:
            self.take(name, self.sides[name].machine.fire(now), now)

    def after(self, name: str, text: str) -> float:
        """Return the seconds from the victim's scan to the first line that begins like this."""
        at = next(at for at, said in self.sides[name].lines if said.startswith(text))
        return (at - self.first) / SECOND

    @property
    def total(self) -> float:
        """Seconds from the victim's scan to the standby that it wants."""
        assert self.wants is not None
        return (self.wants - self.first) / SECOND
