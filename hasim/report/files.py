"""Files of a report: each is there whole or not at all."""

from __future__ import annotations

import gzip
from collections.abc import Mapping
from os import PathLike
from pathlib import Path

from hasim.errors import ConfigError, Problem
from hasim.files import put_bytes

__all__ = ["compressed", "place_of", "write_report"]

#: The page in a folder of a report.
_PAGE = "report.html"


def compressed(text: str) -> bytes:
    """Return a text as a gzip file; the same text gives the same bytes."""
    return gzip.compress(text.encode("utf-8", "surrogatepass"), 6, mtime=0)


def place_of(path: str | PathLike[str]) -> Path:
    """Return the file of the page: the path itself if it ends in .html, else one in that folder."""
    place = Path(path)
    return place if place.suffix.lower() in (".html", ".htm") else place / _PAGE


def write_report(
    path: str | PathLike[str], page: str, beside: Mapping[str, bytes] | None = None
) -> Path:
    """Write a page, and what lies beside it in its folder; return the file of the page.

    Folders are made. Files that are there are replaced, each at once. Where a file is named, not
    a folder, nothing is written beside it.

    Raises
    ------
    ConfigError
        Where it cannot be written.
    """
    place = place_of(path)
    alone = place == Path(path)
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        for name, data in () if alone or beside is None else beside.items():
            put_bytes(place.parent / name, data)
        put_bytes(place, page.encode("utf-8", "replace"))
    except (OSError, ValueError) as x:
        reason = (x.strerror if isinstance(x, OSError) else None) or str(x)
        text = f"no report can be written to {str(path)[:200]!r}: {reason}"
        remedy = "name a folder that may be written, or that may be made"
        raise ConfigError([Problem("--report", None, "ERROR", text, remedy)]) from None
    return place
