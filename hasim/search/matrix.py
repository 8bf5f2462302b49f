"""Every single fault in every phase of a cluster, then every pair of kinds: what comes of each.

Nothing is left to chance but the target of a pair: the work is a list in a written order, and a
budget cuts off its end.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypedDict

from hasim.budget import Budget
from hasim.errors import HasimError, nearest
from hasim.faults import USAGE
from hasim.render.html import TableCell, details, preformatted, table
from hasim.render.palette import outcome_css
from hasim.scenario import Simulable
from hasim.search.bases import FIRST, PHASES, Base, bases_of, long_of, short_of
from hasim.search.cells import Cell, Seen, event_text
from hasim.search.known import KNOWN
from hasim.search.outcome import mildness
from hasim.search.pool import processors
from hasim.search.space import FAMILIES, Space
from hasim.search.sweep import cells_of, jobs_of, outcomes_of
from hasim.search.table import (
    LEGEND,
    PairRow,
    TableRow,
    aligned,
    examples,
    pair_lines,
    pair_rows,
    single_rows,
    unchanged,
)
from hasim.units import Micros, duration_text, micros

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["NO_FAULT", "Matrix", "MatrixWanted", "matrix"]

#: The event of the first row: the phase alone.
NO_FAULT = "no fault"
#: Verbs that mend; nothing goes wrong by them.
_MENDING = ("heal", "power-on", "restore", "start", "thaw")


class MatrixWanted(TypedDict, total=False):
    """What may be asked of a matrix: the keywords of :func:`matrix`."""

    families: Iterable[str] | None
    kinds: Iterable[str] | None
    phases: Iterable[str] | None
    instants: int
    pairs: bool
    seed: int
    seeds: int
    jobs: int | None
    budget: str | int | float | None
    progress: Callable[[int, int], None]


@dataclass(frozen=True, slots=True, repr=False)
class Matrix:
    """What every event does to a cluster.

    Parameters
    ----------
    model : Model
        The cluster.
    bases : tuple of Base
        The phases, for each seed.
    cells : tuple of Cell
        The row without a fault; then those of single faults, by family; then pairs of kinds.
    space : Space
        What might have gone wrong.
    kinds : tuple of str
        The kinds that were asked for.
    long, short : int
        How long a long fault lasts, and a short one, in microseconds.
    wanted : int
        How many runs were asked for, beside those without a fault.
    paired : bool
        Whether pairs were asked for.
    """

    model: Simulable
    bases: tuple[Base, ...]
    cells: tuple[Cell, ...]
    space: Space
    kinds: tuple[str, ...]
    long: Micros
    short: Micros
    wanted: int
    paired: bool

    @property
    def ok(self) -> bool:
        """True where no run violates a property."""
        return not any(cell.bad for cell in self.cells)

    @property
    def none(self) -> tuple[Cell, ...]:
        """The phases without a fault."""
        return tuple(cell for cell in self.cells if not cell.kinds)

    @property
    def singles(self) -> tuple[Cell, ...]:
        """Single faults: all phases of a row, row after row, by family."""
        return tuple(cell for cell in self.cells if len(cell.kinds) == 1)

    @property
    def pairs(self) -> tuple[Cell, ...]:
        """Pairs of kinds."""
        return tuple(cell for cell in self.cells if len(cell.kinds) == 2)

    @property
    def phases(self) -> tuple[str, ...]:
        """The phases, in the order of a cluster's life."""
        return tuple(dict.fromkeys(base.phase for base in self.bases))

    @property
    def runs(self) -> int:
        """How many runs were made, beside those without a fault."""
        return sum(len(cell.runs) for cell in self.cells if cell.kinds)

    def cell(self, event: str, phase: str = FIRST) -> Cell:
        """Return the cell of an event: a fault line without its time, or a pair ``kind + kind``.

        A fault that lasts is the long one where the line says nothing of its duration.

        Raises
        ------
        HasimError
            Where there is no such row, with the nearest that there is, or no such cell in it.
        """
        rows: dict[str, dict[str, Cell]] = {}
        for cell in self.cells:
            rows.setdefault(cell.event, {})[cell.phase] = cell
        if event not in rows:
            raise HasimError(f"no row {event!r} in this matrix{nearest(event, rows)}")
        if phase not in rows[event]:
            there = ", ".join(rows[event])
            raise HasimError(f"the row {event!r} has no phase {phase!r}; it has {there}")
        return rows[event][phase]

    def alone(self, cell: Cell) -> str | None:
        """Return the worst that the two faults of a pair's worst run do alone, when all is well.

        None where they were not both tried alone.
        """
        singles = {one.event: one.worst for one in self.singles if one.phase == FIRST}
        events = [event_text(fault) for fault in cell.tallies[0].example.faults]
        found = [singles[event] for event in events if event in singles]
        return min(found, key=mildness) if len(found) == len(events) else None

    def worse_together(self, cell: Cell) -> bool:
        """Tell whether a pair does worse than each of its faults alone."""
        alone = self.alone(cell)
        return alone is not None and mildness(cell.worst) < mildness(alone)

    def sentences(self) -> dict[str, str]:
        """Return what each phase is, with the names of this cluster."""
        return {base.phase: base.sentence for base in reversed(self.bases)}

    def rows(self) -> list[TableRow]:
        """Return the table: the row without a fault, then every row in which something happens."""
        return single_rows([*self.none, *self.singles], self.phases)

    def triangle(self) -> list[PairRow]:
        """Return the pairs of kinds as a triangle; empty where none was tried."""
        return pair_rows(self.pairs, self.kinds, self.worse_together) if self.pairs else []

    def triangle_lines(self) -> list[str]:
        """Return the triangle as text, and what its letters mean."""
        rows = self.triangle()
        return [*pair_lines(rows)] if rows else []

    def remarks(self) -> list[str]:
        """Return what belongs to the table: by which faults users lose nothing, what words mean."""
        quiet = unchanged(self.singles)
        out = ["no loss in any phase:", *(f"  {line}" for line in quiet), ""] if quiet else []
        out += LEGEND
        names = {s.outcome.known for cell in self.cells for s in cell.runs}
        out += [f"known: {known}" for known in KNOWN if known.name in names]
        return out

    def together(self) -> list[str]:
        """Return the pairs that violate a property which none of their faults violates alone."""
        bad = [cell for cell in self.pairs if cell.bad]
        worse = [cell for cell in bad if self.worse_together(cell)]
        rest = len(bad) - len(worse)
        out = [*examples(worse)]
        if rest:
            also = f"{rest} {'other ' if worse else ''}pairs violate a property"
            out.append(f"{also} as one of the two faults does alone")
        return out

    def coverage(self) -> list[str]:
        """Return what was covered, and what was not, a line each."""
        return [*_covered(self), *_uncovered(self)]

    def closing(self) -> list[str]:
        """Return what follows the table and its remarks: the pairs, and what was covered."""
        lines = self.triangle_lines()
        pairs = ["", "pairs of kinds, settled", *lines, "", *self.together()] if lines else []
        return [*pairs, "", *self.coverage()]

    def report(self, path: str | PathLike[str]) -> Path:
        """Write a report, one HTML file that needs nothing else; return that file.

        `path` is a folder, which is made: the page is its ``report.html``; or a file that ends in
        ``.html``.

        Raises
        ------
        ConfigError
            Where it cannot be written.
        """
        from hasim.report import Grid, write_grid
        from hasim.search.reported import grid_rows, look_of, samples, triangle_rows

        said, bad = self.sentences(), sum(cell.bad for cell in self.cells)
        kinds = sorted({cell.worst for cell in self.cells}, key=mildness, reverse=True)
        lost = any(look_of(kind) != "calm" for kind in kinds)
        made = Grid(
            f"What every event does to {self.model.name}",
            f"Matrix of {self.model.name}",
            f"{bad} of {len(self.cells)} cells violate a property"
            if bad
            else "No cell violates a property",
            "bad" if bad else "lost" if lost else "good",
            [("Heartbeat", self.model.dialect), ("runs", str(self.runs))],
            self.model,
            [(phase, said[phase]) for phase in self.phases],
            grid_rows(self.rows(), [*self.none, *self.singles], self.phases),
            triangle_rows(self.triangle(), self.pairs, self.kinds),
            [(kind, look_of(kind)) for kind in kinds],
            LEGEND,
            unchanged(self.singles),
            self.together(),
            self.coverage(),
            [*samples(self.cells, self.model)],
        )
        return write_grid(made, path)

    def __str__(self) -> str:
        said = self.sentences()
        out = [f"{phase}: {said[phase]}" for phase in self.phases]
        out += ["", *aligned(self.rows(), self.phases), "", *self.remarks(), *self.closing()]
        return "\n".join(out)

    def __repr__(self) -> str:
        bad = sum(cell.bad for cell in self.cells)
        many = f"{self.runs} runs, {bad} of {len(self.cells)} cells with a violated property"
        return f"<Matrix of {self.model.name}: {many}>"

    def _repr_html_(self) -> str:
        rows: list[list[TableCell]] = [
            [
                (row.family, "font-weight:bold"),
                "\n".join(row.said()),
                *(
                    ("\n".join(cell), outcome_css(worst))
                    for cell, worst in zip(row.cells, row.worst, strict=True)
                ),
            ]
            for row in self.rows()
        ]
        more = details("What the words mean, and what was tried", preformatted(self._rest()))
        return table(("family", "event", *self.phases), rows) + more

    def _rest(self) -> str:
        said = self.sentences()
        lines = [f"{phase}: {said[phase]}" for phase in self.phases]
        return "\n".join([*lines, "", *self.remarks(), *self.closing()])

    def plot(self, ax: Axes | None = None, **options: Any) -> Axes:
        """Draw the table of single faults as a heat map; see :func:`hasim.plot.matrix`."""
        from hasim.plot.matrix import matrix as figure

        return figure(self, ax, **options)


