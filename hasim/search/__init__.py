"""The search for the schedule that breaks a cluster, and how far it has looked where none does."""

from hasim.search.check import Hits, Wanted, check
from hasim.search.coverage import Coverage
from hasim.search.found import Found
from hasim.search.known import KNOWN, Known, known_behaviour
from hasim.search.shrink import shrink
from hasim.search.space import DEFAULT_FAMILIES, FAMILIES, Choice, Space

__all__ = [
    "DEFAULT_FAMILIES",
    "FAMILIES",
    "KNOWN",
    "Choice",
    "Coverage",
    "Found",
    "Hits",
    "Known",
    "Space",
    "Wanted",
    "check",
    "known_behaviour",
    "shrink",
]
