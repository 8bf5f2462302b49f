"""Write configurations back, and edit an ha.cf without disturbing the rest of it."""

from __future__ import annotations

import re
from collections.abc import Mapping

from hasim.config.directives import MEDIA_DIRECTIVES, known_directives
from hasim.config.hacf import HaConfig
from hasim.errors import nearest

__all__ = ["edit_ha_cf", "render_ha_cf"]

#: Directives that say the same thing: setting one replaces the others.
_ALIASES = (
    frozenset({"bcast", "udp"}),
    frozenset({"crm", "pacemaker"}),
    frozenset({"auto_failback", "nice_failback"}),
    frozenset({"stonith", "stonith_host"}),
)
_BEFORE_MEDIA = frozenset({"baud", "udpport"})
_LINE = re.compile(
    r"(?P<head>[ \t\r\f]*)(?P<word>[^ \t\r\f#\0]+)(?P<gap>[ \t\r\f]*)(?P<value>[^#\0]*)"
)
_TRAILING = re.compile(r"[ \t\r\f]*\Z")


def render_ha_cf(config: HaConfig) -> str:
    """Return an ha.cf that reads back as `config`: its directives as given, without comments."""
    return "".join(f"{entry.directive} {entry.value}".rstrip() + "\n" for entry in config.given)


def edit_ha_cf(text: str, changes: Mapping[str, str], *, dialect: str = "3.0.6") -> str:
    """Return `text` with directives set anew and everything else as it was.

    The first line of a directive takes the new value and keeps its indentation and comment;
    further lines of it go, lines of its aliases too. A directive that is missing is appended,
    ``udpport`` and ``baud`` before the first medium, where alone they have an effect. An empty
    value removes the directive.

    Raises
    ------
    ValueError
        For a directive that the dialect does not know, with the nearest name, and for a value
        that holds a line end or ``#``.
    """
    known = known_directives(dialect)
    for name, value in changes.items():
        if name not in known:
            raise ValueError(f"ha.cf has no directive {name[:80]!r}{nearest(name, known)}")
        if any(c in value for c in "\n\r\0#"):
            raise ValueError(f"the value of {name} holds a line end, a NUL or a '#'")
    lines = text.split("\n")
    for name, value in changes.items():
        lines = _set(lines, name, value.strip(" \t\f"))
    return "\n".join(lines)


def _words(lines: list[str]) -> list[str | None]:
    """Return the directive of each line."""
    matches = (_LINE.match(line) for line in lines)
    return [match["word"] if match else None for match in matches]


def _set(lines: list[str], name: str, value: str) -> list[str]:
    family = next((group for group in _ALIASES if name in group), frozenset({name}))
    found = _words(lines)
    media = (i for i, word in enumerate(found) if word in MEDIA_DIRECTIVES)
    first_medium = next(media, len(lines)) if name in _BEFORE_MEDIA else len(lines)
    own = [i for i, word in enumerate(found) if word in family]
    keep = own[0] if own and own[0] < first_medium and value else None
    out: list[str] = []
    for i, line in enumerate(lines):
        if i == first_medium and keep is None and value:
            out.append(_new_line(lines, name, value))
        if i == keep:
            out.append(_changed(line, name, value))
        elif found[i] not in family:
            out.append(line)
    if first_medium == len(lines) and keep is None and value:
        at = len(out) - 1 if out and out[-1] == "" else len(out)
        out.insert(at, _new_line(lines, name, value))
        if at == len(out) - 1:
            out.append("")
    return out


def _new_line(lines: list[str], name: str, value: str) -> str:
    """Return a line of its own, with the line end that the file has."""
    return f"{name} {value}" + ("\r" if lines[0].endswith("\r") else "")


def _changed(line: str, name: str, value: str) -> str:
    match = _LINE.match(line)
    assert match is not None, "only lines with a directive are changed"
    trailing = _TRAILING.search(match["value"])
    tail = trailing[0] if trailing else ""
    gap = match["gap"].replace("\r", "") or " "
    if not match["value"] and match["gap"]:
        gap, tail = " ", match["gap"]
    return f"{match['head']}{name}{gap}{value}{tail}{line[match.end() :]}"
