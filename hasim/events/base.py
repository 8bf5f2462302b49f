"""What every event is, and how it becomes plain data and comes back."""

from __future__ import annotations

import types
import typing
from dataclasses import MISSING, dataclass, fields
from typing import Any, ClassVar

__all__ = ["Event", "Truth", "field_types", "plain", "rebuild"]


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened; every event of a run is a frozen subclass of this one.

    A subclass gives `says`, the template of its sentence. `truth` is True for physical facts and
    False for what a daemon or a script believes and logs.
    """

    truth: ClassVar[bool] = False
    says: ClassVar[str] = ""

    def sentence(self) -> str:
        """Return the event as one English sentence."""
        return self.says.format_map({name: getattr(self, name) for name in field_types(type(self))})


@dataclass(frozen=True, slots=True)
class Truth(Event):
    """A physical fact, as opposed to a belief."""

    truth: ClassVar[bool] = True


_TYPES: dict[str, dict[str, tuple[type[Any], ...]]] = {}
_WORDS = {str: "a text", int: "a whole number", bool: "true or false", tuple: "a list of words"}


def field_types(kind: type[Event]) -> dict[str, tuple[type[Any], ...]]:
    """Return the types each field of an event accepts, in the order of the fields.

    A field that may be absent has ``type(None)`` among its types.
    """
    known = _TYPES.get(kind.__name__)
    if known is not None:
        return known
    hints = typing.get_type_hints(kind)
    out: dict[str, tuple[type[Any], ...]] = {}
    for field in fields(kind):
        hint = hints[field.name]
        options = typing.get_args(hint) if isinstance(hint, types.UnionType) else (hint,)
        out[field.name] = tuple(typing.get_origin(x) or x for x in options)
    _TYPES[kind.__name__] = out
    return out


def _needed(kind: type[Event]) -> frozenset[str]:
    return frozenset(f.name for f in fields(kind) if f.default is MISSING)


def plain(event: Event) -> dict[str, Any]:
    """Return an event as plain data: its class name under ``event``, then its fields."""
    out: dict[str, Any] = {"event": type(event).__name__}
    for name in field_types(type(event)):
        value = getattr(event, name)
        out[name] = list(value) if isinstance(value, tuple) else value
    return out


def rebuild(kind: type[Event], data: dict[str, Any]) -> Event:
    """Build an event of a class from its fields, checking names and types.

    Raises
    ------
    ValueError
        With a sentence that names the class and the field.
    """
    known = field_types(kind)
    for name in data:
        if name not in known:
            has = ", ".join(known) or "none"
            raise ValueError(f"{kind.__name__} has no field {name!r}; it has {has}")
    for name in known:
        if name not in data and name in _needed(kind):
            raise ValueError(f"{kind.__name__} lacks its field {name!r}")
    values = {}
    for name, value in data.items():
        if isinstance(value, list) and tuple in known[name]:
            if not all(isinstance(x, str) for x in value):
                raise ValueError(f"{kind.__name__}.{name} must be a list of words, not {value!r}")
            value = tuple(value)
        if type(value) not in known[name]:
            wanted = " or ".join(_WORDS.get(t, "null") for t in known[name])
            raise ValueError(f"{kind.__name__}.{name} must be {wanted}, not {value!r}")
        values[name] = value
    return kind(**values)
