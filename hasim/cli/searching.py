"""The commands ``hasim check`` and ``hasim replay``: the search itself lives in the library."""

from __future__ import annotations

import json as jsonlib
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

from hasim.cli.exports import check_report, write_page
from hasim.cli.output import complain, write_lines
from hasim.cli.simulate import changes_of, names_in
from hasim.cli.terminal import paint_result
from hasim.errors import ConfigError, HasimError, Problem
from hasim.model import Model, load
from hasim.report import Find, Finds, write_finds
from hasim.run.judged import PropertyLike
from hasim.search import check
from hasim.search.hunt import Hunt
from hasim.search.store import Saved, buried, bury, read_results, write_results
from hasim.search.tell import verdict_lines

__all__ = ["Searched", "check_command", "replay_command"]


@dataclass(frozen=True, slots=True)
class Searched:
    """What ``hasim check`` is asked for."""

    path: str
    sets: Sequence[str]
    dialect: str | None
    budget: str | None
    examples: int | None
    properties: Sequence[str]
    families: Sequence[str]
    window: str | None
    most: int
    seed: int
    jobs: int | None
    results: str
    report: str | None = None


def check_command(asked: Searched, json: bool, quiet: bool) -> int:
    """Search, write the verdict and the results folder; return the exit code."""
    check_report(asked.report)
    model: Model = load(asked.path, dialect=asked.dialect)
    if asked.sets:
        model = model.changed(changes_of(asked.sets))
    root = Path(asked.results) if asked.results else None
    first, said = buried(root, model) if root else ([], [])
    if not quiet:
        for sentence in (*(f"assumed: {s}" for s in model.assumed), *said):
            complain(sentence)
    with _progress(quiet) as progress:
        hits = check(
            model,
            budget=asked.budget,
            examples=asked.examples,
            properties=[_property(name) for name in asked.properties] or None,
            families=names_in(asked.families),
            window=asked.window,
            most=asked.most,
            seed=asked.seed,
            jobs=asked.jobs,
            first=first,
            progress=progress,
        )
    place = "results"
    if root is not None:
        folder = write_results(root, hits)
        bury(root, hits)
        place = str(root / "latest")
        if json:
            write_lines((folder / "verdict.json").read_text(encoding="utf-8").splitlines())
        if not quiet:
            complain(f"results: {folder}; again: hasim replay {place}")
    elif json:
        raise HasimError("--json writes what stands in the results folder: name one with --results")
    if not json:
        violated = {found.violation.property for found in hits.found}
        write_lines(paint_result(verdict_lines(hits, place), violated))
    write_page(asked.report, hits.report)
    return 0 if hits.ok else 1


def _property(name: str) -> PropertyLike:
    """Return a property by name; MODULE:FUNCTION is a function of a run."""
    module, colon, function = name.partition(":")
    if not colon:
        return name
    if "" not in sys.path:
        sys.path.insert(0, "")
    try:
        found: PropertyLike = getattr(import_module(module), function)
    except (AttributeError, ImportError, ValueError) as x:
        remedy = "write MODULE:FUNCTION, with the module where Python finds it"
        problem = Problem(f"--property {name}", None, "ERROR", str(x), remedy)
        raise ConfigError([problem]) from None
    return found


@contextmanager
def _progress(quiet: bool) -> Iterator[Callable[[Hunt], None]]:
    """Show on a terminal how far the search is."""
    if quiet or not sys.stderr.isatty():
        yield lambda hunt: None
        return
    from rich.console import Console

    console = Console(stderr=True)
    with console.status("searching") as status:

        def show(hunt: Hunt) -> None:
            names = ", ".join(dict.fromkeys(f.violation.property for f in hunt.failures))
            found = f"; violated: {names}" if names else ""
            status.update(f"{hunt.coverage.schedules} schedules{found}")

        yield show


# ---- replay -------------------------------------------------------------------------------------


def replay_command(
    path: str, model: str | None, json: bool, quiet: bool, report: str | None = None
) -> int:
    """Run every find of a results folder again; return 1 if a property is still violated."""
    check_report(report)
    saved = [*read_results(Path(path))]
    if not saved:
        complain(f"{path}: nothing was found in that search")
    still = False
    finds: list[Find] = []
    for one in saved:
        data, lines, find = _again(one, model or one.model)
        still = still or bool(data["violated"])
        finds.append(find)
        write_lines([jsonlib.dumps(data, ensure_ascii=False)] if json else lines)
        if data["differs"] and not quiet:
            complain(str(data["differs"]))
    write_page(report, lambda place: write_finds(_replayed(path, finds, still), place))
    return 1 if still else 0


def _replayed(path: str, finds: Sequence[Find], still: bool) -> Finds:
    """Return what was run again as a report has it."""
    many = sum(1 for find in finds if find.violation is not None)
    head = f"{many} of {len(finds)} are still violated" if still else "Everything holds now"
    return Finds(
        f"What was found in {path}, run again",
        "Replay",
        head,
        not still,
        f"{len(finds)} finds of that search were run again.",
        [("results", path)],
        finds,
        finds[0].run.model if finds else None,
    )


def _again(one: Saved, path: str) -> tuple[dict[str, Any], list[str], Find]:
    model: Model = load(path, dialect=one.dialect)
    run = model.run(scenario=one.scenario, seed=one.seed)
    found = [v for v in run.violations if v.property == one.property]
    same = run.digest == one.digest
    differs = ""
    if not same:
        changed = [f for f, digest in model.digests.items() if one.configs.get(f) != digest]
        gone = [f for f in one.configs if f not in model.digests]
        files = ", ".join([*changed, *gone])
        why = f"changed since: {files}" if files else "written by another version of hasim"
        differs = f"{one.property}: the run is not the one of that search ({why})"
    verdict = str(found[0]) if found else f"{one.property}: holds now"
    digest = f"digest {run.digest}, " + ("as it was" if same else f"it was {one.digest}")
    lines = [verdict, *(f"  {fault}" for fault in one.scenario.faults)]
    lines.append(f"  seed {one.seed}, {digest}")
    data = {
        "property": one.property,
        "violated": bool(found),
        "digest": run.digest,
        "same": same,
        "differs": differs,
        "sentence": found[0].sentence if found else None,
    }
    shown = Find(
        verdict,
        run,
        found[0] if found else None,
        [(str(fault), False) for fault in one.scenario.faults],
        [lines[-1].strip(), differs] if differs else [lines[-1].strip()],
        run.command(f"{path}/scenario.toml"),
        run.python(),
    )
    return data, lines, shown
