"""A run: one execution of a scenario, and everything that can be asked of it."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING

from hasim.errors import ConfigError, HasimError, Problem, nearest
from hasim.monitors import judge
from hasim.render import (
    Format,
    Section,
    log_lines,
    mermaid_text,
    messages_svg,
    perfetto_json,
    summary,
    timeline_svg,
)
from hasim.render.html import details, preformatted
from hasim.render.log import logged
from hasim.render.window import Time, instant
from hasim.run.again import command_of, needs_file
from hasim.run.audit import audited
from hasim.run.difference import Difference, difference
from hasim.run.expect import Miss, Unexpected, missed
from hasim.run.held import held, holders
from hasim.run.outage import Outages, outages
from hasim.run.paste import python_of, recorded
from hasim.run.service import Facts, Service, services_of
from hasim.run.settled import unsettled
from hasim.run.state import Rewinder, State
from hasim.run.tables import sections
from hasim.run.violations import Violations
from hasim.run.why import Why, why
from hasim.scenario import Scenario, Simulable, render_scenario
from hasim.trace import Kind, Record, Span, Trace
from hasim.units import Micros, duration_text

if TYPE_CHECKING:
    import pandas as pd

    from hasim.plot.accessors import RunFigures
    from hasim.run.frames import TableName

__all__ = ["Run", "load_run"]


@dataclass(slots=True)
class _Memo:
    """Answers that were worked out: a trace does not change."""

    facts: Facts
    services: tuple[Service, ...]
    violations: Violations | None = None
    outages: Outages | None = None


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Run:
    """One execution of a scenario with a seed, or a trace read back.

    Parameters
    ----------
    trace : Trace
        The run's only output.
    model : Model or None
        What was simulated, what-if edits applied; None for a trace read back.
    scenario : Scenario
        What happened to it; of a trace read back only the name is known.
    seed : int
        The seed.
    until : int
        The horizon, in microseconds.
    notes : tuple of str
        What is configured and not simulated, a sentence each.
    warnings : tuple of str
        What may not be as meant: pins that no draw asked for.
    """

    trace: Trace
    model: Simulable | None
    scenario: Scenario
    seed: int
    until: Micros
    notes: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    _rewinder: Rewinder | None = field(default=None)
    _memo: list[_Memo] = field(default_factory=list)

    @property
    def digest(self) -> str:
        """BLAKE2b digest of all records."""
        return self.trace.digest()

    @property
    def records(self) -> Sequence[Record]:
        """The records in order."""
        return self.trace.records

    @property
    def nodes(self) -> tuple[str, ...]:
        """Names of the nodes."""
        return tuple(clock.node for clock in self.trace.header.clocks)

    @property
    def end(self) -> Micros:
        """The instant at which the run ended: its horizon."""
        return self.trace.end

    @property
    def _known(self) -> _Memo:
        if not self._memo:
            site = None if self.model is None else self.model.site
            services = services_of(self.trace, self.model)
            self._memo.append(_Memo(Facts(self.trace, site), services))
        return self._memo[0]

    @property
    def violations(self) -> Violations:
        """Properties that do not hold, from when to when, with the records that make it so.

        Every run is judged by all properties of :data:`hasim.monitors.PROPERTIES`, audited at the
        instants that its scenario names, and from the instant on from which it is to be settled.
        """
        known = self._known
        if known.violations is None:
            header, settled = self.trace.header, self.scenario.settled
            found = [*judge(self.records, header=header)]
            found += audited(known.facts, known.services, self.scenario.audits)
            if settled is not None:
                found += unsettled(known.facts, known.services, settled)
            known.violations = Violations(
                sorted(found, key=lambda v: (v.at, v.property, v.evidence))
            )
        return known.violations

    @property
    def outage(self) -> Outages:
        """Outages of every group's service as its clients saw them, and where the time went.

        See :mod:`hasim.run.outage`.
        """
        known = self._known
        if known.outages is None:
            known.outages = outages(known.facts, known.services)
        return known.outages

    @property
    def expectations(self) -> tuple[Miss, ...]:
        """Expectations of the scenario that the run does not meet, and properties violated."""
        return missed(self.scenario.expect, self.log, self.violations, self._holders, self._timed)

    @property
    def ok(self) -> bool:
        """True where every expectation is met, and no property violated that was not to be."""
        return not self.expectations

    def _holders(self, group: str, at: Micros) -> list[str]:
        known = self._known
        found = (service for service in known.services if service.name == group)
        return [node for service in found for node in holders(known.facts, service, at)]

    def _timed(self, node: str) -> Iterator[tuple[Micros, str]]:
        return ((record.at, line) for record, line in logged(self.trace, node))

    # ---- questions ------------------------------------------------------------------------------

    def log(
        self, node: str | None = None, format: Format = "syslog", debug: bool = False
    ) -> Iterator[str]:
        """Return the log, line by line: of one node, or merged in the order of true time.

        Raises
        ------
        HasimError
            For a node that the run does not have.
        ValueError
            For an unknown format.
        """
        if node is not None and node not in self.nodes:
            known = f"; nodes: {', '.join(self.nodes)}"
            raise HasimError(f"no node {node!r} in this run{nearest(node, self.nodes) or known}")
        return log_lines(self.trace, node, format, debug)

    def spans(self, kind: Kind) -> list[Span]:
        """Return who held which state from when to when."""
        return self.trace.spans(kind)

    def held(self, what: str) -> list[Span]:
        """Return who held something from when to when, by what the nodes' kernels had.

        `what` is an address with or without its mask, a mount point, a disk or its device, a
        resource of haresources, or the key of a group: then the times in which all of it stood.

        Raises
        ------
        HasimError
            For what neither the model nor the trace knows, with the nearest that they do.
        """
        return held(self._known.facts, self._known.services, what)

    def at(self, time: Time) -> State:
        """Return the state at an instant, by running again to it.

        Parameters
        ----------
        time : str, int or float
            A duration since the start: ``"1m35s"``, or seconds.

        Raises
        ------
        HasimError
            For an instant beyond the end, and for a trace read back.
        """
        if self._rewinder is None:
            raise HasimError("this run was read back from a file: it has a trace, and no states")
        at = instant(time)
        if at >= self.until:
            horizon = duration_text(self.until)
            raise HasimError(f"{duration_text(at)} is not before the horizon {horizon}")
        return self._rewinder.at(at)

    def states(self) -> Iterator[State]:
        """Yield the state after each instant at which something was recorded, by running again.

        Raises
        ------
        HasimError
            For a trace read back.
        """
        if self._rewinder is None:
            raise HasimError("this run was read back from a file: it has a trace, and no states")
        return self._rewinder.walk(dict.fromkeys(record.at for record in self.records))

    def why(self, text: str) -> Why:
        """Return the first record that a text describes, with its causes back to the root.

        The text is part of a log line or of a fact's sentence; the name of a node may stand first.

        Raises
        ------
        HasimError
            Where nothing in the run matches.
        """
        return why(self.trace, text)

    def diff(self, other: Run) -> Difference | None:
        """Return the first decision in which two runs differ; None where they decide alike."""
        return difference(self.trace, other.trace)

    def attention(self) -> str:
        """Return what must not be overlooked, a line each; empty where there is nothing."""
        out = []
        for miss in self.expectations:
            out.append(f"{miss}" if isinstance(miss, Unexpected) else f"expectation missed: {miss}")
        out += [f"warning: {w}" for w in self.warnings]
        return "\n".join(out)

    def summary(self) -> str:
        """Return the run told in a screen of text, what is not simulated included."""
        notes = "\n".join(f"note: {n}" for n in self.notes)
        told = summary(self.trace, self.sections())
        return "\n\n".join(part for part in (self.attention(), told, notes) if part)

    def sections(self, rows: int = 12) -> list[Section]:
        """Return the tables of the summary, of at most so many rows: held, outages, violations."""
        known = self._known
        return sections(known.facts, known.services, self.outage, self.violations, rows)

    # ---- again ----------------------------------------------------------------------------------

    def command(self, file: str = "scenario.toml") -> str:
        """Return the command that runs it again; empty where no folder gives its model.

        `file` stands for the scenario where flags cannot say it, see :meth:`needs_file`.
        """
        if self.model is None:
            return ""
        return command_of(self.model, self.scenario, self.seed, self.until, file)

    def needs_file(self) -> bool:
        """Return whether that command needs the scenario as a file: :meth:`scenario_text`."""
        return self.model is not None and needs_file(self.model, self.scenario)

    def scenario_text(self) -> str:
        """Return what happened as a scenario file that expects what the run has shown."""
        return render_scenario(recorded(self))

    def python(self) -> str:
        """Return Python to paste that runs it again.

        Raises
        ------
        HasimError
            For a trace read back.
        """
        if self.model is None:
            raise HasimError("this run was read back from a file: what was simulated is not in it")
        return python_of(self.model, self.scenario, self.seed)

    def report(self, path: str | PathLike[str]) -> Path:
        """Write a report of the run, one HTML file that needs nothing else; return that file.

        `path` is a folder, which is made: the page is its ``report.html``, and the trace lies
        beside it; or a file that ends in ``.html``. See ``docs/report.md``.

        Raises
        ------
        ConfigError
            Where it cannot be written.
        """
        from hasim.report import write_run

        return write_run(self, path)

    # ---- pictures -------------------------------------------------------------------------------

    @property
    def plot(self) -> RunFigures:
        """The run as figures of matplotlib: ``run.plot.timeline()``; see :mod:`hasim.plot`."""
        from hasim.plot.accessors import RunFigures

        return RunFigures(self)

    def timeline(
        self,
        begin: Time | None = None,
        end: Time | None = None,
        *,
        width: int = 1000,
        title: str | None = None,
    ) -> str:
        """Return an SVG picture of who was in which state when, violations shaded.

        `begin` and `end` are durations since the start, such as ``"4m50s"`` or seconds; what is not
        given is chosen. See :func:`hasim.render.timeline_svg`.
        """
        return timeline_svg(
            self.trace,
            violations=self.violations,
            outages=self.outage,
            begin=instant(begin),
            end=instant(end),
            width=width,
            title=title or self.scenario.title or None,
        )

    def messages(
        self,
        begin: Time | None = None,
        end: Time | None = None,
        *,
        nodes: Sequence[str] | None = None,
        kinds: Collection[str] | None = None,
        width: int = 1000,
        title: str | None = None,
    ) -> str:
        """Return an SVG picture of the messages between nodes, and of what they decide.

        The run must have recorded its packets (``model.run(..., packets=True)``); of another one
        only decisions are drawn. `begin` and `end` are as those of :meth:`timeline`, `nodes` and
        `kinds` choose lines and messages. See :func:`hasim.render.messages_svg`.
        """
        return messages_svg(
            self.trace,
            instant(begin),
            instant(end),
            nodes=nodes,
            violations=self.violations,
            kinds=kinds,
            width=width,
            title=title or self.scenario.title or None,
        )

    def mermaid(
        self,
        begin: Time | None = None,
        end: Time | None = None,
        *,
        kinds: Collection[str] | None = None,
    ) -> str:
        """Return a short part of the run as a Mermaid sequence diagram, a text.

        `begin`, `end` and `kinds` are as those of :meth:`messages`.

        Raises
        ------
        HasimError
            For a part that holds more than such a diagram can show.
        """
        return mermaid_text(
            self.trace,
            instant(begin),
            instant(end),
            violations=self.violations,
            kinds=kinds,
        )

    # ---- exports --------------------------------------------------------------------------------

    def perfetto(self) -> str:
        """Return the run as JSON that Perfetto and Chrome show; see ``docs/report.md``."""
        return perfetto_json(self.trace, self.violations, self.outage)

    def table(self, name: str) -> pd.DataFrame:
        """Return a table: ``held``, ``outages``, ``violations``, ``log`` or ``records``.

        Times are seconds; see :mod:`hasim.run.frames`.

        Raises
        ------
        HasimError
            For a table that there is not.
        """
        from hasim.run.frames import frame

        known = self._known
        return frame(name, known.facts, known.services, self.outage, self.violations, self.digest)

    def tables(self) -> dict[TableName, pd.DataFrame]:
        """Return every table by name, see :meth:`table`."""
        from hasim.run.frames import TABLES

        return {name: self.table(name) for name in TABLES}

    def save(self, path: str | PathLike[str]) -> None:
        """Write the trace with its provenance as JSON Lines; :func:`load_run` reads it back."""
        with Path(path).open("w", encoding="utf-8", newline="\n") as stream:
            self.trace.to_jsonl(stream)

    def __repr__(self) -> str:
        name = self.scenario.name or "anonymous"
        misses = self.expectations
        broken = sum(1 for miss in misses if isinstance(miss, Unexpected))
        verdict = f", {broken} properties violated" if broken else ""
        missing = len(misses) - broken
        verdict += f", {missing} expectations missed" if missing else ""
        return (
            f"<Run {name}: Heartbeat {self.trace.header.dialect}, seed {self.seed}, "
            f"{duration_text(self.end)}, {len(self.records)} records{verdict}, "
            f"digest {self.digest}>"
        )

    def _repr_html_(self) -> str:
        return preformatted(self.summary()) + details("Timeline", self.timeline(width=900))


def load_run(path: str | PathLike[str]) -> Run:
    """Read a run that :meth:`Run.save` has written; its trace equals the saved one.

    Raises
    ------
    ConfigError
        With the place of everything that is wrong.
    """
    try:
        text = Path(path).read_text(encoding="utf-8")
    except (OSError, ValueError) as x:
        reason = (x.strerror if isinstance(x, OSError) else None) or "it is no UTF-8 text"
        raise ConfigError(
            [Problem(str(path), None, "ERROR", f"cannot be read: {reason}", "give a saved run")]
        ) from None
    trace = Trace.from_jsonl(text.split("\n"), str(path))
    header = trace.header
    until = trace.end if header.until_us is None else header.until_us
    scenario = Scenario(header.scenario, audits=header.audits_us, settled=header.settled_us)
    return Run(trace, None, scenario, header.seed, until)
