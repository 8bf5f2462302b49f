"""Files that are there whole or not at all."""

from __future__ import annotations

import os
from collections.abc import Callable
from os import PathLike
from pathlib import Path

__all__ = ["put", "put_bytes"]


def put(path: str | PathLike[str], write: Callable[[Path], object]) -> None:
    """Let `write` make a file beside its place, and move it there when it is whole.

    What stood there before does so until then, and stays where writing fails. Where the path is a
    link, the file that it leads to is replaced.

    Raises
    ------
    OSError
        Where it cannot be written.
    ValueError
        For a path that is none.
    """
    place = Path(os.path.realpath(path))
    half = place.with_name(f".hasim-{os.getpid()}.part")
    half.touch(exist_ok=False)  # nobody else's file is written to
    try:
        write(half)
        half.replace(place)
    finally:
        half.unlink(missing_ok=True)


def put_bytes(path: str | PathLike[str], data: bytes) -> None:
    """Write bytes in that way."""
    put(path, lambda half: half.write_bytes(data))
