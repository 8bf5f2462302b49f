"""Messages of a trace: each with its copies, whom they reached and whom they did not."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import NamedTuple

from hasim.events import PacketReceived, PacketSent
from hasim.render.window import Window, time_text
from hasim.trace import Record, Trace
from hasim.units import Micros, duration_text

__all__ = ["PERIODIC", "PING", "Copy", "Exchange", "exchanges"]

#: Types that come by themselves, again and again.
PERIODIC = frozenset({"status", "NS_ackmsg", "NS_st"})
#: The type of echo requests and their answers.
PING = "NS_st"


class Copy(NamedTuple):
    """A message on one medium: whom it reached and when, and who ought to have heard it."""

    medium: str
    reached: tuple[tuple[str, Micros], ...]
    lost: tuple[str, ...]


class Exchange(NamedTuple):
    """A message as a node sends it at an instant, on one medium or on several."""

    at: Micros
    seq: int
    sender: str
    type: str
    seqno: int | None
    generation: int
    copies: tuple[Copy, ...]

    @property
    def periodic(self) -> bool:
        """True for heartbeats, acknowledgements and pings."""
        return self.type in PERIODIC

    @property
    def ends(self) -> tuple[str, ...]:
        """Everybody at the other end, reached or not."""
        found = [node for copy in self.copies for node, _ in copy.reached]
        found += (node for copy in self.copies for node in copy.lost)
        return tuple(dict.fromkeys(found))

    @property
    def title(self) -> str:
        """The tooltip."""
        number = "" if self.seqno is None else f", seqno {self.seqno}"
        out = [f"{time_text(self.at)} {self.sender}: {self.type}, "]
        out.append(f"generation {self.generation}{number}")
        for copy in self.copies:
            heard = [f"{n} after {duration_text(at - self.at)}" for n, at in copy.reached]
            heard += (f"lost to {node}" for node in copy.lost)
            out.append(f"; {copy.medium}: {', '.join(heard) or 'for nobody'}")
        return "".join(out)


class _Sent(NamedTuple):
    record: Record
    packet: PacketSent
    heard: dict[str, Micros]


# Who ought to hear what a node sends on a medium.
_Ought = dict[tuple[str, str], tuple[str, ...]]
_Group = tuple[Micros, str, str, int, int | None]


def _departures(records: Iterable[Record]) -> dict[int, _Sent]:
    """Return every packet put on a medium by the number of its record, with who heard it when.

    Of an echo request that is the pinged node, at the instant of its answer.
    """
    out: dict[int, _Sent] = {}
    for record in records:
        event = record.event
        if isinstance(event, PacketSent):
            out[record.seq] = _Sent(record, event, {})
        elif isinstance(event, PacketReceived) and record.cause in out:
            sent = out[record.cause]
            listener = record.source.node
            if event.type == PING and listener == sent.packet.origin:
                listener = event.origin
            if listener is not None and listener != sent.packet.origin:
                sent.heard.setdefault(listener, record.at)
    return out


def _expected(departures: Iterable[_Sent], nodes: Collection[str]) -> _Ought:
    """Return who ought to hear what a node sends on a medium: whoever has heard it at any time.

    Where nobody ever has, it is every other node, or the pinged node.
    """
    found: dict[tuple[str, str], dict[str, None]] = {}
    pings: dict[tuple[str, str], None] = {}
    for sent in departures:
        key = (sent.packet.origin, sent.packet.medium)
        found.setdefault(key, {}).update(dict.fromkeys(sent.heard))
        if sent.packet.type == PING:
            pings[key] = None
    return {
        key: tuple(heard) or ((key[1],) if key in pings else _others(nodes, key[0]))
        for key, heard in found.items()
    }


def _others(nodes: Iterable[str], node: str) -> tuple[str, ...]:
    return tuple(n for n in nodes if n != node)


def _group(sent: _Sent) -> _Group:
    p = sent.packet
    return sent.record.at, p.origin, p.type, p.generation, p.seqno


def _exchange(group: _Group, sents: Sequence[_Sent], ought: _Ought) -> Exchange:
    """Return a message with one copy for each medium; two packets on one are for two peers."""
    at, sender, kind, generation, seqno = group
    heard: dict[str, dict[str, Micros]] = {}
    for sent in sents:
        known = heard.setdefault(sent.packet.medium, {})
        for node, when in sent.heard.items():
            known[node] = min(when, known.get(node, when))
    copies = (
        Copy(
            medium,
            tuple((n, at if kind == PING else when) for n, when in reached.items()),
            tuple(n for n in ought[sender, medium] if n not in reached),
        )
        for medium, reached in heard.items()
    )
    return Exchange(at, sents[0].record.seq, sender, kind, seqno, generation, tuple(copies))


def _answers(sents: Iterable[_Sent], window: Window) -> list[Exchange]:
    """Return the answers of pinged nodes, as messages of theirs."""
    out = []
    for sent in sents:
        for host, at in sent.heard.items():
            if sent.packet.type == PING and window.begin <= at <= window.end:
                copy = Copy(sent.packet.medium, ((sent.packet.origin, at),), ())
                out.append(Exchange(at, sent.record.seq, host, PING, None, 0, (copy,)))
    return out


def exchanges(
    trace: Trace, window: Window, nodes: Sequence[str], kinds: Collection[str] | None
) -> list[Exchange]:
    """Return the messages that are under way within a window, in the order in which they leave.

    Parameters
    ----------
    trace : Trace
        A run that has recorded its packets.
    window : Window
        The part of the run.
    nodes : sequence of str
        Every node of the run.
    kinds : collection of str or None
        Types of messages; all but pings without it.
    """
    departures = _departures(trace.records)
    ought = _expected(departures.values(), nodes)
    groups: dict[_Group, list[_Sent]] = {}
    for sent in departures.values():
        kind = sent.packet.type
        if kind == PING if kinds is None else kind not in kinds:
            continue
        latest = max([sent.record.at, *sent.heard.values()])
        if window.shows(sent.record.at, latest):
            groups.setdefault(_group(sent), []).append(sent)
    out = [_exchange(group, sents, ought) for group, sents in groups.items()]
    if kinds is not None and PING in kinds:
        out += _answers(departures.values(), window)
    return sorted(out, key=lambda e: (e.at, e.seq))
