"""Sets of resources as words and as bits, and the states of the resource machine by number."""

from __future__ import annotations

__all__ = ["ALL", "FOREIGN", "LOCAL", "NONE", "RSTATES", "STANDBY", "bits", "turned", "word"]

NONE, LOCAL, FOREIGN, ALL = 0, 1, 2, 3
_WORDS = ("none", "local", "foreign", "all")
#: States by the number that error lines print (semantics 5.4, 7.2).
RSTATES = ("INIT", "STARTING", "BOTHSTARTING", "RSCRCVD", "STABLE", "SHUTDOWN")
STANDBY = ("NOT", "ME", "OTHER", "DONE")


def word(claim: int) -> str:
    """Return the word for a set."""
    return _WORDS[claim]


def bits(text: str) -> int:
    """Return the set for a word; anything unknown is none."""
    return _WORDS.index(text) if text in _WORDS else NONE


def turned(text: str) -> str:
    """Return a set as the other node names it: its local is this node's foreign."""
    return {"local": "foreign", "foreign": "local"}.get(text, text)
