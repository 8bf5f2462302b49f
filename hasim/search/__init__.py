"""The search for the schedule that breaks a cluster, and how far it has looked where none does."""

from hasim.search.bases import PHASES, Base
from hasim.search.cells import Cell, Seen, Tally
from hasim.search.check import Hits, Wanted, check
from hasim.search.coverage import Coverage
from hasim.search.found import Found
from hasim.search.known import KNOWN, Known, known_behaviour
from hasim.search.matrix import Matrix, MatrixWanted, matrix
from hasim.search.outcome import BADNESS, Baseline, Outcome, baseline_of, outcome_of
from hasim.search.shrink import shrink
from hasim.search.space import DEFAULT_FAMILIES, FAMILIES, Choice, Space

__all__ = [
    "BADNESS",
    "DEFAULT_FAMILIES",
    "FAMILIES",
    "KNOWN",
    "PHASES",
    "Base",
    "Baseline",
    "Cell",
    "Choice",
    "Coverage",
    "Found",
    "Hits",
    "Known",
    "Matrix",
    "MatrixWanted",
    "Outcome",
    "Seen",
    "Space",
    "Tally",
    "Wanted",
    "baseline_of",
    "check",
    "known_behaviour",
    "matrix",
    "outcome_of",
    "shrink",
]
