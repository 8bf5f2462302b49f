"""A recorded ipfail process, and what its master told it: read from a recording's log and wire."""

from __future__ import annotations

import gzip
import json
import re
from bisect import bisect_left
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

from hasim.catalogue import line_of
from hasim.protocol import Answer, Happened, Message
from hasim.protocol.ipfail import Ipfail, IpfailOutput, IpfailSetting
from hasim.protocol.messages import Request
from hasim.units import MS, Micros
from tests.protocol.ipfail_bench import message

__all__ = ["RecordedClient", "Replayed", "clients_of"]

_LINK = re.compile(r"Link (\S+):(\S+) (up|dead)\.")
_STATUS = re.compile(r"Status update for node (\S+): status (\S+)")
_DEAD = re.compile(r"node (\S+): is dead")
_QUIET = {
    "status", "NS_ackmsg", "NS_st", "NS_rexmit", "NS_nak_rexmit", "reqnodes", "repnodes",
}  # fmt: skip
_ADDRESSED = {"num_ping_nodes", "abort_giveup", "you_are_dead"}
#: A packet is read at the first wake that comes so long after it was sent.
_HOP: Micros = MS // 10
#: An answer without a consequence in the log comes within a wake.
_UNSEEN: Micros = 500 * MS


class Line(NamedTuple):
    at: Micros
    text: str


class RecordedClient(NamedTuple):
    """One recorded process: its lines, and the messages of its master with their instants."""

    node: str
    pid: int
    failback: str
    keepalive: str
    lines: list[Line]
    told: list[tuple[Micros, Message]]


def _us(seconds: float) -> Micros:
    return round(seconds * 1_000_000)


def _load(path: Path) -> list[dict[str, Any]]:
    with gzip.open(path, "rt", encoding="utf-8") as file:
        return [json.loads(line) for line in file]


def _packet(entry: dict[str, Any]) -> Message:
    body = {k: str(v) for k, v in entry.items() if k not in ("t", "node", "iface", "msg", "seq")}
    seq = int(entry.get("seq", "0"), 16)
    one = message(entry["msg"], entry["node"], None, None, **body)
    return one._replace(seqno=seq, dest=entry.get("dest"))


def _belief(node: str, at: Micros, text: str) -> Message | None:
    """Return the message to clients that goes with a line of the master."""
    if found := _LINK.fullmatch(text):
        return message("ifstat", node, found[3], None, node=found[1], ifname=found[2])
    if found := _STATUS.fullmatch(text):
        return message("status", found[1], found[2])
    if found := _DEAD.fullmatch(text):
        return message("status", found[1], "dead")
    return None


def clients_of(run: Path) -> list[RecordedClient]:
    """Return the ipfail processes of a recorded run of two nodes."""
    trace, wire = _load(run / "trace.jsonl.gz"), _load(run / "wire.jsonl.gz")
    out = []
    for node in ("node1", "node2"):
        log = [
            (_us(e["t"]), e["prog"], e["pid"], e["text"])
            for e in trace
            if e["src"] == "log" and e["node"] == node
        ]
        master = {
            pid for _, prog, pid, said in log if prog == "heartbeat" and said.startswith("Local s")
        }
        spoken = [(at, said) for at, prog, pid, said in log if pid in master]
        wakes = _wakes(node, spoken, wire)
        told = [(at, one) for at, said in spoken if (one := _belief(node, at, said)) is not None]
        told += _packets(node, wakes, spoken, wire)
        told.sort(key=lambda pair: pair[0])
        own = [Line(at, said) for at, prog, _, said in log if prog == "ipfail"]
        starts = [i for i, line in enumerate(own) if line.text.startswith("PID=")]
        exits = [
            _us(e["t"])
            for e in trace
            if e["src"] == "proc" and e["node"] == node and e["ev"] == "exit"
            if e.get("role") == "ipfail"
        ]
        for first, last in pairwise([*starts, len(own)]):
            lines = own[first:last]
            joined = _joined(node, lines[1].at, wire)
            after = own[last].at if last < len(own) else lines[-1].at + _UNSEEN
            end = min([after, *(t for t in exits if t > joined)])
            heard = [pair for pair in told if joined < pair[0] < end]
            failback = "on" if any("-> 1 (on)" in line.text for line in lines) else "off"
            pid = int(lines[0].text.removeprefix("PID="))
            slow = any(line.text == "Delayed giveup in 4 seconds." for line in lines)
            keepalive = "2000ms" if slow else "1000ms"
            out.append(RecordedClient(node, pid, failback, keepalive, lines, heard))
    return out


def _joined(node: str, since: Micros, wire: list[dict[str, Any]]) -> Micros:
    """Return when the master announced the sign-on of a process that signs in at `since`."""
    joins = (
        _us(e["t"])
        for e in wire
        if e["node"] == node and e["msg"] == "hbapi-clstat" and e["st"] == "join"
    )
    return next((at for at in joins if at >= since - MS), since)


