"""A run told in a screen of plain text."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from hasim import events as ev
from hasim.render.window import known_nodes
from hasim.trace import Span, Trace
from hasim.units import Micros, duration_text

__all__ = ["Section", "summary"]

# What the timeline shows: what changes who runs what, and why.
_TELLING = (
    ev.AcquiringFrom,
    ev.AddressDown,
    ev.AddressUp,
    ev.ClockStepped,
    ev.DaemonExited,
    ev.DiskCorrupted,
    ev.DiskMounted,
    ev.DiskUnmounted,
    ev.FaultHealed,
    ev.FaultInjected,
    ev.FenceFailed,
    ev.FenceOk,
    ev.LocalStatus,
    ev.NodeDead,
    ev.NodePoweredOff,
    ev.NodePoweredOn,
    ev.PartitionReturn,
    ev.RestartTriggered,
    ev.ShutdownComplete,
    ev.StandbyAsk,
    ev.StopFailed,
    ev.WatchdogFired,
)
_ROWS_MAX = 40


class Section(NamedTuple):
    """A table of a summary: its rows, the head first, and sentences below it."""

    name: str
    rows: Sequence[Sequence[str]]
    remarks: tuple[str, ...] = ()


def _time(at: Micros) -> str:
    return duration_text(at // 1000 * 1000)


def _table(rows: Iterable[Sequence[str]]) -> list[str]:
    rows = list(rows)
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    return [
        "  ".join(w.ljust(n) for w, n in zip(row, widths, strict=True)).rstrip() for row in rows
    ]


def _changes(spans: Sequence[Span], who: str, value: str) -> int:
    return sum(1 for span in spans if span.who == who and span.value == value)


def _last(spans: Sequence[Span], who: str) -> str:
    values = [span.value for span in spans if span.who == who and span.open]
    return values[-1] if values else "-"


def summary(trace: Trace, sections: Iterable[Section] = ()) -> str:
    """Return a plain table of what happened: nodes, what they saw, and the turning points.

    One row a node: its own status at the end, how it sees the others, how many deaths it
    declared, how often links came up and died. Then the sections, then the turning points in
    order.
    """
    header = trace.header
    local, status, link = trace.spans("local"), trace.spans("status"), trace.spans("link")
    deaths: dict[str, int] = {}
    for record in trace.records:
        if isinstance(record.event, ev.NodeDead) and record.source.node is not None:
            deaths[record.source.node] = deaths.get(record.source.node, 0) + 1
    rows = [("node", "status", "sees", "deaths", "links up", "links dead")]
    for node in known_nodes(trace):
        sees = [f"{s.what} {s.value}" for s in status if s.who == node and s.open]
        rows.append(
            (
                node,
                _last(local, node),
                ", ".join(sees) or "-",
                str(deaths.get(node, 0)),
                str(_changes(link, node, "up")),
                str(_changes(link, node, "dead")),
            )
        )
    name = header.scenario or "run"
    head = f"{name}: Heartbeat {header.dialect}, seed {header.seed}, {_time(trace.end)}"
    out = [f"{head}, digest {trace.digest()}", "", *_table(rows)]
    for section in sections:
        out += ["", *(_table(section.rows) if section.rows else ()), *section.remarks]
    told = [r for r in trace.records if isinstance(r.event, _TELLING)]
    if told:
        rows_told = [
            (_time(r.at), r.source.node or "-", r.event.sentence()) for r in told[:_ROWS_MAX]
        ]
        out += ["", *_table(rows_told)]
        if len(told) > _ROWS_MAX:
            out.append(f"... and {len(told) - _ROWS_MAX} more")
    return "\n".join(out)
