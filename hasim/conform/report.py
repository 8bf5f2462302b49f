"""``hasim conform``: replay recordings, compare, and say how far simulation and daemon agree."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hasim.conform.compare import Agreement, compare_events, pool
from hasim.conform.judge import (
    ask_judge,
    raw_recordings,
    run_folders,
    write_restricted,
    write_simulated,
)
from hasim.conform.recording import Recording, load_recording
from hasim.conform.runs import replayed
from hasim.errors import ConfigError, Problem

__all__ = ["BARS", "Report", "check"]

#: What must be reached over all recordings: least shares, and the greatest of ``wrong``.
BARS = {"exact": 0.925, "same": 0.90, "ordered": 0.99, "wrong": 0.015}
_SHOWN = 12
_REMEDY = "give a recording made by this version (NAME.json.gz), or a folder of them"


@dataclass(frozen=True)
class Report:
    """What ``hasim conform`` found.

    Attributes
    ----------
    results : tuple of Agreement
        One a recording, in order.
    skipped : tuple of str
        Recordings that cannot be replayed, with the reason.
    verdict : dict or None
        The judge's own answer to its test A on the same runs, where it was asked.
    """

    results: tuple[Agreement, ...]
    skipped: tuple[str, ...]
    verdict: dict[str, Any] | None = None

    @property
    def figures(self) -> dict[str, float]:
        """Pooled shares over all recordings."""
        return pool(self.results)

    @property
    def missed(self) -> tuple[str, ...]:
        """Which bars are missed."""
        figures = self.figures
        low = [k for k in ("exact", "same", "ordered") if figures[k] < BARS[k]]
        return tuple([*low, "wrong"] if figures["wrong"] > BARS["wrong"] else low)

    @property
    def ok(self) -> bool:
        """True where every bar is met; the judge's answer is shown beside, not mixed in."""
        return bool(self.results) and not self.missed

    def to_json(self) -> str:
        """Return all figures as one JSON object."""
        rows = [
            {"recording": f"{r.name}/{r.run}", "end": round(r.end, 3),
             "same": r.same, "ordered": r.ordered, **dict(r.counts),
             "odd": [str(o) for o in r.odd]}
            for r in self.results
        ]  # fmt: skip
        judge = (
            None
            if self.verdict is None
            else {k: v for k, v in self.verdict["A"].items() if k != "absent"}
        )
        data = {
            "figures": self.figures,
            "missed": self.missed,
            "runs": rows,
            "skipped": self.skipped,
        }
        return json.dumps({**data, "judge": judge}, indent=1)

    def __str__(self) -> str:
        by: dict[str, list[Agreement]] = defaultdict(list)
        for result in self.results:
            by[result.name].append(result)
        heads = ("events", "exact", "tie", "carried", "wrong")
        lines = [f"{'recordings':36} {'runs':>4} {'same':>4} " + " ".join(f"{h:>7}" for h in heads)]
        for name, rows in by.items():
            counts = [sum(r.counts[k] for r in rows) for k in ("exact", "tie", "carried", "wrong")]
            row = " ".join(f"{c:7}" for c in (sum(counts), *counts))
            lines.append(f"{name:36} {len(rows):4} {sum(r.same for r in rows):4} {row}")
        if len(self.results) <= _SHOWN:
            lines += [f"{r.name}/{r.run}: {odd}" for r in self.results for odd in r.odd]
        lines += [f"left out: {text}" for text in self.skipped[:_SHOWN]]
        if len(self.skipped) > _SHOWN:
            lines.append(f"left out: {len(self.skipped) - _SHOWN} more")
        figures = self.figures
        shares = ", ".join(
            f"{k} {figures[k]:.1%}" for k in ("exact", "tie", "carried", "wrong", "same", "ordered")
        )
        lines.append(f"{int(figures['runs'])} runs, {int(figures['events'])} events: {shares}")
        if self.verdict is not None:
            a = self.verdict["A"]
            lines.append(
                f"judge, test A: sequences equal {a['equal']:.1%}, exact {a['exact']:.1%}, "
                f"ties {a['tie']}, "
                f"carried {a['carried']:.1%}, wrong {a['wrong']:.1%}, order {a['order']}; "
                f"missed: {', '.join(a['why']) or 'nothing'}"
            )
            lines += [
                f"judge: {k} deaths at the early wake: recorded {v['recorded']}, "
                f"simulated {v['simulated']} of {v['n']} (p {v['p']:.2g})"
                for k, v in a.get("early", {}).items()
            ]
        lines.append(
            "conform: "
            + ("agrees" if self.ok else f"missed: {', '.join(self.missed) or 'no runs'}")
        )
        return "\n".join(lines)


def check(paths: Sequence[str], judge: str | None = None) -> Report:
    """Replay recordings and compare event by event.

    Parameters
    ----------
    paths : sequence of str
        Recordings of this package (``*.json.gz``), folders of them, or (with `judge`) folders of
        raw recordings.
    judge : str, optional
        Folder of the judge; it is asked about the same runs as well.

    Raises
    ------
    ConfigError
        For what is no recording, and where raw recordings are given without a judge.
    """
    compact: list[Path] = []
    folders: list[Path] = []
    for text in paths:
        path = Path(text)
        inside = sorted(path.rglob("*.json.gz")) if path.is_dir() else []
        raw = run_folders([path]) if path.is_dir() else []
        if not path.exists() or (path.is_dir() and not inside and not raw):
            raise ConfigError(
                [
                    Problem(
                        text, None, "ERROR", "no recordings found", "name a recording or a folder"
                    )
                ]
            )
        folders += raw
        compact += inside if path.is_dir() and not raw else [] if path.is_dir() else [path]
    if folders and judge is None:
        why = "raw recordings are read with the judge's help"
        raise ConfigError([Problem(str(folders[0]), None, "ERROR", why, "add --judge DIR")])
    recordings = [load_recording(p) for p in compact]
    if judge is None:
        return _compare(recordings)
    with TemporaryDirectory(prefix="hasim-conform-") as scratch:
        return _judged(recordings, folders, Path(judge), Path(scratch))


def _compare(recordings: Sequence[Recording]) -> Report:
    results, skipped = [], []
    for recording in recordings:
        if not recording.conditionable:
            skipped.append(
                f"{recording.name}/{recording.run}: which packets were lost is not recorded"
            )
            continue
        try:
            events, _ = replayed(recording)
            results.append(compare_events(recording, events))
        except (AttributeError, IndexError, KeyError, TypeError, ValueError) as x:
            why = f"not a recording: a part of it has another form ({type(x).__name__}: {x})"
            name = f"{recording.name}/{recording.run}"
            raise ConfigError([Problem(name, None, "ERROR", why, _REMEDY)]) from None
    return Report(tuple(results), tuple(skipped))


def _judged(recordings: list[Recording], folders: list[Path], judge: Path, scratch: Path) -> Report:
    raw = raw_recordings(folders, judge)
    simulated = scratch / "simulated"
    simulated.mkdir()
    results, skipped = [], []
    for folder, recording in zip(folders, raw, strict=True):
        write_restricted(folder, recording, scratch / "recorded")
        if not recording.conditionable:
            skipped.append(
                f"{recording.name}/{recording.run}: which packets were lost is not recorded"
            )
            continue
        events, pins = replayed(recording)
        write_simulated(simulated, recording, events, pins)
        results.append(compare_events(recording, events))
    own = _compare(recordings)
    verdict = ask_judge(judge, scratch / "recorded", simulated) if results else None
    return Report((*own.results, *results), (*own.skipped, *skipped), verdict)
