"""Reports of a search and of a matrix: what they have found, as the pages of a report take it."""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Iterator, Mapping, Sequence

from hasim.faults import Fault
from hasim.folder.sources import TEXTS
from hasim.render import Section
from hasim.report import Find, GridCell, GridRow, GridSample, Mask
from hasim.scenario import Simulable, render_scenario
from hasim.search.cells import Cell, Tally
from hasim.search.coverage import STATES, Coverage
from hasim.search.found import Found
from hasim.search.outcome import BAD, BADNESS
from hasim.search.space import Space
from hasim.search.table import PairRow, TableRow, symbol_of

__all__ = [
    "coverage_sections",
    "find_of",
    "grid_rows",
    "look_of",
    "samples",
    "scenario_file",
    "scenario_texts",
    "triangle_rows",
]

_SOFT = ("late", "takes over", "restarts")


def scenario_file(number: int) -> str:
    """Return the name of the file that a find's scenario has beside its report."""
    return f"scenario-{number}.toml"


def find_of(found: Found, number: int) -> Find:
    """Return a find with its run, for a report."""
    origin = "the graveyard" if found.index < 0 else f"schedule {found.index}"
    many = len(found.original)
    faults = "one fault" if many == 1 else f"{many} faults"
    remarks = [f"Made small in {found.tries} attempts from {origin}, of {faults}."]
    if found.known is not None:
        remarks.append(f"The real daemon does this: {found.known}")
    mended = [(str(fault), fault not in found.faults) for fault in found.scenario.faults]
    return Find(
        str(found.violation),
        found.run(),
        found.violation,
        mended,
        remarks,
        found.command(scenario_file(number)),
        found.python(),
        found.run(packets=True),
    )


def scenario_texts(found: Sequence[Found]) -> dict[str, str]:
    """Return the scenario file of each find, by name."""
    texts = {}
    for number, one in enumerate(found, 1):
        text = render_scenario(one.scenario)
        texts[scenario_file(number)] = Mask().code(text, one.scenario.change)
    return texts


def coverage_sections(coverage: Coverage, space: Space) -> list[Section]:
    """Return what a search has covered, as tables."""
    kinds = [("kind of fault", "schedules with it")]
    kinds += [(kind, str(coverage.kinds[kind] or "never")) for kind in sorted(space.kinds)]
    lines = [line for line in coverage.report(space) if not line.startswith(" ")]
    out = [Section("Kinds of faults", kinds, tuple(line.rstrip(":") for line in lines))]
    if coverage.sampled:
        rows = [("machine", "states reached", "transitions", "never")]
        for machine, states in STATES.items():
            reached = coverage.reached(machine)
            moves = sum(1 for m, a, b in coverage.moves if m == machine and a != b)
            never = ", ".join(state for state in states if state not in reached)
            rows.append((machine, f"{len(reached)} of {len(states)}", str(moves), never or "–"))
        out.append(Section("States of the machines", rows))
    return out


# ---- the matrix ---------------------------------------------------------------------------------


def look_of(kind: str) -> str:
    """Return how a cell with an outcome looks."""
    if not kind:
        return "none"
    if kind in BAD:
        return "bad"
    return "lost" if kind == "outage" else "soft" if kind in _SOFT else "calm"


def _tip(cell: Cell) -> str:
    """Return what is told where a cell is pointed at: each outcome, with a schedule of it."""
    out = []
    for tally in cell.tallies:
        many = f"{len(tally.runs)} of {len(cell.runs)} runs" if len(cell.runs) > 1 else "one run"
        out.append(f"{tally}: {many}")
        out += (f"    {fault}" for fault in tally.example.faults)
        out.append(f"    seed {tally.example.seed}")
        if tally.example.outcome.sentence:
            out.append(f"    {tally.example.outcome.sentence}")
    return "\n".join(out)


def grid_rows(
    rows: Iterable[TableRow], cells: Iterable[Cell], phases: Sequence[str]
) -> list[GridRow]:
    """Return the table of single faults; a row of several events tells of the first one."""
    found = {(cell.event, cell.phase): cell for cell in cells}
    out = []
    for row in rows:
        made = []
        for phase, lines, worst in zip(phases, row.cells, row.worst, strict=True):
            cell = found.get((row.events[0], phase))
            made.append(GridCell(lines, look_of(worst), "" if cell is None else _tip(cell)))
        out.append(GridRow(row.family, row.events, tuple(made)))
    return out


def triangle_rows(
    rows: Sequence[PairRow], pairs: Iterable[Cell], kinds: Sequence[str]
) -> list[GridRow]:
    """Return the triangle of pairs: the letter of each outcome."""
    found = {cell.kinds: cell for cell in pairs}
    out = []
    for row in rows:
        made = []
        for other, worst, mark in zip(kinds, row.cells, row.marks, strict=False):
            cell = found.get((other, row.kind))
            letter = f"{symbol_of(worst)}{'!' if mark else ''}"
            tip = "" if cell is None else f"{cell.event}\n{_tip(cell)}"
            made.append(GridCell((letter,) if worst else ("",), look_of(worst), tip, mark))
        out.append(GridRow("", (row.kind,), tuple(made)))
    return out


def samples(cells: Iterable[Cell], model: Simulable) -> Iterator[GridSample]:
    """Yield the worst run of each cell in which something is lost, the worst cells first."""
    lost = [cell for cell in cells if cell.worst != BADNESS[0] and cell.kinds]
    for cell in sorted(lost, key=lambda cell: not cell.bad):
        tally: Tally = cell.tallies[0]
        seen = tally.example
        yield GridSample(
            cell.event,
            cell.phase,
            str(tally),
            look_of(tally.kind),
            tuple(str(fault) for fault in seen.faults),
            seen.seed,
            seen.outcome.sentence,
            _command(model, seen.faults, seen.seed),
        )


def _command(model: Simulable, faults: Sequence[Fault], seed: int) -> str:
    if str(model.path) == TEXTS:
        return ""
    words = ["hasim", "run", str(model.path), "--dialect", model.dialect]
    edits: Mapping[str, str] = Mask().change(model.edits)
    words += [word for name, value in edits.items() for word in ("--set", f"{name}={value}")]
    words += [word for fault in faults for word in ("--fault", str(fault))]
    return shlex.join([*words, "--seed", str(seed)])
