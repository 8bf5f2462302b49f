"""TOML tables read key by key: every complaint with its line, unknown keys with the nearest known.

A :class:`Table` remembers which keys were asked for; :meth:`Table.close` complains of the rest.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from hasim.errors import ConfigError, Problem, nearest
from hasim.site.parts import Latency
from hasim.site.positions import Path, line_numbers
from hasim.units import Micros, micros

__all__ = ["Document", "Table", "latency", "read_toml", "shown"]

_AT_LINE = re.compile(r" \(at (?:line (\d+), column \d+|end of document)\)$")
_MOST_PROBLEMS = 100
_PERCENT = re.compile(r"(\d{1,3})(?:\.(\d))?%", re.ASCII)


def shown(value: object) -> str:
    """Return a value as it stands in a message: quoted, and cut where it is long."""
    try:
        text = repr(value)
    except (ValueError, RecursionError):  # an integer of thousands of digits, a deep nesting
        text = f"a {type(value).__name__}"
    return text if len(text) <= 60 else text[:56] + "...'"


def latency(value: object) -> Latency:
    """Read a time: ``"50us"``, ``"100us..300us"`` or ``{p50 = "1ms", p99 = "9ms"}``.

    Raises
    ------
    ValueError
        With a sentence that says what was found.
    """
    if isinstance(value, Mapping):
        if set(value) != {"p50", "p99"}:
            raise ValueError(f"{shown(value)} is not a time: write both p50 and p99, nothing else")
        p50, p99 = latency(value["p50"]), latency(value["p99"])
        if p50.lo_us != p50.hi_us or p99.lo_us != p99.hi_us or p50.lo_us > p99.lo_us:
            raise ValueError(f"{shown(value)}: p50 and p99 are two times, p50 the smaller")
        return Latency.percentiles(p50.lo_us, p99.lo_us)
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return Latency.constant(micros(value))
    if not isinstance(value, str):
        raise ValueError(f"{shown(value)} is not a time: write '50us' or '100us..300us'")
    low, dots, high = value.partition("..")
    lo_us = micros(low)
    hi_us = micros(high) if dots else lo_us
    if hi_us < lo_us:
        raise ValueError(f"{shown(value)}: the first time is the smaller")
    return Latency(lo_us, hi_us)


@dataclass
class Document:
    """A TOML file: its values, the lines they stand on, and the complaints so far."""

    file: str
    data: Mapping[str, object]
    lines: Mapping[Path, int]
    problems: list[Problem] = field(default_factory=list)

    def line(self, path: Path) -> int | None:
        """Return the line of a path, or of the nearest table around it."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path)

    @property
    def full(self) -> bool:
        """True where so much was said that no further complaint is kept."""
        return len(self.problems) >= _MOST_PROBLEMS

    def complain(self, path: Path, text: str, remedy: str = "") -> None:
        """Add a problem at the line of `path`, unless there are a hundred already."""
        if not self.full:
            self.problems.append(Problem(self.file, self.line(path), "ERROR", text, remedy))

    def root(self) -> Table:
        """Return the outermost table."""
        return Table(self, (), self.data)

    def finish(self) -> None:
        """Raise :class:`ConfigError` if there was any complaint, in the order of the file."""
        if not self.problems:
            return
        out = sorted(self.problems, key=lambda p: p.line or 0)
        if self.full:
            text = f"the first {_MOST_PROBLEMS} problems are told, more may follow"
            out.append(Problem(self.file, None, "ERROR", text))
        raise ConfigError(out)


def read_toml(text: str | bytes, file: str) -> Document:
    """Read a TOML text.

    Raises
    ------
    ConfigError
        If it is not UTF-8 or not TOML.
    """
    line: int | None = None
    try:
        if isinstance(text, bytes):
            line = text.count(b"\n", 0, _first_bad_byte(text)) + 1
            text = text.decode("utf-8-sig")
            line = None
        text = text.replace("\r\n", "\n")
        return Document(file, tomllib.loads(text), line_numbers(text))
    except UnicodeDecodeError:
        said, remedy = "not a text in UTF-8", "save the file as UTF-8"
    except RecursionError:
        said, remedy = "brackets nested too deeply", ""
    except ValueError as x:
        found = _AT_LINE.search(str(x))
        line = int(found[1]) if found and found[1] else None
        said, remedy = f"not TOML: {_AT_LINE.sub('', str(x))[:200]}", "texts stand in double quotes"
    raise ConfigError([Problem(file, line, "ERROR", said, remedy)])


def _first_bad_byte(data: bytes) -> int:
    try:
        data.decode("utf-8-sig")
    except UnicodeDecodeError as x:
        return x.start
    return len(data)


