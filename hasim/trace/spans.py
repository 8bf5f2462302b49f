"""Spans: who held which state from when to when."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Literal, NamedTuple, get_args

from hasim import events as ev
from hasim.trace.record import Record
from hasim.units import Micros

__all__ = ["Kind", "Span", "spans"]

#: What spans are kept of: a node's own status, what it believes of others and of links, power,
#: service addresses, mounted file systems (by directory, and by disk), scripts that have started a
#: resource, hangs, cables and other parts that work or do not, and what outside clients hear.
Kind = Literal[
    "address",
    "answer",
    "disk",
    "hang",
    "link",
    "local",
    "mount",
    "part",
    "power",
    "script",
    "status",
]

# Kinds that end with the daemon of a node, and those that end with its power.
_BELIEFS: tuple[Kind, ...] = ("link", "local", "status")
_HELD: tuple[Kind, ...] = (*_BELIEFS, "address", "disk", "hang", "mount", "script")


class Span(NamedTuple):
    """A state that lasted.

    Parameters
    ----------
    who : str
        The node that holds the state or the belief; the client of an ``answer``, the part itself of
        a ``part``.
    what : str
        Of what: a node, ``peer:medium``, an address, a directory, a disk, a script with its
        arguments; the node itself for its own.
    value : str
        The state: a status, ``up``, ``dead``, ``on``, ``off``, ``held``, ``hung``, ``started``,
        ``corrupt``; of an ``answer`` the node that is heard.
    begin, end : int
        Microseconds of the run.
    open : bool
        True where the state still lasted at the end of the trace.
    """

    who: str
    what: str
    value: str
    begin: Micros
    end: Micros
    open: bool


# A change: kind, who, what and the new value; None ends the state.
_Change = tuple[Kind, str, str, str | None]


def _belief(node: str, event: ev.Event) -> _Change | None:
    match event:
        case ev.LocalStatus(status=status):
            return "local", node, node, status
        case ev.NodeStatus(peer=peer, status=status):
            return "status", node, peer, status
        case ev.NodeDead(peer=peer):
            return "status", node, peer, "dead"
        case ev.LinkUp(peer=peer, medium=medium):
            return "link", node, f"{peer}:{medium}", "up"
        case ev.LinkDead(peer=peer, medium=medium):
            return "link", node, f"{peer}:{medium}", "dead"
    return None


def _part(event: ev.Event) -> _Change | None:
    """Return what a fact changes in the hardware."""
    match event:
        case ev.NodePoweredOn(node=node):
            return "power", node, node, "on"
        case ev.NodePoweredOff(node=node):
            return "power", node, node, "off"
        case ev.NodeHung(node=node):
            return "hang", node, node, "hung"
        case ev.NodeThawed(node=node):
            return "hang", node, node, None
        case ev.WireCut(wire=wire, direction=way):
            return "part", wire, way, "cut"
        case ev.WireRestored(wire=wire, direction=way):
            return "part", wire, way, None
        case ev.SwitchDown(switch=switch):
            return "part", switch, switch, "off"
        case ev.SwitchUp(switch=switch):
            return "part", switch, switch, None
        case ev.DiskCorrupted(disk=disk):
            return "part", disk, disk, "corrupt"
    return None


def _held(event: ev.Event, kind: Kind) -> _Change | None:
    """Return what a fact changes in what a node holds."""
    match event:
        case ev.AddressUp(node=node, address=address):
            return "address", node, address, "held"
        case ev.AddressDown(node=node, address=address):
            return "address", node, address, None
        case ev.DiskMounted(node=node, disk=disk) if kind == "disk":
            return "disk", node, disk, "held"
        case ev.DiskUnmounted(node=node, disk=disk) if kind == "disk":
            return "disk", node, disk, None
        case ev.DiskMounted(node=node, directory=directory):
            return "mount", node, directory, "held"
        case ev.DiskUnmounted(node=node, directory=directory):
            return "mount", node, directory, None
        case ev.ScriptEnded(node=node, op="start", code=0):
            return "script", node, " ".join((event.script, *event.args)), "started"
        case ev.ScriptBegan(node=node, op="stop"):
            return "script", node, " ".join((event.script, *event.args)), None
    return None


def _ends(event: ev.Event) -> tuple[str, tuple[Kind, ...]] | None:
    """Return the node whose states end with the event, and the kinds of those states."""
    match event:
        case ev.NodePoweredOff(node=node):
            return node, _HELD
        case ev.DaemonExited(node=node):
            return node, _BELIEFS
    return None


def _change(record: Record, kind: Kind) -> _Change | None:
    """Return what a record changes in states of a kind."""
    event, source = record.event, record.source
    change: _Change | None = None
    if not event.truth:
        change = None if source.node is None else _belief(source.node, event)
    elif kind == "answer":
        match event:
            case ev.ServiceAnswered(address=address, by=by):
                return "answer", source.program, address, by
            case ev.ServiceSilent(address=address):
                return "answer", source.program, address, None
    elif kind in ("power", "hang", "part"):
        change = _part(event)
    else:
        change = _held(event, kind)
    return change if change is not None and change[0] == kind else None


def _changes(
    records: Iterable[Record], kind: Kind
) -> Iterator[tuple[Micros, str, str | None, str | None]]:
    """Yield time, who, what (None: everything of that node) and the new value.

    A part that several faults keep from working works again when the last of them ends.
    """
    faults: Counter[tuple[str, str]] = Counter()
    for record in records:
        ending = _ends(record.event) if record.event.truth else None
        if ending is not None and kind in ending[1]:
            yield record.at, ending[0], None, None
        change = _change(record, kind)
        if change is None:
            continue
        _, who, what, value = change
        if kind == "part":
            faults[who, what] = max(0, faults[who, what] + (-1 if value is None else 1))
            if value is None and faults[who, what]:
                continue
        yield record.at, who, what, value


def spans(records: Iterable[Record], kind: Kind, end: Micros) -> list[Span]:
    """Return the spans of a kind, in the order in which they begin.

    Parameters
    ----------
    records : iterable of Record
        Records in order.
    kind : str
        One of the kinds of `Kind`.
    end : int
        Time of the run at which spans still open are cut.

    Raises
    ------
    ValueError
        With a sentence, for an unknown kind.
    """
    if kind not in get_args(Kind):
        raise ValueError(f"there are no spans of {kind!r}; there are {', '.join(get_args(Kind))}")
    open_spans: dict[tuple[str, str], tuple[Micros, str]] = {}
    out: list[Span] = []

    def close(key: tuple[str, str], at: Micros, still_open: bool) -> None:
        begin, value = open_spans.pop(key)
        out.append(Span(key[0], key[1], value, begin, at, still_open))

    for at, who, what, value in _changes(records, kind):
        if what is None:
            for key in [k for k in open_spans if k[0] == who]:
                close(key, at, False)
            continue
        known = open_spans.get((who, what))
        if known is not None and known[1] != value:
            close((who, what), at, False)
        if value is not None and (who, what) not in open_spans:
            open_spans[who, what] = (at, value)
    for key in list(open_spans):
        close(key, max(end, open_spans[key][0]), True)
    return sorted(out, key=lambda span: (span.begin, span.end, span.who, span.what))
