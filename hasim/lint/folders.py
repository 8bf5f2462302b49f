"""Which folders a name on the command line stands for."""

from __future__ import annotations

from pathlib import Path

from hasim.errors import ConfigError, Problem
from hasim.folder import FILES

__all__ = ["folders_of", "nothing_in"]

_NAMES = (*FILES, "site.toml")
_REMEDY = "give a folder such as /etc/ha.d, or one of its files"


def nothing_in(path: str | Path) -> Problem:
    """Return what to say of a folder without any of the files."""
    text = "nothing to lint: none of " + ", ".join(_NAMES)
    return Problem(str(path), None, "ERROR", text, _REMEDY)


def folders_of(path: str | Path) -> tuple[str, ...]:
    """Return the folders to judge that a name stands for, each once.

    A folder with some of the files stands for itself, one without them for all such folders below
    it. A file stands for the folder that it belongs to: ``cluster/config/node1/ha.cf`` for
    ``cluster``.

    Raises
    ------
    ConfigError
        If it is neither, cannot be read, or nothing is found.
    """
    given = Path(path)
    try:
        if given.is_file():
            return (_owner(given),)
        if not str(path) or not given.is_dir():
            name = str(path) or "''"
            raise ConfigError([Problem(name, None, "ERROR", "no such folder", _REMEDY)])
        found = _below(given)
    except (OSError, ValueError) as x:
        name, reason = str(path), str(x)
        if isinstance(x, OSError):
            name, reason = str(x.filename or path), x.strerror or reason
        problem = Problem(name, None, "ERROR", f"cannot be read: {reason}", _REMEDY)
        raise ConfigError([problem]) from None
    if not found:
        raise ConfigError([nothing_in(path)])
    return tuple(found)


def _owner(file: Path) -> str:
    if file.name not in _NAMES:
        text = f"is none of {', '.join(_NAMES)}"
        raise ConfigError([Problem(str(file), None, "ERROR", text, _REMEDY)])
    folder = file.parent
    # A file of one node alone replaces the common one.
    if folder.parent.name == "config" and file.name in FILES:
        folder = folder.parent.parent
    return str(folder)


def _has_files(folder: Path) -> bool:
    if any((folder / name).exists() for name in _NAMES):
        return True
    own = folder / "config"
    return own.is_dir() and any(
        (entry / name).exists() for entry in own.iterdir() for name in FILES
    )


def _below(folder: Path) -> list[str]:
    """Return a folder with files, or all such below it; hidden ones and links are left out."""
    out: list[str] = []
    waiting = [folder]
    while waiting:
        here = waiting.pop()
        if _has_files(here):
            out.append(str(here))
            continue
        entries = (e for e in here.iterdir() if not e.name.startswith(".") and not e.is_symlink())
        waiting += sorted((e for e in entries if e.is_dir()), reverse=True)
    return out
