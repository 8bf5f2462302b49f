"""The one place where records are stamped."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from hasim.events import Event
from hasim.trace.record import Record, Source
from hasim.units import Micros

__all__ = ["Recorder", "RecorderState"]


class RecorderState(NamedTuple):
    """Plain data of a recorder, for snapshots: the next number, the time, what is recorded."""

    next_seq: int
    at: Micros
    records: tuple[Record, ...]


class Recorder:
    """Append-only list of the records of a run."""

    __slots__ = ("_at", "_next_seq", "_records")

    def __init__(self, state: RecorderState | None = None) -> None:
        self._records: list[Record] = []
        self._next_seq = 0
        self._at: Micros = 0
        if state is not None:
            self.restore(state)

    @property
    def records(self) -> Sequence[Record]:
        """Records so far, in order; not to be changed."""
        return self._records

    @property
    def next_seq(self) -> int:
        """Number of the next record."""
        return self._next_seq

    def emit(self, at: Micros, source: Source, event: Event, cause: int | None = None) -> int:
        """Append a record and return its number.

        Time never goes back, and a cause lies before what it provokes: anything else is a
        programmer's error.
        """
        assert at >= self._at, f"time goes back from {self._at} to {at}: {event!r}"
        seq = self._next_seq
        assert cause is None or 0 <= cause < seq, f"cause {cause} of record {seq} is not before it"
        self._records.append(Record(at, seq, source, event, cause))
        self._at = at
        self._next_seq = seq + 1
        return seq

    def state(self) -> RecorderState:
        """Return the whole recorder as plain, comparable data."""
        return RecorderState(self._next_seq, self._at, tuple(self._records))

    def restore(self, state: RecorderState) -> None:
        """Become what :meth:`state` described."""
        self._next_seq = state.next_seq
        self._at = state.at
        self._records = list(state.records)
