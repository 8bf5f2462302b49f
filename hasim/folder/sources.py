"""The texts of a model folder, before anyone reads a meaning into them."""

from __future__ import annotations

import stat
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from hasim.config.lexer import decode
from hasim.errors import Problem, nearest

__all__ = ["FILES", "TEXTS", "FileText", "Sources", "read_sources", "sources_of"]

#: The files of one node's configuration.
FILES = ("ha.cf", "haresources", "authkeys")
#: What stands for the folder of a model that was given by its texts.
TEXTS = "<texts>"

_READABLE = "run as a user who may read it, or correct its mode or link"

#: Files beyond this size are refused.
_MOST_BYTES = 16 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class FileText:
    """One file: its name as the user would give it, its bytes, its permission bits."""

    file: str
    data: bytes
    mode: int = 0o600


@dataclass(frozen=True, slots=True)
class Sources:
    """The files of a model folder.

    `common` maps ``ha.cf``, ``haresources`` and ``authkeys`` to their texts, `own` maps a node to
    the files in ``config/NODE/``; `scenarios` maps names to file name and bytes; `unreadable` are
    the names of entries that are there and cannot be read.
    """

    name: str = ""
    path: str = "."
    common: Mapping[str, FileText] = field(default_factory=dict)
    own: Mapping[str, Mapping[str, FileText]] = field(default_factory=dict)
    site: FileText | None = None
    scenarios: Mapping[str, tuple[str, bytes]] = field(default_factory=dict)
    unreadable: frozenset[str] = frozenset()

    def of(self, node: str, name: str) -> FileText | None:
        """Return the file that counts for a node: its own, else the common one."""
        return self.own.get(node, {}).get(name) or self.common.get(name)

    def files(self) -> dict[str, FileText]:
        """Return every file but the scenarios, by its name within the folder."""
        found = dict(self.common)
        for node, own in self.own.items():
            found |= {f"config/{node}/{name}": text for name, text in own.items()}
        if self.site is not None:
            found["site.toml"] = self.site
        return found

    def edited(self, edit: Callable[[str], str]) -> Sources:
        """Return the sources with every ``ha.cf`` edited."""

        def one(files: Mapping[str, FileText]) -> dict[str, FileText]:
            out = dict(files)
            if (found := out.get("ha.cf")) is not None:
                out["ha.cf"] = replace(found, data=edit(decode(found.data)).encode())
            return out

        own = {node: one(files) for node, files in self.own.items()}
        return replace(self, common=one(self.common), own=own)


def _read(path: Path, problems: list[Problem]) -> FileText | None:
    """Return a file's text; None where there is none. What is there but unreadable is a problem."""
    try:
        found = path.stat()
    except (FileNotFoundError, NotADirectoryError):
        return None
    except (OSError, ValueError) as x:
        problems.append(_unreadable(path, x))
        return None
    if not stat.S_ISREG(found.st_mode):
        remedy = "put a plain file there, or remove it"
        problems.append(Problem(str(path), None, "ERROR", "is not a file", remedy))
        return None
    if found.st_size > _MOST_BYTES:
        text = f"is too long: {found.st_size} bytes"
        problems.append(Problem(str(path), None, "ERROR", text, f"at most {_MOST_BYTES} bytes"))
        return None
    try:
        return FileText(str(path), path.read_bytes(), stat.S_IMODE(found.st_mode))
    except OSError as x:
        problems.append(_unreadable(path, x))
        return None


def _unreadable(path: Path, x: Exception) -> Problem:
    return Problem(str(path), None, "ERROR", f"cannot be read: {_reason(x)}", _READABLE)


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except (OSError, ValueError):
        return False


def _reason(x: Exception) -> str:
    return (x.strerror if isinstance(x, OSError) else None) or str(x)


def _entries(path: Path, problems: list[Problem]) -> list[Path]:
    try:
        return sorted(path.iterdir())
    except (FileNotFoundError, NotADirectoryError):
        return []
    except OSError as x:
        problems.append(_unreadable(path, x))
        return []


def _files(folder: Path, problems: list[Problem]) -> dict[str, FileText]:
    found = {name: _read(folder / name, problems) for name in FILES}
    return {name: text for name, text in found.items() if text is not None}


def read_sources(path: str | Path) -> tuple[Sources, list[Problem]]:
    """Read the files of a model folder; a missing file is no problem yet, an unreadable one is."""
    folder, problems = Path(path), list[Problem]()
    try:
        is_folder = folder.is_dir()
    except (OSError, ValueError):
        is_folder = False
    if not is_folder or not str(path):
        text = "is a file, not a folder" if _is_file(folder) else "no such folder"
        remedy = "give a folder with ha.cf, haresources and authkeys, such as /etc/ha.d"
        name = str(path) or "''"
        return Sources(folder.name, str(folder)), [Problem(name, None, "ERROR", text, remedy)]
    own = {
        entry.name: _files(entry, problems)
        for entry in _entries(folder / "config", problems)
        if entry.is_dir()
    }
    scenarios: dict[str, tuple[str, bytes]] = {}
    for entry in _entries(folder / "scenarios", problems):
        if entry.suffix == ".toml" and (text_of := _read(entry, problems)) is not None:
            scenarios[entry.stem] = (text_of.file, text_of.data)
    sources = Sources(
        name=folder.resolve().name,
        path=str(folder),
        common=_files(folder, problems),
        own=own,
        site=_read(folder / "site.toml", problems),
        scenarios=scenarios,
    )
    return replace(sources, unreadable=frozenset(p.file for p in problems)), problems


def sources_of(texts: Mapping[str, str | bytes]) -> tuple[Sources, list[Problem]]:
    """Return the files of a model folder from their texts, by name within it.

    Nobody but their owner may read them. A name that no file of a model folder has is a problem.
    """
    common: dict[str, FileText] = {}
    own: dict[str, dict[str, FileText]] = {}
    scenarios: dict[str, tuple[str, bytes]] = {}
    site, problems = None, list[Problem]()
    for name, text in texts.items():
        data = text.encode() if isinstance(text, str) else bytes(text)
        found = FileText(f"{TEXTS}/{name}", data)
        match name.split("/"):
            case ["site.toml"]:
                site = found
            case [file] if file in FILES:
                common[file] = found
            case ["config", node, file] if node and file in FILES:
                own.setdefault(node, {})[file] = found
            case ["scenarios", file] if file.endswith(".toml") and file != ".toml":
                scenarios[file.removesuffix(".toml")] = (found.file, data)
            case _:
                known = (*FILES, "site.toml")
                remedy = f"known: {', '.join(known)}, config/NODE/FILE, scenarios/NAME.toml"
                said = f"{name[:100]!r} is no file of a model{nearest(name, known)}"
                problems.append(Problem(TEXTS, None, "ERROR", said, remedy))
    ordered = {node: own[node] for node in sorted(own)}
    named = {name: scenarios[name] for name in sorted(scenarios)}
    return Sources("texts", TEXTS, common, ordered, site, named), problems
