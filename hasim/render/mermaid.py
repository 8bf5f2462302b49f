"""A short excerpt of a run as a Mermaid sequence diagram: text to paste into a document."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence

from hasim.errors import HasimError
from hasim.events import PacketSent
from hasim.monitors import Violation
from hasim.render.exchange import Copy, Exchange, exchanges
from hasim.render.marks import Mark, marks_of
from hasim.render.telling import Telling, tellings
from hasim.render.thread import Broken, Item, Series, collapsed, thread
from hasim.render.window import Known, time_text, window_of
from hasim.trace import Trace
from hasim.units import Micros

__all__ = ["ARROWS_MAX", "mermaid_text"]

#: A diagram of more arrows cannot be read.
ARROWS_MAX = 40
_NOTES_MAX = 80
_ESCAPES = {"#": "#35;", ";": "#59;", "<": "#lt;", ">": "#gt;", "%": "#37;"}


def _plain(words: str) -> str:
    """Return words as they may stand in a line of a diagram."""
    line = " ".join(words.split())
    return re.sub("[#;<>%]", lambda found: _ESCAPES[found[0]], line)


class _Diagram:
    """The lines of a diagram, and how many arrows and notes they have."""

    def __init__(self, names: Sequence[str]) -> None:
        self.ids = {name: f"n{i}" for i, name in enumerate(names)}
        self.lines: list[str] = []
        self.arrows = self.notes = 0

    def note(self, nodes: Collection[str], words: str) -> None:
        """Write a note over a node, or from the first one to the last."""
        ends = [self.ids[name] for name in self.ids if name in nodes]
        over = ",".join(dict.fromkeys((ends[0], ends[-1])))
        self.lines.append(f"    Note over {over}: {_plain(words)}")
        self.notes += 1

    def message(self, sender: str, words: str, copies: Sequence[Copy]) -> None:
        """Write an arrow to each node that is reached or ought to be, with the media."""
        reached: dict[str, list[str]] = {}
        lost: dict[str, list[str]] = {}
        for copy in copies:
            for node, _ in copy.reached:
                reached.setdefault(node, []).append(copy.medium)
            for node in copy.lost:
                lost.setdefault(node, []).append(copy.medium)
        for arrow, ends in (("->>", reached), ("-x", lost)):
            for node, media in ends.items():
                if node in self.ids:
                    told = f"{words} ({', '.join(media)})"
                    ids = f"{self.ids[sender]}{arrow}{self.ids[node]}"
                    self.lines.append(f"    {ids}: {_plain(told)}")
                    self.arrows += 1

    def add(self, item: Item) -> None:
        """Write what happens next."""
        match item:
            case Exchange():
                self.message(item.sender, item.type, item.copies)
            case Series():
                self.message(item.sender, item.words, item.copies)
            case Telling():
                self.note([item.node], f"{time_text(item.at)} {item.words}")
            case Mark():
                self.note([*self.ids], item.title)
            case Broken():
                self.note([*self.ids], f"violated: {item.violation.sentence}")


def _shown(items: Sequence[Item], names: Collection[str]) -> Iterator[Item]:
    for item in items:
        if isinstance(item, Exchange | Series) and item.sender not in names:
            continue
        if not isinstance(item, Telling) or item.node in names:
            yield item


def mermaid_text(
    trace: Trace,
    begin: Micros | None = None,
    end: Micros | None = None,
    *,
    violations: Sequence[Violation] = (),
    kinds: Collection[str] | None = None,
) -> str:
    """Return a part of a run as a Mermaid sequence diagram.

    It shows what :func:`hasim.render.messages_svg` shows: messages, decisions, faults, violations.
    Heartbeats that follow one another are one arrow.

    Parameters
    ----------
    trace : Trace
        A run that has recorded its packets; of another one there are notes only.
    begin, end : int or None
        The window, in microseconds; None chooses as :func:`hasim.render.timeline_svg` does.
    violations : sequence of Violation
        What is noted where it begins.
    kinds : collection of str or None
        Types of messages; all but pings without it.

    Raises
    ------
    HasimError
        For a window that is empty or lies outside the run, or that holds more than such a diagram
        can show.
    """
    known = Known(trace)
    window = window_of(known, violations, begin, end)
    sent = exchanges(trace, window, known.nodes, kinds)
    told = tellings(known, window)
    items, _ = collapsed(thread(window, sent, told, marks_of(known), violations))
    diagram = _Diagram(known.nodes)
    if known.nodes:
        for item in _shown(items, known.nodes):
            diagram.add(item)
    if diagram.arrows > ARROWS_MAX or diagram.notes > _NOTES_MAX:
        part = f"{time_text(window.begin)}..{time_text(window.end)}"
        many = f"{diagram.arrows} arrows and {diagram.notes} notes"
        raise HasimError(
            f"{part} has {many}: a Mermaid diagram cannot be read beyond {ARROWS_MAX} arrows; "
            "give a shorter --window, or draw a picture with --messages FILE.svg"
        )
    head = ["sequenceDiagram"]
    head += (f"    participant {key} as {_plain(name)}" for name, key in diagram.ids.items())
    if not any(isinstance(r.event, PacketSent) for r in trace.packets()):
        head.append("    %% Packets were not recorded: there are no messages.")
    return "\n".join([*head, *diagram.lines]) + "\n"
