"""The colours of every picture and figure.

They are those of Okabe and Ito, which people tell apart whatever colours they see. All that matters
differs in hatching, shape or text as well, for print without colour.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

__all__ = [
    "BAND",
    "BLUE",
    "CRY",
    "GREEN",
    "GREY",
    "GRID",
    "INK",
    "LOUD",
    "NODES",
    "OFF",
    "ORANGE",
    "OUTCOMES",
    "PAPER",
    "PURPLE",
    "QUIET",
    "RULE",
    "SKY",
    "STRIP",
    "TINTS",
    "VERMILLION",
    "YELLOW",
    "Look",
    "outcome",
    "outcome_css",
]

BLUE, ORANGE, GREEN, VERMILLION = "#0072b2", "#e69f00", "#009e73", "#d55e00"
PURPLE, SKY, YELLOW, GREY = "#cc79a7", "#56b4e9", "#f0e442", "#9a9a9a"

#: Of text, and of what is quiet, loud, or stands on a loud ground.
INK, QUIET, LOUD, PAPER = "#1b1b1b", "#5c5c5c", "#a84300", "#ffffff"
#: Of what lies behind: a band of rows, a line of the grid, a strip, an edge.
BAND, GRID, STRIP, RULE = "#f4f4f1", "#dcdcd8", "#ecece8", "#8a8a8a"
#: Of a violation's bar, and of a node without power.
CRY, OFF = "#a84300", "#3d3d3d"
#: Of what a node holds, by its number; a fifth node has that of the first.
NODES = (BLUE, ORANGE, PURPLE, GREY)
#: The ground of hatched states.
TINTS = {"dead": "#f7d5bf", "start": "#faf6c3", "hung": "#fae3b3"}


class Look(NamedTuple):
    """How an outcome looks: its ground, its hatching, the colour of its words."""

    face: str
    hatch: str
    words: str


#: Outcomes of faults, by how bad they are; none first.
OUTCOMES: Mapping[str, Look] = {
    "": Look("#fcfcfb", "", QUIET),
    "continues": Look("#dff1ea", "", INK),
    "late": Look("#d9ecf8", "", INK),
    "takes over": Look("#a9d5f3", "", INK),
    "restarts": Look("#8cc4ec", "", INK),
    "outage": Look("#f6d38a", "", INK),
    "stuck": Look("#eda94e", "....", INK),
    "property": Look("#e0a0c4", "xxxx", INK),
    "dual address": Look("#e8905a", "////", INK),
    "dual mount": Look("#b84e00", "", PAPER),
}


def outcome(kind: str) -> str:
    """Return the key of :data:`OUTCOMES` for an outcome: any other property is ``property``."""
    return kind if kind in OUTCOMES else "property"


def outcome_css(kind: str) -> str:
    """Return the style of a cell of HTML that tells an outcome."""
    look = OUTCOMES[outcome(kind)]
    return f"background:{look.face};color:{look.words}"