def matrix(
    model: Simulable,
    *,
    families: Iterable[str] | None = None,
    kinds: Iterable[str] | None = None,
    phases: Iterable[str] | None = None,
    instants: int = 2,
    pairs: bool = True,
    seed: int = 0,
    seeds: int = 1,
    jobs: int | None = None,
    budget: str | int | float | None = None,
    progress: Callable[[int, int], None] = lambda done, wanted: None,
) -> Matrix:
    """Try every single fault in every phase, then every pair of kinds of faults.

    Parameters
    ----------
    families : iterable of str, optional
        Families of faults, see :data:`hasim.search.FAMILIES`. All of them if kinds are given, else
        all but attacks and lies.
    kinds : iterable of str, optional
        Kinds of faults of these families; all of them if not given.
    phases : iterable of str, optional
        Phases of the cluster, see :data:`hasim.search.PHASES`; all of them if not given.
    instants : int
        At how many instants of a phase a single fault is tried.
    pairs : bool
        Whether pairs are tried as well; they begin at the first instant of the settled state, so
        there are none without that phase.
    seed, seeds : int
        The first seed, and how many.
    jobs : int, optional
        Processes at work; one for each processor if not given. The result does not depend on it.
    budget : str or number, optional
        For how long to go on, as a duration of the clock on the wall; the rest is left out.
    progress : callable
        Called with the number of runs made and of those wanted, after each piece of the work.

    Raises
    ------
    HasimError
        For families, kinds and phases that do not exist, and for numbers that are none.
    """
    for value, what in ((instants, "instants"), (seeds, "seeds"), (jobs, "jobs")):
        if value is not None and (isinstance(value, bool) or value < 1):
            raise HasimError(f"{what} must be a whole number from 1 on, not {value!r}")
    space = Space(model, FAMILIES if families is None and kinds is not None else families)
    chosen = _names([*space.kinds] if kinds is None else kinds, space.kinds, "kind of fault")
    names = _names(PHASES if phases is None else phases, PHASES, "phase")
    time = Budget(None if budget is None else _budget(budget))
    picked = {kind: found for kind, found in space.kinds.items() if kind in chosen}
    bases = [b for s in range(seed, seed + seeds) for b in bases_of(model, names, s, instants)]
    if not bases:
        raise HasimError(f"this cluster has no such phase: {', '.join(names)}")
    pairs = pairs and FIRST in names
    long, short = long_of(model), short_of(model)
    work = jobs_of(model, picked, bases, long, short, pairs)
    found = outcomes_of(model, bases, work, jobs or processors(), time.spent, progress)
    cells = *_without(bases), *cells_of(bases, work, found)
    return Matrix(model, tuple(bases), cells, space, tuple(picked), long, short, len(work), pairs)


