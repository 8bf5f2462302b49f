"""Which faults this version simulates, and which it reads only."""

from __future__ import annotations

from hasim.errors import NotBuiltError
from hasim.faults.verbs import (
    Cable,
    ClockDrift,
    ClockStep,
    Cut,
    Delay,
    Duplicate,
    Fail,
    Fault,
    Hang,
    Heal,
    Isolate,
    Kill,
    Lose,
    PowerOff,
    PowerOn,
    Reload,
    Restore,
    Slow,
    Standby,
    Start,
    StonithMode,
    StonithPort,
    Stop,
    Takeover,
    Thaw,
)

__all__ = ["BUILT", "is_built", "require_built"]

#: Fault classes that are simulated, apart from the exceptions of :func:`is_built`.
BUILT: frozenset[type[Fault]] = frozenset(
    {
        ClockDrift,
        ClockStep,
        Cut,
        Delay,
        Duplicate,
        Fail,
        Hang,
        Heal,
        Isolate,
        Kill,
        Lose,
        PowerOff,
        PowerOn,
        Reload,
        Restore,
        Slow,
        Standby,
        Start,
        StonithMode,
        Stop,
        Takeover,
        Thaw,
    }
)


def is_built(fault: Fault) -> bool:
    """Tell whether a fault is simulated in this version.

    Of :class:`Kill` only ``master``, ``all``, ``ipfail`` and other clients with signal 9 are, of
    :class:`Cut` and :class:`Restore` all but paths of disks, of :class:`Hang` only whole nodes.
    """
    match fault:
        case Kill():
            return fault.role in ("master", "all", "ipfail", "client") and fault.signal == 9
        case Hang():
            return fault.process == "all"
        case Cut() | Restore():
            return isinstance(fault.target, Cable | StonithPort)
        case _:
            return type(fault) in BUILT


def require_built(fault: Fault) -> None:
    """Raise :class:`NotBuiltError` for a fault that is read but not simulated."""
    if is_built(fault):
        return
    what = fault.verb
    match fault:
        case Kill():
            signal = "" if fault.signal == 9 else f" -{fault.signal}"
            what = f"kill {fault.role}{signal}"
        case Hang():
            what = f"hang {fault.process}"
        case Cut() | Restore():
            what = f"{fault.verb} {fault.target}"
        case _:
            pass
    raise NotBuiltError(f"{what!r} is read but not simulated in this version: {str(fault)!r}")
