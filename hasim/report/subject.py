"""What a report asks of a run: a :class:`hasim.run.Run` has all of it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Protocol

from hasim.monitors import Violation
from hasim.render import Section
from hasim.render.around import Parted
from hasim.scenario import Scenario, Simulable
from hasim.trace import Trace
from hasim.units import Micros

__all__ = ["RunLike", "Told"]


class Told(Parted, Protocol):
    """An outage, and what ended the service: a :class:`hasim.run.outage.Outage`."""

    @property
    def reason(self) -> str:
        """What ended the service."""


class RunLike(Protocol):
    """A run, as far as a report shows it."""

    @property
    def trace(self) -> Trace:
        """The records."""

    @property
    def model(self) -> Simulable | None:
        """What was simulated."""

    @property
    def scenario(self) -> Scenario:
        """What happened to it."""

    @property
    def seed(self) -> int:
        """The seed."""

    @property
    def until(self) -> Micros:
        """The horizon."""

    @property
    def notes(self) -> tuple[str, ...]:
        """What is not simulated."""

    @property
    def warnings(self) -> tuple[str, ...]:
        """What may not be as meant."""

    @property
    def digest(self) -> str:
        """Digest of all records."""

    @property
    def ok(self) -> bool:
        """Whether all is as expected."""

    @property
    def violations(self) -> tuple[Violation, ...]:
        """Properties that do not hold."""

    @property
    def outage(self) -> Iterable[Told]:
        """Every outage."""

    def sections(self, rows: int) -> Sequence[Section]:
        """Return tables of at most so many rows."""

    def attention(self) -> str:
        """Return what must not be overlooked."""

    def command(self, file: str) -> str:
        """Return the command that runs it again."""

    def needs_file(self) -> bool:
        """Return whether that command needs the scenario as a file."""

    def scenario_text(self) -> str:
        """Return the scenario as a file."""

    def python(self) -> str:
        """Return code that runs it again."""
