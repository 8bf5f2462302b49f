"""What a master process wants done.  The node that hosts it carries the outputs out in order."""

from __future__ import annotations

from dataclasses import dataclass

from hasim.events import Event
from hasim.protocol.messages import Message

__all__ = ["Happened", "Output", "Restart", "RunScript", "Send", "Silence", "StartClients"]


@dataclass(frozen=True, slots=True)
class Silence:
    """Why something was declared dead: nothing came from `peer` (on `device`, or on any)."""

    peer: str
    device: str | None


@dataclass(frozen=True, slots=True)
class Happened:
    """An event of the master; `why` is the message read, or the silence noticed, that made it.

    `medium` is where that message was read.
    """

    event: Event
    why: Message | Silence | None
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
    """Fork a child that runs harc with this rc.d script (semantics 5.3)."""

    script: str


@dataclass(frozen=True, slots=True)
class StartClients:
    """Fork the respawn clients (semantics 5.2)."""


@dataclass(frozen=True, slots=True)
class Restart:
    """The daemon has decided to shut down and start anew (semantics 6.4)."""

    reason: str


Output = Happened | Send | RunScript | StartClients | Restart
