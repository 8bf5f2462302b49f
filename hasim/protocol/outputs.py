"""What a master process wants done.  The node that hosts it carries the outputs out in order."""

from __future__ import annotations

from dataclasses import dataclass, field

from hasim.events import Event
from hasim.protocol.messages import Message, Request
from hasim.units import Micros

__all__ = [
    "Answer",
    "CloseWatchdog",
    "Exit",
    "Happened",
    "KillChildren",
    "OpenWatchdog",
    "Output",
    "Reboot",
    "RefuseClient",
    "RunHelper",
    "RunScript",
    "RunStonith",
    "Send",
    "Silence",
    "StartClient",
    "StopClient",
    "TellClients",
    "Tickle",
]


@dataclass(frozen=True, slots=True)
class Silence:
    """Why something was declared dead: nothing came from `peer` (on `device`, or on any)."""

    peer: str
    device: str | None


@dataclass(frozen=True, slots=True)
class Happened:
    """An event of the master; `why` is the message read, or the silence noticed, that made it.

    `why` may also be the number of the record behind it.  `medium` is where that message was read.
    """

    event: Event
    why: Message | Silence | int | None
    medium: str = ""


@dataclass(frozen=True, slots=True)
class Send:
    """Hand `message` to all write children; a status also makes each ping medium ask for echo.

    `again` marks a retransmission.
    """

    message: Message
    again: bool = False


@dataclass(frozen=True, slots=True)
class RunScript:
    """Fork a child that runs harc with this rc.d script for a message (semantics 5.3, 8.2).

    `origin` is the node of the message, `status` its status (``dead`` makes ``status`` run
    mach_down), `body` its other fields (``ipaddr``, ``ok``, ``weown``, ``rsc_hold``).  `why` is
    the message, or the record, that asked for it; it does not take part in comparison.
    """

    script: str
    origin: str
    status: str | None = None
    body: tuple[tuple[str, str], ...] = ()
    why: Message | int | None = field(default=None, compare=False)
    medium: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class RunHelper:
    """Fork a copy of the master that works on resources (semantics 5.3, 5.6, 6.2, 7.2).

    Attributes
    ----------
    kind : str
        ``req_our_resources``, ``go_standby`` or ``hb_giveup_resources``.
    act, set : str
        Of ``go_standby``: ``give up`` or ``acquire``, and which groups from this node's own view:
        ``all local foreign none``.
    asked : str
        Of ``go_standby``: the set named in the messages, as the node sees it that hands over.
    legacy_peer : bool
        Of ``req_our_resources``: auto_failback legacy and a live peer, which is asked with
        ``ip-request`` for each key; else the node answers itself with ``ip-request-resp``.
    why : Message or int, optional
        The message, or the record, that asked for it; not compared.
    """

    kind: str
    act: str = ""
    set: str = ""
    asked: str = ""
    legacy_peer: bool = False
    why: Message | int | None = field(default=None, compare=False)
    medium: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class RunStonith:
    """Fork a copy of the master that works the STONITH device (semantics 9).

    It resets `peer`, or checks the device where that is empty.  It is no resource helper: nothing
    waits for it, and the node counts as stable meanwhile.
    """

    peer: str = ""
    why: Message | int | None = field(default=None, compare=False)
    medium: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class StartClient:
    """Fork a respawn client; `late` after a quick death: the child sleeps 1 s first (6.7).

    With `slow` the dispatch that forks takes long, and nothing else is served meanwhile (13).
    """

    command: str
    late: bool = False
    slow: bool = False


@dataclass(frozen=True, slots=True)
class RefuseClient:
    """Answer the sign-on of this process with a failure."""

    pid: int


@dataclass(frozen=True, slots=True)
class StopClient:
    """Send SIGTERM to the process group of a respawn client (semantics 6.3)."""

    command: str


@dataclass(frozen=True, slots=True)
class TellClients:
    """Hand a message to every client that is signed on and lets it pass its filter.

    `message` has type ``status`` (a node's status has changed, or a local ``dead``), ``ifstat``
    (body ``node ifname``, its status in ``status``), or is a message of the cluster, read on
    `medium`.
    """

    message: Message
    medium: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """Answer a request of a client.

    `value` is a text, or for ``node list`` a tuple of (name, ``normal`` or ``ping``, status).
    """

    request: Request
    value: str | tuple[tuple[str, str, str], ...]


@dataclass(frozen=True, slots=True)
class KillChildren:
    """Shutdown, last phase: kill the FIFO and I/O children (semantics 6.3)."""


@dataclass(frozen=True, slots=True)
class Exit:
    """The master's life ends when its children are gone.

    `restart` is ``""`` for good, ``exec`` after the sleep of a restart (semantics 6.4), ``quick``
    for a reload that keeps the resources (6.5); `keep` is what the new life holds from the start.
    """

    restart: str = ""
    keep: str = "none"


@dataclass(frozen=True, slots=True)
class OpenWatchdog:
    """Open the watchdog, which then acts `limit_us` after it was last tickled (semantics 10)."""

    device: str
    limit_us: Micros


@dataclass(frozen=True, slots=True)
class Tickle:
    """Feed the watchdog, if it could be opened (semantics 10)."""


@dataclass(frozen=True, slots=True)
class CloseWatchdog:
    """Close the watchdog with the magic character: it is to stop (semantics 10).

    `why` is the message, or the record, that asked for the shutdown; not compared.
    """

    why: Message | int | None = field(default=None, compare=False)
    medium: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class Reboot:
    """Reboot the machine after `wait_us` in which the master does nothing else (semantics 6.7)."""

    wait_us: Micros


Output = (
    Happened
    | Send
    | RunScript
    | RunHelper
    | RunStonith
    | StartClient
    | StopClient
    | RefuseClient
    | TellClients
    | Answer
    | KillChildren
    | Exit
    | OpenWatchdog
    | Tickle
    | CloseWatchdog
    | Reboot
)
