"""Templates of log lines: one text that both prints an event and reads it back."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from string import Formatter
from typing import Any

from hasim.events import Event, field_types

__all__ = ["Pattern", "Template"]

# Names of the signals a child may die of, as the C library prints them.
_SIGNALS = {
    1: "SIGHUP - Hangup",
    2: "SIGINT - Interrupt",
    3: "SIGQUIT - Quit",
    4: "SIGILL - Illegal instruction",
    5: "SIGTRAP - Trace/breakpoint trap",
    6: "SIGABRT - Abort",
    7: "SIGBUS - Bus error",
    8: "SIGFPE - Floating-point exception",
    9: "SIGKILL - Kill, unblockable",
    10: "SIGUSR1 - User-defined signal 1",
    11: "SIGSEGV - Segmentation violation",
    12: "SIGUSR2 - User-defined signal 2",
    13: "SIGPIPE - Broken pipe",
    14: "SIGALRM - Alarm clock",
    15: "SIGTERM - Termination",
}


@dataclass(frozen=True, slots=True)
class _Form:
    """How values of one form are printed, matched and read."""

    regex: str
    show: Callable[[Any], str] = str
    read: Callable[[str], Any] = str


def _signal(number: int) -> str:
    return f"{number} [{_SIGNALS.get(number, f'signal {number}')}]"


def _last(text: str) -> str:
    return text.replace(" ", "/").rsplit("/", 1)[-1]


#: The field that is none: what stands there is read over. Only for templates that never print.
_SKIPPED = "_"

_WORD = _Form(r"\S+")
_NUMBER = _Form(r"-?\d{1,20}", str, int)
# A placeholder is {field} or {field:form}; without a form its type decides.
_FORMS: Mapping[str, _Form] = {
    "act": _Form("give up|acquire"),
    "head": _Form(r"[^\s/]+"),
    "inner": _Form(r"[^\]]+"),
    "last": _Form(r"\S+", _last),
    "list": _Form(r".*", " ".join, lambda text: tuple(text.split())),
    "name": _Form("[^']+"),
    "path": _Form(r"\S*?"),
    "quoted": _Form('[^"]+'),
    "rest": _Form(".+"),
    "signal": _Form(r"\d{1,20} \[[^\]]*\]", _signal, lambda text: int(text.split(" ")[0])),
    "yesno": _Form("yes|no", lambda value: "yes" if value else "no", lambda text: text == "yes"),
}


def _form(kind: type[Event], field: str, name: str) -> _Form:
    if name:
        return _FORMS[name]
    if field == _SKIPPED:
        return _WORD
    return _NUMBER if int in field_types(kind)[field] else _WORD


@dataclass(frozen=True, slots=True)
class Pattern:
    """The reading side of a template."""

    regex: re.Pattern[str]
    prefix: str
    readers: tuple[tuple[str, Callable[[str], Any]], ...]

    def match(self, text: str) -> dict[str, Any] | None:
        """Return the fields that `text` shows, or None where it is another line."""
        if not text.startswith(self.prefix):
            return None
        found = self.regex.fullmatch(text)
        if found is None:
            return None
        return {field: read(found[field]) for field, read in self.readers}


@dataclass(frozen=True, slots=True)
class Template:
    """Text with placeholders for fields of an event.

    ``{peer}`` is a word or a whole number, as the field is typed; ``{text:rest}`` names another
    form. A field that occurs twice has to be the same twice when read; ``{_}`` is no field: a word,
    or what form it names, that is read over.
    """

    kind: type[Event]
    text: str
    parts: tuple[tuple[str, str, Callable[[Any], str]], ...]

    @classmethod
    def of(cls, kind: type[Event], text: str) -> Template:
        """Prepare `text` for events of a class."""
        parts: list[tuple[str, str, Callable[[Any], str]]] = []
        for literal, field, form, _ in Formatter().parse(text):
            show = _form(kind, field, form or "").show if field else str
            parts.append((literal, field or "", show))
        return cls(kind, text, tuple(parts))

    @property
    def fields(self) -> tuple[str, ...]:
        """Fields the text shows."""
        return tuple(field for _, field, _ in self.parts if field)

    def render(self, event: Event) -> str:
        """Return the text with the fields of `event`."""
        out = []
        for literal, field, show in self.parts:
            out.append(literal)
            if field:
                out.append(show(getattr(event, field)))
        return "".join(out)

    def pattern(self) -> Pattern:
        """Return the pattern that reads what :meth:`render` prints."""
        regex: list[str] = []
        readers: dict[str, Callable[[str], Any]] = {}
        for literal, field, form_name, _ in Formatter().parse(self.text):
            regex.append(re.escape(literal))
            if field == _SKIPPED:
                regex.append(f"(?:{_form(self.kind, field, form_name or '').regex})")
            elif field in readers:
                regex.append(f"(?P={field})")
            elif field:
                form = _form(self.kind, field, form_name or "")
                regex.append(f"(?P<{field}>{form.regex})")
                readers[field] = form.read
        prefix = self.parts[0][0] if self.parts else ""
        compiled = re.compile("".join(regex), re.ASCII | re.DOTALL)
        return Pattern(compiled, prefix, tuple(readers.items()))
