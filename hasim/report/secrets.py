"""What a report must not tell: keys of authkeys files, and what STONITH devices are logged in with.

A report is made to be sent to others. Keys are replaced by words that say only which of them are
equal, so that a report still shows why nodes do not understand each other.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace

from hasim.config.lexer import decode
from hasim.scenario import Simulable
from hasim.trace import Header

__all__ = ["CHANGED", "Mask"]

#: What stands before the name of a directive that was changed, in the header of a trace.
CHANGED = "change."

_KEY = re.compile(r"(\s*-?\d+\s+\S+\s+)(\S.*?)(\s*)$", re.DOTALL)
_PLAIN = re.compile(r"\s*(auth\s+\d+\s*|-?\d+\s+(crc|md5|sha1)\s*|)$", re.DOTALL)
_STONITH = re.compile(r"(\s*stonith_host\s+\S+\s+\S+\s+\S+\s+)(\S.*?)(\s*)$", re.DOTALL)
_BLOCK = re.compile(r"( {8}('[^'\n]*'): \()\n(.*?\n)( {8}\),)", re.DOTALL)
_BYTES = re.compile(r"( {8}('[^'\n]*authkeys'): )b['\"].*,$", re.MULTILINE)
_HIDDEN = "(hidden)"


class Mask:
    """Replaces what is secret in the texts of a model."""

    def __init__(self) -> None:
        self._keys: dict[str, str] = {}

    def key(self, key: str) -> str:
        """Return the word that stands for a key: equal keys have equal words."""
        return self._keys.setdefault(key, f"(hidden-{len(self._keys) + 1})")

    def file(self, name: str, text: str) -> str:
        """Return the text of a configuration file, what is secret in it replaced."""
        base = name.rpartition("/")[2]
        if base == "authkeys":
            return "".join(self._auth(line) for line in text.splitlines(keepends=True))
        if base == "ha.cf":
            return "".join(self._ha_cf(line) for line in text.splitlines(keepends=True))
        return text

    def directive(self, name: str, value: str) -> str:
        """Return the value of a directive of ha.cf, what is secret in it replaced."""
        head = f"{name} "
        return self._ha_cf(f"{head}{value}").removeprefix(head)

    def files(self, model: Simulable) -> Iterator[tuple[str, str]]:
        """Yield name and text of every configuration file of a model."""
        for name, file in model.sources.files().items():
            yield name, self.file(name, decode(file.data))

    def change(self, edits: Mapping[str, str]) -> dict[str, str]:
        """Return edits of ha.cf, what is secret in them replaced."""
        return {name: self.directive(name, value) for name, value in edits.items()}

    def header(self, header: Header) -> Header:
        """Return the header of a trace, what is secret in the changes that it names replaced."""
        configs = (
            (name, self.directive(name.removeprefix(CHANGED), value))
            if name.startswith(CHANGED)
            else (name, value)
            for name, value in header.configs
        )
        return replace(header, configs=tuple(configs))

    def code(self, text: str, edits: Mapping[str, str]) -> str:
        """Return Python that makes a model again, or a command, what is secret replaced."""
        for name, value in edits.items():
            hidden = self.directive(name, value)
            if hidden != value:
                text = text.replace(value, hidden).replace(repr(value), repr(hidden))
        text = _BLOCK.sub(self._block, text)
        return _BYTES.sub(rf"\1b'{_HIDDEN}',", text)

    def _auth(self, line: str) -> str:
        if _PLAIN.match(line):
            return line
        end = line[len(line.rstrip("\r\n")) :]
        if line.lstrip().startswith("#"):
            return f"# {_HIDDEN}{end}"
        found = _KEY.match(line)
        return f"{_HIDDEN}{end}" if found is None else f"{found[1]}{self.key(found[2])}{found[3]}"

    def _ha_cf(self, line: str) -> str:
        found = _STONITH.match(line.lstrip("#") if line.lstrip().startswith("#") else line)
        if found is None:
            return line
        lead = line[: len(line) - len(found[0])]
        return f"{lead}{found[1]}{_HIDDEN}{found[3]}"

    def _block(self, found: re.Match[str]) -> str:
        """Replace the lines of one text in a dictionary of texts."""
        name = str(ast.literal_eval(found[2]))
        if name.rpartition("/")[2] not in ("authkeys", "ha.cf"):
            return found[0]
        lines = [self.file(name, str(ast.literal_eval(x.strip()))) for x in found[3].splitlines()]
        told = "".join(f"            {line!r}\n" for line in lines)
        return f"{found[1]}\n{told}{found[4]}"
