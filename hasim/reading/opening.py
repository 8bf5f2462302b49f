"""Logs as streams of lines: plain or compressed, of any size, in whatever encoding."""

from __future__ import annotations

import bz2
import codecs
import gzip
import lzma
import sys
import tarfile
import zlib
from collections.abc import Callable, Iterator
from io import BufferedReader
from pathlib import Path
from typing import Protocol, cast

from hasim.errors import ConfigError, Problem

__all__ = ["BROKEN", "Content", "Readable", "Source", "lines_of"]

_CHUNK = 1 << 18
#: A line without an end is cut into parts of this size.
_LINE_MAX = 1 << 16
_GZIP = b"\x1f\x8b"
#: What is raised where compressed data, or archives, are damaged.
BROKEN = (EOFError, gzip.BadGzipFile, lzma.LZMAError, zlib.error, tarfile.TarError)
#: What is no log, by its first bytes, and what to do with it.
_LOOKS = (
    (b"PK\x03\x04", "a zip archive", "unpack it, and give the logs in it"),
    (b"\x28\xb5\x2f\xfd", "compressed with zstd", "unpack it (zstd -d)"),
    (b"\x04\x22\x4d\x18", "compressed with lz4", "unpack it (lz4 -d)"),
    (b"\x1f\x9d", "compressed with compress", "unpack it (uncompress)"),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive", "unpack it, and give the logs in it"),
    (
        b"LPKSHHRH",
        "the journal's own file",
        "write it as text: journalctl --file FILE -o short-iso",
    ),
    (b"%PDF", "a PDF", "give the log itself, as text"),
)
_UTF16 = (b"\xff\xfe", b"\xfe\xff")


class Readable(Protocol):
    """What yields bytes, and shows some of them before."""

    def read(self, size: int, /) -> bytes:
        """Return so many bytes, or as many as there are."""

    def read1(self, size: int, /) -> bytes:
        """Return what is there, at most so many bytes."""

    def peek(self, size: int, /) -> bytes:
        """Return some of the next bytes, which are still to be read."""


class Content:
    """A log to read: its name, where it was, and what went wrong at its end.

    Parameters
    ----------
    name : str
        Its name, as it is shown.
    path : str
        Its path, which may tell whose log it is.
    raw : BufferedReader
        What it is read from.
    counted : BufferedReader
        The file whose size is known, of which it is a part.
    changed : int
        When it was last changed, in seconds since 1970, where an archive says so.
    chunk : int
        So many bytes are read at a time; where data end too early, these are lost.
    """

    def __init__(
        self,
        name: str,
        path: str,
        raw: BufferedReader,
        counted: BufferedReader,
        changed: int = 0,
        chunk: int = _CHUNK,
    ) -> None:
        self.name, self.path = name, path
        #: Compressed data that end too early or are damaged: a sentence.
        self.damage = ""
        #: When the content was last changed, in seconds since 1970, and what has written that down.
        self.changed, self.changed_by = changed, "the time in the archive"
        self._raw, self._counted, self._chunk = raw, counted, chunk
        self._data: Readable | None = None

    def data(self) -> Readable:
        """Return the content, uncompressed."""
        if self._data is None:
            first = self._raw.peek(10)[:10]
            if first.startswith(_GZIP) and not self.changed:
                self.changed = int.from_bytes(first[4:8], "little")
                self.changed_by = "the header of gzip"
            self._data = _plain(self._raw, first)
        return self._data

    def first(self) -> bytes:
        """Return some bytes of its beginning; nothing of what cannot be read."""
        try:
            return self.data().peek(512)
        except (*BROKEN, OSError):
            return b""

    def looks(self) -> tuple[str, str]:
        """Return what it looks like, and what to do with it; nothing where that is a text."""
        first = self.first()
        for magic, what, remedy in _LOOKS:
            if first.startswith(magic):
                return what, remedy
        if b"\0" in first and first[:2] not in _UTF16:
            return "binary data", "give the log itself, as text"
        return "", ""

    def chunks(self, tell: Callable[[int], None] | None = None) -> Iterator[bytes]:
        """Yield the content, uncompressed; `tell` is called with the bytes read of the file."""
        counted = self._counted
        try:
            data = self.data()
            while True:
                chunk = data.read1(self._chunk)
                if not chunk:
                    break
                yield chunk
                if tell is not None and counted.seekable():
                    tell(counted.tell())
        except BROKEN as x:
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
            self.close()

    def close(self) -> None:
        """Close what it is read from."""
        if self.name != "-":
            self._raw.close()


class Source(Content):
    """A file to read.

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
        raw = cast(BufferedReader, sys.stdin.buffer)
        #: Its size in bytes; 0 where nobody knows.
        self.size = 0
        if name != "-":
            try:
                raw = Path(name).open("rb")  # noqa: SIM115
                self.size = Path(name).stat().st_size
            except (OSError, ValueError) as x:
                reason = (x.strerror if isinstance(x, OSError) else None) or "no such name"
                raise ConfigError(
                    [Problem(name, None, "ERROR", f"cannot be read: {reason}", "give a log file")]
                ) from None
        super().__init__(name, name, raw, raw)

    @property
    def counted(self) -> BufferedReader:
        """The file itself."""
        return self._counted


def _plain(raw: BufferedReader, first: bytes) -> Readable:
    """Return the content of a file that begins with `first`, uncompressed."""
    if first.startswith(_GZIP):
        return gzip.GzipFile(fileobj=raw)
    if first.startswith(b"BZh"):
        return bz2.BZ2File(raw)
    if first.startswith(b"\xfd7zXZ\x00"):
        return lzma.LZMAFile(raw)
    return raw


def _utf8(chunks: Iterator[bytes]) -> Iterator[bytes]:
    """Yield a text without the mark of its encoding; UTF-16 as UTF-8."""
    first = next(chunks, b"")
    if first[:2] in _UTF16:
        decoder = codecs.getincrementaldecoder("utf-16")("replace")
        yield decoder.decode(first).encode("utf-8", "replace")
        for chunk in chunks:
            yield decoder.decode(chunk).encode("utf-8", "replace")
        return
    yield first.removeprefix(codecs.BOM_UTF8)
    yield from chunks


def lines_of(source: Content, tell: Callable[[int], None] | None = None) -> Iterator[str]:
    """Yield the lines of a file without their ends; what is no UTF-8 is shown by its bytes."""
    rest = b""
    for chunk in _utf8(source.chunks(tell)):
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
