"""What a picture shows, read back from its SVG: elements, tooltips, and where texts stand."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations
from typing import NamedTuple
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from hasim.render.svg import text_width

SVG = "{http://www.w3.org/2000/svg}"
SIZES = {"head": 16.0, "loud": 13.0, "small": 10.0, "dark": 10.0, "light": 10.0}
BOLD = {"head", "loud", "bold", "onmark", "onhealed"}


class Box(NamedTuple):
    """Where a text stands."""

    left: float
    top: float
    right: float
    bottom: float
    words: str


def parsed(svg: str) -> Element:
    root = ElementTree.fromstring(svg)
    assert root.tag == f"{SVG}svg"
    return root


def classes(element: Element) -> set[str]:
    return set(element.get("class", "").split())


def of_class(root: Element, name: str, kind: str = "g") -> list[Element]:
    return [e for e in root.iter(f"{SVG}{kind}") if name in classes(e)]


def tooltip(element: Element) -> str:
    found = element.find(f"{SVG}title")
    assert found is not None
    assert found.text
    return found.text


def tooltips(root: Element, name: str) -> list[str]:
    return [tooltip(e) for e in of_class(root, name)]


def words(element: Element) -> list[str]:
    return [e.text or "" for e in element.iter(f"{SVG}text")]


def row(root: Element, label: str, band: str = "") -> Element:
    """The row with a label, in the band with a heading."""
    for group in of_class(root, "rows"):
        if band and words(group)[0] != band:
            continue
        for found in of_class(group, "row"):
            if words(found)[0] == label:
                return found
    raise AssertionError(f"no row {label!r} in {band!r}")


def boxes(root: Element) -> Iterator[Box]:
    for element in root.iter(f"{SVG}text"):
        told, looks = element.text or "", classes(element)
        size = next((SIZES[c] for c in looks if c in SIZES), 11.0)
        size = 10.0 if looks & {"onmark", "onhealed"} else size
        wide = text_width(told, size, bool(looks & BOLD))
        x, y = float(element.get("x", "")), float(element.get("y", ""))
        anchor = element.get("text-anchor", "start")
        left = x - {"start": 0.0, "middle": wide / 2, "end": wide}[anchor]
        yield Box(left, y - 0.7 * size, left + wide, y + 0.15 * size, told)


def crossing(root: Element) -> list[tuple[str, str]]:
    """Pairs of texts that overlap."""
    return [
        (a.words, b.words)
        for a, b in combinations(boxes(root), 2)
        if a.left < b.right and b.left < a.right and a.top < b.bottom and b.top < a.bottom
    ]


def cut_off(root: Element) -> list[str]:
    """Texts that leave the picture."""
    width, height = float(root.get("width", "")), float(root.get("height", ""))
    return [
        b.words
        for b in boxes(root)
        if b.left < 0 or b.top < 0 or b.right > width or b.bottom > height
    ]
