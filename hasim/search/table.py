"""The matrix as text: rows that say the same are one, and what changes nothing is told in short."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from textwrap import wrap
from typing import NamedTuple

from hasim.search.cells import Cell
from hasim.search.outcome import BADNESS, mildness

__all__ = [
    "LEGEND",
    "PairRow",
    "TableRow",
    "aligned",
    "examples",
    "pair_lines",
    "pair_rows",
    "single_rows",
    "symbol_of",
    "unchanged",
]

#: What the outcomes mean, a line each.
LEGEND = (
    "continues: users lose nothing by the fault",
    "late by t: the service comes as without the fault, t later",
    "takes over in t, restarts in t: an outage, then another node serves, or the same one",
    "outage +t: it lasts until something is mended, and t longer",
    "stuck: long after everything was mended, all is not well",
    "*: it begins when something has been mended, and is often the way back",
    "(1/2): in one of two runs; of those that are not told users lose nothing",
    "a fault that lasts and has no duration here is a long one, mended at its end",
)

_SYMBOLS = {
    "continues": ".",
    "late": "l",
    "takes over": "t",
    "restarts": "r",
    "outage": "o",
    "stuck": "S",
    "dual address": "A",
    "dual mount": "M",
}
#: Of every other property.
_OTHER = "P"
_LABEL = 44
_LINE = 110
_CALM = BADNESS[0]


class TableRow(NamedTuple):
    """A row of single faults: events that do the same, and the cell of each phase.

    A cell holds the outcomes as text, the worst first; none where it was not tried. That nothing is
    lost in some of its runs is not told beside other outcomes.
    """

    family: str
    events: tuple[str, ...]
    cells: tuple[tuple[str, ...], ...]
    worst: tuple[str, ...]

    def said(self) -> list[str]:
        """Return the events; of one that is there long and short the duration is in brackets."""
        return _joined(self.events)


class PairRow(NamedTuple):
    """A row of the triangle of pairs: a kind, and the outcome with each kind up to itself."""

    kind: str
    cells: tuple[str, ...]
    marks: tuple[bool, ...]


def symbol_of(kind: str) -> str:
    """Return the letter of an outcome in the triangle of pairs; a blank for none."""
    return _SYMBOLS.get(kind, _OTHER) if kind else " "


def _by_event(cells: Sequence[Cell]) -> dict[str, dict[str, Cell]]:
    rows: dict[str, dict[str, Cell]] = {}
    for cell in cells:
        rows.setdefault(cell.event, {})[cell.phase] = cell
    return rows


def _quiet(row: dict[str, Cell]) -> bool:
    return all(cell.worst == _CALM for cell in row.values())


def _told(cell: Cell) -> tuple[str, ...]:
    """Return the outcomes of a cell, but for the runs in which nothing is lost beside others."""
    found = zip(cell.tallies, cell.told(), strict=True)
    return tuple(text for tally, text in found if tally.kind != _CALM or cell.worst == _CALM)


def single_rows(cells: Sequence[Cell], phases: Sequence[str]) -> list[TableRow]:
    """Return the rows in which something happens; those of a kind that say the same are one."""
    out: dict[tuple[object, ...], TableRow] = {}
    for event, row in _by_event(cells).items():
        first = next(iter(row.values()))
        if first.kinds and _quiet(row):
            continue
        there = [row.get(phase) for phase in phases]
        told = tuple(_told(cell) if cell else () for cell in there)
        worst = tuple(cell.worst if cell else "" for cell in there)
        key = first.kinds, told
        events = (*out[key].events, event) if key in out else (event,)
        out[key] = TableRow(first.family, events, told, worst)
    return list(out.values())


def unchanged(cells: Sequence[Cell]) -> list[str]:
    """Return the events by which users lose nothing in any phase, family by family."""
    kinds: dict[tuple[str, str], list[tuple[str, bool]]] = {}
    for event, row in _by_event(cells).items():
        first = next(iter(row.values()))
        if first.kinds:
            kinds.setdefault((first.family, first.kinds[0]), []).append((event, _quiet(row)))
    told: dict[str, list[str]] = {}
    for (family, kind), rows in kinds.items():
        quiet = [event for event, same in rows if same]
        whole = len(quiet) == len(rows) > 1
        told.setdefault(family, []).extend(
            [f"{kind} (all {len(rows)})"] if whole else _joined(quiet)
        )
    lines = (f"{family}: {', '.join(names)}" for family, names in told.items() if names)
    return [part for line in lines for part in _wrapped(line, _LINE, "  ")]


def _joined(events: Sequence[str]) -> list[str]:
    """Return events; of one that is there long and short the duration is in brackets."""
    out: list[str] = []
    for event in events:
        if out and event.startswith(f"{out[-1]} for "):
            out[-1] = f"{out[-1]} [{event.removeprefix(out[-1]).strip()}]"
        else:
            out.append(event)
    return out


def _wrapped(text: str, width: int, indent: str) -> list[str]:
    return wrap(
        text, width, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False
    )


def pair_rows(
    cells: Sequence[Cell], kinds: Sequence[str], worse: Callable[[Cell], bool]
) -> list[PairRow]:
    """Return the triangle of pairs.

    Parameters
    ----------
    worse : callable
        Whether a pair does worse than each of its faults alone; such a cell is marked.
    """
    found = {cell.kinds: cell for cell in cells}
    out = []
    for i, kind in enumerate(kinds):
        row = [found.get((other, kind)) for other in kinds[: i + 1]]
        worst = tuple(cell.worst if cell else "" for cell in row)
        out.append(PairRow(kind, worst, tuple(cell is not None and worse(cell) for cell in row)))
    return out


def pair_lines(rows: Sequence[PairRow]) -> Iterator[str]:
    """Yield the triangle as text, and what its letters mean."""
    width = max(len(row.kind) for row in rows) + 4
    yield " " * width + "".join(f"{i:>3}" for i in range(1, len(rows) + 1))
    for i, row in enumerate(rows, 1):
        marked = zip(row.cells, row.marks, strict=True)
        letters = "".join(f" {symbol_of(kind)}{'!' if mark else ' '}" for kind, mark in marked)
        yield f"{i:>2}  {row.kind.ljust(width - 4)}{letters}".rstrip()
    yield ""
    used = [s for s in [*_SYMBOLS] if any(s in row.cells for row in rows)]
    other = {kind for row in rows for kind in row.cells if kind and kind not in _SYMBOLS}
    letters = ", ".join(f"{_SYMBOLS[kind]} {kind}" for kind in used)
    rest = "".join(f", {_OTHER} {kind}" for kind in sorted(other, key=mildness))
    yield f"{letters}{rest}; ! worse than each of the two alone; blank: not tried"


def examples(cells: Sequence[Cell]) -> Iterator[str]:
    """Yield for each cell its worst run: fault lines to paste, the seed, and what is violated."""
    for cell in cells:
        worst = cell.tallies[0]
        seen = worst.example
        yield f"{cell.event}: {worst}, seed {seen.seed}"
        yield from (f"  {fault}" for fault in seen.faults)
        if seen.outcome.sentence:
            yield f"  {seen.outcome.sentence}"


def aligned(rows: Sequence[TableRow], phases: Sequence[str]) -> Iterator[str]:
    """Yield a plain table: one line for each outcome of a cell, families as headings."""
    cells = [row.cells for row in rows]
    widths = [
        max([len(phase), *(len(text) for row in cells for text in row[i])])
        for i, phase in enumerate(phases)
    ]
    labels = [[line for e in row.events for line in _wrapped(e, _LABEL, "  ")] for row in rows]
    label = max(len(line) for lines in labels for line in lines)

    def line(first: str, texts: Sequence[str]) -> str:
        columns = (text.ljust(width) for text, width in zip(texts, widths, strict=True))
        return "  ".join((first.ljust(label), *columns)).rstrip()

    yield line("", phases)
    family = ""
    for row, lines in zip(rows, labels, strict=True):
        if row.family != family:
            family = row.family
            yield from ("", family)
        for i in range(max(len(lines), *(len(cell) for cell in row.cells))):
            texts = [cell[i] if i < len(cell) else "" for cell in row.cells]
            yield line(lines[i] if i < len(lines) else "", texts)
