"""Commands about models: ``hasim models`` and ``hasim init``."""

from __future__ import annotations

import json as jsonlib
from collections.abc import Sequence
from pathlib import Path

from hasim.cli.output import complain, write_lines
from hasim.errors import ConfigError, HasimError, Problem
from hasim.model import Model, load
from hasim.site import render_derived

__all__ = ["init_command", "models_command"]


def init_command(path: str, dialect: str | None) -> int:
    """Write the derived site of a folder; a ``site.toml`` that is there is left out of account."""
    model = load(path, dialect=dialect)
    if not model.assumed:
        there = Path(path) / "site.toml"
        complain(f"{there} is there already; this is what would be assumed without it")
    first = next(iter(model.haresources.values()), None)
    write_lines(render_derived(model.configs, first, model.dialect).rstrip("\n").split("\n"))
    return 0


def _folders(path: str) -> list[Path]:
    folder = Path(path)
    try:
        entries = sorted(folder.iterdir())
    except OSError as x:
        remedy = "give the folder that holds the models: hasim models DIR"
        text = f"cannot be read: {x.strerror or x}"
        raise ConfigError([Problem(path, None, "ERROR", text, remedy)]) from None
    return [e for e in entries if (e / "ha.cf").is_file() or (e / "config").is_dir()]


def _title(model: Model) -> str:
    """Return the first sentence of the model's README after its heading, or nothing."""
    try:
        text = (model.path / "README.md").read_text("utf-8", errors="replace")
    except OSError:
        return ""
    paragraphs = [p for p in text.split("\n\n") if p.strip() and not p.startswith("#")]
    first = " ".join(paragraphs[0].split()) if paragraphs else ""
    head, stop, _ = first.partition(". ")
    return head + stop.strip()


def models_command(path: str, json: bool, pretty: bool) -> int:
    """List models and scenarios: a table on a terminal, plain rows in a pipe, or JSON Lines."""
    rows: list[tuple[str, str, str, str]] = []
    broken: list[HasimError] = []
    for folder in _folders(path):
        try:
            model = load(folder)
        except HasimError as x:
            broken.append(x)
            continue
        kind = f"Heartbeat {model.dialect}, {len(model.nodes)} nodes"
        rows.append((str(folder), "", kind, _title(model)))
        for name, scenario in model.scenarios.items():
            rows.append((str(folder), name, "", scenario.title))
    if json:
        write_lines(
            jsonlib.dumps({"model": m, "scenario": s or None, "title": t}, ensure_ascii=False)
            for m, s, _, t in rows
        )
    elif pretty:
        _table(rows)
    else:
        write_lines("\t".join((m, s or "-", t)) for m, s, _, t in rows)
    if not rows and not broken:
        complain(f"no model in {path}: a model is a folder with an ha.cf")
    for error in broken:
        complain(str(error))
    return 2 if broken else 0


def _table(rows: Sequence[tuple[str, str, str, str]]) -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table("model", "scenario", "what")
    for model, scenario, kind, title in rows:
        first = "" if scenario else model
        what = title if scenario else f"{title} ({kind})" if title else kind
        table.add_row(Text(first, style="bold"), scenario, Text(what))
    Console().print(table)
