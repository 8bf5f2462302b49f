"""What the path of a log says of its node."""

from __future__ import annotations

import re
from typing import NamedTuple

__all__ = ["Named", "named_by_path"]

_SUFFIX = re.compile(r"(?:\.(?:gz|bz2|xz|log|txt|out|old)|[._-]\d{1,8})$", re.ASCII)
#: Names that logs have on every node.
_GENERIC = re.compile(
    r"(?:ha[-_]?(?:log|debug)|messages|syslog|daemon|heartbeat|cluster[-_]?log|journal(?:ctl)?)"
    r"(?:[._-]|$)"
)
#: Folders in which logs lie on every node.
_FOLDERS = frozenset({"", ".", "..", "var", "log", "logs", "heartbeat", "ha", "tmp", "journal"})


class Named(NamedTuple):
    """What a path says.

    Parameters
    ----------
    own : str
        The node, by the name of the file; empty for a name that logs have on every node.
    folder : str
        The node, by the nearest folder that is no such name either; may be empty.
    place : str
        Path of that folder, or of the one in which the file is.
    plain : str
        The name of the file without suffixes: where nothing else is left.
    """

    own: str
    folder: str
    place: str
    plain: str


def named_by_path(path: str) -> Named:
    """Return what a path says of the node whose log it is."""
    place, _, plain = path.rpartition("/") if path != "-" else ("", "", "")
    while (found := _SUFFIX.search(plain)) is not None and found.start() > 0:
        plain = plain[: found.start()]
    own = _GENERIC.sub("", plain).strip("._-")
    parts = place.split("/")
    for n in range(len(parts), 0, -1):
        if parts[n - 1] not in _FOLDERS:
            return Named(own, parts[n - 1], "/".join(parts[:n]), plain or "node")
    return Named(own, "", place, plain or "node")
