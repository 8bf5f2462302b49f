"""Times and booleans as ha.cf writes them (semantics 1.1, verified with the packaged library)."""

from __future__ import annotations

import re

from hasim.units import MICROS_MAX, MS, Micros

__all__ = ["parse_bool", "parse_time", "time_remedy"]

_TIME = re.compile(r"[ \t\r\n\f]*(?P<number>[0-9.]+)[ \t\r\n\f]*(?P<unit>.*)", re.ASCII | re.DOTALL)
_NUMBER = re.compile(r"([0-9]*)(?:\.([0-9]*))?", re.ASCII)
_TRUE = frozenset({"true", "on", "yes", "y", "1"})
_FALSE = frozenset({"false", "off", "no", "n", "0"})
#: More digits before the point than any accepted time has.
_MAX_DIGITS = 21


def parse_time(text: str) -> Micros | None:
    """Read a time of ha.cf; None for what the daemon refuses.

    Digits with an optional decimal point, then optional blanks and an optional unit: none is
    seconds, anything that starts with ``ms`` or ``us`` is that, every other unit is an error.
    The daemon keeps whole milliseconds, rounded half up: ``501us`` is 1 ms, ``499us`` is 0. Of
    ``1.2.3`` only ``1.2`` counts.

    Returns
    -------
    int or None
        Microseconds, a multiple of 1000; None also beyond ten thousand years.
    """
    match = _TIME.fullmatch(text)
    if match is None:
        return None
    number = _NUMBER.match(match["number"])
    assert number is not None, "the pattern matches the empty text too"
    whole, fraction = (number[1] or "").lstrip("0"), number[2] or ""
    if len(whole) > _MAX_DIGITS:
        return None
    units, unit = int(whole or "0"), match["unit"]
    if unit == "":
        ms = units * 1000 + int(fraction[:3].ljust(3, "0")) + _half(fraction[3:])
    elif unit.startswith("ms"):
        ms = units + _half(fraction)
    elif unit.startswith("us"):
        ms = (units + 500) // 1000
    else:
        return None
    return ms * MS if ms * MS <= MICROS_MAX else None


def _half(digits: str) -> int:
    """Return 1 if the decimal fraction of these digits is a half or more."""
    return 1 if digits[:1] >= "5" else 0


def parse_bool(text: str) -> bool | None:
    """Read a boolean word of ha.cf, in any case; None for every other word."""
    word = text.lower()
    if word in _TRUE:
        return True
    return False if word in _FALSE else None


def time_remedy(text: str) -> str:
    """Return what to write instead of a time that the daemon refuses."""
    match = _TIME.fullmatch(text)
    if match is None:
        return "a time is a number of seconds, or of ms or us with that unit and no blank: 2, 500ms"
    number = match["number"]
    if parse_time(number) is None:
        return "a time is at most ten thousand years"
    unit = match["unit"].lower()
    if len(number) > 20 or len(unit) > 20:
        return "ha.cf takes no unit but ms and us"
    if unit in ("ms", "us"):
        return f"write {number}{unit}: units are lower case"
    if unit in ("s", "sec", "secs", "second", "seconds"):
        return f"write {number} instead of {number}{unit}: ha.cf takes no unit but ms and us"
    if unit in ("m", "min", "h", "d"):
        size = {"m": 60, "min": 60, "h": 3600, "d": 86400}[unit]
        seconds = parse_time(number) or 0
        total = f"{seconds * size // 1000 / 1000:.3f}".rstrip("0").rstrip(".")
        return f"write {total} (seconds): ha.cf takes no unit but ms and us"
    return "ha.cf takes no unit but ms and us; without a unit it is seconds"
