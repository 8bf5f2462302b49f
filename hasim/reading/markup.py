"""Leftovers of web pages and mails around the lines of a log."""

from __future__ import annotations

import html
import re

__all__ = ["cleaned", "has_markup"]

_MARKUP = re.compile(
    r"</?(?:br|p|div|span|pre|code|font|tt|b|i|em|strong|td|tr|table|tbody|li|ul|ol|a|h[1-6]"
    r"|blockquote|hr|textarea|body|html)\b[^<>]{0,500}>"
    r"|&(?:lt|gt|amp|nbsp|quot|apos|#\d{1,5}|#x[0-9a-fA-F]{1,4});|#011|\u00a0",
    re.IGNORECASE,
)
_BREAK = re.compile(
    r"<br\b[^<>]{0,100}>|</(?:p|div|pre|tr|li|h[1-6]|blockquote)\s*>", re.IGNORECASE
)
_TAG = re.compile(r"</?[a-zA-Z][^<>]{0,500}>")
_ODD = ("<", "&", "#011", "\u00a0")


def has_markup(line: str) -> bool:
    """Tell whether a line holds tags, entities, or a tab as syslog escapes it."""
    return any(odd in line for odd in _ODD) and _MARKUP.search(line) is not None


def cleaned(line: str) -> list[str]:
    """Return the lines that a browser would show."""
    plain = _TAG.sub("", _BREAK.sub("\n", line))
    plain = html.unescape(plain).replace("\u00a0", " ").replace("#011", "\t")
    return [part.strip(" ") for part in plain.split("\n") if part.strip()]
