"""The little of regular expressions that a look-up in haresources can meet, in linear time.

ResourceManager puts keys into patterns unescaped (semantics 1.4), so a key may hold ``.``, ``*``
and ``[...]``. Whatever a file contains, matching neither fails nor blows up: the pattern is run as
a set of states over the text. Other special characters are taken literally.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

__all__ = ["MAX_ATOMS", "Pattern"]

#: Longer patterns are compared literally.
MAX_ATOMS = 1000


@dataclass(frozen=True, slots=True)
class _Atom:
    """One character or class; `star` lets it stand any number of times."""

    accepts: Callable[[str], bool]
    star: bool


class Pattern:
    """A compiled pattern; make one with :meth:`word` or :meth:`node`."""

    __slots__ = ("_anchored", "_atoms", "_literal")

    def __init__(self, text: str, *, anchored: bool) -> None:
        plain = not any(c in ".*[" for c in text)
        self._literal = text if plain or len(text) > MAX_ATOMS else None
        self._atoms = [] if self._literal is not None else _compile(text)
        self._anchored = anchored

    @classmethod
    def word(cls, key: str) -> Pattern:
        """Return a pattern that finds `key` between two blanks anywhere."""
        return cls(f" {key} ", anchored=False)

    @classmethod
    def node(cls, pattern: str) -> Pattern:
        """Return a pattern that finds `pattern` at the start, followed by a blank."""
        return cls(f"{pattern} ", anchored=True)

    def matches(self, text: str) -> bool:
        """Tell whether the pattern occurs in `text`; cost: pattern length times text length."""
        if self._literal is not None:
            return text.startswith(self._literal) if self._anchored else self._literal in text
        atoms, end = self._atoms, len(self._atoms)
        states = self._closure({0})
        for char in text:
            if end in states:
                return True
            following = set() if self._anchored else {0}
            for state in states:
                if state < end and atoms[state].accepts(char):
                    following.add(state if atoms[state].star else state + 1)
            states = self._closure(following)
        return end in states

    def _closure(self, states: set[int]) -> set[int]:
        """Add the states that are reached by letting starred atoms stand zero times."""
        for state in sorted(states):
            while state < len(self._atoms) and self._atoms[state].star:
                state += 1
                if state in states:
                    break
                states.add(state)
        return states


def _compile(text: str) -> list[_Atom]:
    atoms: list[_Atom] = []
    at = 0
    accepts: Callable[[str], bool]
    while at < len(text):
        char = text[at]
        if char == ".":
            accepts, at = _anything, at + 1
        elif char == "[" and (end := text.find("]", at + 2)) > 0:
            accepts, at = _char_class(text[at + 1 : end]), end + 1
        elif char == "*" and atoms and not atoms[-1].star:
            atoms[-1] = _Atom(atoms[-1].accepts, True)
            at += 1
            continue
        elif char == "*" and atoms:
            at += 1
            continue
        else:
            accepts, at = _char_class(char), at + 1
        atoms.append(_Atom(accepts, False))
    return atoms


def _anything(char: str) -> bool:
    return True


def _char_class(body: str) -> Callable[[str], bool]:
    negated = body.startswith("^") and len(body) > 1
    body = body[1:] if negated else body
    singles: set[str] = set()
    ranges: list[tuple[str, str]] = []
    at = 0
    while at < len(body):
        if at + 2 < len(body) and body[at + 1] == "-":
            ranges.append((body[at], body[at + 2]))
            at += 3
        else:
            singles.add(body[at])
            at += 1

    def accepts(char: str) -> bool:
        inside = char in singles or any(low <= char <= high for low, high in ranges)
        return inside != negated

    return accepts
