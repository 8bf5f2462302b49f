"""Elements, texts and numbers of an SVG picture, as strings."""

from __future__ import annotations

import re
import unicodedata

__all__ = ["escape", "num", "shorten", "tag", "text_width", "wrap"]

# Advance widths in hundredths of the font size, those of a wide sans serif (DejaVu Sans), so that
# a text takes at most the room that is kept for it, whatever font a viewer has.
_WIDTHS = {
    letter: width
    for width, letters in (
        (28, "'ijl"), (29, "IJ"), (32, " ,."), (34, "/:;\\|"), (35, "f"), (36, "-"),
        (39, "()[]t"), (40, "!"), (41, "r"), (46, '"'), (50, "*_`"), (52, "sz"), (53, "?"),
        (55, "c"), (56, "L"), (58, "Fk"), (59, "vxy"), (60, "P"), (61, "TYao"), (62, "e"),
        (63, "ESbdghnpqu"), (64, "$0123456789{}"), (66, "K"), (68, "AV"), (69, "BRXZ"), (70, "C"),
        (73, "U"), (75, "HN"), (77, "DG"), (78, "&"), (79, "OQ"), (82, "w"), (84, "#+<=>^~"),
        (86, "M"), (95, "%"), (97, "m"), (99, "W"), (100, "@"),
    )
    for letter in letters
}  # fmt: skip
_BOLD = 1.15
# What XML 1.0 cannot hold, and control characters that no reader wants to see.
_UNSPEAKABLE = re.compile("[^\t\n\r\x20-\x7e\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_ESCAPES = {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;"}
_ESCAPED = re.compile("[&<>\"']")


def escape(text: str) -> str:
    """Return a text as it stands in an element or in an attribute between quotes.

    What XML cannot hold becomes U+FFFD.
    """
    spoken = _UNSPEAKABLE.sub("\ufffd", text)
    return _ESCAPED.sub(lambda found: _ESCAPES[found[0]], spoken)


def num(value: float) -> str:
    """Return a coordinate with one decimal, and without it where that is zero."""
    text = f"{value:.1f}"
    text = text.removesuffix(".0")
    return "0" if text == "-0" else text


def tag(name: str, *children: str, **attributes: str | float) -> str:
    """Return an element.

    Children are markup and stand as they are; values of attributes are escaped. An underscore in
    the name of an attribute is a hyphen, one at its end is dropped (``class_``).
    """
    said = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{escape(v) if isinstance(v, str) else num(v)}"'
        for key, v in attributes.items()
    )
    if not children:
        return f"<{name}{said}/>"
    return f"<{name}{said}>{''.join(children)}</{name}>"


def _width(letter: str) -> int:
    known = _WIDTHS.get(letter)
    if known is not None:
        return known
    if unicodedata.combining(letter):
        return 0
    wide = unicodedata.east_asian_width(letter) in "WF"
    return 105 if wide or not letter.isalpha() else 75


def text_width(text: str, size: float, bold: bool = False) -> float:
    """Return how many pixels a text takes at most in a font of a size."""
    width = sum(_width(letter) for letter in text) * size / 100
    return width * _BOLD if bold else width


def shorten(text: str, width: float, size: float, bold: bool = False) -> str:
    """Return a text, its end replaced by an ellipsis where it is wider than allowed."""
    if text_width(text, size, bold) <= width:
        return text
    room = width - text_width("…", size, bold)
    kept = 0
    for letter in text:
        room -= text_width(letter, size, bold)
        if room < 0:
            break
        kept += 1
    return f"{text[:kept].rstrip()}…"


def wrap(text: str, width: float, size: float, bold: bool = False) -> list[str]:
    """Return the lines of a text, broken between words; a word wider than a line is shortened."""
    lines: list[str] = []
    for word in text.split():
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and text_width(longer, size, bold) <= width:
            lines[-1] = longer
        else:
            lines.append(shorten(word, width, size, bold))
    return lines
