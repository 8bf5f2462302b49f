"""Bugs planted in the simulator, what each of them is searched with, and the table of their finds.

Each is found by what ``hasim check`` does: schedules 0, 1, 2 ... are run and judged by one property
until one violates it, and that is made smaller. The healthy simulator passes the same schedules.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import hasim
from hasim.faults import parse_fault
from hasim.model import Model
from hasim.monitors import Violation
from hasim.run import simulate
from hasim.run.judged import PropertyLike, judged, name_of
from hasim.search import DEFAULT_FAMILIES
from hasim.search.found import Found, minimised
from hasim.search.hunt import Failure, Task, hunt
from hasim.search.phases import mended
from tests.conformance.mutants import MUTANTS, Mutant, Patch
from tests.search import bugs_protocol as daemon
from tests.search import bugs_world as world
from tests.search.own import (
    believed_restarts_have_happened,
    client_hears_the_holder,
    only_the_silent_are_declared_dead,
    served_while_a_node_is_well,
)

__all__ = [
    "BASES",
    "DOCUMENT",
    "PLANTED",
    "WITHIN",
    "Planted",
    "Row",
    "base",
    "failures",
    "put",
    "row_of",
    "rows",
    "search",
    "shown",
    "task_of",
]

ROOT = Path(__file__).resolve().parent.parent.parent
DOCUMENT = ROOT / "docs" / "safety.md"
#: Each bug is found by one of so many schedules.
WITHIN = 100
#: The founding cluster with these changes of its ha.cf.
BASES: Mapping[str, Mapping[str, str]] = {
    "plain": {},
    "watchdog": {"watchdog": "/dev/watchdog"},
    "stonith": {"stonith_host": "* apcmaster pdu"},
    "safe": {"stonith_host": "* apcmaster pdu", "watchdog": "/dev/watchdog"},
}
#: All that a search tries of itself, but for scripts.
_MOST = tuple(name for name in DEFAULT_FAMILIES if name != "script")
_MOUNTER, _HOLDER = "at-most-one-mounter", "at-most-one-vip-holder"
_FENCED, _AUTHENTIC = "fenced-before-takeover", "only-authentic-messages"
_ORDER, _SERVED = "resources-in-order", "every-group-served-once"
_AGREE, _QUIET = "nodes-agree", "no-endless-restart"


@dataclass(frozen=True, slots=True)
class Planted:
    """A bug: what plants it, on what it is searched for, with which faults, by which property."""

    area: str
    plant: Mutant
    property: PropertyLike
    base: str = "safe"
    families: tuple[str, ...] = _MOST

    @property
    def name(self) -> str:
        return self.plant.__name__

    @property
    def sentence(self) -> str:
        """What is wrong."""
        return (self.plant.__doc__ or "").strip()


def _mutant(name: str, sentence: str) -> Mutant:
    """Return a mutant of the comparison with recordings, told in a sentence."""

    def plant(patch: Patch) -> None:
        MUTANTS[name](patch)

    plant.__name__, plant.__doc__ = name.replace(" ", "_"), sentence
    return plant


_SILENT, _WELL = only_the_silent_are_declared_dead, served_while_a_node_is_well
_ATTACK, _SCRIPT = ("attack", "power"), ("script", "operator")

_INITDEAD = _mutant("initdead ignored", "A node that starts does not wait for initdead.")
_NO_RESTART = _mutant(
    "no restart at heal", "Nobody restarts after a partition: both keep everything."
)
_OWN_GROUPS = _mutant(
    "own groups whatever the other claims",
    "At a failback a node acquires its groups although the other one has not released them.",
)
_NO_ARP = _mutant("no ARP announced", "IPaddr announces nothing: gratuitous ARP is never sent.")

PLANTED = (
    Planted("membership", daemon.death_never_declared, _WELL, "plain", ("power", "process")),
    Planted("membership", daemon.deadtime_halved, _SILENT),
    Planted("membership", daemon.deadtime_since_change, _QUIET),
    Planted("membership", _INITDEAD, _SILENT),
    Planted("membership", world.ages_by_wall_clock, _SILENT),
    Planted("membership", daemon.link_death_kills_node, _SILENT),
    Planted("membership", daemon.link_dead_for_good, _AGREE),
    Planted("membership", _NO_RESTART, _SERVED, "plain", ("network",)),
    Planted("membership", daemon.peers_restart_taken_for_return, _QUIET),
    Planted("membership", world.generation_not_kept, _AGREE),
    Planted("packets", world.signatures_not_checked, _AUTHENTIC, families=_ATTACK),
    Planted("packets", daemon.old_numbers_accepted, _AUTHENTIC, families=_ATTACK),
    Planted(
        "packets", daemon.old_generation_accepted, believed_restarts_have_happened,
        families=_ATTACK,
    ),
    Planted("fencing", daemon.fencing_skipped, _FENCED),
    Planted("fencing", daemon.fencing_not_awaited, _MOUNTER),
    Planted("fencing", daemon.fencing_failure_ignored, _FENCED, "stonith", ("hang", "stonith")),
    Planted("fencing", daemon.claims_of_the_silent_forgotten, _FENCED),
    Planted("fencing", world.plugin_says_done, "no-write-by-fenced-node"),
    Planted("fencing", world.plug_stays_off, _AGREE),
    Planted("watchdog", world.watchdog_never_armed, _MOUNTER, "watchdog", ("hang",)),
    Planted("watchdog", world.watchdog_ten_times, _MOUNTER, "watchdog", ("hang",)),
    Planted("watchdog", world.watchdog_never_fed, _QUIET),
    Planted("resources", daemon.start_without_asking, _HOLDER),
    Planted("resources", _OWN_GROUPS, _FENCED),
    Planted("resources", world.mach_down_empty, _WELL, "plain", ("power", "process")),
    Planted("standby", daemon.takes_at_the_question, _HOLDER),
    Planted("standby", daemon.gives_up_unasked, _SERVED, families=("operator", "power")),
    Planted("standby", world.done_before_release, _HOLDER),
    Planted("shutdown", world.shutdone_before_release, _HOLDER),
    Planted("shutdown", world.stop_keeps_groups, _MOUNTER, families=("operator",)),
    Planted("shutdown", world.restart_keeps_groups, _MOUNTER),
    Planted("shutdown", world.masters_death_unnoticed, _AGREE, "plain", ("process",)),
    Planted("ipfail", daemon.ipfail_backwards, _WELL, "plain", ("network",)),
    Planted("ipfail", daemon.ipfail_never, _WELL, "plain", ("network",)),
    Planted("ipfail", daemon.ipfail_both, client_hears_the_holder, "plain", ("network",)),
    Planted("scripts", world.started_backwards, _ORDER),
    Planted("scripts", world.stopped_backwards, _ORDER),
    Planted("scripts", world.start_failure_ignored, _ORDER, families=("script", "power")),
    Planted("scripts", world.stop_failure_ignored, _HOLDER, families=_SCRIPT),
    Planted("agents", world.address_never_withdrawn, _HOLDER),
    Planted("agents", world.never_unmounted, _MOUNTER),
    Planted("agents", world.never_mounted, _SERVED),
    Planted("agents", world.always_running, _SERVED),
    Planted("agents", _NO_ARP, client_hears_the_holder),
)  # fmt: skip


@cache
def base(name: str) -> Model:
    """Return the cluster that bugs are planted in."""
    return hasim.load(ROOT / "models" / "webdata").with_(**BASES[name])


# ---- the search ---------------------------------------------------------------------------------


def task_of(bug: Planted, *more: PropertyLike) -> Task:
    """Return the search for a bug, and for what is asked for besides."""
    return Task(base(bug.base), bug.families, None, (bug.property, *more), 0, 5)


def failures(task: Task, most: int) -> list[Failure]:
    """Return what the first piece of a search finds that finds something."""
    return hunt(task, most, 1, lambda seen: bool(seen.failures)).failures


def search(bug: Planted) -> tuple[int, Found] | None:
    """Search for a bug that is planted: after how many schedules it was found, and what."""
    task = task_of(bug)
    found = failures(task, WITHIN)
    if not found:
        return None
    simplest = min(found, key=lambda f: (len(f.schedule), f.index))
    small = minimised(
        task.model, simplest.schedule, simplest.index, simplest.index, bug.property,
        simplest.violation, simplest.known,
    )  # fmt: skip
    return found[0].index + 1, small


def shown(bug: Planted, row: Row) -> tuple[Violation, ...]:
    """Return what the bug's property says of the smallest schedule, everything mended after it."""
    model, faults = base(bug.base), [parse_fault(line) for line in row.faults]
    return judged(simulate(model, mended(model, faults), row.seed), [bug.property])


