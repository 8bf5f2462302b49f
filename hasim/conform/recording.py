"""A recording of a real cluster as a replay needs it: scenario, exogenous facts, events."""

from __future__ import annotations

import gzip
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hasim.errors import ConfigError, Problem

__all__ = ["Recording", "load_recording", "save_recording"]


@dataclass(frozen=True)
class Recording:
    """One recorded run.

    Attributes
    ----------
    name, run : str
        Scenario and number of the run.
    scenario : mapping
        Configuration texts, topology, schedule and duration, as recorded.
    pins : mapping
        The exogenous facts: instants of injection, starts of the daemon, durations of scripts.
    events : tuple of dict
        Canonical events ``{t, node, role, kind, args}``, ordered by ``t`` in seconds.
    packets : tuple of (float, str)
        When which node emitted a packet, in seconds, ordered; empty if not recorded.
    """

    name: str
    run: str
    scenario: Mapping[str, Any]
    pins: Mapping[str, Any]
    events: tuple[dict[str, Any], ...]
    packets: tuple[tuple[float, str], ...] = ()

    @property
    def nodes(self) -> tuple[str, ...]:
        """Names of the nodes."""
        return tuple(self.scenario["topology"]["nodes"])

    @property
    def conditionable(self) -> bool:
        """False where packets were lost at random: which ones is not known."""
        return bool(self.pins.get("conditionable", True))

    @property
    def duration(self) -> float:
        """Length of the run in seconds."""
        return float(self.scenario["duration"])


def load_recording(path: Path) -> Recording:
    """Read a recording that :func:`save_recording` wrote (``*.json`` or ``*.json.gz``).

    Raises
    ------
    ConfigError
        If the file cannot be read or lacks a part.
    """

    def broken(why: str) -> ConfigError:
        remedy = "give a recording made by this version (NAME.json.gz), or a folder of them"
        return ConfigError([Problem(str(path), None, "ERROR", why, remedy)])

    try:
        raw = path.read_bytes()
        data = json.loads(gzip.decompress(raw) if path.suffix == ".gz" else raw)
    except (OSError, ValueError, EOFError) as x:
        raise broken(f"not a recording: {x}") from None
    if not isinstance(data, dict):
        raise broken("not a recording: no object at the top")
    missing = [k for k in ("name", "run", "scenario", "pins", "events") if k not in data]
    if missing:
        raise broken(f"not a recording: no {', '.join(missing)}")
    if not (isinstance(data["scenario"], dict) and isinstance(data["pins"], dict)):
        raise broken("not a recording: scenario and pins must be objects")
    try:
        packets = tuple((float(t), str(n)) for t, n in data.get("packets", ()))
        events = tuple({**e} for e in data["events"])
    except (TypeError, ValueError) as x:
        raise broken(f"not a recording: {x}") from None
    name, run = str(data["name"]), str(data["run"])
    return Recording(name, run, data["scenario"], data["pins"], events, packets)


def save_recording(recording: Recording, path: Path) -> None:
    """Write a recording as one compact file; equal recordings give equal bytes."""
    data = {
        "name": recording.name,
        "run": recording.run,
        "scenario": dict(recording.scenario),
        "pins": dict(recording.pins),
        "events": list(recording.events),
        "packets": [list(p) for p in recording.packets],
    }
    text = json.dumps(data, sort_keys=True, separators=(",", ":"))
    path.write_bytes(
        gzip.compress(text.encode(), mtime=0) if path.suffix == ".gz" else text.encode()
    )
