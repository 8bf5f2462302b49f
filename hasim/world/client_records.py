"""The plain data of client processes: what a snapshot holds of them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar, NamedTuple

from hasim.protocol.ipfail_state import IpfailState
from hasim.protocol.messages import Message, Request
from hasim.units import Micros

__all__ = ["UNSAID", "Asking", "Birth", "ClientState", "Telling"]


class Birth(NamedTuple):
    """What a client is started as, by ha.cf.

    Attributes
    ----------
    user : str
        Its user; empty where that is of no account.
    uid, gid : int
        Numbers of the user, for the log.
    signs_on : bool
        It signs on with the daemon, whatever the site says.
    children : tuple of str
        Commands that it starts itself (semantics 13).
    """

    user: str = ""
    uid: int | None = None
    gid: int | None = None
    signs_on: bool = False
    children: tuple[str, ...] = ()


UNSAID = Birth()


@dataclass(slots=True)
class Asking:
    """A request on its way to the daemon."""

    TIMES: ClassVar[tuple[str, ...]] = ("at",)
    at: Micros
    request: Request


@dataclass(slots=True)
class Telling:
    """A message of the daemon that its client reads when it gets the processor."""

    TIMES: ClassVar[tuple[str, ...]] = ("at",)
    at: Micros
    message: Message


@dataclass(slots=True)
class ClientState:
    """One process of a respawn client.

    Attributes
    ----------
    number : int
        Counts the clients of the run; orders them at equal times.
    life : int
        Counts the processes of this command on its node, over all reboots.
    stage : str
        ``forked``, ``executed``, ``running``.
    due : int or None
        When the next stage, or the end, comes.
    connected : bool
        The daemon that started it lives: channel and parent.
    line : int or None
        Record of its last line, or of what started it.
    ending : tuple or None
        (code, signal) with which it ends at ``due``.
    birth : Birth
        What it was started as.
    parent : int or None
        Process that started it and that it ends with; None: the daemon.
    """

    TIMES: ClassVar[tuple[str, ...]] = ("due",)
    node: str
    number: int
    command: str
    pid: int
    life: int = 1
    stage: str = "forked"
    due: Micros | None = None
    connected: bool = True
    line: int | None = None
    ending: tuple[int | None, int | None] | None = None
    asked: int = 0
    outbox: list[Asking] = field(default_factory=list)
    inbox: list[Telling] = field(default_factory=list)
    ipfail: IpfailState | None = None
    birth: Birth = UNSAID
    parent: int | None = None