# ---- the table ----------------------------------------------------------------------------------

HEAD = "| of | bug | base | faults of | caught by | schedules | faults | smallest schedule |"
_RULE = "|---|---|---|---|---|---|---|---|"


@dataclass(frozen=True, slots=True)
class Row:
    """What a search for a bug has come to."""

    schedules: int
    faults: tuple[str, ...]
    seed: int = 0


def row_of(found: tuple[int, Found]) -> Row:
    """Return the row of a find."""
    schedules, small = found
    return Row(schedules, tuple(str(fault) for fault in small.faults), small.seed)


def _caught_by(bug: Planted) -> str:
    own = "" if isinstance(bug.property, str) else " (own)"
    return f"`{name_of(bug.property)}`{own}"


def _line(bug: Planted, row: Row | None) -> str:
    families = "all but script" if bug.families == _MOST else ", ".join(bug.families)
    cells = [bug.area, bug.sentence, bug.base, families, _caught_by(bug)]
    if row is not None:
        schedule = "; ".join(f"`{line}`" for line in row.faults) or "none: every run shows it"
        schedule += f", seed {row.seed}" if row.seed else ""
        cells += [str(row.schedules), str(len(row.faults)), schedule]
    return f"| {' | '.join(cells)} |"


def rows() -> dict[str, Row]:
    """Return the table of the document, by the names of the bugs; a line that fits none is left."""
    text, out = DOCUMENT.read_text(encoding="utf-8"), dict[str, Row]()
    lines = text.partition(f"{HEAD}\n{_RULE}\n")[2].partition("\n\n")[0].splitlines()
    for bug in PLANTED:
        begin = _line(bug, None)
        for line in lines:
            if line.startswith(begin):
                after, _, schedule = line.removeprefix(begin).strip(" |").split(" | ")
                seed = schedule.rpartition(", seed ")[2] if ", seed " in schedule else "0"
                out[bug.name] = Row(int(after), tuple(schedule.split("`")[1::2]), int(seed))
    return out


def put(new: Mapping[str, Row]) -> str:
    """Return the document with these rows in its table, and the others as they are."""
    known = {**rows(), **new}
    lines = [HEAD, _RULE, *(_line(b, known[b.name]) for b in PLANTED if b.name in known)]
    before, _, rest = DOCUMENT.read_text(encoding="utf-8").partition(HEAD)
    after = rest.partition("\n\n")[2]
    return before + "\n".join(lines) + "\n\n" + after
