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
    Forge,
    Hang,
    Heal,
    Isolate,
    Kill,
    Lose,
    PowerOff,
    PowerOn,
    Reload,
    Replay,
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
        Forge,
        Hang,
        Heal,
        Isolate,
        Kill,
        Lose,
        PowerOff,
        PowerOn,
        Reload,
        Replay,
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


#: Signals that end a process which does not ask for them, and those that stop it and let it go on.
_ENDS, _STOPS = frozenset({3, 4, 6, 7, 8, 9, 11, 15}), frozenset({18, 19})
_SIGNALS = {
    "master": frozenset({1, 9, 15}),
    "all": frozenset({9}),
    "ipfail": _ENDS,
    "client": _ENDS,
    "fifo": _ENDS,
    "read": _ENDS | _STOPS,
    "write": _ENDS | _STOPS,
}


def is_built(fault: Fault) -> bool:
    """Tell whether a fault is simulated in this version.

    Of :class:`Kill` only the signals are whose effect on that process is known, of :class:`Cut` and
    :class:`Restore` all but paths of disks.
    """
    match fault:
        case Kill():
            return fault.signal in _SIGNALS[fault.role]
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
        case Cut() | Restore():
            what = f"{fault.verb} {fault.target}"
        case _:
            pass
    raise NotBuiltError(f"{what!r} is read but not simulated in this version: {str(fault)!r}")
