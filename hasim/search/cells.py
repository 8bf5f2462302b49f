"""Cells of the matrix: what one event does in one phase, over several instants and seeds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from hasim.faults import Fault, lasting, moved
from hasim.search.outcome import BAD, Outcome, mildness, span_text
from hasim.units import Micros

__all__ = ["Cell", "Seen", "Tally", "event_text"]


@dataclass(frozen=True, slots=True)
class Seen:
    """One run of a cell.

    Parameters
    ----------
    outcome : Outcome
        What became of it.
    faults : tuple of Fault
        Its schedule: what brings the cluster into the phase, then the event; without what an
        operator mends afterwards.
    seed : int
        Its seed.
    """

    outcome: Outcome
    faults: tuple[Fault, ...]
    seed: int


@dataclass(frozen=True, slots=True)
class Tally:
    """The runs of a cell that ended alike.

    Parameters
    ----------
    kind : str
        The outcome, one of :data:`hasim.search.BADNESS`.
    runs : tuple of Seen
        The runs, the one with the longest time first.
    known : str or None
        The recorded behaviour that it is, by name.
    """

    kind: str
    runs: tuple[Seen, ...]
    known: str | None = None

    @property
    def example(self) -> Seen:
        """The run to look at: the one with the longest time, the first of equals."""
        return self.runs[0]

    @property
    def times(self) -> tuple[Micros, Micros] | None:
        """The shortest and the longest time, see :class:`hasim.search.Outcome`."""
        found = [seen.outcome.time for seen in self.runs]
        told = [time for time in found if time is not None]
        return (min(told), max(told)) if told else None

    def __str__(self) -> str:
        times = self.times
        span = "" if times is None else span_text(*times)
        star = "*" if self.example.outcome.later else ""
        match self.kind:
            case "outage" if times is None:
                return f"outage to the end{star}"
            case "outage":
                return f"outage{star}" if span == "0.0 s" else f"outage +{span}{star}"
            case "late":
                return f"late by {span}{star}"
            case "takes over" | "restarts":
                return f"{self.kind} in {span}{star}"
        return self.kind if self.known is None else f"{self.kind}, known"


@dataclass(frozen=True, slots=True)
class Cell:
    """What an event, or two, does in a phase.

    Parameters
    ----------
    phase : str
        One of :data:`hasim.search.PHASES`.
    event : str
        The fault line without its time, ``no fault``, or the two kinds of a pair.
    kinds : tuple of str
        No, one or two kinds of faults.
    family : str
        The family of a single fault; empty otherwise.
    duration : int or None
        Microseconds; None for what acts at one instant, and for pairs.
    runs : tuple of Seen
        The runs, in the order of seeds and instants.
    """

    phase: str
    event: str
    kinds: tuple[str, ...]
    family: str
    duration: Micros | None
    runs: tuple[Seen, ...]

    @property
    def worst(self) -> str:
        """The worst outcome."""
        return self.tallies[0].kind

    @property
    def bad(self) -> bool:
        """True where a run violates a property."""
        return self.worst in BAD

    @property
    def tallies(self) -> tuple[Tally, ...]:
        """The runs by what became of them, the worst first; of one outcome unknown ones first."""
        found: dict[tuple[int, str, bool, bool], list[Seen]] = {}
        for seen in self.runs:
            one = seen.outcome
            key = mildness(one.kind), one.known or "", one.later, one.time is not None
            found.setdefault(key, []).append(seen)
        groups = (_longest_first(found[key]) for key in sorted(found))
        return tuple(
            Tally(group[0].outcome.kind, group, group[0].outcome.known) for group in groups
        )

    def told(self) -> tuple[str, ...]:
        """Return each outcome, the worst first; with how many runs had it, where several did."""
        tallies = self.tallies
        if len(tallies) == 1:
            return (str(tallies[0]),)
        return tuple(f"{one} ({len(one.runs)}/{len(self.runs)})" for one in tallies)

    def __str__(self) -> str:
        return ", ".join(self.told())


def _longest_first(runs: Sequence[Seen]) -> tuple[Seen, ...]:
    return tuple(sorted(runs, key=lambda seen: -(seen.outcome.time or 0)))


def event_text(fault: Fault, short: Micros | None = None) -> str:
    """Return the line of a fault without its time; one that lasts long without its duration.

    Parameters
    ----------
    short : int, optional
        The duration of one that lasts, where it is told, in microseconds.
    """
    return str(lasting(moved(fault, 0), short)).partition(" ")[2]
