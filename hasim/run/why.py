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

__all__ = ["Why", "told", "why"]


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
    """

    chain: tuple[Record, ...]
    dialect: str
    others: int = 0
    note: str = ""

    @property
    def record(self) -> Record:
        """The record that was asked for."""
        return self.chain[-1]

    @property
    def root(self) -> Record:
        """The first cause."""
        return self.chain[0]

    def _rows(self) -> list[tuple[str, str]]:
        return [(duration_text(r.at), told(r, self.dialect)) for r in self.chain]

    def __str__(self) -> str:
        rows = self._rows()
        width = max(len(at) for at, _ in rows)
        lines = [
            f"{at.ljust(width)}  {'-> ' if i else ''}{text}" for i, (at, text) in enumerate(rows)
        ]
        if self.others:
            lines.append(f"({self.others} later records match as well; a whole log line picks one)")
        if self.note:
            lines.append(f"({self.note})")
        return "\n".join(lines)

    def __repr__(self) -> str:
        at, text = self._rows()[-1]
        return f"<Why {at} {text}: {len(self.chain) - 1} causes>"

    def _repr_html_(self) -> str:
        rows = "".join(
            f"<tr><td style='text-align:right'>{html.escape(at)}</td>"
            f"<td style='text-align:left'>{html.escape(text)}</td></tr>"
            for at, text in self._rows()
        )
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
    chain = tuple(reversed(trace.chain(found[0].seq)))
    return Why(chain, dialect, len(found) - 1)
