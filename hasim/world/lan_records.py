"""The plain data of what outside clients know and see: ARP caches, the service as they see it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar

from hasim.units import Micros

__all__ = ["LanState", "ViewState"]


@dataclass(slots=True)
class ViewState:
    """What one outside client knows of the address that it probes.

    ``by`` is the node whose answers it hears, as the trace has it last. ``end`` is the NIC that
    its ARP entry points to, None while it has none and asks for one. A good entry needs no
    instants of its own: it is confirmed at ``probe_at`` and every ``period_us`` after that.
    ``fail_at`` is when an entry that nobody answers is thrown away, ``ask_due`` the next broadcast
    that will be answered; broadcasts go out every second, counted from ``asked_at``. ``learned``
    counts entries, ``cause`` is the record of what the client saw last.
    """

    TIMES: ClassVar[tuple[str, ...]] = ("fail_at", "ask_due")
    host: str
    address: str
    by: str | None = None
    end: str | None = None
    probe_at: Micros = 0
    period_us: Micros = 0
    fail_at: Micros | None = None
    asked_at: Micros = 0
    ask_due: Micros | None = None
    learned: int = 0
    off: bool = False
    cause: int | None = None


@dataclass(slots=True)
class LanState:
    """What the hosts of the network know of service addresses: one view for each client.

    ``announced`` counts gratuitous ARP packets.
    """

    TIMES: ClassVar[tuple[str, ...]] = ()
    views: dict[str, ViewState] = field(default_factory=dict)
    announced: int = 0