def _wakes(node: str, spoken: list[tuple[Micros, str]], wire: list[dict[str, Any]]) -> list[Micros]:
    """Return when the master is known to have been awake."""
    own = [_us(e["t"]) for e in wire if e["node"] == node]
    statuses = [_us(e["t"]) for e in wire if e["node"] == node and e["msg"] == "status"]
    halves = [t + half for t in statuses for half in (500 * MS, 510 * MS)]
    return sorted({*own, *halves, *(at for at, _ in spoken)})


def _packets(
    node: str,
    wakes: list[Micros],
    spoken: list[tuple[Micros, str]],
    wire: list[dict[str, Any]],
) -> list[tuple[Micros, Message]]:
    """Return the packets that are passed on to clients, at the wakes that read them.

    What a node sends after a change of its status is not read before the change is.
    """
    out, seen = [], set()
    told: dict[str, str] = {}
    floor: dict[str, Micros] = {}
    changes = [
        (at, found[1], found[2])
        for at, said in spoken
        if (found := _STATUS.fullmatch(said)) is not None
    ]
    for entry in wire:
        origin, kind, sent = entry["node"], entry["msg"], _us(entry["t"])
        key = (origin, kind, entry.get("seq"), entry.get("hg"))
        if key in seen:
            continue
        seen.add(key)
        if kind == "status" and told.get(origin) != entry["st"]:
            told[origin] = entry["st"]
            read = (at for at, n, word in changes if (n, word) == (origin, told[origin]))
            floor[origin] = next((at for at in read if at >= sent), 0)
        if kind in _QUIET or (kind in _ADDRESSED and entry.get("dest") != node):
            continue
        at = sent
        if origin != node:
            i = bisect_left(wakes, sent + _HOP)
            at = max(floor.get(origin, 0), wakes[i] if i < len(wakes) else sent)
        out.append((at, _packet(entry)))
    return out


class Replayed:
    """The machine under the messages of a recording.

    Answers come at the instants at which the recording shows their consequence; what they say of
    ping nodes is what the master has told, what they say of resources is read off the consequence.
    """

    def __init__(self, client: RecordedClient) -> None:
        self.client = client
        self.machine = Ipfail.boot(IpfailSetting(client.node), client.pid)
        self.lines: list[Line] = []
        self.asked_at: Micros = 0
        self.statuses = {"192.168.60.1": "ping", "node1": "active", "node2": "active"}

    def run(self) -> list[Line]:
        """Return all lines that the machine says."""
        first = self.client.lines[0].at
        self._take(self.machine.started(first), first)
        for at, one in self.client.told:
            self._until(at)
            if one.type == "status" and one.status is not None:
                self.statuses[one.origin] = one.status
            self._take(self.machine.told(at, one), at)
        self._until(self.client.lines[-1].at + 1)
        return self.lines

    def _until(self, end: Micros) -> None:
        """Let answers and timers come that are due before `end`."""
        while True:
            due = self.machine.deadline
            if self.machine.state.waiting is not None:
                due = self._answer_at()
            if due is None or due >= end:
                return
            if self.machine.state.waiting is not None:
                self._take(self.machine.answered(due, self._answer()), due)
            else:
                self._take(self.machine.fire(due), due)

    def _expected(self) -> Line | None:
        lines = self.client.lines
        return lines[len(self.lines)] if len(self.lines) < len(lines) else None

    def _seen(self) -> bool:
        """Return whether the log shows what comes of the answer that is waited for."""
        expected, state = self._expected(), self.machine.state
        if expected is None:
            return False
        return state.step != "failback" or expected.text.startswith("Giving up foreign")

    def _answer_at(self) -> Micros:
        expected = self._expected()
        if expected is not None and self._seen():
            return max(self.asked_at, expected.at)
        return self.asked_at + _UNSEEN

    def _answer(self) -> Answer:
        request, state, expected = self.machine.state.waiting, self.machine.state, self._expected()
        assert request is not None
        match request.what:
            case "node list":
                kinds = {n: "ping" if "." in n else "normal" for n in self.statuses}
                rows = tuple((n, kinds[n], s) for n, s in self.statuses.items())
                return Answer(request, rows)
            case "parameter":
                on = request.arg == "auto_failback"
                return Answer(request, self.client.failback if on else self.client.keepalive)
            case "resources" if state.step == "failback":
                return Answer(request, "local" if self._seen() else "transition")
            case "resources" if state.step == "giveup":
                asks = expected is not None and "ask_resources" in expected.text
                return Answer(request, "local" if asks else "transition")
            case _:
                return Answer(request, "local")

    def _take(self, outputs: list[IpfailOutput], now: Micros) -> None:
        for output in outputs:
            if isinstance(output, Happened):
                line = line_of(output.event, "3.0.6")
                assert line is not None
                self.lines.append(Line(now, line.text))
            elif isinstance(output, Request) and output.letter is None:
                self.asked_at = now