def _names(wanted: Iterable[str], known: Iterable[str], what: str) -> tuple[str, ...]:
    there, names = tuple(known), tuple(dict.fromkeys(wanted))
    listed = f"; there are {', '.join(there)}"
    for name in names:
        if name not in there:
            raise HasimError(f"no {what} {name!r}{nearest(name, there) or listed}")
    if not names:
        raise HasimError(f"no {what} is asked for{listed}")
    return names


def _budget(value: str | int | float) -> Micros:
    try:
        found = micros(value)
    except (TypeError, ValueError) as x:
        raise HasimError(f"budget: {x}") from None
    if found <= 0:
        raise HasimError("budget must be longer than nothing")
    return found


def _without(bases: Iterable[Base]) -> Iterator[Cell]:
    """Yield the row without a fault."""
    runs: dict[str, list[Seen]] = {}
    for base in bases:
        runs.setdefault(base.phase, []).append(Seen(base.outcome, base.schedule, base.seed))
    for phase, seen in runs.items():
        yield Cell(phase, NO_FAULT, (), "", None, tuple(seen))


def _covered(found: Matrix) -> Iterator[str]:
    seeds = [*dict.fromkeys(base.seed for base in found.bases)]
    many = f"seed {seeds[0]}" if len(seeds) == 1 else f"seeds {seeds[0]} to {seeds[-1]}"
    events = dict.fromkeys(cell.event for cell in found.singles)
    choices = sum(len(found.space.kinds[kind]) for kind in found.kinds)
    single = sum(len(cell.runs) for cell in found.singles)
    long, short = duration_text(found.long), duration_text(found.short)
    yield (
        f"single faults: {choices} of {len(found.kinds)} kinds, those that last for {long} and for "
        f"{short}: {len(events)} rows in {len(found.phases)} phases, {single} runs, {many}"
    )
    if found.paired:
        pairs = len(found.kinds) * (len(found.kinds) + 1) // 2
        double = sum(len(cell.runs) for cell in found.pairs)
        yield (
            f"pairs of kinds, a kind with itself included: {len(found.pairs)} of {pairs}, "
            f"{double} runs, settled"
        )
    if found.wanted > found.runs:
        left = found.wanted - found.runs
        yield f"the budget was spent: {left} of {found.wanted} runs were left out"


def _uncovered(found: Matrix) -> Iterator[str]:
    verbs = {choice.fault.verb for choice in Space(found.model, FAMILIES).choices}
    for what, names in (
        ("families", [name for name in FAMILIES if name not in found.space.families]),
        ("kinds", [kind for kind in found.space.kinds if kind not in found.kinds]),
        ("kinds that are not simulated", found.space.unbuilt),
        ("phases", [phase for phase in PHASES if phase not in found.phases]),
        ("verbs", [verb for verb in USAGE if verb not in verbs and verb not in _MENDING]),
    ):
        if names:
            yield f"not tried: {what} {', '.join(names)}"
    rest = "other instants and durations, three faults at once"
    yield f"not tried: {rest}" if found.paired else f"not tried: pairs, {rest}"
