"""What differs between the versions of the daemon in the protocol (semantics 17.1)."""

from __future__ import annotations

from dataclasses import dataclass

from hasim.units import MS, Micros

__all__ = ["Dialect", "dialect"]


@dataclass(frozen=True, slots=True)
class Dialect:
    """Behaviour of one version.

    Attributes
    ----------
    late_kills : bool
        A heartbeat later than deadtime marks its sender dead on the spot (semantics 4.6).
    history : int
        Packets kept for retransmission (semantics 3.6).
    gap_max : int
        A larger gap is given up instead of asked for (semantics 3.5, step 4).
    flow_max : int
        Clients are paused beyond so many unacknowledged packets (semantics 3.7).
    rexmit_first : tuple of int
        Range of the delay before a missing packet is asked for (semantics 3.6).
    rexmit_to_dead : bool
        Missing packets of a dead node are asked for too.
    netstring : bool
        Messages go out in netstring form, and one with a wrong signature is dumped
        (semantics 3.1, 15.2).
    """

    version: str
    late_kills: bool
    history: int
    gap_max: int
    flow_max: int
    rexmit_first: tuple[Micros, Micros]
    rexmit_to_dead: bool
    netstring: bool


_DIALECTS = {
    d.version: d
    for d in (
        Dialect("2.0.8", False, 200, 500, 100, (0, 0), True, False),
        Dialect("3.0.6", True, 500, 250, 250, (50 * MS, 250 * MS), False, True),
    )
}


def dialect(version: str) -> Dialect:
    """Return the behaviour of a version, ``"2.0.8"`` or ``"3.0.6"``.

    Raises
    ------
    KeyError
        For any other version; callers check user input before.
    """
    return _DIALECTS[version]
