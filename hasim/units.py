"""Durations: text at the edge, whole microseconds inside; dates of days."""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation

__all__ = [
    "DAY",
    "HOUR",
    "MICROS_MAX",
    "MINUTE",
    "MS",
    "SECOND",
    "Micros",
    "date_of",
    "duration_text",
    "micros",
]

Micros = int
MS: Micros = 1_000
SECOND: Micros = 1_000_000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
DAY = 24 * HOUR
#: Longest duration that is accepted: ten thousand years.
MICROS_MAX: Micros = 3_650_000 * DAY

_UNITS = {
    "us": 1,
    "ms": MS,
    "s": SECOND,
    "m": MINUTE,
    "min": MINUTE,
    "h": HOUR,
    "d": DAY,
    "y": 365 * DAY,
}
_PART = re.compile(r"(\d+(?:\.\d*)?|\.\d+)\s*(us|ms|min|s|m|h|d|y)?\s*", re.ASCII)
_SHOWN = (("d", DAY), ("h", HOUR), ("m", MINUTE), ("s", SECOND), ("ms", MS), ("us", 1))


def micros(value: str | int | float) -> Micros:
    """Read a duration: ``"1500ms"``, ``"2m30s"``, ``30`` (seconds), ``2.5``.

    Units are us, ms, s, m (or min), h, d (24 h) and y (365 d); a bare number is seconds.

    Raises
    ------
    ValueError
        With a sentence that says what was found, for anything else: other units, negative or
        fractional microseconds, an empty text, or more than ten thousand years.
    """
    if isinstance(value, bool):
        raise ValueError(f"{value!r} is not a duration")
    text = (repr(value) if isinstance(value, (int, float)) else value).strip()
    shown = text if len(text) <= 40 else text[:37] + "..."
    total, at = Decimal(0), 0
    while at < len(text):
        part = _PART.match(text, at)
        if not part or len(part[1]) > 30:
            raise ValueError(f"{shown!r} is not a duration (try 30s, 1500ms, 2m30s)")
        if part[2] is None and (at > 0 or part.end() != len(text)):
            raise ValueError(f"{shown!r} is not a duration: {part[1]!r} has no unit")
        try:
            total += Decimal(part[1]) * _UNITS[part[2] or "s"]
        except InvalidOperation as x:
            raise ValueError(f"{shown!r} is not a duration") from x
        at = part.end()
    if at == 0:
        raise ValueError("an empty text is not a duration (try 30s, 1500ms, 2m30s)")
    if total != int(total):
        raise ValueError(f"{shown!r} is finer than a microsecond")
    if total > MICROS_MAX:
        raise ValueError(f"{shown!r} is longer than ten thousand years")
    return int(total)


def duration_text(us: Micros) -> str:
    """Return the shortest exact text of a duration, which :func:`micros` reads back."""
    if us == 0:
        return "0s"
    sign, rest, out = ("-" if us < 0 else ""), abs(us), []
    for name, size in _SHOWN:
        n, rest = divmod(rest, size)
        if n:
            out.append(f"{n}{name}")
    return sign + "".join(out)


def date_of(days: int) -> tuple[int, int, int]:
    """Return year, month and day of a number of days since the start of 1970."""
    era, day_of_era = divmod(days + 719_468, 146_097)
    year_of_era = (
        day_of_era - day_of_era // 1_460 + day_of_era // 36_524 - day_of_era // 146_096
    ) // 365
    day_of_year = day_of_era - (365 * year_of_era + year_of_era // 4 - year_of_era // 100)
    m = (5 * day_of_year + 2) // 153
    month = (m + 2) % 12 + 1
    return era * 400 + year_of_era + (month <= 2), month, day_of_year - (153 * m + 2) // 5 + 1
