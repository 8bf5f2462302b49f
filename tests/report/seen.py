"""A page read back: its elements, its texts, the data of its timelines."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

VOID = frozenset("area base br col embed hr img input link meta source track wbr".split())


@dataclass
class Element:
    """An element with its children; texts are strings among them."""

    name: str
    attributes: dict[str, str]
    children: list[Element | str] = field(default_factory=list)

    def __iter__(self):
        for child in self.children:
            if isinstance(child, Element):
                yield child
                yield from child

    def text(self) -> str:
        return "".join(c if isinstance(c, str) else c.text() for c in self.children)

    @property
    def classes(self) -> set[str]:
        return set(self.attributes.get("class", "").split())


class _Reader(HTMLParser):
    """Builds the tree, and insists that every element is closed where it should be."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = Element("", {})
        self.open = [self.root]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = [name for name, _ in attrs]
        assert len(names) == len(set(names)), f"an attribute twice in {tag}: {names}"
        made = Element(tag, {name: value or "" for name, value in attrs})
        self.open[-1].children.append(made)
        if tag not in VOID:
            self.open.append(made)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.open.pop()

    def handle_endtag(self, tag: str) -> None:
        assert self.open[-1].name == tag, f"</{tag}> within {[e.name for e in self.open]}"
        self.open.pop()

    def handle_data(self, data: str) -> None:
        self.open[-1].children.append(data)


@dataclass
class Page:
    """A page: its bytes as text, and its tree."""

    html: str
    root: Element

    def all(self, name: str = "", class_: str = "") -> list[Element]:
        found = (e for e in self.root if not name or e.name == name)
        return [e for e in found if not class_ or class_ in e.classes]

    def one(self, name: str = "", class_: str = "") -> Element:
        found = self.all(name, class_)
        assert len(found) == 1, f"{len(found)} of {name}.{class_}"
        return found[0]

    def section(self, id_: str) -> Element:
        return next(e for e in self.root if e.attributes.get("id") == id_)

    @property
    def text(self) -> str:
        """What a reader sees: scripts, styles and data left out."""

        def seen(element: Element) -> str:
            if element.name in ("script", "style"):
                return ""
            return "".join(c if isinstance(c, str) else seen(c) for c in element.children)

        return seen(self.root)

    def data(self) -> list[dict[str, Any]]:
        """The data of each timeline."""
        return [json.loads(e.text()) for e in self.all("script", "data")]


def read(html: str) -> Page:
    """Read a page; fails for one whose elements are not closed in order."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    assert reader.open == [reader.root], f"never closed: {[e.name for e in reader.open]}"
    ids = [e.attributes["id"] for e in reader.root if "id" in e.attributes]
    assert len(ids) == len(set(ids)), "two elements have the same identity"
    return Page(html, reader.root)
