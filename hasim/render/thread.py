"""What a picture of messages shows, in order of time, with runs of heartbeats made one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple, TypeAlias

from hasim.monitors import Violation
from hasim.render.exchange import PERIODIC, PING, Copy, Exchange
from hasim.render.marks import Mark
from hasim.render.telling import Telling
from hasim.render.window import Window
from hasim.units import MS, Micros, duration_text

__all__ = ["SLOW", "Broken", "Item", "Series", "collapsed", "thread"]

#: An arrival later than this after the departure counts as late.
SLOW: Micros = 20 * MS
#: More heartbeats and acknowledgements than these are drawn in runs.
_SINGLE_MAX = 16
#: A run has at least so many.
_RUN_MIN = 3

_NAMES = {
    "status": ("heartbeat", "heartbeats"),
    "NS_ackmsg": ("acknowledgement", "acknowledgements"),
    PING: ("ping", "pings"),
}


class Broken(NamedTuple):
    """The begin of a violation, or of the window that it lasts into."""

    at: Micros
    seq: int
    violation: Violation


class Series(NamedTuple):
    """What one node sends periodically in a run of such messages, from when to when."""

    at: Micros
    until: Micros
    seq: int
    sender: str
    words: str
    copies: tuple[Copy, ...]


Item: TypeAlias = Broken | Exchange | Mark | Series | Telling


def _counted(number: int, kind: str) -> str:
    one, many = _NAMES[kind]
    return f"{number} {one if number == 1 else many}"


def _copies(run: Sequence[Exchange]) -> tuple[Copy, ...]:
    """Return one copy for each medium of a run: lost where none of them has arrived."""
    reached: dict[str, dict[str, Micros]] = {}
    missed: dict[str, dict[str, None]] = {}
    for exchange in run:
        for copy in exchange.copies:
            reached.setdefault(copy.medium, {}).update((n, exchange.at) for n, _ in copy.reached)
            missed.setdefault(copy.medium, {}).update(dict.fromkeys(copy.lost))
    return tuple(
        Copy(m, tuple(found.items()), tuple(n for n in missed[m] if n not in found))
        for m, found in reached.items()
    )


def _fate(run: Sequence[Exchange]) -> tuple[str, str]:
    """Say what was lost of a run, and what came late: before its numbers, and after them."""
    copies = [copy for exchange in run for copy in exchange.copies]
    ends = {n: None for copy in copies for n in (*copy.lost, *(node for node, _ in copy.reached))}
    gone = [n for n in ends if not any(n == node for copy in copies for node, _ in copy.reached)]
    if gone:
        to = "" if len(gone) == len(ends) else f" to {' and '.join(gone)}"
        return f"all lost{to}: ", ""
    media = dict.fromkeys(copy.medium for copy in copies)
    lost = {m: sum(bool(copy.lost) for copy in copies if copy.medium == m) for m in media}
    some = "".join(f", {number} lost on {m}" for m, number in lost.items() if number)
    late = max((at - e.at for e in run for copy in e.copies for _, at in copy.reached), default=0)
    slow = f", up to {duration_text(late // MS * MS)} late" if late > SLOW else ""
    return "", f"{some}{slow}"


def _series(run: Sequence[Exchange]) -> list[Series]:
    """Return what each sender of a run has sent in it."""
    by_sender: dict[str, list[Exchange]] = {}
    for exchange in run:
        by_sender.setdefault(exchange.sender, []).append(exchange)
    out = []
    for sender, mine in by_sender.items():
        kinds = [kind for kind in _NAMES if any(e.type == kind for e in mine)]
        counts = (_counted(sum(e.type == kind for e in mine), kind) for kind in kinds)
        before, after = _fate(mine)
        words, copies = f"{before}{', '.join(counts)}{after}", _copies(mine)
        out.append(Series(mine[0].at, mine[-1].at, mine[0].seq, sender, words, copies))
    return sorted(out, key=lambda s: s.seq)


def collapsed(items: Iterable[Item]) -> tuple[list[Item], bool]:
    """Return items with runs of periodic messages made one, where there are many; and whether.

    A run is unbroken by any other item, so that what a fault changes begins a new one.
    """
    items = list(items)
    if sum(isinstance(i, Exchange) and i.type in PERIODIC for i in items) <= _SINGLE_MAX:
        return items, False
    out: list[Item] = []
    run: list[Exchange] = []
    found = False

    def close() -> bool:
        made: list[Item] = [*_series(run)] if len(run) >= _RUN_MIN else [*run]
        out.extend(made)
        return len(run) >= _RUN_MIN

    for item in items:
        if isinstance(item, Exchange) and item.periodic:
            run.append(item)
            continue
        found = close() or found
        run = []
        out.append(item)
    return out, close() or found


def thread(
    window: Window,
    messages: Iterable[Exchange],
    told: Iterable[Telling],
    marks: Iterable[Mark],
    violations: Iterable[Violation],
) -> list[Item]:
    """Return everything that a window shows, in the order of the trace."""
    broken = [
        Broken(max(v.at, window.begin), max(v.evidence, default=0), v)
        for v in violations
        if window.shows(v.at, window.end if v.until is None else v.until)
    ]
    shown = (m for m in marks if window.shows(m.at, m.at))
    items: list[Item] = [*messages, *told, *shown, *broken]
    return sorted(items, key=lambda i: (i.at, i.seq, isinstance(i, Broken)))
