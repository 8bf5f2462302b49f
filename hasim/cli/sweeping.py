"""The command ``hasim sweep``: the sweep itself is the library's."""

from __future__ import annotations

import io
import json as jsonlib
import re
from collections.abc import Callable, Iterator, Sequence
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from hasim.cli.output import complain, write_lines
from hasim.cli.simulate import fault_help
from hasim.cli.terminal import Bar
from hasim.errors import ConfigError, HasimError, Problem
from hasim.experiment import false_takeover_rate, labels_of, quantiles, share
from hasim.files import put
from hasim.model import Model, load

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["SweepFlags", "sweep_command"]

_COMMA = re.compile(r"(?<!\\),")


class SweepFlags(NamedTuple):
    """The flags of the command, as they were given."""

    path: str
    sets: Sequence[str]
    faults: Sequence[str]
    each: bool
    scenarios: Sequence[str]
    seed: int
    seeds: int
    until: str | None
    spread: str | None
    jobs: int | None
    skip_refused: bool
    dialect: str | None
    csv: str | None
    parquet: str | None


def sweep_command(flags: SweepFlags, json: bool, quiet: bool, pretty: bool) -> int:
    """Sweep, write the table of quantiles or the rows, and return the exit code."""
    if "help" in flags.faults:
        write_lines(fault_help())
        return 0
    if json and flags.csv == "-":
        raise HasimError("--json and --csv - exclude each other: both write to standard output")
    if flags.seeds < 1:
        raise ConfigError([Problem("--seeds", None, "ERROR", f"{flags.seeds} seeds are none")])
    for place in (flags.csv, flags.parquet):
        _require_folder(place)
    model: Model = load(flags.path, dialect=flags.dialect)
    if not quiet:
        for sentence in model.assumed:
            complain(f"assumed: {sentence}")
    scenarios = flags.scenarios[0] if len(flags.scenarios) == 1 else [*flags.scenarios] or None
    faults: Any = [[line] for line in flags.faults] if flags.each else [*flags.faults]
    with Bar("runs", quiet) as bar:
        table = model.sweep(
            faults=faults,
            scenario=scenarios,
            seeds=range(flags.seed, flags.seed + flags.seeds),
            until=flags.until,
            spread=flags.spread,
            jobs=flags.jobs,
            skip_refused=flags.skip_refused,
            progress=bar.show,
            points=_points(flags.sets),
        )
    if not quiet:
        for text in table.attrs["hasim"]["refused"]:
            complain(f"left out: {text}")
    _write(table, flags)
    if json:
        write_lines(_json(table))
    elif flags.csv != "-":
        _show(_summary(table), pretty)
    return 1 if (table["violated"] != "").any() else 0


def _points(sets: Sequence[str]) -> list[dict[str, str]]:
    """Return the grid of some directives; a comma within a value has a backslash before it."""
    axes: dict[str, list[str]] = {}
    for text in sets:
        name, _, values = text.partition("=")
        listed = [value.strip().replace("\\,", ",") for value in _COMMA.split(values)]
        axes.setdefault(name.strip(), []).extend(listed)
    for name, listed in axes.items():
        if len(set(listed)) < len(listed):
            text, remedy = f"{name}: a value is given twice", "each value is a point of its own"
            raise ConfigError([Problem("--set", None, "ERROR", text, remedy)])
    return [dict(zip(axes, chosen, strict=True)) for chosen in product(*axes.values())]


# ---- files --------------------------------------------------------------------------------------


def _require_folder(place: str | None) -> None:
    """Refuse, before anything runs, a file in a folder that is not there."""
    if place not in (None, "-") and not Path(str(place)).absolute().parent.is_dir():
        raise HasimError(f"{place}: there is no such folder")


def _write(table: pd.DataFrame, flags: SweepFlags) -> None:
    if flags.csv == "-":
        write_lines(_csv(table).splitlines())
    elif flags.csv is not None:
        text = _csv(table)
        _replace(flags.csv, lambda path: path.write_text(text, encoding="utf-8"))
    if flags.parquet is not None:
        try:
            _replace(flags.parquet, lambda path: table.to_parquet(path, index=False))
        except ImportError:
            raise HasimError("--parquet needs pyarrow: pip install 'hasim[parquet]'") from None


def _csv(table: pd.DataFrame) -> str:
    return str(table.to_csv(index=False, lineterminator="\n"))


def _replace(place: str, write: Callable[[Path], object]) -> None:
    try:
        put(place, write)
    except OSError as x:
        raise HasimError(f"{place} cannot be written: {x.strerror or x}") from None


def _json(table: pd.DataFrame) -> Iterator[str]:
    for row in table.astype(object).where(table.notna(), None).to_dict("records"):
        yield jsonlib.dumps(row, ensure_ascii=False)


# ---- the table ----------------------------------------------------------------------------------


def _summary(table: pd.DataFrame) -> list[list[str]]:
    """Return the table of quantiles as texts, its head first."""
    labels = labels_of(table)
    times = quantiles(table, labels)
    false = false_takeover_rate(table, labels)
    violated = share(table, "violated", labels)
    head = [*labels, "runs", "5 %", "median", "95 %", "no outage", "to the end"]
    rows = [[*head, "false takeover", "violated"]]
    together = zip(
        times.to_dict("records"), false.to_dict("records"), violated.to_dict("records"), strict=True
    )
    for time, mistaken, broken in together:
        cells = [_label(time[name]) for name in labels] + [str(time["runs"])]
        cells += [_seconds(time[name]) for name in ("q05", "q50", "q95")]
        cells += [_count(time["none"]), _count(time["open"])]
        rows.append([*cells, _count(mistaken["hits"]), _count(broken["hits"])])
    return rows


def _label(value: object) -> str:
    return format(value, "g") if isinstance(value, float) else str(value)


def _count(number: int) -> str:
    return str(number) if number else "-"


def _seconds(value: float) -> str:
    if value != value:
        return "-"
    return "to the end" if value == float("inf") else f"{value:.2f} s"


def _show(rows: Sequence[Sequence[str]], pretty: bool) -> None:
    """Write the table, for a terminal or as plain text; a heading says what the times are."""
    from rich import box
    from rich.console import Console
    from rich.table import Table

    head, *body = rows
    texts = {i for i, cell in enumerate(zip(*body, strict=True)) if not _numbers(cell)}
    table = Table(
        box=box.SIMPLE_HEAD if pretty else None,
        title="outage of a group" if pretty else None,
        pad_edge=False,
    )
    for i, name in enumerate(head):
        table.add_column(name, justify="left" if i in texts else "right", overflow="fold")
    for row in body:
        table.add_row(*row)
    if pretty:
        Console().print(table)
        return
    out = io.StringIO()
    Console(file=out, width=10_000, color_system=None, markup=False, highlight=False).print(table)
    write_lines(line.rstrip() for line in out.getvalue().splitlines())


def _numbers(cells: Sequence[str]) -> bool:
    return all(cell[:1].isdigit() or cell in ("-", "to the end") for cell in cells)
