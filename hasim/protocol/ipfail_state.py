"""The whole state of one ipfail process: plain data, compared with ``==``."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar

from hasim.protocol.messages import Message, Request
from hasim.units import Micros

__all__ = ["IpfailState"]


@dataclass(slots=True)
class IpfailState:
    """Everything an ipfail process knows, and where it stands in what it is doing.

    Attributes
    ----------
    phase : str
        ``start`` until the main loop runs, then ``main``; ``ended``.
    step : str
        What goes on when `waiting` is answered or `sleep_due` has come; empty in the main loop.
    inside : str
        ``dispatch`` while messages are being handled, ``timer`` inside giveup().
    early, fresh : list of Message
        Read while waiting for an answer, and not read yet.  A message that comes while nothing is
        being done is dispatched at once, and what was read early goes before it.
    rows, row, found : list, int, int
        The list of nodes, how far it has been walked, and the ping nodes counted so far.
    subject, remote : str, int
        For what is being counted, and the other side's count.
    giveup_due, giveup_set, giveups : int or None, str, int
        The single timer of the delay, what it will give up, and how many there have been.
    since, tick_due : int, int or None
        From when the ticks of the main loop are counted, and the next one that has work to do.
    armed : int or None
        Record of the line that announced the delay, set by the host.
    """

    TIMES: ClassVar[tuple[str, ...]] = ("since", "tick_due", "giveup_due", "sleep_due")
    name: str
    pid: int
    phase: str = "start"
    waiting: Request | None = None
    step: str = ""
    inside: str = ""
    early: list[Message] = field(default_factory=list)
    fresh: list[Message] = field(default_factory=list)
    other: str = ""
    auto_failback: bool = False
    keepalive: Micros = 0
    rows: list[tuple[str, str, str]] = field(default_factory=list)
    row: int = 0
    found: int = 0
    subject: str = ""
    remote: int = 0
    since: Micros = 0
    tick_due: Micros | None = None
    giveup_due: Micros | None = None
    giveup_set: str = ""
    giveups: int = 0
    sleep_due: Micros | None = None
    need_standby: bool = False
    signals: bool = False
    quitting: bool = False
    armed: int | None = None
