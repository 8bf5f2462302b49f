"""An ipfail process on the bench: messages and answers by hand, lines and requests in lists."""

from __future__ import annotations

from hasim.catalogue import line_of
from hasim.protocol import Answer, Happened, Message
from hasim.protocol.ipfail import Ipfail, IpfailOutput, IpfailSetting, Quit
from hasim.protocol.messages import Request
from hasim.units import MS, Micros

__all__ = [
    "GATEWAY",
    "Bench",
    "asks",
    "joins",
    "link",
    "message",
    "resource",
    "status",
]

GATEWAY = "10.0.0.254"
#: Answers of a quiet cluster to everything but the list of nodes.
WORDS = {"resources": "local", "keepalive": "1000ms", "filter": "", "signal": ""}


def message(
    type_: str,
    origin: str = "b",
    status_: str | None = None,
    tag: int | None = None,
    **body: str,
) -> Message:
    """Return a message of the daemon; the body is given by name."""
    return Message(type_, origin, 1, 1, None, status_, 0, 0, None, tuple(body.items()), tag)


def status(node: str, word: str, tag: int | None = None) -> Message:
    return message("status", node, word, tag)


def link(node: str, name: str, word: str, tag: int | None = None) -> Message:
    return message("ifstat", "a", word, tag, node=node, ifname=name)


def asks(count: int) -> Message:
    return message("num_ping_nodes", num_ping=str(count))


def joins(node: str, client: str = "ipfail", what: str = "join") -> Message:
    return message("hbapi-clstat", node, st=what, from_id=client, to_id=client)


def resource(stable: str = "1", node: str = "b", **more: str) -> Message:
    return message("resource", node, rsc_hold="local", rtype="full", isstable=stable, **more)


class Bench:
    """One process on node a of the nodes a and b, with as many ping nodes as are named."""

    def __init__(self, pings: tuple[str, ...] = (GATEWAY,), failback: str = "on", **more: bool):
        self.setting = IpfailSetting("a", more.get("single", False))
        self.machine = Ipfail.boot(self.setting, 77)
        self.version = "2.0.8" if self.setting.single else "3.0.6"
        self.words = {**WORDS, "auto_failback": failback}
        self.alive = dict.fromkeys(pings, True)
        self.now: Micros = 0
        self.said: list[str] = []
        self.requests: list[Request] = []
        self.sent: list[tuple[str, str | None, dict[str, str]]] = []
        self.happened: list[Happened] = []
        self.end: Quit | None = None

    # ---- feeding --------------------------------------------------------------------------------

    def running(self) -> Bench:
        """Start it, up to its main loop, and forget what it said."""
        self.take(self.machine.started(self.now))
        self.serve_all()
        assert self.said[-1] == "Waiting for messages..."
        self.forget()
        return self

    def forget(self) -> None:
        self.said, self.requests, self.sent, self.happened = [], [], [], []

    def take(self, outputs: list[IpfailOutput]) -> None:
        for output in outputs:
            if isinstance(output, Happened):
                line = line_of(output.event, self.version)
                assert line is not None
                self.said.append(line.text)
                self.happened.append(output)
            elif isinstance(output, Quit):
                assert self.end is None
                self.end = output
            elif output.letter is not None:
                letter = output.letter
                self.sent.append((letter.type, letter.dest, dict(letter.body)))
            else:
                self.requests.append(output)

    def tell(self, *messages: Message) -> None:
        for one in messages:
            self.take(self.machine.told(self.now, one))

    def answer_of(self, request: Request) -> Answer:
        pings = tuple((n, "ping", "ping" if up else "dead") for n, up in self.alive.items())
        rows = (*pings, ("b", "normal", "active"), ("a", "normal", "active"))
        match request.what:
            case "node list":
                return Answer(request, rows)
            case "node status":
                return Answer(request, next(s for n, _, s in rows if n == request.arg))
            case "node type":
                return Answer(request, next(k for n, k, _ in rows if n == request.arg))
            case "parameter":
                return Answer(request, self.words[request.arg])
            case what:
                return Answer(request, self.words[what])

    def serve(self) -> None:
        """Answer the request that is waited for."""
        waiting = self.machine.state.waiting
        assert waiting is not None, "nothing is waited for"
        self.take(self.machine.answered(self.now, self.answer_of(waiting)))

    def serve_all(self) -> int:
        """Answer until nothing is waited for; return how many answers that took."""
        count = 0
        while self.machine.state.waiting is not None:
            self.serve()
            count += 1
        return count

    def until(self, at: Micros) -> None:
        """Let time pass; what is asked meanwhile stays unanswered."""
        while (due := self.machine.deadline) is not None and due <= at:
            self.now = max(self.now, due)
            self.take(self.machine.fire(self.now))
        self.now = at

    def wait(self, seconds: float) -> None:
        """Let so much time pass, and answer whatever is asked at once."""
        end = self.now + round(seconds * 1000) * MS
        while (due := self.machine.deadline) is not None and due <= end:
            self.until(max(due, self.now))
            self.serve_all()
        self.now = end

    def heard(self) -> list[str]:
        """Return what it has said since the last call."""
        said, self.said = self.said, []
        return said
