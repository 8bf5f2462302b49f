"""What a picture of messages shows, whoever draws it: lifelines, and everything along them."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import NamedTuple

from hasim.errors import HasimError, nearest
from hasim.events import PacketSent
from hasim.monitors import Violation
from hasim.render.exchange import PING, Copy, Exchange, exchanges
from hasim.render.marks import Mark, marks_of
from hasim.render.telling import tellings
from hasim.render.thread import Broken, Item, Series, collapsed, thread
from hasim.render.window import Known, Window, time_text, window_of
from hasim.trace import Trace
from hasim.units import Micros

__all__ = ["Talk", "described", "talk_of"]

_ITEMS_MAX = 500


class Talk(NamedTuple):
    """Messages and decisions of a part of a run.

    Parameters
    ----------
    known : Known
        The run.
    window : Window
        What is shown of it; it ends early where there is too much.
    names : tuple of str
        Whose lifelines are drawn, from left to right.
    items : tuple of Item
        What stands along them, in the order of the trace.
    media : tuple of str
        The media of all messages, in alphabetical order.
    kinds : tuple of str or None
        The types of messages that were asked for.
    notes : tuple of str
        What is to be said above the picture, a sentence each.
    """

    known: Known
    window: Window
    names: tuple[str, ...]
    items: tuple[Item, ...]
    media: tuple[str, ...]
    kinds: tuple[str, ...] | None
    notes: tuple[str, ...]

    @property
    def copies(self) -> list[Copy]:
        """The copies of all messages that are drawn."""
        shown = (item for item in self.items if isinstance(item, Exchange | Series))
        return [copy for item in shown for copy in item.copies]


def _chosen(known: Known, nodes: Sequence[str] | None, kinds: Collection[str] | None) -> list[str]:
    """Return whose lifelines are drawn: the nodes, and with pings those who are pinged."""
    sent = [r.event for r in known.trace.packets() if isinstance(r.event, PacketSent)]
    pinged = sorted({p.medium for p in sent if p.type == PING}.difference(known.nodes))
    if nodes is None:
        return known.nodes + (pinged if kinds is not None and PING in kinds else [])
    for node in nodes:
        if node not in known.nodes and node not in pinged:
            there = f"; nodes: {', '.join(known.nodes)}"
            raise HasimError(f"no node {node!r} in this run{nearest(node, known.nodes) or there}")
    return list(nodes)


def _listed(names: Collection[str] | None) -> list[str] | None:
    """Return names without repetition; a single one may be given as it is."""
    if names is None:
        return None
    return [names] if isinstance(names, str) else list(dict.fromkeys(names))


def _notes(
    known: Known,
    window: Window,
    kinds: Collection[str] | None,
    collapse: bool,
    left_out: tuple[int, Micros] | None,
) -> Iterator[str]:
    sent = {r.event.type for r in known.trace.packets() if isinstance(r.event, PacketSent)}
    if not sent:
        yield "Packets were not recorded: what nodes decide is shown, and no messages."
    elif kinds is not None and (absent := sorted(set(kinds) - sent)):
        yield f"This run has no messages of the type {', '.join(absent)}."
    earlier = [m.line for m in marks_of(known) if m.at < window.begin and not m.healed]
    if earlier:
        yield f"Before that: {'; '.join(earlier)}."
    if collapse:
        yield "Heartbeats that follow one another are drawn as one arrow, with their number."
    if left_out is not None:
        yield (
            f"The picture is full at {time_text(left_out[1])}: {left_out[0]} things more are left "
            "out; give a shorter window."
        )


def described(talk: Talk) -> str:
    """Return what a picture of messages shows, in a few sentences."""
    window, names, items = talk.window, talk.names, talk.items
    sent = sum(isinstance(i, Exchange) for i in items)
    told = "; ".join(i.title for i in items if isinstance(i, Mark)) or "none"
    broken = " ".join(str(i.violation) for i in items if isinstance(i, Broken)) or "none"
    return (
        f"Messages between {', '.join(names) or 'no node'} from {time_text(window.begin)} to "
        f"{time_text(window.end)}: {sent}. Faults and orders: {told}. Properties violated: {broken}"
    )[:2000]


def talk_of(
    trace: Trace,
    begin: Micros | None,
    end: Micros | None,
    *,
    nodes: Sequence[str] | None = None,
    violations: Sequence[Violation] = (),
    kinds: Collection[str] | None = None,
) -> Talk:
    """Return what a picture of messages shows; see :func:`hasim.render.messages_svg`.

    Raises
    ------
    HasimError
        For a window that is empty or lies outside the run, and a node that the run does not have.
    """
    known = Known(trace)
    window = window_of(known, violations, begin, end)
    nodes, kinds = _listed(nodes), _listed(kinds)
    names = _chosen(known, nodes, kinds)
    sent = [
        e for e in exchanges(trace, window, known.nodes, kinds)
        if e.sender in names and any(n in names for n in e.ends)
    ]  # fmt: skip
    told = [t for t in tellings(known, window) if t.node in names]
    items, collapse = collapsed(thread(window, sent, told, marks_of(known), violations))
    left_out = None
    if len(items) > _ITEMS_MAX:
        left_out = (len(items) - _ITEMS_MAX, items[_ITEMS_MAX - 1].at)
        items, window = items[:_ITEMS_MAX], Window(window.begin, left_out[1])
    notes = _notes(known, window, kinds, collapse, left_out)
    media = sorted({copy.medium for exchange in sent for copy in exchange.copies})
    wanted = None if kinds is None else tuple(sorted(kinds))
    return Talk(known, window, tuple(names), tuple(items), tuple(media), wanted, tuple(notes))
