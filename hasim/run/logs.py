"""Logs of the real daemon as a run: the same questions, the same answers."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from hasim.errors import HasimError, nearest
from hasim.reading import Progress, Reading, Skew, read
from hasim.render import stamp
from hasim.run.frames import TABLES as RUN_TABLES
from hasim.run.held import standing_spans
from hasim.run.incidents import Incident, incidents
from hasim.run.logplaces import short_names, stamp_beside, stamps_of, to_second
from hasim.run.logreason import with_reasons
from hasim.run.logscreen import summary_of
from hasim.run.logtables import TABLES, dated, framed, rows_of
from hasim.run.outage import Outages
from hasim.run.run import Run
from hasim.run.why import Why, why_of
from hasim.scenario import Scenario
from hasim.trace import Span
from hasim.units import SECOND, Micros, micros

if TYPE_CHECKING:
    from pandas import DataFrame

__all__ = ["LogRun", "read_logs"]


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class LogRun(Run):
    """A run that was read back from logs.

    Its records are the events that lines tell, and what follows from them: those are from the
    program ``inferred``. It knows no packets and no states.
    """

    reading: Reading | None = field(default=None)

    @property
    def _read(self) -> Reading:
        assert self.reading is not None, "made by read_logs only"
        return self.reading

    @property
    def skews(self) -> tuple[Skew, ...]:
        """How far the clocks of the nodes are apart, with bounds."""
        return self._read.skews

    @property
    def remarks(self) -> tuple[str, ...]:
        """What was assumed and what is odd about the files, a sentence each."""
        return self._read.remarks

    @property
    def incidents(self) -> list[Incident]:
        """Deaths, late heartbeats, restarts, partitions, flapping: see `hasim.run.incidents`."""
        return incidents(self.trace)

    @property
    def outage(self) -> Outages:
        """Outages of every group; none are told where a node that may have served has no log."""
        if self._read.absent:
            return Outages(())
        found = super(LogRun, self).outage  # a class with slots is made anew
        return with_reasons(found, self.records, self._known.services)

    def groups_held(self) -> list[tuple[str, Span]]:
        """Return the groups, each with the times in which the whole of it stood somewhere."""
        known = self._known
        return [
            (service.name, span)
            for service in known.services
            for span in standing_spans(known.facts, service)
        ]

    def wall(self, at: Micros) -> str:
        """Return an instant of the run as the clock of the reference node shows it."""
        epoch = datetime.fromisoformat(self.trace.header.epoch) - datetime(1970, 1, 1)
        return stamp(epoch // timedelta(microseconds=1) + at).text()

    def place(self, seq: int, short: bool = False) -> str:
        """Return where the line of a record stands, ``file:line``; empty for a conclusion.

        A short place names the file without the folders that need not be told.
        """
        found = self._read.places.get(seq)
        if found is None:
            return ""
        name = short_names(self._read.files)[found[0]] if short else found[0]
        return f"{name}:{found[1]}"

    def why(self, text: str) -> Why:
        """Return the first record that a text describes, with what it seems to follow from.

        The text may also be the place of a line, ``file:line``. Lines tell no causes: each is the
        nearest earlier line that can have caused the next. Each has the wall clock of the
        reference node, its place, and its stamp where that differs.

        Raises
        ------
        HasimError
            Where nothing in the logs matches.
        """
        at = self._placed(text)
        found = Run.why(self, text) if at is None else why_of(self.trace, at)
        stamps = stamps_of(self.trace, [record.seq for record in found.chain])
        where = tuple(self._where(r.seq, r.at, stamps[r.seq]) for r in found.chain)
        return replace(found, note="causes are concluded, no line tells them", where=where)

    def _placed(self, text: str) -> int | None:
        """Return the record whose line stands at a place; None for what is no place of one."""
        name, colon, number = str(text).strip().rpartition(":")
        if not (colon and number.isdecimal() and len(number) < 19):
            return None
        called = {name, *(file for file, s in short_names(self._read.files).items() if s == name)}
        places = self._read.places.items()
        return max(
            (seq for seq, (f, n) in places if f in called and n == int(number)), default=None
        )

    def _where(self, seq: int, at: Micros, shown: str) -> tuple[str, ...]:
        """Return wall clock, line, and stamp where it differs."""
        wall = to_second(self.wall(at))
        if (place := self.place(seq, short=True)) == "":
            return wall, "concluded", ""
        return wall, place, "" if shown == wall else f"(stamp {stamp_beside(shown, wall)})"

    # ---- tables ---------------------------------------------------------------------------------

    def rows(self, name: str) -> list[dict[str, Any]]:
        """Return a table as rows: ``lines held outages incidents violations skews unknown other``.

        Times are seconds of the run, and as the wall clock of the reference node shows them under
        ``wall`` and ``wall_end``; places are ``file:line``.

        Raises
        ------
        HasimError
            For a table that does not exist.
        """
        if name not in TABLES:
            listed = f"; there are {', '.join(TABLES)}"
            raise HasimError(f"no table {name!r}{nearest(name, TABLES) or listed}")
        return list(rows_of(self, self._read, name))

    def table(self, name: str) -> DataFrame:
        """Return a table as a data frame: those of any run, and those of :meth:`rows`.

        Tables that any run has are made alike, with the wall clock of the reference node besides;
        the evidence of violations are lines here. Dates are of the type ``datetime64``, NaT beyond
        the year 9999.

        Raises
        ------
        HasimError
            For a table that does not exist.
        """
        if name not in RUN_TABLES:
            return framed(self.rows(name), TABLES[name])
        made = Run.table(self, name)
        for column, times in (("wall", ("at_s", "begin_s")), ("wall_end", ("end_s",))):
            if (at := next((made[t] for t in times if t in made), None)) is not None:
                made[column] = dated([self.wall(round(t * SECOND)) for t in at])
        if name == "violations":
            made = made.assign(evidence=framed(self.rows(name), TABLES[name])["evidence"])
        return made

    def json_lines(self) -> Iterator[str]:
        """Yield every table as JSON Lines, each row with the name of its table."""
        for name in TABLES:
            for row in self.rows(name):
                yield json.dumps({"table": name, **row}, ensure_ascii=False)

    def summary(self) -> str:
        """Return what happened in a screen of text: who held what, outages, incidents, counts."""
        return summary_of(self, self._read)

    def __repr__(self) -> str:
        counts = self._read.counts
        return (
            f"<LogRun {', '.join(self.nodes)}: {counts.lines} lines, {len(self.records)} records, "
            f"{self.wall(0)} to {self.wall(self.end)}, digest {self.digest}>"
        )


def read_logs(
    *files: str,
    year: int | None = None,
    skew: Mapping[str, str | int | float] | None = None,
    deadtime: str | int | float | None = None,
    progress: Progress | None = None,
) -> LogRun:
    """Read logs of Heartbeat 1.x, 2.x and 3.x, merge the nodes, and return them as a run.

    Parameters
    ----------
    *files : str
        Logs of any number of nodes, in any mixture of formats: syslog, the journal, ha-log,
        ha-debug; plain, gzip, bzip2, xz, or several in an archive of tar; ``-`` is standard
        input. ``NODE=FILE`` tells whose lines those are that name no node, or all of them where
        they carry one host.
    year : int, optional
        The year of the first line of the first file whose stamps name none and that has no whole
        date; without it told by other files, by headers of gzip and the journal, or assumed.
    skew : mapping, optional
        By how much the clock of a node is ahead: ``{"node2": "-71s"}``; without it, estimated
        from messages that both ends tell of.
    deadtime : str or number, optional
        The cluster's deadtime, where it is known: a node that dies without a word is taken for
        dead so long before another declares it.
    progress : callable, optional
        Called with the bytes read so far and the bytes of all files.

    Returns
    -------
    LogRun
        A `Run` over what the lines tell, and what must have been true for them to be written.

    Raises
    ------
    HasimError
        For files without any line of Heartbeat, and for bad arguments; as `ConfigError` for a file
        that cannot be read.

    Notes
    -----
    Memory grows with the events of Heartbeat's lines, not with the size of the files;
    `hasim.reading.stream` reads in constant memory.
    """
    if year is not None and (type(year) is not int or not 1970 <= year <= 9999):
        raise HasimError(f"the year must be a whole number from 1970 on, not {year!r}")
    offsets = {node: _signed(f"the skew of {node}", value) for node, value in (skew or {}).items()}
    dead = 0 if deadtime is None else _signed("deadtime", deadtime)
    if dead < 0:
        raise HasimError(f"deadtime must not be negative, and is {deadtime!r}")
    found = read(*files, year=year, skew=offsets, deadtime=dead, progress=progress)
    trace = found.trace
    return LogRun(trace, None, Scenario("logs"), 0, trace.end, reading=found)


def _signed(what: str, value: object) -> Micros:
    """Return a duration that may be negative."""
    if not isinstance(value, str | int | float):
        raise HasimError(f"{what}: {value!r} is not a duration (try '-71s')")
    text = str(value).strip()
    sign = -1 if text.startswith("-") else 1
    try:
        return sign * micros(text.lstrip("+-"))
    except ValueError as x:
        raise HasimError(f"{what}: {x}") from None
