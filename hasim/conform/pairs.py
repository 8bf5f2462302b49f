"""Decisions of a run beside those of a log, and how they are told."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median_low
from textwrap import shorten
from typing import Literal

from hasim.units import SECOND, Micros, duration_text

__all__ = ["NEAR_US", "Beside", "Lack", "Pair"]

#: Where a log has no line of a node so near to a decision, it may have left it out.
NEAR_US: Micros = 10 * SECOND
_WIDTH = 72
#: What a log has none of: lines of a node at that time, lines of a kind.
Lack = Literal["time", "kind"]
_LACKS: Mapping[Lack | None, str] = {
    None: "",
    "time": "the log has no line of {node} near it",
    "kind": "the log has no line of this kind",
}


@dataclass(frozen=True, slots=True)
class Pair:
    """A decision of the run, of the log, or of both.

    Attributes
    ----------
    node, role, kind, args : str
        What it is, in the judge's vocabulary.
    at_us, logged_us : int or None
        Its times in run and log, both on the run's axis; None where one lacks it.
    text : str
        What it is, in words: the program and a sentence.
    place, stamp : str
        Its line in the log, ``file:line``, and the stamp of that line; empty where there is none.
    wall : str
        Its earlier time by the clock of the log; empty where the log is none that was read.
    lack : str or None
        Why the log may leave out what only the run has: it has no line of the node within 10 s
        (``time``), or none of that kind at all (``kind``).
    """

    node: str
    role: str
    kind: str
    args: tuple[tuple[str, str], ...]
    at_us: Micros | None
    logged_us: Micros | None
    text: str = ""
    place: str = ""
    stamp: str = ""
    wall: str = ""
    lack: Lack | None = None

    @property
    def off_us(self) -> Micros | None:
        """By how much the log is later; None where one lacks it."""
        if self.at_us is None or self.logged_us is None:
            return None
        return self.logged_us - self.at_us

    @property
    def first_us(self) -> Micros:
        """Its earlier time."""
        return min(t for t in (self.at_us, self.logged_us) if t is not None)

    @property
    def detail(self) -> str:
        """Where its line is, by how much it is later, what the log lacks; may be empty."""
        if self.logged_us is None:
            return _LACKS[self.lack].format(node=self.node)
        where = f"{self.place}, {self.stamp}" if self.place else ""
        off = self.off_us
        if off is None:
            return where
        late = f"{_time(abs(off))} {'later' if off > 0 else 'earlier'} in the log"
        return f"{late}: {where}" if where else late

    def __str__(self) -> str:
        words = [f"{self.node} {self.text}"]
        if self.off_us is None:
            words.append(f"only in the {'log' if self.at_us is None else 'run'}")
        return "; ".join([*words, *([self.detail] if self.detail else [])])


@dataclass(frozen=True, slots=True)
class Beside:
    """A run and a log, decision by decision.

    Parameters
    ----------
    pairs : tuple of Pair
        All decisions of both, in order of time.
    shift_us : int
        The log begins so much after the start of the run.
    tolerance_us : int
        Decisions that are no further apart agree.
    """

    pairs: tuple[Pair, ...]
    shift_us: Micros
    tolerance_us: Micros

    @property
    def agreed(self) -> tuple[Pair, ...]:
        """Decisions of both, at about the same time."""
        return tuple(p for p in self.pairs if self._agrees(p))

    @property
    def apart(self) -> tuple[Pair, ...]:
        """Decisions of both, at different times."""
        return tuple(p for p in self.pairs if p.off_us is not None and not self._agrees(p))

    @property
    def only_run(self) -> tuple[Pair, ...]:
        """Decisions that the log lacks."""
        return tuple(p for p in self.pairs if p.logged_us is None)

    @property
    def only_log(self) -> tuple[Pair, ...]:
        """Decisions that the run lacks."""
        return tuple(p for p in self.pairs if p.at_us is None)

    @property
    def left_out(self) -> tuple[Pair, ...]:
        """Decisions that the log lacks, and may lack because it is an excerpt."""
        return tuple(p for p in self.only_run if p.lack is not None)

    @property
    def first(self) -> Pair | None:
        """The first difference; None where run and log agree."""
        return next((p for p in self.pairs if not self._agrees(p)), None)

    @property
    def share(self) -> float:
        """Share of decisions that agree."""
        return len(self.agreed) / max(1, len(self.pairs))

    def _agrees(self, pair: Pair) -> bool:
        return pair.off_us is not None and abs(pair.off_us) <= self.tolerance_us

    def figures(self) -> dict[str, float]:
        """Return how far they agree: counts, the share, the median of the distances in seconds."""
        offs = sorted(abs(p.off_us) for p in self.pairs if p.off_us is not None)
        return {
            "decisions": float(len(self.pairs)),
            "agreed": float(len(self.agreed)),
            "apart": float(len(self.apart)),
            "only_run": float(len(self.only_run)),
            "only_log": float(len(self.only_log)),
            "share": self.share,
            "median_off_s": median_low(offs) / SECOND if offs else 0.0,
        }

    def __str__(self) -> str:
        parts = [self._verdict(), self._firsts(), self._kinds()]
        return "\n\n".join("\n".join(part) for part in parts if part)

    def _verdict(self) -> list[str]:
        apart = len(self.apart)
        falls = f"{apart or 'none'} {'fall' if apart > 1 else 'falls'} at another time"
        lines = [
            f"{len(self.agreed)} of {len(self.pairs)} decisions agree within "
            f"{_time(self.tolerance_us)}, {falls}; {len(self.only_run) or 'none'} "
            f"{'is' if len(self.only_run) < 2 else 'are'} only in the run, "
            f"{len(self.only_log) or 'none'} only in the log"
        ]
        lacks = Counter(p.lack for p in self.left_out)
        words: dict[Lack, str] = {
            "time": f"where it has no line of the node within {_time(NEAR_US)}",
            "kind": "of kinds of which it has no line",
        }
        why = [f"{lacks[lack]} {text}" for lack, text in words.items() if lacks[lack]]
        if why:
            lines.append(f"if the log is an excerpt, it may leave out {', '.join(why)}")
        side = "before" if self.shift_us < 0 else "after"
        lines.append(
            f"the log begins {_time(abs(self.shift_us))} {side} the start of the run; "
            f"the median distance is {self.figures()['median_off_s']:.3f} s"
        )
        return lines

    def _firsts(self) -> list[str]:
        """Return the first decision of each way to differ, at its time in the run."""
        told = [p for p in self.only_run if p.lack is None]
        found = {
            "first at another time": self.apart,
            "first only in the run": told or self.only_run,
            "first only in the log": self.only_log,
        }
        return [f"{what}, at {_when(p[0])}: {_said(p[0])}" for what, p in found.items() if p]

    def _kinds(self) -> list[str]:
        """Return a table of counts by kind, the kinds that differ most first."""
        kinds: dict[tuple[str, str], list[Pair]] = {}
        for pair in self.pairs:
            kinds.setdefault((pair.role, pair.kind), []).append(pair)
        rows = [
            (kind, *self._counts(found), shorten(found[0].text, _WIDTH, placeholder=" ..."))
            for (_, kind), found in kinds.items()
        ]
        rows.sort(key=lambda row: (-row[2], -row[3] - row[4], -row[1], row[0]))
        head = "decisions", "agree", "apart", "only run", "only log", "such as"
        table = [head, *(tuple(str(n or "") for n in row) for row in rows)]
        widths = [max(map(len, column)) for column in zip(*table, strict=True)]
        return [
            "  ".join(
                word.rjust(n) if 0 < i < 5 else word.ljust(n)
                for i, (word, n) in enumerate(zip(row, widths, strict=True))
            ).rstrip()
            for row in table
        ]

    def _counts(self, found: Sequence[Pair]) -> tuple[int, int, int, int]:
        agree = sum(map(self._agrees, found))
        both = sum(1 for p in found if p.off_us is not None)
        run = sum(1 for p in found if p.logged_us is None)
        return agree, both - agree, run, len(found) - both - run


def _when(pair: Pair) -> str:
    return _time(pair.first_us) + (f" ({pair.wall})" if pair.wall else "")


def _said(pair: Pair) -> str:
    return f"{pair.node} {pair.text}" + (f" ({pair.detail})" if pair.detail else "")


def _time(us: Micros) -> str:
    return duration_text(us // 1000 * 1000)
