"""The judge of agreement, where it is at hand: an independent program with its own comparison.

It is asked about recordings restricted to the events in scope (their other lines are left out),
unmodified and in a process of its own.
"""

from __future__ import annotations

import gzip
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from hasim.catalogue import canonical, event_of
from hasim.conform.recording import Recording
from hasim.conform.scope import KINDS, scope_end
from hasim.errors import ConfigError, Problem

__all__ = ["ask_judge", "raw_recordings", "run_folders", "write_restricted", "write_simulated"]


def _call(judge: Path, *args: str) -> subprocess.CompletedProcess[str]:
    """Run the judge; it is a package, so its parent folder is where it runs."""
    judge = judge.resolve()
    environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1"}
    command = [sys.executable, "-m", judge.name, *args]
    return subprocess.run(
        command, cwd=judge.parent, env=environment, capture_output=True, text=True, check=False
    )


def _lines(judge: Path, *args: str) -> Iterator[dict[str, Any]]:
    done = _call(judge, *args)
    if done.returncode != 0:
        text = done.stderr.strip().splitlines()[-1:] or ["it said nothing"]
        remedy = "give the folder of the judge and folders of recordings it can read"
        raise ConfigError(
            [Problem(str(judge), None, "ERROR", f"the judge refuses: {text[0]}", remedy)]
        )
    for line in done.stdout.splitlines():
        yield json.loads(line)


def run_folders(paths: Iterable[Path]) -> list[Path]:
    """Return the folders of raw recordings at or below the given ones, in order."""
    found: set[Path] = set()
    for path in paths:
        if (path / "trace.jsonl.gz").exists():
            found.add(path)
        found.update(f.parent for f in path.glob("*/trace.jsonl.gz"))
        found.update(f.parent for f in path.glob("*/*/trace.jsonl.gz"))
    return sorted(found)


def raw_recordings(folders: Sequence[Path], judge: Path) -> list[Recording]:
    """Read raw recordings: exogenous facts and canonical events as the judge extracts them."""
    if not folders:
        return []
    names = [str(f.resolve()) for f in folders]
    facts = {(p["scenario"], p["run"]): p for p in _lines(judge, "pins", *names)}
    events: dict[tuple[str, str], list[dict[str, Any]]] = {}
    here: list[dict[str, Any]] = []
    for line in _lines(judge, "canonical", *names):
        if "schema" in line:
            here = events.setdefault((line["scenario"], line["run"]), [])
        else:
            here.append({k: line[k] for k in ("t", "node", "role", "kind", "args")})
    out = []
    for folder in folders:
        scenario = json.loads((folder / "scenario.json").read_text())["scenario"]
        key = (scenario["name"], folder.name)
        packets = tuple((float(p["t"]), str(p["node"])) for p in _jsonl(folder / "wire.jsonl.gz"))
        out.append(Recording(*key, scenario, facts[key], tuple(events[key]), packets))
    return out


def _jsonl(path: Path) -> Iterator[dict[str, Any]]:
    with gzip.open(path, "rt", encoding="utf-8", errors="replace") as stream:
        for line in stream:
            yield json.loads(line)


def write_restricted(folder: Path, recording: Recording, root: Path) -> None:
    """Write a raw recording below `root` with only the lines in scope."""
    target = root / recording.name / recording.run
    target.mkdir(parents=True)
    end = scope_end(recording)
    for name in ("scenario.json", "wire.jsonl.gz"):
        shutil.copy(folder / name, target / name)
    with gzip.open(target / "trace.jsonl.gz", "wt", encoding="utf-8") as out:
        for entry in _jsonl(folder / "trace.jsonl.gz"):
            if entry["t"] < end and _in_scope(entry):
                out.write(json.dumps(entry) + "\n")


def _in_scope(entry: Mapping[str, Any]) -> bool:
    if entry["src"] != "log" or entry.get("prog") != "heartbeat":
        return False
    event = event_of("heartbeat", str(entry.get("level")), str(entry["text"]), "3.0.6")
    stands = None if event is None else canonical(event)
    return stands is not None and stands[0] == "mcp" and stands[1] in KINDS


def write_simulated(
    root: Path, recording: Recording, events: Iterable[Mapping[str, Any]], pins: Mapping[str, Any]
) -> None:
    """Write a conditioned run in the judge's format."""
    header = {
        "schema": 1, "scenario": recording.name, "run": recording.run, "mode": "conditioned",
        "seed": 0, "ticks": [], "pins": dict(pins),
    }  # fmt: skip
    path = root / f"{recording.name}.{recording.run}.jsonl"
    path.write_text("".join(json.dumps(line) + "\n" for line in (header, *events)))


def ask_judge(judge: Path, recordings: Path, simulated: Path) -> dict[str, Any]:
    """Return what the judge says of conditioned replays (its test A), as it says it."""
    done = _call(
        judge, "judge", "--recordings", str(recordings.resolve()),
        "--simulated", str(simulated.resolve()), "--tests", "A", "--json",
    )  # fmt: skip
    if done.returncode == 2:
        raise ConfigError([Problem(str(judge), None, "ERROR", done.stderr.strip(), "")])
    verdict: dict[str, Any] = json.loads(done.stdout)
    return verdict
