"""Results on disk: a folder for each verdict, ``latest``, and a graveyard of what failed before."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

from hasim.errors import ConfigError, HasimError, Problem
from hasim.faults import parse_fault
from hasim.render import messages_svg, timeline_svg
from hasim.run import check_targets
from hasim.scenario import Scenario, Simulable, parse_scenario, render_scenario
from hasim.search.check import Hits
from hasim.search.found import Found
from hasim.search.tell import evidence_lines, folder_of, log_around, verdict_lines
from hasim.units import SECOND
from hasim.version import VERSION

__all__ = ["Saved", "buried", "bury", "read_results", "write_results"]

_SCHEMA = 1
_VERDICT = "verdict.json"
_LATEST = "latest"
#: So many failing schedules of a model are kept, the youngest.
_GRAVES = 200


@dataclass(frozen=True, slots=True)
class Saved:
    """A find as a results folder has it: what to run again, and the digest that must come out."""

    property: str
    model: str
    dialect: str
    configs: Mapping[str, str]
    scenario: Scenario
    seed: int
    digest: str


def _entry(hits: Hits, found: Found, folder: str, digest: str) -> dict[str, Any]:
    violation = found.violation
    return {
        "property": found.property,
        "sentence": violation.sentence,
        "at_us": violation.at,
        "until_us": violation.until,
        "known": None if found.known is None else found.known.name,
        "recordings": [] if found.known is None else list(found.known.recordings),
        "faults": [str(fault) for fault in found.faults],
        "mended": [str(f) for f in found.scenario.faults if f not in found.faults],
        "seed": found.seed,
        "index": found.index,
        "original": [str(fault) for fault in found.original],
        "attempts": found.tries,
        "digest": digest,
        "folder": folder,
        "scenario": render_scenario(found.scenario),
        "command": found.command(f"{folder}/scenario.toml"),
    }


def _verdict_data(hits: Hits, entries: list[dict[str, Any]]) -> dict[str, Any]:
    """Return a verdict as plain data."""
    coverage = hits.coverage
    return {
        "schema": _SCHEMA,
        "hasim": VERSION,
        "model": str(hits.model.path),
        "dialect": hits.model.dialect,
        "configs": dict(hits.model.digests),
        "edits": dict(hits.model.edits),
        "seed": hits.seed,
        "properties": list(hits.properties),
        "families": list(hits.space.families),
        "statement": hits.statement(),
        "found": entries,
        "failed": hits.failed,
        "tally": dict(hits.tally),
        "schedules": coverage.schedules,
        "kinds": {kind: coverage.kinds[kind] for kind in sorted(hits.space.kinds)},
        "pairs": [[*pair, n] for pair, n in sorted(coverage.pairs.items())],
        "machines_looked_at_in": coverage.sampled,
        "transitions": [[*move, n] for move, n in sorted(coverage.moves.items())],
        "log_lines": dict(sorted(coverage.lines.items())),
    }


def write_results(root: Path, hits: Hits) -> Path:
    """Write a verdict into a folder of its own below `root`, and let ``latest`` name it.

    Its name is the model's and a digest of the verdict: the same verdict goes to the same place.
    Everything is written beside it first, so that no half-written folder is ever there.

    Raises
    ------
    HasimError
        Where it cannot be written.
    """
    try:
        root.mkdir(parents=True, exist_ok=True)
        scratch = Path(mkdtemp(prefix=".writing-", dir=root))
        try:
            entries = [_write_found(scratch, hits, i, f) for i, f in enumerate(hits.found, 1)]
            text = json.dumps(_verdict_data(hits, entries), indent=1, ensure_ascii=False) + "\n"
            (scratch / _VERDICT).write_text(text, encoding="utf-8")
            told = "".join(line + "\n" for line in verdict_lines(hits, str(root / _LATEST)))
            (scratch / "verdict.txt").write_text(told, encoding="utf-8")
            digest = blake2b(text.encode(), digest_size=4).hexdigest()
            final = root / f"{hits.model.name}-{digest}"
            if final.exists():
                shutil.rmtree(final)
            scratch.chmod(0o755)
            scratch.rename(final)
        finally:
            shutil.rmtree(scratch, ignore_errors=True)
        _point(root / _LATEST, final.name)
    except OSError as x:
        raise HasimError(f"{root}: results cannot be written: {x.strerror or x}") from None
    return final


def _point(link: Path, name: str) -> None:
    """Let a link name a folder beside it; a plain file does where links cannot be made."""
    fresh = link.with_name(f".{link.name}-{os.getpid()}")
    try:
        fresh.symlink_to(name, target_is_directory=True)
    except OSError:
        fresh.write_text(name + "\n", encoding="utf-8")
    fresh.replace(link)


def _write_found(scratch: Path, hits: Hits, number: int, found: Found) -> dict[str, Any]:
    run = found.run(packets=True)
    folder = scratch / folder_of(number, found)
    folder.mkdir()

    def write(name: str, text: str) -> None:
        (folder / name).write_text(text, encoding="utf-8")

    write("scenario.toml", render_scenario(found.scenario))
    write("replay.py", found.python())
    write("log.txt", "".join(line + "\n" for line in log_around(run, found)))
    evidence = evidence_lines(run, found.violation)
    write("evidence.txt", "".join(line + "\n" for line in (str(found.violation), *evidence)))
    begin = max(0, min((f.at for f in found.faults), default=0) - 5 * SECOND)
    end = min(run.end, found.violation.at + 5 * SECOND)
    violations = [found.violation]
    title = str(found.violation)
    write("timeline.svg", timeline_svg(run.trace, violations=violations, title=title))
    messages = messages_svg(run.trace, begin, end, violations=violations, title=title)
    write("messages.svg", messages)
    plain = found.run()
    plain.save(folder / "trace.jsonl")
    return _entry(hits, found, folder.name, plain.digest)


def read_results(path: Path) -> Iterator[Saved]:
    """Yield the finds of a results folder.

    Raises
    ------
    ConfigError
        For what is no results folder, or was changed by hand.
    """
    folder = path
    if folder.is_file():  # where links cannot be made
        folder = folder.parent / folder.read_text(encoding="utf-8").strip()
    file = folder / _VERDICT
    remedy = "give a folder that 'hasim check' has written, such as results/latest"
    try:
        data = json.loads(file.read_text(encoding="utf-8"))
        if data["schema"] != _SCHEMA:
            text = f"schema {data['schema']!r} is unknown; this version reads {_SCHEMA}"
            raise ConfigError([Problem(str(file), None, "ERROR", text, remedy)])
        for entry in data["found"]:
            scenario = parse_scenario(entry["scenario"], f"{file}: scenario", entry["property"])
            yield Saved(
                str(entry["property"]),
                str(data["model"]),
                str(data["dialect"]),
                {str(k): str(v) for k, v in data["configs"].items()},
                scenario,
                int(entry["seed"]),
                str(entry["digest"]),
            )
    except OSError as x:
        text = f"cannot be read: {x.strerror or x}"
        raise ConfigError([Problem(str(file), None, "ERROR", text, remedy)]) from None
    except (AttributeError, KeyError, TypeError, ValueError) as x:
        text = f"it is no verdict: {type(x).__name__} {x}"
        raise ConfigError([Problem(str(file), None, "ERROR", text[:300], remedy)]) from None


# ---- the graveyard ------------------------------------------------------------------------------


def _graves(root: Path, model: Simulable) -> Path:
    return root / "graveyard" / f"{model.name}.jsonl"


def bury(root: Path, hits: Hits) -> None:
    """Keep every schedule that failed, made small and as it was drawn; each is kept once.

    Raises
    ------
    HasimError
        Where it cannot be written.
    """
    file = _graves(root, hits.model)
    lines = file.read_text(encoding="utf-8").splitlines() if file.exists() else []
    for found in hits.found:
        drawn = found.index if found.index >= 0 else found.seed
        for faults, seed in ((found.original, drawn), (found.faults, found.seed)):
            grave = {"property": found.property, "seed": seed, "faults": [str(f) for f in faults]}
            line = json.dumps(grave, ensure_ascii=False)
            lines = [other for other in lines if other != line] + [line]
    if not lines:
        return
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        fresh = file.with_name(f".{file.name}-{os.getpid()}")
        fresh.write_text("".join(line + "\n" for line in lines[-_GRAVES:]), encoding="utf-8")
        fresh.replace(file)
    except OSError as x:
        raise HasimError(f"{file}: cannot be written: {x.strerror or x}") from None


def buried(root: Path, model: Simulable) -> tuple[list[tuple[Scenario, int]], list[str]]:
    """Return the schedules of a model that failed before, with their seeds, and what is unusable.

    A schedule that names what the model no longer has is left out, with a sentence.
    """
    file = _graves(root, model)
    if not file.exists():
        return [], []
    out, said = [], []
    for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
        try:
            grave = json.loads(line)
            faults = tuple(parse_fault(text) for text in grave["faults"])
            scenario = Scenario(faults=faults, file=f"{file}:{number}")
            if problems := check_targets(faults, model.site, scenario.file):
                raise ConfigError(problems)
            out.append((scenario, int(grave["seed"])))
        except (HasimError, KeyError, TypeError, ValueError) as x:
            said.append(f"{file}:{number}: left out: {str(x).splitlines()[0][:200]}")
    return out, said
