"""How long things take after what was injected, recorded and simulated side by side.

A *window* begins with an injection (several within 50 ms are one) and ends with the next; the first
begins with the run. A latency is the time from the begin of a window to the first event of its kind
in it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from hasim.conform.recording import Recording

__all__ = ["KINDS", "Latency", "latencies_of", "paired"]

#: Of which events latencies are taken: role and kind.
KINDS: Mapping[str, tuple[str, str]] = {
    "comm-up": ("mcp", "comm-up"),
    "node-dead": ("mcp", "node-dead"),
    "link-dead": ("mcp", "link-dead"),
    "standby-ask": ("mcp", "standby-ask"),
    "acquire-from": ("mcp", "acquire-from"),
    "vip-up": ("kernel", "vip-up"),
    "mount": ("kernel", "mount"),
    "shutdown-complete": ("mcp", "shutdown-complete"),
}
_MERGE = 0.05
_WANTED = {event: kind for kind, event in KINDS.items()}


class Latency(NamedTuple):
    """A latency of a recorded run, and that of its simulation, in seconds.

    Parameters
    ----------
    scenario, run : str
        Of the recording.
    window : int
        From which injection on; 0 is the begin of the run.
    kind : str
        One of :data:`KINDS`.
    recorded_s, simulated_s : float
        Seconds from the begin of the window to the first such event.
    """

    scenario: str
    run: str
    window: int
    kind: str
    recorded_s: float
    simulated_s: float


def _starts(events: Iterable[Mapping[str, Any]]) -> list[float]:
    """Return when each window begins."""
    out = [0.0]
    last = 0.0
    for event in events:
        if event["kind"] == "fault":
            at = float(event["t"])
            if at - last >= _MERGE:
                out.append(at)
            last = at
    return out


def latencies_of(
    events: Iterable[Mapping[str, Any]], starts: Iterable[float], end: float
) -> dict[tuple[int, str], float]:
    """Return by window and kind the seconds to the first such event; events are in order."""
    begin = [*starts]
    out: dict[tuple[int, str], float] = {}
    window = 0
    for event in events:
        at = float(event["t"])
        if at >= end:
            break
        while window + 1 < len(begin) and at >= begin[window + 1]:
            window += 1
        kind = _WANTED.get((str(event["role"]), str(event["kind"])))
        if kind is not None:
            out.setdefault((window, kind), at - begin[window])
    return out


def paired(recording: Recording, simulated: Iterable[Mapping[str, Any]]) -> tuple[Latency, ...]:
    """Return every latency that a recording and its simulation both have."""
    starts, end = _starts(recording.events), recording.duration
    theirs = latencies_of(recording.events, starts, end)
    ours = latencies_of(simulated, starts, end)
    return tuple(
        Latency(recording.name, recording.run, window, kind, recorded, ours[window, kind])
        for (window, kind), recorded in sorted(theirs.items())
        if (window, kind) in ours
    )