class Table:
    """One table of a document; each method reads one key and gives `default` where it is absent.

    A value of the wrong kind is complained of and read as the default.
    """

    def __init__(self, document: Document, path: Path, data: Mapping[str, object]) -> None:
        self.document, self.path, self.data = document, path, data
        self.asked: dict[str, None] = {}

    def complain(self, key: str | None, text: str, remedy: str = "") -> None:
        """Add a problem at a key, or at the table itself."""
        self.document.complain(self.path if key is None else (*self.path, key), text, remedy)

    def get(self, key: str) -> object | None:
        """Return the raw value of a key, or None."""
        self.asked[key] = None
        return self.data.get(key)

    def text(self, key: str, choices: Iterable[str] = ()) -> str | None:
        """Read a text, one of `choices` where given."""
        value, known = self.get(key), tuple(choices)
        if value is None:
            return None
        if not isinstance(value, str):
            self.complain(key, f"{key} = {shown(value)}: a text is needed", "put it in quotes")
            return None
        if known and value not in known:
            hint = nearest(value, known)
            self.complain(key, f"{key} = {shown(value)}: one of {', '.join(known)}{hint}")
            return None
        return value

    def whole(self, key: str, default: int, least: int, most: int) -> int:
        """Read a whole number between two bounds."""
        value = self.get(key)
        if value is None:
            return default
        if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
            self.complain(key, f"{key} = {shown(value)}: a whole number {least}..{most} is needed")
            return default
        return value

    def latency(self, key: str, default: Latency) -> Latency:
        """Read a time, a range of times or two percentiles."""
        return self.maybe_latency(key) or default

    def maybe_latency(self, key: str) -> Latency | None:
        """Read a time as :meth:`latency` does; None where it is absent."""
        value = self.get(key)
        if value is None:
            return None
        try:
            return latency(value)
        except ValueError as x:
            self.complain(key, f"{key}: {x}")
            return None

    def time(self, key: str, *, signed: bool = False) -> Micros | None:
        """Read one duration, in microseconds; negative ones only where `signed`."""
        value = self.get(key)
        if value is None:
            return None
        sign = 1
        if signed and isinstance(value, str) and value.strip()[:1] in ("-", "+"):
            sign = -1 if value.strip()[0] == "-" else 1
            value = value.strip()[1:]
        elif signed and isinstance(value, (int, float)) and value < 0:
            sign, value = -1, -value
        try:
            if not isinstance(value, (str, int, float)):
                raise ValueError(f"{shown(value)} is not a duration (try '30s')")
            return sign * micros(value)
        except ValueError as x:
            self.complain(key, f"{key}: {x}")
            return None

    def per_mille(self, key: str, default: int) -> int:
        """Read a percentage such as ``"17%"``, as parts of 1000."""
        value = self.get(key)
        if value is None:
            return default
        found = _PERCENT.fullmatch(value) if isinstance(value, str) else None
        parts = int(found[1]) * 10 + int(found[2] or 0) if found else -1
        if not 0 <= parts <= 1000:
            self.complain(key, f'{key} = {shown(value)}: a percentage is needed, "0%" to "100%"')
            return default
        return parts

    def table(self, key: str) -> Table | None:
        """Read a table; None where it is absent."""
        value = self.get(key)
        if value is None:
            return None
        if not isinstance(value, dict):
            self.complain(key, f"{key} = {shown(value)}: a table is needed", f"write [{key}]")
            return None
        return Table(self.document, (*self.path, key), value)

    def tables(self, key: str) -> dict[str, Table]:
        """Read a table of named tables: ``[node.node1]``, ``[node.node2]``."""
        outer = self.table(key)
        if outer is None:
            return {}
        found = {name: outer.table(name) for name in outer.data}
        return {name: table for name, table in found.items() if table is not None}

    def texts(self, key: str) -> dict[str, str]:
        """Read a table whose values are texts."""
        outer = self.table(key)
        found = {name: outer.text(name) for name in outer.data} if outer else {}
        return {name: text for name, text in found.items() if text is not None}

    def strings(self, key: str) -> list[tuple[str, int | None]]:
        """Read an array of texts, each with its line."""
        value, out = self.get(key), []
        if value is None:
            return []
        if not isinstance(value, list):
            self.complain(key, f"{key} = {shown(value)}: a list is needed", f'{key} = ["..."]')
            return []
        for i, item in enumerate(value):
            path: Path = (*self.path, key, i)
            if isinstance(item, str):
                out.append((item, self.document.line(path)))
            else:
                self.document.complain(path, f"{key}: {shown(item)} is not a text")
        return out

    def close(self) -> None:
        """Complain of every key that nobody asked for."""
        where = ".".join(str(p) for p in self.path)
        for key in self.data:
            if self.document.full:
                return
            if key not in self.asked:
                place = f" in [{where}]" if where else ""
                known = ", ".join(sorted(self.asked))
                text = f"unknown key {shown(key)}{place}{nearest(key, self.asked)}"
                self.complain(key, text, f"known keys: {known}")
