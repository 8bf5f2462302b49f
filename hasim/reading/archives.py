"""Logs in archives of tar, read as a stream: each file in one is a log by itself."""

from __future__ import annotations

import re
import tarfile
from collections.abc import Iterator
from io import BufferedReader
from typing import IO, cast

from hasim.reading.opening import BROKEN, Content, Source

__all__ = ["logs_in"]

_CHUNK = 1 << 14
_MAGIC = slice(257, 262)
_SUFFIX = re.compile(r"\.(?:tar(?:\.(?:gz|bz2|xz))?|tgz|tbz2?|txz)$")


def logs_in(source: Source) -> Iterator[Content]:
    """Yield what is in a file, one after the other; each is to be read before the next.

    A file that is no archive is yielded as it is; what is binary in an archive has no lines.
    """
    if source.first()[_MAGIC] != b"ustar":
        yield source
        return
    try:
        with tarfile.open(fileobj=cast(IO[bytes], source.data()), mode="r|") as tar:
            while (info := tar.next()) is not None:
                tar.members.clear()  # type: ignore[attr-defined]
                file = tar.extractfile(info) if info.isreg() else None
                if file is not None:
                    yield _member(source, info, cast(BufferedReader, file))
    except (*BROKEN, OSError) as x:
        source.damage = f"the archive is damaged: {x}"
    finally:
        source.close()


def _member(source: Source, info: tarfile.TarInfo, file: BufferedReader) -> Content:
    archive = _SUFFIX.sub("", source.name)
    inner = info.name.removeprefix("./").removeprefix(f"{archive.rpartition('/')[2]}/")
    changed = max(0, int(info.mtime))
    name, path = f"{source.name}:{inner}", f"{archive}/{inner}"
    return Content(name, path, file, source.counted, changed, _CHUNK)
