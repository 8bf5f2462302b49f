"""Where the time of outages went, as bars: one for each outage, cut into its phases."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from hasim.render.picture import Picture, hover, text
from hasim.render.svg import tag, text_width
from hasim.units import MS, Micros, duration_text

__all__ = ["PHASES", "Spent", "spent_svg"]

#: The phases of an outage, in the order in which they come.
PHASES = ("detect", "decide", "fence", "release", "start", "arp")
_WIDTH, _EDGE, _GUTTER, _PITCH = 1000.0, 14.0, 150.0, 26.0


class Spent(NamedTuple):
    """An outage: what it is called, and how long it was in each phase."""

    label: str
    phases: Mapping[str, Micros]

    @property
    def total(self) -> Micros:
        """How long it lasted."""
        return sum(self.phases.values())


def _time(us: Micros) -> str:
    return duration_text(us // MS * MS)


def _row(spent: Spent, longest: Micros, y: float) -> str:
    room = _WIDTH - 2 * _EDGE - _GUTTER - 110
    out = [text(_EDGE + _GUTTER - 8, y + 14, spent.label, "", "end")]
    x = _EDGE + _GUTTER
    for i, name in enumerate(PHASES):
        us = spent.phases.get(name, 0)
        if not us:
            continue
        wide = max(us * room / longest, 1.5)
        drawn = [tag("rect", x=x, y=y, width=wide, height=19, class_=f"phase{i}")]
        if text_width(name, 10) + 8 <= wide:
            drawn.append(text(x + 4, y + 13.5, name, f"phase{i}-words small"))
        out.append(hover(f"{name} {_time(us)}", *drawn, class_="bar"))
        x += wide
    out.append(text(x + 6, y + 14, _time(spent.total), "bold"))
    return "".join(out)


def _key(used: list[int], y: float) -> list[str]:
    out, x = [], _EDGE + _GUTTER
    for i in used:
        out.append(tag("rect", x=x, y=y, width=14, height=11, class_=f"phase{i}"))
        out.append(text(x + 19, y + 9.5, PHASES[i], "small"))
        x += 19 + text_width(PHASES[i], 10) + 16
    return out


def spent_svg(rows: list[Spent]) -> str:
    """Return a picture of outages, a bar each, all to one scale; the same rows give the same bytes.

    There must be at least one row that lasted.
    """
    longest = max(spent.total for spent in rows)
    out, y = [], 6.0
    for spent in rows:
        out.append(_row(spent, longest, y))
        y += _PITCH
    used = [i for i, name in enumerate(PHASES) if any(s.phases.get(name) for s in rows)]
    out += _key(used, y + 6)
    told = "; ".join(f"{s.label}: {_time(s.total)}" for s in rows)
    described = f"How long each outage was in which phase: {told}"[:1000]
    return Picture.named("Where the time went", described, "spent", rows).document(
        _WIDTH, y + 26, out
    )
