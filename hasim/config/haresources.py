"""The haresources file in its two readings: the daemon's check and the scripts' grammar.

The two differ (semantics 1.4). The daemon looks only at the first word of each logical line; the
scripts strip comments on the first physical line of a logical line and nowhere else, so a comment
after a backslash becomes resource words.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from hasim.config.lexer import BLANKS, Complaints, ascii_lower, decode, encoding_hint, shown, words
from hasim.config.pattern import Pattern
from hasim.errors import Problem, nearest

__all__ = [
    "Group",
    "Haresources",
    "Resource",
    "guess_haresources",
    "haresources_missing",
    "parse_haresources",
    "parse_resource",
    "render_haresources",
]

_BARE_ADDRESS = re.compile(r"[0-9]+\.[0-9]+\.[0-9]+\.[0-9]+(/[^:]*)?", re.ASCII)
_FINAL = "Configuration error, heartbeat not started."


@dataclass(frozen=True, slots=True)
class Resource:
    """One resource: the script, its arguments before the action word, and the word as written."""

    script: str
    args: tuple[str, ...]
    text: str


@dataclass(frozen=True, slots=True)
class Group:
    """One resource group: a line of the file as the scripts read it.

    Parameters
    ----------
    node : str
        Preferred owner, lower case.
    key : str
        First resource word as written; empty if the line has none.
    resources : tuple of Resource
        In starting order.
    text : str
        The canonical line: words with one blank between them.
    configured : bool
        False where the node is none of ha.cf: such a line is visible to the scripts only, behind
        a comment that the daemon continues.
    line : int
        First physical line, from 1; not compared.
    """

    node: str
    key: str
    resources: tuple[Resource, ...]
    text: str
    configured: bool = True
    line: int = field(default=0, compare=False)

    @property
    def remainder(self) -> str:
        """The canonical line without its node."""
        return self.text.partition(" ")[2]


@dataclass(frozen=True, slots=True)
class Haresources:
    """All groups in the order of the file, with the queries of ResourceManager."""

    groups: tuple[Group, ...]

    def listkeys(self, pattern: str) -> tuple[str, ...]:
        """Return the keys of the groups whose node matches; `pattern` is a regular expression."""
        compiled = Pattern.node(pattern)
        return tuple(g.key for g in self.groups if g.key and compiled.matches(g.text + " "))

    def allkeys(self) -> tuple[str, ...]:
        """Return the keys of all groups."""
        return tuple(group.key for group in self.groups if group.key)

    def ourkeys(self, node: str) -> tuple[str, ...]:
        """Return the whole remainder of each line of `node`; callers use its first word only."""
        return tuple(g.remainder for g in self.groups if g.node == ascii_lower(node) and g.key)

    def otherkeys(self, node: str) -> tuple[str, ...]:
        """Return the whole remainder of each line of another node."""
        return tuple(g.remainder for g in self.groups if g.node != ascii_lower(node) and g.key)

    def matching(self, key: str) -> tuple[Group, ...]:
        """Return every group that a look-up of `key` hits.

        The look-up is a regular-expression match of the key between two blanks, anywhere in the
        line, with unescaped dots: ``10.0.0.1`` also hits ``10.0.0x1``, and a key hits the groups
        that have it as a later word.
        """
        compiled = Pattern.word(key)
        return tuple(g for g in self.groups if compiled.matches(g.text + " "))

    def find(self, key: str) -> Group | None:
        """Return the first group that a look-up of `key` hits, or None."""
        return next(iter(self.matching(key)), None)


def haresources_missing(file: str) -> tuple[Problem, ...]:
    """Return the problems of a haresources file that cannot be opened."""
    found = Complaints(file)
    found.error(
        None,
        f"Cannot open resources file [{shown(file)}]",
        "write it, one line per group: 'node1 192.168.60.200/24/eth0 apache'; it may be empty",
    )
    found.error(None, _FINAL)
    return found.close()


def parse_resource(text: str) -> Resource:
    """Read one resource word; a bare IPv4 address, with or without a mask, means ``IPaddr``."""
    if _BARE_ADDRESS.fullmatch(text):
        return Resource("IPaddr", (text,), text)
    script, *args = text.split("::")
    return Resource(script, tuple(args), text)


def parse_haresources(
    text: str | bytes, file: str = "haresources", *, nodes: Sequence[str]
) -> tuple[Haresources | None, tuple[Problem, ...]]:
    """Read a haresources file.

    Parameters
    ----------
    text : str or bytes
        Content of the file.
    file : str
        Its name for messages.
    nodes : sequence of str
        Names of the configured nodes; the first word of each line must be one of them.

    Returns
    -------
    tuple
        The groups as the scripts see them, None if the daemon refuses the file, and the
        complaints.
    """
    found = Complaints(file)
    plain = decode(text)
    lines = _physical(plain)
    known = frozenset(ascii_lower(node) for node in nodes)
    encoding = encoding_hint(plain)
    for number, line in _daemon_lines(lines):
        word = words(line)[0]
        if ascii_lower(word) not in known:
            remedy = ""
            if not found.full:
                hint = nearest(ascii_lower(word), known)
                remedy = encoding or f"the first word of a line is a node of ha.cf{hint}"
            found.error(number, f"Bad nodename in {shown(file)} [{shown(word)}]", remedy)
    if found.fatal:
        return None, (*found.close(), Problem(file, None, "ERROR", _FINAL))
    return Haresources(tuple(_script_groups(lines, known))), found.close()


def guess_haresources(text: str | bytes, *, nodes: Sequence[str] = ()) -> Haresources:
    """Return the groups as the scripts read them, whether or not the daemon takes the file."""
    known = frozenset(ascii_lower(node) for node in nodes)
    return Haresources(tuple(_script_groups(_physical(decode(text)), known)))


def _physical(plain: str) -> list[str]:
    return [line.rstrip("\r") for line in plain.replace("\0", "").split("\n")]


def _joined(lines: Sequence[str], strip_first: bool) -> Iterator[tuple[int, str]]:
    """Yield each logical line with the number of its first physical line."""
    parts: list[str] = []
    first = 0
    for number, line in enumerate(lines, 1):
        if not parts:
            first = number
            line = line.partition("#")[0] if strip_first else line
        if line.endswith("\\"):
            parts.append(line[:-1])
            continue
        yield first, "".join([*parts, line])
        parts = []
    if parts:
        yield first, "".join(parts)


def _daemon_lines(lines: Sequence[str]) -> Iterator[tuple[int, str]]:
    """Yield the logical lines that the daemon checks: neither blank nor a comment."""
    for number, line in _joined(lines, strip_first=False):
        stripped = line.strip(BLANKS)
        if stripped and not stripped.startswith("#"):
            yield number, stripped


def _script_groups(lines: Sequence[str], known: frozenset[str]) -> Iterator[Group]:
    for number, line in _joined(lines, strip_first=True):
        node, *rest = words(line) or [""]
        if node:
            node = ascii_lower(node)
            resources = tuple(parse_resource(word) for word in rest)
            key = rest[0] if rest else ""
            text = " ".join([node, *rest])
            yield Group(node, key, resources, text, node in known, number)


def render_haresources(haresources: Haresources) -> str:
    """Return a file that reads back as `haresources`, quirks included."""
    return "".join(_render_group(group) for group in haresources.groups)


def _render_group(group: Group) -> str:
    # A "#" survives only where it stands on a continuation line.
    head = "\\\n" if "#" in group.text else ""
    # The daemon continues a comment that ends in a backslash, the scripts do not.
    head = head if group.configured else f"#\\\n{head}"
    tail = " " if group.text.endswith("\\") else ""
    return f"{head}{group.text}{tail}\n"
