"""A run as a trace that Perfetto and Chrome show: the Trace Event Format, as JSON.

A node is a process, and so are the hardware, the STONITH devices and what clients hear; a row of
the timeline is a thread. States are nestable async slices: around those of a row lies one slice
with the row's name, after which viewers call the track. States of a row that overlap lie on tracks
of their own. Faults, violations and log lines from warnings on are instants.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from hasim.catalogue import line_of
from hasim.monitors import Violation
from hasim.render.around import Lost
from hasim.render.marks import marks_of
from hasim.render.rows import Band, Bar, Row
from hasim.render.timeline import bands_of
from hasim.render.window import Known
from hasim.trace import Trace
from hasim.units import Micros

__all__ = ["perfetto_events", "perfetto_json"]

_Event = dict[str, Any]
_CLUSTER = 1
_LOUD = ("WARN", "ERROR", "CRIT", "EMERG")
_STATE, _VIOLATION = "state", "violation"


class _Tracks:
    """Processes and threads with their numbers, and the events that name them."""

    def __init__(self) -> None:
        self.events: list[_Event] = []
        self._processes: dict[str, int] = {}
        self._threads: dict[tuple[int, str], int] = {}

    def process(self, name: str) -> int:
        """Return the number of a process; they are shown in the order in which they came."""
        if name not in self._processes:
            pid = len(self._processes) + _CLUSTER
            self._processes[name] = pid
            self._name("process", name, pid, 0, pid)
        return self._processes[name]

    def thread(self, pid: int, name: str) -> int:
        """Return the number of a thread."""
        if (pid, name) not in self._threads:
            tid = len(self._threads) + 1
            self._threads[pid, name] = tid
            self._name("thread", name, pid, tid, tid)
        return self._threads[pid, name]

    def _name(self, what: str, name: str, pid: int, tid: int, order: int) -> None:
        head = {"ph": "M", "ts": 0, "pid": pid, "tid": tid}
        self.events.append({"name": f"{what}_name", **head, "args": {"name": name}})
        index = {"sort_index": order}
        self.events.append({"name": f"{what}_sort_index", **head, "args": index})


def _lanes(bars: Iterable[Bar]) -> list[list[Bar]]:
    """Return bars on as few lanes as keep those that overlap apart."""
    lanes: list[list[Bar]] = []
    for bar in sorted(bars, key=lambda bar: (bar.begin, bar.end)):
        lane = next((lane for lane in lanes if lane[-1].end <= bar.begin), None)
        if lane is None:
            lanes.append([bar])
        else:
            lane.append(bar)
    return lanes


class _Slices:
    """Makes slices; each track has an identity that no other one of its category has."""

    def __init__(self, end: Micros) -> None:
        self.end = end
        self._made = 0

    def of(self, row: Row, category: str, pid: int, tid: int) -> Iterator[_Event]:
        """Yield the slices of a row in an order in which each is within the one around it."""
        for lane in _lanes(row.bars):
            self._made += 1
            # An identity within the process: with a plain "id" Perfetto shows no track of it.
            own = {"local": f"0x{self._made:x}"}
            common = {"cat": category, "id2": own, "pid": pid, "tid": tid}
            name = row.label
            yield {"name": name, "ph": "b", "ts": lane[0].begin, **common}
            for bar in lane:
                state = bar.value or bar.style
                args = {"state": state, "told": bar.title, "open": bar.end >= self.end}
                yield {"name": state, "ph": "b", "ts": bar.begin, **common, "args": args}
                yield {"name": state, "ph": "e", "ts": bar.end, **common}
            yield {"name": name, "ph": "e", "ts": max(bar.end for bar in lane), **common}


def _bands(
    bands: Sequence[Band], tracks: _Tracks, slices: _Slices, category: str
) -> Iterator[_Event]:
    for band in bands:
        pid = tracks.process(band.name)
        for row in band.rows:
            yield from slices.of(row, category, pid, tracks.thread(pid, row.label))


def _violated(violations: Sequence[Violation], end: Micros) -> Band:
    """Return the violations as rows of the cluster, one for each property."""
    rows: dict[str, list[Bar]] = {}
    for violation in violations:
        until = end if violation.until is None else violation.until
        made = Bar(violation.at, until, violation.sentence, "dead", str(violation))
        rows.setdefault(f"violated: {violation.property}", []).append(made)
    return Band("cluster", None, tuple(Row(label, tuple(bars)) for label, bars in rows.items()))


def _faults(known: Known, tracks: _Tracks) -> Iterator[_Event]:
    pid = tracks.process("cluster")
    for mark in marks_of(known):
        tid = tracks.thread(pid, "orders" if mark.order else "faults")
        name = f"{'ends: ' if mark.healed else ''}{mark.line}"
        yield {
            "name": name, "cat": "order" if mark.order else "fault", "ph": "i", "ts": mark.at,
            "pid": pid, "tid": tid, "s": "t", "args": {"told": mark.title},
        }  # fmt: skip


def _lines(known: Known, tracks: _Tracks) -> Iterator[_Event]:
    """Yield the log lines from warnings on, each on the thread of its program."""
    dialect = known.trace.header.dialect
    for record in known.records:
        line = None if record.event.truth else line_of(record.event, dialect)
        if line is None or line.level.upper() not in _LOUD:
            continue
        pid = tracks.process(record.source.node or "cluster")
        args = {"level": line.level, "record": record.seq}
        yield {
            "name": line.text, "cat": "log", "ph": "i", "ts": record.at, "pid": pid,
            "tid": tracks.thread(pid, f"log of {record.source.program}"), "s": "t", "args": args,
        }  # fmt: skip


def perfetto_events(
    trace: Trace, violations: Sequence[Violation] = (), outages: Iterable[Lost] = ()
) -> list[_Event]:
    """Return the events of the Trace Event Format, in order of time; times are microseconds."""
    known, tracks = Known(trace), _Tracks()
    slices = _Slices(known.end)
    tracks.process("cluster")
    events = [*_faults(known, tracks)]
    events += _bands([_violated(violations, known.end)], tracks, slices, _VIOLATION)
    events += _bands(bands_of(known, outages), tracks, slices, _STATE)
    events += _lines(known, tracks)
    # The sort keeps the order of those at one instant: within a track each slice in its parent.
    return [*tracks.events, *sorted(events, key=lambda event: int(event["ts"]))]


def perfetto_json(
    trace: Trace, violations: Sequence[Violation] = (), outages: Iterable[Lost] = ()
) -> str:
    """Return a trace for Perfetto as JSON, an event a line; the same run gives the same bytes."""
    header = trace.header
    about = {
        "hasim": header.version,
        "heartbeat": header.dialect,
        "scenario": header.scenario,
        "seed": str(header.seed),
        "faults": "; ".join(header.faults),
        "digest": trace.digest(),
    }
    lines = [
        json.dumps(event, ensure_ascii=True, separators=(",", ":"))
        for event in perfetto_events(trace, violations, outages)
    ]
    head = json.dumps(about, ensure_ascii=True)
    body = ",\n".join(lines)
    return f'{{"displayTimeUnit":"ms","otherData":{head},"traceEvents":[\n{body}\n]}}\n'
