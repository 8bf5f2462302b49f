"""Pieces of HTML for notebooks: escaped texts, plain tables, parts that unfold."""

from __future__ import annotations

import html
from collections.abc import Iterable, Sequence

__all__ = ["TableCell", "details", "paragraph", "preformatted", "said", "table"]

#: A cell of a table: a text, or a text with the style of its cell.
TableCell = str | tuple[str, str]


def said(words: str) -> str:
    """Return a text as it stands in HTML; its lines stay lines."""
    return html.escape(words).replace("\n", "<br>")


def paragraph(words: str) -> str:
    """Return a paragraph."""
    return f"<p>{said(words)}</p>"


def preformatted(words: str) -> str:
    """Return a text in letters of one width, with the lines and blanks that it has."""
    return f"<pre>{html.escape(words)}</pre>"


def details(summary: str, body: str) -> str:
    """Return a part that is folded away until somebody asks for it; the body is HTML."""
    return f"<details><summary>{said(summary)}</summary>{body}</details>"


def table(head: Sequence[str], rows: Iterable[Sequence[TableCell]]) -> str:
    """Return a table; texts stand at the left."""
    top = "".join(f'<th style="text-align:left">{said(words)}</th>' for words in head)
    body = "".join(f"<tr>{''.join(map(_cell, row))}</tr>" for row in rows)
    return f"<table><thead><tr>{top}</tr></thead><tbody>{body}</tbody></table>"


def _cell(cell: TableCell) -> str:
    words, style = (cell, "") if isinstance(cell, str) else cell
    return f'<td style="{html.escape(f"text-align:left;{style}")}">{said(words)}</td>'
