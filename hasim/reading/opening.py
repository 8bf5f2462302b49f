"""Logs as streams of lines: plain or compressed, of any size, in whatever encoding."""

from __future__ import annotations

import bz2
import gzip
import lzma
import sys
import zlib
from collections.abc import Callable, Iterator
from io import BufferedReader
from pathlib import Path
from typing import Protocol, cast

from hasim.errors import ConfigError, Problem

__all__ = ["Source", "lines_of"]

_CHUNK = 1 << 18
#: A line without an end is cut into parts of this size.
_LINE_MAX = 1 << 16
_GZIP = b"\x1f\x8b"
_BROKEN = (EOFError, gzip.BadGzipFile, lzma.LZMAError, zlib.error)


class _Readable(Protocol):
    def read1(self, size: int, /) -> bytes: ...


class Source:
    """A file to read: its name, its size in bytes, and what went wrong at its end.

    Parameters
    ----------
    name : str
        Path of the file; ``-`` is standard input.

    Raises
    ------
    ConfigError
        For a file that cannot be opened.
    """

    def __init__(self, name: str) -> None:
        self.name = name
        #: Compressed data that end too early or are damaged: a sentence.
        self.damage = ""
        #: When the content was last changed, in seconds since 1970, as gzip has written it down.
        self.changed = 0
        self._raw = cast(BufferedReader, sys.stdin.buffer)
        self.size = 0
        if name != "-":
            try:
                self._raw = Path(name).open("rb")  # noqa: SIM115
                self.size = Path(name).stat().st_size
            except (OSError, ValueError) as x:
                reason = (x.strerror if isinstance(x, OSError) else None) or "no such name"
                raise ConfigError(
                    [Problem(name, None, "ERROR", f"cannot be read: {reason}", "give a log file")]
                ) from None

    def chunks(self, tell: Callable[[int], None] | None = None) -> Iterator[bytes]:
        """Yield the content, uncompressed; `tell` is called with the bytes read of the file."""
        raw = self._raw
        try:
            first = raw.read(10) if raw.seekable() else b""
            if raw.seekable():
                raw.seek(0)
            if first.startswith(_GZIP):
                self.changed = int.from_bytes(first[4:8], "little")
            data = _plain(raw, first)
            while True:
                chunk = data.read1(_CHUNK)
                if not chunk:
                    break
                yield chunk
                if tell is not None and raw.seekable():
                    tell(raw.tell())
        except _BROKEN as x:
            self.damage = f"the compressed data are damaged: {x}"
        except OSError as x:
            reason = x.strerror or str(x)
            if "sequence" in reason or "data stream" in reason:  # what bz2 calls its errors
                self.damage = f"the compressed data are damaged: {reason}"
            else:
                raise ConfigError(
                    [Problem(self.name, None, "ERROR", f"cannot be read: {reason}", "")]
                ) from None
        finally:
            if self.name != "-":
                raw.close()


def _plain(raw: BufferedReader, first: bytes) -> _Readable:
    """Return the content of a file that begins with `first`, uncompressed."""
    if first.startswith(_GZIP):
        return gzip.GzipFile(fileobj=raw)
    if first.startswith(b"BZh"):
        return bz2.BZ2File(raw)
    if first.startswith(b"\xfd7zXZ\x00"):
        return lzma.LZMAFile(raw)
    return raw


def lines_of(source: Source, tell: Callable[[int], None] | None = None) -> Iterator[str]:
    """Yield the lines of a file without their ends; what is no UTF-8 is shown by its bytes."""
    rest = b""
    first = True
    for chunk in source.chunks(tell):
        if first:
            first = False
            if chunk.startswith(b"\xef\xbb\xbf"):
                chunk = chunk[3:]
        parts = (rest + chunk).split(b"\n")
        rest = parts.pop()
        while len(rest) > _LINE_MAX:
            parts.append(rest[:_LINE_MAX])
            rest = rest[_LINE_MAX:]
        for part in parts:
            if len(part) <= _LINE_MAX:
                yield _text(part)
            else:
                yield from (_text(part[i : i + _LINE_MAX]) for i in range(0, len(part), _LINE_MAX))
    if rest:
        yield _text(rest)


def _text(line: bytes) -> str:
    if line.endswith(b"\r"):
        line = line.rstrip(b"\r")
    try:
        return line.decode("utf-8")
    except UnicodeDecodeError:
        return line.decode("utf-8", "backslashreplace")
