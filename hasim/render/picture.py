"""What all pictures of a run share: the sheet of styles, the frame, hatching, text."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from hashlib import blake2b
from typing import NamedTuple

from hasim.errors import HasimError
from hasim.render import palette as ink
from hasim.render.svg import escape, num, tag, wrap

__all__ = [
    "HATCHED",
    "SHEET",
    "SHEET_DARK",
    "WIDTH_MIN",
    "Picture",
    "checked_width",
    "heading",
    "hover",
    "text",
]

#: Narrower pictures have no room for their labels.
WIDTH_MIN = 480
_WIDTH_MAX = 20_000
_HEADING_MAX = 3

#: The sheet of styles of every picture, and what differs where a viewer is dark: a rule a line.
SHEET = f"""
.hasim{{color:{ink.INK};background:#fff;font-family:system-ui,"Segoe UI","Helvetica Neue",Arial,
"DejaVu Sans",sans-serif}}
.hasim text{{fill:currentColor;font-size:11px}}
.hasim .small{{font-size:10px}}
.hasim .head{{font-size:16px;font-weight:bold}}
.hasim .bold{{font-weight:bold}}
.hasim .loud{{font-size:13px;font-weight:bold;fill:{ink.LOUD}}}
.hasim .quiet{{fill:{ink.QUIET}}}
.hasim .dark{{fill:#1b1b1b;font-size:10px}}
.hasim .light{{fill:#fff;font-size:10px}}
.hasim .paper{{fill:#fff}}
.hasim .band{{fill:{ink.BAND}}}
.hasim .grid{{stroke:{ink.GRID};stroke-width:1}}
.hasim .rule{{stroke:{ink.RULE};stroke-width:1}}
.hasim .alarm{{fill:{ink.VERMILLION};opacity:.14}}
.hasim .cry{{fill:{ink.CRY}}}
.hasim .part-under{{fill:none;stroke:#fff;stroke-width:4.5}}
.hasim .part{{fill:none;stroke:{ink.VERMILLION};stroke-width:2}}
.hasim .mark{{fill:#1b1b1b;stroke:#1b1b1b}}
.hasim .healed{{fill:#fff;stroke:#1b1b1b;stroke-width:1.5}}
.hasim .onmark{{fill:#fff;font-size:10px;font-weight:bold}}
.hasim .onhealed{{fill:#1b1b1b;font-size:10px;font-weight:bold}}
.hasim .fall{{stroke:#1b1b1b;stroke-width:1;stroke-dasharray:2 3}}
.hasim .good{{fill:{ink.GREEN}}}
.hasim .off{{fill:{ink.OFF}}}
.hasim .gone{{fill:none;stroke:#8a8a8a;stroke-width:1;stroke-dasharray:3 2}}
.hasim .work{{fill:{ink.SKY}}}
.hasim .many{{fill:{ink.GREY}}}
.hasim .node0{{fill:{ink.NODES[0]}}}
.hasim .node1{{fill:{ink.NODES[1]}}}
.hasim .node2{{fill:{ink.NODES[2]}}}
.hasim .node3{{fill:{ink.NODES[3]}}}
.hasim .tint-dead{{fill:{ink.TINTS["dead"]}}}
.hasim .tint-start{{fill:{ink.TINTS["start"]}}}
.hasim .tint-hung{{fill:{ink.TINTS["hung"]}}}
.hasim .ink-dead{{stroke:{ink.VERMILLION};stroke-width:2}}
.hasim .ink-start{{fill:#b5a800}}
.hasim .ink-hung{{stroke:{ink.ORANGE};stroke-width:2.5}}
.hasim .life{{stroke:#5c5c5c;stroke-width:2}}
.hasim .away{{stroke:#8a8a8a;stroke-width:1;stroke-dasharray:2 4}}
.hasim .headbox{{fill:#fff;stroke:#5c5c5c;stroke-width:1.5}}
.hasim .wire{{fill:none;stroke:currentColor;stroke-width:1.6}}
.hasim .tip{{fill:currentColor;stroke:none}}
.hasim .cross{{fill:none;stroke:{ink.VERMILLION};stroke-width:2}}
.hasim .m0{{color:{ink.BLUE}}}
.hasim .m1{{color:#b37b00}}
.hasim .m2{{color:{ink.PURPLE}}}
.hasim .m3{{color:{ink.GREEN}}}
.hasim .m1 .wire{{stroke-dasharray:6 3}}
.hasim .m2 .wire{{stroke-dasharray:2 2}}
.hasim .m3 .wire{{stroke-dasharray:8 2 2 2}}
.hasim .faint{{color:#a3a3a3}}
.hasim .faint .wire{{stroke-width:1}}
.hasim .faint .cross{{stroke-width:1}}
.hasim .dot-bad{{fill:{ink.VERMILLION};stroke:#1b1b1b;stroke-width:1.2}}
.hasim .dot-good{{fill:{ink.GREEN}}}
.hasim .dot-calm{{fill:#fff;stroke:#5c5c5c;stroke-width:1.5}}
.hasim .dot-change{{fill:{ink.BLUE}}}
.hasim .dot-hold{{fill:{ink.ORANGE};stroke:#5c5c5c;stroke-width:1}}
.hasim .dot-fence{{fill:{ink.SKY};stroke:#1b1b1b;stroke-width:1}}
.hasim .strip{{fill:{ink.STRIP}}}
.hasim .halo{{paint-order:stroke;stroke:#fff;stroke-width:3px}}
"""
SHEET_DARK = """
.hasim{color:#e8e6e1;background:#14171a}
.hasim .loud{fill:#ff9a57}
.hasim .quiet{fill:#a9a9a3}
.hasim .paper{fill:#14171a}
.hasim .band{fill:#1e2226}
.hasim .grid{stroke:#32373c}
.hasim .alarm{opacity:.26}
.hasim .cry{fill:#c95500}
.hasim .part-under{stroke:#14171a}
.hasim .mark{fill:#e8e6e1;stroke:#e8e6e1}
.hasim .healed{fill:#14171a;stroke:#e8e6e1}
.hasim .onmark{fill:#14171a}
.hasim .onhealed{fill:#e8e6e1}
.hasim .fall{stroke:#e8e6e1}
.hasim .off{fill:#c9c9c4}
.hasim .life{stroke:#a9a9a3}
.hasim .headbox{fill:#1e2226;stroke:#a9a9a3}
.hasim .m0{color:#56b4e9}
.hasim .m1{color:#e69f00}
.hasim .faint{color:#6d6d6d}
.hasim .dot-calm{fill:#14171a;stroke:#a9a9a3}
.hasim .strip{fill:#2a2f35}
.hasim .halo{stroke:#14171a}
"""
#: Styles of bars that are hatched; each has a pattern of its name.
HATCHED = ("dead", "start", "hung")
_INK = {
    "dead": tag("path", d="M-2,2l4,-4M0,8l8,-8M6,10l4,-4", class_="ink-dead"),
    "start": tag("circle", cx=2.5, cy=2.5, r=1.3, class_="ink-start")
    + tag("circle", cx=6.5, cy=6.5, r=1.3, class_="ink-start"),
    "hung": tag("path", d="M2,0v8M6,0v8", class_="ink-hung"),
}


def checked_width(width: int) -> int:
    """Return a width in pixels as it is.

    Raises
    ------
    HasimError
        For one that leaves no room, or that no viewer shows.
    """
    if not WIDTH_MIN <= width <= _WIDTH_MAX:
        raise HasimError(
            f"a picture cannot be {width} pixels wide (give {WIDTH_MIN} to {_WIDTH_MAX})"
        )
    return width


def text(x: float, y: float, words: str, class_: str = "", anchor: str = "") -> str:
    """Return a text whose baseline begins, or ends (``end``), or has its middle, at a point."""
    extra = {"text_anchor": anchor} if anchor else {}
    if class_:
        extra["class_"] = class_
    return tag("text", escape(words), x=x, y=y, **extra)


def hover(words: str, *children: str, **attributes: str | float) -> str:
    """Return a group with a tooltip."""
    return tag("g", tag("title", escape(words)), *children, **attributes)


def heading(words: str, x: float, y: float, room: float) -> tuple[list[str], float]:
    """Return the lines of a heading below a height, and the baseline of the last one."""
    lines = wrap(words, room, 16, bold=True)[:_HEADING_MAX] or [""]
    out = [text(x, y + 12 + 20 * i, line, "head") for i, line in enumerate(lines)]
    return out, y + 12 + 20 * (len(lines) - 1)


class Picture(NamedTuple):
    """The frame of a picture: what it is called, and an identity that no other one has."""

    title: str
    description: str
    identity: str

    @classmethod
    def named(cls, title: str, description: str, *parts: object) -> Picture:
        """Return a frame whose identity follows from what is shown."""
        told = "\x00".join(map(str, (title, description, *parts)))
        digest = blake2b(told.encode("utf-8", "surrogatepass"), digest_size=6).hexdigest()
        return cls(title, description, f"hasim-{digest}")

    def fill(self, style: str) -> dict[str, str]:
        """Return the attributes that give a shape the look of a style."""
        if style in HATCHED:
            return {"fill": f"url(#{self.identity}-{style})"}
        return {"class_": style}

    def patterns(self) -> str:
        """Return the definitions of what shapes are hatched with."""
        made = (
            tag(
                "pattern",
                tag("rect", width=8, height=8, class_=f"tint-{style}"),
                _INK[style],
                id=f"{self.identity}-{style}",
                width=8,
                height=8,
                patternUnits="userSpaceOnUse",
            )
            for style in HATCHED
        )
        return "".join(made)

    def document(
        self, width: float, height: float, body: Iterable[str], more: Sequence[str] = ()
    ) -> str:
        """Return the whole picture; `more` is put among its definitions."""
        style = f"{SHEET}@media (prefers-color-scheme:dark){{{SHEET_DARK}}}\n"
        lines = [
            tag("title", escape(self.title), id=f"{self.identity}-title"),
            tag("desc", escape(self.description), id=f"{self.identity}-desc"),
            tag("style", _escape_css(style)),
            tag("defs", self.patterns(), *more),
            tag("rect", width=width, height=height, class_="paper"),
            *body,
        ]
        head = tag(
            "svg",
            "\n",
            xmlns="http://www.w3.org/2000/svg",
            width=width,
            height=height,
            viewBox=f"0 0 {num(width)} {num(height)}",
            role="img",
            aria_labelledby=f"{self.identity}-title {self.identity}-desc",
            class_="hasim",
        ).removesuffix("</svg>")
        return head + "\n".join(lines) + "\n</svg>\n"


def _escape_css(style: str) -> str:
    """Return a style sheet as it stands in XML: its quotes may stay as they are."""
    return style.replace("&", "&amp;").replace("<", "&lt;")
