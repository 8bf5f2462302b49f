"""``hasim conform``: replay recordings, compare, and say how far simulation and daemon agree."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Executor, ProcessPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from fnmatch import fnmatchcase
from itertools import repeat
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hasim.conform.compare import Agreement, compare_events, pool
from hasim.conform.coverage import not_conditionable
from hasim.conform.free import batches, run_batches
from hasim.conform.judge import (
    ask_judge,
    raw_recordings,
    run_folders,
    write_replayed,
)
from hasim.conform.recording import Recording, load_recording
from hasim.conform.runs import replayed
from hasim.errors import ConfigError, Problem

__all__ = ["BARS", "FREE_RUNS", "Report", "check"]

#: What must be reached over all recordings: least shares, and the greatest of ``wrong``.
BARS = {"exact": 0.81, "same": 0.57, "ordered": 0.99, "wrong": 0.14}
#: So many free runs a scenario the judge asks for.
FREE_RUNS = 400
_Progress = Callable[[int, int], None] | None
_REMEDY = "give a recording made by this version (NAME.json.gz), or a folder of them"


@dataclass(frozen=True)
class Report:
    """What ``hasim conform`` found.

    Attributes
    ----------
    results : tuple of Agreement
        One a replayed recording, in order.
    skipped : tuple of (str, str)
        Recordings that were not replayed, with the reason.
    verdict : dict or None
        The judge's own answer to its tests on the same runs, where it was asked.
    free : int
        How many free runs were made.
    """

    results: tuple[Agreement, ...]
    skipped: tuple[tuple[str, str], ...]
    verdict: dict[str, Any] | None = None
    free: int = 0

    @property
    def figures(self) -> dict[str, float]:
        """Pooled shares over all recordings."""
        return pool(self.results)

    @property
    def missed(self) -> tuple[str, ...]:
        """Which bars are missed, and which tests of the judge."""
        figures = self.figures
        low = [k for k in ("exact", "same", "ordered") if figures[k] < BARS[k]]
        high = ["wrong"] if figures["wrong"] > BARS["wrong"] else []
        return (*low, *high)

    @property
    def ok(self) -> bool:
        """True where every bar is met; the judge's answer is shown beside, not mixed in."""
        return bool(self.results) and not self.missed


def check(
    paths: Sequence[str],
    judge: str | None = None,
    *,
    tests: str = "A",
    runs: int = FREE_RUNS,
    jobs: int = 1,
    only: str = "*",
    progress: Callable[[int, int], None] | None = None,
) -> Report:
    """Replay recordings and compare event by event.

    Parameters
    ----------
    paths : sequence of str
        Recordings of this package (``*.json.gz``), folders of them, or (with `judge`) folders of
        raw recordings.
    judge : str, optional
        Folder of the judge; it is asked about the same runs as well.
    tests : str
        Which of its tests, some of ``ABCD``; ``B`` and ``C`` need free runs.
    runs : int
        Free runs a scenario.
    jobs : int
        Processes at work.
    only : str
        Pattern of the names of scenarios.
    progress : callable, optional
        Called after each replay with how many were made, and of how many.

    Raises
    ------
    ConfigError
        For what is no recording, and where raw recordings are given without a judge.
    """
    compact, folders = _found(paths, only)
    if folders and judge is None:
        why = "raw recordings are read with the judge's help"
        raise ConfigError([Problem(str(folders[0]), None, "ERROR", why, "add --judge DIR")])
    recordings = [r for r in map(load_recording, compact) if fnmatchcase(r.name, only)]
    with ExitStack() as stack:
        workers = stack.enter_context(ProcessPoolExecutor(jobs)) if jobs > 1 else None
        own = _compare(recordings, workers, progress)
        if judge is None:
            return own
        scratch = stack.enter_context(TemporaryDirectory(prefix="hasim-conform-"))
        judged = _judged(folders, Path(judge), Path(scratch), tests, runs, workers, progress)
    results, skipped = (*own.results, *judged.results), (*own.skipped, *judged.skipped)
    return Report(results, skipped, judged.verdict, judged.free)


def _found(paths: Sequence[str], only: str) -> tuple[list[Path], list[Path]]:
    """Return compact recordings and folders of raw ones."""
    compact: list[Path] = []
    folders: list[Path] = []
    for text in paths:
        path = Path(text)
        inside = sorted(path.rglob("*.json.gz")) if path.is_dir() else []
        raw = run_folders([path]) if path.is_dir() else []
        if not path.exists() or (path.is_dir() and not inside and not raw):
            remedy = "name a recording or a folder"
            raise ConfigError([Problem(text, None, "ERROR", "no recordings found", remedy)])
        if raw:
            folders += run_folders([path], only)
        else:
            compact += inside if path.is_dir() else [path]
    return compact, folders


def _compare(
    recordings: Sequence[Recording], workers: Executor | None, progress: _Progress
) -> Report:
    skipped = [(f"{r.name}/{r.run}", w) for r in recordings if (w := not_conditionable(r))]
    able = [r for r in recordings if not not_conditionable(r)]
    return Report(tuple(_map(workers, able, None, progress, logs=False)), tuple(skipped))


def _map(
    workers: Executor | None,
    recordings: Sequence[Recording],
    root: Path | None,
    progress: _Progress,
    *,
    logs: bool,
) -> Iterable[Agreement]:
    args = (recordings, repeat(root), repeat(logs))
    done: list[Agreement] = []
    for one in map(_one, *args) if workers is None else workers.map(_one, *args, chunksize=4):
        done.append(one)
        if progress is not None:
            progress(len(done), len(recordings))
    return done


def _one(recording: Recording, root: Path | None, logs: bool) -> Agreement:
    """Replay one recording, leave it to the judge below `root`, and compare."""
    try:
        run = replayed(recording)
        result = compare_events(recording, run.events, run.pins)
    except (AttributeError, IndexError, KeyError, TypeError, ValueError) as x:
        why = f"not a recording: a part of it has another form ({type(x).__name__}: {x})"
        name = f"{recording.name}/{recording.run}"
        raise ConfigError([Problem(name, None, "ERROR", why, _REMEDY)]) from x
    if root is not None:
        write_replayed(root, run, logs=logs)
    return result


def _judged(
    folders: Sequence[Path],
    judge: Path,
    scratch: Path,
    tests: str,
    runs: int,
    workers: Executor | None,
    progress: _Progress,
) -> Report:
    raw = raw_recordings(folders, judge)
    simulated = scratch / "simulated"
    simulated.mkdir()
    skipped = [(f"{r.name}/{r.run}", w) for r in raw if (w := not_conditionable(r))]
    able = [r for r in raw if not not_conditionable(r)]
    results = tuple(_map(workers, able, simulated, progress, logs="D" in tests))
    free = 0
    if set("BC") & set(tests):
        work = batches(raw, runs, simulated)
        free = sum(run_batches(work, workers))
    verdict = ask_judge(judge, folders, simulated, tests) if results or free else None
    return Report(results, tuple(skipped), verdict, free)
