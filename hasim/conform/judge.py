"""The judge of agreement, where it is at hand: an independent program with its own comparison.

It runs unmodified, in a process of its own, on the recordings as they are.
"""

from __future__ import annotations

import gzip
import json
import os
import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

from hasim.conform.recording import Recording
from hasim.conform.runs import Replayed
from hasim.errors import ConfigError, Problem

__all__ = [
    "ask_judge",
    "raw_recordings",
    "run_folders",
    "run_lines",
    "write_replayed",
]


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


def run_folders(paths: Iterable[Path], only: str = "*") -> list[Path]:
    """Return the folders of raw recordings at or below the given ones, in order.

    `only` is a pattern that the name of their scenario must match.
    """
    found: set[Path] = set()
    for path in paths:
        if (path / "trace.jsonl.gz").exists():
            found.add(path)
        found.update(f.parent for f in path.glob("*/trace.jsonl.gz"))
        found.update(f.parent for f in path.glob("*/*/trace.jsonl.gz"))
    return sorted(f for f in found if fnmatchcase(f.resolve().parent.name, only))


def raw_recordings(folders: Sequence[Path], judge: Path) -> list[Recording]:
    """Read raw recordings: exogenous facts and canonical events as the judge extracts them."""
    if not folders:
        return []
    names = [str(f.resolve()) for f in folders]
    facts = {(p["scenario"], p["run"]): p for p in _lines(judge, "pins", *names)}
    events: dict[tuple[str, str], list[dict[str, Any]]] = {}
    here: list[dict[str, Any]] = []
    wanted = ("t", "node", "role", "kind", "args", "job")
    for line in _lines(judge, "canonical", *names):
        if "schema" in line:
            here = events.setdefault((line["scenario"], line["run"]), [])
        else:
            here.append({k: line[k] for k in wanted if k in line})
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


def run_lines(header: Mapping[str, Any], events: Iterable[Mapping[str, Any]]) -> str:
    """Return a run in the judge's format, one line for its header and for each event."""
    lines = ({"schema": 1, **header}, *events)
    return "".join(json.dumps(line, separators=(",", ":")) + "\n" for line in lines)


def write_replayed(root: Path, run: Replayed, *, logs: bool) -> None:
    """Write a conditioned run in the judge's format, and its nodes' logs if asked for."""
    recording = run.recording
    header = {
        "scenario": recording.name, "run": recording.run, "mode": "conditioned", "seed": 0,
        "ticks": [list(tick) for tick in run.ticks], "pins": dict(run.pins),
    }  # fmt: skip
    folder = root / recording.name
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{recording.run}.jsonl").write_text(run_lines(header, run.events))
    if logs:
        for node in recording.nodes:
            text = "".join(line + "\n" for line in run.log(node))
            (folder / f"{recording.run}.{node}.log").write_text(text)


def ask_judge(
    judge: Path, recordings: Sequence[Path], simulated: Path, tests: str
) -> dict[str, Any]:
    """Return what the judge says of simulated runs, as it says it."""
    done = _call(
        judge, "judge", "--recordings", *(str(r.resolve()) for r in recordings),
        "--simulated", str(simulated.resolve()), "--tests", tests, "--json",
    )  # fmt: skip
    if done.returncode not in (0, 1) or not done.stdout:
        text = done.stderr.strip()[-400:]
        raise ConfigError([Problem(str(judge), None, "ERROR", text, "")])
    verdict: dict[str, Any] = json.loads(done.stdout)
    return verdict
