"""Why something happened: a record and the chain of its causes, back to the first one."""

from __future__ import annotations

import difflib
import html
from collections.abc import Sequence
from dataclasses import dataclass
from typing import get_args

from hasim.errors import HasimError
from hasim.render.log import Format, logged, told
from hasim.trace import Record, Trace
from hasim.units import duration_text

__all__ = ["Why", "told", "why", "why_of"]


@dataclass(frozen=True, slots=True)
class Why:
    """A record with its causes.

    Parameters
    ----------
    chain : tuple of Record
        The causes in order of time: the root first, the record that was asked for last.
    others : int
        How many later records match the text as well.
    note : str
        What must be known of the chain; may be empty.
    where : tuple of tuple of str
        Of a chain that was read from logs, for each record: the wall clock, the line as
        ``file:line``, and its stamp where that differs. Else empty: the time of the run is shown.
    """

    chain: tuple[Record, ...]
    dialect: str
    others: int = 0
    note: str = ""
    where: tuple[tuple[str, ...], ...] = ()

    @property
    def record(self) -> Record:
        """The record that was asked for."""
        return self.chain[-1]

    @property
    def root(self) -> Record:
        """The first cause."""
        return self.chain[0]

    def _rows(self) -> list[tuple[str, ...]]:
        where = self.where or tuple((duration_text(r.at),) for r in self.chain)
        return [(*w, told(r, self.dialect)) for w, r in zip(where, self.chain, strict=True)]

    def __str__(self) -> str:
        rows = self._rows()
        widths = [max(map(len, column)) for column in zip(*rows, strict=True)][:-1]
        lines = []
        for i, (*where, text) in enumerate(rows):
            head = "".join(f"{w.ljust(n)}  " for w, n in zip(where, widths, strict=True) if n)
            lines.append(f"{head}{'-> ' if i else ''}{text}")
        if self.others:
            lines.append(f"({self.others} later records match as well; a whole log line picks one)")
        if self.note:
            lines.append(f"({self.note})")
        return "\n".join(lines)

    def __repr__(self) -> str:
        at, *_, text = self._rows()[-1]
        return f"<Why {at} {text}: {len(self.chain) - 1} causes>"

    def _repr_html_(self) -> str:
        rows = ""
        for *where, text in self._rows():
            cells = "".join(f"<td style='text-align:right'>{html.escape(w)}</td>" for w in where)
            rows += f"<tr>{cells}<td style='text-align:left'>{html.escape(text)}</td></tr>"
        tail = f"<p>{self.others} later records match as well</p>" if self.others else ""
        tail += f"<p>{html.escape(self.note)}</p>" if self.note else ""
        return f"<table>{rows}</table>{tail}"


def _whole_line(trace: Trace, text: str) -> list[Record]:
    """Return the records whose log line, in any format, is the text or holds it."""
    wanted = text.strip()
    out: list[Record] = []
    for form in get_args(Format) if wanted else ():
        out = out or [record for record, line in logged(trace, format=form) if wanted in line]
    return out


def _nearest(text: str, lines: Sequence[str]) -> list[str]:
    """Return up to three lines that a part of, as many words long, is most like a text."""
    size = max(1, len(text.split()))
    parts: dict[str, str] = {}
    for line in dict.fromkeys(lines):
        words = line.split()
        for i in range(max(1, len(words) - size + 1)):
            parts.setdefault(" ".join(words[i : i + size]), line)
    close = difflib.get_close_matches(text, parts, n=12, cutoff=0.6)
    return list(dict.fromkeys(parts[part] for part in close))[:3]


def why_of(trace: Trace, seq: int, others: int = 0) -> Why:
    """Return a record, by its number, with its causes."""
    return Why(tuple(reversed(trace.chain(seq))), trace.header.dialect, others)


def why(trace: Trace, text: str) -> Why:
    """Return the first record that a text describes, with its causes.

    The text is a part of a log line or of a sentence, or a whole log line with its time.

    Raises
    ------
    HasimError
        Where nothing in the trace matches, with the nearest that there is.
    """
    if not isinstance(text, str):
        raise HasimError(f"give a part of a log line or of a sentence, not {text!r}")
    found = trace.find(text) or _whole_line(trace, text)
    dialect = trace.header.dialect
    if not found:
        close = _nearest(text[:200], [told(r, dialect) for r in trace.records])
        tail = "".join(f"\n    {line}" for line in close)
        raise HasimError(
            f"nothing in this run says {text[:200]!r}" + (f"; nearest:{tail}" if tail else "")
        )
    return why_of(trace, found[0].seq, len(found) - 1)
