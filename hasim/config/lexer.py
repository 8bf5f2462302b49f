"""Lines, words and hostile bytes: what every parser of this package reads first.

Blanks are those of the daemon (semantics 1.1): space, tab, CR, LF and FF, nothing of Unicode.
A NUL ends its line, as it ends every string of the daemon.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from hasim.errors import Problem

__all__ = [
    "BLANKS",
    "MAX_COMPLAINTS",
    "MAX_SHOWN",
    "Complaints",
    "ascii_lower",
    "decode",
    "encoding_hint",
    "list_words",
    "numbered_lines",
    "parse_int",
    "shown",
    "words",
]

#: Characters that separate words.
BLANKS = " \t\r\n\f"
#: Complaints about one file that are kept; the rest is only counted.
MAX_COMPLAINTS = 100
#: Longest piece of a file that a message repeats.
MAX_SHOWN = 80

_WORD = re.compile(r"[^ \t\r\n\f]+")
_LIST_WORD = re.compile(r"[^ \t\r\n\f,]+")
#: Byte order marks, decoded or read as Latin-1.
_MARKS = ("\ufeff", "\u00ef\u00bb\u00bf", "\u00ff\u00fe", "\u00fe\u00ff")
_INT = re.compile(r"[0-9]{1,9}", re.ASCII)
_LOWER = {upper: upper + 32 for upper in range(ord("A"), ord("Z") + 1)}


def decode(data: str | bytes) -> str:
    """Return the text of a file: UTF-8 if it is, else Latin-1, which reads every byte."""
    if isinstance(data, str):
        return data
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return data.decode("latin-1")


def encoding_hint(text: str) -> str:
    """Return what to do about a file that is no plain text, or an empty text."""
    if text.startswith(_MARKS) or "\0" in text:
        return "is this plain text? Save it as ASCII or UTF-8 without a byte order mark"
    return ""


def numbered_lines(text: str) -> Iterator[tuple[int, str]]:
    """Yield number and content of each line; only LF ends a line, a NUL cuts it short."""
    for number, line in enumerate(text.split("\n"), 1):
        yield number, line.partition("\0")[0]


def words(text: str) -> list[str]:
    """Split at blanks."""
    return _WORD.findall(text)


def list_words(text: str) -> list[str]:
    """Split at blanks and commas, as the values of an option directive are (semantics 1.1)."""
    return _LIST_WORD.findall(text)


def ascii_lower(text: str) -> str:
    """Lower the case of ASCII letters only, as the daemon does to node names."""
    return text.translate(_LOWER)


def parse_int(text: str, low: int, high: int) -> int | None:
    """Read a plain decimal number of at most nine digits; None if it is none or out of range."""
    if not _INT.fullmatch(text):
        return None
    value = int(text)
    return value if low <= value <= high else None


def shown(text: str) -> str:
    """Return `text` fit for a message: cut when long, with unprintable characters escaped."""
    cut = text if len(text) <= MAX_SHOWN else text[: MAX_SHOWN - 3] + "..."
    if cut.isprintable():
        return cut
    return "".join(c if c.isprintable() else ascii(c)[1:-1] for c in cut)


class Complaints:
    """The problems of one file in the order they were found; a flood of them is cut short."""

    __slots__ = ("_found", "_hidden", "_hidden_fatal", "file")

    def __init__(self, file: str) -> None:
        self.file = file
        self._found: list[Problem] = []
        self._hidden = 0
        self._hidden_fatal = False

    @property
    def full(self) -> bool:
        """True once further complaints are only counted."""
        return len(self._found) >= MAX_COMPLAINTS

    @property
    def fatal(self) -> bool:
        """True if any complaint, kept or only counted, is fatal."""
        return self._hidden_fatal or any(p.fatal for p in self._found)

    def error(self, line: int | None, text: str, remedy: str = "") -> None:
        """Note a complaint that keeps the daemon from starting."""
        self._add(Problem(self.file, line, "ERROR", text, remedy))

    def note(self, line: int | None, level: str, text: str, remedy: str = "") -> None:
        """Note a line of the daemon that lets it start."""
        self._add(Problem(self.file, line, level, text, remedy, fatal=False))

    def fatal_note(self, line: int | None, level: str, text: str, remedy: str = "") -> None:
        """Note a fatal complaint that the daemon logs at another level than ERROR."""
        self._add(Problem(self.file, line, level, text, remedy))

    def _add(self, problem: Problem) -> None:
        if self.full:
            self._hidden += 1
            self._hidden_fatal = self._hidden_fatal or problem.fatal
        else:
            self._found.append(problem)

    def close(self) -> tuple[Problem, ...]:
        """Return what was found; a last entry counts the complaints that are not shown."""
        if not self._hidden:
            return tuple(self._found)
        plural = "s" if self._hidden > 1 else ""
        rest = Problem(
            self.file,
            None,
            "ERROR" if self._hidden_fatal else "WARN",
            f"{self._hidden} more complaint{plural} about this file not shown",
            "is this the right file?",
            self._hidden_fatal,
        )
        return (*self._found, rest)
