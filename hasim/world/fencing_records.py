"""The plain data of STONITH devices at work."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar

from hasim.units import Micros

__all__ = ["FenceRequest", "FenceState"]


@dataclass(slots=True)
class FenceRequest:
    """One reset that a device has been asked for.

    ``stage`` is what comes at ``due``: ``off`` (the plug goes off), ``on`` (it comes on again),
    ``answer``, or ``lost`` (the asker gives up waiting); without ``due`` the device hangs, or
    waits for an operator.  ``job`` is the process that waits, ``on_due`` when the plug comes on,
    ``code`` what the answer will be, ``cut`` that the plug is off by this request.
    """

    TIMES: ClassVar[tuple[str, ...]] = ("due", "on_due")
    number: int
    node: str
    victim: str
    job: int
    stage: str
    due: Micros | None
    on_due: Micros | None = None
    code: int = 0
    cut: bool = False
    cause: int | None = None


@dataclass(slots=True)
class FenceState:
    """A device: the requests it works on, how many have failed as the site wants, and its faults.

    ``modes`` maps the number of a fault to ``fail``, ``hang`` or ``lie``; the last one holds.
    """

    name: str
    requests: list[FenceRequest] = field(default_factory=list)
    failed: int = 0
    modes: dict[int, str] = field(default_factory=dict)

    @property
    def mode(self) -> str:
        """How it answers now."""
        return next(reversed(self.modes.values()), "ok")
