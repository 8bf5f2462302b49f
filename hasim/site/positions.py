"""Where each key of a TOML text stands: the standard library reads the values but not the lines."""

from __future__ import annotations

import re
import tomllib
from bisect import bisect_right
from collections.abc import Mapping
from contextlib import suppress

__all__ = ["Path", "line_numbers"]

#: Keys and array indices from the root.
Path = tuple[str | int, ...]

_BARE = re.compile(r"[A-Za-z0-9_-]+")
_BLANK = re.compile(r"(?:[ \t\n\r]|#[^\n]*)+")
_SPACE = re.compile(r"[ \t]*")
_SCALAR = re.compile(r"[^,\]}\n#]*")
_STRING = re.compile(
    r'"""(?:[^\\]|\\.)*?"{3,5}|\'\'\'.*?\'{3,5}|"(?:[^"\\]|\\.)*"|\'[^\']*\'', re.DOTALL
)


class _Scanner:
    """One pass over a text that is known to be valid TOML."""

    def __init__(self, text: str) -> None:
        self.text, self.at = text, 0
        self.breaks = [i for i, c in enumerate(text) if c == "\n"]
        self.lines: dict[Path, int] = {}
        self.count: dict[Path, int] = {}

    def note(self, path: Path) -> None:
        self.lines.setdefault(path, bisect_right(self.breaks, self.at - 1) + 1)

    def skip(self, pattern: re.Pattern[str]) -> str:
        found = pattern.match(self.text, self.at)
        if found is None:
            return ""
        self.at = found.end()
        return found[0]

    def see(self, mark: str) -> bool:
        return self.text.startswith(mark, self.at)

    def key(self) -> tuple[str, ...]:
        """Read a dotted key."""
        parts: list[str] = []
        while True:
            self.skip(_SPACE)
            raw = self.skip(_STRING) if self.see('"') or self.see("'") else self.skip(_BARE)
            if raw[:1] in ('"', "'"):
                raw = str(tomllib.loads(f"k = {raw}")["k"])
            parts.append(raw)
            self.skip(_SPACE)
            if not self.see("."):
                return tuple(parts)
            self.at += 1

    def header(self) -> Path:
        """Read ``[a.b]`` or ``[[a.b]]`` and return the path it opens."""
        array = self.see("[[")
        start = self.at
        self.at += 2 if array else 1
        path: Path = ()
        keys = self.key()
        end, self.at = self.at, start
        for i, key in enumerate(keys):
            path = (*path, key)
            self.note(path)
            if array and i == len(keys) - 1:
                self.count[path] = self.count.get(path, 0) + 1
            if path in self.count:
                path = (*path, self.count[path] - 1)
        self.note(path)
        self.at = end + (2 if array else 1)
        return path

    def pair(self, table: Path) -> None:
        """Read ``key = value``."""
        start = self.at
        keys = self.key()
        end, self.at = self.at, start
        for i in range(len(keys)):
            self.note((*table, *keys[: i + 1]))
        self.at = end + 1
        self.skip(_SPACE)
        self.value((*table, *keys))

    def value(self, path: Path) -> None:
        self.note(path)
        if self.see("["):
            self.at += 1
            self.skip(_BLANK)
            n = 0
            while not self.see("]"):
                self.value((*path, n))
                n += 1
                self.comma()
            self.at += 1
        elif self.see("{"):
            self.at += 1
            self.skip(_BLANK)
            while not self.see("}"):
                self.pair(path)
                self.comma()
            self.at += 1
        elif self.see('"') or self.see("'"):
            self.skip(_STRING)
        else:
            self.skip(_SCALAR)

    def comma(self) -> None:
        before = self.at
        self.skip(_BLANK)
        if self.see(","):
            self.at += 1
            self.skip(_BLANK)
        elif not (self.see("]") or self.see("}")) or self.at > len(self.text):
            raise ValueError(f"no comma or bracket at {before}")

    def run(self) -> None:
        table: Path = ()
        self.skip(_BLANK)
        while self.at < len(self.text):
            before = self.at
            if self.see("["):
                table = self.header()
            else:
                self.pair(table)
            self.skip(_BLANK)
            if self.at <= before:
                raise ValueError(f"no progress at {before}")


def line_numbers(text: str) -> Mapping[Path, int]:
    """Return the line, from 1, of every key and array element of a valid TOML text.

    Where the text surprises the scanner, what was found so far is returned: a missing line number
    is better than no message.
    """
    scanner = _Scanner(text)
    with suppress(ValueError, RecursionError):
        scanner.run()
    return scanner.lines
